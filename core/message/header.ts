// What a syslog header says, whichever dialect it is written in. Reading one never fails: what is not a header is the message.
import type { Millis } from '../event.js';
import { innerHeader, PRIORITY_MAX, readRfc3164, type Body, type InnerBody } from './rfc3164.js';
import { readRfc5424 } from './rfc5424.js';
import { digitsEnd, isDigit, isUpper } from './time.js';
import { codeAt } from '../text.js';

export interface Header {
  readonly dialect: 'rfc5424' | 'rfc3164' | 'none';
  readonly priority?: number;
  readonly time?: Millis;
  readonly hostname?: string;
  readonly appname?: string;
  readonly procid?: string;
  readonly msgid?: string;
  /** Structured data, `id.name` and value, in the order sent. */
  readonly structured?: readonly (readonly [string, string])[];
  /** The host that relayed it, where the message carries the header of its origin inside another. */
  readonly relay?: string;
  /** The text after the header. */
  readonly message: string;
  /** What was odd, as tags of the event. */
  readonly odd: readonly string[];
}

/** RFC 5424 6.2.1, by number. */
export const SEVERITY_NAMES = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'informational', 'debug'] as const;

export interface HeaderOptions {
  readonly received: Millis;
  readonly zone: string;
}

export function readHeader(text: string, options: HeaderOptions): Header {
  const odd: string[] = [];
  const start = blank(text, 0);
  const priority = readPriority(text, start);
  if (priority.odd !== undefined) odd.push(priority.odd);
  const body = priority.end === start ? start : blank(text, priority.end);
  const modern = readRfc5424(text, body, options, priority.end > start);
  const found: InnerBody = modern === undefined ? readRfc3164(text, body, options, priority.end > start, odd) : carried(modern, options, odd) ?? modern;
  const { dialect, time, hostname, appname, procid, msgid, structured, relay, message } = found;
  return { dialect, priority: found.priority ?? priority.value, time, hostname: unbracketed(hostname), appname, procid, msgid, structured, relay, message, odd };
}

/** The header of its origin that a relay's message begins with, where it has its own priority, or the relay names no program. */
function carried(outer: Body, options: HeaderOptions, odd: string[]): InnerBody | undefined {
  const { message, hostname, appname, structured } = outer, first = codeAt(message, 0);
  if (first !== 60 && (appname !== undefined || !(isDigit(first) || isUpper(first)))) return undefined;
  const inner = innerHeader(message, 0, options, odd);
  if (inner === undefined || inner.hostname === undefined || inner.appname === undefined) return undefined;
  odd.push('syslog_header_double');
  return { ...inner, structured: inner.structured ?? structured, relay: hostname };
}

/** `[2001:db8::1]` is the address inside. */
const unbracketed = (host: string | undefined): string | undefined => (host !== undefined && codeAt(host, 0) === 91 && host.endsWith(']') ? host.slice(1, -1) : host);

interface Priority { readonly end: number; readonly value: number | undefined; readonly odd: string | undefined }
const priorityTo = (end: number, value?: number, odd?: string): Priority => ({ end, value, odd });

/** `<189>`. A number over 191, a sign or letters are no priority, but are not the message either when a header follows. */
function readPriority(text: string, at: number): Priority {
  if (codeAt(text, at) !== 60) return priorityTo(at);
  const end = digitsEnd(text, at + 1, 10), close = codeAt(text, end);
  if (end > at + 1 && close === 62) {
    const value = Number(text.slice(at + 1, end));
    return value <= PRIORITY_MAX && end <= at + 4 ? priorityTo(end + 1, value) : priorityTo(end + 1, undefined, 'syslog_priority_invalid');
  }
  if (end > at + 1 && close === 32) return priorityTo(end, undefined, 'syslog_priority_invalid'); // "<189 Feb"
  const gt = text.indexOf('>', at);
  if (gt > at + 1 && gt < at + 8 && !text.slice(at + 1, gt).includes(' ') && looksLikeHeader(text, gt + 1)) return priorityTo(gt + 1, undefined, 'syslog_priority_invalid');
  return priorityTo(at);
}
const looksLikeHeader = (text: string, at: number): boolean => /^ ?(?:[A-Za-z]{3} [ \d]\d \d\d:|\d{4}-\d\d-\d\dT|1 \d{4}-)/.test(text.slice(at, at + 24));

/** Past byte order marks, spaces and line feeds. */
function blank(text: string, at: number): number {
  let p = at;
  for (; ; p++) {
    const c = codeAt(text, p);
    if (c !== 32 && c !== 0xfeff && c !== 10 && c !== 13 && c !== 9) return p;
  }
}
