// An embedded site moves into a cluster: read through the port, written under the same ids and versions, then both sides are read and
// compared by count and hash. What was written is written again after an interruption where that costs little; events and hits go on
// where they stopped. The site must be stopped. Sessions do not move: people sign in again.
import { createHash } from 'node:crypto';
import type { Tier } from '../tier.js';
import { ALWAYS } from '../predicate/predicate.js';
import { parseStreamName } from '../record.js';
import { EVERYTHING, type Page, type PageRequest, type Store } from './store.js';

export const PARTS = ['systems', 'registry', 'settings', 'users', 'tunings', 'deployments', 'events', 'hits', 'entries', 'alerts', 'incidents', 'notices', 'sources', 'accounts', 'audit', 'deadLetters', 'closed', 'cursors'] as const;
export type Part = (typeof PARTS)[number];
export interface RegistryItem { readonly version: number; readonly relays: readonly string[]; readonly unassignedTier: Tier }
export interface SettingItem { readonly name: string; readonly value: unknown }

export interface MigrationState {
  /** Parts that are written. */
  readonly done: readonly Part[];
  /** Where the part under way goes on. */
  readonly at?: { readonly part: Part; readonly cursor: string; readonly items: number };
  /** Both sides were compared. */
  readonly verified?: true;
}

/** The side that takes. */
export interface Adopting {
  put(part: Part, items: readonly unknown[]): Promise<void>;
  state(): Promise<MigrationState | undefined>;
  setState(state: MigrationState): Promise<void>;
  isEmpty(): Promise<boolean>;
  /** What was written is found from now on. */
  settled(): Promise<void>;
}

export interface Progress { readonly part: Part; readonly doing: 'writing' | 'comparing'; readonly items: number }
export interface Moved { readonly part: Part; readonly items: number; readonly hash: string }

/** Settings that stay what they are in another store. */
const SETTINGS = ['seeded.systems', 'demo', 'fields-seen'];
const PAGE = 1_000;

export async function migrate(from: Store, to: Store, adopting: Adopting, onProgress: (progress: Progress) => void): Promise<readonly Moved[]> {
  let state: MigrationState | undefined = await adopting.state();
  if (state === undefined && !await adopting.isEmpty()) throw new Error('expected a cluster without a site under this prefix, found one: choose another prefix, or go on with that one');
  state ??= { done: [] };
  for (const part of PARTS) {
    if (state.done.includes(part)) continue;
    let items: number = state.at?.part === part ? state.at.items : 0;
    for await (const page of read(part, from, state.at?.part === part ? state.at.cursor : undefined)) {
      await adopting.put(part, page.items);
      items += page.items.length;
      if (page.cursor !== undefined) { state = { ...state, at: { part, cursor: page.cursor, items } }; await adopting.setState(state); }
      onProgress({ part, doing: 'writing', items });
    }
    state = { done: [...state.done, part] };
    await adopting.setState(state);
  }
  await adopting.settled();
  const moved: Moved[] = [];
  for (const part of PARTS) {
    const [here, there] = [await digest(part, from, onProgress), await digest(part, to, onProgress)];
    if (here.items !== there.items || here.hash !== there.hash) throw new Error(`${part}: expected ${here.items} with hash ${here.hash}, found ${there.items} with hash ${there.hash} in the cluster`);
    moved.push({ part, ...here });
  }
  await adopting.setState({ ...state, verified: true });
  return moved;
}

interface Piece { readonly items: readonly unknown[]; readonly cursor?: string }

/** A part, piece by piece; with a cursor where it can be gone on with. */
async function* read(part: Part, store: Store, from?: string): AsyncGenerator<Piece> {
  switch (part) {
    case 'events': yield* paged((page) => store.events.search({ predicate: ALWAYS, scope: EVERYTHING, ownRecords: true }, page), from); return;
    case 'hits':
      for (let after = Number(from ?? 0); ;) {
        const { hits, last } = await store.ledger.hitsSince(0, after, PAGE);
        if (hits.length === 0) return;
        yield { items: hits, cursor: String(last) };
        after = last;
      }
    case 'entries':
      for (const stream of await streams(store)) {
        for (let at = 1; ;) {
          const entries = await store.ledger.entries(stream, at, PAGE), last = entries[entries.length - 1];
          if (last === undefined) break;
          yield { items: entries };
          at = last.to + 1;
        }
      }
      return;
    case 'alerts': yield* paged((page) => store.alerts.list({ scope: EVERYTHING }, { ...page, limit: 200 })); return;
    case 'incidents': yield* paged((page) => store.incidents.list({ scope: EVERYTHING, sort: 'oldest' }, page)); return;
    case 'notices': yield* paged((page) => store.outbox.list(page)); return;
    case 'accounts':
      yield* paged((page) => store.accounts.list({ scope: EVERYTHING }, page));
      yield* paged((page) => store.accounts.list({ scope: EVERYTHING, from: 0 }, page));
      return;
    case 'audit': yield* paged((page) => store.audit.list({}, page)); return;
    case 'deadLetters': yield* paged((page) => store.deadLetters.list(page)); return;
    case 'sources': yield { items: await store.sources.list() }; return;
    case 'systems': yield { items: await store.systems.list() }; return;
    case 'registry': { const { version, relays, unassignedTier } = await store.systems.registry(); yield { items: [{ version, relays, unassignedTier }] }; return; }
    case 'tunings': yield { items: await store.tunings.list() }; return;
    case 'deployments': yield { items: await store.deployments.list(10_000) }; return;
    case 'users': yield { items: await store.users.list() }; return;
    case 'settings': yield { items: (await Promise.all(SETTINGS.map(async (name) => ({ name, value: await store.settings.get(name) })))).filter(({ value }) => value !== undefined) }; return;
    case 'closed': yield { items: [await store.ledger.closed()] }; return;
    case 'cursors':
      for (const [stream, position] of Object.entries(await store.cursors.all())) {
        const [entry] = await store.ledger.entries(stream, position, 1);
        yield { items: [{ stream, position, received: entry?.receivedTo ?? 0, ruleSet: entry?.ruleSet ?? 0 }] };
      }
      return;
    default: part satisfies never;
  }
}

const streams = async (store: Store): Promise<readonly string[]> => Object.keys(await store.cursors.all()).sort((a, b) => parseStreamName(a).epoch - parseStreamName(b).epoch || (a < b ? -1 : 1));

async function* paged<T>(list: (page: PageRequest) => Promise<Page<T>>, from?: string): AsyncGenerator<Piece> {
  for (let cursor = from; ;) {
    const { items, next } = await list({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    if (next === null) { if (items.length > 0) yield { items }; return; }
    yield { items, cursor: next };
    cursor = next;
  }
}

/** How many, and the XOR of their hashes: the order in which a store gives them does not matter. */
async function digest(part: Part, store: Store, onProgress: (progress: Progress) => void): Promise<{ readonly items: number; readonly hash: string }> {
  const sum = Buffer.alloc(16);
  let items = 0;
  for await (const page of read(part, store)) {
    for (const item of page.items) {
      const hash = createHash('sha256').update(canonical(item)).digest();
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) ^ (hash[i] as number);
      items++;
    }
    onProgress({ part, doing: 'comparing', items });
  }
  return { items, hash: sum.toString('hex') };
}

/** Names in one order, absent ones left out. */
const canonical = (value: unknown): string => JSON.stringify(value, (_name, one: unknown) => (typeof one === 'object' && one !== null && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) : one));
