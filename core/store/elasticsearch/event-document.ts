// An event as it comes back from Elasticsearch. The event itself stands in `line` as the text it came in, so that it comes back equal
// whatever its fields are called and hold; everything beside it is there to find it (core/predicate/query-dsl-document.ts). Templates
// before version 5 called it `doc`.
import type { Event, Millis } from '../../event.js';

/** An event with what every question asks about it. */
export interface Located {
  readonly event: Event;
  readonly id: string;
  readonly time: Millis;
  readonly received: Millis;
  readonly tier: number;
}

/** The fields of a document that `decodeEvent` reads. */
export const EVENT_SOURCE = ['line', 'doc', 'id', 'time', 'received', 'tier', 'seq', 'odd'];
export interface EventText { readonly line?: string; readonly doc?: string }
export interface EventSource extends EventText { readonly id: string; readonly time: Millis; readonly received: Millis; readonly tier: number; readonly seq: number; readonly odd?: boolean }
/** The event's JSON. */
export const textOfEvent = ({ line, doc }: EventText): string => line ?? doc ?? '';
export const decodeEvent = (source: EventSource): Located => ({ event: JSON.parse(textOfEvent(source)) as Event, id: source.id, time: source.time, received: source.received, tier: source.tier });
