// Events into their indices: created under their ids, every item counted and judged. What is there already is there (the id holds the
// record's hash); what the server will not take becomes a dead letter under the same id, so that no position is missed.
import { assert } from '../../assert.js';
import type { EvaluatedRun } from '../../pipeline/run.js';
import { ClusterError, type BulkItem, type Cluster } from './cluster.js';
import { encodeEvent, type EventDocument } from './event-document.js';
import type { Periods } from './periods.js';
import { eventsIndex } from './templates.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

interface Placed { readonly document: EventDocument; readonly index: string; readonly seq: number }

export async function appendEvents(cluster: Cluster, periods: Periods, runs: readonly EvaluatedRun[]): Promise<void> {
  const placed = runs.flatMap((run) => place(cluster, run));
  for (let attempt = 1, left: readonly Placed[] = placed; left.length > 0; attempt++) {
    const closed = new Set<string>();
    for (const index of new Set(left.map(({ index: name }) => name))) if (await periods.ensure(index) === 'retired') closed.add(index);
    // What comes after its period was retired would be forgotten at once.
    left = left.filter(({ index }) => !closed.has(index));
    const results = await cluster.bulk(left.map(({ document: { id, source }, index }): BulkItem => ({ op: 'create', index, id, source }))), refused: Placed[] = [], homeless: Placed[] = [];
    results.forEach(({ status, reason }, i) => {
      const one = left[i] as Placed;
      if (status === 201 || status === 409) return;
      if (status === 400) refused.push({ ...one, document: { ...one.document, source: deadLetter(one, reason) } });
      // The index was taken away between two looks.
      else if (status === 404 && attempt < 3) { periods.forget(one.index); homeless.push(one); }
      else throw new ClusterError(`Elasticsearch refused event ${one.document.id}: ${reason}`, status);
    });
    if (refused.length > 0 && attempt >= 3) throw new ClusterError(`Elasticsearch refused event ${refused[0]?.document.id ?? ''} twice`, 400);
    left = [...refused, ...homeless];
  }
}

function place(cluster: Cluster, run: EvaluatedRun): readonly Placed[] {
  const lines = decoder.decode(run.events).split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  assert(lines.length === run.to - run.from + 1, `expected ${run.to - run.from + 1} events in a run from ${run.from}, got ${lines.length}`);
  return lines.map((line, i) => {
    const seq = run.from + i, document = encodeEvent(line, run.stream, seq);
    return { document, seq, index: eventsIndex(cluster.prefix, document.tier, document.day) };
  });
}

/** The event with nothing in it that could be refused: found as an odd one, by its place and time. */
function deadLetter({ document: { source } }: Placed, reason: string): string {
  const { id, time, received, day, tier, stream, seq, doc } = JSON.parse(source) as Readonly<Record<string, unknown>>;
  return JSON.stringify({ id, time, received, day, tier, stream, seq, odd: true, doc, refused: reason });
}
