// A record and what was read from its frame -> the event that is stored. What the collector decided at receipt (system, tier, unit,
// sender, position) is written here and wins over whatever the message says about itself. Total: for every record there is an event.
import { emptyEvent, flatten, type Event, type Millis, type Value } from '../event.js';
import { parseAddress } from '../ip.js';
import { parseLine, type ParseContext } from '../message/parse-line.js';
import type { Arrival, SpoolRecord, Stream } from '../record.js';

/** Who sent it, as the parser tells senders apart when it looks back. */
export const parseSource = (peer: string, host: string | undefined): string => `${peer} ${host ?? ''}`;

/** A sender as people see it: behind a relay the message's own host, else the address. */
export const senderOf = ({ host, peer }: Arrival): string => host ?? peer;

export interface Encoded {
  readonly event: Event;
  /** Nothing but its header was understood. */
  readonly unparsed: boolean;
}

/** The event of a frame, as parsed with what `context` remembers of its sender. A parser that throws costs its fields, not the event. */
export function encodeFrame(record: SpoolRecord, stream: Stream, id: string, context: ParseContext): Encoded {
  const { arrival, frame, received } = record;
  try {
    const { event, format } = parseLine({ bytes: frame, received, timezone: arrival.timezone, encoding: arrival.encoding, source: parseSource(arrival.peer, arrival.host), context });
    const own = event as Record<string, Value>;
    const notes = format === null ? ['unparsed'] : [];
    // A message may not claim what only the collector says: it would hide among the collector's own records.
    delete own['haidang.unit'];
    delete own['haidang.frame_bytes'];
    delete own['haidang.sender'];
    if (OWN_DATASET.test(String(own['event.dataset']))) { delete own['event.dataset']; notes.push('dataset_refused'); }
    if (own['@timestamp'] === undefined) own['@timestamp'] = isoOf(received);
    return { event: stamp(own, record, stream, id, notes), unparsed: format === null };
  } catch (error) {
    return { event: asText(record, stream, id, 'parser_failed', error), unparsed: true };
  }
}

/** A frame kept as its text, without being read; `tag` says why. */
export function asText(record: SpoolRecord, stream: Stream, id: string, tag: string, error?: unknown): Event {
  const event = emptyEvent();
  const text = utf8.decode(record.frame), original = text.replace(/\r?\n$/, '');
  event['@timestamp'] = isoOf(record.received);
  event['event.kind'] = 'pipeline_error';
  event['event.original'] = original;
  event['message'] = original;
  if (text.includes('\ufffd')) event['event.original_b64'] = Buffer.from(record.frame).toString('base64');
  if (error instanceof Error) event['error.message'] = error.message.slice(0, 500);
  return stamp(event, record, stream, id, ['unparsed', tag]);
}

/** The event of one of the collector's own records: what was lost, a clock that was set, a sign of life. */
export function encodeOwnRecord(record: SpoolRecord, stream: Stream, id: string): Event {
  const event = emptyEvent(), original = utf8.decode(record.frame);
  event['@timestamp'] = isoOf(record.received);
  event['event.kind'] = record.kind === 'loss' ? 'pipeline_error' : 'event';
  event['event.module'] = 'haidang';
  event['event.action'] = record.kind;
  event['event.original'] = original;
  event['message'] = original;
  Object.assign(event, flatten(jsonOf(original), `haidang.${record.kind}.`));
  event['event.dataset'] = `haidang.${record.kind}`;
  return stamp(event, record, stream, id, []);
}

/** What a loss record says, and how many messages it stands for; undefined for any other record. */
export function lossOf(record: SpoolRecord): { readonly said: unknown; readonly count: number } | undefined {
  if (record.kind !== 'loss') return undefined;
  const said = jsonOf(utf8.decode(record.frame)), { count } = (said ?? {}) as { count?: unknown };
  if (count === 0) return { said, count };
  return { said, count: typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 1 };
}

function stamp(event: Record<string, Value>, { arrival, received, seq, kind }: SpoolRecord, { collector, epoch, tier }: Stream, id: string, notes: readonly string[]): Event {
  event['event.id'] = id;
  event['event.created'] = isoOf(received);
  event['haidang.system'] = arrival.system;
  event['haidang.tier'] = tier;
  if (arrival.unit !== undefined && arrival.unit !== '') event['haidang.unit'] = arrival.unit;
  event['haidang.collector'] = collector;
  event['haidang.epoch'] = epoch;
  event['haidang.seq'] = seq;
  event['haidang.listener'] = arrival.listener;
  if (kind === 'frame' && isAddress(arrival.peer)) event['log.source.address'] = arrival.peer;
  // Behind a relay: whoever reads the event knows whose it is without its record.
  if (kind === 'frame' && senderOf(arrival) !== arrival.peer) event['haidang.sender'] = senderOf(arrival);
  const all = arrival.trueLength === undefined ? notes : [...notes, 'truncated'];
  if (arrival.trueLength !== undefined) event['haidang.frame_bytes'] = arrival.trueLength;
  if (all.length > 0) {
    const known = event['tags'];
    event['tags'] = [...new Set([...(Array.isArray(known) ? known as Value[] : known === undefined ? [] : [known]), ...all])];
  }
  return event;
}

const OWN_DATASET = /^haidang\.(?:loss|clock|mark)$/;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

// One sender's addresses repeat; a received time often does.
const addresses = new Map<string, boolean>();
function isAddress(text: string): boolean {
  let known = addresses.get(text);
  if (known === undefined) {
    if (addresses.size > 10_000) addresses.clear();
    addresses.set(text, known = parseAddress(text) !== undefined);
  }
  return known;
}
let isoFor = NaN, isoText = '';
function isoOf(time: Millis): string {
  if (time !== isoFor) {
    isoText = Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : new Date(0).toISOString();
    isoFor = time;
  }
  return isoText;
}

function jsonOf(text: string): unknown {
  try { return JSON.parse(text); } catch { return undefined; }
}
