// `key=value` text of an unknown product: the keys as they are, and the ECS fields that such keys usually mean.
import { fieldOf } from '../fields.js';
import { putCommon } from './common-names.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { readPairs } from './pairs.js';
import { RESERVED } from './reserved.js';

const PAIRS_MIN = 3;

/** At least three assignments near the start. */
function looksLikePairs(head: string): boolean {
  let count = 0;
  for (let at = head.indexOf('='); at >= 0 && count < PAIRS_MIN; at = head.indexOf('=', at + 1)) {
    const c = head.charCodeAt(at - 1), next = head.charCodeAt(at + 1);
    if (at > 0 && ((c >= 48 && c <= 57) || (c | 32) >= 97 && (c | 32) <= 122 || c === 95 || c === 34) && next !== 61) count++;
  }
  return count >= PAIRS_MIN;
}

function readGenericPairs(draft: Draft): boolean {
  const commas = draft.head.includes('=') && (draft.head.split(',').length > 2 * draft.head.split(' ').length || /^[\w.-]+=[^ ,]*,[\w.-]+=/.test(draft.head));
  const pairs = readPairs(draft.text, commas ? { separator: ',' } : draft.head.includes(';') && /;\s?\w+=/.test(draft.head) ? { separator: ';' } : {}).filter(([key]) => KEY.test(key));
  if (pairs.length < PAIRS_MIN) return false;
  for (const [key, value] of pairs) {
    const clean = value.replace(/,$/, '');
    if (RESERVED.test(key)) { draft.fill(`kv.${key}`, clean); continue; }
    if (!draft.has(key)) { if (fieldOf(key) === undefined) draft.event[key] = clean; else draft.put(key, clean); }
  }
  for (const [key, value] of pairs) putCommon(draft, key, value.replace(/,$/, ''));
  return true;
}
const KEY = /^[A-Za-z_][\w.@-]{0,63}$/;

export const genericPairs: Format = { name: 'generic.kv', detect: ({ head }) => looksLikePairs(head), read: readGenericPairs };
