import { createServer, type Server, type Socket } from 'node:net';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Notice, OutboxStore } from '../core/store/store.js';
import { MailError, openMail, type Sender } from './mail.js';
import { Outbox } from './outbox.js';

// smtp-server brings no types.
const { SMTPServer } = createRequire(import.meta.url)('smtp-server') as { SMTPServer: new (options: object) => { listen(port: number, host: string, done: () => void): void; close(done: () => void): void; on(name: string, listener: (error: Error) => void): void; server: Server } };
const PostalMime = (await import('postal-mime')).default;

const notice = (id: string, part: Partial<Notice> = {}): Notice => ({
  id, incident: 'i1', channel: 'mail', recipient: 'truc@soc.example', subject: '[SC-2026-0001] Cao: Đăng nhập thất bại: 203.0.113.9', text: 'Sự cố mới SC-2026-0001\n', created: Date.UTC(2026, 10, 22, 1, 2, 3),
  state: 'waiting', tries: 0, due: 0, ...part,
});

/** The outbox of the store port, in memory. */
function outboxOf(...notices: Notice[]): OutboxStore & { readonly all: Map<string, Notice> } {
  const all = new Map(notices.map((one) => [one.id, one]));
  return {
    all,
    claim: async (now, leaseMs, limit) => [...all.values()].filter(({ state, due }) => (state === 'waiting' || state === 'sending') && due <= now).slice(0, limit).map((one) => {
      const claimed: Notice = { ...one, state: 'sending', tries: one.tries + 1, due: now + leaseMs };
      all.set(one.id, claimed);
      return claimed;
    }),
    settle: async (id, result) => {
      const one = all.get(id)!;
      all.set(id, 'sentAt' in result ? { ...one, state: 'sent', sentAt: result.sentAt } : { ...one, state: result.giveUp ? 'failed' : 'waiting', due: result.due, error: result.error });
    },
    counts: async () => ({ waiting: 0, sending: 0, sent: 0, failed: 0 }),
    list: async () => ({ items: [...all.values()], next: null, total: all.size }),
  };
}
const log = pino({ level: 'silent' });
let now = 1_000;
const clock = { now: () => now, monotonic: () => now };
const outboxWith = (store: OutboxStore, sender: Sender): Outbox => new Outbox({ outbox: store, sender, clock, log, backOffMs: 1_000, triesMax: 4 });

const closers: (() => Promise<void>)[] = [];
afterEach(async () => { for (const close of closers.splice(0)) await close(); });

async function smtp(options: object): Promise<{ port: number; mails: string[] }> {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], logger: false, closeTimeout: 100,
    onData(stream: NodeJS.ReadableStream, _session: unknown, done: (error?: Error) => void) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => { mails.push(Buffer.concat(parts).toString('utf8')); done(); });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => new Promise((done) => server.close(done)));
  return { port: (server.server.address() as AddressInfo).port, mails };
}
const senderTo = (port: number): Sender => openMail({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'Hải Đăng <haidang@soc.example>' });

test('a notice is sent once, under its own id and date, in Vietnamese letters', async () => {
  const { port, mails } = await smtp({});
  const store = outboxOf(notice('n1'));
  const outbox = outboxWith(store, senderTo(port));
  await outbox.pass();
  await outbox.pass();
  expect(mails).toHaveLength(1);
  const mail = await PostalMime.parse(mails[0]!);
  expect(mail).toMatchObject({ messageId: '<n1@haidang>', subject: '[SC-2026-0001] Cao: Đăng nhập thất bại: 203.0.113.9', date: '2026-11-22T01:02:03.000Z', text: 'Sự cố mới SC-2026-0001\n' });
  expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
  expect(store.all.get('n1')).toMatchObject({ state: 'sent', tries: 1, sentAt: 1_000 });
});

test('a refused recipient is tried again, given up in the end and seen, and stops no other mail', async () => {
  const { port, mails } = await smtp({
    onRcptTo({ address }: { address: string }, _session: unknown, done: (error?: Error) => void) { done(address.startsWith('nobody') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : undefined); },
  });
  const store = outboxOf(notice('bad', { recipient: 'nobody@soc.example' }), notice('good'));
  const outbox = outboxWith(store, senderTo(port));
  for (let i = 0; i < 6; i++) { await outbox.pass(); now += 60_000; }
  expect(mails).toHaveLength(1);
  expect(store.all.get('good')).toMatchObject({ state: 'sent' });
  expect(store.all.get('bad')).toMatchObject({ state: 'failed', tries: 3, error: expect.stringContaining('no such user') });
});

test('a connection lost after DATA: the same bytes go out again under the same Message-ID', async () => {
  const seen: string[] = [];
  // A server that takes the mail and dies before it says so, the first time.
  const server = createServer((socket: Socket) => {
    let inData = false, text = '';
    socket.on('error', () => undefined);
    socket.write('220 relay.example\r\n');
    socket.on('data', (bytes) => {
      text += bytes.toString();
      if (inData) {
        if (!text.includes('\r\n.\r\n')) return;
        seen.push(text);
        if (seen.length === 1) { socket.destroy(); return; }
        inData = false; text = '';
        socket.write('250 taken\r\n');
        return;
      }
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end).toUpperCase();
        text = text.slice(end + 2);
        if (line === 'DATA') { inData = true; socket.write('354 go on\r\n'); break; }
        socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => new Promise((done) => { server.close(() => done()); }));
  const store = outboxOf(notice('n2'));
  const outbox = outboxWith(store, senderTo((server.address() as AddressInfo).port));
  await outbox.pass();
  expect(store.all.get('n2')).toMatchObject({ state: 'waiting', tries: 1 });
  now += 60_000;
  await outbox.pass();
  expect(seen).toHaveLength(2);
  expect(seen[1]).toBe(seen[0]);
  expect(seen[0]).toMatch(/^Message-ID: <n2@haidang>\r$/m);
  expect(store.all.get('n2')).toMatchObject({ state: 'sent', tries: 2 });
});

test('a server that is away costs time, not mails; the wait grows', async () => {
  const store = outboxOf(notice('n3'));
  let up = false;
  const sent: string[] = [];
  const outbox = outboxWith(store, { send: async ({ id }) => { if (!up) throw new MailError('connect ECONNREFUSED', false, undefined); sent.push(id); }, close: () => undefined });
  const waits: number[] = [];
  for (let i = 0; i < 2; i++) {
    await outbox.pass();
    waits.push(store.all.get('n3')!.due - now);
    now = store.all.get('n3')!.due;
  }
  up = true;
  await outbox.pass();
  expect(waits).toEqual([1_000, 2_000]);
  expect(sent).toEqual(['n3']);
});

test('a claim that nobody settled is taken over when its lease ends, not before', async () => {
  const store = outboxOf(notice('n4'));
  const sent: string[] = [];
  await store.claim(now, 120_000, 8); // a sender that died
  const outbox = outboxWith(store, { send: async ({ id }) => { sent.push(id); }, close: () => undefined });
  await outbox.pass();
  expect(sent).toEqual([]);
  now += 120_000;
  await outbox.pass();
  expect(sent).toEqual(['n4']);
});
