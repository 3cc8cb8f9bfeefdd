// Who brings lines into the node of bench/elasticsearch.ts: our collector, and Debian's rsyslog with omelasticsearch and syslog-ng with
// elasticsearch-http, each a process of its own that listens on TCP. What the two store is the header and the text; they make no ids, and
// neither writes to its own disk first. A fourth is rsyslog with our documents: each comes to it ready, as the text of a line.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findProgram, startProgram, unpackedPackages, type Program } from '../collector/fixtures/peers.js';
import { builtUrl } from '../core/process/built.js';
import type { Bench } from './support-elasticsearch.js';
import { cpuSecondsOf, freePort, listens, peakMegabytesOf } from './support-receivers.js';
import type { ShippingChild } from './support-shipping.js';

export const SENDERS = ['Hải Đăng', 'rsyslog', 'syslog-ng', 'rsyslog, our documents'] as const;
export type SenderName = (typeof SENDERS)[number];
export interface RunningSender {
  readonly port: number;
  /** Where its documents are found. */
  readonly index: string;
  cpuSeconds(): number;
  megabytes(): number;
  stop(): Promise<void>;
}

/** Undefined, after saying so, where it is not there. */
export async function startSender(name: SenderName, bench: Bench, folder: string): Promise<RunningSender | undefined> {
  mkdirSync(folder, { recursive: true });
  if (name === 'Hải Đăng') return startOurs(bench, folder);
  const program = name === 'syslog-ng' ? syslogNg() : rsyslogd();
  return program === undefined ? undefined : startPeer(name, program, bench, folder);
}

async function startOurs({ url, prefix }: Bench, folder: string): Promise<RunningSender> {
  const child = spawn(process.execPath, [fileURLToPath(builtUrl(import.meta.url, './support-shipping.js')), JSON.stringify({ folder: join(folder, 'spool'), url, prefix } satisfies ShippingChild)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => { child.once('exit', () => resolve()); }), pid = child.pid as number;
  let text = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) { text += chunk.toString(); if (text.includes('\n')) break; }
  if (!text.includes('\n')) throw new Error('our collector did not start');
  return { port: Number(text), index: `${prefix}events-t3-*`, cpuSeconds: () => cpuSecondsOf(pid), megabytes: () => peakMegabytesOf(pid), stop: async () => { child.kill('SIGTERM'); await gone; } };
}

async function startPeer(name: Exclude<SenderName, 'Hải Đăng'>, program: Program, { url, prefix, ask }: Bench, folder: string): Promise<RunningSender> {
  const port = await freePort(), ready = name === 'rsyslog, our documents', index = `${prefix}${ready ? 'events-t9-ready' : name}`, { hostname, port: server } = new URL(url), file = join(folder, 'conf');
  // With a mapping of the server's own making, as it comes out of the box; the codec is ours, so that bytes can be compared. Our documents lie as ours do.
  await ask('PUT', index, ready ? {} : { settings: { number_of_replicas: 0, codec: 'best_compression' } }).catch(() => undefined);
  writeFileSync(file, name === 'syslog-ng' ? syslogNgConfiguration(port, url, index) : rsyslogConfiguration(folder, port, hostname, server, index, ready));
  const running = startProgram(program, name !== 'syslog-ng'
    ? ['-n', '-i', join(folder, 'pid'), '-M', program.modules, '-f', file]
    : ['-F', '-f', file, `--module-path=${program.modules}`, `--persist-file=${join(folder, 'persist')}`, `--pidfile=${join(folder, 'pid')}`, `--control=${join(folder, 'control')}`, '--no-caps']);
  for (let waited = 0; !listens('tcp', port); waited += 50) {
    if (running.child.exitCode !== null || waited > 15_000) { await running.end('SIGKILL'); throw new Error(`${name} does not listen: ${running.said()}`); }
    await sleep(50);
  }
  const pid = running.child.pid as number;
  return { port, index, cpuSeconds: () => cpuSecondsOf(pid), megabytes: () => peakMegabytesOf(pid), stop: () => running.end() };
}

function rsyslogd(): Program | undefined {
  const program = findProgram('rsyslogd');
  return program === undefined || existsSync(join(program.modules, 'omelasticsearch.so')) ? program : withPackages(program, 'rsyslog-elasticsearch', 'usr/lib/x86_64-linux-gnu/rsyslog', 'omelasticsearch.so');
}
function syslogNg(): Program | undefined {
  const program = findProgram('syslog-ng');
  return program === undefined || existsSync(join(program.modules, 'libhttp.so')) ? program : withPackages(program, 'syslog-ng-mod-http', 'usr/lib/syslog-ng/3.38', 'libhttp.so');
}
function withPackages(program: Program, name: string, modules: string, needs: string): Program | undefined {
  const unpacked = unpackedPackages(name, [name, 'libcurl4']), folder = join(unpacked ?? '', modules);
  if (unpacked !== undefined && existsSync(join(folder, needs))) return { ...program, modules: `${program.modules}:${folder}`, env: { ...program.env, LD_LIBRARY_PATH: [program.env['LD_LIBRARY_PATH'] ?? '', join(unpacked, 'usr/lib/x86_64-linux-gnu')].filter((one) => one !== '').join(':') } };
  process.stdout.write(`not run: ${name} (it is not installed; HAIDANG_FETCH_PEERS=1 unpacks its package)\n`);
  return undefined;
}

const rsyslogConfiguration = (folder: string, port: number, hostname: string, server: string, index: string, ready: boolean): string => `global(workDirectory="${folder}" net.enableDNS="off")
module(load="imptcp")
module(load="omelasticsearch")
main_queue(queue.type="FixedArray" queue.size="100000" queue.dequeueBatchSize="4096")
input(type="imptcp" address="127.0.0.1" port="${port}")
${ready ? 'template(name="json" type="string" string="%msg%")' : 'template(name="json" type="list" option.jsonf="on") { property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf") property(outname="host" name="hostname" format="jsonf") property(outname="program" name="programname" format="jsonf") property(outname="severity" name="syslogseverity" format="jsonf") property(outname="message" name="msg" format="jsonf") }'}
action(type="omelasticsearch" server="${hostname}" serverport="${server}" template="json" searchIndex="${index}" searchType="" bulkmode="on" maxbytes="10m" queue.type="linkedlist" queue.size="100000" queue.dequeuebatchsize="2000" queue.workerThreads="2" action.resumeretrycount="-1")
`;
// What the configuration library's elasticsearch-http() expands to.
const syslogNgConfiguration = (port: number, url: string, index: string): string => `@version: 3.38
options { stats-freq(0); dns-cache(no); use-dns(no); log-fifo-size(100000); };
source s { network(ip("127.0.0.1") port(${port}) transport("tcp") flags(syslog-protocol) log-iw-size(50000) log-fetch-limit(4096)); };
destination d { http(url("${url}/_bulk") headers("Content-Type: application/x-ndjson") workers(2) batch-lines(2000) batch-bytes(8388608) batch-timeout(200) timeout(60) body-suffix("\\n")
  body("$(format-json --scope none --omit-empty-values index._index=${index})\\n$(format-json @timestamp=\${ISODATE} host=\${HOST} program=\${PROGRAM} severity=\${LEVEL_NUM} message=\${MSG})\\n")); };
log { source(s); destination(d); flags(flow-control); };
`;
