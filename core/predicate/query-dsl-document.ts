// An event as the document that the search index is given: what every question asks about it, what it is found by
// (query-dsl-members.ts), and in `line` the event's own JSON. Written where the event is at hand, so that nobody reads that text again.
// Pure: no Node API.
import { read, type Event, type Millis } from '../event.js';
import { indexedMembers } from './query-dsl-members.js';
import { FORM, FORM_FIELD } from './query-dsl-tokens.js';

export interface SearchDocument {
  readonly id: string;
  /** UTC day of receipt, `2026-11-22`. */
  readonly day: string;
  /** The document's JSON; it begins with `{"id":"`, the id and `"`. */
  readonly text: string;
}

/** At position `seq` of the stream `name` of its tier. */
export function searchDocument(event: Event, name: string, tier: number, seq: number): SearchDocument {
  const received = millis(event, 'event.created') ?? 0, time = millis(event, '@timestamp') ?? received;
  const given = read(event, 'event.id'), id = typeof given === 'string' && ID.test(given) ? given : `${name}.${seq}`, day = dayOf(received);
  return { id, day, text: `{"id":"${id}","time":${time},"received":${received},"day":"${day}","tier":${tier},"stream":"${name}","seq":${seq},"${FORM_FIELD}":${FORM},${indexedMembers(event)}}` };
}
/** What JSON writes as it is. */
const ID = /^[!#-[\]-~]{1,512}$/;

function dayOf(received: Millis): string {
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
