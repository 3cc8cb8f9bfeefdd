// The index templates: which indices there are and how their documents are mapped. Mappings are static: a field that is not named here
// is kept and never mapped by itself. A newer version of the templates only ever adds fields.
import { ADDRESS_FIELDS, FORM_FIELD, NUMBER_FIELDS, RAW_FIELDS } from '../../predicate/query-dsl-tokens.js';

/** Grows with every change of what stands below; an index says in `_meta` which version made it. */
export const TEMPLATE_VERSION = 6;

/** Indices that are there from the setup on; events have theirs by tier and week, and so has what the ledger says of them. */
export const DOCUMENT_INDICES = ['control', 'ledger', 'incidents', 'alerts', 'notices', 'audit'] as const;
export type DocumentIndex = (typeof DOCUMENT_INDICES)[number];
/** Of a tier's week: what was evaluated, hits, what their events said. `ledger-t3-2026.w47` */
export type LedgerIndex = `ledger-t${string}`;
export const ledgerIndex = (tier: number, week: string): LedgerIndex => `ledger-t${tier}-${week}`;
/** All of the ledger: that of the weeks, and what no week holds. */
export const ledgerPattern = (prefix: string): string => `${prefix}ledger,${prefix}ledger-t*`;

export const eventsPattern = (prefix: string, tier?: number): string => `${prefix}events-t${tier ?? '*'}-*`;
/** The index of a tier's events by day of receipt: a week, ISO 8601. */
export const eventsIndex = (prefix: string, tier: number, day: string): string => `${prefix}events-t${tier}-${day === lastDay.day ? lastDay.week : (lastDay = { day, week: weekOf(day) }).week}`;
/** Asked for each event, and they come day by day. */
let lastDay = { day: '', week: '' };

/** `2026-11-22` -> `2026.w47` */
export function weekOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const week = Math.ceil(((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
  return `${date.getUTCFullYear()}.w${String(week).padStart(2, '0')}`;
}

/** When a week is over: `2026.w47` -> the Monday after it, 0:00 UTC. */
export function endOfWeek(week: string): number {
  const [year = '', n = ''] = week.split('.w'), fourth = new Date(Date.UTC(Number(year), 0, 4)), monday = fourth.getTime() - ((fourth.getUTCDay() || 7) - 1) * 86_400_000;
  return monday + Number(n) * 7 * 86_400_000;
}

type Mapping = Readonly<Record<string, unknown>>;
const keyword: Mapping = { type: 'keyword' }, long: Mapping = { type: 'long' };
/** Found by its terms, never sorted or counted. */
const terms: Mapping = { type: 'keyword', doc_values: false };
/** Words in one text, found by them only. */
const words: Mapping = { type: 'text', analyzer: 'whitespace', norms: false, index_options: 'docs' };
/** Counted, and looked up in what another question found. */
const column: Mapping = { type: 'keyword', index: false };
/** In the answer only. */
const kept: Mapping = { type: 'keyword', index: false, doc_values: false };
/** In the answer only, and given without the rest of the document; of any length, where a keyword ends at 32,766 bytes. */
const given: Mapping = { type: 'text', index: false, store: true };

const eventProperties: Mapping = {
  id: column, time: long, received: long, day: keyword, tier: { type: 'byte' }, stream: keyword, seq: long, odd: { type: 'boolean' }, refused: { type: 'keyword', ignore_above: 1_000 },
  kv: terms, kvs: terms, words, longs: terms, has: terms, [FORM_FIELD]: { type: 'byte' }, nul: terms, line: given, doc: kept,
  ...Object.fromEntries([...RAW_FIELDS].map((name) => [name, name === 'haidang.system' || name === 'event.dataset' ? keyword : column])),
  ...Object.fromEntries([...NUMBER_FIELDS].map((name) => [`num.${name}`, { type: 'double' }])),
  ...Object.fromEntries([...ADDRESS_FIELDS].map((name) => [`ip.${name}`, { type: 'ip' }])),
};

/** What documents of all kinds are found and ordered by; the document itself stands in `doc` as text. */
const documentProperties: Mapping = {
  kind: keyword, doc: kept,
  ...Object.fromEntries(['system', 'severity', 'status', 'assignee', 'rule', 'incident', 'state', 'stream', 'user', 'by', 'action', 'object', 'id', 'search'].map((name) => [name, { type: 'keyword', ignore_above: 8_000 }])),
  ...Object.fromEntries(['tier', 'rank', 'weight', 'time', 'received', 'created', 'updated', 'first', 'last', 'n', 'to', 'due', 'expires'].map((name) => [name, long])),
  demo: { type: 'boolean' },
};

export interface TemplateOptions {
  readonly prefix: string;
  readonly shards?: number;
  readonly replicas?: number;
}
export interface Template { readonly name: string; readonly body: Mapping }

export function templates({ prefix, shards = 1, replicas = 0 }: TemplateOptions): readonly Template[] {
  const template = (name: string, pattern: readonly string[], settings: Mapping, properties: Mapping, more: Mapping = {}): Template => ({
    name: `${prefix}${name}`,
    body: {
      index_patterns: pattern, priority: 500, version: TEMPLATE_VERSION, _meta: { haidang: TEMPLATE_VERSION },
      // A document deleted under a version number keeps that number for an hour: what was sent before and arrives late changes nothing.
      template: { settings: { index: { number_of_replicas: replicas, gc_deletes: '1h', ...settings } }, mappings: { dynamic: false, ...more, _meta: { haidang: TEMPLATE_VERSION }, properties } },
    },
  });
  return [
    // What detectors read together lies together; the newest first, as people ask for them.
    template('events', [eventsPattern(prefix)], { number_of_shards: shards, codec: 'best_compression', sort: { field: ['stream', 'seq'], order: ['asc', 'desc'] } }, eventProperties, { subobjects: false }),
    template('documents', [...DOCUMENT_INDICES.map((name) => `${prefix}${name}`), `${prefix}ledger-t*`], { number_of_shards: 1 }, documentProperties),
  ];
}
