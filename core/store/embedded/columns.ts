// An event as a row of a sealed file and back, equal to what was appended. The columns are described in core/predicate/sql-values.ts.
import { emptyEvent, read, type Event, type Value } from '../../event.js';
import { FIELDS } from '../../fields.js';
import { columnType, DERIVED_FIELDS, isCode, SYSTEM_COLUMNS, type ColumnType } from '../../predicate/sql-values.js';
import { scalarsOf } from '../../predicate/values.js';
import { parseStreamName } from '../../record.js';
import { isOwn } from './ask.js';
import { idOf, type StoredEvent } from './hot.js';
import type { Shape } from './manifest.js';

/** Column values by name; those that are absent are NULL. */
export type SqlRow = Readonly<Record<string, string | number | null>>;

const SYSTEM_TYPES: Readonly<Record<string, ColumnType>> = { _seq: 'BIGINT', _time: 'BIGINT', _received: 'BIGINT' };
const COLUMN_TYPES = new Map<string, ColumnType>([
  ...SYSTEM_COLUMNS.map((name): [string, ColumnType] => [name, SYSTEM_TYPES[name] ?? 'VARCHAR']),
  ...FIELDS.flatMap(({ name }): [string, ColumnType][] => { const type = columnType(name); return type === undefined ? [] : [[name, type]]; }),
]);
export const typeOfColumn = (name: string): ColumnType => COLUMN_TYPES.get(name) ?? 'VARCHAR';

/** Learns the shape of a file while its rows are made. */
export class RowEncoder {
  private readonly columns = new Set<string>(['_stream', '_seq', '_time', '_received']);
  private readonly encoded = new Set<string>();
  private readonly strays = new Set<string>();
  private readonly systems = new Set<string>();
  private readonly known = new Map<string, Set<string> | undefined>();
  private readonly letters = new Set<string>();
  private opaque = 0;
  private own = 0;

  shape(): Shape {
    const known = Object.fromEntries([...this.known].flatMap(([name, values]) => (values === undefined ? [] : [[name, [...values]]])));
    const codes = [...this.known.keys()].filter((name) => !this.letters.has(name));
    return { known, codes, columns: [...this.columns], encoded: [...this.encoded], strays: [...this.strays], opaque: this.opaque, own: this.own, systems: [...this.systems] };
  }

  row({ event, stream, seq, time, received }: StoredEvent): SqlRow {
    const row: Record<string, string | number> = { _stream: stream, _seq: seq, _time: time, _received: received };
    const rest = emptyEvent(), hidden = emptyEvent();
    let restHas = false, hiddenHas = false;
    const hash = canonicalHash(event, stream, seq, time, received), head = headOf(event);
    if (hash !== undefined) row['_hash'] = hash;
    if (head !== undefined) row['_head'] = head;
    for (const field of Object.keys(event)) {
      const value = event[field] as Value;
      if ((hash !== undefined && DERIVED.has(field)) || (head !== undefined && field === 'event.original')) continue;
      const type = columnType(field);
      if (!isPlain(value) || !isPlainText(field)) { hidden[field] = value; hiddenHas = true; }
      else if (type === 'VARCHAR') {
        const text = typeof value === 'string' ? value : `\u0001${JSON.stringify(value)}`;
        row[field] = text;
        if (typeof value !== 'string') this.encoded.add(field);
        this.learn(field, text);
      } else if (type === 'BIGINT' && Number.isSafeInteger(value)) row[field] = value as number;
      else {
        rest[field] = value; restHas = true;
        if (type === 'BIGINT') this.strays.add(field);
      }
    }
    if (restHas) row['_rest'] = JSON.stringify(rest);
    if (hiddenHas) { row['_opaque'] = JSON.stringify(hidden); this.opaque++; }
    if (isOwn(event)) this.own++;
    for (const system of scalarsOf(read(event, 'haidang.system'))) this.systems.add(String(system));
    for (const name of Object.keys(row)) this.columns.add(name);
    return row;
  }

  private learn(field: string, text: string): void {
    if (!this.letters.has(field) && !isCode(text)) this.letters.add(field);
    if (!this.known.has(field)) this.known.set(field, new Set());
    const values = this.known.get(field);
    if (values === undefined || values.has(text)) return;
    if (values.size >= KNOWN_VALUES_MAX || text.length > KNOWN_CHARS_MAX) this.known.set(field, undefined); else values.add(text);
  }
}

/** A column of more, or longer, values than these is read when asked about. */
export const KNOWN_VALUES_MAX = 24;
const KNOWN_CHARS_MAX = 80;

/** The event that a row holds. */
export function eventOfRow(row: SqlRow): StoredEvent {
  const event = emptyEvent(), stream = row['_stream'] as string, seq = row['_seq'] as number, time = row['_time'] as number, received = row['_received'] as number;
  const hash = row['_hash'] as string | null | undefined, head = row['_head'] as string | null | undefined;
  const { collector, epoch, tier } = parseStreamName(stream);
  if (typeof hash === 'string') {
    event['@timestamp'] = new Date(time).toISOString();
    event['event.id'] = `${stream}.${seq}.${hash}`;
    event['event.created'] = new Date(received).toISOString();
    event['haidang.collector'] = collector;
    event['haidang.epoch'] = epoch;
    event['haidang.tier'] = tier;
    event['haidang.seq'] = seq;
  }
  for (const name of Object.keys(row)) {
    const value = row[name];
    if (value === null || value === undefined || SYSTEM.has(name)) continue;
    event[name] = typeof value === 'string' && value.charCodeAt(0) === 1 ? JSON.parse(value.slice(1)) as Value : value;
  }
  if (typeof head === 'string') event['event.original'] = `${head}${event['message'] as string}`;
  if (typeof row['_rest'] === 'string') addAll(event, JSON.parse(row['_rest']) as Record<string, Value>);
  if (typeof row['_opaque'] === 'string') addAll(event, JSON.parse(row['_opaque']) as Record<string, Value>);
  return { event, id: idOf(event, stream, seq), time, received, stream, seq, tier };
}

/** Hex digits of the id, where id, times and position are all as they should be. */
function canonicalHash(event: Event, stream: string, seq: number, time: number, received: number): string | undefined {
  const id = event['event.id'], start = `${stream}.${seq}.`;
  if (typeof id !== 'string' || !id.startsWith(start)) return undefined;
  const hash = id.slice(start.length), { collector, epoch, tier } = parseStreamName(stream);
  const good = /^[0-9a-f]{16}$/.test(hash) && isPlainText(collector) && event['haidang.collector'] === collector && event['haidang.epoch'] === epoch
    && event['haidang.tier'] === tier && event['haidang.seq'] === seq && isTime(event['@timestamp'], time) && isTime(event['event.created'], received);
  return good ? hash : undefined;
}
const YEAR_10000 = 253_402_300_800_000;
function isTime(value: Value | undefined, millis: number): boolean {
  return typeof value === 'string' && millis >= 0 && millis < YEAR_10000 && value === new Date(millis).toISOString();
}

function headOf(event: Event): string | undefined {
  const original = event['event.original'], message = event['message'];
  if (typeof original !== 'string' || typeof message !== 'string' || message === '' || !original.endsWith(message)) return undefined;
  return isPlainText(original) && isPlainText(message) ? original.slice(0, original.length - message.length) : undefined;
}

 
const ASCII = /^[\x01-\x7f]*$/;
const ODD = /[\p{M}\p{Cs}\0İſ]/u;
const MAPPED = /^[0:]+:ffff:/i;
/** Text that SQL reads as the matcher does. */
export function isPlainText(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first === 1 || ((first === 0x30 || first === 0x3a) && MAPPED.test(text))) return false;
  return ASCII.test(text) || (!ODD.test(text) && text.normalize('NFC') === text);
}
function isPlain(value: Value): boolean {
  if (Array.isArray(value)) return value.every((member) => !Array.isArray(member) && isPlain(member as Value));
  switch (typeof value) {
    case 'string': return isPlainText(value);
    case 'number': return isPlainNumber(value);
    case 'boolean': return true;
    default: return value === null;
  }
}
/** A number that JavaScript and DuckDB write alike. */
function isPlainNumber(value: number): boolean {
  const size = Math.abs(value);
  return Number.isSafeInteger(value) || (size >= 1e-4 && size < 1e15);
}

const DERIVED = new Set(DERIVED_FIELDS), SYSTEM = new Set(SYSTEM_COLUMNS);
function addAll(event: Record<string, Value>, values: Record<string, Value>): void {
  for (const name of Object.keys(values)) event[name] = values[name] as Value;
}
