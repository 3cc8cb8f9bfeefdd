// The completeness account as documents: one by source and stretch, one for the lifetime, one for the numbers of each sender. They are
// written by the change of the journal that commits the runs, with sums made on what stands there, so doing a change again adds nothing.
import { createHash } from 'node:crypto';
import { totalsOf, type AccountRow } from '../../account/account.js';
import { addRow, book, numberedSources, rowsOf, sourceKey } from '../../account/book.js';
import type { Numberings } from '../../account/sequence.js';
import { DAY_MS, HOUR_MS, KEEPING, LIFETIME, rolledBy, startOf, UNROLLED, type AccountKeeping, type Rolled } from '../../account/spans.js';
import { MINUTE_MS } from '../../account/tally.js';
import type { EvaluatedRun } from '../../pipeline/run.js';
import { OFFICIAL_OFFSET_MS } from '../../policy.js';
import type { Query } from '../../predicate/query-dsl-parts.js';
import type { AccountFilter, AccountStore, AccountStrip, SourceRow } from '../store.js';
import type { Cluster } from './cluster.js';
import { all, among, docOf, idOf, is, isKind, notAmong, putControl, readPage, up, type Doc } from './documents.js';
import type { Journal, Write } from './journal.js';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
export const sourceId = (system: string, sender: string): string => sha(`${system}\0${sender}`);
const ROLLED = 'store.account.rolled';
type Place = Pick<AccountRow, 'span' | 'start' | 'system' | 'sender' | 'tier'>;
const idOfRow = ({ span, start, system, sender, tier }: Place): string => `account~${span}~${start}~${sha(`${system}\0${sender}\0${tier}`).slice(0, 40)}`;
// `last` is the end of the stretch, `rank` its length, `object` the sender.
export const accountWrite = (row: AccountRow): Write => ({ op: 'put', index: 'ledger', id: idOfRow(row), source: { kind: 'account', doc: JSON.stringify(row), tier: row.tier, system: row.system, object: row.sender, time: row.start, last: row.start + row.span, rank: row.span } });

async function readRows(cluster: Cluster, places: readonly Place[]): Promise<Map<string, AccountRow>> {
  const ids = [...new Set(places.map(idOfRow))], docs = await cluster.many<Doc>(ids.map((id) => ({ index: cluster.index('ledger'), id })));
  return new Map(ids.flatMap((id, i) => { const doc = docs[i]; return doc === undefined ? [] : [[id, docOf<AccountRow>(doc)] as const]; }));
}
function join(rows: Map<string, AccountRow>, more: readonly AccountRow[]): Map<string, AccountRow> {
  for (const row of more) rows.set(idOfRow(row), addRow(rows.get(idOfRow(row)), row));
  return rows;
}

async function rolledOf(cluster: Cluster): Promise<Rolled> {
  const stored = await cluster.get<Doc>(cluster.index('control'), idOf('setting', ROLLED));
  return stored === undefined ? UNROLLED : docOf<Rolled>(stored.source);
}

/** What runs that are new add; part of their commit's change. */
export async function putAccount(cluster: Cluster, runs: readonly EvaluatedRun[]): Promise<readonly Write[]> {
  const control = cluster.index('control'), numbered = numberedSources(runs), known = await cluster.many<Doc>(numbered.map(({ system, sender }) => ({ index: control, id: idOf('numbering', sourceId(system, sender)) })));
  const { minutes, numberings } = book(runs, new Map(numbered.map((source, i) => { const doc = known[i]; return [sourceKey(source), doc === undefined ? {} : docOf<Numberings>(doc)]; })));
  if (minutes.length === 0 && numberings.size === 0) return [];
  const sources = [...new Map(minutes.map((minute) => [sourceKey(minute), minute])).values()], seen = await cluster.many<Doc>(sources.map(({ system, sender }) => ({ index: control, id: idOf('source', sourceId(system, sender)) })));
  const last = new Map(sources.map((source, i) => { const doc = seen[i]; return [sourceKey(source), doc === undefined ? undefined : startOf(docOf<SourceRow>(doc).lastSeen, MINUTE_MS)]; }));
  const rolled = await rolledOf(cluster), more = [...minutes].sort((a, b) => a.minute - b.minute).flatMap((minute) => {
    const key = sourceKey(minute), rows = rowsOf(minute, rolled, last.get(key));
    if (minute.received > 0) last.set(key, Math.max(last.get(key) ?? 0, minute.minute));
    return rows;
  });
  return [
    ...[...join(await readRows(cluster, more), more).values()].map(accountWrite),
    ...[...numberings].map(([key, doc]) => { const [system = '', sender = ''] = key.split('\0'); return putControl('numbering', sourceId(system, sender), doc, { system }); }),
  ];
}

function question({ scope, from, to, system, sender }: AccountFilter): Query {
  const lifetime = from === undefined && to === undefined;
  return all([
    isKind('account'), ...(lifetime ? is('rank', LIFETIME) : [{ range: { rank: { gt: LIFETIME } } }]), ...among('tier', scope.tiers), ...notAmong('system', scope.hiddenSystems),
    ...(from === undefined ? [] : [{ range: { last: { gt: from } } }]), ...(to === undefined ? [] : [{ range: { time: { lt: to } } }]), ...is('system', system), ...is('object', sender),
  ]);
}
const ORDER = up('time', 'system', 'object', 'tier', 'rank');

async function* rowsIn(cluster: Cluster, query: Query): AsyncGenerator<AccountRow> {
  for await (const hits of cluster.all<Doc>(cluster.index('ledger'), { query, sort: ORDER, _source: ['doc'] })) for (const { source } of hits) yield docOf<AccountRow>(source);
}

export function accountStore(cluster: Cluster): AccountStore {
  return {
    list: (filter, page) => readPage(cluster, 'ledger', question(filter), ORDER, page, ({ source }) => docOf<AccountRow>(source)),
    async totals(filter) {
      const rows: AccountRow[] = [];
      for await (const row of rowsIn(cluster, question(filter))) rows.push(row);
      return totalsOf(rows.map(({ start: _, span: __, quiet: ___, ...row }) => row));
    },
    async strips(filter, stepMs) {
      const strips = new Map<string, AccountStrip>(), from = filter.from ?? 0;
      for await (const { system, sender, tier, start, span, received, stored, evaluated, losses } of rowsIn(cluster, question(filter))) {
        const at = start - (start - from) % stepMs, key = `${system}\0${sender}\0${tier}\0${at}`, before = strips.get(key);
        const gap = losses.length > 0 || received !== stored || stored !== evaluated || before?.gap === true;
        strips.set(key, { system, sender, tier, start: at, span: Math.max(stepMs, span, before?.span ?? 0), received: received + (before?.received ?? 0), gap });
      }
      const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
      return [...strips.values()].sort((a, b) => text(a.system, b.system) || text(a.sender, b.sender) || a.tier - b.tier || a.start - b.start);
    },
    async quiet(since) {
      const longest = new Map<string, { system: string; sender: string; day: number; quietMs: number }>();
      for await (const { system, sender, start, quiet } of rowsIn(cluster, all([isKind('account'), { range: { rank: { gt: LIFETIME } } }, { range: { time: { gte: since } } }]))) {
        if (system === '') continue;
        const day = Math.floor((start + OFFICIAL_OFFSET_MS) / DAY_MS), key = `${system}\0${sender}\0${day}`;
        longest.set(key, { system, sender, day, quietMs: Math.max(quiet, longest.get(key)?.quietMs ?? 0) });
      }
      return [...longest.values()];
    },
  };
}

/** Old minutes become hours, old hours days, a stretch of the larger kind a change; what is older than all goes. */
export async function rollAccount(cluster: Cluster, journal: Journal, now: number, keeping: AccountKeeping = KEEPING): Promise<void> {
  const before = await rolledOf(cluster), target = rolledBy(now, before, keeping);
  if (target.hours !== before.hours || target.days !== before.days) await journal.change(async () => ({ writes: [putControl('setting', ROLLED, target)], result: undefined }));
  for (const [span, into, until] of [[MINUTE_MS, HOUR_MS, target.hours], [HOUR_MS, DAY_MS, target.days]] as const) {
    const old = (from?: number, to = until): Query => all([isKind('account'), ...is('rank', span), { range: { time: { ...(from === undefined ? {} : { gte: from }), lt: to } } }]);
    for (;;) {
      const { hits: [first] } = await cluster.search<Doc>(cluster.index('ledger'), { query: old(), sort: ORDER, size: 1, _source: ['doc'] });
      if (first === undefined) break;
      const start = startOf(docOf<AccountRow>(first.source).start, into);
      await journal.change(async () => {
        // What was found is read again by id: a commit may have added to it.
        const found: AccountRow[] = [];
        for await (const row of rowsIn(cluster, old(start, start + into))) found.push(row);
        const rows = [...(await readRows(cluster, found)).values()], more = rows.map((row) => ({ ...row, span: into, start }));
        return { writes: [...[...join(await readRows(cluster, more), more).values()].map(accountWrite), ...rows.map((row): Write => ({ op: 'delete', index: 'ledger', id: idOfRow(row) }))], result: undefined };
      });
    }
  }
  // Who may not delete leaves that to who may.
  if (cluster.role !== 'detector') await cluster.deleteFound(cluster.index('ledger'), all([isKind('account'), { range: { rank: { gt: LIFETIME } } }, { range: { time: { lt: now - keeping.dayDays * DAY_MS } } }]));
}

/** Of systems that go. */
export async function forgetAccount(cluster: Cluster, systems: readonly string[]): Promise<void> {
  await cluster.deleteFound(cluster.index('ledger'), all([isKind('account'), ...among('system', systems)]));
  await cluster.deleteFound(cluster.index('control'), all([isKind('numbering'), ...among('system', systems)]));
}
