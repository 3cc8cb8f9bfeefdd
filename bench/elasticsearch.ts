// What a cluster costs, on one real node: `npm run bench -- elasticsearch [MESSAGES] [ROUNDS] [EVENTS]` prints four tables.
// 1. Bringing MESSAGES lines in from a TCP socket, ours (spool synced, parsed, ids, every item judged) beside rsyslog's omelasticsearch and
//    syslog-ng's elasticsearch-http, in turns in the same run, and beside rsyslog with documents that are ready and the same as ours. 2. Reading them back in order. 3. Bytes an event on disk, ours also as
//    `index.mode: logsdb`. 4. Questions over EVENTS events. HAIDANG_FETCH_PEERS=1 unpacks what the two need where it is not installed.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseStreamName, streamName } from '../core/record.js';
import { openStore, setUpElasticsearch } from '../core/store/open.js';
import type { Shared } from '../core/store/shared.js';
import { askedInTurn, fill } from './support-elasticsearch-questions.js';
import { head, line, median, openBench, row, type Bench } from './support-elasticsearch.js';
import { SENDERS, startSender, type SenderName } from './support-elasticsearch-senders.js';

const [MESSAGES = 200_000, ROUNDS = 3, EVENTS = 1_000_000] = process.argv.slice(2).map(Number), SETTLE_MS = 300_000, PAGE = 10_000, WARM = 10_000;
interface Brought { readonly perSecond: number; readonly cpuMicroseconds: number; readonly serverMicroseconds: number; readonly megabytes: number }

const bench = await openBench(), work = mkdtempSync(join(tmpdir(), 'bench-elasticsearch-'));
process.stdout.write(`Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'processor'}, the node of Elasticsearch on the same machine, lines of ${line(1).length} bytes\n`);
try {
  const elasticsearch = { nodes: [bench.url], prefix: bench.prefix };
  await setUpElasticsearch(elasticsearch);
  const store = await openStore({ folder: '', elasticsearch }), shared = store.shared as Shared;
  try {
    await shared.prepare(Date.now());
    const brought = new Map<SenderName, Brought[]>(), indices = new Map<SenderName, string>();
    for (let round = 0; round < ROUNDS; round++) for (const name of SENDERS) {
      const one = await bring(name, join(work, `${name.replaceAll(/\W/g, '')}-${round}`), indices);
      if (one !== undefined) brought.set(name, [...brought.get(name) ?? [], one]);
    }
    process.stdout.write(`\nfrom the socket until it is found, ${MESSAGES.toLocaleString('en')} messages, median of ${ROUNDS} rounds in turns\n`);
    head('sender', 'messages/s', 'its CPU µs/message', 'the node\'s CPU µs/message', 'messages/s of CPU, both', 'peak MB');
    for (const [name, all] of brought) {
      const of = (what: keyof Brought): number => median(all.map((one) => one[what]));
      row(name, Math.round(of('perSecond')).toLocaleString('en'), of('cpuMicroseconds').toFixed(1), of('serverMicroseconds').toFixed(1), Math.round(median(all.map(({ cpuMicroseconds, serverMicroseconds }) => 1e6 / (cpuMicroseconds + serverMicroseconds)))).toLocaleString('en'), of('megabytes').toFixed(0));
    }
    await readBack(shared);
    await bytes(indices);
    if (EVENTS > 0) {
      process.stdout.write(`\nfilling in ${EVENTS.toLocaleString('en')} events\n`);
      const own = { ...bench, prefix: `${bench.prefix}q-` }, asked = { nodes: [bench.url], prefix: own.prefix };
      await setUpElasticsearch(asked);
      const questioned = await openStore({ folder: '', elasticsearch: asked });
      try { await fill(own, questioned.shared as Shared, EVENTS); await askedInTurn(questioned, EVENTS); } finally { await questioned.close(); }
    }
  } finally { await store.close(); }
} finally {
  await bench.end();
  rmSync(work, { recursive: true, force: true });
}

/** The lines over one connection, as fast as they are taken. */
async function bring(name: SenderName, folder: string, indices: Map<SenderName, string>): Promise<Brought | undefined> {
  const sender = await startSender(name, bench, folder);
  if (sender === undefined) return undefined;
  try {
    indices.set(name, sender.index);
    // Connections made, code warm.
    const empty = await bench.count(sender.index);
    const lineOf = name === 'rsyslog, our documents' ? await readyLines(indices.get('Hải Đăng') ?? '') : line;
    await write(sender.port, WARM, lineOf);
    const before = await counted(sender.index, empty, WARM), [cpu, server, began] = [sender.cpuSeconds(), await bench.cpuSeconds(), performance.now()];
    await write(sender.port, MESSAGES, lineOf);
    await counted(sender.index, before, MESSAGES);
    const tookMs = performance.now() - began;
    return { perSecond: MESSAGES / tookMs * 1000, cpuMicroseconds: (sender.cpuSeconds() - cpu) * 1e6 / MESSAGES, serverMicroseconds: (await bench.cpuSeconds() - server) * 1e6 / MESSAGES, megabytes: sender.megabytes() };
  } finally { await sender.stop(); }
}

/** Lines of which each holds a document as ours stored it, each another one: what differs in every document is much of what the node does. */
async function readyLines(index: string): Promise<(n: number) => string> {
  const lines: string[] = [];
  for (let after: readonly unknown[] | undefined; lines.length < MESSAGES;) {
    const { hits: { hits } } = await bench.ask<{ hits: { hits: { _source: object; sort: readonly unknown[] }[] } }>('POST', `${index}/_search`, { size: PAGE, sort: [{ stream: 'asc' }, { seq: 'desc' }], ...(after === undefined ? {} : { search_after: after }) });
    for (const { _source } of hits) lines.push(`<38>1 ${new Date().toISOString()} web-1 sshd 1 - - ${JSON.stringify(_source)}`);
    after = hits.at(-1)?.sort;
    if (hits.length < PAGE) break;
  }
  return (n) => lines[n % lines.length] as string;
}

async function write(port: number, messages: number, lineOf: (n: number) => string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' }), gone = new Promise<void>((resolve, reject) => { socket.once('close', () => resolve()).once('error', reject); });
  for (let n = 0; n < messages; n += 1_000) if (!socket.write(`${Array.from({ length: Math.min(1_000, messages - n) }, (_, i) => lineOf(n + i)).join('\n')}\n`)) await new Promise((resolve) => { socket.once('drain', resolve); });
  socket.end();
  socket.resume();
  await gone;
}

/** Waits until `more` documents are taken beyond `before`, and looks whether all of them are found; returns how many there are then. */
async function counted(index: string, before: number, more: number): Promise<number> {
  // Asking for what is found makes the node work: it is asked once, at the end.
  for (const until = Date.now() + SETTLE_MS; await bench.taken(index) < before + more; await sleep(100)) if (Date.now() > until) break;
  const count = await bench.count(index);
  if (count < before + more) throw new Error(`${index} holds ${count - before} of ${more} after ${SETTLE_MS / 1000} s`);
  return count;
}

/** Every stream there is, its positions in order, by one reader and by two at once. */
async function readBack(shared: Shared): Promise<void> {
  process.stdout.write('\nreading back in the order of positions, all fields\n');
  head('readers', 'events/s', 'our CPU µs/event', 'the node\'s CPU µs/event');
  const cursors = new Map<string, number>();
  for (const { stream } of await shared.streams()) cursors.set(streamName(stream), 0);
  for (const readers of [1, 2]) {
    const left = [...cursors.keys()].filter((name) => name.endsWith('.3')), cpu = process.cpuUsage(), server = await bench.cpuSeconds(), began = performance.now();
    let events = 0;
    await Promise.all(Array.from({ length: readers }, async () => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        for (let from = 1; ;) {
          const page = await shared.tail(parseStreamName(name), from, PAGE);
          if (page.events.length === 0) break;
          from += page.events.length;
          events += page.events.length;
        }
      }
    }));
    const { user, system } = process.cpuUsage(cpu), tookMs = performance.now() - began;
    row(readers, Math.round(events / tookMs * 1000).toLocaleString('en'), ((user + system) / events).toFixed(1), ((await bench.cpuSeconds() - server) * 1e6 / events).toFixed(1));
  }
}

/** After everything is merged, every index with the same codec. */
async function bytes(indices: ReadonlyMap<SenderName, string>): Promise<void> {
  process.stdout.write('\non disk, one copy, merged into one segment\n');
  head('index', 'bytes an event');
  const show = async (what: string, index: string): Promise<void> => { const each = await bench.bytesEach(index); if (each !== undefined) row(what, each.toFixed(0)); };
  for (const [name, index] of indices) if (name !== 'rsyslog, our documents') await show(name === 'Hải Đăng' ? `${name}: every field searchable, text kept` : `${name}: header and text`, index);
  const ours = indices.get('Hải Đăng');
  if (ours === undefined) return;
  // Where the license does not allow a source put together from columns, logsdb keeps it as it was sent: the basic one does not.
  for (const source of ['stored', 'synthetic'] as const) {
    const copy = `${bench.prefix}logsdb-${source}`;
    if (await asLogs(bench, ours, copy, source)) await show(`Hải Đăng as logsdb, source ${source}`, copy);
  }
}

/** The same documents in an index of the mode for logs; false, after saying so, where the server refuses. */
async function asLogs({ ask }: Bench, pattern: string, copy: string, source: 'stored' | 'synthetic'): Promise<boolean> {
  const mappings = Object.values(await ask<Record<string, { mappings: { properties: object } }>>('GET', `${pattern}/_mapping`))[0]?.mappings;
  try {
    await ask('PUT', copy, { settings: { index: { mode: 'logsdb', number_of_replicas: 0, codec: 'best_compression', 'mapping.source.mode': source } }, mappings: { dynamic: false, properties: { ...mappings?.properties, '@timestamp': { type: 'date' } } } });
    for (let after: unknown[] | undefined; ;) {
      const { hits: { hits } } = await ask<{ hits: { hits: { _id: string; _source: Record<string, unknown>; sort: unknown[] }[] } }>('POST', `${pattern}/_search`, { size: 5_000, sort: [{ stream: 'asc' }, { seq: 'asc' }], ...(after === undefined ? {} : { search_after: after }) });
      if (hits.length === 0) return true;
      const { errors, items } = await ask<{ errors: boolean; items: unknown[] }>('POST', `${copy}/_bulk`, hits.map(({ _id, _source }) => `{"create":{"_id":${JSON.stringify(_id)}}}\n${JSON.stringify({ ..._source, '@timestamp': _source['time'] })}\n`).join(''));
      if (errors) throw new Error(JSON.stringify(items[0]).slice(0, 300));
      after = hits[hits.length - 1]?.sort;
    }
  } catch (error) {
    process.stdout.write(`not counted: logsdb with source ${source}: ${(error as Error).message}\n`);
    return false;
  }
}
