// Documents as the control indices hold them: the document as text in `doc`, beside it what it is found and ordered by. Small ones that
// people change carry a version of their own; two that must change together go through the journal.
import { ConflictError } from '../../errors.js';
import type { Query } from '../../predicate/query-dsl-parts.js';
import { pageLimit, parseCursor } from './paging.js';
import type { DocumentStore, Page, PageRequest, SettingStore, Versioned } from '../store.js';
import type { Cluster, Found, SearchBody } from './cluster.js';
import type { Write } from './journal.js';
import type { DocumentIndex } from './templates.js';

export interface Doc { readonly kind: string; readonly doc: string; readonly [field: string]: unknown }
export const docOf = <T>({ doc }: { readonly doc: string }): T => JSON.parse(doc) as T;
export const idOf = (kind: string, id: string): string => `${kind}:${id}`;

export const isKind = (kind: string): Query => ({ term: { kind } });
export const is = (field: string, value: string | number | boolean | undefined): readonly Query[] => (value === undefined ? [] : [{ term: { [field]: value } }]);
export const among = (field: string, values: readonly (string | number)[] | undefined): readonly Query[] => (values === undefined ? [] : [{ terms: { [field]: values } }]);
export const notAmong = (field: string, values: readonly string[]): readonly Query[] => (values.length === 0 ? [] : [{ bool: { must_not: [{ terms: { [field]: values } }] } }]);
export const between = (field: string, from: number | undefined, to: number | undefined): readonly Query[] =>
  (from === undefined && to === undefined ? [] : [{ range: { [field]: { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) } } }]);
export const all = (parts: readonly Query[]): Query => ({ bool: { filter: parts } });
export const up = (...fields: readonly string[]): readonly object[] => fields.map((field) => ({ [field]: 'asc' }));
export const down = (...fields: readonly string[]): readonly object[] => fields.map((field) => ({ [field]: 'desc' }));

/** One page, by the values it is sorted by (the last of them unique), never by offset. */
export async function readPage<T>(cluster: Cluster, index: DocumentIndex, query: Query, sort: readonly object[], request: PageRequest, read: (found: Found<Doc>) => T): Promise<Page<T>> {
  const limit = pageLimit(request), body: SearchBody = { query, sort, size: limit + 1, track_total_hits: true, _source: ['doc', 'n'] };
  const { hits, total } = await cluster.search<Doc>(cluster.index(index), request.cursor === undefined ? body : { ...body, search_after: parseCursor(request.cursor, sort.length) });
  const items = hits.slice(0, limit), last = items[items.length - 1];
  return { items: items.map(read), next: hits.length > limit && last !== undefined ? JSON.stringify(last.sort) : null, total };
}

/** Everything of a kind, by id. */
export async function listAll<T>(cluster: Cluster, index: DocumentIndex, query: Query, sort = up('id')): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const hits of cluster.all<Doc>(cluster.index(index), { query, sort, _source: ['doc'] })) found.push(...hits.map(({ source }) => docOf<T>(source)));
  return found;
}

/** Documents of one kind; `changed` is told after each change. */
export function documents<T extends Versioned>(cluster: Cluster, kind: string, changed: () => void = () => undefined): DocumentStore<T> {
  const index = cluster.index('control');
  return {
    async get(id) { const stored = await cluster.get<Doc>(index, idOf(kind, id)); return stored && docOf<T>(stored.source); },
    list: () => listAll<T>(cluster, 'control', isKind(kind)),
    async put(document, seen) {
      const stored = await cluster.get<Doc>(index, idOf(kind, document.id)), next = { ...document, version: seen + 1 } as unknown as T;
      const found = stored === undefined ? 0 : docOf<T>(stored.source).version;
      if (found !== seen || await cluster.compareAndSet(index, idOf(kind, document.id), controlDoc(kind, document.id, next), stored) === undefined) throw conflict(kind, document.id, seen);
      changed();
      return next;
    },
    async remove(id) {
      const [result] = await cluster.bulk([{ op: 'delete', index, id: idOf(kind, id) }]);
      if (result?.status === 200) changed();
    },
  };
}

export const controlDoc = (kind: string, id: string, document: unknown, more: object = {}): Doc => ({ kind, id, doc: JSON.stringify(document), ...more });
export const putControl = (kind: string, id: string, document: unknown, more: object = {}): Write => ({ op: 'put', index: 'control', id: idOf(kind, id), source: controlDoc(kind, id, document, more) });
export const conflict = (kind: string, id: string, seen: number): ConflictError => new ConflictError(`expected version ${seen} of ${kind} ${id}, but somebody else changed it`);

export function settingStore(cluster: Cluster): SettingStore {
  const index = cluster.index('control');
  return {
    async get(name) { const stored = await cluster.get<Doc>(index, idOf('setting', name)); return stored && docOf<unknown>(stored.source); },
    async put(name, value) {
      const id = idOf('setting', name);
      await cluster.bulk([value === undefined ? { op: 'delete', index, id } : { op: 'index', index, id, source: JSON.stringify(controlDoc('setting', name, value)) }]);
    },
  };
}
