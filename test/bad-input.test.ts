// Bad input is normal: it gets a clear word, nothing is lost, nothing else stops.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, sendTcp, sendUdp, startProduct, until, type Product } from './support/product.js';

interface EventItem { 'event.original': string; 'event.original_b64'?: string; tags?: string | string[]; message: string }
interface SourceItem { received: number; stored: number; evaluated: number; lost: number }

describe('hostile lines', () => {
  let product: Product, client: Client;
  beforeAll(async () => { product = await startProduct(); client = await Client.signIn(product.url); }, 60_000);
  afterAll(async () => { await product.stop(); });
  const stored = (count: number): Promise<unknown> => until(() => client.get<{ total: number }>('/api/events?limit=1'), ({ total }) => total >= count, `${count} events`);
  const found = async (query: string): Promise<EventItem[]> => client.all<EventItem>(`/api/events?query=${encodeURIComponent(query)}`);

  test('a line of 10 MB is cut and says so; its neighbours are whole', async () => {
    const huge = Buffer.concat([Buffer.from('<13>Nov 20 10:00:00 host-a app: huge '), Buffer.alloc(10 * 1024 * 1024, 0x78)]);
    await sendTcp(product.syslogPort, ['<13>Nov 20 10:00:00 host-a app: neighbour before', huge, '<13>Nov 20 10:00:01 host-a app: neighbour after']);
    await stored(3);
    expect((await found('neighbour')).map(({ message }) => message).sort()).toEqual(['neighbour after', 'neighbour before']);
    const [cut] = await found('tags:truncated');
    expect(cut?.['event.original'].length).toBe(1024 * 1024);
  }, 180_000);

  test('invalid UTF-8 is shown with replacement characters and its bytes are kept', async () => {
    const bytes = Buffer.from([...Buffer.from('<13>Nov 20 10:00:02 host-b app: broken '), 0xff, 0xfe, 0xc3, 0x28]);
    await sendUdp(product.syslogPort, [bytes]);
    const [event] = await until(() => found('broken'), (items) => items.length === 1, 'the event');
    expect(event?.['event.original']).toContain('\uFFFD');
    expect(Buffer.from(event?.['event.original_b64'] ?? '', 'base64')).toEqual(bytes);
  });

  test('names of JavaScript itself, NUL, escapes and markup in every field are only text', async () => {
    const lines = ['{"__proto__":{"polluted":true},"constructor":"x","message":"proto line"}', '<13>Nov 20 10:00:03 host-c app: nul \u0000 esc \u001b[31m bidi \u202e', '<13>Nov 20 10:00:04 <script>alert(1)</script> <script>alert(2)</script>: <script>alert(3)</script> proto markup'];
    await sendTcp(product.syslogPort, lines);
    await until(() => found('alert(3)'), (items) => items.length === 1, 'the markup line');
    expect((await found('proto line')).length).toBe(1);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('a rule with a YAML error is named with its line and stops no other', async () => {
    const folder = join(product.data, 'rules');
    mkdirSync(folder, { recursive: true });
    const before = (await client.get<{ total: number }>('/api/rules?limit=1')).total;
    writeFileSync(join(folder, 'broken.yml'), 'title: broken\nlogsource:\n  product: linux\ndetection:\n  selection: [unclosed\n  condition: selection\n');
    const { items } = await until(() => client.get<{ items: { file: string; line?: number; message: string }[] }>('/api/rules/problems'), (answer) => answer.items.length > 0, 'the problem');
    expect(items[0]?.file).toContain('broken.yml');
    expect(items[0]?.line).toBeGreaterThanOrEqual(5);
    expect((await client.get<{ total: number }>('/api/rules?limit=1')).total).toBeGreaterThanOrEqual(before);
    rmSync(join(folder, 'broken.yml'));
    await until(() => client.get<{ items: unknown[] }>('/api/rules/problems'), (answer) => answer.items.length === 0, 'the problem to go');
  }, 180_000);

  test('a wrong query is told with its column, an unknown session with 401', async () => {
    const answer = await client.request('GET', `/api/events?query=${encodeURIComponent('user.name:"open')}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(((await answer.json()) as { problems: { column: number }[] }).problems[0]?.column).toBeGreaterThan(0);
    expect((await fetch(`${product.url}/api/incidents`, { headers: { cookie: 'haidang_session=gone' } })).status).toBe(401);
  });
});

test('a full disk stops the intake, not the console; when there is room again everything sent is stored', async () => {
  const mount = mkdtempSync(join(tmpdir(), 'haidang-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', mount], { stdio: 'pipe' });
  } catch (error) {
    process.stdout.write(`not run: a small tmpfs cannot be mounted here (${error instanceof Error ? error.message.split('\n')[0] : ''})\n`);
    rmSync(mount, { recursive: true });
    return;
  }
  const product = await startProduct({ data: join(mount, 'data'), config: 'freeBytesMin: 16000000\n' });
  try {
    const client = await Client.signIn(product.url);
    const line = (n: number): string => `<13>1 2026-11-20T10:00:00Z host-d app ${n} - - filler ${n} ${n.toString(36).repeat(60)}`;
    const count = 120_000;
    const sending = sendTcp(product.syslogPort, Array.from({ length: count }, (_, n) => line(n)));
    let finished = false;
    void sending.then(() => { finished = true; });
    for (let round = 0; round < 30 && !finished; round++) {
      await sleep(500);
      expect((await fetch(`${product.url}/healthz`)).status).toBeLessThan(600);
      await client.get('/api/session');
    }
    execFileSync('mount', ['-o', 'remount,size=1g', mount]);
    await sending;
    const total = await until(() => client.get<{ items: SourceItem[] }>('/api/sources'), ({ items }) => items[0]?.stored === count, `${count} stored`, 120_000);
    expect(total.items.map(({ received, evaluated, lost }) => [received, evaluated, lost])).toEqual([[count, count, 0]]);
  } finally {
    await product.kill();
    execFileSync('umount', ['-l', mount]);
    rmSync(mount, { recursive: true, force: true });
  }
}, 240_000);
