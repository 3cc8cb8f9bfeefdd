// What only a clock that is set, or a quiet hour, shows: new epochs, days, marks. No thread, and a clock of the test's own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeRecord, type SpoolRecord, type Stream } from '../../core/record.js';
import { UdpBatcher } from '../listen/udp-batch.js';
import { Intake } from './intake.js';

const DAY = 86_400_000, START = Date.UTC(2026, 10, 22, 23, 59, 58);
let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'intake-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

interface Seen { stream: Stream; record: SpoolRecord }
async function open(marks = false): Promise<{ intake: Intake; seen: Seen[]; set: (ms: number) => void; pass: (ms: number) => Promise<void>; send: (text: string) => void }> {
  let wall = START, monotonic = 1000;
  const seen: Seen[] = [], batcher = new UdpBatcher('syslog-udp');
  const intake = await Intake.open({
    folder, marks, cursors: {}, listeners: [{ name: 'syslog-udp', kind: 'udp', host: '127.0.0.1', port: 0 }], registry: { version: 1, systems: [], relays: [], unassignedTier: 3 },
  }, {
    onDelivery: ({ stream, bytes, seed }) => {
      for (let at = 0; at < bytes.length;) {
        const located = decodeRecord(bytes, at, seed);
        if (located === undefined) throw new Error('unreadable');
        seen.push({ stream, record: located.record });
        at = located.end;
      }
    },
    onProblem: () => undefined, onFatal: (error) => { throw error; },
  }, { clock: { wall: () => wall, monotonic: () => monotonic } });
  return {
    intake, seen, set: (ms) => { wall += ms; },
    pass: async (ms) => {
      for (let left = ms; left > 0; left -= 5000) { wall += Math.min(5000, left); monotonic += Math.min(5000, left); intake.tick(); }
      await intake.durable();
    },
    send: (text) => { batcher.add(monotonic, '192.0.2.7', 514, Buffer.from(text)); intake.takeUdp(batcher.take(), () => undefined); },
  };
}

test('the day is that of receipt, UTC', async () => {
  const { intake, seen, pass, send } = await open();
  send('<13>before midnight');
  await pass(4000);
  send('<13>after midnight');
  await intake.stop();
  expect(seen.map(({ record: { received, arrival: { day } } }) => [day, received])).toEqual([['2026-11-22', START], ['2026-11-23', START + 4000]]);
});

test('a clock set by an hour begins a new epoch after a minute, with a record that says so; time never went back', async () => {
  const { intake, seen, set, pass, send } = await open();
  send('<13>right time');
  set(-3_600_000);
  await pass(30_000);
  send('<13>still the old time');
  await pass(70_000);
  send('<13>new time');
  await intake.stop();
  expect(seen.map(({ record: { kind, seq, received } }) => [kind, seq, received - START])).toEqual([
    ['frame', 1, 0], ['frame', 2, 30_000], ['clock', 1, expect.any(Number)], ['frame', 2, 100_000 - 3_600_000],
  ]);
  const [first, , clock] = seen;
  expect(Math.floor((clock?.stream.epoch ?? 0) / 2 ** 32)).toBe(Math.floor((first?.stream.epoch ?? 0) / 2 ** 32) + 1);
  expect(JSON.parse(Buffer.from(clock?.record.frame ?? []).toString())).toMatchObject({ reason: 'clock_set', stepMs: -3_600_000 });
});

test('a clock that is off for less than a minute, or by less than two seconds, changes nothing', async () => {
  const { intake, set, pass } = await open();
  const { epoch } = intake.stats();
  set(1500);
  await pass(3 * DAY / 24);
  set(60_000);
  await pass(50_000);
  set(-60_000);
  await pass(60_000);
  expect(intake.stats().epoch).toBe(epoch);
  await intake.stop();
});

test('a silent stream has a mark every ten seconds, when asked', async () => {
  for (const marks of [false, true]) {
    const { intake, seen, pass, send } = await open(marks);
    send('<13>x');
    await pass(60_000);
    await intake.stop();
    expect(seen.slice(1).map(({ record: { kind, received } }) => [kind, received - START])).toEqual(marks ? [10, 20, 30, 40, 50, 60].map((s) => ['mark', s * 1000]) : []);
    await rm(folder, { recursive: true, force: true });
  }
});
