// Both ends of an acknowledging protocol killed at random, a real rsyslog among them: whatever was acknowledged stands in the spool
// once for each time it was acknowledged; nothing stands there more often than it was sent. A sender that got no acknowledgement sends
// again, which is a second frame, and only then. Bounded here to 5 rounds; KILL_ROUNDS makes it longer.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../core/process/built.js';
import { decodeRecord } from '../core/record.js';
import { BeatsClient } from './fixtures/beats-client.js';
import { findProgram, rsyslogArguments, rsyslogConfiguration, startProgram } from './fixtures/peers.js';
import { registryOf } from './fixtures/running.js';
import { RelpTap } from './fixtures/tap.js';
import type { BoundAddress, IntakeOptions, ListenerKind } from './options.js';
import { keptRecords } from './spool/folder.js';

const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 5);
let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'kill-peers-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
const numberOf = (text: string): number | undefined => { const number = /number[" :]+(\d+)/.exec(text)?.[1]; return number === undefined ? undefined : Number(number); };

async function startCollector(kind: ListenerKind): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(projectRoot, 'collector/fixtures/collector-child.mjs'), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const options: IntakeOptions = { folder: join(folder, 'spool'), cursors: {}, listeners: [{ name: kind, kind, host: '127.0.0.1', port: 0 }], segmentBytes: 1_000_000, registry: registryOf() };
  child.send({ options });
  const port = await new Promise<number>((resolve) => {
    child.on('message', (message: { kind: string; addresses?: BoundAddress[] }) => { if (message.kind === 'started') resolve((message.addresses?.[0] as BoundAddress).port); });
  });
  return { child, port };
}
async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** How often each number stands in the spool. */
async function stored(): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for await (const { bytes, seed } of keptRecords(join(folder, 'spool'))) {
    const number = numberOf(Buffer.from(decodeRecord(bytes, 0, seed)?.record.frame ?? []).toString());
    if (number !== undefined) counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return counts;
}

interface Verdict { lost: number[]; twice: number[]; stored: number; acknowledged: number }
/** `lost`: acknowledged and not there (as often as it was acknowledged); `twice`: there more often than it was sent. */
async function judge(sent: ReadonlyMap<number, number>, acknowledged: ReadonlyMap<number, number>): Promise<Verdict> {
  const counts = await stored();
  return {
    lost: [...acknowledged].filter(([number, times]) => (counts.get(number) ?? 0) < times).map(([number]) => number),
    twice: [...counts].filter(([number, times]) => times > (sent.get(number) ?? 0)).map(([number]) => number),
    stored: [...counts.values()].reduce((sum, times) => sum + times, 0), acknowledged: acknowledged.size,
  };
}

test(`rsyslog over RELP, ${ROUNDS} kills of both ends: what was acknowledged is stored, once`, async () => {
  const program = findProgram('rsyslogd');
  if (program === undefined) return;
  const work = join(folder, 'work'), file = join(folder, 'lines.log');
  await mkdir(work);
  await writeFile(file, '');
  let port: number | undefined, fed = 0;
  const tap = new RelpTap(() => port, numberOf), tapPort = await tap.listen();
  const action = `*.* action(type="omrelp" target="127.0.0.1" port="${tapPort}" template="RSYSLOG_SyslogProtocol23Format" timeout="5" queue.type="LinkedList" queue.filename="out" queue.saveOnShutdown="on" action.resumeInterval="1" action.resumeRetryCount="-1")`;
  await writeFile(join(work, 'conf'), rsyslogConfiguration(work, file, action));
  const startSender = (): ReturnType<typeof startProgram> => startProgram(program, rsyslogArguments(program, work, 'conf'));
  let { child, port: bound } = await startCollector('relp'), sender = startSender();
  port = bound;
  const feeder = setInterval(() => { appendFileSync(file, Array.from({ length: 20 }, () => `đăng nhập number ${++fed} ${'x'.repeat(fed % 200)}\n`).join('')); }, 10);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const before = tap.acknowledged.size;
      for (let waited = 0; waited < 20_000 && tap.acknowledged.size < before + 20; waited += 20) await wait(20); // each round delivers before it is broken
      await wait(Math.random() * 500);
      const which = Math.random();
      if (which < 0.7) { port = undefined; await kill(child); }
      if (which > 0.4) await sender.end('SIGKILL');
      if (which < 0.7) { ({ child, port: bound } = await startCollector('relp')); port = bound; }
      if (which > 0.4) sender = startSender();
    }
    clearInterval(feeder);
    for (let quiet = 0, size = -1; quiet < 60 && tap.acknowledged.size < fed; quiet = tap.acknowledged.size === size ? quiet + 1 : 0, size = tap.acknowledged.size) await wait(50);
  } finally {
    clearInterval(feeder);
    await sender.end();
    tap.close();
    await kill(child);
  }
  const { lost, twice, stored: records, acknowledged } = await judge(tap.sent, tap.acknowledged);
  expect({ lost, twice }).toEqual({ lost: [], twice: [] });
  expect(acknowledged).toBeGreaterThan(20 * ROUNDS);
  process.stdout.write(`rsyslog over RELP, ${ROUNDS} kills: ${fed} lines, ${acknowledged} acknowledged, ${records} records; acknowledged lost 0, stored twice 0\n`);
}, 120_000 + ROUNDS * 30_000);

test(`Lumberjack, ${ROUNDS} kills of both ends: what was acknowledged is stored, once`, async () => {
  const sent = new Map<number, number>(), acknowledged = new Map<number, number>();
  let waiting: string[] = [], next = 0;
  const count = (counts: Map<number, number>, text: string): void => { const number = numberOf(text) as number; counts.set(number, (counts.get(number) ?? 0) + 1); };
  let { child, port } = await startCollector('beats');
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const client = new BeatsClient(connect(port, '127.0.0.1')), windows: string[][] = [];
      const deadline = Date.now() + 100 + Math.random() * 500, latest = Date.now() + 30_000;
      while (Date.now() < deadline || (client.acknowledged.size <= 50 && Date.now() < latest)) { // each round delivers before it is broken
        if (client.unacknowledged < 2000) {
          const again = waiting.splice(0, 50), events = [...again, ...Array.from({ length: 50 - again.length }, () => JSON.stringify({ number: ++next, filling: 'x'.repeat(next % 200) }))];
          windows.push(events);
          for (const event of events) count(sent, event);
          client.send(events, Math.random() < 0.5);
        }
        await wait(2);
      }
      const which = Math.random();
      if (which > 0.5) client.socket.resetAndDestroy(); // the sender dies, its last bytes with it
      if (which < 0.7) {
        await kill(child);
        if (!client.socket.destroyed) await Promise.race([once(client.socket, 'close'), wait(500)]); // acknowledgements on their way count
      }
      client.socket.destroy();
      expect(client.wrong).toEqual([]);
      for (const event of client.acknowledged) count(acknowledged, event);
      waiting = [...waiting, ...windows.flat().filter((event) => !client.acknowledged.has(event))];
      if (which < 0.7) ({ child, port } = await startCollector('beats'));
    }
    await wait(100);
  } finally {
    await kill(child);
  }
  const { lost, twice, stored: records, acknowledged: taken } = await judge(sent, acknowledged);
  expect({ lost, twice }).toEqual({ lost: [], twice: [] });
  expect(taken).toBeGreaterThan(20 * ROUNDS);
  process.stdout.write(`Lumberjack, ${ROUNDS} kills: ${next} events, ${taken} acknowledged, ${records} records; acknowledged lost 0, stored twice 0\n`);
}, 60_000 + ROUNDS * 10_000);
