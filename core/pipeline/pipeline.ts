// Bytes in, encoded events and hits out: the pure middle of the pipeline, the same in the worker thread, in tests and when a batch
// is evaluated by itself. The result is a function of the records, the rules and what was looked back at.
import type { ProofAtom, RuleName } from '../alert.js';
import { RunTally, type CountedSource } from '../account/tally.js';
import { assert } from '../assert.js';
import { read, type Event, type Millis, type Value } from '../event.js';
import { createParseContext, parseLine, type ParseContext } from '../message/parse-line.js';
import type { Format } from '../normalize/format.js';
import { decodeRecord, eventId, HEAD_BYTES, streamName, type Arrival, type SpoolRecord } from '../record.js';
import { DocumentWriter } from './documents.js';
import { asText, encodeFrame, encodeOwnRecord, lossOf, parseSource, senderOf } from './encode.js';
import { HitWriter } from './hits.js';
import type { EvaluatedRun, RecordBatch, SourceCount } from './run.js';

/** A rule that an event met. */
export interface EngineHit {
  readonly rule: RuleName;
  readonly reports: boolean;
  /** The fields that correlations look at in a hit of this rule; absent: none does, or they need the whole event. */
  readonly reads?: readonly string[];
  /** The true parts of the rule; asked for only where there is a hit. */
  readonly atoms: () => readonly ProofAtom[];
}
/** A set of rules made ready. */
export interface Engine {
  /** Number of the rule set. */
  readonly n: number;
  readonly evaluate: (event: Event) => readonly EngineHit[];
}

/** What a pipeline remembers between batches. */
export interface PipelineContext { readonly parse: ParseContext }
export const createContext = (formats: readonly Format[] = []): PipelineContext => ({ parse: createParseContext(formats) });

export interface Evaluation {
  /** Frames are kept as text and not read: the one record on which reading them crashes. */
  readonly poison?: boolean;
  /** The run has documents in place of events. */
  readonly documents?: boolean;
}

/**
 * Parses, encodes and evaluates the records of a batch, sender by sender: what reads one product's lines is then at hand in the processor's caches, and a
 * line looks back at its own sender only. The run is in order of position all the same. Throws only on a batch that is not what its head says.
 */
export function evaluateBatch(batch: RecordBatch, engine: Engine, context: PipelineContext, { poison = false, documents = false }: Evaluation = {}): EvaluatedRun {
  const { stream } = batch, records = recordsOf(batch), lines: string[] = [], found: Found[] = [];
  const sources = new Map<string, Mutable<SourceCount>>(), tally = new RunTally(), writer = documents ? new DocumentWriter(stream) : undefined;
  const put = (event: Event, at: number, seq: number): void => { if (writer === undefined) lines[at] = JSON.stringify(event); else writer.put(at, event, seq); };
  // What has no JSON is kept as text.
  const keep = (event: Event, at: number, { record, id }: Located): void => { try { put(event, at, record.seq); } catch (error) { put(asText(record, stream, id, 'parser_failed', error), at, record.seq); } };
  for (const at of senderBySender(records)) {
    const located = records[at] as Located, { record, id } = located;
    if (record.kind !== 'frame') {
      keep(encodeOwnRecord(record, stream, id), at, located);
      const loss = lossOf(record), lost = loss?.count ?? 0, { peer, listener } = record.arrival;
      tally.own(peer === '' ? { system: '', sender: listener, tier: record.tier } : sourceOf(record), record.received, loss && { ...loss, listener });
      // What was lost before it came here is no loss of ours.
      if (lost > 0 && peer !== '' && reasonOf(loss) !== 'sequence_gap') count(sources, record, { lost });
      continue;
    }
    const source = sourceOf(record), counted = tally.at(source, record.received);
    counted.did('received');
    const { event, unparsed } = poison ? { event: asText(record, stream, id, 'poison'), unparsed: true } : encodeFrame(record, stream, id, context.parse);
    counted.did(unparsed ? 'unparsed' : 'parsed');
    tally.number(source, record.received, event);
    keep(event, at, located);
    counted.did('stored');
    count(sources, record, { frames: 1, unparsed: unparsed ? 1 : 0 });
    if (poison) continue;
    const met = engine.evaluate(event);
    counted.did('evaluated');
    if (met.length > 0) found.push({ event: { at, id, time: timeOf(event, record), received: record.received, system: record.arrival.system, ...readsOf(event, met) }, met: met.map(({ rule, reports, atoms }) => ({ rule, reports, atoms: atoms() })) });
  }
  const hits = new HitWriter();
  for (const { event, met } of found.sort((a, b) => a.event.at - b.event.at)) hits.add(event, met);
  return {
    stream, from: batch.from, to: batch.to, receivedFrom: records[0]?.record.received ?? 0, receivedTo: records.reduce((latest, { record }) => Math.max(latest, record.received), 0), ruleSet: engine.n, count: records.length,
    events: utf8.encode(lines.length === 0 ? '' : `${lines.join('\n')}\n`), hits: hits.bytes(), sources: [...sources.values()], account: tally.account(), xor: xorOf(records),
    ...(writer === undefined ? {} : { documents: writer.documents() }),
  };
}
interface Located { readonly record: SpoolRecord; readonly id: string }
interface Found { readonly event: Parameters<HitWriter['add']>[0]; readonly met: Parameters<HitWriter['add']>[1] }

function recordsOf({ stream, seed, from, to, bytes: { buffer, byteOffset, byteLength } }: RecordBatch): readonly Located[] {
  const bytes = Buffer.from(buffer, byteOffset, byteLength), records: Located[] = [];
  let seq = from;
  for (let at = 0; at < bytes.length; seq++) {
    const located = decodeRecord(bytes, at, seed);
    assert(located !== undefined && located.record.seq === seq, `expected record ${seq} of ${streamName(stream)} at ${at}, found ${located === undefined ? 'none that is whole' : String(located.record.seq)}`);
    const { record, start, end } = located;
    records.push({ record, id: eventId(stream, seq, bytes.subarray(start + HEAD_BYTES, end)) });
    at = end;
  }
  assert(seq === to + 1, `expected records ${from} to ${to} of ${streamName(stream)}, got up to ${seq - 1}`);
  return records;
}

/** The places of the records, those of one sender one after the other in their order, senders as they first come. */
function senderBySender(records: readonly Located[]): Iterable<number> {
  const places = new Map<string, number[]>();
  for (const [at, { record: { arrival } }] of records.entries()) {
    const sender = senderKeyOf(arrival), known = places.get(sender);
    if (known === undefined) places.set(sender, [at]); else known.push(at);
  }
  return [...places.values()].flat();
}

function xorOf(records: readonly Located[]): string {
  let high = 0, low = 0;
  for (const { id } of records) {
    const hash = id.slice(-16);
    high ^= parseInt(hash.slice(0, 8), 16);
    low ^= parseInt(hash.slice(8), 16);
  }
  return hex(high) + hex(low);
}

export interface WarmLine {
  readonly original: string;
  readonly received: Millis;
  readonly source: string;
}
/** Reads lines that are already stored, so that a restart does not forget what later lines look back at. */
export function warmUp(lines: readonly WarmLine[], { parse }: PipelineContext): void {
  for (const { original, received, source } of lines) {
    try { parseLine({ raw: original, received, source, context: parse }); } catch { /* it is stored as text already */ }
  }
}

/** Once for all rules that the event met. */
export function readsOf(event: Event, met: readonly EngineHit[]): { readonly reads?: Event } {
  const names = met.length === 1 ? met[0]?.reads ?? [] : new Set(met.flatMap(({ reads = [] }) => reads)), reads: Record<string, Value> = {};
  let isAny = false;
  for (const name of names) {
    isAny = true;
    const value = read(event, name);
    if (value !== undefined) reads[name] = value;
  }
  return isAny ? { reads } : {};
}

function timeOf(event: Event, { received }: SpoolRecord): Millis {
  const time = Date.parse(String(event['@timestamp']));
  return Number.isNaN(time) ? received : time;
}

const reasonOf = (loss: ReturnType<typeof lossOf>): unknown => (loss?.said as { readonly reason?: unknown } | null | undefined)?.reason;

// Arrival data that repeat are one object (record.ts): so are their sources and what the parser calls them.
const senders = new WeakMap<Arrival, string>();
function senderKeyOf(arrival: Arrival): string {
  let key = senders.get(arrival);
  if (key === undefined) senders.set(arrival, key = parseSource(arrival.peer, arrival.host));
  return key;
}
const known = new WeakMap<Arrival, CountedSource>();
function sourceOf({ arrival, tier }: SpoolRecord): CountedSource {
  let source = known.get(arrival);
  if (source?.tier !== tier) known.set(arrival, source = { system: arrival.system, sender: senderOf(arrival), tier });
  return source;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
function count(sources: Map<string, Mutable<SourceCount>>, { arrival, received, tier }: SpoolRecord, { frames = 0, lost = 0, unparsed = 0 }: { frames?: number; lost?: number; unparsed?: number }): void {
  const sender = senderOf(arrival), key = `${arrival.system}\0${sender}`;
  let known = sources.get(key);
  if (known === undefined) sources.set(key, known = { system: arrival.system, sender, tier, count: 0, lost: 0, unparsed: 0, lastReceived: received });
  known.count += frames;
  known.lost += lost;
  known.unparsed += unparsed;
  known.lastReceived = Math.max(known.lastReceived, received);
}

const utf8 = new TextEncoder();
const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
