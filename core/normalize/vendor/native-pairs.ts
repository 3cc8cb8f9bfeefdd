// What the readers of `key=value` devices share: every pair is kept under the product's namespace, a table of the product's own keys, then
// common use, says which ECS field a key means.
import { abbreviation, readIso, resolve } from '../../message/time.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import type { Key } from '../keys.js';
import { putSite } from '../web/request.js';

export type Names = Readonly<Record<string, string | undefined>>;
export const names = (text: string): Names => Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(text.trim().split(/\s+/).map((pair) => pair.split(':') as [string, string])));


/** Keeps every pair and puts what the table, then what common use, says a key means. */
export function putPairs(draft: Draft, keys: (key: string) => Key, pairs: readonly (readonly [string, string])[]): Map<string, string> {
  const values = new Map<string, string>(), common: (readonly [field: string, value: string])[] = [], own: (readonly [field: string, value: string])[] = [];
  for (const [key, value] of pairs) {
    if (value === '' || values.has(key)) continue;
    values.set(key, value);
    const known = keys(key);
    draft.event[known.native] = value;
    if (known.own !== undefined) { if (known.own !== '_') own.push([known.own, value]); } else if (known.common !== undefined) common.push([known.common, value]);
  }
  for (const [field, value] of own) putAs(draft, field, value);
  for (const [field, value] of common) putAs(draft, field, value);
  const url = draft.getText('url.original');
  if (url !== undefined) putSite(draft, url);
  return values;
}
/** Addresses and ports that say that nothing was translated. */
export function dropNoNat(draft: Draft): void {
  for (const [ip, port] of NAT) {
    const address = draft.event[ip];
    if (address === '0.0.0.0' || address === '::') Reflect.deleteProperty(draft.event, ip);
    if (draft.event[port] === 0) Reflect.deleteProperty(draft.event, port);
  }
}
const NAT = [['source.nat.ip', 'source.nat.port'], ['destination.nat.ip', 'destination.nat.port']] as const;
export function verdict(draft: Draft, said: string): void {
  const word = said.toLowerCase();
  draft.act(/den|drop|block|reject|reset|prevent|detect/.test(word) ? 'connection_denied' : 'connection_allowed');
}
export function timeOf(draft: Draft, date: string | undefined, zone?: string): void {
  const stamp = date === undefined ? undefined : readIso(date, 0);
  if (stamp === undefined) return;
  const offset = zone === undefined ? NaN : abbreviation(zone) ?? NaN;
  draft.time = resolve(Number.isNaN(stamp.offset) && !Number.isNaN(offset) ? { ...stamp, offset } : stamp, draft.received, draft.zone);
}
