// What senders' numbers prove, over real sockets into the real product: Lumberjack's windows, a counter in front of a firewall's messages,
// and the firewall without one, of which nothing can be said.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWindow, jsonFrame, windowFrame } from '../collector/fixtures/beats-client.js';
import type { BalanceItem, SourceItem } from '../console/api.js';
import { Client, sendTcp, startProduct, until, type Product } from './support/product.js';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
async function open(port: number, localAddress: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  await new Promise<void>((resolve, reject) => { socket.once('connect', resolve); socket.once('error', reject); });
  return socket.on('error', () => undefined);
}
/** Resolves when so many windows were acknowledged. */
const acknowledged = (socket: Socket, windows: number): Promise<void> => new Promise((resolve) => { let seen = 0; socket.on('data', (chunk: Buffer) => { for (let at = 2; at + 4 <= chunk.length; at += 6) if (chunk.readUInt32BE(at) > 0) seen++; if (seen >= windows) resolve(); }); });
const event = (n: number): string => JSON.stringify({ '@timestamp': new Date().toISOString(), message: `event ${n}`, number: n });
const asa = (front: string, n: number): string => `<166>${front}Nov 22 2026 10:00:00: %ASA-6-302013: Built outbound TCP connection ${n} for outside:198.51.100.7/443 (198.51.100.7/443) to inside:192.0.2.5/${n} (192.0.2.5/${n})`;

test('numbers passed over are missing, what broke off comes again, and who does not number is not judged', async () => {
  const data = mkdtempSync(join(tmpdir(), 'haidang-numbers-')), port = await freePort();
  let product: Product | undefined;
  try {
    product = await startProduct({ data, config: `inputs: [{ kind: beats, port: ${port} }]\nsystems: [{ id: N, name: n, tier: 2, unit: u, match: [{ address: 127.0.19.0/24 }] }]\n` });
    const client = await Client.signIn(product.url), of = async (sender: string): Promise<BalanceItem | undefined> => (await client.get<{ items: BalanceItem[] }>(`/api/sources/balance?source=N/${sender}`)).items[0];
    const settled = (sender: string, received: number): Promise<BalanceItem> => until(() => of(sender), (one) => one?.received === received && one.underWay === 0, `${received} of ${sender}`) as Promise<BalanceItem>;

    // Beats: two windows from 1, one that passes over 4 and 5, one that breaks off after one of four and comes again whole.
    const first = await open(port, '127.0.19.1'), two = acknowledged(first, 3);
    first.write(Buffer.concat([encodeWindow([event(1), event(2)]), encodeWindow([event(3), event(4)]), windowFrame(4), ...[1, 2, 3, 6].map((n) => jsonFrame(n, event(4 + n)))]));
    await two;
    first.write(Buffer.concat([windowFrame(4), jsonFrame(1, event(11))]));
    await settled('127.0.19.1', 9);
    first.destroy();
    const again = await open(port, '127.0.19.1'), whole = acknowledged(again, 1);
    again.write(encodeWindow([event(11), event(12), event(13), event(14)]));
    await whole;
    await settled('127.0.19.1', 13);
    const beats = await until(() => of('127.0.19.1'), (one) => (one?.gaps.length ?? 0) === 2, 'both to be told');
    expect(beats).toMatchObject({ received: 13, stored: 13, evaluated: 13, lost: 0, missing: 2, complete: false });
    expect(beats?.gaps.map(({ cause, owner, count, frames }) => [cause, owner, count, frames])).toEqual([['sequence_gap', 'path', 2, 0], ['unfinished', 'path', 0, 3]]);
    again.destroy();

    // A firewall with a counter in front of its messages: two never came. Without one: connection numbers with holes say nothing.
    await sendTcp(product.syslogPort, [1, 2, 3, 6, 7].map((n) => asa(`${n}: `, 900 + n)), '127.0.19.2');
    await sendTcp(product.syslogPort, [1, 2, 3, 6, 7].map((n) => asa('', 900 + n)), '127.0.19.3');
    expect(await settled('127.0.19.2', 5)).toMatchObject({ missing: 2, gaps: [{ cause: 'sequence_gap', parts: [{ name: 'cisco', missing: [[4, 5]] }] }] });
    expect(await settled('127.0.19.3', 5)).toMatchObject({ missing: 0, lost: 0, complete: true, percent: 100, gaps: [] });
    const listed = (await client.get<{ items: SourceItem[] }>('/api/sources')).items.map(({ sender, received, stored, underWay, lost, missing }) => [sender, received === stored + underWay, lost, missing]);
    expect(listed).toEqual([['127.0.19.1', true, 0, 2], ['127.0.19.2', true, 0, 2], ['127.0.19.3', true, 0, 0]]);
  } finally {
    await product?.stop();
    rmSync(data, { recursive: true, force: true });
  }
}, 240_000);
