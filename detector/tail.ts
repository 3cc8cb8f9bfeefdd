// Reads the streams that are this detector's, each from its cursor on, without a hole and in order, and hands them to be matched. A hole
// is waited for, told after half a minute, and passed only by a gap that somebody recorded. What another detector decided meanwhile is
// left to it: the stream is read again from where that came to.
import type { Pipeline } from '../core/pipeline/client.js';
import type { EvaluatedRun, StoredBatch } from '../core/pipeline/run.js';
import type { Millis } from '../core/event.js';
import type { Clock } from '../core/process/clock.js';
import type { Log } from '../core/process/log.js';
import { streamName, type Stream } from '../core/record.js';
import type { KnownStream, Shared, StreamCursor, StreamLag, TakenError } from '../core/store/shared.js';
import type { Loop } from './loop.js';
import type { Members } from './members.js';

export interface TailOptions {
  readonly shared: Shared;
  readonly members: Pick<Members, 'owns'>;
  readonly pipeline: Pick<Pipeline, 'takeStored' | 'stats'>;
  readonly loop: () => Loop;
  /** Rules of this number or newer must be in force before the stream goes on. */
  readonly needsRules: (n: number) => void;
  /** The number of the rules in force here. */
  readonly ruleSet: () => number;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollMs?: number;
  /** How often streams are looked for. */
  readonly lookMs?: number;
  readonly eventsMax?: number;
  /** How often gaps that were passed are looked into. */
  readonly gapsMs?: number;
}

interface Own {
  readonly stream: Stream;
  /** Decided up to here. */
  position: number;
  received: Millis;
  /** Read up to here, and given to the loop up to here. */
  read: number;
  given: number;
  /** Grows when what was read before is not wanted any more. */
  turn: number;
  /** Received time of the last that was read; whether there was more behind it. */
  seen: Millis;
  more: boolean;
  /** A later epoch of the collector follows, and everything it names is decided: looked at now and then, since a new epoch never ends an older one. */
  ended: boolean;
  lookedAt: number;
  /** Events of gaps that are under way. */
  late: number;
  hole?: { readonly at: number; readonly since: number; told: boolean };
}

const READ_EVENTS = 5_000, AHEAD_EVENTS = 20_000, HOLE_MS = 30_000, READERS = 2, ENDED_MS = 60_000, GAPS_MS = 30_000, LATE_EVENTS = 1_000;
const utf8 = new TextEncoder();

export class Tail {
  private readonly own = new Map<string, Own>();
  private readonly sent: { readonly own: Own; readonly turn: number; readonly to: number; readonly late?: true }[] = [];
  private gapsLookedAt = -Infinity;
  private known: readonly KnownStream[] = [];
  private cursors = new Map<string, StreamCursor>();
  private working: Promise<void> | undefined;
  private stopped = false;
  private wake: (() => void) | undefined;
  private lookedAt = -Infinity;
  private problem: string | undefined;

  constructor(private readonly options: TailOptions) {}

  start(): void { this.working = this.work(); }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.working;
  }

  /** The pipeline answered, in the order it was asked. */
  ran(run: EvaluatedRun): void {
    const [first] = this.sent;
    if (first === undefined) return;
    if (run.to === first.to) this.sent.shift();
    const { own, turn, late } = first;
    if (late === true) { if (turn === own.turn) this.options.loop().ran({ ...run, late }); return; }
    if (turn !== own.turn || run.from !== own.given + 1) return;
    own.given = run.to;
    this.options.loop().ran(run);
  }

  committed(positions: Readonly<Record<string, number>>, runs: readonly EvaluatedRun[]): void {
    for (const [name, position] of Object.entries(positions)) { const own = this.own.get(name); if (own !== undefined) own.position = Math.max(own.position, position); }
    for (const { stream, receivedTo, late, count } of runs) {
      const own = this.own.get(streamName(stream));
      if (own === undefined) continue;
      if (late === true) own.late = Math.max(0, own.late - count); else own.received = Math.max(own.received, receivedTo);
    }
    this.wake?.();
  }

  /** Somebody else decided further, or newer rules are in force there. */
  taken({ stream, position, ruleSet }: TakenError): void {
    this.options.loop().drop(stream);
    const own = this.own.get(stream);
    if (own !== undefined) reset(own, position);
    this.options.needsRules(ruleSet);
  }

  /** How far each stream that is this one's is behind. */
  lags(): readonly StreamLag[] {
    const now = this.options.clock.now();
    return [...this.own].map(([stream, { position, received, seen, more, read, hole }]) => (
      { stream, position, received, lagMs: more || read > position ? Math.max(0, now - (received || seen)) : 0, ...(hole === undefined ? {} : { hole: hole.at }) }));
  }

  get waiting(): number { return [...this.own.values()].reduce((sum, { read, position }) => sum + read - position, 0); }
  /** Everything that was found is decided. */
  get idle(): boolean { return [...this.own.values()].every(({ read, position, more }) => read === position && !more); }
  get failing(): string | undefined { return this.problem; }

  private async work(): Promise<void> {
    const { clock, lookMs = 2_000, pollMs = 500 } = this.options;
    while (!this.stopped) {
      let busy = false;
      try {
        if (clock.monotonic() - this.lookedAt >= lookMs) { await this.look(); this.lookedAt = clock.monotonic(); }
        if (clock.monotonic() - this.gapsLookedAt >= (this.options.gapsMs ?? GAPS_MS)) { this.gapsLookedAt = clock.monotonic(); await this.fillGaps(); }
        const now = clock.monotonic(), due = [...this.own.values()].filter((own) => own.read - own.position < (this.options.eventsMax ?? AHEAD_EVENTS) && (!own.ended || own.more || now - own.lookedAt >= ENDED_MS));
        for (const own of due) own.lookedAt = now;
        for (let at = 0; at < due.length && !this.stopped; at += READERS) busy = (await Promise.all(due.slice(at, at + READERS).map((own) => this.readOn(own)))).some((more) => more) || busy;
        if (this.problem !== undefined) { this.problem = undefined; this.options.log.info('the store can be read again'); }
      } catch (error) {
        const { message } = error as Error;
        if (this.problem !== message) this.options.log.error({ err: error }, 'streams cannot be read; events wait in the store');
        this.problem = message;
      }
      if (!busy) await new Promise<void>((resolve) => { const timer = setTimeout(resolve, pollMs); this.wake = () => { clearTimeout(timer); resolve(); }; });
    }
  }

  /** Which streams there are, and which of them are this one's. */
  private async look(): Promise<void> {
    const { shared, members } = this.options;
    [this.known, this.cursors] = [await shared.streams(), new Map((await shared.cursors()).map((cursor) => [cursor.stream, cursor]))];
    const open = new Set(openStreams(this.known, this.cursors).map(({ stream }) => streamName(stream)));
    for (const { stream } of this.known) {
      const name = streamName(stream), cursor = this.cursors.get(name), own = this.own.get(name);
      if (!members.owns(name)) { this.forget(name); continue; }
      if (own !== undefined) { own.ended = !open.has(name); continue; }
      const position = cursor?.position ?? 0, received = cursor?.received ?? 0;
      this.own.set(name, { stream, position, received, read: position, given: position, turn: 0, seen: received, more: false, ended: !open.has(name), lookedAt: -Infinity, late: 0 });
      if (cursor !== undefined) this.options.needsRules(cursor.ruleSet);
    }
  }

  private forget(name: string): void {
    const own = this.own.get(name);
    if (own === undefined) return;
    own.turn++;
    this.own.delete(name);
    this.options.loop().drop(name);
  }

  /** Reads what follows; says whether there is more at once. */
  private async readOn(own: Own): Promise<boolean> {
    const { shared, pipeline } = this.options, { turn } = own, from = own.read + 1, { events, beyond, twice } = await shared.tail(own.stream, from, READ_EVENTS);
    if (own.turn !== turn || own.read !== from - 1 || this.stopped) return true;
    if (twice.length > 0) this.options.log.error({ stream: streamName(own.stream), positions: twice.slice(0, 10) }, 'two different events stand at one position: the collector was cloned, or somebody writes in its name');
    const last = events[events.length - 1];
    own.more = events.length >= READ_EVENTS || beyond;
    if (last === undefined) { await this.hole(own, beyond); return false; }
    delete own.hole;
    own.read = last.seq;
    own.seen = last.received;
    const batch: StoredBatch = { stream: own.stream, from, to: last.seq, events: utf8.encode(`${events.map(({ text }) => text).join('\n')}\n`) };
    this.sent.push({ own, turn, to: last.seq });
    pipeline.takeStored(batch);
    return own.more && !beyond;
  }

  /** What came into a gap that was passed is matched now, under entries of its own. What comes after its day was given up has no place to come to. */
  private async fillGaps(): Promise<void> {
    const { shared, pipeline, log } = this.options;
    for (const gap of await shared.gaps()) {
      const own = this.own.get(gap.stream);
      if (own === undefined || gap.reason === 'retention' || own.position < gap.to || own.late > 0) continue;
      const events = await shared.lateIn(gap, LATE_EVENTS);
      if (events.length > 0) log.warn({ stream: gap.stream, from: gap.from, to: gap.to, events: events.length }, 'events came into a gap that was passed; they are evaluated now');
      for (let at = 0; at < events.length;) {
        let end = at + 1;
        while (end < events.length && events[end]?.seq === (events[at]?.seq ?? 0) + end - at) end++;
        const part = events.slice(at, end), from = part[0]?.seq ?? 0, to = from + part.length - 1;
        own.late += part.length;
        this.sent.push({ own, turn: own.turn, to, late: true });
        pipeline.takeStored({ stream: own.stream, from, to, events: utf8.encode(`${part.map(({ text }) => text).join('\n')}\n`) });
        at = end;
      }
    }
  }

  private async hole(own: Own, beyond: boolean): Promise<void> {
    const { shared, clock, log, loop } = this.options, at = own.read + 1, name = streamName(own.stream);
    if (!beyond) { delete own.hole; return; }
    if (own.hole?.at !== at) own.hole = { at, since: clock.monotonic(), told: false };
    // Nothing else passes a hole: no time, no position that is higher.
    const gap = own.given === own.read ? await shared.gapAt(name, at) : undefined;
    if (gap !== undefined) {
      log.warn({ stream: name, from: gap.from, to: gap.to, by: gap.by }, `a gap is passed: ${gap.reason}`);
      own.read = own.given = gap.to;
      loop().ran(gapRun(own, gap.from, gap.to, this.options.ruleSet()));
      return;
    }
    if (!own.hole.told && clock.monotonic() - own.hole.since >= HOLE_MS) {
      own.hole.told = true;
      log.error({ stream: name, position: at }, 'expected the next event of a stream, found only later ones; it is waited for');
    }
  }
}

/** A stretch in which there is nothing: decided, so that it is never waited for again. */
const gapRun = ({ stream, received }: Own, from: number, to: number, ruleSet: number): EvaluatedRun => (
  { stream, from, to, receivedFrom: received, receivedTo: received, ruleSet, count: 0, events: new Uint8Array(), hits: new Uint8Array(), sources: [], xor: '0'.repeat(16), stored: true });

function reset(own: Own, position: number): void {
  own.turn++;
  own.late = 0;
  own.position = own.read = own.given = position;
  own.more = true;
}

/** Streams that more may come of: all but those of older epochs whose cursor is at the end that a later epoch's stream names. */
export function openStreams(known: readonly KnownStream[], cursors: ReadonlyMap<string, StreamCursor>): readonly KnownStream[] {
  return known.filter(({ stream: { collector, epoch, tier } }) => {
    const name = streamName({ collector, epoch, tier }), later = known.filter(({ stream }) => stream.collector === collector && stream.epoch > epoch);
    if (later.length === 0) return true;
    const end = Math.max(0, ...later.map(({ older }) => older[name] ?? 0));
    return (cursors.get(name)?.position ?? 0) < end;
  });
}
