// What holds for every connection, whatever it speaks: limits, and a turn for everybody.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOOPBACK, run, stopAll, until } from '../fixtures/running.js';
import { Acceptor } from './acceptor.js';
import { Connections } from './connections.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'connections-')); });
afterEach(async () => { await stopAll(); await rm(folder, { recursive: true, force: true }); });

async function open(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

test('one source has no more connections than it may; the others are taken, and a place that is free again is given', async () => {
  const running = await run(folder, [{ name: 'tcp', kind: 'tcp', ...LOOPBACK }], { connectionsPerSourceMax: 3 });
  const crowd = await Promise.all(Array.from({ length: 5 }, () => open(running.port('tcp'))));
  expect(await until(() => running.losses().reduce((sum, { frames = 0 }) => sum + frames, 0) === 2)).toBe(true);
  (await open(running.port('tcp'), '127.0.0.2')).end('<13>from elsewhere\n');
  expect(await until(() => running.frames().length === 1)).toBe(true);
  for (const socket of crowd) socket.destroy();
  expect(await until(() => crowd.every(({ closed }) => closed))).toBe(true);
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  (await open(running.port('tcp'))).end('<13>again\n');
  expect(await until(() => running.frames().length === 2)).toBe(true);
  await running.collector.stop();
});

test('who floods is not read alone: a line of another comes through in its turn', async () => {
  const order: string[] = [];
  let bytes = 0, bytesBefore = Infinity;
  const connections = new Connections({ frameBytesMax: 1024 * 1024, idleMs: 5000 }, {
    onFrame: (_, frame) => {
      const line = frame.toString('latin1', 0, 9);
      if (line === '<13>quiet') bytesBefore = bytes;
      order.push(line);
      bytes += frame.length;
    },
    onConnection: () => undefined, onLack: () => undefined, onRefused: () => undefined, durable: () => Promise.resolve(),
  }, () => performance.now());
  const acceptor = new Acceptor({ connectionsMax: 10, connectionsPerSourceMax: 10 }, { onRefused: () => undefined, onProblem: () => undefined });
  const { port } = await acceptor.listen({ name: 'tcp', kind: 'tcp', ...LOOPBACK }, (socket, peer) => { connections.open('tcp', 'tcp', socket, peer); });
  const [flood, quiet] = [await open(port), await open(port)];
  connections.pause();
  flood.write(Buffer.from('<13>flood xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n'.repeat(200_000))); // 13 MB: as much as the kernel takes lies there
  quiet.write('<13>quiet\n');
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  connections.resume();
  expect(await until(() => order.includes('<13>quiet') && order.length === 200_001)).toBe(true);
  expect(bytesBefore).toBeLessThan(1024 * 1024);
  flood.destroy();
  quiet.destroy();
  acceptor.stop();
  await connections.close();
  await acceptor.end();
});
