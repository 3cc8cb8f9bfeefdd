import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { MANIFEST_NAME, printManifest } from '../../core/rule-manifest.js';
import { compileRules } from '../../core/sigma/compile-rules.js';
import type { Routing } from '../../core/sigma/engine.js';
import { evaluateStream } from './eval.js';
import { readRules } from './rule-files.js';
import { lint, runTests } from './rules.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function evaluate(rules: string, lines: readonly string[], routing: Routing = {}, raw = false, reference?: boolean): Promise<{ rows: Record<string, unknown>[]; errors: string }> {
  const output = new PassThrough(), errors = new PassThrough(), parts: Buffer[] = [];
  output.on('data', (part: Buffer) => parts.push(part));
  await evaluateStream(Readable.from([Buffer.from(lines.map((line) => `${line}\n`).join(''))]), output, errors, compileRules([{ file: 'r.yml', text: rules }], { sha256 }), routing, { raw, input: 'lines', reference });
  return { rows: Buffer.concat(parts).toString().split('\n').filter((row) => row !== '').map((row) => JSON.parse(row) as Record<string, unknown>), errors: String((errors.read() as Buffer | null) ?? '') };
}

const RULES = `title: Refused
id: 6f3e2987-db24-4c78-a860-b4f4095a7095
name: refused
level: low
logsource: {product: linux, service: sshd}
detection: {s: {message|contains: 'failed password'}, condition: s}
---
title: Guessing
id: 5638f7c0-ac70-491d-8465-2a65075e0d86
level: high
correlation: {type: event_count, rules: [refused], group-by: [source.ip], timespan: 60s, condition: {gte: 3}, generate: true}
`;
const line = (second: number, ip: string): string => `<38>Nov 22 10:00:${String(second).padStart(2, '0')} gw sshd[9]: Failed password for root from ${ip} port 22 ssh2`;

test('raw lines: rules report with their atoms and bytes, a correlation with the lines of its window, by event time', async () => {
  const raw = [line(30, '192.0.2.1'), line(10, '192.0.2.1'), 'noise', line(20, '192.0.2.1'), line(21, '192.0.2.2')];
  const { rows } = await evaluate(RULES, raw, {}, true);
  const single = rows.filter(({ group }) => group === undefined), grouped = rows.filter(({ group }) => group !== undefined);
  expect(single.map((row) => row['line'])).toEqual([1, 2, 4, 5]);
  const { atoms: [atom] } = single[0]?.['proof'] as { atoms: { start: number; end: number; field: string }[] };
  expect(Buffer.from(raw[0] as string).subarray(atom?.start, atom?.end).toString()).toBe('Failed password');
  expect(grouped.map(({ line: at, rule, group, proof }) => ({ at, rule, group, proof }))).toEqual([
    { at: 1, rule: { id: '5638f7c0-ac70-491d-8465-2a65075e0d86', title: 'Guessing', level: 'high' }, group: { 'source.ip': '192.0.2.1' }, proof: { lines: [1, 2, 4] } },
  ]);
});

test('a hit names the author and licence of its rule; one that an import brought, the licence of the import', async () => {
  const shared = RULES.replace('level: low', 'author: A. Writer\nlevel: low').replace('level: high', 'author: B. Writer\nlicense: CC0-1.0\nlevel: high');
  const { rows } = await evaluate(shared, [10, 20, 30].map((second) => line(second, '192.0.2.1')), {}, true);
  expect(rows.map(({ rule }) => rule)).toEqual([...Array<unknown>(3).fill(expect.objectContaining({ author: 'A. Writer' })), expect.objectContaining({ author: 'B. Writer', license: 'CC0-1.0' })]);
  const folder = mkdtempSync(join(tmpdir(), 'haidang-rules-'));
  try {
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, MANIFEST_NAME), printManifest({ from: 'x', license: 'DRL 1.1', files: {} }));
    writeFileSync(join(folder, 'inner', 'x.yml'), shared);
    expect(compileRules(readRules([join(folder, 'inner', 'x.yml')]), { sha256 }).rules.map(({ license }) => license)).toEqual(['DRL 1.1']);
    expect(readRules([folder]).map(({ license }) => license)).toEqual(['DRL 1.1']);
  } finally { rmSync(folder, { recursive: true }); }
});

test('the reference interpreter prints what the fast engine does', async () => {
  const raw = [line(30, '192.0.2.1'), 'noise', line(10, '192.0.2.1'), line(20, '192.0.2.1')];
  const [fast, reference] = [await evaluate(RULES, raw, {}, true), await evaluate(RULES, raw, {}, true, true)];
  expect(fast.rows.length).toBe(4);
  expect(reference).toEqual(fast);
});

test('events route to their log source, unless it is given or left aside', async () => {
  const event = JSON.stringify({ message: 'Failed password for root' });
  expect((await evaluate(RULES, [event])).rows).toHaveLength(0);
  expect((await evaluate(RULES, [event], { logsource: { product: 'Linux', service: 'sshd' } })).rows).toHaveLength(1);
  expect((await evaluate(RULES, [event], { logsource: { product: 'linux' } })).rows).toHaveLength(0);
  expect((await evaluate(RULES, [event], { anyLogsource: true })).rows).toHaveLength(1);
});

test('a line that is no JSON is named, the others are evaluated', async () => {
  const { rows, errors } = await evaluate(RULES, ['{', '[1]', '', JSON.stringify({ message: 'failed password' })], { anyLogsource: true });
  expect(rows.map((row) => row['line'])).toEqual([4]);
  expect(errors).toMatch(/^line 1: expected a JSON object, got /);
});

test('an event without a time has the time of the line before', async () => {
  const at = (time: string | undefined, type: string): string => JSON.stringify({ ...(time === undefined ? {} : { '@timestamp': time }), message: `failed password ${type}`, source: { ip: '192.0.2.1' } });
  const { rows } = await evaluate(RULES, [at('2026-01-01T00:00:00Z', 'a'), at(undefined, 'b'), at('2026-01-01T00:00:30Z', 'c')], { anyLogsource: true });
  expect(rows.filter(({ group }) => group !== undefined)).toMatchObject([{ line: 3, proof: { lines: [1, 2, 3] } }]);
});

test('tests beside a rule run it on raw lines; a wrong expectation is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-rules-'));
  try {
    writeFileSync(join(folder, 'x.yml'), RULES);
    const test = (fires: unknown): string => `  - {name: fires ${JSON.stringify(fires)}, fires: ${JSON.stringify(fires)}, received: 2026-11-22T03:30:00Z, lines: ['${line(1, '192.0.2.1')}']}\n`;
    writeFileSync(join(folder, 'x.test.yml'), `tests:\n${test(true)}${test(1)}${test(false)}`);
    expect(runTests(join(folder, 'x.test.yml')).map(({ failure }) => failure)).toEqual([undefined, undefined, 'expected none, got Refused at line 1']);
    expect(runTests(join(folder, 'y.test.yml'))[0]?.failure).toContain('no such file');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('lint refuses a rule whose placeholders have no values', () => {
  const text = RULES.split('---')[0]?.replace('{message|contains: ', "{message|expand: '%x%', user|contains: ") ?? '';
  expect(lint(compileRules([{ file: 'r.yml', text }], { sha256 }))).toMatchObject([{ file: 'r.yml', line: 1, message: 'expected values for %x%, got none' }]);
});
