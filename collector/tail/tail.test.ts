// Following files through what happens to them: growth, rotation by renaming and by copying, truncation, restarts, crashes.
import fc from 'fast-check';
import { appendFile, copyFile, mkdir, mkdtemp, rename, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, until, type Running } from '../fixtures/running.js';
import { LineCutter, MessageCutter } from './line-cutter.js';
import { Tail, type FileInput, type TailEvents } from './tail.js';

let folder: string, file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tail-'));
  file = join(folder, 'app.log');
  await mkdir(join(folder, 'state'));
});
const tails: Tail[] = [];
afterEach(async () => { await Promise.all(tails.splice(0).map((tail) => tail.stop().catch(() => undefined))); await rm(folder, { recursive: true, force: true }); });

interface Following { tail: Tail; lines: string[]; lost: number[]; problems: string[]; syncs: { hold: boolean; fail: boolean; asked: number } }
async function follow(more: Partial<FileInput> = {}, frameBytesMax = 1000, pausedMs = 300): Promise<Following> {
  const lines: string[] = [], lost: number[] = [], problems: string[] = [], syncs = { hold: false, fail: false, asked: 0 };
  const events: TailEvents = {
    onLine: (_, line, trueLength) => { lines.push(line.toString() + (trueLength === undefined ? '' : ` of ${trueLength}`)); }, onLost: (_, bytes) => { lost.push(bytes); }, busy: () => { syncs.asked++; return syncs.hold; },
    durable: () => (syncs.fail ? Promise.reject(new Error('EIO')) : Promise.resolve()), onProblem: ({ code }) => { problems.push(code); },
  };
  const tail = await Tail.open(join(folder, 'state'), [{ name: 'app', path: file, ...more }], { frameBytesMax, pollMs: 10, rotatedMs: 700, pausedMs }, events);
  tails.push(tail);
  return { tail, lines, lost, problems, syncs };
}
const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);
const text = (from: number, to: number): string => numbers(from, to).map((line) => `${line}\n`).join('');

test('lines do not depend on how the file is read in pieces', () => {
  fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-z\r ]{0,12}$/)), fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (lines, sizes) => {
    const cutter = new LineCutter(8), seen: string[] = [], whole = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    for (let rest = whole; rest.length > 0;) { const size = sizes.next().value; cutter.push(Buffer.from(rest.subarray(0, size)), (line, trueLength) => { seen.push(`${line.toString()} ${trueLength ?? line.length}`); }); rest = rest.subarray(size); }
    expect(cutter.unfinishedBytes).toBe(0);
    expect(seen).toEqual(lines.map((line) => line.replace(/\r$/, '')).filter((line) => line !== '').map((line) => `${line.slice(0, 8)} ${line.length}`));
  }));
});

test('messages of several lines do not depend on how the file is read in pieces; joined they are the file', () => {
  fc.assert(fc.property(fc.array(fc.stringMatching(/^[0 a\r]{0,9}$/)), fc.infiniteStream(fc.integer({ min: 1, max: 7 })), fc.integer({ min: 10, max: 30 }), (lines, sizes, most) => {
    const cutter = new MessageCutter(most, (line) => line.startsWith('0')), seen: string[] = [], whole = Buffer.from(lines.map((line) => `${line}\n`).join('')), emit = (message: Buffer): void => { seen.push(message.toString()); };
    for (let rest = whole; rest.length > 0;) { const size = sizes.next().value; cutter.push(Buffer.from(rest.subarray(0, size)), emit); rest = rest.subarray(size); }
    cutter.end(emit);
    const expected: string[] = [];
    for (const [at, line] of lines.entries()) if (at === 0 || line.startsWith('0') || (expected.at(-1) as string).length + line.length + 1 > most) expected.push(`${line}\n`); else expected[expected.length - 1] += `${line}\n`;
    expect(seen).toEqual(expected.map((message) => message.replace(/[\r\n]+$/, '')).filter((message) => message !== ''));
    expect(cutter.unfinishedBytes).toBe(0);
  }));
});

const TRACE = '2026-11-23 09:15:02.120 ERROR [http-8080-3] vn.example.Portal: failed\njava.lang.IllegalStateException: no session\n\tat vn.example.Portal.open(Portal.java:41)\n\n\tat vn.example.Main.run(Main.java:7)';
test('where messages have several lines, one is whole with its next one, or when nothing was written for a while', async () => {
  await writeFile(file, `${TRACE}\n2026-11-23 09:15:03.000 INFO [main] vn.example.Portal: started\n`);
  const { lines } = await follow({ multiline: '^\\d{4}-\\d\\d-\\d\\d ' });
  expect(await until(() => lines.length === 1)).toBe(true);
  expect(await until(() => lines.length === 2)).toBe(true);
  await appendFile(file, `${TRACE}\n2026-11-23 09:15:04.000 INFO [main] vn.example.Portal: half`);
  expect(await until(() => lines.length === 3)).toBe(true);
  await appendFile(file, ' a line\n');
  expect(await until(() => lines.length === 4)).toBe(true);
  expect(lines).toEqual([TRACE, '2026-11-23 09:15:03.000 INFO [main] vn.example.Portal: started', TRACE, '2026-11-23 09:15:04.000 INFO [main] vn.example.Portal: half a line']);
});

test('a restart in the middle of a message of several lines takes it whole; a rotated file ends its last one', async () => {
  const [head = '', ...rest] = TRACE.split('\n');
  await writeFile(file, `2026-11-23 first\n${head}\n${rest[0] ?? ''}\n`);
  const first = await follow({ multiline: '^\\d{4}-' }, 1000, 60_000);
  expect(await until(() => first.lines.length === 1)).toBe(true);
  await first.tail.stop();
  await appendFile(file, `${rest.slice(1).join('\n')}\n`);
  const second = await follow({ multiline: '^\\d{4}-' });
  await rename(file, `${file}.1`);
  await writeFile(file, '2026-11-24 new\n');
  expect(await until(() => second.lines.length === 2)).toBe(true);
  expect([first.lines, [...second.lines].sort()]).toEqual([['2026-11-23 first'], [TRACE, '2026-11-24 new'].sort()]);
});

test('lines that a pattern never finds are cut into frames between lines: none is lost', async () => {
  await writeFile(file, text(1, 500));
  const { lines } = await follow({ multiline: '^never$' }, 100);
  expect(await until(() => lines.join('\n').endsWith('line 500'))).toBe(true);
  expect(lines.join('\n').split('\n')).toEqual(numbers(1, 500));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
});

test('what stands there and what is added is taken line by line; an unfinished line waits; a long one is cut', async () => {
  await writeFile(file, 'một\r\n\nhai\nunfini');
  const { tail, lines } = await follow();
  expect(await until(() => lines.length === 2)).toBe(true);
  await appendFile(file, `shed\n${'x'.repeat(5000)}\nlast\n`);
  expect(await until(() => lines.length === 5)).toBe(true);
  expect(lines).toEqual(['một', 'hai', 'unfinished', `${'x'.repeat(1000)} of 5000`, 'last']);
  await tail.stop();
});

test('a restart goes on where the disk had everything, in the middle of a line too', async () => {
  await writeFile(file, text(1, 100) + 'half');
  const first = await follow();
  expect(await until(() => first.lines.length === 100)).toBe(true);
  await first.tail.stop();
  await appendFile(file, ` a line\n${text(101, 103)}`);
  const second = await follow();
  expect(await until(() => second.lines.length === 4)).toBe(true);
  expect(second.lines).toEqual(['half a line', ...numbers(101, 103)]);
  await second.tail.stop();
});

test('what the disk did not confirm is read again', async () => {
  await writeFile(file, text(1, 10));
  const first = await follow();
  expect(await until(() => first.lines.length === 10)).toBe(true);
  first.syncs.fail = true;
  await appendFile(file, text(11, 20));
  expect(await until(() => first.lines.length >= 20)).toBe(true);
  await first.tail.stop();
  const second = await follow();
  expect(await until(() => second.lines.length === 10)).toBe(true);
  expect(second.lines).toEqual(numbers(11, 20));
  await second.tail.stop();
});

test('rotated by renaming: the old file is read to its end, written to after that too, then the new one', async () => {
  await writeFile(file, text(1, 5));
  const { tail, lines } = await follow();
  expect(await until(() => lines.length === 5)).toBe(true);
  await appendFile(file, text(6, 7));
  await rename(file, `${file}.1`);
  await appendFile(`${file}.1`, text(8, 9) + 'the last without an end');
  await writeFile(file, text(20, 22));
  expect(await until(() => lines.length === 13)).toBe(true);
  expect([...lines].sort()).toEqual([...numbers(1, 9), ...numbers(20, 22), 'the last without an end'].sort());
  await appendFile(file, text(23, 23));
  expect(await until(() => lines.at(-1) === 'line 23')).toBe(true);
  await tail.stop();
});

test('rotated while nothing follows: the old file is found by its inode, a copy by its contents', async () => {
  await writeFile(file, text(1, 50));
  const first = await follow();
  expect(await until(() => first.lines.length === 50)).toBe(true);
  await first.tail.stop();
  await appendFile(file, text(51, 52));
  await rename(file, `${file}.1`);
  await writeFile(file, text(100, 101));
  const second = await follow();
  expect(await until(() => second.lines.length === 4)).toBe(true);
  expect([...second.lines].sort()).toEqual([...numbers(51, 52), ...numbers(100, 101)].sort());
  await second.tail.stop();
  await appendFile(file, text(102, 102));
  await copyFile(file, `${file}.2`);
  await truncate(file);
  await appendFile(file, 'after\n');
  const third = await follow();
  expect(await until(() => third.lines.length === 2)).toBe(true);
  expect([...third.lines].sort()).toEqual(['after', 'line 102']);
  await third.tail.stop();
});

test('rotated by copying and truncating: what was not read yet is read from the copy', async () => {
  await writeFile(file, text(1, 40));
  const { tail, lines, lost, syncs } = await follow();
  expect(await until(() => lines.length === 40)).toBe(true);
  syncs.hold = true; // the spool takes nothing
  await appendFile(file, text(41, 60));
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  await copyFile(file, `${file}.1`);
  await truncate(file);
  await appendFile(file, text(61, 62));
  syncs.hold = false;
  expect(await until(() => lines.length === 62)).toBe(true);
  expect([lines, lost]).toEqual([numbers(1, 62), []]);
  await tail.stop();
});

test('truncated or written anew without a copy: what had been seen and not read is told as lost, and following goes on', async () => {
  await writeFile(file, text(1, 3));
  const { tail, lines, lost, syncs } = await follow();
  expect(await until(() => lines.length === 3)).toBe(true);
  await writeFile(file, text(4, 4));
  expect(await until(() => lines.length === 4)).toBe(true);
  await writeFile(file, 'written anew, and longer than before\n');
  expect(await until(() => lines.length === 5)).toBe(true);
  expect([lines, lost]).toEqual([[...numbers(1, 4), 'written anew, and longer than before'], []]);
  syncs.hold = true;
  await appendFile(file, text(5, 9));
  const { asked } = syncs;
  expect(await until(() => syncs.asked > asked + 2)).toBe(true); // it has looked
  await writeFile(file, text(10, 10));
  syncs.hold = false;
  expect(await until(() => lines.at(-1) === 'line 10')).toBe(true);
  expect([lines.length, lost]).toEqual([6, [text(5, 9).length]]);
  await tail.stop();
});

test('an inode that was given again is another file', async () => {
  await writeFile(file, text(1, 30));
  const first = await follow();
  expect(await until(() => first.lines.length === 30)).toBe(true);
  await first.tail.stop();
  await unlink(file);
  await writeFile(file, text(500, 560)); // most file systems give the same inode
  const second = await follow();
  expect(await until(() => second.lines.length === 61)).toBe(true);
  expect([second.lines, second.problems]).toEqual([numbers(500, 560), ['collector.tail.gone']]);
  await second.tail.stop();
});

test('several files by a pattern; what is no file is left alone; `end` leaves out what stands there', async () => {
  await writeFile(join(folder, 'a.log'), text(1, 2));
  await writeFile(join(folder, 'other.txt'), 'not this\n');
  await mkdir(join(folder, 'folder.log'));
  await symlink(join(folder, 'nowhere'), join(folder, 'broken.log'));
  execFileSync('mkfifo', [join(folder, 'pipe.log')]);
  const { tail, lines } = await follow({ path: join(folder, '*.log'), from: 'end' });
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  await appendFile(join(folder, 'a.log'), text(3, 3));
  await writeFile(join(folder, 'b.log'), text(10, 11));
  expect(await until(() => lines.length === 3)).toBe(true);
  expect([...lines].sort()).toEqual(['line 10', 'line 11', 'line 3']);
  await tail.stop();
});

test('in a collector: a system by the input\'s name, and nothing twice over a clean restart', async () => {
  await writeFile(file, text(1, 2000));
  const start = (cursors = {}): Promise<Running> => run(join(folder, 'spool'), [], {
    cursors, files: [{ name: 'portal-log', path: file }], tail: { pollMs: 20 },
    registry: { version: 1, relays: [], unassignedTier: 3, systems: [{ id: 'portal', tier: 4, match: [{ listener: 'portal-log', address: '127.0.0.1' }] }] as never },
  });
  const first = await start();
  expect(await until(() => first.frames().length === 2000)).toBe(true);
  expect(first.records[0]?.arrival).toMatchObject({ listener: 'portal-log', system: 'portal', peer: '127.0.0.1' });
  await first.collector.stop();
  await appendFile(file, text(2001, 2500));
  const second = await start(first.cursors);
  expect(await until(() => second.frames().length === 500)).toBe(true);
  expect(second.frames()).toEqual(numbers(2001, 2500));
  expect((await second.collector.stats()).listeners).toMatchObject([{ listener: 'portal-log', kind: 'file', received: 500 }]);
  await second.collector.stop();
});
