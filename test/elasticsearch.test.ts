// Public rules and shipped ones as questions to a real Elasticsearch over real Windows events: it finds all that the matcher finds, and
// where it says that its answer is exact it finds nothing else. Every fifth rule; all of them with HAIDANG_TEST_ALL=1.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRules } from '../bin/commands/rule-files.js';
import type { Event } from '../core/event.js';
import { matcher } from '../core/predicate/match.js';
import { indexed } from '../core/predicate/query-dsl-tokens.js';
import { compileDsl } from '../core/predicate/query-dsl.js';
import { projectRoot } from '../core/process/built.js';
import { compileRules } from '../core/sigma/compile-rules.js';
import { eventFromJson } from '../core/sigma/events.js';
import { openStore, setUpElasticsearch } from '../core/store/open.js';
import { aRun, commitOf } from '../core/store/samples.js';
import { EVERYTHING, type Store } from '../core/store/store.js';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from './support/elasticsearch.js';
import { testOn, unpacked } from './support/shared.js';

const sigma = unpacked('sigma/sigmahq-rules.tar.gz'), windows = unpacked('sigma/windows-events.tar.gz'), url = await elasticsearchUrl();
const stream = { collector: '0190f3a0-0000-7000-8000-0000000000fe', epoch: 1, tier: 3 }, prefix = randomPrefix(), A_REQUEST = 50, SEARCHED = 20, EVERY = process.env['HAIDANG_TEST_ALL'] === undefined ? 5 : 1;
let store: Store | undefined;
afterAll(async () => { await store?.close(); if (url !== undefined) await forgetPrefix(url, prefix); });

testOn(sigma === undefined || windows === undefined || url === undefined ? undefined : sigma, 'the rules ask Elasticsearch what they ask the matcher', async () => {
  const folder = join(windows as string, 'windows-events'), given = readdirSync(folder).filter((name) => name.endsWith('.ndjson')).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter((line) => line !== '').flatMap((line): Event[] => { const event = eventFromJson(line); return event === undefined ? [] : [event]; }));
  const sources = readRules([join(sigma as string, 'sigmahq-rules'), join(projectRoot, 'rules')]);
  const { rules: compiled } = compileRules(sources, { sha256: (text) => createHash('sha256').update(text).digest('hex') }), { run, events } = aRun(stream, 1, given), rules = compiled.filter((_, i) => i % EVERY === 0);
  await setUpElasticsearch({ nodes: [url as string], prefix });
  store = await openStore({ folder: '', elasticsearch: { nodes: [url as string], prefix } });
  await store.commit(commitOf(run));
  expect(await store.events.count({ predicate: { kind: 'constant', value: true }, scope: EVERYTHING, ownRecords: true })).toBe(events.length);

  const odd = new Set(events.flatMap((event, i) => (indexed(event).odd ? [i + 1] : []))), hits = new Map<string, number>();
  let exact = 0, found = 0, candidates = 0;
  for (let at = 0; at < rules.length; at += A_REQUEST) {
    const some = rules.slice(at, at + A_REQUEST), answers = await ask(some.map(({ predicate }) => compileDsl(predicate).query));
    some.forEach(({ predicate, title }, i) => {
      const dsl = compileDsl(predicate), yes = answers[i] as ReadonlySet<number>, matches = matcher(predicate);
      if (dsl.exact) exact++;
      candidates += yes.size;
      events.forEach((event: Event, n) => {
        const expected = matches(event);
        if (expected) { found++; hits.set(title, (hits.get(title) ?? 0) + 1); }
        if (!odd.has(n + 1) && (expected ? !yes.has(n + 1) : dsl.exact && yes.has(n + 1))) throw new Error(`${title}: expected ${expected} (exact: ${dsl.exact}) of event ${n + 1}`);
      });
    });
  }
  for (const { predicate, title } of rules.filter((rule) => hits.has(rule.title)).slice(0, SEARCHED)) {
    const matches = matcher(predicate), page = await store.events.search({ predicate, scope: EVERYTHING, ownRecords: true }, { limit: 5_000 });
    expect({ title, total: page.total, found: page.items.map((event) => event['haidang.seq']).sort() }).toEqual({ title, total: page.items.length, found: events.filter(matches).map((event) => event['haidang.seq']).sort() });
  }
  process.stdout.write(`${rules.length} rules, ${exact} exact; ${events.length} events, ${odd.size} odd; ${found} matches, ${candidates} candidates\n`);
  expect([compiled.length > 3_700, exact > rules.length * 0.8, found > 100, odd.size < events.length * 0.1]).toEqual([true, true, true, true]);
}, EVERY === 1 ? 3_600_000 : 600_000);

/** Positions that answer yes to each query. */
async function ask(queries: readonly object[]): Promise<readonly ReadonlySet<number>[]> {
  const body = queries.map((query) => `{}\n${JSON.stringify({ size: 5_000, _source: false, docvalue_fields: ['seq'], query: { constant_score: { filter: query } } })}\n`).join('');
  const answer = await fetch(`${String(url)}/${prefix}events-*/_msearch`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body });
  const { responses } = await answer.json() as { responses: { error?: unknown; hits?: { hits: { fields: { seq: number[] } }[] } }[] };
  return responses.map(({ error, hits }, i) => {
    if (hits === undefined) throw new Error(`${JSON.stringify(error).slice(0, 1_000)} to ${JSON.stringify(queries[i]).slice(0, 2_000)}`);
    return new Set(hits.hits.map(({ fields }) => fields.seq[0] as number));
  });
}
