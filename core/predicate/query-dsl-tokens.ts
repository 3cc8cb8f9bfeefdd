// How an event stands in the search index, so that a predicate can be asked there (query-dsl.ts): every value as `name=value`, case
// folded as the matcher folds it, beside the names that are there at all. An event that cannot be said so without loss is `odd`:
// whoever asks adds the odd ones and asks the matcher. Pure: no Node API.
//
//   kv    name=fold(value)          of every scalar of every field but UNKEYED
//   kvs   name=foldSearch(value)    only where that differs (marks removed, for people who search without typing them)
//   words, longs                    the words of the searched fields, foldSearch (query-dsl-words.ts)
//   has   name                      of every field, also of empty lists; of those that nearly all events have `=name` where it is missing
//   nul   name                      of fields that hold null
//   raw   field of FIELDS -> values as written: frequent values, questions where case counts
//   num   numeric field of FIELDS -> numbers it holds or writes; ip likewise, addresses in one spelling
import { isAscii } from '../ascii.js';
import { Words } from './query-dsl-words.js';
import { isSearched, scalarsOf, textOf } from './values.js';
import type { Event, Value } from '../event.js';
import { FIELDS, type Field } from '../fields.js';
import { fold, foldSearch } from '../fold.js';
import { parseAddress, type Address } from '../ip.js';
import { numberOf } from './numbers.js';

export interface IndexedEvent {
  readonly kv: readonly string[];
  readonly kvs: readonly string[];
  readonly words: string;
  readonly longs: readonly string[];
  readonly has: readonly string[];
  readonly nul: readonly string[];
  readonly raw: Readonly<Record<string, readonly string[]>>;
  readonly num: Readonly<Record<string, readonly number[]>>;
  readonly ip: Readonly<Record<string, readonly string[]>>;
  readonly odd: boolean;
}

/** Stands in every document from version 6 of the templates on: which version wrote it. */
export const FORM_FIELD = 'v', FORM = 6;

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

/** Their texts are nearly all different and hardly ever asked for by the field's name: found by their words, or not by what they hold. */
export const UNKEYED: ReadonlySet<string> = new Set(['event.original', 'event.original_b64']);
/** Fields that an event from syslog has: whoever lacks one says so. */
export const COMMON_FIELDS: ReadonlySet<string> = new Set([
  '@timestamp', 'event.created', 'event.id', 'event.original', 'event.dataset', 'event.module', 'event.kind', 'event.category', 'event.type', 'message', 'host.name', 'log.source.address', 'log.level',
  'log.syslog.priority', 'log.syslog.facility.code', 'log.syslog.severity.code', 'log.syslog.hostname', 'log.syslog.appname', 'process.name',
  'haidang.system', 'haidang.unit', 'haidang.tier', 'haidang.listener', 'haidang.collector', 'haidang.epoch', 'haidang.seq',
]);
/** What `has` holds of an event without this field. */
export const missing = (name: string): string => `=${name}`;

export function indexed(event: Event): IndexedEvent {
  const tokens = new Tokens(new Words());
  for (const name of Object.keys(event)) tokens.add(name, event[name] as Value);
  tokens.has.push(...missingOf(event));
  return tokens;
}
/** What `has` holds of the common fields that an event lacks. */
export const missingOf = (event: Event): readonly string[] => COMMON_NAMES.filter((name) => !Object.hasOwn(event, name)).map(missing);
const COMMON_NAMES = [...COMMON_FIELDS];

/** What an event's fields are indexed as, one after the other; their words go to `collected`. */
export class Tokens implements IndexedEvent {
  readonly kv: string[] = [];
  readonly kvs: string[] = [];
  readonly has: string[] = [];
  readonly nul: string[] = [];
  readonly raw: Record<string, readonly string[]> = {};
  readonly num: Record<string, readonly number[]> = {};
  readonly ip: Record<string, readonly string[]> = {};
  odd = false;

  constructor(private readonly collected: Words) {}
  get words(): string { return this.collected.words; }
  get longs(): readonly string[] { return this.collected.longs; }

  add(name: string, value: Value): void {
    if (!isPlainName(name)) { this.odd = true; return; }
    if (!COMMON_FIELDS.has(name)) this.has.push(name);
    if (value === null) { this.nul.push(name); return; }
    const scalars = scalarsOf(value), texts = scalars.map(textOf), plain = texts.filter(isIndexText);
    if (plain.length < texts.length) this.odd = true;
    for (const text of plain) this.addText(name, text);
    if (RAW_FIELDS.has(name) && plain.length > 0) this.raw[name] = plain;
    if (NUMBER_FIELDS.has(name)) this.num[name] = scalars.flatMap((scalar) => finite(typeof scalar === 'boolean' ? undefined : numberOf(scalar)));
    if (ADDRESS_FIELDS.has(name)) this.ip[name] = texts.flatMap((text) => { const address = parseAddress(text); return address === undefined ? [] : [printAddress(address)]; });
  }

  private addText(name: string, text: string): void {
    const folded = fold(text), searched = foldSearch(text);
    if (folded.length > TEXT_UNITS_MAX || searched.length > TEXT_UNITS_MAX) { this.odd = true; return; }
    if (!foldsPlainly(text, folded, searched)) this.odd = true;
    if (isSearched(name)) this.collected.add(searched);
    if (UNKEYED.has(name)) return;
    this.kv.push(`${name}=${folded}`);
    if (searched !== folded) this.kvs.push(`${name}=${searched}`);
  }
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
