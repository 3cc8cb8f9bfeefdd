// From the socket to the committed verdict, with the shipped rules: the whole product in its own process, lines over one TCP
// connection, timed until the last one is stored and evaluated. Prints events a second, CPU a message, and peak memory.
// Arguments: events a lane, lanes (`sshd,mixed`).
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../core/process/built.js';

const EVENTS = Number(process.argv[2] ?? 100_000), ONLY = process.argv[3]?.split(',');
/** Live lines come as they happen, 200 a second; old ones are a log of another day whose seconds come around every 3,600 lines. */
const BEGAN = Date.now() - EVENTS * 5;
const refusal = (n: number): string => `Failed password for invalid user u${n % 500} from 198.51.100.${n % 250} port ${1024 + (n % 60000)} ssh2`;
const LANES: Readonly<Record<string, (n: number) => string>> = {
  sshd: (n) => `<38>1 ${new Date(BEGAN + n * 5).toISOString()} gw-01 sshd ${1000 + (n % 9000)} - - ${refusal(n)}`,
  'sshd-old': (n) => `<38>Nov 20 10:${two(n / 60)}:${two(n)} gw-01 sshd[${1000 + (n % 9000)}]: ${refusal(n)}`,
  nginx: (n) => `<190>Nov 20 10:${two(n / 60)}:${two(n)} web-01 nginx: 203.0.113.${n % 250} - - [20/Nov/2026:10:${two(n / 60)}:${two(n)} +0700] "GET /thu-tuc/${n}?trang=${n % 10} HTTP/1.1" 200 ${n % 9000} "-" "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"`,
  fortigate: (n) => `<189>date=2026-11-20 time=10:${two(n / 60)}:${two(n)} devname="fw-01" devid="FGT0000000000001" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.0.0.${n % 250} srcport=${1024 + (n % 60000)} dstip=203.0.113.${n % 250} dstport=443 proto=6 action="close" policyid=${n % 40} sentbyte=${n} rcvdbyte=${n * 2}`,
  mixed: (n) => (LANES[['sshd', 'nginx', 'fortigate'][n % 3] as string] as (m: number) => string)(n),
};
const two = (n: number): string => String(Math.floor(n) % 60).padStart(2, '0');

const rows: string[][] = [['lane', 'events', 'bytes a line', 'events/s', 'CPU µs/event', 'peak MB']];
for (const [name, line] of Object.entries(LANES)) if (ONLY?.includes(name) ?? true) rows.push(await run(name, Array.from({ length: EVENTS }, (_, n) => line(n))));
for (const row of rows) process.stdout.write(`${row.map((cell, at) => (at === 0 ? cell.padEnd(12) : cell.padStart(14))).join('')}\n`);

async function run(name: string, lines: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-bench-'));
  writeFileSync(join(folder, 'password'), 'bench-password-1\n');
  const child = spawn(process.execPath, [join(projectRoot, 'bin/haidang.js'), 'up'], {
    cwd: folder, stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, HAIDANG_DATA: join(folder, 'data'), HAIDANG_HOST: '127.0.0.1', HAIDANG_CONSOLE_PORT: '0', HAIDANG_SYSLOG_PORT: '0', HAIDANG_ADMIN_PASSWORD_FILE: join(folder, 'password') },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  while (!/syslog\s+\S+:\d+/.test(output)) { await sleep(20); if (child.exitCode !== null) throw new Error('the product did not start'); }
  const url = /console\s+(http:\/\/\S+)/.exec(output)?.[1] as string, port = Number(/syslog\s+\S+:(\d+)/.exec(output)?.[1]);
  const session = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: 'admin', password: 'bench-password-1' }) });
  const cookie = (session.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const processes = family(child.pid as number), used = (): number => processes.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const cpuBefore = used(), started = performance.now();
  await new Promise<void>((resolve, reject) => { const socket = connect(port, '127.0.0.1'); socket.on('error', reject); socket.on('close', () => resolve()); socket.end(bytes); socket.resume(); });
  for (;;) {
    const answer = await fetch(`${url}/api/sources`, { headers: { cookie } }).then(async (response) => (await response.json()) as { items: { evaluated: number }[] }, () => undefined); // a connection it was too busy to keep
    if (answer !== undefined && answer.items.reduce((sum, { evaluated }) => sum + evaluated, 0) >= lines.length) break;
    if (child.exitCode !== null) throw new Error('the product ended');
    await sleep(100);
  }
  const seconds = (performance.now() - started) / 1000, cpu = used() - cpuBefore;
  const peak = processes.reduce((sum, pid) => sum + Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]), 0) / 1024;
  child.kill('SIGTERM');
  await new Promise((resolve) => child.on('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
  return [name, String(lines.length), (bytes.length / lines.length).toFixed(0), (lines.length / seconds).toFixed(0), ((cpu / lines.length) * 1e6).toFixed(1), peak.toFixed(0)];
}

/** A process and its children: the one that holds the sockets, and the product. */
function family(pid: number): number[] {
  return [pid, ...readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter((text) => text !== '').map(Number)];
}

/** User and system time of a process, from /proc (clock ticks of 10 ms). */
function cpuSeconds(pid: number): number {
  const parts = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(parts[11]) + Number(parts[12])) / 100;
}
