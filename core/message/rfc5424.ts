// RFC 5424: `VERSION TIMESTAMP HOST APP PROCID MSGID SD MSG` after the priority. https://www.rfc-editor.org/rfc/rfc5424#section-6
// Told from the older form by a version and a time (or nil) after it. Parts that are missing at the end are absent.
import type { Header, HeaderOptions } from './header.js';
import { readStructured } from './structured-data.js';
import { readTag } from './tag.js';
import { digitsEnd, isDigit, readIso, resolve } from './time.js';
import { codeAt } from '../text.js';

export function readRfc5424(text: string, at: number, { received, zone }: HeaderOptions, afterPriority: boolean): Omit<Header, 'priority' | 'odd'> | undefined {
  const versionEnd = digitsEnd(text, at, 3);
  if (versionEnd === at || codeAt(text, at) === 48 || codeAt(text, versionEnd) !== 32) return undefined;
  let p = versionEnd + 1;
  let time: number | undefined;
  if (codeAt(text, p) === 45 && (codeAt(text, p + 1) === 32 || p + 1 === text.length)) {
    if (!afterPriority) return undefined;
    p++;
  } else {
    const stamp = readIso(text, p);
    if (stamp === undefined || (!afterPriority && codeAt(text, p + 10) !== 84)) return undefined;
    const next = codeAt(text, stamp.end);
    if (next !== 32 && !Number.isNaN(next)) return undefined;
    time = resolve(stamp, received, zone);
    p = stamp.end;
  }
  const words: (string | undefined)[] = [];
  while (words.length < 4 && p < text.length) {
    while (codeAt(text, p) === 32) p++;
    if (words.length === 1) { // `1 TIME HOST` before an older tail: a tag with a colon, columns, JSON
      const older = olderTail(text, p);
      if (older !== undefined) return { dialect: 'rfc5424', time, hostname: words[0], appname: older.appname, procid: older.procid, msgid: undefined, structured: undefined, relay: undefined, message: older.message };
    }
    let end = text.indexOf(' ', p);
    if (end < 0) end = text.length;
    words.push(end - p === 1 && codeAt(text, p) === 45 ? undefined : text.slice(p, end) || undefined);
    p = end;
  }
  if (codeAt(text, p) === 32) p++;
  let structured: Header['structured'];
  if (codeAt(text, p) === 91) {
    const data = readStructured(text, p);
    if (data !== undefined) { structured = data.pairs; p = data.end; }
  } else if (codeAt(text, p) === 45 && (codeAt(text, p + 1) === 32 || p + 1 >= text.length || codeAt(text, p + 1) === 10)) p++;
  if (codeAt(text, p) === 32) p++;
  if (codeAt(text, p) === 0xfeff) p++;
  const [hostname, appname, procid, msgid] = words;
  return { dialect: 'rfc5424', time, hostname, appname, procid, msgid, structured, relay: undefined, message: text.slice(p) };
}

/** `app[12]: text`, `1,2026/02/17 13:40:03,...` or `{"...` in the place of the program: what stands there is no program's name. */
function olderTail(text: string, at: number): { appname?: string; procid?: string; message: string } | undefined {
  const c = codeAt(text, at);
  if (c === 123 && (codeAt(text, at + 1) === 34 || codeAt(text, at + 1) === 32)) return { message: text.slice(at) };
  let end = at;
  while (end < at + 130 && end < text.length && codeAt(text, end) !== 32) end++;
  if (isDigit(c) || c === 44) return codeAt(text, digitsEnd(text, at, 12)) === 44 && codeAt(text, end - 3) === 47 ? { message: text.slice(at) } : undefined;
  if (codeAt(text, end - 1) !== 58 || end - at < 3) return undefined;
  const tag = readTag(text, at, false);
  return tag === undefined || tag.end <= end - 1 ? undefined : { appname: tag.appname, procid: tag.procid, message: text.slice(tag.end) };
}
