// Syslog over TLS on real sockets, asserted at the server: who gets in, as whom, under which certificate, and who does not.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { issue, type Issued } from '../fixtures/certificates.js';
import { LOOPBACK, registryOf, run, stopAll, until, type Running } from '../fixtures/running.js';
import type { ListenerKind, TlsOptions } from '../options.js';

const authority = issue('Test authority', { isAuthority: true }), stranger = issue('Another authority', { isAuthority: true });
const ours = issue('log.example.test', { authority });
let folder: string, files: TlsOptions;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-'));
  files = { certificateFile: join(folder, 'server.pem'), keyFile: join(folder, 'server.key'), caFile: join(folder, 'ca.pem') };
  await Promise.all([place(ours), writeFile(join(folder, 'ca.pem'), authority.certificate)]);
});
afterEach(async () => { await stopAll(); await rm(folder, { recursive: true, force: true }); });
const place = ({ certificate, key }: Issued): Promise<unknown> => Promise.all([writeFile(files.certificateFile, certificate), writeFile(files.keyFile, key)]);

const start = (tls: Partial<TlsOptions> = {}): Promise<Running> => run(join(folder, 'spool'), [{ name: 'tls', kind: 'tls', ...LOOPBACK, tls: { ...files, lookMs: 50, ...tls } }], {
  registry: registryOf([
    { id: 'portal', tier: 4, unit: '', match: [{ address: '0.0.0.0/0', certificate: 'portal.example.test' }] },
    { id: 'archive', tier: 2, unit: '', match: [{ address: '0.0.0.0/0', certificate: 'second.example.test' }] },
  ]),
});
async function open({ port }: Running, more: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port: port('tls'), host: '127.0.0.1', ca: authority.certificate, checkServerIdentity: () => undefined, ...more });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}
const as = ({ certificate, key }: Issued): ConnectionOptions => ({ cert: certificate, key });
/** Sends a line, whatever becomes of it. */
function attempt({ port }: Running, text: string, more: ConnectionOptions = {}): void {
  const socket = connect({ port: port('tls'), host: '127.0.0.1', rejectUnauthorized: false, ...more });
  socket.on('error', () => undefined);
  socket.write(text);
}

test('lines and counted frames arrive; the client certificate decides the system, by its common or an alternative name', async () => {
  const running = await start({ clientCertificates: 'optional' });
  (await open(running)).end('<13>nobody\n');
  (await open(running, as(issue('portal.example.test', { authority })))).end('13 <13>by common<13>rest');
  (await open(running, as(issue('host 7', { authority, dns: ['first.example.test', 'second.example.test'] })))).end('<13>by alternative\n');
  (await open(running, as(issue('portal.example.test', { authority: stranger })))).end('<13>an impostor\n');
  expect(await until(() => running.frames().length === 5)).toBe(true);
  expect(running.records.filter(({ kind }) => kind === 'frame').map(({ frame, tier, arrival: { system } }) => `${Buffer.from(frame).toString()}: ${system} ${tier}`).sort()).toEqual([
    '<13>an impostor: unassigned 3', '<13>by alternative: archive 2', '<13>by common: portal 4', '<13>nobody: unassigned 3', '<13>rest: portal 4',
  ]);
  await running.collector.stop();
});

test('where a certificate is required, nobody without a trusted one delivers a byte; refusals are counted', async () => {
  const running = await start({ clientCertificates: 'required' });
  attempt(running, '<13>none\n');
  attempt(running, '<13>untrusted\n', as(issue('portal.example.test', { authority: stranger })));
  expect(await until(() => running.losses().reduce((sum, { reason, frames = 0 }) => sum + (reason === 'refused' ? frames : 0), 0) === 2)).toBe(true);
  expect(running.problems.map(({ code }) => code)).toEqual(['collector.tls.handshake']);
  (await open(running, as(issue('portal.example.test', { authority })))).end('<13>trusted\n');
  expect(await until(() => running.frames().length > 0)).toBe(true);
  expect(running.frames()).toEqual(['<13>trusted']);
  expect((await running.collector.stats()).listeners.map(({ listener, connections, dropped }) => [listener, connections, dropped])).toEqual([['tls', 1, 2]]);
  await running.collector.stop();
});

test.each<ListenerKind>(['tls', 'relp', 'beats', 'http', 'gelf-tcp'])('%s: a client without a certificate, or with one of another authority, is not let in', async (kind) => {
  const running = await run(join(folder, 'spool'), [{ name: 'in', kind, ...LOOPBACK, tls: { ...files, clientCertificates: 'required' } }]);
  const tryWith = (more: ConnectionOptions): Promise<boolean> => new Promise((resolve) => {
    const socket = connect({ port: running.port('in'), host: '127.0.0.1', rejectUnauthorized: false, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ...more }); // in 1.3 a client hears of it later
    socket.on('secureConnect', () => { resolve(true); socket.destroy(); }).on('error', () => { resolve(false); });
  });
  const foreign = issue('portal.example.test', { authority: stranger }), own = issue('portal.example.test'), trusted = issue('portal.example.test', { authority });
  expect([await tryWith({}), await tryWith(as(foreign)), await tryWith(as(own)), await tryWith(as(trusted))]).toEqual([false, false, false, true]);
  expect(await until(() => running.losses().reduce((sum, { reason, frames = 0 }) => sum + (reason === 'refused' ? frames : 0), 0) === 3)).toBe(true);
  expect(running.frames()).toEqual([]);
});

test('versions before 1.2 are refused, 1.2 and 1.3 are taken', async () => {
  const running = await start();
  for (const version of ['TLSv1', 'TLSv1.1'] as const) attempt(running, `<13>${version}\n`, { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' });
  expect(await until(() => running.losses().reduce((sum, { frames = 0 }) => sum + frames, 0) === 2)).toBe(true);
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) (await open(running, { minVersion: version, maxVersion: version })).end(`<13>${version}\n`);
  expect(await until(() => running.frames().length === 2)).toBe(true);
  expect(running.frames().sort()).toEqual(['<13>TLSv1.2', '<13>TLSv1.3']);
  await running.collector.stop();
});

test('a renewed certificate is used without a restart; open connections go on; half a renewal changes nothing', async () => {
  const running = await start(), before = await open(running), renewed = issue('renewed.example.test', { authority });
  const nameOf = async (): Promise<string | undefined> => {
    const socket = await open(running), { subject } = socket.getPeerCertificate();
    socket.destroy();
    return String(subject.CN);
  };
  await writeFile(files.certificateFile, renewed.certificate); // its key is still the old one
  expect(await until(() => running.problems.some(({ code }) => code === 'collector.tls.reload'))).toBe(true);
  expect(await nameOf()).toBe('log.example.test');
  await writeFile(files.keyFile, renewed.key);
  expect(await until(() => running.problems.some(({ code }) => code === 'collector.tls.reloaded'))).toBe(true);
  expect(await nameOf()).toBe('renewed.example.test');
  before.end('<13>from before\n');
  expect(await until(() => running.frames().length === 1)).toBe(true);
  await running.collector.stop();
});

test('a client that never finishes its handshake is cut off and counted', async () => {
  const running = await start({ handshakeMs: 200 });
  const socket = connectPlain(running.port('tls'), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'close', { signal: AbortSignal.timeout(5000) });
  expect(await until(() => running.losses().some(({ reason }) => reason === 'refused'))).toBe(true);
  await running.collector.stop();
});

test('files that cannot be used stop the start and are named', async () => {
  await expect(start({ keyFile: join(folder, 'nowhere.key') })).rejects.toThrow(/tls port 0 on 127.0.0.1 \(tls\) could not be opened: its certificate files cannot be used: .*nowhere\.key/);
  await writeFile(files.keyFile, issue('another').key);
  await expect(start()).rejects.toThrow(/its certificate files cannot be used: .*mismatch/);
});
