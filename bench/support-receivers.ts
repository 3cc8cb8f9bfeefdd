// Who receives in bench/collector.ts: our collector, and Debian's rsyslog and syslog-ng, each writing what it gets to disk and syncing
// each batch it writes. What a receiver has is counted where it is durable: our spool's positions, their files' lines.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { issue } from '../collector/fixtures/certificates.js';
import { startProgram, type Program } from '../collector/fixtures/peers.js';
import { builtUrl } from '../core/process/built.js';
import type { ListenerKind, TlsOptions } from '../collector/options.js';
import type { ReceivingFigures, ReceivingState } from './support-receiving.js';

export type Transport = 'udp' | 'tcp' | 'tls' | 'relp';
export interface Receiver {
  readonly port: number;
  /** What is durable, what was counted as dropped (undefined: it does not say, beyond what the kernel does), and when the last of it became so. */
  figures(): Promise<{ readonly durable: number; readonly dropped: number | undefined; readonly lastMs: number }>;
  /** Blocks the main thread for 500 ms, where there is one. */
  block(): void;
  cpuSeconds(): number;
  megabytes(): number;
  stop(): Promise<void>;
}

/** A certificate for TLS receivers; senders here do not check it. */
export function writeCertificate(folder: string): TlsOptions {
  const tls = { certificateFile: join(folder, 'server.pem'), keyFile: join(folder, 'server.key') }, issued = issue('bench.example.test');
  writeFileSync(tls.certificateFile, issued.certificate);
  writeFileSync(tls.keyFile, issued.key);
  return tls;
}

export async function startOurs(work: string, transport: Transport, tls: TlsOptions): Promise<Receiver> {
  const options = { work, kind: transport satisfies ListenerKind, ...(transport === 'tls' ? { tls } : {}) };
  const child = spawn(process.execPath, [fileURLToPath(builtUrl(import.meta.url, './support-receiving.js')), 'hold', JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit'] });
  const read = <T>(name: string): T | undefined => { try { return JSON.parse(readFileSync(join(work, name), 'utf8')) as T; } catch { return undefined; } };
  let state: ReceivingState | undefined;
  while ((state = read('state.json')) === undefined) { await sleep(20); if (child.exitCode !== null) throw new Error('our collector did not start'); }
  const { pid, addresses } = state, processes = [child.pid as number, pid];
  return {
    port: addresses[0]?.port as number,
    figures: async () => { const { received = 0, dropped = 0, lastMs = 0 } = read<ReceivingFigures>('figures.json') ?? {}; return { durable: received, dropped, lastMs }; },
    block: () => { process.kill(pid, 'SIGUSR2'); },
    cpuSeconds: () => processes.reduce((sum, each) => sum + cpuSecondsOf(each), 0), megabytes: () => processes.reduce((sum, each) => sum + peakMegabytesOf(each), 0),
    stop: async () => { const gone = once(child, 'exit'); child.kill('SIGTERM'); await gone; },
  };
}

/** Undefined where the program does not speak the transport. */
export async function startPeer(name: 'rsyslogd' | 'syslog-ng', program: Program, work: string, transport: Transport, tls: TlsOptions): Promise<Receiver | undefined> {
  const port = await freePort(), file = join(work, 'received.log'), configuration = name === 'rsyslogd' ? rsyslog(work, file, transport, port, tls) : syslogNg(file, transport, port, tls);
  if (configuration === undefined) return undefined;
  mkdirSync(join(work, 'state'), { recursive: true });
  writeFileSync(join(work, 'conf'), configuration);
  const peer = startProgram(program, name === 'rsyslogd'
    ? ['-n', '-i', join(work, 'pid'), '-M', program.modules, '-f', join(work, 'conf')]
    : ['-F', '-f', join(work, 'conf'), `--module-path=${program.modules}`, `--persist-file=${join(work, 'persist')}`, `--pidfile=${join(work, 'pid')}`, `--control=${join(work, 'control')}`, '--no-caps']);
  for (let waited = 0; !listens(transport, port); waited += 50) {
    if (peer.child.exitCode !== null || waited > 15_000) { await peer.end('SIGKILL'); throw new Error(`${name} does not listen: ${peer.said()}`); }
    await sleep(50);
  }
  const pid = peer.child.pid as number;
  let last = { bytes: 0, ms: 0 };
  const watching = setInterval(() => { const bytes = sizeOf(file); if (bytes !== last.bytes) last = { bytes, ms: Date.now() }; }, 10);
  return {
    port, block: () => undefined, cpuSeconds: () => cpuSecondsOf(pid), megabytes: () => peakMegabytesOf(pid),
    figures: async () => ({ durable: await linesOf(file), dropped: undefined, lastMs: last.ms }),
    stop: async () => { clearInterval(watching); await peer.end(); },
  };
}

// The main queue is in memory; each batch it hands on is written and synced before the next.
function rsyslog(work: string, file: string, transport: Transport, port: number, { certificateFile, keyFile }: TlsOptions): string {
  const inputs: Readonly<Record<Transport, string>> = {
    udp: `module(load="imudp" batchSize="128")\ninput(type="imudp" address="127.0.0.1" port="${port}" rcvbufSize="4m")`,
    tcp: `module(load="imptcp")\ninput(type="imptcp" address="127.0.0.1" port="${port}")`,
    tls: `module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")\ninput(type="imtcp" address="127.0.0.1" port="${port}")`,
    relp: `module(load="imrelp")\ninput(type="imrelp" address="127.0.0.1" port="${port}")`,
  };
  return `global(workDirectory="${join(work, 'state')}" net.enableDNS="off" defaultNetstreamDriverCAFile="${certificateFile}" defaultNetstreamDriverCertFile="${certificateFile}" defaultNetstreamDriverKeyFile="${keyFile}")
main_queue(queue.type="FixedArray" queue.size="400000" queue.dequeueBatchSize="4096")
template(name="raw" type="string" string="%rawmsg%\\n")
${inputs[transport]}
action(type="omfile" file="${file}" template="raw" sync="on" flushOnTXEnd="on" ioBufferSize="256k")
`;
}

// Each write of up to 4,096 lines is synced; TCP and TLS are read no faster than that.
function syslogNg(file: string, transport: Transport, port: number, { certificateFile, keyFile }: TlsOptions): string | undefined {
  if (transport === 'relp') return undefined;
  const options: Readonly<Record<typeof transport, string>> = {
    udp: 'transport("udp") so-rcvbuf(4194304)', tcp: 'transport("tcp") log-iw-size(100000) log-fetch-limit(4096)',
    tls: `transport("tls") log-iw-size(100000) log-fetch-limit(4096) tls(cert-file("${certificateFile}") key-file("${keyFile}") peer-verify(optional-untrusted))`,
  };
  return `@version: 3.38
options { stats-freq(0); dns-cache(no); use-dns(no); log-fifo-size(400000); };
source s { network(ip("127.0.0.1") port(${port}) ${options[transport]} flags(no-parse)); };
destination d { file("${file}" fsync(yes) flush-lines(4096) template("$MESSAGE\\n")); };
log { source(s); destination(d); flags(flow-control); };
`;
}

const sizeOf = (file: string): number => { try { return statSync(file).size; } catch { return 0; } };
async function linesOf(file: string): Promise<number> {
  let lines = 0;
  if (sizeOf(file) > 0) for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  return lines;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}
export function listens(transport: Transport, port: number): boolean {
  const place = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  return readFileSync(transport === 'udp' ? '/proc/net/udp' : '/proc/net/tcp', 'utf8').split('\n').some((line) => line.includes(place) && (transport === 'udp' || / 0A /.test(line)));
}

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
/** User and system time of a process with all its threads. */
export function cpuSecondsOf(pid: number): number {
  const parts = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(parts[11]) + Number(parts[12])) / TICKS;
}
export function peakMegabytesOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
