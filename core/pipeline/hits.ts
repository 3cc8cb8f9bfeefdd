// The hits of a run as bytes, NDJSON: first the rules that were met, then a line for each event that met some. The event itself is
// not said again: it is a line of the run's events.
//
//   [{"uid":"…","version":"…","title":"…","level":"low","reports":false}]
//   {"at":3,"id":"…","time":1795132800000,"received":1795132800000,"system":"PORTAL","met":[[0,[{"question":"…"}]]]}
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
  /** Each rule by its place in the list, with what was true. */
  readonly met: readonly (readonly [number, readonly ProofAtom[]])[];
}

/** Puts a run's hits together, event by event. */
export class HitWriter {
  private readonly places = new Map<RuleName, number>();
  private readonly rules: HitRule[] = [];
  private readonly lines: string[] = [];

  add(event: Omit<HitEvent, 'met'>, met: readonly { readonly rule: RuleName; readonly reports: boolean; readonly atoms: readonly ProofAtom[] }[]): void {
    if (met.length === 0) return;
    this.lines.push(JSON.stringify({ ...event, met: met.map(({ rule, reports, atoms }) => [this.placeOf(rule, reports), atoms]) }));
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
  /** In order of position, each with its line of the run's events. */
  readonly events: readonly { readonly event: HitEvent; readonly text: string }[];
}

export function readHits({ hits, events, count }: Pick<EvaluatedRun, 'hits' | 'events' | 'count'>): ReadHits {
  if (hits.length === 0) return { rules: [], events: [] };
  const [rules = '[]', ...lines] = bufferOf(hits).toString('utf8').trimEnd().split('\n'), source = bufferOf(events);
  let line = 0, start = 0;
  const textAt = (at: number): string => {
    assert(at >= line && at < count, `expected hits in order of position and of ${count} events, got one of event ${at} behind one of ${line}`);
    for (; line < at; line++) start = source.indexOf(10, start) + 1;
    const end = source.indexOf(10, start);
    return source.toString('utf8', start, end < 0 ? source.length : end);
  };
  return { rules: JSON.parse(rules) as readonly HitRule[], events: lines.map((one) => { const event = JSON.parse(one) as HitEvent; return { event, text: textAt(event.at) }; }) };
}

/** The hits of a run, in order of position, each with its event. */
export function hitsOf(run: EvaluatedRun): readonly Hit[] {
  const { rules, events } = readHits(run), names = rules.map(({ reports, ...rule }) => ({ rule, reports })), stream = streamName(run.stream), { tier } = run.stream;
  return events.flatMap(({ event: { at, id, time, received, system, met }, text }) => {
    const event = JSON.parse(text) as Event, seq = run.from + at;
    return met.map(([place, atoms]): Hit => ({ ...(names[place] as { rule: RuleName; reports: boolean }), stream, seq, eventId: id, time, received, system, tier, atoms, event }));
  });
}

const utf8 = new TextEncoder();
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
