// What a cluster costs: events a second and processor time of shipping (parsing, ids and checks on), of reading back with two readers,
// times of questions, bytes an event on disk, also as `index.mode: logsdb`; beside rsyslog's omelasticsearch where it is installed, into the
// same node with the same lines. `node dist/bench/elasticsearch.js [EVENTS] [ROUNDS]`, 200,000 and 3 by default; interleaved.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, unpackedPackages } from '../collector/fixtures/peers.js';
import { Pipeline } from '../core/pipeline/client.js';
import type { EvaluatedRun } from '../core/pipeline/run.js';
import { parseQuery } from '../core/predicate/text.js';
import { projectRoot } from '../core/process/built.js';
import { encodeArrival, recordBytes, writeRecord, type Stream } from '../core/record.js';
import { openStore, setUpElasticsearch } from '../core/store/open.js';
import type { Shared } from '../core/store/shared.js';
import { EVERYTHING } from '../core/store/store.js';

const EVENTS = Number(process.argv[2] ?? 200_000), ROUNDS = Number(process.argv[3] ?? 3), BATCH = 2_000, SHIP_AT_ONCE = 3, SEED = 7;
const COLLECTOR = '0190f3a0-0000-7000-8000-0000000000de';
const print = (what: string, value: string): void => { process.stdout.write(`${what.padEnd(48)} ${value}\n`); };
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const line = (n: number): string => `<38>1 ${new Date().toISOString()} web-${n % 16} sshd ${1000 + n % 30_000} - - Failed password for user${n % 50} from 203.0.113.${n % 250} port ${1024 + n % 60_000} ssh2`;

const { url, end } = await server();
const ask = async <T>(method: string, path: string, body?: object): Promise<T> => await (await fetch(`${url}/${path}`, { method, headers: { 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })).json() as T;
const prefix = `bench${Date.now().toString(36)}-`, theirs = `${prefix}rsyslog`;
const rates = { shipped: [] as number[], shippedCpu: [] as number[], tailed: [] as number[], tailedCpu: [] as number[], rsyslog: [] as number[], rsyslogCpu: [] as number[] };
try {
  await setUpElasticsearch({ nodes: [url], prefix });
  const store = await openStore({ folder: '', elasticsearch: { nodes: [url], prefix } }), shared = store.shared as Shared, peer = rsyslogd();
  try {
    await shared.prepare(Date.now());
    for (let round = 0; round < ROUNDS; round++) {
      const stream: Stream = { collector: COLLECTOR, epoch: round + 1, tier: 3 }, events = Math.floor(EVENTS / ROUNDS);
      await ship(shared, stream, events);
      if (peer !== undefined) await rsyslog(peer, events, round);
      await tail(shared, stream, events);
    }
    print('shipped, events a second', `${Math.round(median(rates.shipped))}`);
    print('shipped, our processor time an event', `${median(rates.shippedCpu).toFixed(1)} us (${Math.round(1e6 / median(rates.shippedCpu))} events a second of it)`);
    if (rates.rsyslog.length > 0) {
      print('rsyslog omelasticsearch, messages a second', `${Math.round(median(rates.rsyslog))}`);
      print('rsyslog omelasticsearch, its processor time', `${median(rates.rsyslogCpu).toFixed(1)} us a message`);
    }
    print('read back by two readers, events a second', `${Math.round(median(rates.tailed))}, ${median(rates.tailedCpu).toFixed(1)} us of our processor time each`);
    for (const text of ['', 'user.name:user7', 'source.ip:203.0.113.7', 'source.ip:203.0.113.0/28', 'mat khau', 'failed password', 'source.port:<1100']) {
      const times: number[] = [];
      for (let i = 0; i < 20; i++) { const at = performance.now(); await store.events.search({ predicate: parseQuery(text).predicate, scope: EVERYTHING }, { limit: 100 }); times.push(performance.now() - at); }
      print(`search ${text === '' ? '(all)' : text}`, `${median(times).toFixed(0)} ms, p95 ${[...times].sort((a, b) => a - b)[18]?.toFixed(0) ?? ''} ms`);
    }
    await bytes();
  } finally { await store.close(); }
} finally {
  for (const { index } of await ask<{ index: string }[]>('GET', `_cat/indices/${prefix}*?format=json&h=index`)) await ask('DELETE', index);
  for (const name of ['events', 'documents', 'logsdb']) await ask('DELETE', `_index_template/${prefix}${name}`);
  end();
}

/** Records as the spool holds them, through the pipeline's thread, into the cluster. */
async function ship(shared: Shared, stream: Stream, events: number): Promise<void> {
  const waiting: EvaluatedRun[] = [], cpu = process.cpuUsage(), began = performance.now();
  let woken: () => void = () => undefined, done = 0, sent = 0, flying = 0;
  const pipeline = new Pipeline({ onRun: (run) => { waiting.push(run); woken(); }, onProblem: (problem) => { throw new Error(problem.message); } });
  const arrival = encodeArrival({ peer: '192.0.2.10', port: 514, listener: 'tcp', system: 'PORTAL', day: new Date().toISOString().slice(0, 10), registry: 1 });
  while (done < events) {
    while (sent < events && pipeline.stats().waiting < 4 && waiting.length < 6) {
      const from = sent + 1, to = Math.min(events, sent + BATCH), parts: Buffer[] = [];
      for (let seq = from; seq <= to; seq++) {
        const frame = Buffer.from(line(seq)), one = Buffer.allocUnsafe(recordBytes(arrival.length, frame.length));
        writeRecord(one, 0, { kind: 'frame', tier: 3, received: Date.now(), arrival, cut: false, frame }, seq, SEED);
        parts.push(one);
      }
      pipeline.take({ stream, from, to, seed: SEED, bytes: Buffer.concat(parts) });
      sent = to;
    }
    while (flying < SHIP_AT_ONCE && waiting.length > 0) {
      const run = waiting.shift() as EvaluatedRun;
      flying++;
      void shared.ship([run]).then(() => { flying--; done += run.count; woken(); });
    }
    if (done < events) await new Promise<void>((resolve) => { woken = resolve; });
  }
  rates.shipped.push(events / (performance.now() - began) * 1000);
  const { user, system } = process.cpuUsage(cpu);
  rates.shippedCpu.push((user + system) / events);
  await pipeline.stop();
  await ask('POST', `${prefix}events-*/_refresh`);
}

async function tail(shared: Shared, stream: Stream, events: number): Promise<void> {
  const cpu = process.cpuUsage(), began = performance.now(), half = Math.floor(events / 2);
  await Promise.all([[1, half], [half + 1, events]].map(async ([first = 1, last = 1]) => { for (let from = first; from <= last;) from += (await shared.tail(stream, from, Math.min(5_000, last - from + 1))).events.length; }));
  rates.tailed.push(events / (performance.now() - began) * 1000);
  const { user, system } = process.cpuUsage(cpu);
  rates.tailedCpu.push((user + system) / events);
}

function rsyslogd(): ReturnType<typeof findProgram> {
  const program = findProgram('rsyslogd');
  if (program === undefined || existsSync(join(program.modules, 'omelasticsearch.so'))) return program;
  const unpacked = unpackedPackages('rsyslog-elasticsearch', ['rsyslog-elasticsearch', 'libcurl4']), folder = unpacked === undefined ? '' : join(unpacked, 'usr/lib/x86_64-linux-gnu');
  if (existsSync(join(folder, 'rsyslog', 'omelasticsearch.so'))) return { ...program, modules: `${program.modules}:${join(folder, 'rsyslog')}`, env: { ...program.env, LD_LIBRARY_PATH: [program.env['LD_LIBRARY_PATH'] ?? '', folder].filter((one) => one !== '').join(':') } };
  process.stdout.write('not run: rsyslog beside it (omelasticsearch is not installed; HAIDANG_FETCH_PEERS=1 unpacks its package)\n');
  return undefined;
}

/** The same lines over TCP into rsyslog, and from there into an index with a mapping of its own making. */
async function rsyslog({ path, modules, env }: NonNullable<ReturnType<typeof rsyslogd>>, events: number, round: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-bench-rsyslog-')), port = 20_514 + round, { hostname, port: server } = new URL(url);
  if (round === 0) await ask('PUT', theirs, { settings: { number_of_replicas: 0 } });
  writeFileSync(join(folder, 'rsyslog.conf'), `global(workDirectory="${folder}" net.enableDNS="off")
module(load="imtcp")
module(load="omelasticsearch")
input(type="imtcp" port="${port}")
template(name="json" type="list" option.jsonf="on") { property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf") property(outname="host" name="hostname" format="jsonf") property(outname="program" name="programname" format="jsonf") property(outname="severity" name="syslogseverity" format="jsonf") property(outname="message" name="msg" format="jsonf") }
action(type="omelasticsearch" server="${hostname}" serverport="${server}" template="json" searchIndex="${theirs}" searchType="_doc" bulkmode="on" maxbytes="10m" queue.type="linkedlist" queue.size="100000" queue.dequeuebatchsize="2000" action.resumeretrycount="-1")
`);
  const child = spawn(path, ['-n', '-iNONE', '-M', modules, '-f', join(folder, 'rsyslog.conf')], { env, stdio: 'ignore' });
  const ticks = (): number => { const parts = readFileSync(`/proc/${child.pid ?? 0}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []; return Number(parts[11]) + Number(parts[12]); };
  try {
    await sleep(1_500);
    const before = (await ask<{ count: number }>('GET', `${theirs}/_count`)).count, used = ticks(), began = performance.now(), socket = connect({ port, host: '127.0.0.1' });
    for (let n = 0; n < events; n += 1_000) if (!socket.write(`${Array.from({ length: Math.min(1_000, events - n) }, (_, i) => line(n + i)).join('\n')}\n`)) await new Promise((resolve) => { socket.once('drain', resolve); });
    socket.end();
    let count = 0;
    for (const until = Date.now() + 120_000; count < events && Date.now() < until; await sleep(100)) { await ask('POST', `${theirs}/_refresh`); ({ count } = await ask<{ count: number }>('GET', `${theirs}/_count`)); count -= before; }
    if (count < events) { process.stdout.write(`rsyslog stored ${count} of ${events}: not counted\n`); return; }
    rates.rsyslog.push(events / (performance.now() - began) * 1000);
    rates.rsyslogCpu.push((ticks() - used) * 10_000 / events);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** After everything is merged: ours, ours as logsdb, theirs. */
async function bytes(): Promise<void> {
  const [source = ''] = (await ask<{ index: string; 'docs.count': string }[]>('GET', `_cat/indices/${prefix}events-t3-*?format=json&h=index,docs.count`)).filter((one) => one['docs.count'] !== '0').map(({ index }) => index);
  const mapping = (await ask<Record<string, { mappings: { properties: object } }>>('GET', `${source}/_mapping`))[source]?.mappings, logs = `${prefix}logsdb`;
  await ask('PUT', logs, { settings: { index: { mode: 'logsdb', number_of_replicas: 0 } }, mappings: { dynamic: false, properties: { ...mapping?.properties, '@timestamp': { type: 'date' } } } });
  for (let after: unknown[] | undefined; ;) {
    const { hits } = await ask<{ hits: { hits: { _source: Record<string, unknown>; sort: unknown[] }[] } }>('POST', `${source}/_search`, { size: 5_000, sort: [{ stream: 'asc' }, { seq: 'asc' }], ...(after === undefined ? {} : { search_after: after }) });
    if (hits.hits.length === 0) break;
    const body = hits.hits.map(({ _source }) => `{"create":{}}\n${JSON.stringify({ ..._source, '@timestamp': _source['time'] })}\n`).join('');
    const answer = await (await fetch(`${url}/${logs}/_bulk`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body })).json() as { errors: boolean };
    if (answer.errors) { process.stdout.write('logsdb refused events: not counted\n'); break; }
    after = hits.hits[hits.hits.length - 1]?.sort;
  }
  for (const [what, index] of [['ours', source], ['ours as logsdb', logs], ['rsyslog, header fields only', theirs]] as const) {
    await ask('POST', `${index}/_forcemerge?max_num_segments=1&wait_for_completion=true`);
    await ask('POST', `${index}/_flush`);
    const { _all } = await ask<{ _all?: { primaries?: { docs?: { count: number }; store?: { size_in_bytes: number } } } }>('GET', `${index}/_stats/docs,store`), { docs, store } = _all?.primaries ?? {};
    if (docs !== undefined && store !== undefined && docs.count > 0) print(`bytes an event on disk, ${what}`, `${(store.size_in_bytes / docs.count).toFixed(0)} (${docs.count} events, lines of ${line(1).length} bytes)`);
  }
}

/** The one that is named, or one of our own for as long as this runs. */
async function server(): Promise<{ readonly url: string; end(): void }> {
  const given = process.env['HAIDANG_TEST_ELASTICSEARCH_URL'];
  if (given !== undefined && given !== '') return { url: given, end: () => undefined };
  const file = join(tmpdir(), `haidang-bench-elasticsearch-${process.pid}.json`), child = spawn(process.execPath, [join(projectRoot, 'test', 'support', 'elasticsearch-server.mjs'), String(process.pid), file], { stdio: 'ignore' });
  while (!existsSync(file)) await sleep(200);
  const { url: found, absent } = JSON.parse(readFileSync(file, 'utf8')) as { url?: string; absent?: string };
  if (found === undefined) throw new Error(`there is no Elasticsearch to measure: ${absent ?? ''}`);
  return { url: found, end: () => { child.kill('SIGTERM'); } };
}
