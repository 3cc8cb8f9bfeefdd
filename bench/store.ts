// What the embedded store costs: bytes an event, events a second, times of questions, memory. `node dist/bench/store.js [EVENTS] [FOLDER]`,
// a million by default. Short sshd lines, normalized as the pipeline does it, one commit per 2,000 events. A named folder is kept,
// and one that holds a store already is only asked, so that the questions can be timed without filling it again.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openEmbedded } from '../core/store/embedded/client.js';
import { parseQuery } from '../core/predicate/text.js';
import { EVERYTHING, type EventQuery } from '../core/store/store.js';

const total = Number(process.argv[2] ?? 1_000_000), BATCH = 2_000, DAY = 86_400_000, DAYS = 3;
const start = Date.UTC(2026, 10, 17), collector = '0190f3a0-0000-7000-8000-0000000000dd', stream = { collector, epoch: 1, tier: 3 };
const users = ['root', 'admin', 'oracle', 'test', 'guest', 'ubuntu', 'an.nguyen', 'binh.tran', 'backup', 'deploy'];
const NAMES = ['Failed password for invalid user', 'Failed password for', 'Accepted publickey for', 'Invalid user'];

let state = 1;
const random = (n: number): number => {
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5 | 0;
  const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
  return Math.floor((((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296) * n);
};
const hex = (): string => `${random(0x7fffffff).toString(16).padStart(8, '0')}${random(0x7fffffff).toString(16).padStart(8, '0')}`;

function event(seq: number): string {
  const received = start + Math.floor((seq / total) * DAYS * DAY), at = new Date(received - random(900)).toISOString(), host = `web-${String(random(16)).padStart(2, '0')}`, user = users[random(10)] as string;
  const ip = `203.0.113.${random(250)}`, port = 1024 + random(60_000), pid = 1000 + random(30_000), what = NAMES[random(4)] as string, message = `${what} ${user} from ${ip} port ${port} ssh2`;
  return `${JSON.stringify({
    '@timestamp': at, 'event.created': new Date(received).toISOString(), 'event.id': `${collector}.1.3.${seq}.${hex()}`, 'event.original': `<86>${at.slice(0, 19)}Z ${host} sshd[${pid}]: ${message}`, message,
    'event.dataset': 'sshd', 'event.category': ['authentication'], 'event.type': ['start'], 'event.action': 'ssh_login', 'event.outcome': what.startsWith('Accepted') ? 'success' : 'failure', 'event.kind': 'event',
    'haidang.system': `portal-${random(4)}`, 'haidang.tier': 3, 'haidang.unit': 'Sở Nội vụ', 'haidang.collector': collector, 'haidang.epoch': 1, 'haidang.seq': seq, 'haidang.listener': 'udp', 'log.syslog.priority': 86,
    'log.syslog.facility.code': 10, 'log.syslog.severity.code': 6, 'log.syslog.hostname': host, 'log.syslog.appname': 'sshd', 'log.syslog.procid': String(pid), 'log.source.address': `192.0.2.${random(16)}`,
    'host.name': host, 'process.name': 'sshd', 'process.pid': pid, 'source.ip': ip, 'source.port': port, 'user.name': user,
  })}\n`;
}

const memory = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024;
const peak = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024;
const print = (what: string, value: string): void => { process.stdout.write(`${what.padEnd(44)} ${value}\n`); };

const named = process.argv[3], filled = named !== undefined && existsSync(join(named, 'control.db'));
const folder = named ?? mkdtempSync(join(tmpdir(), 'haidang-bench-'));
const store = await openEmbedded({ folder, reserveBytes: 1 << 20 });
try {
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  if (!filled) await fill();
  const health = await store.health();
  print('size', `${(health.bytes / 1e6).toFixed(1)} MB, ${(health.bytes / total).toFixed(1)} bytes an event`);
  const ask = async (what: string, question: () => Promise<unknown>): Promise<void> => {
    const times: number[] = [];
    for (let i = 0; i < 3; i++) { const began = performance.now(); await question(); times.push(performance.now() - began); }
    print(what, `${(times[0] ?? 0).toFixed(0)} ms first, ${Math.min(...times).toFixed(0)} ms best`);
  };
  const query = (text: string, more: Partial<EventQuery> = {}): EventQuery => ({ predicate: parseQuery(text).predicate, scope: EVERYTHING, ...more });
  const hour = { from: start + DAY, to: start + DAY + 3_600_000 };
  await ask('newest 100 of all', () => store.events.search(query(''), { limit: 100 }));
  for (const text of ['user.name:oracle', 'source.ip:203.0.113.7', 'source.ip:203.0.113.0/28', 'mat khau', 'invalid user', 'port 4242', 'message:"invalid user"', 'event.category:authentication', 'source.port:<1100']) {
    await ask(`search ${text}`, () => store.events.search(query(text), { limit: 100 }));
  }
  await ask('search invalid user, one hour', () => store.events.search(query('"invalid user"', hour), { limit: 100 }));
  await ask('histogram of all', () => store.events.histogram(query(''), 3_600_000));
  await ask('histogram user.name:oracle', () => store.events.histogram(query('user.name:oracle'), 3_600_000));
  for (const field of ['source.ip', 'user.name', 'event.category', 'source.port']) await ask(`facets ${field}`, () => store.events.facets(query(''), field, 20));
  const [some] = await store.events.after(stream, Math.floor(total / 3), 1);
  await ask('one event by id', () => store.events.get(String(some?.['event.id']), EVERYTHING));
  await ask('after(position), 1,000 events', () => store.events.after(stream, Math.floor(total / 2), 1000));
  print('memory', `${Math.round(memory())} MB now, ${Math.round(peak())} MB peak`);
  print('longest stall of the main thread', `${(lag.max / 1e6).toFixed(0)} ms (generator included)`);
} finally {
  await store.close();
  if (named === undefined) rmSync(folder, { recursive: true });
}

async function fill(): Promise<void> {
  let raw = 0, committing = 0;
  const waits: number[] = [];
  for (let from = 1; from <= total; from += BATCH) {
    const to = Math.min(total, from + BATCH - 1), lines: string[] = [];
    for (let seq = from; seq <= to; seq++) lines.push(event(seq));
    const events = new TextEncoder().encode(lines.join(''));
    raw += events.length;
    const began = performance.now();
    await store.commit({ runs: [{ stream, from, to, receivedFrom: start, receivedTo: start, ruleSet: 1, count: to - from + 1, events, hits: new Uint8Array(), sources: [], xor: '0' }], alerts: [], incidents: [], notices: [] });
    const took = performance.now() - began;
    waits.push(took);
    committing += took;
  }
  waits.sort((a, b) => a - b);
  const at = (share: number): string => `${(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0).toFixed(1)} ms`;
  print('events', `${total}, ${Math.round(raw / total)} bytes each as encoded`);
  print('commits (2,000 events, sealing beside them)', `${Math.round((total / committing) * 1000)} events/s; p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`);
  print('memory while writing', `${Math.round(memory())} MB now, ${Math.round(peak())} MB peak (generator included)`);
  const sealing = performance.now();
  await store.keep({}, start + DAYS * DAY);
  print('the rest sealed and compacted in', `${((performance.now() - sealing) / 1000).toFixed(1)} s`);
}
