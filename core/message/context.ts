// What a parser remembers between lines, bounded: the audit records of one event, and the last message of a sender ("last message
// repeated"). It only looks back: a record gains fields from earlier ones of the same source; none is removed, no timer decides.
import { read, type Event, type Value } from '../event.js';
import type { Format } from '../normalize/format.js';

export interface ParseContext {
  /** Fields that later audit records of the same source and serial gain. */
  readonly audit: Lookback;
  /** The last event of each sender. */
  readonly last: LastSeen;
  /** Columns that a sender's own header line named (Zeek, W3C), by sender and program. */
  readonly columns: Columns;
  /** Sources that an administrator described (normalize/described): tried before our own formats. */
  formats: readonly Format[];
}
export const createParseContext = (formats: readonly Format[] = []): ParseContext => ({ audit: new Lookback(4096), last: new LastSeen(2048), columns: new Columns(2048), formats });

type Fields = Readonly<Record<string, Value>>;
const FIELDS_MAX = 64, TEXT_MAX = 4096;

/** Fields by key, the oldest keys forgotten first. */
export class Lookback {
  readonly #entries = new Map<string, Map<string, Value>>();
  constructor(readonly keysMax: number) {}

  get(key: string): ReadonlyMap<string, Value> | undefined { return this.#entries.get(key); }

  /** Adds fields; the first value of a name stays. */
  add(key: string, fields: Fields): void {
    const entry = this.#entries.get(key) ?? this.#fresh(key);
    for (const name of Object.keys(fields)) {
      const value = fields[name] as Value;
      if (entry.size < FIELDS_MAX && !entry.has(name) && !(typeof value === 'string' && value.length > TEXT_MAX)) entry.set(name, value);
    }
  }
  #fresh(key: string): Map<string, Value> {
    if (this.#entries.size >= this.keysMax) for (const oldest of this.#entries.keys()) { this.#entries.delete(oldest); break; }
    const entry = new Map<string, Value>();
    this.#entries.set(key, entry);
    return entry;
  }
}

/** Names by key, the oldest keys forgotten first. */
export class Columns {
  readonly #entries = new Map<string, readonly string[]>();
  constructor(readonly keysMax: number) {}

  get(key: string): readonly string[] | undefined { return this.#entries.get(key); }
  set(key: string, names: readonly string[]): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.keysMax) for (const oldest of this.#entries.keys()) { this.#entries.delete(oldest); break; }
    this.#entries.set(key, names);
  }
}

/** The last event by key, the oldest keys forgotten first; events of long lines are not kept. */
export class LastSeen {
  readonly #events = new Map<string, { event: Event }>();
  /** Who spoke last: the next line of the same sender takes the place of this one without a look. */
  #source = '';
  #host = '';
  #latest: { event: Event } | undefined;
  constructor(readonly keysMax: number) {}

  get(source: string, host: string): Event | undefined { return this.#events.get(`${source}\n${host}`)?.event; }
  set(source: string, host: string, event: Event): void {
    const long = (read(event, 'event.original') as string).length > LINE_MAX;
    if (!long && this.#latest !== undefined && this.#host === host && this.#source === source) { this.#latest.event = event; return; }
    const key = `${source}\n${host}`;
    this.#events.delete(key);
    this.#latest = undefined;
    if (long) return;
    if (this.#events.size >= this.keysMax) for (const oldest of this.#events.keys()) { this.#events.delete(oldest); break; }
    const latest = { event };
    this.#events.set(key, latest);
    this.#latest = latest; this.#source = source; this.#host = host;
  }
}
const LINE_MAX = 8192;
