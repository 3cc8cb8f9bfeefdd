// The encoding and the time zone of a source, set over the API of the real product while it runs: the next lines are read by it, those of
// the other senders of the same system are not, and a start later it still holds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceReading } from '../console/api.js';
import { Client, sendTcp, startProduct, until, type Product } from './support/product.js';

const CONFIG = 'systems: [{ id: BOOKS, name: Sổ cái, tier: 2, unit: u, match: [{ address: 127.0.18.0/24 }] }]\n';
const OURS = '127.0.18.1', OTHER = '127.0.18.2', SOURCE = `BOOKS/${OURS}`;
/** `ghi sổ` as old Vietnamese applications write it, at a clock of UTC. */
const line = (n: number): Buffer => Buffer.concat([Buffer.from(`<13>${new Date().toUTCString().replace(/^\w+, (\d+) (\w+) \d+ ([\d:]+).*/, (_, day: string, month: string, time: string) => `${month} ${String(Number(day)).padStart(2)} ${time}`)} app books: ghi s`), Buffer.from([0xf4, 0xd2]), Buffer.from(` no ${n}`)]);

test('in force without a restart, for this source alone, and after one', async () => {
  const data = mkdtempSync(join(tmpdir(), 'haidang-reading-'));
  let product: Product | undefined;
  try {
    product = await startProduct({ data, config: CONFIG });
    const { url, syslogPort } = product, client = await Client.signIn(url);
    const read = async (from: Client, sender: string, n: number): Promise<Record<string, unknown>> => (await until(() => from.get<{ items: Record<string, unknown>[] }>(`/api/events?query=${encodeURIComponent(`haidang.system:BOOKS AND log.source.address:${sender} AND "no ${n}"`)}`), ({ items }) => items.length === 1, `line ${n} of ${sender}`)).items[0] as Record<string, unknown>;
    const hoursOff = (event: Record<string, unknown>): number => Math.round((Date.parse(String(event['@timestamp'])) - Date.parse(String(event['event.created']))) / 3_600_000) || 0;
    await sendTcp(syslogPort, [line(1)], OURS);
    const before = await read(client, OURS, 1);
    expect([String(before['message']).includes('\ufffd'), hoursOff(before)]).toEqual([true, -7]);

    const { version } = await client.get<SourceReading>(`/api/sources/reading?source=${SOURCE}`);
    expect((await client.request('PUT', '/api/sources/reading', { source: SOURCE, version, encoding: 'windows-1258', timezone: 'UTC' })).status).toBe(200);
    for (let n = 2; ; n++) { // the intake takes it a moment later
      await sendTcp(syslogPort, [line(n)], OURS);
      const event = await read(client, OURS, n);
      if (event['haidang.encoding'] === undefined && n < 40) continue;
      expect([String(event['message']), event['haidang.encoding'], hoursOff(event)]).toEqual([expect.stringContaining(`ghi sổ no ${n}`.normalize('NFC')), 'windows-1258', 0]);
      break;
    }
    await sendTcp(syslogPort, [line(91)], OTHER);
    expect([hoursOff(await read(client, OTHER, 91)), String((await read(client, OURS, 1))['message']).includes('\ufffd')]).toEqual([-7, true]);

    await product.stop();
    product = await startProduct({ data, config: CONFIG });
    const later = await Client.signIn(product.url);
    await sendTcp(product.syslogPort, [line(92)], OURS);
    expect((await read(later, OURS, 92))['haidang.encoding']).toBe('windows-1258');
  } finally {
    await product?.stop();
    rmSync(data, { recursive: true, force: true });
  }
}, 240_000);
