// The thread that draws one PDF and ends.
import { parentPort, workerData } from 'node:worker_threads';
import type { ComplianceData } from '../compliance.js';
import { printPdf } from './pdf.js';
import type { About } from './words.js';

const { data, about } = workerData as { readonly data: ComplianceData; readonly about: About };
parentPort?.postMessage(new Uint8Array(await printPdf(data, about)));
