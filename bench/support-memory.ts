// A process of its own that holds nothing but the rules and what evaluates them: what it weighs. Started by bench/engine.ts.
import { keepHeapsSmall } from '../core/process/heap.js';
import { eventFromJson } from '../core/sigma/events.js';
import { FastEngine } from '../core/sigma/fast/engine.js';
import { LANES, linesOf } from './support-lanes.js';
import { compile, readRules } from './support-rules.js';

keepHeapsSmall(); // as the product does
const engine = new FastEngine(compile(readRules()));
for (const lane of LANES) for (const line of linesOf(lane, 300)) { engine.evaluate(eventFromJson(line) ?? {}); engine.evaluateJson(Buffer.from(line)); }
(globalThis as { gc?: () => void }).gc?.();
const { rss, heapUsed, external } = process.memoryUsage();
process.stdout.write(`${JSON.stringify({ rss, heapUsed, external, tables: engine.stats().bytes })}\n`);
