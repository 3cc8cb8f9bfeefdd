// Parsing and normalizing, one thread: every line of ../shared/logs, bytes in, event out: milliseconds of processor time a megabyte of input and
// microseconds a line, by set, of short lines, of all products' lines shuffled, of lines that nobody wrote, then by product. Everything is read
// three times before anything is measured; the best round counts, since other work on the machine only ever adds. The engine compiles code anew
// for minutes, which counts as the process's time: a set is read until five rounds have brought nothing better, as a collector runs for months.
// `node dist/bench/parse.js [PRODUCT]`: one product or set only.
import { createParseContext, parseLine } from '../core/message/parse-line.js';
import { generatedLine, numbers, type GeneratedLine } from '../core/normalize/fixtures/generated-lines.js';
import { haveLogSets, logLines } from './support-log-sets.js';

const ROUNDS = 5, ROUNDS_MAX = 40, BETTER = 0.99, LINES_A_ROUND = 2000, LINES_MAX = 5000, WORST = 10, GENERATED = 20_000, SEED = 5;
const SHORT = { from: 60, to: 120 };
/** Lines of 250 bytes in a batch of the spool's. */
const BATCH = 1_000;
const received = Date.parse('2026-02-17T14:00:00Z');

interface Sent extends GeneratedLine { readonly product: string }
interface Lane { readonly name: string; readonly lines: GeneratedLine[] }
interface Figures { readonly name: string; readonly lines: number; readonly bytes: number; readonly msPerMb: number; readonly usPerLine: number }

function readAll(lines: readonly GeneratedLine[], times: number): number {
  const context = createParseContext(), before = process.cpuUsage();
  for (let i = 0; i < times; i++) for (const { bytes, encoding } of lines) parseLine({ bytes, encoding, received, source: '192.0.2.1', context });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

function measure({ name, lines }: Lane): Figures {
  const times = Math.max(1, Math.ceil(LINES_A_ROUND / lines.length)), bytes = lines.reduce((sum, line) => sum + line.bytes.length, 0);
  let best = Infinity;
  for (let round = 0, last = 0; round < ROUNDS_MAX && round - last < ROUNDS; round++) {
    const spent = readAll(lines, times);
    if (!(spent >= best * BETTER)) last = round;
    best = Math.min(best, spent);
  }
  return { name, lines: lines.length, bytes, msPerMb: best / 1000 / (bytes / 1e6), usPerLine: best / lines.length };
}

const HEAD = '| lines of | lines | bytes a line | ms/MB | µs/line |\n|---|---|---|---|---|\n';
const row = ({ name, lines, bytes, msPerMb, usPerLine }: Figures): string => `| ${name} | ${String(lines)} | ${(bytes / lines).toFixed(0)} | ${msPerMb.toFixed(1)} | ${usPerLine.toFixed(1)} |`;
const print = (figures: readonly Figures[]): void => { process.stdout.write(`${HEAD}${figures.map(row).join('\n')}\n\n`); };

function totalOf(name: string, figures: readonly Figures[]): Figures {
  const sum = (of: (one: Figures) => number): number => figures.reduce((so, one) => so + of(one), 0);
  const bytes = sum((one) => one.bytes), lines = sum((one) => one.lines), ms = sum((one) => one.msPerMb * one.bytes / 1e6);
  return { name, lines, bytes, msPerMb: ms / (bytes / 1e6), usPerLine: ms * 1000 / lines };
}

interface Lanes { readonly products: Lane[]; readonly sets: Lane[]; readonly mixed: Lane[] }

function lanesOf(wanted: string | undefined): Lanes {
  const products = new Map<string, Lane>(), sets = new Map<string, Lane>(), short: GeneratedLine[] = [], all: Sent[] = [];
  const laneOf = (lanes: Map<string, Lane>, name: string): Lane => { let lane = lanes.get(name); if (lane === undefined) lanes.set(name, lane = { name, lines: [] }); return lane; };
  for (const { set, product, bytes } of logLines()) {
    const name = `${set}: ${product}`;
    if (wanted !== undefined && !name.includes(wanted)) continue;
    const lane = laneOf(products, name), line = { bytes: new Uint8Array(bytes) };
    if (lane.lines.length >= LINES_MAX) continue;
    for (const { lines } of [lane, laneOf(sets, set)]) lines.push(line);
    if (bytes.length >= SHORT.from && bytes.length <= SHORT.to) short.push(line);
    if (set !== 'otrf-security-datasets') all.push({ ...line, product: name }); // one product with three quarters of the bytes
  }
  const pick = numbers(SEED), generated = Array.from({ length: GENERATED }, () => generatedLine(pick));
  const mixed = [{ name: `all sets, ${SHORT.from} to ${SHORT.to} bytes, shuffled`, lines: shuffled(short) }, { name: 'all sets but OTRF, shuffled line by line', lines: shuffled(all) }, { name: `the same in batches of ${BATCH.toLocaleString('en')}, product by product as the pipeline reads senders`, lines: inBatches(shuffled(all)) }, { name: 'nobody: generated', lines: generated }];
  return { products: [...products.values()], sets: [...sets.values()], mixed: mixed.filter(({ lines }) => lines.length > 0) };
}

function shuffled<T>(list: readonly T[]): T[] {
  const pick = numbers(SEED), other = [...list];
  for (let i = other.length - 1; i > 0; i--) { const j = pick(i + 1); [other[i], other[j]] = [other[j] as T, other[i] as T]; }
  return other;
}

/** As the pipeline reads a batch (core/pipeline/pipeline.ts): the lines of one sender one after the other. */
function inBatches(lines: readonly Sent[]): Sent[] {
  const ordered: Sent[] = [];
  for (let at = 0; at < lines.length; at += BATCH) {
    const batch = lines.slice(at, at + BATCH);
    for (const product of new Set(batch.map((line) => line.product))) ordered.push(...batch.filter((line) => line.product === product));
  }
  return ordered;
}

function main(wanted: string | undefined): void {
  if (!haveLogSets()) { process.stdout.write('not run: ../shared/logs is absent\n'); return; }
  const { products, sets, mixed } = lanesOf(wanted);
  for (let i = 0; i < 3; i++) for (const { lines } of [...products, ...mixed]) readAll(lines, 1); // the compiler has seen every kind of line
  print([...sets, ...mixed].map(measure));
  const figures = products.map(measure), total = totalOf('**all**', figures), slow = figures.filter(({ msPerMb }) => msPerMb > 50).sort((a, b) => b.msPerMb - a.msPerMb);
  print([...figures, total]);
  process.stdout.write(`over 50 ms/MB: ${String(slow.length)} of ${String(figures.length)} products, ${(100 * slow.reduce((sum, one) => sum + one.bytes, 0) / total.bytes).toFixed(0)} % of the bytes. The worst ${String(WORST)}:\n`);
  print(slow.slice(0, WORST));
}

main(process.argv[2]);
