// The pipeline's thread: takes rule sets and batches in the order they were sent, answers each batch with its run. What crashes here
// (memory, a loop without end) takes this thread and nothing else: client.ts finds the record and goes on.
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../assert.js';
import { SeenFields } from '../sigma/seen-fields.js';
import { compileEngine } from './engine.js';
import { createContext, evaluateBatch, warmUp, type Engine } from './pipeline.js';
import { evaluateStored } from './stored.js';
import { compileFormats } from '../process/format-files.js';
import type { FromWorker, ToWorker, WorkerData } from './protocol.js';

assert(parentPort !== null, 'the pipeline worker runs as a worker thread');
const port = parentPort;
const { formats = [], documents = false } = (workerData ?? {}) as Partial<WorkerData>;
const context = createContext(compileFormats(formats).formats.map(({ format }) => format)), seen = new SeenFields();
/** How often what was seen is told, beside a batch. */
const TELL_EVERY_MS = 60_000;
let toldAt = performance.now() - TELL_EVERY_MS;
let engine: Engine = { n: 0, evaluate: () => [] };

port.on('message', (message: ToWorker) => {
  const started = performance.now();
  switch (message.kind) {
    case 'rules': {
      const compiled = compileEngine(message.set, engine, seen);
      engine = compiled.engine;
      answer({ kind: 'rules', n: engine.n, problems: compiled.problems, compileMs: performance.now() - started });
      break;
    }
    case 'batch': case 'stored': {
      const run = message.kind === 'batch' ? evaluateBatch(message.batch, engine, context, { documents }) : evaluateStored(message.batch, engine);
      answer({ kind: 'run', run, busyMs: performance.now() - started }, [run.events, run.hits, ...(run.documents === undefined ? [] : [run.documents.bytes, run.documents.ends])].map(({ buffer }) => buffer as ArrayBuffer));
      if (started - toldAt >= TELL_EVERY_MS) { toldAt = started; answer({ kind: 'fields', kinds: seen.take() }); }
      break;
    }
    case 'formats': context.parse.formats = compileFormats(message.formats).formats.map(({ format }) => format); break;
    case 'warm': warmUp(message.lines, context); break;
    case 'warm-batch': evaluateBatch(message.batch, { n: 0, evaluate: () => [] }, context); break;
    default: message satisfies never;
  }
});

function answer(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}
