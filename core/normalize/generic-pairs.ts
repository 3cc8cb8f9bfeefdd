// `key=value` text of an unknown product: the keys as they are, and the ECS fields that such keys usually mean.
import { fieldOf } from '../fields.js';
import { readIso, resolve } from '../message/time.js';
import { ecsName, putAs } from './common-names.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { MANY_KEYS, remembered } from './keys.js';
import { loginRole, putLogin, type LoginMember } from './login-members.js';
import { readLogin, tellsOfLogin } from './login-words.js';
import { eachPair, type PairOptions } from './pairs.js';
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
  const commas = draft.head.includes('=') && (mostlyCommas(draft.head) || /^[\w.-]+=[^ ,]*,[\w.-]+=/.test(draft.head));
  const keys: ReturnType<typeof keyOf>[] = [], values: string[] = [];
  eachPair(draft.text, commas ? COMMAS : draft.head.includes(';') && /;\s?\w+=/.test(draft.head) ? SEMICOLONS : SPACES, (name, value) => {
    const key = keyOf(name);
    if (!key.fits) return;
    keys.push(key);
    values.push(value.endsWith(',') ? value.slice(0, -1) : value);
  });
  if (keys.length < PAIRS_MIN) return false;
  for (let i = 0; i < keys.length; i++) {
    const { key, kept, reserved, column } = keys[i] as ReturnType<typeof keyOf>, value = values[i] as string;
    if (reserved) draft.fill(kept, value);
    else if (!draft.has(key)) { if (column) draft.put(key, value); else draft.event[key] = value; }
  }
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]?.key as string, value = values[i] as string;
    if (key === 'level' && LEVELS.has(value)) draft.put('log.level', value); // a daemon's own word says more than the level of the pipe that it wrote to
    else if (draft.time === undefined && TIMES.has(key)) { const stamp = readIso(value, 0); if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone); }
  }
  for (let i = 0; i < keys.length; i++) { const common = keys[i]?.common; if (common !== undefined) putAs(draft, common, values[i] as string); }
  for (let i = 0; i < keys.length; i++) if (keys[i]?.said === true && tellsOfLogin(values[i] as string)) readLogin(draft, values[i] as string);
  const lead = draft.head.slice(0, draft.head.indexOf('=')); // words before the first pair
  if (tellsOfLogin(lead)) readLogin(draft, lead);
  putLogin(draft, keys.flatMap(({ login }, i): LoginMember[] => login === undefined ? [] : [[login, values[i] as string]]));
  return true;
}
const TIMES = new Set(['time', 'ts', 't', 'timestamp', 'thoiGian', 'thoi_gian', 'thoigian']), LEVELS = new Set(['trace', 'debug', 'info', 'warn', 'warning', 'error', 'fatal', 'panic']);
const COMMAS: PairOptions = { separator: ',' }, SEMICOLONS: PairOptions = { separator: ';' }, SPACES: PairOptions = {};
/** Commas part more than twice as many parts as spaces do. */
function mostlyCommas(text: string): boolean {
  let commas = 0, spaces = 0;
  for (let at = text.indexOf(','); at >= 0; at = text.indexOf(',', at + 1)) commas++;
  for (let at = text.indexOf(' '); at >= 0 && 2 * spaces < commas; at = text.indexOf(' ', at + 1)) spaces++;
  return commas + 1 > 2 * (spaces + 1);
}
const SAID = /^(?:msg|message|logdesc|description|desc|noidung|noi_dung)$/i;
const KEY = /^[A-Za-z_][\w.@-]{0,63}$/;
const keyOf = remembered((key) => ({ key, fits: KEY.test(key), reserved: RESERVED.test(key), kept: `kv.${key}`, column: fieldOf(key) !== undefined, common: ecsName(key), login: loginRole(key), said: SAID.test(key) }), MANY_KEYS);

export const genericPairs: Format = { name: 'generic.kv', holds: ['='], detect: ({ head }) => looksLikePairs(head), read: readGenericPairs };
