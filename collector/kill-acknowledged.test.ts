// kill -9 at any moment, in each protocol that acknowledges: what the sender was told is taken stands in the spool. What it was not
// told it would send again. Bounded here to 5 rounds; KILL_ROUNDS makes it longer.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../core/process/built.js';
import { decodeRecord } from '../core/record.js';
import { BeatsClient } from './fixtures/beats-client.js';
import { LinesClient } from './fixtures/lines-client.js';
import { registryOf } from './fixtures/running.js';
import { RelpClient } from './fixtures/relp-client.js';
import type { BoundAddress, IntakeOptions, ListenerKind } from './options.js';
import { keptRecords } from './spool/folder.js';

const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 5);

interface Client { readonly acknowledged: ReadonlySet<string>; readonly unacknowledged: number }
const KINDS: readonly { kind: ListenerKind; client: (socket: Socket) => Client; send: (client: never, messages: string[]) => void }[] = [
  { kind: 'relp', client: (socket) => { const client = new RelpClient(socket); client.open(); return client; }, send: (client: RelpClient, messages) => { for (const message of messages) client.send(message); } },
  { kind: 'http', client: (socket) => new LinesClient(socket), send: (client: LinesClient, messages) => { client.send(messages); } },
  { kind: 'beats', client: (socket) => new BeatsClient(socket), send: (client: BeatsClient, messages) => { client.send(messages, Math.random() < 0.5); } },
];

test.each(KINDS)(`$kind: kill -9 in a stream of messages, ${ROUNDS} rounds: nothing acknowledged is lost`, async ({ kind, client: open, send }) => {
  const folder = await mkdtemp(join(tmpdir(), 'kill-')), acknowledged = new Set<string>();
  let sent = 0;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const child = fork(join(projectRoot, 'collector/fixtures/collector-child.mjs'), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      const options: IntakeOptions = { folder, cursors: {}, listeners: [{ name: kind, kind, host: '127.0.0.1', port: 0 }], segmentBytes: 100_000, registry: registryOf() };
      child.send({ options });
      const port = await new Promise<number>((resolve) => {
        child.on('message', (message: { kind: string; addresses?: BoundAddress[] }) => { if (message.kind === 'started') resolve((message.addresses?.[0] as BoundAddress).port); });
      });
      const socket = connect(port, '127.0.0.1'), client = open(socket);
      const sender = setInterval(() => {
        if (client.unacknowledged > 2000) return;
        send(client as never, Array.from({ length: 25 }, () => JSON.stringify({ number: ++sent, filling: 'x'.repeat(sent % 200) })));
      }, 5);
      // The first acknowledgements may be long in coming on a busy machine: each round is broken only when it delivers.
      for (const end = Date.now() + 30_000; client.acknowledged.size <= 100 && Date.now() < end;) await new Promise((resolve) => { setTimeout(resolve, 5); });
      await new Promise((resolve) => { setTimeout(resolve, Math.random() * 600); });
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      clearInterval(sender);
      if (!socket.destroyed) await Promise.race([once(socket, 'close'), new Promise((resolve) => { setTimeout(resolve, 500); })]); // acknowledgements on their way count
      socket.destroy();
      for (const message of client.acknowledged) acknowledged.add(message);
      const kept = new Set<string>();
      for await (const { bytes, seed } of keptRecords(folder)) kept.add(Buffer.from(decodeRecord(bytes, 0, seed)?.record.frame ?? []).toString());
      expect([...acknowledged].filter((message) => !kept.has(message))).toEqual([]);
    }
    expect(acknowledged.size).toBeGreaterThan(100 * ROUNDS);
    process.stdout.write(`${kind}: kill -9, ${ROUNDS} rounds: ${sent} sent, ${acknowledged.size} acknowledged, 0 of those lost\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000 + ROUNDS * 40_000);
