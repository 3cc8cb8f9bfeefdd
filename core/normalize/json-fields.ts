// What the readers of products' own JSON share: how a kind is told, and its keys put into ECS fields. Keys are dotted, as event.ts flattens them.
import type { Value } from '../event.js';
import { epochMillis, readIso, readTime, resolve } from '../message/time.js';
import { putAs } from './common-names.js';
import type { Draft } from './draft.js';
import { remembered } from './keys.js';
import { nativeNames } from './native-names.js';
import { isIp } from './net.js';
import { RESERVED } from './reserved.js';

export type Flat = Readonly<Record<string, Value>>;
export interface JsonKind {
  readonly dataset: string;
  readonly is: (flat: Flat) => boolean;
  readonly read: (draft: Draft, flat: Flat) => void;
}

/** What the keys of a product are called in our fields, in the order in which they are asked for. */
export type Names = readonly (readonly [from: string, field: string])[];

export function has(flat: Flat, ...keys: readonly string[]): boolean {
  for (let i = 0; i < keys.length; i++) if (!Object.hasOwn(flat, keys[i] as string)) return false;
  return true;
}
/** A key's value as text; of a list the first; undefined where it says nothing. */
export function textOf(flat: Flat, key: string): string | undefined {
  const value = Object.hasOwn(flat, key) ? flat[key] : undefined;
  return value === undefined || value === null || value === '' ? undefined : Array.isArray(value) ? String(value[0] as string) : String(value);
}
const namesUnder = remembered((prefix) => nativeNames(prefix));
/** All keys under the product's name. */
export function keepAll(draft: Draft, prefix: string, flat: Flat): void {
  const name = namesUnder(prefix);
  for (const key of Object.keys(flat)) draft.event[name(key)] = flat[key] as Value;
}
const ownName = remembered((key) => RESERVED.test(key) ? `json.${key}` : key);
/** All keys as they are, but for what only we may say. */
export function keepOwn(draft: Draft, flat: Flat): void {
  for (const key of Object.keys(flat)) if (key !== 'message' && !draft.has(key)) draft.event[ownName(key)] = flat[key] as Value;
}
/** Puts what the keys mean. `names` is best written once and not for each line. */
export function putAll(draft: Draft, flat: Flat, names: Names): void {
  for (const [from, field] of names) { const value = Object.hasOwn(flat, from) ? flat[from] : undefined; if (value !== undefined && value !== null) putAs(draft, field, Array.isArray(value) ? value[0] as Value : value); }
}
/** All that a key says, as a list of texts. */
export function listOf(value: Value | undefined): string[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
}
/** One value as itself, several as a list. */
export function putList(draft: Draft, field: string, list: readonly string[]): void {
  if (list.length > 0) draft.put(field, list.length === 1 ? list[0] : [...list]);
}
/** All that stands below a member, for those who look for a word anywhere in it. */
export function putBelow(draft: Draft, field: string, flat: Flat, member: string): void {
  const found: string[] = [], under = `${member}.`;
  for (const key of Object.keys(flat)) if ((key === member || key.startsWith(under)) && found.length < BELOW_MAX) found.push(...listOf(flat[key]));
  putList(draft, field, found.slice(0, BELOW_MAX));
}
const BELOW_MAX = 500;
/** Of `An <an@example.org>` the address. */
export function putMailboxes(draft: Draft, field: string, value: Value | undefined): void {
  putList(draft, field, listOf(value).map((one) => MAILBOX.exec(one)?.[1] ?? one).filter((one) => one !== '' && one !== '<>'));
}
const MAILBOX = /<([^<>]{1,320})>\s*$/;
/** What a name was resolved to. */
export function putAnswers(draft: Draft, value: Value | undefined): void {
  const data = listOf(value);
  putList(draft, 'dns.answers.data', data);
  putList(draft, 'dns.resolved_ip', data.filter(isIp));
}

/** Whether the program that has a connection began it: Sysmon's `Initiated`, by which rules tell callers from servers. */
export function putInitiated(draft: Draft, own: boolean | undefined): void {
  if (own !== undefined) draft.event['network.initiated'] = String(own);
}

/** The event's time, where `text` writes one; `utc` for senders that write no zone and mean UTC. */
export function putJsonTime(draft: Draft, text: string | undefined, utc = false): void {
  if (text === undefined) return;
  const stamp = readIso(text, 0) ?? readTime(text, 0);
  const at = stamp === undefined ? epochMillis(text) : resolve(utc && Number.isNaN(stamp.offset) ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone);
  if (at !== undefined) draft.time = at;
}
