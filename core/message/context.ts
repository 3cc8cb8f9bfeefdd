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

/** The last event by key; of too many, those that came once are forgotten first, the oldest of them first. Events of long lines are not kept. */
export class LastSeen {
  readonly #events = new Map<string, Kept>();
  /** Who spoke last: the next line of the same sender takes the place of this one without a look. */
  #source = '';
  #host = '';
  #latest: Kept | undefined;
  constructor(readonly keysMax: number) {}

  get(source: string, host: string): Event | undefined { return this.#events.get(`${source}\n${host}`)?.event; }
  set(source: string, host: string, event: Event): void {
    const long = (read(event, 'event.original') as string).length > LINE_MAX;
    if (!long && this.#latest !== undefined && this.#host === host && this.#source === source) { this.#latest.event = event; return; }
    const key = `${source}\n${host}`;
    this.#latest = undefined;
    if (long) { this.#events.delete(key); return; }
    let latest = this.#events.get(key);
    if (latest !== undefined) { latest.event = event; latest.again = true; } else {
      if (this.#events.size >= this.keysMax) this.#forget();
      latest = { event, again: false };
      this.#events.set(key, latest);
    }
    this.#latest = latest; this.#source = source; this.#host = host;
  }
  #forget(): void {
    for (const [key, kept] of this.#events) {
      this.#events.delete(key);
      if (!kept.again) return;
      kept.again = false;
      this.#events.set(key, kept);
    }
  }
}
/** `again`: it came once more since it was last looked at for being forgotten. */
interface Kept { event: Event; again: boolean }
const LINE_MAX = 8192;
