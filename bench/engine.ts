// The fast engine beside rsigma and beside our own reference interpreter: same rules, same lines, one thread, JSON parse included,
// result objects made; runs take turns, the best of each counts, and who meets which rule is compared line by line. Rates are of
// processor time (ours with all that V8 does beside: compiling, collecting), so that a busy machine does not decide.
// `npm run bench -- engine [EVENTS A LANE] [LANE...]`; lanes by the start of their names, `W1 W8`, and `others` for what is no lane; with names only those run.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtUrl, projectRoot } from '../core/process/built.js';
import { Engine, type Routing } from '../core/sigma/engine.js';
import { eventFromJson } from '../core/sigma/events.js';
import { FastEngine, type RuleEngine } from '../core/sigma/fast/engine.js';
import type { RuleSource } from '../core/sigma/compile-rules.js';
import type { RuleSet } from '../core/sigma/compiled.js';
import { valueCountRate } from './support-correlation.js';
import { linesOf, LANES, type Lane } from './support-lanes.js';
import { openRsigma, Rsigma } from './support-rsigma.js';
import { compile, readRules, scaled, writeRules } from './support-rules.js';
import { worstRules } from './support-worst.js';

const EVENTS = Number(process.argv[2] ?? 10_000), wanted = process.argv.slice(3);
/** The reference is slower by orders of magnitude: it answers for the first of them. */
const BY_REFERENCE = 300;
const ROUNDS = 5;
const WORK = join(projectRoot, 'bench', '.work');
mkdirSync(WORK, { recursive: true });

const opened = openRsigma(), peer = opened instanceof Rsigma ? opened : undefined;
say(opened instanceof Rsigma ? `beside rsigma ${opened.version}` : `not run: the comparison with rsigma (${opened})`);
const sources = readRules(), { rules, seconds } = load(sources);
const alive = rules.rules.filter(({ state }) => state === 'alive'), uids = new Set(alive.map(({ uid }) => uid));
const shared = sources.filter(({ text }) => uids.has(/^id: (\S+)/m.exec(text)?.[1] ?? ''));
say(`${alive.length} rules loaded in ${seconds.toFixed(1)} s`);
if (peer !== undefined) {
  writeRules(join(WORK, 'rules'), shared);
  const loaded = await peer.load(join(WORK, 'rules'));
  say(`rsigma: ${loaded.rules} of ${shared.length} loaded, ${loaded.refused} refused, in ${(loaded.ms / 1000).toFixed(1)} s`);
}
const odd = new Map<string, number>();
for (const isRouted of [true, false]) await runLanes(isRouted);
// By log source rsigma shows an event that names no product to the rules of every product: see docs/benchmarks.md.
if (odd.size > 0) say(`\nrules that one of the two sees otherwise: ${odd.size}\n${[...odd].map(([id, lines]) => `  ${id} on ${lines} lines`).join('\n')}`);
if (wanted.length === 0 || wanted.includes('others')) { await runScale(); runOthers(); }
peer?.close();

async function runLanes(isRouted: boolean): Promise<void> {
  say(`\n${isRouted ? 'each rule on the events of its log source' : 'every rule on every event'}`);
  row(['lane', 'bytes', 'distinct', 'reference/s', 'rsigma/s', 'ours/s', 'times', 'µs/event', 'asked', 'hits', 'compile ms', 'same']);
  await peer?.route(isRouted);
  const ratios: number[] = [];
  for (const lane of LANES) {
    if (wanted.length > 0 && !wanted.some((name) => lane.name.startsWith(`${name} `))) continue;
    const ratio = await runLane(lane, isRouted ? {} : { anyLogsource: true });
    if (ratio !== undefined) ratios.push(ratio);
  }
  if (ratios.length > 0) say(`geometric mean ${Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length).toFixed(2)}, least ${Math.min(...ratios).toFixed(2)}`);
}

async function runLane(lane: Lane, routing: Routing): Promise<number | undefined> {
  const lines = linesOf(lane, Math.ceil(EVENTS * (lane.share ?? 1))), file = join(WORK, `${lane.name.split(' ')[0] as string}.ndjson`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  const fast = new FastEngine(rules, routing), reference = new Engine(rules, routing);
  const started = performance.now();
  fast.evaluate(eventFromJson(lines[0] as string) ?? {});
  const compileMs = performance.now() - started;

  const input = readFileSync(file), ours = lines.map((line) => fast.evaluateJson(Buffer.from(line)).map(({ rule }) => rule.uid)), first = lines.slice(0, BY_REFERENCE);
  const isExact = first.every((line, i) => idsOf(reference, line).join() === (ours[i] as string[]).join());
  const differing = peer === undefined ? 0 : compare(ours, await peer.match(file));
  const before = fast.stats().asked, slow = first.length / time(reference, first);
  let best = 0, theirs = 0;
  for (let round = 0; round < ROUNDS; round++) {
    best = Math.max(best, lines.length / timeBytes(fast, input));
    if (peer !== undefined) theirs = Math.max(theirs, await peer.time(file, lines.length));
  }
  const asked = (fast.stats().asked - before) / lines.length / ROUNDS, hits = ours.reduce((sum, { length }) => sum + length, 0) / lines.length;
  row([lane.name, (lines.join('').length / lines.length).toFixed(0), String(distinct(lines, lane.varied)), slow.toFixed(0), theirs.toFixed(0), best.toFixed(0), (best / theirs).toFixed(2), (1e6 / best).toFixed(1), asked.toFixed(1), hits.toFixed(2), compileMs.toFixed(0),
    isExact ? (differing === 0 ? 'yes' : `but ${differing}`) : 'NO']);
  return peer === undefined ? undefined : best / theirs;
}

/** On how many lines the two differ; which rules they are is counted in `odd`. */
function compare(ours: readonly (readonly string[])[], theirs: readonly (readonly string[])[]): number {
  let lines = 0;
  ours.forEach((mine, i) => {
    const one = new Set(mine), other = new Set(theirs[i]);
    const differing = [...[...one].filter((id) => !other.has(id)).map((id) => `${id} ours only`), ...[...other].filter((id) => !one.has(id)).map((id) => `${id} theirs only`)];
    if (differing.length > 0) lines++;
    for (const id of differing) odd.set(id, (odd.get(id) ?? 0) + 1);
  });
  return lines;
}

async function runScale(): Promise<void> {
  say('\nrules, W1; those beyond the corpus are copies with other literals');
  row(['rules', 'load s', 'rsigma/s', 'ours/s', 'times', 'asked', 'table MB']);
  const lane = LANES[0] as Lane, lines = linesOf(lane, EVENTS), file = join(WORK, 'W1.ndjson');
  writeFileSync(file, `${lines.join('\n')}\n`);
  for (const count of [100, 1000, 3000, 10_000]) {
    const some = scaled(sources, count), loaded = load(some), fast = new FastEngine(loaded.rules);
    writeRules(join(WORK, 'scaled'), some);
    await peer?.load(join(WORK, 'scaled'));
    await peer?.route(true);
    const input = readFileSync(file);
    timeBytes(fast, input);
    let best = 0, theirs = 0;
    const before = fast.stats().asked;
    for (let round = 0; round < ROUNDS; round++) {
      best = Math.max(best, lines.length / timeBytes(fast, input));
      if (peer !== undefined) theirs = Math.max(theirs, await peer.time(file, lines.length));
    }
    const { asked, bytes } = fast.stats();
    row([String(count), loaded.seconds.toFixed(1), theirs.toFixed(0), best.toFixed(0), (best / theirs).toFixed(2), ((asked - before) / lines.length / ROUNDS).toFixed(1), (bytes / 1e6).toFixed(0)]);
  }
}

function runOthers(): void {
  const { rate, held } = valueCountRate();
  say(`\nvalue_count, 1,800 different values in each of 100 groups: ${rate.toFixed(0)} hits/s, ${held} held`);
  const memory = JSON.parse(execFileSync(process.execPath, ['--expose-gc', fileURLToPath(builtUrl(import.meta.url, './support-memory.js'))], { encoding: 'utf8' })) as Record<'rss' | 'heapUsed' | 'tables', number>;
  say(`a process with all rules, every lane seen: ${(memory.rss / 1e6).toFixed(0)} MB, of it tables ${(memory.tables / 1e6).toFixed(0)}, heap ${(memory.heapUsed / 1e6).toFixed(0)}`);
  say('\none hostile rule on an event of 8 KB');
  row(['rule', 'µs', 'first µs']);
  for (const { name, median, first, refused } of worstRules()) if (refused === undefined) row([name, median.toFixed(0), first.toFixed(0)]); else say(`${name.padEnd(24)}  ${refused}`);
}

function load(some: readonly RuleSource[]): { readonly rules: RuleSet; readonly seconds: number } {
  const started = performance.now(), set = compile(some);
  return { rules: set, seconds: (performance.now() - started) / 1000 };
}

/** Processor seconds for all lines of a file, found and read where they stand. */
function timeBytes(engine: FastEngine, input: Buffer): number {
  const started = process.cpuUsage();
  for (let from = 0, to = input.indexOf(10); to >= 0; from = to + 1, to = input.indexOf(10, from)) engine.evaluateJson(input, from, to);
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

/** Processor seconds for all lines. */
function time(engine: RuleEngine, lines: readonly string[]): number {
  const started = process.cpuUsage();
  for (const line of lines) engine.evaluate(eventFromJson(line) ?? {});
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

function idsOf(engine: RuleEngine, line: string): string[] { return engine.evaluate(eventFromJson(line) ?? {}).map(({ rule }) => rule.uid); }
function distinct(lines: readonly string[], field: string): number { return new Set(lines.map((line) => (JSON.parse(line) as Record<string, unknown>)[field])).size; }
function row(cells: readonly string[]): void { say(cells.map((cell, at) => (at === 0 ? cell.padEnd(24) : cell.padStart(12))).join('')); }
function say(text: string): void { process.stdout.write(`${text}\n`); }
