// What the readers of `key=value` devices share: every pair is kept under the product's namespace, a table of the product's own keys, then
// common use, says which ECS field a key means.
import { abbreviation, readIso, resolve } from '../../message/time.js';
import { ecsName, putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import { putTarget } from '../web/request.js';

export type Names = Readonly<Record<string, string | undefined>>;
export const names = (text: string): Names => Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(text.trim().split(/\s+/).map((pair) => pair.split(':') as [string, string])));


/** Keeps every pair and puts what the table, then what common use, says a key means. */
export function putPairs(draft: Draft, native: (key: string) => string, pairs: readonly (readonly [string, string])[], own: Names): Map<string, string> {
  const values = new Map<string, string>();
  for (const [key, value] of pairs) {
    if (value === '' || values.has(key)) continue;
    values.set(key, value);
    draft.event[native(key)] = value;
  }
  for (const [key, value] of values) { const field = own[key]; if (field !== undefined && field !== '_') putAs(draft, field, value); }
  for (const [key, value] of values) { const field = own[key] === undefined ? ecsName(key) : undefined; if (field !== undefined) putAs(draft, field, value); }
  const url = draft.getText('url.original');
  if (url !== undefined) putTarget(draft, url);
  return values;
}
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
