// How an event stands in the search index, so that a predicate can be asked there (query-dsl.ts): every value as `name=value`, case
// folded as the matcher folds it, beside the names that are there at all. An event that cannot be said so without loss is `odd`:
// whoever asks adds the odd ones and asks the matcher. Pure: no Node API.
//
//   kv    name=fold(value)          of every scalar of every field
//   kvs   name=foldSearch(value)    only where that differs (marks removed, for people who search without typing them)
//   has   name                      of every field, also of empty lists
//   nul   name                      of fields that hold null
//   raw   field of FIELDS -> values as written: frequent values, questions where case counts
//   num   numeric field of FIELDS -> numbers it holds or writes; ip likewise, addresses in one spelling
import { isAscii } from '../ascii.js';
import { scalarsOf, textOf } from './values.js';
import type { Event, Value } from '../event.js';
import { FIELDS, type Field } from '../fields.js';
import { fold, foldSearch } from '../fold.js';
import { parseAddress, type Address } from '../ip.js';
import { numberOf } from './numbers.js';

export interface IndexedEvent {
  readonly kv: readonly string[];
  readonly kvs: readonly string[];
  readonly has: readonly string[];
  readonly nul: readonly string[];
  readonly raw: Readonly<Record<string, readonly string[]>>;
  readonly num: Readonly<Record<string, readonly number[]>>;
  readonly ip: Readonly<Record<string, readonly string[]>>;
  readonly odd: boolean;
}

/** A longer text is not indexed: its event is odd. Three bytes a unit and a name still fit a term (32,766 bytes). */
export const TEXT_UNITS_MAX = 8_000;
const NAME_UNITS_MAX = 500;
const LONE = /\p{Cs}/u;

/** May the index hold this field name as it is? */
export const isPlainName = (name: string): boolean => name.length <= NAME_UNITS_MAX && !name.includes('=') && !LONE.test(name);
/** May the index hold this text as it is? Half of a surrogate pair has no UTF-8. */
export const isIndexText = (text: string): boolean => text.length <= TEXT_UNITS_MAX && !LONE.test(text);

/** Serial numbers, and what another column says: nobody counts their values, and each column costs every event. */
const UNCOUNTED: ReadonlySet<string> = new Set([
  'event.id', 'haidang.collector', 'haidang.epoch', 'haidang.seq', 'haidang.tier', 'winlog.record_id', 'auditd.log.sequence', 'process.pid', 'process.parent.pid',
  'log.syslog.priority', 'log.syslog.facility.code', 'log.syslog.severity.code', 'log.syslog.hostname', 'log.syslog.appname', 'log.syslog.procid', 'log.syslog.msgid',
  'source.port', 'source.nat.port', 'destination.nat.port',
]);
/** Numbers that are names: nobody asks which is greater. */
const UNORDERED: ReadonlySet<string> = new Set(['haidang.epoch', 'haidang.seq', 'haidang.tier', 'auditd.log.sequence', 'log.syslog.priority', 'log.syslog.facility.code']);
const isColumn = ({ name, type }: Field): boolean => type !== 'text' && type !== 'date' && !UNCOUNTED.has(name);
/** Fields kept as written too. */
export const RAW_FIELDS: ReadonlySet<string> = new Set(FIELDS.filter(isColumn).map(({ name }) => name));
export const NUMBER_FIELDS: ReadonlySet<string> = new Set(FIELDS.filter(({ name, type }) => (type === 'long' || type === 'double') && !UNORDERED.has(name)).map(({ name }) => name));
export const ADDRESS_FIELDS: ReadonlySet<string> = new Set(FIELDS.filter(({ type }) => type === 'ip').map(({ name }) => name));

export function indexed(event: Event): IndexedEvent {
  const kv: string[] = [], kvs: string[] = [], has: string[] = [], nul: string[] = [];
  const raw: Record<string, readonly string[]> = {}, num: Record<string, readonly number[]> = {}, ip: Record<string, readonly string[]> = {};
  let odd = false;
  for (const name of Object.keys(event)) {
    const value = event[name] as Value;
    if (!isPlainName(name)) { odd = true; continue; }
    has.push(name);
    if (value === null) { nul.push(name); continue; }
    const scalars = scalarsOf(value), texts = scalars.map(textOf), plain = texts.filter(isIndexText);
    if (plain.length < texts.length) odd = true;
    for (const text of plain) {
      const folded = fold(text), searched = foldSearch(text);
      if (folded.length > TEXT_UNITS_MAX || searched.length > TEXT_UNITS_MAX) { odd = true; continue; }
      kv.push(`${name}=${folded}`);
      if (searched !== folded) kvs.push(`${name}=${searched}`);
      if (!foldsPlainly(text, folded, searched)) odd = true;
    }
    if (RAW_FIELDS.has(name) && plain.length > 0) raw[name] = plain;
    if (NUMBER_FIELDS.has(name)) num[name] = scalars.flatMap((scalar) => finite(typeof scalar === 'boolean' ? undefined : numberOf(scalar)));
    if (ADDRESS_FIELDS.has(name)) ip[name] = texts.flatMap((text) => { const address = parseAddress(text); return address === undefined ? [] : [printAddress(address)]; });
  }
  return { kv, kvs, has, nul, raw, num, ip, odd };
}

/**
 * Folding goes character by character, in text that is composed (else `?` counts otherwise with case than without), and marks are
 * removed from what is folded already (else a text could be found by letters that it does not hold).
 */
function foldsPlainly(text: string, folded: string, searched: string): boolean {
  if (isAscii(text)) return true;
  return text.normalize('NFC') === text && points(text) === points(folded) && (searched === folded || foldSearch(folded) === searched);
}
function points(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

// Text may write a number beyond every double: it is beyond every number that is asked for, on the side of its sign.
const finite = (value: number | undefined): readonly number[] => (value === undefined ? [] : [Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value))]);

/** One spelling for each address. */
export function printAddress({ bits, value }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  return Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':');
}
