// Events into their indices: created under their ids, every item counted and judged. What is there already is there (the id holds the
// record's hash); what the server will not take becomes a dead letter under the same id, so that no position is missed. The index is a
// function of the record's tier and day of receipt, and of nothing else: a retry goes where the first try went.
import { assert } from '../../assert.js';
import type { EvaluatedRun } from '../../pipeline/run.js';
import type { Stream } from '../../record.js';
import type { RetiredEvent } from '../shared.js';
import { ClusterError, type BulkItem, type Cluster } from './cluster.js';
import { encodeEvent, type EventDocument } from './event-document.js';
import type { Periods } from './periods.js';
import { eventsIndex } from './templates.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export interface Line { readonly line: string; readonly stream: Stream; readonly seq: number }
interface Placed extends Line { readonly document: EventDocument; readonly index: string }
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

/** Of who may not: an index that is missing is waited for, or its period is retired. */
export async function shipEvents(cluster: Cluster, periods: Periods, runs: readonly EvaluatedRun[]): Promise<readonly RetiredEvent[]> {
  const homeless = await createAll(cluster, runs.flatMap((run) => place(cluster, run))), retired: RetiredEvent[] = [], closed = new Set<string>();
  for (const index of indicesOf(homeless)) {
    periods.forget(index);
    if (await periods.stateOf(index) === 'retired') closed.add(index);
  }
  for (const { index, stream, seq, line } of homeless) {
    if (!closed.has(index)) throw new ClusterError(`there is no index ${index} yet: the detector that leads makes it`, 404);
    retired.push({ stream, seq, text: line });
  }
  return retired;
}

/** Creates them; returns those whose index is missing. */
async function createAll(cluster: Cluster, placed: readonly Placed[]): Promise<readonly Placed[]> {
  const homeless: Placed[] = [];
  for (let attempt = 1, left = placed; left.length > 0; attempt++) {
    const results = await cluster.bulk(left.map(({ document: { id, source }, index }): BulkItem => ({ op: 'create', index, id, source }))), refused: Placed[] = [];
    results.forEach(({ status, reason }, i) => {
      const one = left[i] as Placed;
      if (status === 201 || status === 409) return;
      if (status === 400) refused.push({ ...one, document: { ...one.document, source: Buffer.from(deadLetter(one, reason)) } });
      else if (status === 404) homeless.push(one);
      else throw new ClusterError(`Elasticsearch refused event ${one.document.id}: ${reason}`, status);
    });
    if (refused.length > 0 && attempt >= 3) throw new ClusterError(`Elasticsearch refused event ${refused[0]?.document.id ?? ''} twice`, 400);
    left = refused;
  }
  return homeless;
}

function place(cluster: Cluster, run: EvaluatedRun): readonly Placed[] {
  const lines = decoder.decode(run.events).split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  assert(lines.length === run.to - run.from + 1, `expected ${run.to - run.from + 1} events in a run from ${run.from}, got ${lines.length}`);
  return lines.map((line, i) => placeLine(cluster, { line, stream: run.stream, seq: run.from + i }));
}

function placeLine(cluster: Cluster, { line, stream, seq }: Line): Placed {
  const document = encodeEvent(line, stream, seq);
  return { document, seq, line, stream, index: eventsIndex(cluster.prefix, document.tier, document.day) };
}

/** The event with nothing in it that could be refused: found as an odd one, by its place and time. */
function deadLetter({ document: { source } }: Placed, reason: string): string {
  const { id, time, received, day, tier, stream, seq, line } = JSON.parse(Buffer.from(source).toString()) as Readonly<Record<string, unknown>>;
  return JSON.stringify({ id, time, received, day, tier, stream, seq, odd: true, line, refused: reason.slice(0, REASON_UNITS_MAX) });
}
const REASON_UNITS_MAX = 1_000;
