// Many datagrams with one call are the datagrams that Node reads one by one: same bytes, same senders, same order.
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { numbers } from '../../core/normalize/fixtures/generated-lines.js';
import { socketOnPort } from './kernel-drops.js';
import { UdpUnbatcher, type UdpBatch } from './udp-batch.js';
import { MANY_MAX, ManyDatagrams } from './udp-many.js';
import { UdpReceiver } from './udp-receiver.js';

const MB = 1024 * 1024, AT_ONCE = 20;
const linkLocal = Object.entries(networkInterfaces()).flatMap(([name, all = []]) => all.flatMap(({ address }) => (address.startsWith('fe80:') ? [`${address}%${name}`] : [])))[0];
interface Seen { readonly from: string; readonly text: string }

async function received(host: string, together: boolean, send: (port: number) => Promise<void>): Promise<Seen[]> {
  const batches: UdpBatch[] = [], seen: Seen[] = [], unbatcher = new UdpUnbatcher();
  const receiver = await UdpReceiver.open({ name: 'udp', kind: 'udp', host, port: 0 }, 8 * MB, { batch: (batch) => { batches.push(batch); }, dropped: () => { throw new Error('a datagram was dropped'); }, outstanding: () => 0 }, together);
  await send(receiver.address.port);
  await receiver.drain();
  for (const batch of batches) unbatcher.read(batch, (_, { address }, datagram) => { seen.push({ from: address, text: datagram.toString('latin1') }); });
  return seen;
}

async function sender(address: string, port: number): Promise<{ send: (datagrams: readonly Buffer[], to: string) => Promise<void>; close: () => void }> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  await new Promise<void>((resolve) => { socket.bind(0, address, resolve); });
  return {
    send: async (datagrams, to) => { await Promise.all(datagrams.map((datagram) => new Promise<void>((resolve) => { socket.send(datagram, port, to, () => { resolve(); }); }))); },
    close: () => { socket.close(); },
  };
}

test('this machine has the call', async () => {
  expect(process.platform !== 'linux' || await ManyDatagrams.open(0)).toBeTruthy();
});

test.each([
  ['IPv4', '127.0.0.1', ['127.0.0.1', '127.0.0.2'], '127.0.0.1'], ['IPv6', '::1', ['::1'], '::1'], ['IPv4 at a socket for both', '::', ['127.0.0.1', '127.0.0.3'], '127.0.0.1'],
  ...linkLocal === undefined ? [] : [['a link\'s own address', '::', [linkLocal], linkLocal] as const],
] as const)('%s: the same datagrams of the same senders in the same order, one by one and many with a call', async (_, host, from, to) => {
  const pick = numbers(7), rounds = Array.from({ length: 12 }, () => from.map(() => Array.from({ length: 1 + pick(100) }, () => Buffer.alloc([0, 1, 250, 1472, 9000, 65_507 - (host === '127.0.0.1' ? 0 : 20)][pick(6)] ?? 0, 32 + pick(90)))));
  const send = async (port: number): Promise<void> => {
    const senders = await Promise.all(from.map((address) => sender(address, port)));
    for (const round of rounds) for (const [i, each] of senders.entries()) {
      const datagrams = round[i] ?? [];
      for (let at = 0; at < datagrams.length; at += AT_ONCE) { // the largest hundred would not fit into a socket that nobody reads meanwhile
        await each.send(datagrams.slice(at, at + AT_ONCE), to);
        await new Promise((resolve) => { setTimeout(resolve, 2); });
      }
    }
    for (const each of senders) each.close();
  };
  const together = await received(host, true, send);
  expect(together).toHaveLength(rounds.flat(2).length);
  expect(together).toEqual(await received(host, false, send));
});

test('what waits is read up to the bound of a call, the rest with the next', async () => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => { socket.bind(0, '127.0.0.1', resolve); });
  const { port } = socket.address(), many = await ManyDatagrams.open((await socketOnPort(port))?.descriptor ?? -1);
  const out = await sender('127.0.0.1', port), texts: string[] = [], one = (): number => many?.read((from, start, end) => { texts.push(from.toString('latin1', start, end)); }) ?? -1;
  await new Promise<void>((resolve) => {
    socket.once('message', (datagram) => {
      texts.push(datagram.toString());
      expect([one(), one(), one()]).toEqual([MANY_MAX, 99 - MANY_MAX, 0]);
      resolve();
    });
    void out.send(Array.from({ length: 100 }, (_, i) => Buffer.from(String(i))), '127.0.0.1');
  });
  expect(texts).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
  out.close();
  socket.close();
});
