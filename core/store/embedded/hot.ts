// Events that no sealed file has yet: the bytes of their runs, decoded when somebody first asks.
import { assert } from '../../assert.js';
import { read, type Event, type Millis } from '../../event.js';
import { parseStreamName } from '../../record.js';

/** A run of events as it lies in an event file. */
export interface HotRun {
  readonly file: string;
  readonly stream: string;
  readonly tier: number;
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
  events?: readonly StoredEvent[];
}
/** An event with what every question asks about it. */
export interface StoredEvent {
  readonly event: Event;
  readonly id: string;
  readonly time: Millis;
  readonly received: Millis;
  readonly stream: string;
  readonly seq: number;
  readonly tier: number;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function eventsOf(run: HotRun): readonly StoredEvent[] {
  return run.events ??= decode(run);
}

export function decode({ bytes, stream, from, to, tier }: Omit<HotRun, 'file'>): readonly StoredEvent[] {
  const lines = decoder.decode(bytes).split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  assert(lines.length === to - from + 1, `expected ${to - from + 1} events of ${stream} from ${from}, got ${lines.length}`);
  return lines.map((line, i) => stored(JSON.parse(line) as Event, stream, from + i, tier));
}

export function stored(event: Event, stream: string, seq: number, tier: number): StoredEvent {
  const received = millisOf(event, 'event.created') ?? 0;
  return { event, id: idOf(event, stream, seq), time: millisOf(event, '@timestamp') ?? received, received, stream, seq, tier };
}

/** The event's id, or where it stands for one that has none worth the name. */
export function idOf(event: Event, stream: string, seq: number): string {
  const id = read(event, 'event.id');
  return typeof id === 'string' && /^[!-~]+$/.test(id) ? id : `${stream}.${seq}`;
}

/** A time as our events write it (ISO text or milliseconds), whole milliseconds. */
export function millisOf(event: Event, field: string): Millis | undefined {
  const value = read(event, field);
  const time = typeof value === 'number' ? Math.floor(value) : typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isFinite(time) ? time : undefined;
}

/** Lines in NDJSON bytes. */
export function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return bytes.length > 0 && bytes[bytes.length - 1] !== 10 ? lines + 1 : lines;
}

export class HotEvents {
  private readonly held: HotRun[] = [];
  private events = 0;
  private size = 0;

  get runs(): readonly HotRun[] { return this.held; }
  get count(): number { return this.events; }
  get bytes(): number { return this.size; }

  add(run: HotRun): void {
    this.held.push(run);
    this.events += run.to - run.from + 1;
    this.size += run.bytes.length;
  }

  /** The runs of these files leave (sealed files have them now). */
  removeFiles(files: readonly string[]): void {
    const rest = this.held.filter((run) => !files.includes(run.file));
    this.held.length = 0;
    this.events = this.size = 0;
    for (const run of rest) this.add(run);
  }
}

export const tierOf = (stream: string): number => parseStreamName(stream).tier;
