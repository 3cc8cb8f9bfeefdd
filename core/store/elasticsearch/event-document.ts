// An event as an Elasticsearch document, and back. The event itself stands in `line` as the text it came in, so that it comes back equal
// whatever its fields are called and hold; everything beside it is there to find it. Templates before version 5 called it `doc`.
import { read, type Event, type Millis } from '../../event.js';
import { indexedMembers } from '../../predicate/query-dsl-members.js';
import { streamName, type Stream } from '../../record.js';

/** An event with what every question asks about it. */
export interface Located {
  readonly event: Event;
  readonly id: string;
  readonly time: Millis;
  readonly received: Millis;
  readonly tier: number;
}
export interface EventDocument extends Located {
  /** UTC day of receipt, `2026-11-22`. */
  readonly day: string;
  /** The document's JSON, UTF-8. */
  readonly source: Uint8Array;
}

/** `line` = the event's JSON, at position `seq` of its stream. */
export function encodeEvent(line: string, stream: Stream, seq: number): EventDocument {
  const event = JSON.parse(line) as Event, name = streamName(stream), { tier } = stream;
  const received = millis(event, 'event.created') ?? 0, time = millis(event, '@timestamp') ?? received;
  const given = read(event, 'event.id'), id = typeof given === 'string' && /^[!-~]{1,512}$/.test(given) ? given : `${name}.${seq}`;
  const day = dayOf(received);
  return { event, id, time, received, tier, day, source: Buffer.from(`{"id":${JSON.stringify(id)},"time":${time},"received":${received},"day":"${day}","tier":${tier},"stream":${JSON.stringify(name)},"seq":${seq},${indexedMembers(event)},"line":${JSON.stringify(line)}}`) };
}

/** The fields of a document that `decodeEvent` reads. */
export const EVENT_SOURCE = ['line', 'doc', 'id', 'time', 'received', 'tier', 'seq', 'odd'];
export interface EventText { readonly line?: string; readonly doc?: string }
export interface EventSource extends EventText { readonly id: string; readonly time: Millis; readonly received: Millis; readonly tier: number; readonly seq: number; readonly odd?: boolean }
/** The event's JSON. */
export const textOfEvent = ({ line, doc }: EventText): string => line ?? doc ?? '';
export const decodeEvent = (source: EventSource): Located => ({ event: JSON.parse(textOfEvent(source)) as Event, id: source.id, time: source.time, received: source.received, tier: source.tier });

export function dayOf(received: Millis): string {
  const number = Math.floor(received / DAY_MS);
  if (number !== lastDay.number) lastDay = { number, text: new Date(received).toISOString().slice(0, 10) };
  return lastDay.text;
}
const DAY_MS = 86_400_000;
/** Events come day by day. */
let lastDay = { number: 0, text: '1970-01-01' };

/** A time as our events write it (ISO text or milliseconds), whole milliseconds. */
function millis(event: Event, field: string): Millis | undefined {
  const value = read(event, field), time = typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? Math.floor(value) : NaN;
  return Number.isFinite(time) ? time : undefined;
}
