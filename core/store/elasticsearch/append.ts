// Events into their indices: created under their ids, every item counted and judged. What is there already is there (the id holds the
// record's hash); what the server will not take becomes a dead letter under the same id, so that no position is missed. The index is a
// function of the record's tier and day of receipt, and of nothing else: a retry goes where the first try went.
import { assert } from '../../assert.js';
import type { Event } from '../../event.js';
import type { EvaluatedRun, RunDocuments } from '../../pipeline/run.js';
import { searchDocument } from '../../predicate/query-dsl-document.js';
import { streamName, type Stream } from '../../record.js';
import type { RetiredEvent } from '../shared.js';
import { ClusterError, type BulkItem, type Cluster } from './cluster.js';
import type { Periods } from './periods.js';
import { eventsIndex } from './templates.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export interface Line { readonly line: string; readonly stream: Stream; readonly seq: number }
/** `source`: the document's JSON. */
interface Placed { readonly stream: Stream; readonly seq: number; readonly id: string; readonly index: string; readonly source: Buffer }
const indicesOf = (placed: readonly Placed[]): ReadonlySet<string> => new Set(placed.map(({ index }) => index));

/** Of who may make indices. */
export const appendEvents = (cluster: Cluster, periods: Periods, runs: readonly EvaluatedRun[]): Promise<void> => createPlaced(cluster, periods, runs.flatMap((run) => place(cluster, run)));
/** The same of events that no run holds. */
export const createLines = (cluster: Cluster, periods: Periods, lines: readonly Line[]): Promise<void> => createPlaced(cluster, periods, lines.map((line) => placeLine(cluster, line)));

async function createPlaced(cluster: Cluster, periods: Periods, placed: readonly Placed[]): Promise<void> {
  for (let attempt = 1, left = placed; left.length > 0; attempt++) {
    const closed = new Set<string>();
    for (const index of indicesOf(left)) if (await periods.ensure(index) === 'retired') closed.add(index);
    // What comes after its period was retired would be forgotten at once.
    left = await createAll(cluster, left.filter(({ index }) => !closed.has(index)));
    // The index was taken away between two looks.
    for (const index of indicesOf(left)) periods.forget(index);
    if (left.length > 0 && attempt >= 3) throw new ClusterError(`there is no index ${left[0]?.index ?? ''}`, 404);
  }
}

/** Of who may not: an index that is missing is asked for, or its period is retired. */
export async function shipEvents(cluster: Cluster, periods: Periods, runs: readonly EvaluatedRun[]): Promise<readonly RetiredEvent[]> {
  const homeless = await createAll(cluster, runs.flatMap((run) => place(cluster, run))), retired: RetiredEvent[] = [], closed = new Set<string>();
  for (const index of indicesOf(homeless)) {
    periods.forget(index);
    const state = await periods.stateOf(index);
    if (state === 'retired') closed.add(index);
    if (state === 'missing') await periods.askFor(index);
  }
  for (const { index, stream, seq, source } of homeless) {
    if (!closed.has(index)) throw new ClusterError(`there is no index ${index} yet: the detector that leads makes it`, 404);
    retired.push({ stream, seq, text: readSource(source).line });
  }
  return retired;
}

/** Creates them; returns those whose index is missing. */
async function createAll(cluster: Cluster, placed: readonly Placed[]): Promise<readonly Placed[]> {
  const homeless: Placed[] = [];
  for (let attempt = 1, left = placed; left.length > 0; attempt++) {
    const results = await cluster.bulk(left.map(({ id, source, index }): BulkItem => ({ op: 'create', index, id, source }))), refused: Placed[] = [];
    results.forEach(({ status, reason }, i) => {
      const one = left[i] as Placed;
      if (status === 201 || status === 409) return;
      if (status === 400) refused.push({ ...one, source: deadLetter(one, reason) });
      else if (status === 404) homeless.push(one);
      else throw new ClusterError(`Elasticsearch refused event ${one.id}: ${reason}`, status);
    });
    if (refused.length > 0 && attempt >= 3) throw new ClusterError(`Elasticsearch refused event ${refused[0]?.id ?? ''} twice`, 400);
    left = refused;
  }
  return homeless;
}

function place(cluster: Cluster, run: EvaluatedRun): readonly Placed[] {
  const { stream, from, count, documents } = run;
  if (documents !== undefined) { assert(documents.ends.length === count, `expected ${count} documents in a run from ${from}, got ${documents.ends.length}`); return placeDocuments(cluster, stream, from, documents); }
  const lines = decoder.decode(run.events).split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  assert(lines.length === run.to - from + 1, `expected ${run.to - from + 1} events in a run from ${from}, got ${lines.length}`);
  return lines.map((line, i) => placeLine(cluster, { line, stream, seq: from + i }));
}

function placeDocuments({ prefix }: Cluster, stream: Stream, from: number, { bytes, ends, days }: RunDocuments): readonly Placed[] {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), placed: Placed[] = [];
  let at = 0, i = 0;
  for (const { day, count } of days) {
    const index = eventsIndex(prefix, stream.tier, day);
    for (const last = i + count; i < last; i++) {
      const end = ends[i] as number;
      placed.push({ stream, seq: from + i, id: whole.toString('latin1', at + ID_AT, whole.indexOf(QUOTE, at + ID_AT)), index, source: whole.subarray(at, end) });
      at = end;
    }
  }
  return placed;
}
/** Where a document's id begins, and what ends it. */
const ID_AT = '{"id":"'.length, QUOTE = 0x22;

function placeLine({ prefix }: Cluster, { line, stream, seq }: Line): Placed {
  const { id, day, text } = searchDocument(JSON.parse(line) as Event, streamName(stream), stream.tier, seq);
  return { stream, seq, id, index: eventsIndex(prefix, stream.tier, day), source: Buffer.from(text) };
}

/** The event with nothing in it that could be refused: found as an odd one, by its place and time. */
function deadLetter({ source }: Placed, reason: string): Buffer {
  const { id, time, received, day, tier, stream, seq, line } = readSource(source);
  return Buffer.from(JSON.stringify({ id, time, received, day, tier, stream, seq, odd: true, line, refused: reason.slice(0, REASON_UNITS_MAX) }));
}
const REASON_UNITS_MAX = 1_000;
const readSource = (source: Buffer): Readonly<Record<string, unknown>> & { readonly line: string } => JSON.parse(source.toString()) as Readonly<Record<string, unknown>> & { readonly line: string };
