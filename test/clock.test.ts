// A clock that is set under the running product and between its runs: a day ahead, hours back. Nothing is lost, doubled or shown to be under
// way for ever; received times follow a minute later, under an epoch of their own; nobody is taken for silent; an alarm is raised as ever.
// The wall clock is moved by `support/clock-preload.mjs` in every process and thread, since a machine's own clock is everybody's.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../core/process/built.js';
import { Client, sendTcp, startProduct, until, type Product } from './support/product.js';

const HOUR = 3_600_000, CONFIG = 'systems:\n  - { id: CONG, name: Cổng, tier: 5, match: [ { address: 127.0.0.1 } ] }\n';
let folder: string, sent = 0, offset = 0;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'haidang-clock-')); sent = 0; set(0); });
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

function set(hours: number): void { offset = hours * HOUR; writeFileSync(join(folder, 'clock'), String(offset)); }
const start = (): Promise<Product> => startProduct({
  data: join(folder, 'data'), config: CONFIG,
  env: { NODE_OPTIONS: `--import=${join(projectRoot, 'test/support/clock-preload.mjs')}`, HAIDANG_TEST_CLOCK_FILE: join(folder, 'clock') },
});
interface Source { received: number; stored: number; evaluated: number; underWay: number; lost: number; silent: boolean }
/** Sends 20 refusals from an address of the attacker's own, and waits until all that was ever sent is received = stored = evaluated. */
async function attack(product: Product, address: string, shown: Partial<Source> = { silent: false }): Promise<void> {
  const now = Date.now() + offset;
  await sendTcp(product.syslogPort, Array.from({ length: 20 }, (_, i) => `<38>1 ${new Date(now).toISOString()} gw-01 sshd ${sent + i} - - Failed password for root from ${address} port ${4000 + i} ssh2`));
  sent += 20;
  const client = await Client.signIn(product.url);
  const { items } = await until(() => client.get<{ items: Source[] }>('/api/sources'), ({ items: [source] }) => source?.evaluated === sent, `${sent} messages to be evaluated`);
  expect(items).toEqual([expect.objectContaining({ received: sent, stored: sent, evaluated: sent, underWay: 0, lost: 0, ...shown })]);
  await until(() => client.get<{ items: { entity: { value: string } }[] }>('/api/incidents'), ({ items: incidents }) => incidents.some((incident) => JSON.stringify(incident).includes(address)), `an incident about ${address}`);
}

test('a day ahead while it runs, an hour back and two days back between runs', async () => {
  let product = await start();
  try {
    await attack(product, '198.51.100.1');
    set(24);
    await attack(product, '198.51.100.2', {}); // for that minute what was just received is a day old by the clock
    await until(() => Promise.resolve(product.output()), (output) => output.includes('collector.clock.set'), 'the new epoch', 90_000);
    await attack(product, '198.51.100.3');
    for (const [hours, address] of [[23, '198.51.100.4'], [-25, '198.51.100.5']] as const) {
      expect(await product.stop()).toBe(0);
      set(hours);
      product = await start();
      await attack(product, address);
    }
    const client = await Client.signIn(product.url), frames = await client.all<{ 'event.created': string; 'log.syslog.procid'?: string }>('/api/events');
    expect(new Set(frames.map((event) => event['log.syslog.procid'])).size).toBe(sent);
    expect(frames.length).toBe(sent);
    expect((await client.all('/api/events?query=event.dataset:haidang.clock')).length).toBe(1);
    // Received by the old clock until the epoch changed, then by the new one.
    const dayOf = (from: number): number => Math.round((Date.parse(String(frames.find((event) => event['log.syslog.procid'] === String(from))?.['event.created'])) - Date.now()) / HOUR) + 0;
    expect([0, 20, 40, 60, 80].map(dayOf)).toEqual([0, 0, 24, 23, -25]);
    const incidents = await client.get<{ items: unknown[] }>('/api/incidents');
    expect(JSON.stringify(incidents)).not.toMatch(/silent/i);
  } finally {
    await product.kill();
  }
}, 300_000);
