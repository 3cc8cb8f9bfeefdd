// The two halves of "nothing twice": what the spool has already is counted there, and nothing is confirmed before all of it is known.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { encodeArrival } from '../../core/record.js';
import type { UdpBatch } from '../listen/udp-batch.js';
import { Spool } from '../spool/spool.js';
import { Already } from './already.js';
import { HeldDatagrams, type DatagramTaker } from './held-datagrams.js';
import { encodeMessage, MessageReader, type FromHolder, type ToHolder } from './pipe.js';

test('what stands behind the positions is counted, equal datagrams each for itself; drops too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'already-'));
  try {
    const spool = await Spool.open({ folder, newCollector: () => '00000000-0000-4000-8000-000000000001', onDurable: () => undefined, onProblem: () => undefined, onFatal: () => undefined });
    const put = (text: string, kind: 'frame' | 'loss' = 'frame', listener = 'udp', tier = 3): void => {
      spool.append({ kind, tier, received: 1, cut: false, frame: Buffer.from(text), arrival: encodeArrival({ peer: '192.0.2.1', port: 9, listener, system: 's', day: '2026-11-22', registry: 1 }) });
    };
    put('before');
    put('same');
    const after = { epoch: spool.epoch.epoch, tiers: Object.fromEntries(spool.lastPositions) };
    for (const text of ['same', 'same', 'other']) put(text);
    put('tier 1', 'frame', 'udp', 1);
    put('over TCP', 'frame', 'tcp');
    put(JSON.stringify({ reason: 'kernel_drop', count: 5 }), 'loss');
    await spool.close();
    const already = await Already.read(folder, new Set(['udp']), after), has = (text: string): boolean => already.has('udp', '192.0.2.1', 9, Buffer.from(text));
    expect(['before', 'same', 'same', 'same', 'other', 'other', 'tier 1', 'over TCP'].map(has)).toEqual([false, true, true, false, true, false, true, false]);
    expect([already.has('udp', '192.0.2.2', 9, Buffer.from('same')), already.recorded('overrun', 'udp', 3), already.recorded('kernel_drop', 'udp', 3), already.recorded('kernel_drop', 'udp', 3)]).toEqual([false, 0, 3, 2]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** A holder's end of the pipe, and an intake that takes when it is told to. */
function stage(): { tell: (message: FromHolder) => void; said: ToHolder[]; held: HeldDatagrams; world: { owes: boolean; position: number; waiting: (() => void)[]; slow: boolean } } {
  const said: ToHolder[] = [], reader = new MessageReader<ToHolder>(), world = { owes: false, position: 0, waiting: [] as (() => void)[], slow: false };
  const pipe = new Duplex({ read: () => undefined, write: (chunk: Buffer, _, done) => { reader.push(chunk, (message) => { said.push(message); }); done(); } });
  const taker: DatagramTaker = {
    takeUdp: (_, done) => { const take = (): void => { world.position++; done(); }; if (world.slow) world.waiting.push(take); else take(); },
    dropUdp: () => undefined, get owesRecords() { return world.owes; }, writeLosses: () => { held.lossesWritten(); }, positions: () => ({ epoch: 7, tiers: { 3: world.position } }), durable: () => Promise.resolve(),
  };
  const held = new HeldDatagrams(pipe, taker);
  return { said, held, world, tell: (message) => { for (const part of encodeMessage(message, message.kind === 'datagrams' ? new Uint8Array(4) : undefined)) pipe.push(part); } };
}
const batch = (number: number, again: boolean): FromHolder => ({ ...({ kind: 'datagrams', listener: 'udp', count: 1, firstNew: 0, newSenders: [] } satisfies Omit<UdpBatch, 'bytes'>), number, again });

test('while batches come again nothing is confirmed, even where some of them wait; then all of them at once', async () => {
  const { tell, said, world, held } = stage();
  world.slow = true;
  tell(batch(4, true));
  tell(batch(5, true));
  tell({ kind: 'dropped', reason: 'overrun', listener: 'udp', sender: { address: '192.0.2.1', port: 9 }, count: 2, from: 1, to: 2, number: 3, again: true });
  tell({ kind: 'caught-up' });
  for (let i = 0; i < 5; i++) await turn();
  world.waiting.shift()?.();
  held.lossesWritten(); // as it is now and then
  for (let i = 0; i < 5; i++) await turn();
  expect(said).toEqual([{ kind: 'begun', after: { epoch: 7, tiers: { 3: 0 } } }]);
  world.waiting.shift()?.();
  for (let i = 0; i < 5; i++) await turn();
  expect(said.slice(1)).toEqual([{ kind: 'taken', batches: 5, drops: 3, after: { epoch: 7, tiers: { 3: 2 } } }]);
});

test('while lost datagrams have no record, what comes after them is not confirmed either', async () => {
  const { tell, said, world, held } = stage();
  tell({ kind: 'caught-up' });
  tell(batch(1, false));
  for (let i = 0; i < 5; i++) await turn();
  world.owes = true;
  tell(batch(2, false));
  tell(batch(3, false));
  for (let i = 0; i < 5; i++) await turn();
  expect(said.at(-1)).toMatchObject({ kind: 'taken', batches: 1 });
  world.owes = false;
  held.lossesWritten();
  for (let i = 0; i < 5; i++) await turn();
  expect(said.at(-1)).toEqual({ kind: 'taken', batches: 3, drops: 0, after: { epoch: 7, tiers: { 3: 3 } } });
});
