// Questions to sealed files. SQL answers what it can say exactly; other candidates come back as events and the matcher decides.
// Pages go back in windows of time, so that the newest hundred do not cost reading every column of every file.
import { and, type Predicate } from '../../predicate/predicate.js';
import { matcher } from '../../predicate/match.js';
import { compileSql } from '../../predicate/sql.js';
import { columnType, DERIVED_FIELDS, isSqlText, quote, valuesOf, type SqlShape, type Values } from '../../predicate/sql-values.js';
import type { EventQuery } from '../store.js';
import { facetValues, newestFirst, wholePredicate, type Place } from './ask.js';
import { eventOfRow } from './columns.js';
import type { Engine } from './engine.js';
import type { StoredEvent } from './hot.js';
import type { SealedFile } from './manifest.js';
import { columnsOf, merged, parquet, selectList, sqlShape } from './seal.js';

const CACHED_QUERIES = 64;
const FIRST_WINDOW_EVENTS = 200_000;
const SMALL_EVENTS = 20_000;

/** A question to a set of files. */
interface Plan {
  readonly files: readonly SealedFile[];
  readonly shape: SqlShape;
  readonly predicate: Predicate;
  readonly times: string;
  /** Events that SQL is sure of, or undefined when it is sure of none. */
  readonly sure: string | undefined;
  /** Events that the matcher must be asked about, or undefined when there are none. */
  readonly unsure: string | undefined;
}

export class Sealed {
  // Sealed files never change: what was counted in one stays counted.
  private readonly counted = new Map<string, Map<string, number>>();

  constructor(private readonly engine: Engine, private readonly folder: string) {}

  async count(all: readonly SealedFile[], query: EventQuery): Promise<number> {
    const files = chosen(all, query), known = this.countsOf(query), open = files.filter(({ name }) => !known.has(name));
    if (open.length > 0) {
      const found = new Map(open.map(({ name }) => [name, 0])), add = (name: string, n: number): void => { found.set(name, (found.get(name) ?? 0) + n); };
      await this.asked(open, query, async (plan) => {
        for (const name of found.keys()) found.set(name, 0);
        if (plan.sure !== undefined) {
          const rows = await this.engine.rows(`select filename, count(*) as n from ${this.source(open, true)} where ${plan.sure} and ${plan.times} group by 1`);
          for (const row of rows) add(nameOf(String(row['filename'])), Number(row['n']));
        }
        await this.candidates(plan, fieldsOf(plan.predicate), (_one, name) => add(name, 1));
      });
      for (const [name, n] of found) known.set(name, n);
    }
    return files.reduce((sum, { name }) => sum + (known.get(name) ?? 0), 0);
  }

  async newest(all: readonly SealedFile[], query: EventQuery, after: Place | undefined, limit: number): Promise<readonly StoredEvent[]> {
    const known = this.countsOf(query);
    let left = chosen(all, query).filter(({ name, fromTime }) => known.get(name) !== 0 && (after === undefined || fromTime <= after.time)).sort((a, b) => b.toTime - a.toTime);
    let found: StoredEvent[] = [], window = FIRST_WINDOW_EVENTS;
    for (;;) {
      const worst = found.length < limit ? -Infinity : (found[limit - 1] as StoredEvent).time;
      left = left.filter(({ toTime }) => toTime >= worst);
      if (left.length === 0) return found;
      let take = 0;
      for (let events = 0; take < left.length && (take === 0 || events < window); take++) events += (left[take] as SealedFile).events;
      const group = left.slice(0, take);
      left = left.slice(take);
      window *= 4;
      const more = await this.asked(group, query, (plan) => this.newestOf(plan, after, limit, worst));
      found = [...found, ...more].sort(newestFirst).slice(0, limit);
    }
  }

  async histogram(all: readonly SealedFile[], query: EventQuery, intervalMs: number): Promise<Map<number, number>> {
    return this.asked(chosen(all, query), query, async (plan) => {
      const buckets = new Map<number, number>(), add = (start: number, n: number): void => { buckets.set(start, (buckets.get(start) ?? 0) + n); };
      if (plan.sure !== undefined) {
        const rows = await this.engine.rows(`select _time - ((_time % ${intervalMs}) + ${intervalMs}) % ${intervalMs} as start, count(*) as n from ${this.source(plan.files)} where ${plan.sure} and ${plan.times} group by 1`);
        for (const row of rows) add(Number(row['start']), Number(row['n']));
      }
      await this.candidates(plan, fieldsOf(plan.predicate), ({ time }) => add(Math.floor(time / intervalMs) * intervalMs, 1));
      return buckets;
    });
  }

  /** Counts of the `limit` most frequent values and of those in `also`. */
  async facets(all: readonly SealedFile[], query: EventQuery, field: string, limit: number, also: readonly string[]): Promise<Map<string, number>> {
    return this.asked(chosen(all, query), query, async (plan) => {
      const values = new Map<string, number>(), fields = fieldsOf(plan.predicate);
      await this.candidates(plan, fields && [...fields, field], ({ event }) => { for (const value of facetValues(event, field)) values.set(value, (values.get(value) ?? 0) + 1); });
      const asked = valuesOf(field, plan.shape);
      if (plan.sure === undefined || asked.present === 'FALSE') return values;
      const wanted = [...new Set([...also, ...values.keys()])].filter(isSqlText), counted = countedValues(asked, `${this.source(plan.files)} where ${plan.sure} and ${plan.times}`);
      const rows = await this.engine.rows(`with counted as materialized (${counted}) (select * from counted order by n desc, v limit ${limit})
        ${wanted.length === 0 ? '' : `union select * from counted where v in (${wanted.map(quote).join(', ')})`}`);
      for (const row of rows) { const value = String(row['v'] ?? ''); values.set(value, (values.get(value) ?? 0) + Number(row['n'])); }
      return values;
    });
  }

  async positions(files: readonly SealedFile[], stream: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    const rows = await this.engine.rows(`select ${selectList(columnsOf(files))} from ${this.source(files)} where _stream = ${quote(stream)} and _seq >= ${from} and _seq < ${from + limit} order by _seq`);
    return rows.map(eventOfRow);
  }

  private async newestOf(plan: Plan, after: Place | undefined, limit: number, worst: number): Promise<readonly StoredEvent[]> {
    const condition = [plan.sure, plan.unsure].filter((part) => part !== undefined).map((part) => `(${part})`).join(' or '), source = this.source(plan.files), id = idSql(plan.shape);
    const matches = matcher(plan.predicate), found: StoredEvent[] = [];
    for (let place = after; ;) {
      const beyond = place === undefined ? 'TRUE' : `(_time < ${place.time} or (_time = ${place.time} and ${id} < ${quote(place.id)}))`;
      const where = `(${condition}) and ${plan.times} and ${beyond}${worst === -Infinity ? '' : ` and _time >= ${worst}`}`;
      let floor = '';
      if (plan.files.reduce((sum, { events }) => sum + events, 0) > SMALL_EVENTS) {
        const [row] = await this.engine.rows(`select min(_time) as floor, count(*) as n from (select _time from ${source} where ${where} order by _time desc limit ${limit})`);
        if (row === undefined || Number(row['n']) === 0) return found;
        floor = `and _time >= ${Number(row['floor'])}`;
      }
      const rows = await this.engine.rows(`select ${selectList(columnsOf(plan.files))} from ${source} where ${where} ${floor} order by _time desc, ${id} desc limit ${limit}`);
      const events = rows.map(eventOfRow);
      for (const [i, one] of events.entries()) if ((plan.unsure === undefined || (rows[i]?.['_opaque'] === undefined && plan.sure !== undefined) || matches(one.event)) && found.length < limit) found.push(one);
      const last = events[events.length - 1];
      if (found.length >= limit || events.length < limit || last === undefined) return found;
      place = last;
    }
  }

  /** The events among the unsure ones that the matcher says yes to; `fields` are those that must be read, absent = all. */
  private async candidates(plan: Plan, fields: readonly string[] | undefined, take: (one: StoredEvent, file: string) => void): Promise<void> {
    if (plan.unsure === undefined) return;
    const matches = matcher(plan.predicate), there = columnsOf(plan.files);
    const columns = fields === undefined ? there : there.filter((name) => needed(fields).has(name));
    await this.engine.stream(`select ${selectList([...columns, 'filename'])} from ${this.source(plan.files, true)} where (${plan.unsure}) and ${plan.times}`, (rows) => {
      for (const { filename, ...row } of rows) {
        const one = eventOfRow(row);
        if (matches(one.event)) take(one, nameOf(String(filename)));
      }
      return true;
    });
  }

  private source(files: readonly SealedFile[], names = false): string {
    const table = parquet(this.folder, files);
    return names ? table.replace(/\)$/, ', filename = true)') : table;
  }

  /** Asks with a plan; where DuckDB refuses a pattern, again with one that leaves all to the matcher. */
  private async asked<T>(files: readonly SealedFile[], query: EventQuery, ask: (plan: Plan) => Promise<T>): Promise<T> {
    const plan = planOf(files, query);
    if (files.length === 0) return ask({ ...plan, sure: undefined, unsure: undefined });
    try {
      return await ask(plan);
    } catch (error) {
      if (!(error instanceof Error) || !/^Invalid Input Error/.test(error.message)) throw error;
      return ask({ ...plan, sure: undefined, unsure: 'TRUE' });
    }
  }

  private countsOf({ predicate, from, to, scope: { hiddenSystems }, ownRecords }: EventQuery): Map<string, number> {
    const key = JSON.stringify([predicate, from, to, hiddenSystems, ownRecords]), known = this.counted.get(key) ?? new Map<string, number>();
    this.counted.delete(key);
    this.counted.set(key, known);
    if (this.counted.size > CACHED_QUERIES) this.counted.delete(this.counted.keys().next().value as string);
    return known;
  }
}

/** Files that can hold an answer. */
function chosen(files: readonly SealedFile[], { scope, from = -Infinity, to = Infinity }: EventQuery): readonly SealedFile[] {
  return files.filter(({ tier, fromTime, toTime }) => scope.tiers.includes(tier) && toTime >= from && fromTime < to);
}

function planOf(files: readonly SealedFile[], query: EventQuery): Plan {
  const all = merged(files.map(({ shape }) => shape)), shape = sqlShape(all);
  // Parts that hold for every event of these files are left out.
  const hidden = query.scope.hiddenSystems.filter((system) => all.systems.includes(system));
  const predicate = and([wholePredicate({ ...query, scope: { ...query.scope, hiddenSystems: hidden }, ownRecords: query.ownRecords === true || all.own === 0 })]);
  const times = [query.from === undefined ? [] : [`_time >= ${query.from}`], query.to === undefined ? [] : [`_time < ${query.to}`]].flat();
  const { where, exact } = compileSql(predicate, shape), opaque = all.opaque > 0;
  return {
    files, shape, predicate, times: times.length === 0 ? 'TRUE' : times.join(' and '),
    sure: exact ? (opaque ? `(${where}) and _opaque is null` : where) : undefined,
    unsure: exact ? (opaque ? '_opaque is not null' : undefined) : opaque ? `(${where}) or _opaque is not null` : where,
  };
}

/** Each value of a field with the number of events that have it. Where one expression says them all, its distinct values are taken apart, not every event's. */
function countedValues({ list, whole }: Values, source: string): string {
  const members = (of: string, from: string, n: string): string => `select v, ${n} as n from (select unnest(list_distinct(${of})) as v, * from ${from}) where v is not null group by 1`;
  if (whole === undefined) return members(list, source, 'count(*)');
  const grouped = `select ${whole.sql} as x, count(*) as m from ${source} group by 1`;
  return whole.list === undefined ? `select cast(x as varchar) as v, m as n from (${grouped}) where x is not null` : members(whole.list('x'), `(${grouped})`, 'sum(m)');
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

// As idOf in hot.ts says.
function idSql(shape: SqlShape): string {
  const derived = shape.columns.has('_hash') ? [`_stream || '.' || _seq || '.' || _hash`] : [];
  const written = shape.columns.has('event.id') ? [`CASE WHEN regexp_full_match("event.id", '[!-~]+') THEN "event.id" END`] : [];
  return `coalesce(${[...derived, ...written, `_stream || '.' || _seq`].join(', ')})`;
}

/** Fields that a predicate reads, or undefined when it looks at all of them. */
function fieldsOf(predicate: Predicate): readonly string[] | undefined {
  switch (predicate.kind) {
    case 'constant': return [];
    case 'and': case 'or': {
      const parts = predicate.parts.map(fieldsOf);
      return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? []);
    }
    case 'not': return fieldsOf(predicate.part);
    case 'keyword': case 'keywordRegex': return undefined;
    case 'text': return predicate.path.length === 0 ? undefined : predicate.path;
    case 'fieldref': return [...predicate.path, ...predicate.other];
    default: return predicate.path;
  }
}

function needed(fields: readonly string[]): ReadonlySet<string> {
  const names = new Set(['_stream', '_seq', '_time', '_received', '_opaque', '_rest', ...fields]);
  if (fields.some((field) => DERIVED_FIELDS.includes(field))) names.add('_hash');
  if (fields.includes('event.original')) for (const name of ['_head', 'message']) names.add(name);
  if (fields.every((field) => columnType(field) === 'VARCHAR')) names.delete('_rest');
  return names;
}
