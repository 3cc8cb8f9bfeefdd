// kill -9 at any moment: what was durable is there, each position once, in order; what `spool export` lists right after the kill is
// what the restart delivers. Bounded here to 5 rounds; KILL_ROUNDS makes it longer.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../core/process/built.js';
import { decodeRecord, streamName, type Stream } from '../core/record.js';
import type { BoundAddress, IntakeOptions } from './options.js';
import { keptRecords } from './spool/folder.js';

const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 5);

type FromChild =
  | { kind: 'batch'; stream: Stream; from: number; to: number; seed: number; bytes: Buffer }
  | { kind: 'started'; addresses: BoundAddress[] } | { kind: 'stopped' } | { kind: 'problem' };

test(`kill -9 in a stream of messages, ${ROUNDS} rounds: nothing durable is lost, nothing comes twice`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kill-'));
  const stored = new Map<string, string>(); // "stream seq" -> frame
  const cursors: Record<string, number> = {};
  let sent = 0, acceptedLines = 0;

  function take({ stream, from, to, seed, bytes }: FromChild & { kind: 'batch' }): void {
    const name = streamName(stream), buffer = Buffer.from(bytes);
    expect(from).toBeLessThanOrEqual((cursors[name] ?? 0) + 1); // no hole
    let seq = from;
    for (let at = 0; at < buffer.length; seq++) {
      const located = decodeRecord(buffer, at, seed);
      if (located === undefined) throw new Error('a record that was delivered cannot be read');
      expect(located.record.seq).toBe(seq);
      const key = `${name} ${seq}`, text = Buffer.from(located.record.frame).toString();
      expect(stored.get(key) ?? text).toBe(text);
      stored.set(key, text);
      at = located.end;
    }
    expect(seq).toBe(to + 1);
    cursors[name] = to;
  }

  // What has been committed may be gone from the spool; nothing else may.
  const committed: Record<string, number> = {};
  function commit(child: ChildProcess): void {
    if (!child.connected) return;
    Object.assign(committed, cursors);
    child.send({ kind: 'committed', cursors: { ...cursors } }, () => undefined);
  }

  async function start(): Promise<{ child: ChildProcess; port: number }> {
    const child = fork(join(projectRoot, 'collector/fixtures/collector-child.mjs'), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const options: IntakeOptions = {
      folder, cursors: { ...cursors }, listeners: [{ name: 'syslog-tcp', kind: 'tcp', host: '127.0.0.1', port: 0 }], segmentBytes: 100_000,
      registry: { version: 1, systems: [], relays: [], unassignedTier: 3 }, inFlightBytesMax: 200_000,
    };
    Object.assign(committed, cursors);
    child.send({ options });
    const port = await new Promise<number>((resolve, reject) => {
      child.once('exit', () => { reject(new Error('the collector ended')); });
      child.on('message', (message: FromChild) => {
        if (message.kind === 'started') resolve((message.addresses[0] as BoundAddress).port);
        if (message.kind !== 'batch') return;
        take(message);
        if (Math.random() < 0.5) commit(child);
      });
    });
    return { child, port };
  }

  async function round(kill: boolean): Promise<void> {
    const { child, port } = await start();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const sender = setInterval(() => { // 5,000 a second
      for (let i = 0; i < 25; i++) socket.write(`<34>Nov 22 10:00:00 host su: line ${++sent} ${'x'.repeat(sent % 200)}\n`);
    }, 5);
    const before = stored.size;
    for (const end = Date.now() + 30_000; stored.size === before && Date.now() < end;) await new Promise((resolve) => { setTimeout(resolve, 5); }); // a busy machine: it delivers before it is killed
    await new Promise((resolve) => { setTimeout(resolve, kill ? Math.random() * 600 : 300); });
    clearInterval(sender);
    const exited = once(child, 'exit');
    if (kill) {
      child.kill('SIGKILL');
    } else {
      await new Promise<void>((resolve) => { socket.end(() => { resolve(); }); });
      await new Promise((resolve) => { setTimeout(resolve, 200); });
      child.send({ kind: 'stop' });
    }
    await exited;
    socket.destroy();
    const told = new Map(stored);
    const exported = new Map<string, string>();
    for await (const { stream, seq, bytes, seed } of keptRecords(folder)) {
      exported.set(`${streamName(stream)} ${seq}`, Buffer.from(decodeRecord(bytes, 0, seed)?.record.frame ?? []).toString());
    }
    for (const [key, text] of told) { // durable once told: the spool has it, unless it was committed
      const [name = '', seq] = key.split(' ');
      if (Number(seq) > (committed[name] ?? 0) || exported.has(key)) expect([key, exported.get(key)]).toEqual([key, text]);
    }
    for (const [key, text] of exported) told.set(key, text);
    acceptedLines = told.size;
    if (kill) expectAfterRestart = told;
  }
  let expectAfterRestart: Map<string, string> | undefined;

  try {
    for (let i = 0; i < ROUNDS; i++) {
      await round(true);
      const before = expectAfterRestart as unknown as Map<string, string>;
      const { child } = await start(); // delivers what was left
      for (const end = Date.now() + 30_000; Date.now() < end && [...before.keys()].some((key) => !stored.has(key));) {
        commit(child);
        await new Promise((resolve) => { setTimeout(resolve, 20); });
      }
      expect(new Map([...stored].filter(([, text]) => text.startsWith('<34>')))).toEqual(before);
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    await round(false);
    const lines = [...stored.values()].map((text) => Number(/ line (\d+) /.exec(text)?.[1]));
    expect(new Set(lines).size).toBe(lines.length);
    expect(acceptedLines).toBe(stored.size);
    process.stdout.write(`kill -9, ${ROUNDS} rounds: ${sent} lines sent, ${lines.length} stored, ${sent - lines.length} in flight when their process was killed\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000 + ROUNDS * 70_000);
