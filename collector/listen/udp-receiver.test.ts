// One socket's datagrams are handed over or counted, and a flood does not take the room of those who send little.
import { createSocket } from 'node:dgram';
import type { UdpBatch, UdpDropped } from './udp-batch.js';
import { UdpUnbatcher } from './udp-batch.js';
import { UdpReceiver } from './udp-receiver.js';

const MB = 1024 * 1024;
async function sendFrom(address: string, port: number, count: number, text: string): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => { socket.bind(0, address, resolve); });
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => { socket.send(`${text} ${i}`, port, '127.0.0.1', () => { resolve(); }); });
  socket.close();
}

test.each([[0, 400, 20], [50 * MB, 1, 20], [65 * MB, 0, 0]])('with %i bytes outstanding a flood has %i of its 400 datagrams kept at least, another all of %i', async (outstanding, flood, quiet) => {
  const batches: UdpBatch[] = [], drops: UdpDropped[] = [];
  const receiver = await UdpReceiver.open({ name: 'udp', kind: 'udp', host: '127.0.0.1', port: 0 }, 8 * MB, { batch: (batch) => { batches.push(batch); }, dropped: (drop) => { drops.push(drop); }, outstanding: () => outstanding });
  const { port } = receiver.address;
  await sendFrom('127.0.0.1', port, 200, 'flood'.repeat(20));
  await Promise.all([sendFrom('127.0.0.1', port, 200, 'flood'.repeat(20)), sendFrom('127.0.0.2', port, 20, 'quiet')]);
  await receiver.drain();
  const kept = new Map<string, number>(), unbatcher = new UdpUnbatcher();
  for (const batch of batches) unbatcher.read(batch, (_, { address }) => { kept.set(address, (kept.get(address) ?? 0) + 1); });
  const lost = new Map<string, number>();
  for (const { sender: { address }, count } of drops) lost.set(address, (lost.get(address) ?? 0) + count);
  expect([kept.get('127.0.0.2') ?? 0, (kept.get('127.0.0.1') ?? 0) + (lost.get('127.0.0.1') ?? 0), (kept.get('127.0.0.2') ?? 0) + (lost.get('127.0.0.2') ?? 0)]).toEqual([quiet, 400, 20]);
  if (outstanding === 50 * MB) expect(kept.get('127.0.0.1') ?? 0).toBeLessThan(100); else expect(kept.get('127.0.0.1') ?? 0).toBe(flood);
});

test('drops of very many senders are told together beyond the first thousand, none uncounted', async () => {
  const drops: UdpDropped[] = [];
  const receiver = await UdpReceiver.open({ name: 'udp', kind: 'udp', host: '127.0.0.1', port: 0 }, 8 * MB, { batch: () => undefined, dropped: (drop) => { drops.push(drop); }, outstanding: () => 65 * MB });
  const inject = receiver as unknown as { turn: (datagram: Buffer, address: string, port: number) => void };
  for (let i = 0; i < 3000; i++) inject.turn(Buffer.from('x'), `198.51.${i >> 8}.${i & 255}`, 1000);
  await receiver.drain();
  expect([drops.length, drops.reduce((sum, { count }) => sum + count, 0), drops.filter(({ sender }) => sender.address === '').map(({ count }) => count)]).toEqual([1001, 3000, [2000]]);
});
