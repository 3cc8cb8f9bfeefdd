// Who: logs write an account with its domain in front (`CORP\bob`), behind (`bob@corp.example`) or around it (`<bob>`, `"bob"`).
// The name goes to `.name`, the domain to `.domain`; what an attacker typed that is no such form stays whole.
import type { Draft } from './draft.js';

type Who = 'user' | 'source.user' | 'destination.user' | 'user.target' | 'user.effective';
const fieldsOf = (who: Who): { readonly name: string; readonly domain: string } => ({ name: `${who}.name`, domain: `${who}.domain` });
const FIELDS = { user: fieldsOf('user'), 'source.user': fieldsOf('source.user'), 'destination.user': fieldsOf('destination.user'), 'user.target': fieldsOf('user.target'), 'user.effective': fieldsOf('user.effective') };

export function putAccount(draft: Draft, who: Who, text: string | undefined): void {
  if (text === undefined) return;
  const { name, domain } = splitAccount(text);
  if (isNobody(name)) return;
  draft.put(FIELDS[who].name, name);
  draft.put(FIELDS[who].domain, domain);
}
/** `-`, `N/A`, `unknown` and the like. */
export const isNobody = (name: string): boolean => name === '' || name.length <= NOTHING_MAX && SAYS_NOTHING.test(name);
export function fillAccount(draft: Draft, who: Who, text: string | undefined): void {
  if (!draft.has(FIELDS[who].name)) putAccount(draft, who, text);
}

export function splitAccount(text: string): { readonly name: string; readonly domain?: string } {
  const trimmed = text.trim(), plain = PAIRED[trimmed.charAt(0)] === undefined ? trimmed : trimmed.replace(/^(["'<[])(.*)(["'>\]])$/s, (whole: string, open: string, inside: string, close: string) => PAIRED[open] === close ? inside : whole);
  const slash = plain.indexOf('\\');
  if (slash > 0 && slash < plain.length - 1) return { name: plain.slice(plain.charCodeAt(slash + 1) === 92 ? slash + 2 : slash + 1), domain: plain.slice(0, slash) };
  const at = plain.indexOf('@');
  if (at > 0 && DOMAIN.test(plain.slice(at + 1))) return { name: plain.slice(0, at), domain: plain.slice(at + 1) };
  return { name: plain };
}
const PAIRED: Readonly<Record<string, string | undefined>> = { '"': '"', "'": "'", '<': '>', '[': ']' };
const DOMAIN = /^[\p{L}\p{N}](?:[\p{L}\p{N}_.-]{0,252}[\p{L}\p{N}])?$/u;
const SAYS_NOTHING = /^(?:-|n\/a|unknown|\(null\)|null|none|\(no user\)|no user)$/i, NOTHING_MAX = 9;
