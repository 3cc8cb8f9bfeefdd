// The hits of a run as bytes, in lines: first the rules that were met, then one for each event that met some: which rules, and behind a tab
// for each rule what was true. The event itself is not said again: it is a line of the run's events. In a storm most hits are only counted,
// so what stands behind the tabs, and the event, are read when somebody asks.
//
//   [{"uid":"…","version":"…","title":"…","level":"low","reports":false}]
//   {"at":3,"id":"…","time":1795132800000,"received":1795132800000,"system":"PORTAL","reads":{"source.ip":"192.0.2.1"},"met":[0]} TAB [{"question":"…"}]
import type { Hit, ProofAtom, RuleName } from '../alert.js';
import { assert } from '../assert.js';
import type { Event, Millis } from '../event.js';
import { streamName } from '../record.js';
import type { EvaluatedRun } from './run.js';

export interface HitRule extends RuleName { readonly reports: boolean }
/** An event that met rules. */
export interface HitEvent {
  /** Which line of the run's events, from 0. */
  readonly at: number;
  readonly id: string;
  readonly time: Millis;
  readonly received: Millis;
  readonly system: string;
  /** The fields that correlations look at. */
  readonly reads?: Event;
  /** Each rule by its place in the list. */
  readonly met: readonly number[];
}

/** Puts a run's hits together, event by event. */
export class HitWriter {
  private readonly places = new Map<RuleName, number>();
  private readonly rules: HitRule[] = [];
  private readonly lines: string[] = [];

  add(event: Omit<HitEvent, 'met'>, met: readonly { readonly rule: RuleName; readonly reports: boolean; readonly atoms: readonly ProofAtom[] }[]): void {
    if (met.length === 0) return;
    this.lines.push([JSON.stringify({ ...event, met: met.map(({ rule, reports }) => this.placeOf(rule, reports)) } satisfies HitEvent), ...met.map(({ atoms }) => JSON.stringify(atoms))].join('\t'));
  }

  bytes(): Uint8Array {
    return utf8.encode(this.lines.length === 0 ? '' : `${JSON.stringify(this.rules)}\n${this.lines.join('\n')}\n`);
  }

  private placeOf(rule: RuleName, reports: boolean): number {
    let place = this.places.get(rule);
    if (place === undefined) {
      this.places.set(rule, place = this.rules.length);
      this.rules.push({ ...rule, reports });
    }
    return place;
  }
}

export interface ReadHits {
  readonly rules: readonly HitRule[];
  /** In order of position. */
  readonly events: readonly ReadEvent[];
}
export interface ReadEvent {
  readonly event: HitEvent;
  /** The event's JSON. */
  readonly text: string;
  /** What was true, JSON, for each of the rules it met. */
  readonly atoms: readonly string[];
}

export function readHits({ hits, events, documents, count }: Pick<EvaluatedRun, 'hits' | 'events' | 'documents' | 'count'>): ReadHits {
  if (hits.length === 0) return { rules: [], events: [] };
  const [rules = '[]', ...lines] = bufferOf(hits).toString('utf8').trimEnd().split('\n'), source = bufferOf(documents?.bytes ?? events);
  let line = 0, start = 0;
  const textAt = (at: number): string => {
    assert(at >= line && at < count, `expected hits in order of position and of ${count} events, got one of event ${at} behind one of ${line}`);
    // A document holds its event's text.
    if (documents !== undefined) return (JSON.parse(source.toString('utf8', documents.ends[at - 1] ?? 0, documents.ends[at])) as { readonly line: string }).line;
    for (; line < at; line++) start = source.indexOf(10, start) + 1;
    const end = source.indexOf(10, start);
    return source.toString('utf8', start, end < 0 ? source.length : end);
  };
  return {
    rules: JSON.parse(rules) as readonly HitRule[],
    events: lines.map((one) => {
      const [head = '', ...atoms] = one.split('\t'), event = JSON.parse(head) as HitEvent;
      return { event, text: textAt(event.at), atoms };
    }),
  };
}

/** The hits of a run, in order of position, each with its event. */
export function hitsOf(run: EvaluatedRun): readonly Hit[] {
  const { rules, events } = readHits(run), names = rules.map(({ reports, ...rule }) => ({ rule, reports })), stream = streamName(run.stream);
  return events.flatMap((one) => {
    const line = new Line(one.text);
    return one.event.met.map((place, i): Hit => new RunHit(names[place] as HitName, stream, run, one, i, line));
  });
}
interface HitName { readonly rule: RuleName; readonly reports: boolean }

/** A run's event, read when it is asked for, once for all of its hits. */
class Line {
  private read: Event | undefined;
  constructor(private readonly text: string) {}
  get event(): Event { return this.read ??= JSON.parse(this.text) as Event; }
}

class RunHit implements Hit {
  readonly rule: RuleName;
  readonly reports: boolean;
  readonly seq: number;
  readonly eventId: string;
  readonly time: Millis;
  readonly received: Millis;
  readonly system: string;
  readonly tier: number;
  readonly reads: Event | undefined;
  readonly late: true | undefined;
  readonly #line: Line;
  #atoms: string | readonly ProofAtom[];
  constructor({ rule, reports }: HitName, readonly stream: string, { from, late, stream: { tier } }: EvaluatedRun, { event: { at, id, time, received, system, reads }, atoms }: ReadEvent, i: number, line: Line) {
    this.rule = rule;
    this.reports = reports;
    this.seq = from + at;
    this.eventId = id;
    this.time = time;
    this.received = received;
    this.system = system;
    this.tier = tier;
    this.reads = reads;
    this.late = late;
    this.#line = line;
    this.#atoms = atoms[i] ?? '[]';
  }
  get event(): Event { return this.#line.event; }
  get atoms(): readonly ProofAtom[] { return typeof this.#atoms === 'string' ? (this.#atoms = JSON.parse(this.#atoms) as readonly ProofAtom[]) : this.#atoms; }
}

const utf8 = new TextEncoder();
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
