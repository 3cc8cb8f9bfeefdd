// The thread of compile-away.ts: rules' texts in, the compiled set out as bytes in shared memory, and that is all it does.
import { serialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../assert.js';
import { compileSet, type RuleSetInput } from './engine.js';

assert(parentPort !== null, 'the compiler of rules runs as a worker thread');
const bytes = serialize(compileSet(workerData as Omit<RuleSetInput, 'n'>)), packed = new SharedArrayBuffer(bytes.length);
new Uint8Array(packed).set(bytes);
parentPort.postMessage(packed);
