// `key=value` text of an unknown product: the keys as they are, and the ECS fields that such keys usually mean.
import { fieldOf } from '../fields.js';
import { ecsName, putAs } from './common-names.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { MANY_KEYS, remembered } from './keys.js';
import { readPairs } from './pairs.js';
import { RESERVED } from './reserved.js';
import { codeAt } from '../text.js';

const PAIRS_MIN = 3;

/** At least three assignments near the start. */
function looksLikePairs(head: string): boolean {
  let count = 0;
  for (let at = head.indexOf('='); at >= 0 && count < PAIRS_MIN; at = head.indexOf('=', at + 1)) {
    const c = codeAt(head, at - 1), next = codeAt(head, at + 1);
    if (at > 0 && ((c >= 48 && c <= 57) || (c | 32) >= 97 && (c | 32) <= 122 || c === 95 || c === 34) && next !== 61) count++;
  }
  return count >= PAIRS_MIN;
}

function readGenericPairs(draft: Draft): boolean {
  const commas = draft.head.includes('=') && (draft.head.split(',').length > 2 * draft.head.split(' ').length || /^[\w.-]+=[^ ,]*,[\w.-]+=/.test(draft.head));
  const pairs = readPairs(draft.text, commas ? { separator: ',' } : draft.head.includes(';') && /;\s?\w+=/.test(draft.head) ? { separator: ';' } : {}).map(([key, value]) => [keyOf(key), value.endsWith(',') ? value.slice(0, -1) : value] as const).filter(([{ fits }]) => fits);
  if (pairs.length < PAIRS_MIN) return false;
  for (const [{ key, kept, reserved, column }, value] of pairs) {
    if (reserved) draft.fill(kept, value);
    else if (!draft.has(key)) { if (column) draft.put(key, value); else draft.event[key] = value; }
  }
  for (const [{ common }, value] of pairs) if (common !== undefined) putAs(draft, common, value);
  return true;
}
const KEY = /^[A-Za-z_][\w.@-]{0,63}$/;
const keyOf = remembered((key) => ({ key, fits: KEY.test(key), reserved: RESERVED.test(key), kept: `kv.${key}`, column: fieldOf(key) !== undefined, common: ecsName(key) }), MANY_KEYS);

export const genericPairs: Format = { name: 'generic.kv', needs: '=', detect: ({ head }) => looksLikePairs(head), read: readGenericPairs };
