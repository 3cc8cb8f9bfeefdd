// What `indexed` says of an event (query-dsl-tokens.ts, the oracle) as the members of a JSON object, written in one pass: the same tokens,
// lists that hold one value as that value, lists that hold none left out, `num` and `ip` with the field's name behind a dot; and the event's
// own JSON as a text, whose oracle is JSON.stringify. Values that fold and print as they are, nearly all, are written here; of the others
// the oracles are asked. Pure: no Node API.
import type { Event, Value } from '../event.js';
import { ADDRESS_FIELDS, COMMON_FIELDS, isPlainName, missingOf, NUMBER_FIELDS, RAW_FIELDS, TEXT_UNITS_MAX, Tokens, UNKEYED, type IndexedEvent } from './query-dsl-tokens.js';
import { Words } from './query-dsl-words.js';
import { isSearched } from './values.js';

/** A field's name as the members need it. */
interface Name {
  /** `"name"` */
  readonly quoted: string;
  /** `,\"name\":`, the name in a text that is JSON */
  readonly told: string;
  /** `,"name=`, a text that is not closed; undefined of a field that has no key */
  readonly lead: string | undefined;
  readonly common: boolean;
  readonly searched: boolean;
  readonly raw: boolean;
  /** `,"num.name":` */
  readonly num: string | undefined;
  /** `,"ip.name":` */
  readonly ip: string | undefined;
}

/** Names that were met, null of one that the index cannot hold. */
const names = new Map<string, Name | null>(), NAMES_MAX = 50_000;
/** Stands in JSON as it is, and folds by `toLowerCase`. */
const PLAIN = /^[ !#-[\]-~]*$/;
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)', IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);

/** `"kv":[...],"words":"...",...,"line":"{...}"`, without braces. */
export function indexedMembers(event: Event): string {
  const words = new Words();
  let kv = '', kvs = '', has = '', nul = '', columns = '', line = '', odd = false;
  for (const field of Object.keys(event)) {
    const value = event[field] as Value, name = nameOf(field);
    if (name === null) {
      line += `,${inText(JSON.stringify(field))}:${inText(JSON.stringify(value))}`;
      odd = true;
    } else if (typeof value === 'string' && name.num === undefined && value.length <= TEXT_UNITS_MAX && PLAIN.test(value) && (name.ip === undefined || IPV4.test(value))) {
      const folded = value.toLowerCase();
      line += `${name.told}\\"${value}\\"`;
      if (!name.common) has += `,${name.quoted}`;
      if (name.searched) words.add(folded);
      if (name.lead !== undefined) kv += `${name.lead}${folded}"`;
      if (name.raw) columns += `,${name.quoted}:"${value}"`;
      if (name.ip !== undefined) columns += `${name.ip}"${value}"`;
    } else if (typeof value === 'number' && name.ip === undefined && Number.isFinite(value)) {
      const text = String(value), written = JSON.stringify(value);
      line += name.told + written;
      if (!name.common) has += `,${name.quoted}`;
      if (name.searched) words.add(text);
      if (name.lead !== undefined) kv += `${name.lead}${text}"`;
      if (name.raw) columns += `,${name.quoted}:"${text}"`;
      if (name.num !== undefined) columns += name.num + written;
    } else {
      const asked = new Tokens(words);
      asked.add(field, value);
      line += name.told + inText(JSON.stringify(value));
      kv += listed(asked.kv);
      kvs += listed(asked.kvs);
      has += listed(asked.has);
      nul += listed(asked.nul);
      odd ||= asked.odd;
      const text = JSON.stringify(columnsOf(asked));
      if (text !== '{}') columns += `,${text.slice(1, -1)}`;
    }
  }
  has += listed(missingOf(event));
  const some = (member: string, list: string): string => (list === '' ? '' : `,"${member}":[${list.slice(1)}]`);
  // A word holds no quote; only the backslash is written otherwise in JSON.
  const written = words.words.includes('\\') ? JSON.stringify(words.words) : `"${words.words}"`;
  return `"kv":[${kv.slice(1)}],"words":${written}${some('has', has)}${some('longs', listed(words.longs))}${some('kvs', kvs)}${some('nul', nul)}${columns}${odd ? ',"odd":true' : ''},"line":"{${line.slice(1)}}"`;
}

/** The same of what `indexed` says, as an object. */
export function membersOf(tokens: IndexedEvent): Readonly<Record<string, unknown>> {
  const { kv, words, odd } = tokens, members: [string, unknown][] = [['kv', kv], ['words', words]];
  for (const list of ['has', 'longs', 'kvs', 'nul'] as const) if (tokens[list].length > 0) members.push([list, tokens[list]]);
  return { ...Object.fromEntries(members), ...columnsOf(tokens), ...(odd ? { odd } : {}) };
}

function columnsOf({ raw, num, ip }: IndexedEvent): Readonly<Record<string, unknown>> {
  const members: [string, unknown][] = [];
  for (const [lead, columns] of [['', raw], ['num.', num], ['ip.', ip]] as const) {
    for (const [field, values] of Object.entries<readonly (string | number)[]>(columns)) if (values.length > 0) members.push([lead + field, values.length === 1 ? values[0] : values]);
  }
  return Object.fromEntries(members);
}

/** JSON as it stands in a text that is JSON, without the quotes around it. */
const inText = (json: string): string => JSON.stringify(json).slice(1, -1);
const listed = (texts: readonly string[]): string => texts.map((text) => `,${JSON.stringify(text)}`).join('');

function nameOf(field: string): Name | null {
  const known = names.get(field);
  if (known !== undefined) return known;
  if (names.size >= NAMES_MAX) names.clear();
  const quoted = JSON.stringify(field), name = isPlainName(field) ? {
    quoted, told: `,${inText(quoted)}:`, lead: UNKEYED.has(field) ? undefined : `,${quoted.slice(0, -1)}=`, common: COMMON_FIELDS.has(field), searched: isSearched(field), raw: RAW_FIELDS.has(field),
    num: NUMBER_FIELDS.has(field) ? `,${JSON.stringify(`num.${field}`)}:` : undefined, ip: ADDRESS_FIELDS.has(field) ? `,${JSON.stringify(`ip.${field}`)}:` : undefined,
  } : null;
  names.set(field, name);
  return name;
}
