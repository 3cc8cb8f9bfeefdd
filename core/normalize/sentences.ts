// What plain sentences of devices and daemons say about who and where: `... from 192.0.2.1 port 5022`, `Login of user 'bob' from
// 192.0.2.1`, `tcp 192.0.2.1:80 -> 198.51.100.2:443`. Only fields that are still missing are filled, only from an address that stands
// right behind a word that says what it is, and only from the text's beginning: a long line costs no more than a short one.
import { fillAccount } from './account.js';
import type { Draft } from './draft.js';
import { isDigit } from '../message/time.js';
import { isIp } from './net.js';
import { codeAt } from '../text.js';
import { ENDS } from './ends.js';

const SAID_MAX = 1000;
const ADDRESS = String.raw`\[?([0-9a-fA-F:]{0,39}[0-9a-fA-F.:]{3,45})\]?`;
const PORT = String.raw`(?:[:#([]| port[ :=]|, port[ :=]|/)?(?:(?<=[:#([/ =])(\d{1,5})\b)?`;
const FROM = new RegExp(String.raw`(?:\bfrom|\bclient(?: ip| address)?|\bsource(?: ip| address)?|\bpeer|\bremote(?: ip| address| host)?|\brhost|\bby host) ?[:=]? ?(?:ip |address |host |\[AF_INET6?\])?${ADDRESS}${PORT}`, 'gi');
const TO = new RegExp(String.raw`(?:(?<!bound )\bto|\bdestination(?: ip| address)?|\bon|\bserver(?: ip| address)?|\bupstream) ?[:=]? ?(?:ip |address |host |\[AF_INET6?\])?${ADDRESS}${PORT}`, 'gi');
const ARROW = /(?:\b(TCP|UDP|ICMP) )?([0-9a-fA-F:.]{3,45}?)(?::(\d{1,5}))?(?: ?\([^)]{0,40}\))? ?->? ?([0-9a-fA-F:.]{3,45}?)(?::(\d{1,5}))?(?=[\s,;)|]|:(?:\s|$)|$)/gi;
/** No more characters than these stand before an arrow's dash. */
const BEFORE_DASH_MAX = 100;
const USER = /(?<![/.?&])\b(?:user|username|account|login)(?: name)?(?: ?[:=] ?| )(?:'([^']{1,128})'|"([^"]{1,128})"|<([^>]{1,128})>|\[([^\]]{1,128})\])/i;
const NAMES_SOMEONE = /user|account|login/i;
const BARE_USER = /\b(?:for|by|of|authenticating|illegal|invalid) user ([^\s'"<[({,;:]{1,128})/i;

export function readSentence(draft: Draft, text: string): void {
  const said = text.length > SAID_MAX ? text.slice(0, SAID_MAX) : text;
  const addresses = mayHoldAddress(said), arrow = addresses ? arrowIn(said) : null;
  if (arrow !== null && isIp(arrow[2] as string) && isIp(arrow[4] as string) && !draft.has('source.ip') && !draft.has('destination.ip')) {
    draft.put('source.ip', arrow[2]); draft.put('source.port', arrow[3]);
    draft.put('destination.ip', arrow[4]); draft.put('destination.port', arrow[5]);
    draft.fill('network.transport', arrow[1]?.toLowerCase());
  } else if (addresses) {
    if (!draft.has('source.ip')) putEnd(draft, 'source', FROM, said);
    if (!draft.has('destination.ip')) putEnd(draft, 'destination', TO, said);
  }
  if (draft.has('user.name')) return;
  if (!NAMES_SOMEONE.test(said)) return;
  const user = USER.exec(said);
  fillAccount(draft, 'user', user?.slice(1).find((name) => name !== undefined) ?? BARE_USER.exec(said)?.[1]?.replace(/\.$/, ''));
}

/** Whether an address can stand in a text at all: a dot between digits, two colons in a row, or seven of them. */
function mayHoldAddress(text: string): boolean {
  for (let at = text.indexOf('.', 1); at > 0; at = text.indexOf('.', at + 1)) if (isDigit(codeAt(text, at - 1)) && isDigit(codeAt(text, at + 1))) return true;
  for (let at = text.indexOf(':'), colons = 1; at >= 0; at = text.indexOf(':', at + 1), colons++) if (colons >= 7 || codeAt(text, at + 1) === 58) return true;
  return false;
}

/** What ARROW finds, which is sought from shortly before the first dash on that can be its own. */
function arrowIn(text: string): RegExpExecArray | null {
  const dash = dashOfArrow(text);
  if (dash < 0) return null;
  ARROW.lastIndex = Math.max(0, dash - BEFORE_DASH_MAX);
  return ARROW.exec(text);
}

/** Where the first dash stands as ARROW has one: behind an address or a bracket, before an address that ends as ARROW wants it, with a space at most on either side; -1 where none does. */
function dashOfArrow(text: string): number {
  for (let at = text.indexOf('-', 3); at > 0; at = text.indexOf('-', at + 1)) {
    const last = codeAt(text, at - 1) === 32 ? at - 2 : at - 1;
    if (codeAt(text, last) !== 41 && !(isAddressPart(codeAt(text, last)) && isAddressPart(codeAt(text, last - 1)) && isAddressPart(codeAt(text, last - 2)))) continue;
    let next = at + 1;
    if (codeAt(text, next) === 62) next++;
    if (codeAt(text, next) === 32) next++;
    let end = next;
    while (isAddressPart(codeAt(text, end))) end++;
    if (end - next >= 3 && (end >= text.length || AFTER_ARROW.test(text.charAt(end)))) return at;
  }
  return -1;
}
const AFTER_ARROW = /[\s,;)|]/;
const isAddressPart = (c: number): boolean => (c >= 48 && c <= 58) || c === 46 || (c >= 65 && c <= 70) || (c >= 97 && c <= 102);

/** `0.0.0.0`: any address, nobody's. */
const UNSPECIFIED = /^(?:0\.0\.0\.0|::)$/;
/** `10.0.0.0/8`, and not `10.0.0.9/22`, where some write a port. */
function isNetwork(address: string, bits: number): boolean {
  if (address.includes(':')) return bits <= 128 && address.endsWith('::');
  if (bits > 30) return false;
  const host = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return host % 2 ** (32 - bits) === 0;
}

function putEnd(draft: Draft, side: 'source' | 'destination', form: RegExp, said: string): void {
  form.lastIndex = 0;
  for (let tries = 0; tries < 8; tries++) {
    const found = form.exec(said);
    if (found === null) return;
    let address = (found[1] as string).replace(/[.:]+$/, ''), port = found[2];
    const colon = address.lastIndexOf(':');
    if (port === undefined && colon > 0 && address.indexOf(':') === colon) { port = address.slice(colon + 1); address = address.slice(0, colon); }
    if (!isIp(address) || UNSPECIFIED.test(address)) continue;
    if (port !== undefined && said.charAt(form.lastIndex - port.length - 1) === '/' && isNetwork(address, Number(port))) continue;
    draft.put(ENDS[side].ip, address);
    if (port !== undefined) draft.fill(ENDS[side].port, port);
    return;
  }
}
