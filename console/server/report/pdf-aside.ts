// Draws a PDF in a thread of its own: it takes a second of computing, and the main thread serves people. One at a time; the thread ends
// with its work and its memory with it.
import { Worker } from 'node:worker_threads';
import { builtUrl } from '../../../core/process/built.js';
import type { ComplianceData } from '../compliance.js';
import type { About } from './words.js';

const DRAWING_MS_MAX = 120_000;
let last: Promise<unknown> = Promise.resolve();

export function printPdfAside(data: ComplianceData, about: About): Promise<Buffer> {
  const drawing = last.then(() => draw(data, about), () => draw(data, about));
  last = drawing;
  return drawing;
}

function draw(data: ComplianceData, about: About): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(builtUrl(import.meta.url, './pdf-worker.js'), { workerData: { data, about }, name: 'report', resourceLimits: { maxOldGenerationSizeMb: 512 } });
    const timer = setTimeout(() => { void worker.terminate(); }, DRAWING_MS_MAX);
    worker.once('message', (bytes: Uint8Array) => resolve(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
    worker.once('error', reject);
    worker.once('exit', (code) => { clearTimeout(timer); reject(new Error(`the report was not drawn (exit code ${code})`)); });
  });
}
