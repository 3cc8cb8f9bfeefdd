// The older syslog header, RFC 3164, as devices really write it: `TIME HOST TAG[PID]: text` with each part missing, doubled or
// decorated. Also lines without any header, as files hold them: then the whole line is the message.
// Order: counters and a host before the time (Cisco), the time, a host, a second header (relays), the tag.
import type { Header, HeaderOptions } from './header.js';
import { readRfc5424 } from './rfc5424.js';
import { readStructured } from './structured-data.js';
import { abbreviation, digitsEnd, epochMillis, isDigit, isLetter, isUpper, monthAt, readOffset, readTime, resolve, spaces, type Stamp } from './time.js';
import { readTag } from './tag.js';
import { codeAt } from '../text.js';

/** All that a header says but for its priority; always with all names, so that whoever reads one need not look which it has. */
export type Body = Omit<Header, 'priority' | 'odd'>;
/** A header inside another has a priority of its own, or none. */
export type InnerBody = Body & { readonly priority?: number };
type Tagged = Pick<Body, 'appname' | 'procid' | 'structured' | 'message'>;
const headed = (time: Body['time'], hostname: string | undefined, { appname, procid, structured, message }: Tagged, relay?: string): Body =>
  ({ dialect: 'rfc3164', time, hostname, appname, procid, msgid: undefined, structured, relay, message });
const unheaded = (time: Body['time'], message: string): Body => ({ dialect: 'none', time, hostname: undefined, appname: undefined, procid: undefined, msgid: undefined, structured: undefined, relay: undefined, message });
const untagged = (message: string): Tagged => ({ appname: undefined, procid: undefined, structured: undefined, message });

export function readRfc3164(text: string, at: number, options: HeaderOptions, afterPriority: boolean, odd: string[]): InnerBody {
  const lead = readLead(text, at, afterPriority, odd);
  if (lead.stamp === undefined && lead.epoch === undefined) return withoutTime(text, lead.end, lead.host, afterPriority, lead.end > at);
  let time = lead.epoch ?? resolve(lead.stamp as Stamp, options.received, options.zone);
  let p = lead.end, hostname = lead.host, relay: string | undefined;
  if (lead.stamp !== undefined) {
    const after = afterTime(text, p);
    if (!Number.isNaN(after.offset) && Number.isNaN(lead.stamp.offset)) time = resolve({ ...lead.stamp, offset: after.offset }, options.received, options.zone);
    p = after.end;
  } else p = spaces(text, p);
  if (text.startsWith('Message forwarded from ', p)) { // AIX
    const end = text.indexOf(':', p + 23);
    if (end > 0 && end < p + 300) { hostname = text.slice(p + 23, end); p = spaces(text, end + 1); }
  } else if (hostname === undefined && !text.startsWith('last message repeated ', p)) {
    const host = readHost(text, p);
    if (host !== undefined) { hostname = host.name; p = host.end; }
  }
  if (hostname !== undefined) { // a relay's header around the origin's
    const inner = innerHeader(text, p, options, odd);
    if (inner !== undefined) { odd.push('syslog_header_double'); relay = hostname; return { ...inner, relay: inner.hostname === undefined ? undefined : relay, hostname: inner.hostname ?? hostname }; }
  }
  // A line of a file that begins with a time is syslog only when a host and a tag follow it; else it is some application's own form.
  const bare = !afterPriority && lead.host === undefined && (monthAt(text, at) === 0 || codeAt(text, digitsEnd(text, spaces(text, at + 3), 2)) === 44), column = bare && hostname !== undefined && text.startsWith('  ', p - 2); // `Feb 17, 2026` is Java's; a host in a column of its own is a source's name (SQL Server)
  const second = hostname === undefined ? undefined : secondHost(text, p);
  if (second !== undefined && hostname !== undefined) {
    if (!FACILITY.test(second.name)) { odd.push('syslog_header_double'); relay = hostname; hostname = second.name; }
    p = second.end;
  }
  const body = tagged(text, p, !bare);
  if (bare && !(codeAt(body.message, 0) === 37 && CISCO.test(body.message.slice(0, 60))) && (body.appname === undefined || (hostname === undefined ? !body.appname.startsWith('%') : column || LEVELS.has(hostname.toLowerCase()) || PEER.test(hostname)))) return unheaded(time, text.slice(at));
  return headed(time, hostname, body, relay);
}
const CISCO = /^%[A-Z][A-Z0-9_-]{1,40}-[0-7]-[A-Z0-9_]{2,40}:/;
/** An address with its port is the other end of a connection, never who writes. */
const PEER = /^(?:\d{1,3}\.){3}\d{1,3}:\d{1,5}$/;
const LEVELS = new Set(['trace', 'debug', 'info', 'information', 'notice', 'warn', 'warning', 'error', 'err', 'crit', 'critical', 'fatal', 'severe', 'log', 'alert', 'emerg']);

/** Always with all names, as `Body`. */
interface Lead { readonly end: number; readonly stamp: Stamp | undefined; readonly epoch: number | undefined; readonly host: string | undefined }
const leadTo = (end: number, stamp?: Stamp, host?: string, epoch?: number): Lead => ({ end, stamp, epoch, host });

/** What may stand before the time and the time itself: `:`, `*`, `.`, `123: `, `host: `, `host `, `RP/0/RSP0/CPU0:`, `*task: `, `1 1374543213.34`. */
function readLead(text: string, at: number, afterPriority: boolean, odd: string[]): Lead {
  let p = at, host: string | undefined;
  for (let tries = 0; tries < 5; tries++) {
    let c = codeAt(text, p);
    if (tries === 0 && !afterPriority) {
      const cisco = readConsole(text, at);
      if (cisco !== undefined) { odd.push(cisco.stamp === undefined ? 'syslog_time_uptime' : 'syslog_time_unsynced'); return cisco; }
    }
    if (afterPriority || host !== undefined || p > at) {
      while (c === 58 || c === 32) c = codeAt(text, ++p);
      if ((c === 42 || c === 46) && (isLetter(codeAt(text, p + 1)) || isDigit(codeAt(text, p + 1)))) { // * or . : clock not in sync
        const stamp = readTime(text, p + 1);
        if (stamp !== undefined) { odd.push('syslog_time_unsynced'); return leadTo(stamp.end, stamp, host); }
        const said = c === 42 ? readTask(text, p) : undefined;
        if (said !== undefined) return leadTo(said.end, said, host);
      }
    }
    const stamp = readTime(text, p);
    if (stamp !== undefined) return leadTo(stamp.end, stamp, host);
    if (!afterPriority && tries === 0 && !mayLeadWithoutPriority(text, p)) return leadTo(at);
    const number = digitsEnd(text, p, 20);
    if (number > p) {
      const after = codeAt(text, number);
      if (after === 58 && (codeAt(text, number + 1) === 32 || isUpper(codeAt(text, number + 1)) && readTime(text, number + 1) !== undefined)) { p = number + (codeAt(text, number + 1) === 32 ? 2 : 1); continue; } // a counter, Ruijie's has no space behind it
      const uptime = readUptime(text, p);
      if (uptime > 0) { odd.push('syslog_time_uptime'); return leadTo(uptime, undefined, host); }
      const version = after === 32 && number === p + 1 ? number + 1 : p;
      const end = wordEnd(text, version);
      const whole = afterPriority && version === p && (number - p === 10 || number - p === 13) && after === 32 && codeAt(text, p) === 49; // `<38>1771310403 web01 ...`
      const epoch = number - p >= 1 && isDigit(codeAt(text, version)) && (whole || codeAt(text, version + 10) === 46) ? epochMillis(text.slice(version, end)) : undefined;
      if (epoch !== undefined) return leadTo(end, undefined, host, epoch);
    }
    const node = text.startsWith('RP/', p) || text.startsWith('LC/', p) ? text.indexOf(':', p) : -1; // IOS XR
    if (node > 0 && node < p + 40) { p = node + 1; continue; }
    if (host !== undefined) break;
    const end = wordEnd(text, p), word = text.slice(p, end);
    if (end === p || end - p > 255 || end >= text.length) break;
    const named = word.endsWith(':') ? word.slice(0, -1) : word;
    if (!isHost(named)) break;
    let next = spaces(text, end);
    if (WEEKDAYS.has(word) && isDigit(codeAt(text, next))) { p = next; continue; } // `Tue 2026-02-17 13:40:03 +07 web01 ...`: journalctl's full form
    if (codeAt(text, next) === 58 && codeAt(text, next + 1) === 32) next = spaces(text, next + 1);
    const mark = codeAt(text, next);
    const starts = mark === 42 || mark === 46 ? next + 1 : next;
    const timed = readTime(text, starts) !== undefined || mark === 42 && readTask(text, next) !== undefined || text.startsWith('RP/', next) || text.startsWith('LC/', next) || (word.endsWith(':') && (readUptime(text, next) > 0 || counter(text, next)));
    if (!timed) break;
    host = named;
    p = next;
  }
  return leadTo(host === undefined ? counted(text, at, p, afterPriority) : p, undefined, host);
}
const WEEKDAYS = new Set(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
/** journalctl's seconds since 1970 with six places, a host and a tag behind them. */
const UNIX_FORM = /^1\d{9}\.\d{6} [\w.-]{1,255} [\w./@-]{1,128}(?:\[\d{1,10}\])?: /;
/** The time behind a task's name, as Cisco's wireless controllers write it: `*emWeb: Feb 17 13:40:03.123: %AAA-...`. */
function readTask(text: string, at: number): ReturnType<typeof readTime> {
  const end = text.indexOf(': ', at);
  return end > at && end < at + 60 && TASK.test(text.slice(at + 1, end)) ? readTime(text, end + 2) : undefined;
}
const TASK = /^[A-Za-z][\w-]*$/;
/** As Cisco writes to a console or a file, without a priority: `*Feb 17 13:40:03.123: %SYS-...`, `.Feb ...`, `00:20:10: %SYS-...`. */
function readConsole(text: string, at: number): Lead | undefined {
  const c = codeAt(text, at), marked = c === 42 || c === 46, from = marked ? at + 1 : at;
  if (!marked && !isDigit(c)) return undefined;
  const stamp = marked && monthAt(text, from) !== 0 ? readTime(text, from) : undefined;
  if (stamp !== undefined) { const { end } = afterTime(text, stamp.end); return CISCO.test(text.slice(end, end + 60)) ? leadTo(stamp.end, stamp) : undefined; }
  const uptime = readUptime(text, from);
  return uptime > 0 ? leadTo(uptime) : undefined;
}

/** Counters are passed over only where a Cisco text or a time came after them. */
const counted = (text: string, at: number, p: number, afterPriority: boolean): number => (afterPriority && codeAt(text, p) === 37 ? p : afterPriority ? spaces(text, at) : at);
const counter = (text: string, at: number): boolean => { const end = digitsEnd(text, at, 20); return end > at && codeAt(text, end) === 58 && codeAt(text, end + 1) === 32; };

/** A line of a file may begin with `host Mar 7 ...` or `123: ...`; anything else is not looked at twice. */
function mayLeadWithoutPriority(text: string, at: number): boolean {
  const end = wordEnd(text, at);
  if (end >= text.length || end - at > 255) return false;
  if (end - at === 17 && codeAt(text, at + 10) === 46 && UNIX_FORM.test(text.slice(at, at + 440))) return true;
  const next = spaces(text, end);
  const c = codeAt(text, next);
  return (isLetter(c) || c === 42 || isDigit(c)) && readTime(text, c === 42 ? next + 1 : next) !== undefined && isHost(text.slice(at, end).replace(/:$/, '')) && !LEVELS.has(text.slice(at, end).toLowerCase()) && !text.startsWith('CONNECT ', at); // `ERROR 2026-02-17 13:40:03,123 [main] ...`; Tinyproxy has a level of its own
}

/** `00:20:10: %`, `1w2d: %`, `101 21: %`: time since start. The place after it, or 0. */
function readUptime(text: string, at: number): number {
  let p = at;
  while (p < at + 16 && (isDigit(codeAt(text, p)) || codeAt(text, p) === 58 || (isLetter(codeAt(text, p)) && 'wdhmsy'.includes(text.charAt(p))) || (codeAt(text, p) === 32 && isDigit(codeAt(text, p + 1))) || codeAt(text, p) === 46)) p++;
  if (p === at || codeAt(text, p - 1) !== 58) return 0;
  return codeAt(text, p) === 32 && codeAt(text, p + 1) === 37 ? p - 1 : 0;
}

/** A zone's name and a colon may follow the time: ` UTC:`, ` CEST `, `:`. */
function afterTime(text: string, at: number): { end: number; offset: number } {
  let p = at, offset = NaN;
  if (codeAt(text, p) === 32 && isUpper(codeAt(text, p + 1))) {
    let end = p + 1;
    while (end < p + 7 && isUpper(codeAt(text, end))) end++;
    const name = text.slice(p + 1, end), next = codeAt(text, end), known = abbreviation(name);
    if (known !== undefined && (next === 58 || next === 32)) { offset = known; p = end; }
    else if (name.length >= 2 && name.length <= 5 && next === 58 && codeAt(text, end + 1) === 32 && codeAt(text, end + 2) === 37) p = end;
  }
  const sign = codeAt(text, p + 1); // ` +0700 `
  if (codeAt(text, p) === 32 && (sign === 43 || sign === 45) && isDigit(codeAt(text, p + 2))) {
    const zone = readOffset(text, p);
    if (!Number.isNaN(zone.offset) && codeAt(text, zone.end) === 32) { offset = zone.offset; p = zone.end; }
  }
  if (codeAt(text, p) === 58) p++;
  else if (text.startsWith(' : ', p)) p += 2;
  return { end: spaces(text, p), offset };
}

/** A header without a time: `tag[pid]: text`, `host tag[pid]: text`; without a priority only the former, and only with a pid. */
function withoutTime(text: string, at: number, host: string | undefined, afterPriority: boolean, led: boolean): Body {
  const p = led ? spaces(text, codeAt(text, at) === 58 ? at + 1 : at) : at;
  if (host !== undefined) return headed(undefined, host, tagged(text, p));
  if (!afterPriority) {
    const tag = readTag(text, p, false);
    if (tag?.procid !== undefined && /^\d+$/.test(tag.procid)) return headed(undefined, undefined, tagged(text, p));
    return unheaded(undefined, text.slice(p));
  }
  const tag = readTag(text, p, false);
  if (tag === undefined) {
    const end = wordEnd(text, p), word = text.slice(p, end);
    if (/[-.\d]/.test(word) && isHost(word)) {
      const next = spaces(text, end);
      if (readTag(text, next, false) !== undefined && codeAt(text, next) !== 37) return headed(undefined, word, tagged(text, next));
    }
    return headed(undefined, undefined, untagged(text.slice(p)));
  }
  return headed(undefined, undefined, tagged(text, p));
}

function tagged(text: string, at: number, bareTag = true): Tagged {
  const level = afterLevel(text, at), tag = (level > at ? readTag(text, level, false) : undefined) ?? readTag(text, at, bareTag);
  if (tag === undefined) return untagged(text.slice(at));
  const { appname, procid } = tag;
  if (codeAt(text, tag.end) === 91) { // some daemons put structured data after the tag
    const data = readStructured(text, tag.end);
    if (data !== undefined && data.pairs.length > 1 && codeAt(text, data.end) === 32 && data.pairs.every(([name]) => name.includes('.')))
      return { appname, procid, structured: data.pairs, message: text.slice(spaces(text, data.end)) };
  }
  return { appname, procid, structured: undefined, message: text.slice(tag.end) };
}

/** F5 and AIX write the level before the tag, as `notice apmd[12]: `, `auth|security:info sshd[12]: `: where the tag begins, or `at`. */
function afterLevel(text: string, at: number): number {
  const end = wordEnd(text, at);
  if (end - at > 30 || codeAt(text, end) !== 32) return at;
  let from = end;
  while (from > at && codeAt(text, from - 1) !== 58) from--;
  if (end - from < LEVEL_MIN || end - from > LEVEL_MAX || !SHORT_LEVELS.has(text.slice(from, end))) return at;
  const next = end + 1, close = wordEnd(text, next);
  return close - next > 2 && codeAt(text, close - 1) === 58 && codeAt(text, close - 2) === 93 ? next : at;
}
const SHORT_LEVELS = new Set(['emerg', 'alert', 'crit', 'err', 'error', 'warning', 'warn', 'notice', 'info', 'debug']), LEVEL_MIN = 3, LEVEL_MAX = 7;

/** RFC 5424 6.2.1: facility 23, severity 7. */
export const PRIORITY_MAX = 191;

/** Another header inside: with its own priority, or its own time and a host or tag after it. */
export function innerHeader(text: string, at: number, options: HeaderOptions, odd: string[]): InnerBody | undefined {
  let p = at;
  if (codeAt(text, p) === 60) {
    const end = digitsEnd(text, p + 1, 3), priority = Number(text.slice(p + 1, end));
    if (end === p + 1 || codeAt(text, end) !== 62 || priority > PRIORITY_MAX) return undefined;
    p = spaces(text, end + 1);
    const inner = readRfc5424(text, p, options, true) ?? (readTime(text, p) === undefined ? undefined : readRfc3164(text, p, options, true, odd));
    return inner === undefined ? undefined : { priority, ...inner };
  }
  if (isDigit(codeAt(text, p)) && (codeAt(text, p + 10) === 84 || text.startsWith('1 ', p) && codeAt(text, p + 12) === 84)) { // a relay that puts its header before an ISO one
    const modern = codeAt(text, p + 1) === 32 ? readRfc5424(text, p, options, false) : undefined;
    if (modern !== undefined) return modern.hostname === undefined || modern.appname === undefined ? undefined : modern;
    const stamp = readTime(text, p);
    if (stamp === undefined || Number.isNaN(stamp.offset) || codeAt(text, stamp.end) !== 32) return undefined;
    const host = readHost(text, spaces(text, stamp.end)), inside = host === undefined || LEVELS.has(host.name.toLowerCase()) ? undefined : tagged(text, host.end, false);
    return inside?.appname === undefined || host === undefined ? undefined : headed(resolve(stamp, options.received, options.zone), host.name, inside);
  }
  if (codeAt(text, p) === 58 && codeAt(text, p + 1) === 32) p += 2;
  let counted = false, host: string | undefined; // "585917: Feb  8 04:00:47.272: %SEC-6-..." behind a relay's header, also "55: 000077: Feb ...", "55: sw1: Feb ..." and "sw1: Feb ..."
  for (let tries = 0; tries < 2 && counter(text, p); tries++) { counted = true; p = spaces(text, digitsEnd(text, p, 20) + 2); }
  const named = wordEnd(text, p);
  if (named > p + 1 && codeAt(text, named - 1) === 58 && isHost(text.slice(p, named - 1))) {
    const next = spaces(text, named), stamp = readTime(text, codeAt(text, next) === 42 ? next + 1 : next);
    // Without a counter it is a program's name, unless Cisco's text follows the time.
    if (stamp !== undefined && (counted || codeAt(text, afterTime(text, stamp.end).end) === 37)) { host = text.slice(p, named - 1); p = next; }
  }
  if (codeAt(text, p) === 42 || codeAt(text, p) === 46) p++;
  if (!isUpper(codeAt(text, p)) && !(isDigit(codeAt(text, p)) && isUpper(codeAt(text, p + 5)))) return undefined;
  const stamp = readTime(text, p);
  if (stamp === undefined) return undefined;
  const inner = readRfc3164(text, p, options, true, []);
  if (host !== undefined) return { ...inner, hostname: host };
  return inner.appname !== undefined || counted || inner.message.startsWith('%') || inner.message.startsWith('last message repeated ') ? inner : undefined;
}

/** The word between a host and `name[12]: `: the host of whom a relay named itself first, or a facility with its level (FreeBSD). */
function secondHost(text: string, at: number): { name: string; end: number } | undefined {
  const end = wordEnd(text, at), last = codeAt(text, end - 1);
  if (last === 58 || last === 93 || end - at > 255 || codeAt(text, end) !== 32) return undefined;
  const name = text.slice(at, end), next = spaces(text, end), close = wordEnd(text, next);
  if (codeAt(text, close - 1) !== 58 || codeAt(text, close - 2) !== 93 || !isDigit(codeAt(text, close - 3)) || readTag(text, next, false) === undefined) return undefined;
  return FACILITY.test(name) || isHost(name) && !LEVELS.has(name) ? { name, end: next } : undefined;
}
const FACILITY = /^<?(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|security|console|ntp|ftp|local[0-7])\.(?:emerg|alert|crit|err|error|warning|warn|notice|info|debug)>?$/;

/** The host at `at` and where the text goes on, or undefined where the word there is a tag or text. */
function readHost(text: string, at: number): { name: string; end: number } | undefined {
  const end = wordEnd(text, at);
  if (end === at || end - at > 255) return undefined;
  let next = spaces(text, end);
  const colonAfter = codeAt(text, next) === 58 && (codeAt(text, next + 1) === 32 || codeAt(text, next + 1) === 37);
  if (colonAfter) next = spaces(text, next + 1);
  let word = text.slice(at, end);
  if (word.endsWith(':')) {
    // `foo: %SYS-5-...`: a host; `su: text`: a tag.
    const mark = codeAt(text, next);
    if (mark !== 37 && !(isLetter(mark) && readTime(text, next) !== undefined)) return undefined;
    word = word.slice(0, -1);
  }
  if (!isHost(word)) return undefined;
  if (codeAt(text, end) === 9) return undefined;
  return { name: word, end: next };
}

/** Letters of any script, digits and `. - _ : / @ ~ + [ ]`; not a number with a comma, not `name[12]`, not `key=value`. */
function isHost(word: string): boolean {
  const first = codeAt(word, 0);
  if (!(isLetter(first) || isDigit(first) || first > 127 || first === 95 || first === 91)) return false;
  let colons = 0;
  for (let i = 0; i < word.length; i++) {
    const c = codeAt(word, i);
    if (isLetter(c) || isDigit(c) || c > 127 || c === 46 || c === 45 || c === 95 || c === 47 || c === 64 || c === 126 || c === 43) continue;
    if (c === 58) { colons++; continue; }
    if ((c === 91 && i === 0) || (c === 93 && i === word.length - 1 && first === 91) || c === 37) continue;
    return false;
  }
  if (first === 91 && (!word.endsWith(']') || colons < 2 && !BRACKETED.test(word))) return false;
  return colons === 0 || (colons > 1 && !word.endsWith(':') && /^[[\]0-9a-fA-F:.%\w]+$/.test(word)) || (colons === 1 && /^[\d.]+:\d+$/.test(word));
}

const BRACKETED = /^\[\d{1,3}(?:\.\d{1,3}){3}\]$/;

function wordEnd(text: string, at: number): number {
  let p = at;
  for (; p < text.length; p++) {
    const c = codeAt(text, p);
    if (c === 32 || c === 9 || c === 10) return p;
  }
  return p;
}
