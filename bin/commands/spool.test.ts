// `haidang spool` on spools that are whole, torn and broken.
import { Command } from 'commander';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeArrival } from '../../core/record.js';
import { listSegments } from '../../collector/spool/folder.js';
import { Spool } from '../../collector/spool/spool.js';
import { registerSpool } from './spool.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'spool-command-')); });
afterEach(async () => {
  process.exitCode = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A spool with one record of each text; closed unless `crashed`, which leaves the segment unsealed. */
async function fill(texts: readonly (string | Buffer)[], crashed = false): Promise<string> {
  const spool = await Spool.open({
    folder, newCollector: () => '0197a2b0-0000-7000-8000-000000000001', onDurable: () => undefined, onProblem: () => undefined, onFatal: () => undefined, flushMs: 1,
  });
  const arrival = encodeArrival({ peer: '192.0.2.1', port: 514, listener: 'syslog-udp', system: 'portal', day: '2026-11-22', registry: 1 });
  for (const text of texts) spool.append({ kind: 'frame', tier: 3, arrival, cut: false, frame: Buffer.from(text), received: 1_795_305_600_000 });
  await spool.durable();
  const path = join(folder, (await listSegments(folder))[0] as string), unsealed = await readFile(path);
  await spool.close();
  if (crashed) await writeFile(path, unsealed);
  return path;
}

const run = (...words: string[]): Promise<{ out: string; code: number; err: string }> => runIn(folder, ...words);
async function runIn(where: string, ...words: string[]): Promise<{ out: string; code: number; err: string }> {
  const program = new Command('haidang').exitOverride();
  registerSpool(program);
  const parts: Buffer[] = [], said: Buffer[] = [], write = process.stdout.write.bind(process.stdout), complain = process.stderr.write.bind(process.stderr);
  process.stdout.write = ((data: string | Uint8Array) => { parts.push(Buffer.from(data as string)); return true; });
  process.stderr.write = ((data: string | Uint8Array) => { said.push(Buffer.from(data as string)); return true; });
  process.exitCode = undefined;
  try {
    await program.parseAsync(['spool', ...words, where], { from: 'user' });
  } finally {
    process.stdout.write = write;
    process.stderr.write = complain;
  }
  return { out: Buffer.concat(parts).toString('latin1'), err: Buffer.concat(said).toString(), code: Number(process.exitCode ?? 0) };
}

test('a folder that is no spool is not called whole: it is refused, and the spool inside is named', async () => {
  const data = await mkdtemp(join(tmpdir(), 'spool-data-'));
  try {
    for (const command of ['verify', 'export', 'repair']) expect(await runIn(data, command)).toEqual({ out: '', code: 2, err: `haidang: expected a spool in ${data}, got a folder without segments and without epoch.json. Name it, or set HAIDANG_DATA.\n` });
    await mkdir(join(data, 'spool'));
    await writeFile(join(data, 'spool', 'epoch.json'), '{}');
    expect(await runIn(data, 'verify')).toMatchObject({ code: 2, err: expect.stringContaining(`Do you mean ${join(data, 'spool')}?`) as string });
    expect(await runIn(join(data, 'spool'), 'verify')).toMatchObject({ code: 0, out: expect.stringContaining('Everything that came is stored') as string });
    expect(await runIn(join(data, 'none'), 'verify')).toMatchObject({ code: 2, err: expect.stringContaining('got none') as string });
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});

test('verify says what is to be done: about damage, a torn tail, and what was set aside', async () => {
  const path = await fill(['<13>one', '<13>two', '<13>three']), bytes = await readFile(path);
  expect((await run('verify')).out).toMatch(/0 broken\n$/);
  bytes[bytes.indexOf('<13>two')] = 0;
  await writeFile(path, bytes);
  expect((await run('verify')).out).toContain(`Stop what uses the spool, then: haidang spool repair ${folder}`);
  await run('repair');
  expect((await run('verify')).out).toMatch(/0 broken\n1 file \(\d+ bytes\) set aside earlier as \.bad/);
  await fill(['<13>four'], true);
  await truncate((await listSegments(folder)).map((name) => join(folder, name)).at(-1) as string, 90);
  expect((await run('verify')).out).toContain('nobody was told it was taken');
});

test('export prints each record with its id, text as text and other bytes in base64', async () => {
  await fill(['<13>một', Buffer.from([0x3c, 0x31, 0x3e, 0xff])]);
  const { out, code } = await run('export');
  const [first, second] = out.trim().split('\n').map((line) => JSON.parse(Buffer.from(line, 'latin1').toString()) as Record<string, unknown>);
  expect(first).toMatchObject({ seq: 1, received: '2026-11-22T00:00:00.000Z', peer: '192.0.2.1', system: 'portal', tier: 3, kind: 'frame', original: '<13>một' });
  expect(first?.['id']).toMatch(new RegExp(`^${String(first?.['stream'])}\\.1\\.[0-9a-f]{16}$`));
  expect([second?.['original'], second?.['original_b64']]).toEqual([undefined, 'PDE+/w==']);
  expect(code).toBe(0);
  expect((await run('export', '--format', 'raw')).out).toBe(`${Buffer.from('<13>một').toString('latin1')}\n<1>\xff\n`);
});

test('verify: whole and torn spools are fine, broken ones are not', async () => {
  const path = await fill(['<13>one', '<13>two', '<13>three'], true);
  expect(await run('verify')).toMatchObject({ code: 0, out: expect.stringContaining('1 segments, 3 records, 0 bytes of torn tails, 0 broken') as string });
  const whole = await readFile(path);
  await truncate(path, whole.length - 5);
  const torn = await run('verify');
  expect(torn.code).toBe(0);
  expect(torn.out).toMatch(/2 records, .*bytes of a torn tail/);
  expect((await run('export')).out.trim().split('\n')).toHaveLength(2);
  whole[100] = (whole[100] as number) ^ 1;
  await writeFile(path, whole);
  const broken = await run('verify');
  expect(broken.code).toBe(1);
  expect(broken.out).toContain('2 intact records stand behind damage');
});

test('verify: damage inside a sealed segment is named with its place and what is missing', async () => {
  const path = await fill(['<13>one', '<13>two', '<13>three']);
  const bytes = await readFile(path);
  bytes[bytes.indexOf('<13>two')] = 0;
  await writeFile(path, bytes);
  const { out, code } = await run('verify');
  expect(code).toBe(1);
  expect(out).toMatch(/\d+ bytes at \d+ are no record/);
  expect(out).toContain('expected 3 records, got 2');
  expect(out).toContain('expected position 2, got 3');
  expect(JSON.parse((await run('verify', '--json')).out)).toMatchObject({ sealed: true, records: 2 });
});

test('repair: damage becomes a loss record, verify is content, a second time there is nothing to do; in use is refused', async () => {
  const path = await fill(['<13>one', '<13>two', '<13>three']), bytes = await readFile(path);
  bytes[bytes.indexOf('<13>two')] = 0;
  await writeFile(path, bytes);
  expect(await run('repair')).toMatchObject({ code: 0, out: expect.stringMatching(/written anew: 2 records, 1 lost; as it was: .*\.bad\n1 segment repaired, 1 record lost/) as string });
  expect((await run('verify')).code).toBe(0);
  expect((await run('export')).out.trim().split('\n').map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(['frame', 'loss', 'frame']);
  expect((await run('repair')).out).toBe('nothing to repair\n');
  const spool = await Spool.open({ folder, newCollector: () => '0197a2b0-0000-7000-8000-000000000001', onDurable: () => undefined, onProblem: () => undefined, onFatal: () => undefined });
  expect((await run('repair')).code).toBe(75);
  await spool.close();
});
