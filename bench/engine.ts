// The fast engine beside the reference interpreter: the same rules over the same lines, JSON parse included, one thread, and the
// same hits or it is said. Lanes come from a seeded generator of our own; rules are the public corpus where ../shared is there,
// else ours. `npm run bench -- engine [EVENTS A LANE]`.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../core/event.js';
import { projectRoot } from '../core/process/built.js';
import { compileRules, type RuleSource } from '../core/sigma/compile-rules.js';
import type { RuleSet } from '../core/sigma/compiled.js';
import { Engine } from '../core/sigma/engine.js';
import { FastEngine, type RuleEngine } from '../core/sigma/fast/engine.js';
import { eventsOf, LANES } from './support-lanes.js';

const EVENTS = Number(process.argv[2] ?? 10_000);
/** The reference is slower by an order of magnitude: it answers for the first of them. */
const COMPARED = Math.min(EVENTS, 1000);
const RUNS = 3;
const compile = (some: readonly RuleSource[]): RuleSet => compileRules(some, { sha256: (text) => createHash('sha256').update(text).digest('hex') });

const sources = readSources();
const loading = performance.now(), corpus = compile(sources), loadMs = performance.now() - loading;
process.stdout.write(`${corpus.rules.filter(({ state }) => state === 'alive').length} rules loaded in ${(loadMs / 1000).toFixed(1)} s\n`);
print(['lane', 'bytes', 'reference/s', 'fast/s', 'times', 'µs/event', 'asked', 'rules', 'hits', 'compile ms', 'same']);
for (const lane of LANES) print(runLane(lane.name, eventsOf(lane, EVENTS), corpus));
process.stdout.write(`memory with all lanes' rules compiled: ${memoryMb()} MB\n\nrules, W1 (copies beyond the corpus have altered literals)\n`);

print(['rules', 'load s', 'fast/s', 'asked', 'table MB']);
for (const count of [100, 1000, 3000, 10_000]) print(runScale(count));

function runLane(name: string, lines: readonly string[], rules: RuleSet): string[] {
  const fast = new FastEngine(rules), reference = new Engine(rules);
  const first = JSON.parse(lines[0] as string) as Event, started = performance.now();
  fast.evaluate(first);
  const compileMs = performance.now() - started;
  let isSame = true, hits = 0;
  for (const line of lines.slice(0, COMPARED)) {
    const event = JSON.parse(line) as Event;
    isSame &&= namesOf(fast, event) === namesOf(reference, event);
  }
  const slow = rate(reference, lines.slice(0, COMPARED)), before = fast.stats().asked, quick = rate(fast, lines);
  for (const line of lines) hits += fast.evaluate(JSON.parse(line) as Event).length;
  const bytes = lines.reduce((sum, line) => sum + line.length, 0) / lines.length, asked = (fast.stats().asked - before) / (lines.length * (RUNS + 1));
  return [name, bytes.toFixed(0), slow.toFixed(0), quick.toFixed(0), (quick / slow).toFixed(1), (1e6 / quick).toFixed(1), asked.toFixed(1), String(fast.candidates(first).length), (hits / lines.length).toFixed(2), compileMs.toFixed(0), isSame ? 'yes' : 'NO'];
}

function runScale(count: number): string[] {
  const windows = sources.filter(({ text }) => /^\s+category: process_creation/m.test(text) && /^\s+product: windows/m.test(text)), some: RuleSource[] = [];
  for (let copy = 0; some.length < count; copy++) for (const { file, text } of shuffled(windows.length > 0 ? windows : sources)) if (some.length < count) some.push({ file: `${copy}-${file}`, text: copy === 0 ? text : altered(text, copy) });
  const started = performance.now(), fast = new FastEngine(compile(some)), lines = eventsOf(LANES[0] as (typeof LANES)[number], EVENTS);
  fast.evaluate(JSON.parse(lines[0] as string) as Event);
  const seconds = (performance.now() - started) / 1000, before = fast.stats().asked, quick = rate(fast, lines), { asked, bytes } = fast.stats();
  return [String(count), seconds.toFixed(1), quick.toFixed(0), ((asked - before) / (lines.length * RUNS)).toFixed(1), (bytes / 1e6).toFixed(0)];
}

/** The best of a few runs, events a second: the machine is shared. */
function rate(engine: RuleEngine, lines: readonly string[]): number {
  let best = 0;
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    for (const line of lines) engine.evaluate(JSON.parse(line) as Event);
    best = Math.max(best, lines.length / (performance.now() - started) * 1000);
  }
  return best;
}

function namesOf(engine: RuleEngine, event: Event): string { return engine.evaluate(event).map(({ rule }) => rule.uid).join(); }

/** Another rule of the same shape: its quoted values and list items begin otherwise. */
function altered(text: string, copy: number): string {
  return text.replace(/^(\s+(?:- |\S+\|(?:contains|endswith|startswith): )')([^'\n]{2})/gm, `$1$2~${copy}`).replace(/^id: .*$/m, '');
}

function shuffled<T>(items: readonly T[]): T[] {
  const order = items.map((item, i) => ({ item, key: Math.imul(i + 1, 0x9e3779b1) >>> 0 }));
  return order.sort((one, two) => one.key - two.key).map(({ item }) => item);
}

function readSources(): RuleSource[] {
  const archive = join(projectRoot, '..', 'shared', 'sigma', 'sigmahq-rules.tar.gz');
  if (!existsSync(archive)) return filesIn(join(projectRoot, 'rules'));
  const folder = mkdtempSync(join(tmpdir(), 'haidang-bench-'));
  try {
    execFileSync('tar', ['xzf', archive, '-C', folder]);
    return filesIn(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function filesIn(folder: string): RuleSource[] {
  return readdirSync(folder).sort().flatMap((name): RuleSource[] => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesIn(path);
    return name.endsWith('.yml') && !name.endsWith('.test.yml') ? [{ file: path, text: readFileSync(path, 'utf8') }] : [];
  });
}

function memoryMb(): string { return (process.memoryUsage().rss / 1e6).toFixed(0); }
function print(row: readonly string[]): void { process.stdout.write(`${row.map((cell, at) => (at === 0 ? cell.padEnd(24) : cell.padStart(12))).join('')}\n`); }
