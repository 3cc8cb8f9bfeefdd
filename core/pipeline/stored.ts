// Events that are in the store already, matched where they are read: the run says of them what evaluateBatch says of records, so that
// whoever commits it need not know where it was matched.
import { RunTally, type CountedSource } from '../account/tally.js';
import { assert } from '../assert.js';
import { read, type Event, type Millis } from '../event.js';
import { streamName } from '../record.js';
import { HitWriter } from './hits.js';
import { readsOf, type Engine } from './pipeline.js';
import type { EvaluatedRun, SourceCount, StoredBatch } from './run.js';

export function evaluateStored({ stream, from, to, events: bytes }: StoredBatch, engine: Engine): EvaluatedRun {
  const lines = utf8.decode(bytes).split('\n'), hits = new HitWriter(), sources = new Map<string, Mutable<SourceCount>>(), tally = new RunTally();
  if (lines[lines.length - 1] === '') lines.pop();
  assert(lines.length === to - from + 1, `expected events ${from} to ${to} of ${streamName(stream)}, got ${lines.length}`);
  let receivedFrom: Millis = 0, receivedTo: Millis = 0, high = 0, low = 0;
  lines.forEach((line, at) => {
    const event = JSON.parse(line) as Event, id = textOf(event, 'event.id'), received = millis(event, 'event.created') ?? 0, hash = id.slice(-16);
    high ^= parseInt(hash.slice(0, 8), 16);
    low ^= parseInt(hash.slice(8), 16);
    if (at === 0) receivedFrom = received;
    receivedTo = Math.max(receivedTo, received);
    const own = OWN.exec(textOf(event, 'event.dataset'))?.[1], listener = textOf(event, 'haidang.listener');
    if (own !== undefined) {
      const loss = own === 'loss' ? lossOf(event) : undefined, peer = loss === undefined || loss.source === listener ? '' : loss.source;
      const source: CountedSource = peer === '' ? { system: '', sender: listener, tier: stream.tier } : { system: textOf(event, 'haidang.system'), sender: peer, tier: stream.tier };
      tally.own(source, received, loss && { ...loss, listener });
      if (loss !== undefined && loss.count > 0 && peer !== '') count(sources, source, received, { lost: loss.count });
      return;
    }
    const tags = read(event, 'tags'), tagged = (tag: string): boolean => Array.isArray(tags) && tags.includes(tag), unparsed = tagged('unparsed');
    const source: CountedSource = { system: textOf(event, 'haidang.system'), sender: textOf(event, 'haidang.sender') || textOf(event, 'log.source.address'), tier: stream.tier }, counted = tally.at(source, received);
    counted.did('received');
    counted.did(unparsed ? 'unparsed' : 'parsed');
    tally.number(source, received, event);
    counted.did('stored');
    count(sources, source, received, { frames: 1, unparsed: unparsed ? 1 : 0 });
    if (tagged('poison')) return;
    const met = engine.evaluate(event);
    counted.did('evaluated');
    if (met.length > 0) hits.add({ at, id, time: millis(event, '@timestamp') ?? received, received, system: source.system, ...readsOf(event, met) }, met.map(({ rule, reports, atoms }) => ({ rule, reports, atoms: atoms() })));
  });
  return {
    stream, from, to, receivedFrom, receivedTo, ruleSet: engine.n, count: lines.length, events: bytes, hits: hits.bytes(), sources: [...sources.values()], account: tally.account(), xor: hex(high) + hex(low), stored: true,
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
function count(sources: Map<string, Mutable<SourceCount>>, { system, sender, tier }: CountedSource, received: Millis, { frames = 0, lost = 0, unparsed = 0 }: { frames?: number; lost?: number; unparsed?: number }): void {
  const key = `${system}\0${sender}`;
  let known = sources.get(key);
  if (known === undefined) sources.set(key, known = { system, sender, tier, count: 0, lost: 0, unparsed: 0, lastReceived: received });
  known.count += frames;
  known.lost += lost;
  known.unparsed += unparsed;
  known.lastReceived = Math.max(known.lastReceived, received);
}

/** What the record of a loss said (encode.ts, lossOf): its frame is the event's original text. */
function lossOf(event: Event): { readonly said: unknown; readonly count: number; readonly source: string } {
  let said: unknown;
  try { said = JSON.parse(textOf(event, 'event.original')); } catch { /* a damaged record: one message */ }
  const { count: lost, source } = (typeof said === 'object' && said !== null ? said : {}) as { readonly count?: unknown; readonly source?: unknown };
  return { said, count: lost === 0 ? 0 : typeof lost === 'number' && Number.isSafeInteger(lost) && lost > 0 ? lost : 1, source: typeof source === 'string' ? source : '' };
}

const OWN = /^haidang\.(loss|clock|mark)$/, utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
function textOf(event: Event, field: string): string { const value = read(event, field); return typeof value === 'string' ? value : ''; }
function millis(event: Event, field: string): Millis | undefined {
  const time = Date.parse(textOf(event, field));
  return Number.isNaN(time) ? undefined : time;
}
