// What one run says for the account: counted where it happens, one step of a message after the other, so that a step that did not
// happen is missing from its sum and shows as a gap. A minute is that of receipt. Pure.
import type { Event, Millis } from '../event.js';
import { causeOf, type Counts, type Loss, type RunAccount, type SenderNumbers } from './account.js';
import { numberOf } from './numbers.js';

export const MINUTE_MS = 60_000;

/** Who sent what is counted; of the collector's own losses without a sender, system '' and the listener. */
export interface CountedSource { readonly system: string; readonly sender: string; readonly tier: number }
export type Step = Exclude<keyof Counts, 'own'>;

class Entry {
  received = 0; parsed = 0; unparsed = 0; stored = 0; evaluated = 0; own = 0;
  readonly losses: Loss[] = [];
  constructor(readonly minute: Millis, readonly source: CountedSource) {}
  did(step: Step): void { this[step]++; }
}
interface Numbers { readonly source: CountedSource; readonly name: string; readonly runs: number[] }

/** Whoever sends under very many names gets no more than this many of them followed in a run. */
const NUMBERINGS_MAX = 1_000;

export class RunTally {
  private readonly entries = new Map<string, Entry>();
  private readonly numbers = new Map<string, Numbers>();
  /** Whoever names a source by the same object each time is answered without putting a key together. */
  private readonly latest = new Map<CountedSource, Entry>();

  /** The place where what happens to messages of this source and moment is counted. */
  at(source: CountedSource, received: Millis): Entry {
    const minute = Math.floor(received / MINUTE_MS) * MINUTE_MS, latest = this.latest.get(source);
    if (latest !== undefined && latest.minute === minute) return latest;
    const key = `${minute}\0${source.system}\0${source.sender}\0${source.tier}`;
    let entry = this.entries.get(key);
    if (entry === undefined) this.entries.set(key, entry = new Entry(minute, source));
    this.latest.set(source, entry);
    return entry;
  }

  /** A message as it was read: the number its sender gave it. */
  number(source: CountedSource, received: Millis, event: Event): void {
    const found = numberOf(event);
    if (found === undefined) return;
    const key = `${source.system}\0${source.sender}\0${found.name}`, minute = Math.floor(received / MINUTE_MS) * MINUTE_MS;
    let known = this.numbers.get(key);
    if (known === undefined) {
      if (this.numbers.size >= NUMBERINGS_MAX) return;
      this.numbers.set(key, known = { source, name: found.name, runs: [] });
    }
    const { runs } = known, end = runs.length - 3, last = (runs[end + 1] ?? NaN) + (runs[end + 2] ?? NaN) - 1;
    if (found.number === last) return; // several records of one number
    if (found.number === last + 1 && runs[end] === minute) (runs[end + 2] as number)++; else runs.push(minute, found.number, 1);
  }

  /** One of the collector's own records, which holds no message; a loss with what it says (core/record.ts, kind `loss`). */
  own(source: CountedSource, received: Millis, loss?: { readonly listener: string; readonly said: unknown; readonly count: number }): void {
    const minute = this.at(source, received);
    minute.own++;
    if (loss === undefined) return;
    const { reason, frames, bytes, from, to } = (typeof loss.said === 'object' && loss.said !== null ? loss.said : {}) as Readonly<Record<string, unknown>>;
    const last = time(to, received), first = Math.min(time(from, last), last);
    this.at(source, last).losses.push({ cause: causeOf(reason), name: loss.listener, count: loss.count, frames: natural(frames), bytes: natural(bytes), from: first, to: last });
  }

  /** In an order of its own, whatever order its messages were read in. */
  account(): RunAccount {
    return {
      minutes: inOrder(this.entries).map(({ minute, source, received, parsed, unparsed, stored, evaluated, own, losses }) => ({ minute, ...source, received, parsed, unparsed, stored, evaluated, own, losses })),
      numbers: inOrder(this.numbers).map(({ source, name, runs }): SenderNumbers => ({ ...source, name, runs })),
    };
  }
}

const inOrder = <T>(entries: ReadonlyMap<string, T>): T[] => [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
const natural = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0);
/** A loss record tells when; what cannot be is the record's own time. */
const LATE_MAX_MS = 7 * 86_400_000;
const time = (value: unknown, received: Millis): Millis => (typeof value === 'number' && Number.isSafeInteger(value) && value <= received && value > received - LATE_MAX_MS ? value : received);
