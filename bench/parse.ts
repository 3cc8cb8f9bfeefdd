// Parsing and normalizing, one thread: every line of ../shared/logs, bytes in, event out, by product: milliseconds of processor time a
// megabyte of input and microseconds a line. Each product is read often enough to be measured; the best of five rounds counts, since
// other work on the machine only ever adds. `node dist/bench/parse.js [PRODUCT]`; with a product, each of its lines is timed.
import { createParseContext, parseLine } from '../core/message/parse-line.js';
import { haveLogSets, logLines } from './support-log-sets.js';

const ROUNDS = 5, LINES_A_ROUND = 2000, LINES_MAX = 5000, WORST = 10;
const received = Date.parse('2026-02-17T14:00:00Z');

interface Product { readonly name: string; readonly lines: Uint8Array[]; bytes: number }
interface Figures extends Product { readonly msPerMb: number; readonly usPerLine: number }

function readAll(lines: readonly Uint8Array[], times: number): number {
  const context = createParseContext(), before = process.cpuUsage();
  for (let i = 0; i < times; i++) for (const bytes of lines) parseLine({ bytes, received, source: '192.0.2.1', context });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

function measure(product: Product): Figures {
  const times = Math.max(1, Math.ceil(LINES_A_ROUND / product.lines.length));
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) best = Math.min(best, readAll(product.lines, times));
  return { ...product, msPerMb: best / 1000 / (product.bytes / 1e6), usPerLine: best / product.lines.length };
}

function row({ name, lines, bytes, msPerMb, usPerLine }: Figures): string {
  return `| ${name} | ${String(lines.length)} | ${(bytes / lines.length).toFixed(0)} | ${msPerMb.toFixed(1)} | ${usPerLine.toFixed(1)} |`;
}

function grouped(wanted: string | undefined): Product[] {
  const products = new Map<string, Product>();
  for (const { set, product, bytes } of logLines()) {
    const name = `${set}: ${product}`;
    if (wanted !== undefined && !name.includes(wanted)) continue;
    let entry = products.get(name);
    if (entry === undefined) products.set(name, entry = { name, lines: [], bytes: 0 });
    if (entry.lines.length >= LINES_MAX) continue;
    entry.lines.push(new Uint8Array(bytes));
    entry.bytes += bytes.length;
  }
  return [...products.values()];
}

function main(wanted: string | undefined): void {
  if (!haveLogSets()) { process.stdout.write('not run: ../shared/logs is absent\n'); return; }
  const products = grouped(wanted);
  for (let i = 0; i < 3; i++) for (const { lines } of products) readAll(lines, 1); // the compiler has seen every kind of line
  const figures = products.map(measure);
  const bytes = figures.reduce((sum, one) => sum + one.bytes, 0), lines = figures.reduce((sum, one) => sum + one.lines.length, 0), ms = figures.reduce((sum, one) => sum + one.msPerMb * one.bytes / 1e6, 0);
  const head = '| product | lines | bytes a line | ms/MB | µs/line |\n|---|---|---|---|---|\n';
  process.stdout.write(`${head}${figures.map(row).join('\n')}\n| **all** | ${String(lines)} | ${(bytes / lines).toFixed(0)} | ${(ms / (bytes / 1e6)).toFixed(1)} | ${(ms * 1000 / lines).toFixed(1)} |\n`);
  const slow = [...figures].sort((a, b) => b.msPerMb - a.msPerMb);
  process.stdout.write(`\nover 50 ms/MB: ${String(slow.filter(({ msPerMb }) => msPerMb > 50).length)} of ${String(slow.length)} products, ${(100 * slow.filter(({ msPerMb }) => msPerMb > 50).reduce((sum, one) => sum + one.bytes, 0) / bytes).toFixed(0)} % of the bytes. The worst ${String(WORST)}:\n${head}${slow.slice(0, WORST).map(row).join('\n')}\n`);
}

main(process.argv[2]);
