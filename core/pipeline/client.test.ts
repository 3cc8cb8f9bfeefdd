import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Event } from '../event.js';
import type { Problem } from '../problem.js';
import { builtUrl } from '../process/built.js';
import { Pipeline, type PipelineOptions } from './client.js';
import { NO_RULES, type RuleSetInput } from './engine.js';
import { hitsOf } from './hits.js';
import type { EvaluatedRun, RecordBatch } from './run.js';
import { batchOf, sshdLine } from './test-helper.js';

const RULE = `title: Failed sign-in
id: 00000000-0000-4000-8000-000000000001
logsource: { product: linux, service: sshd }
detection:
  sel: { message|contains: 'Failed password' }
  condition: sel
level: low
`;
const setOf = (n: number, ...texts: string[]): RuleSetInput => ({ ...NO_RULES, n, sources: texts.map((text, i) => ({ file: `r${i}.yml`, text })) });
const failed = (n: number): { line: string } => ({ line: sshdLine(`Failed password for root from 203.0.113.9 port ${n} ssh2`) });

const open: Pipeline[] = [];
const folder = mkdtempSync(join(tmpdir(), 'haidang-pipeline-'));
afterEach(async () => { await Promise.all(open.splice(0).map((pipeline) => pipeline.stop())); });
afterAll(() => rmSync(folder, { recursive: true }));

function start(options: Partial<PipelineOptions> = {}): { pipeline: Pipeline; runs: EvaluatedRun[]; problems: Problem[]; until: (position: number) => Promise<void> } {
  const runs: EvaluatedRun[] = [], problems: Problem[] = [];
  let waiting: { position: number; done: () => void } | undefined;
  const pipeline = new Pipeline({
    onRun: (run) => { runs.push(run); if (waiting !== undefined && run.to >= waiting.position) waiting.done(); },
    onProblem: (problem) => problems.push(problem), ...options,
  });
  open.push(pipeline);
  return { pipeline, runs, problems, until: (position) => new Promise((done) => { if ((runs.at(-1)?.to ?? 0) >= position) done(); else waiting = { position, done }; }) };
}
const eventsOf = (runs: readonly EvaluatedRun[]): Event[] => runs.flatMap(({ events }) => Buffer.from(events).toString().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Event));

test('runs come back in order, evaluated under the set in force when the batch was taken', async () => {
  const { pipeline, runs, until } = start();
  void pipeline.setRules(setOf(1));
  pipeline.take(batchOf([failed(1), failed(2)], 1));
  void pipeline.setRules(setOf(2, RULE));
  pipeline.take(batchOf([failed(3)], 3));
  pipeline.take(batchOf([failed(4)], 4));
  await until(4);
  expect(runs.map(({ from, to, ruleSet, hits }) => [from, to, ruleSet, hits.length > 0])).toEqual([[1, 2, 1, false], [3, 3, 2, true], [4, 4, 2, true]]);
  expect(hitsOf(runs[1]!)[0]!.atoms[0]).toMatchObject({ field: 'message' });
});

test('a broken rule is told and the others run', async () => {
  const { pipeline, runs, until } = start();
  const problems = await pipeline.setRules(setOf(1, RULE, 'title: Broken\ndetection: [\n'));
  expect(problems.filter(({ severity }) => severity !== 'warning')[0]).toMatchObject({ file: 'r1.yml' });
  pipeline.take(batchOf([failed(1)]));
  await until(1);
  expect(hitsOf(runs[0]!)).toHaveLength(1);
});

test('what was taken is not detached from its owner', async () => {
  const { pipeline, until } = start();
  const batch = batchOf([failed(1)]), before = Buffer.from(batch.bytes);
  pipeline.take(batch);
  await until(1);
  expect(Buffer.from(batch.bytes)).toEqual(before);
});

/** A worker that dies, or stands still, on a record with this word in it. */
function worker(word: string, how: string): URL {
  const file = join(folder, `${how.length}-${word}.mjs`);
  writeFileSync(file, `import { parentPort } from 'node:worker_threads';
    const on = parentPort.on.bind(parentPort);
    parentPort.on = (name, listener) => on(name, (message) => {
      if (message.kind === 'batch' && Buffer.from(message.batch.bytes).includes('${word}')) { ${how} }
      listener(message);
    });
    await import(${JSON.stringify(builtUrl(import.meta.url, './worker.js').href)});`);
  return pathToFileURL(file);
}

test.each([['dies', 'process.exit(9)'], ['runs out of memory', 'const all = []; for (;;) all.push(new Array(100_000).fill(all.length))'], ['throws', 'throw new Error("boom")'], ['stands still', 'for (;;);']])(
  'a record on which the thread %s is stored as text, alone, and nothing else is lost', async (_, how) => {
    const { pipeline, runs, problems, until } = start({ workerUrl: worker('POISON', how), standstillMs: 5_000, memoryMb: 64 });
    await pipeline.setRules(setOf(5, RULE));
    const lines = Array.from({ length: 9 }, (__, i) => (i === 6 ? { line: 'POISON here' } : failed(i)));
    pipeline.take(batchOf(lines.slice(0, 4), 1));
    pipeline.take(batchOf(lines.slice(4, 9), 5));
    pipeline.take(batchOf([failed(10)], 10));
    await until(10);
    const events = eventsOf(runs);
    expect(events.map((event) => event['haidang.seq'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(events.filter((event) => Array.isArray(event['tags']) && event['tags'].includes('poison')).map((event) => event['event.original'])).toEqual(['POISON here']);
    expect(runs.flatMap(hitsOf)).toHaveLength(9);
    expect(new Set(runs.map(({ ruleSet }) => ruleSet))).toEqual(new Set([5]));
    expect(problems.map(({ code }) => code)).toEqual(['pipeline.record.poison']);
  }, 30_000);

test('joining survives a restart: lines just before the cursor are read again, and nothing comes of them', async () => {
  const line = (type: string, rest: string): string => `<134>Nov 22 12:00:00 web-01 audispd: type=${type} msg=audit(1795323600.123:77): ${rest}`;
  const syscall = line('SYSCALL', 'arch=c000003e syscall=59 success=yes exit=0 pid=4011 auid=1001 uid=0 comm="id" exe="/usr/bin/id" key="exec"');
  const execve = line('EXECVE', 'argc=1 a0="id"');
  const whole = start();
  whole.pipeline.take(batchOf([{ line: syscall }, { line: execve }]));
  await whole.until(2);
  const cold = start();
  cold.pipeline.take(batchOf([{ line: execve }], 2));
  await cold.until(2);
  const warm = start();
  warm.pipeline.warmUp([{ original: syscall, received: Date.UTC(2026, 10, 22, 5), source: '192.0.2.10 ' }]);
  warm.pipeline.take(batchOf([{ line: execve }], 2));
  await warm.until(2);
  const bare = (runs: readonly EvaluatedRun[]): object => { const { 'event.id': _id, 'event.created': _created, ...event } = eventsOf(runs).at(-1)!; return event; };
  expect(bare(warm.runs)).toEqual(bare(whole.runs));
  expect(bare(cold.runs)).not.toEqual(bare(whole.runs));
  expect(warm.runs).toHaveLength(1);
});

test('a stopped pipeline answers nothing and lets go', async () => {
  const { pipeline, runs } = start();
  const batch: RecordBatch = batchOf([failed(1)]);
  await pipeline.stop();
  pipeline.take(batch);
  await expect(pipeline.setRules(setOf(1))).rejects.toThrow('stopped');
  expect(runs).toEqual([]);
});

test('sources that the site described are read by the thread; encodings are the system\'s', async () => {
  const formats = [{ file: 'gate.yml', text: "format: acme.gate\nmatch: { starts: 'GATE|' }\nread: { delimiter: '|', columns: [_, who, from] }\nfields: { user.name: who, source.ip: from }\n" }];
  const { pipeline, runs, until } = start({ formats });
  const line = Buffer.concat([Buffer.from('<13>Nov 22 12:00:00 g1 app: GATE|Ti'), Buffer.from([0xea, 0xec]), Buffer.from('n|203.0.113.9')]);
  pipeline.take(batchOf([{ line, arrival: { encoding: 'windows-1258' } }]));
  await until(1);
  expect(eventsOf(runs)[0]).toMatchObject({ 'event.dataset': 'acme.gate', 'user.name': 'Tiến', 'source.ip': '203.0.113.9', 'haidang.encoding': 'windows-1258', 'event.original_b64': line.toString('base64') });
  expect(eventsOf(runs)[0]!['tags']).toBeUndefined();
});
