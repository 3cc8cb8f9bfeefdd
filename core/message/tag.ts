// The tag of an RFC 3164 message: `sshd[12]: `, `sshd(pam_unix)[12]: `, `kernel: `, `%ASA-6-302015: `, or a program's name without a
// colon. What is not a tag belongs to the text: JSON, `key=value`, `CEF:0|`, Cisco's `%SYS-5-CONFIG_I:`, a sentence.
import { isDigit, isLetter, spaces } from './time.js';
import { codeAt } from '../text.js';

export interface Tag {
  readonly appname: string;
  readonly procid?: string;
  /** Where the text begins. */
  readonly end: number;
}

const TAG_MAX = 128;

/** `bare`: a lower-case word without a colon counts too, as it does for most receivers. */
export function readTag(text: string, at: number, bare: boolean): Tag | undefined {
  const first = codeAt(text, at);
  if (first === 37) return readFirewallCode(text, at, bare);
  if (!(isLetter(first) || isDigit(first) || first > 127 || first === 47 || first === 95 || first === 40 || first === 45)) return undefined;
  let p = at, letters = 0, parens = 0;
  for (; p < at + TAG_MAX; p++) {
    const c = codeAt(text, p);
    if (isLetter(c) || c > 127) { letters++; continue; }
    if (isDigit(c) || c === 45 || c === 46 || c === 47 || c === 95 || c === 64 || c === 43 || c === 126) continue;
    if (c === 40) { parens++; continue; }
    if (c === 41 && parens > 0) { parens--; continue; }
    if (c === 61 && parens > 0) continue; // polkitd(authority=local)
    break;
  }
  const end = p, name = text.slice(at, end), c = codeAt(text, p);
  if (letters === 0 || parens > 0) return undefined;
  if (c === 91) return readPid(text, at, p);
  if (c === 93 && letters > 3) { // GNOME's `gdm-password][12]:` and `gdm-password]:`
    const next = codeAt(text, p + 1), tag = next === 91 ? readPid(text, at, p + 1) : next === 58 ? { appname: name, end: spaces(text, p + 2) } : undefined;
    return tag === undefined ? undefined : { ...tag, appname: name };
  }
  if (c === 58) {
    const next = codeAt(text, p + 1);
    if (name === 'CEF' || name === 'LEEF') return undefined;
    if (next === 32 || next === 9 || Number.isNaN(next) || next === 10 || next === 91 || next === 123 || next === 34 || next === 60 || next === 35) return { appname: name, end: spaces(text, p + 1) };
    return undefined;
  }
  if ((c === 9 && bare) || text.startsWith('\\011', p) || text.startsWith('#011', p)) return letters > 2 && first > 64 ? { appname: name, end: c === 9 ? p + 1 : p + 4 } : undefined;
  if (!bare || (c !== 32 && !Number.isNaN(c))) return undefined;
  if (Number.isNaN(c)) return undefined;
  // Without a colon: `tag This message`, not `Some message`, not `last message repeated`, not `01234`.
  if (text.startsWith('last message repeated ', at) || text.startsWith('message repeated ', at)) return undefined;
  const lower = (first >= 97 && first <= 122) || first > 127;
  const colonLater = codeAt(text, spaces(text, p)) === 58;
  if (colonLater) return { appname: name, end: spaces(text, spaces(text, p) + 1) };
  return lower ? { appname: name, end: spaces(text, p) } : undefined;
}

/** `name[pid]:`, `name[pid] `, `name[pid]` at the end. */
function readPid(text: string, at: number, open: number): Tag | undefined {
  const close = text.indexOf(']', open);
  if (close < 0 || close > open + TAG_MAX || close === open + 1) return undefined;
  const procid = text.slice(open + 1, close);
  if (procid.includes('"') || procid.includes('=')) return undefined;
  let p = close + 1;
  const c = codeAt(text, p);
  if (c === 58) p++;
  else if (c !== 32 && !Number.isNaN(c)) return undefined;
  return { appname: text.slice(at, open), procid, end: spaces(text, p) };
}

/** `%ASA-6-302015: ` and its kin are tags; other `%FACILITY-5-NAME:` belong to the text, which rules search. */
function readFirewallCode(text: string, at: number, bare: boolean): Tag | undefined {
  if (FIREWALLS.some((name) => text.startsWith(name, at + 1))) {
    let p = at + 1;
    while (p < at + 40 && (isLetter(codeAt(text, p)) || isDigit(codeAt(text, p)) || codeAt(text, p) === 45)) p++;
    return codeAt(text, p) === 58 ? { appname: text.slice(at, p), end: spaces(text, p + 1) } : undefined;
  }
  let p = at + 1;
  while (p < at + 48 && (isLetter(codeAt(text, p)) || isDigit(codeAt(text, p)))) p++;
  return bare && p > at + 1 && codeAt(text, p) === 32 ? { appname: text.slice(at, p), end: spaces(text, p) } : undefined;
}
const FIREWALLS = ['ASA-', 'FTD-', 'PIX-', 'FWSM-', 'NGIPS-', 'THREAT-'];
