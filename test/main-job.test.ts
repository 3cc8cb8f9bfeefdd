// The main job on real logs: lines in over the network, stored byte-exact, brute-force incidents that name the true attackers,
// the same file again updates them. The result does not depend on the day the test runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openPage, signIn } from './support/browser.js';
import { ADMIN_PASSWORD, Client, sendTcp, sendUdp, startProduct, until } from './support/product.js';
import { testOn, unpacked } from './support/shared.js';

interface IncidentItem { id: string; number: string; title: string; tier: number; severity: string; status: string; alertCount: number; entities: { kind: string; value: string }[]; rules: { id: string; title: string }[] }
interface EventItem { 'event.original': string; 'event.original_b64'?: string; '@timestamp': string; 'haidang.system': string; 'event.id': string }

const loghub = unpacked('logs/loghub-2k/loghub-2k-shared.tar.gz');
const linesOf = (name: string): Buffer[] => {
  const bytes = readFileSync(join(loghub as string, name, `${name}_2k.log`));
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start) < 0 ? bytes.length : bytes.indexOf(10, start);
    const line = bytes.subarray(start, end > start && bytes[end - 1] === 13 ? end - 1 : end);
    if (line.length > 0) lines.push(line);
    start = end + 1;
  }
  return lines;
};
/** Addresses with at least `least` failed logins in any five minutes, counted without the product's code. */
function attackers(lines: readonly Buffer[], least: number): Set<string> {
  const times = new Map<string, number[]>();
  for (const line of lines) {
    const text = line.toString('latin1');
    const match = /^(\w{3}) +(\d+) (\d\d):(\d\d):(\d\d) .*sshd.*Failed (?:password|none) for .* from (\S+) port/.exec(text);
    if (match === null) continue;
    const at = (Number(match[2]) * 24 + Number(match[3])) * 3600 + Number(match[4]) * 60 + Number(match[5]);
    times.set(match[6] as string, [...(times.get(match[6] as string) ?? []), at]);
  }
  return new Set([...times].filter(([, seen]) => seen.some((at, i) => seen.slice(i).filter((other) => other - at <= 300).length >= least)).map(([address]) => address));
}
for (const protocol of ['tcp', 'udp'] as const) testOn(loghub, `the OpenSSH log over ${protocol}: every line stored byte-exact, the true attackers named, sent again without new incidents`, async () => {
  const lines = linesOf('OpenSSH');
  const product = await startProduct();
  try {
    const send = protocol === 'tcp' ? sendTcp : sendUdp;
    await send(product.syslogPort, lines);
    const client = await Client.signIn(product.url);
    await until(() => client.get<{ total: number }>('/api/events?limit=1'), ({ total }) => total === lines.length, `${lines.length} events`);
    const stored = (await client.all<EventItem>('/api/events')).map((event) => (event['event.original_b64'] === undefined ? Buffer.from(event['event.original']) : Buffer.from(event['event.original_b64'], 'base64')).toString('latin1'));
    expect(stored.sort()).toEqual(lines.map((line) => line.toString('latin1')).sort());

    await until(() => client.get<{ items: { evaluated: number }[] }>('/api/sources'), ({ items }) => items.reduce((sum, { evaluated: n }) => sum + n, 0) === lines.length, 'all evaluated');
    const first = await client.all<IncidentItem>('/api/incidents');
    const brute = first.filter(({ rules }) => rules.some(({ title }) => /guess|brute force/i.test(title)));
    const named = new Set(brute.flatMap(({ entities }) => entities.filter(({ kind }) => kind === 'ip').map(({ value }) => value)));
    const certain = attackers(lines, 10);
    expect(certain.size).toBeGreaterThan(2);
    expect([...certain].filter((address) => !named.has(address))).toEqual([]);
    const possible = attackers(lines, 5);
    expect([...named].filter((address) => !possible.has(address))).toEqual([]);

    await send(product.syslogPort, lines);
    await until(() => client.get<{ total: number }>('/api/events?limit=1'), ({ total }) => total === 2 * lines.length, 'the same again');
    // A batch whose commit has been written and not answered yet counts as under way still: nothing is, once the answer is here.
    const settled = ({ items }: { items: { received: number; evaluated: number }[] }): boolean => items.reduce((sum, { received, evaluated }) => sum + Math.abs(received - 2 * lines.length) + Math.abs(evaluated - 2 * lines.length), 0) === 0;
    const evaluated = await until(() => client.get<{ items: { received: number; stored: number; evaluated: number; lost: number }[] }>('/api/sources'), settled, 'all evaluated, nothing under way');
    expect(evaluated.items.map(({ received, stored: kept, lost }) => [received, kept, lost])).toEqual([[2 * lines.length, 2 * lines.length, 0]]);
    const again = await client.all<IncidentItem>('/api/incidents');
    expect(again.map(({ id, title }) => `${id} ${title}`).sort()).toEqual(first.map(({ id, title }) => `${id} ${title}`).sort());
    const ids = new Set((await client.all<EventItem>('/api/events')).map((event) => event['event.id']));
    expect(ids.size).toBe(2 * lines.length);
  } finally {
    await product.stop();
  }
}, 240_000);

testOn(loghub, 'the Linux log: every line stored, nothing fires that a person would not defend', async () => {
  const lines = linesOf('Linux');
  const product = await startProduct();
  try {
    await sendTcp(product.syslogPort, lines);
    const client = await Client.signIn(product.url);
    await until(() => client.get<{ total: number }>('/api/events?limit=1'), ({ total }) => total === lines.length, `${lines.length} events`);
    await until(() => client.get<{ items: { evaluated: number }[] }>('/api/sources'), ({ items }) => items.reduce((sum, { evaluated }) => sum + evaluated, 0) === lines.length, 'all evaluated');
    const incidents = await client.all<IncidentItem>('/api/incidents');
    // The log holds password guessing over SSH and nothing else worth a person's time.
    const others = incidents.filter(({ rules }) => !rules.every(({ title }) => /ssh|brute|guess|spray|password|login/i.test(title)));
    expect(others.map(({ title }) => title)).toEqual([]);
    expect(incidents.length).toBeGreaterThan(0);
  } finally {
    await product.stop();
  }
}, 240_000);

testOn(loghub, 'an analyst who watches the queue sees the incident come, without touching anything', async () => {
  const lines = linesOf('OpenSSH').slice(0, 200);
  const product = await startProduct(), browser = await openBrowser();
  try {
    const { page, errors } = await openPage(browser, product.url);
    await signIn(page, 'admin', ADMIN_PASSWORD);
    await page.goto(`${product.url}/queue`);
    await page.getByText('Hàng đợi').first().waitFor();
    await sendTcp(product.syslogPort, lines);
    const sent = Date.now();
    await page.getByTestId('queue-row').filter({ hasText: '112.95.230.3' }).waitFor();
    process.stdout.write(`the incident is on the screen ${Date.now() - sent} ms after the last line\n`);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    await product.stop();
  }
}, 180_000);
