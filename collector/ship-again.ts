// A part of a segment that was not found whole in the store: parsed again, and its events created again. What is there already stays; what
// the store will not have, since its day was given up, is returned.
import { Pipeline } from '../core/pipeline/client.js';
import type { EvaluatedRun, RecordBatch } from '../core/pipeline/run.js';
import type { Problem } from '../core/problem.js';
import type { FormatText } from '../core/process/format-files.js';
import type { RetiredEvent, Shared } from '../core/store/shared.js';

export async function shipAgain(batch: RecordBatch, shared: () => Promise<Pick<Shared, 'ship'>>, formats: readonly FormatText[], onProblem: (problem: Problem) => void): Promise<readonly RetiredEvent[]> {
  let done: (run: EvaluatedRun) => void = () => undefined;
  const pipeline = new Pipeline({ formats, onRun: (run) => { done(run); }, onProblem });
  try {
    const run = await new Promise<EvaluatedRun>((resolve) => { done = resolve; pipeline.take(batch); });
    return await (await shared()).ship([run]);
  } finally { await pipeline.stop(); }
}
