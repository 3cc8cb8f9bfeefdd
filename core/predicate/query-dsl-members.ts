// What `indexed` says of an event (query-dsl-tokens.ts, the oracle) as the members of a JSON object, written in one pass: the same tokens,
// lists that hold one value as that value, lists that hold none left out, `num` and `ip` with the field's name behind a dot. Values that
// fold and print as they are, nearly all, are written here; of the others the oracle is asked. Pure: no Node API.
import type { Event, Value } from '../event.js';
import { ADDRESS_FIELDS, indexed, isPlainName, NUMBER_FIELDS, RAW_FIELDS, TEXT_UNITS_MAX, type IndexedEvent } from './query-dsl-tokens.js';

/** A field's name as the members need it. */
interface Name {
  /** `"name"` */
  readonly quoted: string;
  /** `"name=`, a text that is not closed */
  readonly lead: string;
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

/** `"kv":[...],"has":[...]` and what else there is, without braces. */
export function indexedMembers(event: Event): string {
  let kv = '', kvs = '', has = '', nul = '', columns = '', odd = false;
  for (const field of Object.keys(event)) {
    const value = event[field] as Value, name = nameOf(field);
    if (name === null) { odd = true; continue; }
    has += `,${name.quoted}`;
    if (typeof value === 'string' && name.num === undefined && value.length <= TEXT_UNITS_MAX && PLAIN.test(value) && (name.ip === undefined || IPV4.test(value))) {
      kv += `,${name.lead}${value.toLowerCase()}"`;
      if (name.raw) columns += `,${name.quoted}:"${value}"`;
      if (name.ip !== undefined) columns += `${name.ip}"${value}"`;
    } else if (typeof value === 'number' && name.ip === undefined && Number.isFinite(value)) {
      kv += `,${name.lead}${String(value)}"`;
      if (name.raw) columns += `,${name.quoted}:"${String(value)}"`;
      if (name.num !== undefined) columns += name.num + JSON.stringify(value);
    } else {
      const asked = indexed({ [field]: value });
      kv += listed(asked.kv);
      kvs += listed(asked.kvs);
      nul += listed(asked.nul);
      odd ||= asked.odd;
      const { kv: _kv, has: _has, ...rest } = membersOf({ ...asked, kvs: [], nul: [], odd: false }), text = JSON.stringify(rest);
      if (text !== '{}') columns += `,${text.slice(1, -1)}`;
    }
  }
  return `"kv":[${kv.slice(1)}],"has":[${has.slice(1)}]${kvs === '' ? '' : `,"kvs":[${kvs.slice(1)}]`}${nul === '' ? '' : `,"nul":[${nul.slice(1)}]`}${columns}${odd ? ',"odd":true' : ''}`;
}

/** The same of what `indexed` says, as an object. */
export function membersOf({ kv, kvs, has, nul, raw, num, ip, odd }: IndexedEvent): Readonly<Record<string, unknown>> {
  const members: [string, unknown][] = [['kv', kv], ['has', has]];
  if (kvs.length > 0) members.push(['kvs', kvs]);
  if (nul.length > 0) members.push(['nul', nul]);
  for (const [lead, columns] of [['', raw], ['num.', num], ['ip.', ip]] as const) {
    for (const [field, values] of Object.entries<readonly (string | number)[]>(columns)) if (values.length > 0) members.push([lead + field, values.length === 1 ? values[0] : values]);
  }
  if (odd) members.push(['odd', true]);
  return Object.fromEntries(members);
}

const listed = (texts: readonly string[]): string => texts.map((text) => `,${JSON.stringify(text)}`).join('');

function nameOf(field: string): Name | null {
  const known = names.get(field);
  if (known !== undefined) return known;
  if (names.size >= NAMES_MAX) names.clear();
  const quoted = JSON.stringify(field), name = isPlainName(field) ? {
    quoted, lead: `${quoted.slice(0, -1)}=`, raw: RAW_FIELDS.has(field),
    num: NUMBER_FIELDS.has(field) ? `,${JSON.stringify(`num.${field}`)}:` : undefined, ip: ADDRESS_FIELDS.has(field) ? `,${JSON.stringify(`ip.${field}`)}:` : undefined,
  } : null;
  names.set(field, name);
  return name;
}
