// Windows events as XML (`<Event xmlns=...><System>...`), one pass, no document is built; and as Snare's tab-separated text.
import { emptyEvent, type Value } from '../../event.js';
import { readTime, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { eventDataOf } from './localized.js';
import { putWindows } from './windows.js';
import { codeAt, codeInside } from '../../text.js';

/** `attributes` are names and values in turns; of `parents` the outermost stands first. Both are good for the call only. */
export type TakeElement = (name: string, attributes: readonly string[], text: string, parents: readonly string[]) => void;

const DEPTH_MAX = 32, ELEMENTS_MAX = 2000;

/** Gives the elements that hold text or attributes to `take`, in order. Broken XML gives what stands before the break. */
export function eachElement(xml: string, take: TakeElement): void {
  const names: string[] = [], attributes: (readonly string[])[] = [], starts: number[] = [];
  let p = 0, inner = false;
  for (let count = 0; count < ELEMENTS_MAX; count++) {
    const at = xml.indexOf('<', p);
    if (at < 0) break;
    const end = xml.indexOf('>', at);
    if (end < 0) break;
    p = end + 1;
    const c = codeAt(xml, at + 1);
    if (c === 63 || c === 33) continue;
    if (c === 47) {
      const name = names.pop(), own = attributes.pop() ?? NONE, from = starts.pop() ?? 0;
      if (name !== undefined && (!inner || own.length > 0)) take(name, own, inner ? '' : decode(xml.slice(from, at)), names);
      inner = true;
      continue;
    }
    const closed = codeAt(xml, end - 1) === 47, stop = closed ? end - 1 : end, nameStop = wordEnd(xml, at + 1, stop), name = xml.slice(at + 1, nameStop), own = nameStop === stop ? NONE : readAttributes(xml.slice(nameStop, stop));
    if (closed) { take(name, own, '', names); inner = true; continue; }
    if (names.length >= DEPTH_MAX) break;
    names.push(name); attributes.push(own); starts.push(p);
    inner = false;
  }
  const name = names.pop();
  if (name !== undefined && !inner) take(name, attributes.pop() ?? NONE, decode(xml.slice(starts.pop())), names);
}
const NONE: readonly string[] = [];

/** Where the first blank stands, or `end`. */
function wordEnd(text: string, from: number, end: number): number {
  for (let p = from; p < end; p++) { const c = codeInside(text, p); if (c <= 32 || c >= 128) { if (BLANK.test(text.charAt(p))) return p; } }
  return end;
}
const BLANK = /\s/;

function readAttributes(text: string): readonly string[] {
  const attributes: string[] = [];
  for (let p = 0; p < text.length;) {
    const equals = text.indexOf('=', p);
    if (equals < 0) break;
    const quote = codeAt(text, equals + 1), end = quote === 34 || quote === 39 ? text.indexOf(quote === 34 ? '"' : "'", equals + 2) : -1;
    if (end < 0) break;
    attributes.push(text.slice(p, equals).trim(), decode(text.slice(equals + 2, end)));
    p = end + 1;
  }
  return attributes;
}
/** The value of the attribute of that name, of several the last. */
function attributeOf(attributes: readonly string[], name: string): string | undefined {
  for (let i = attributes.length - 2; i >= 0; i -= 2) if (attributes[i] === name) return attributes[i + 1];
  return undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x?[0-9a-fA-F]{1,6}|[a-z]{2,4});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = name.startsWith('#x') ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function readEventXml(draft: Draft): boolean {
  const start = draft.text.indexOf('<Event');
  if (start < 0) return false;
  const data: Record<string, Value> = emptyEvent(), system = new Map<string, string>();
  let unnamed = 0, message: string | undefined, level: string | undefined;
  eachElement(draft.text.slice(start), (name, attributes, text, parents) => {
    if (parents.includes('System')) {
      if (text !== '') system.set(name, text);
      const wanted = attributes.length === 0 ? undefined : ATTRIBUTES.get(name), value = wanted === undefined ? undefined : attributeOf(attributes, wanted.attribute);
      if (wanted !== undefined && value !== undefined) system.set(wanted.kept, value);
    } else if (parents.includes('EventData') || parents.includes('UserData')) {
      const key = attributeOf(attributes, 'Name') ?? (name === 'Data' ? `param${++unnamed}` : name);
      if (!parents.includes('UserData') || parents.at(-1) !== 'UserData') data[key] = text;
    } else if (parents.includes('RenderingInfo')) {
      if (name === 'Message') message = text;
      else if (name === 'Level') level = text;
    }
  });
  if (!system.has('EventID')) return false;
  putWindows(draft, {
    channel: system.get('Channel'), id: system.get('EventID'), provider: system.get('Provider.Name'), computer: system.get('Computer'), record: system.get('EventRecordID'), time: system.get('TimeCreated.SystemTime'),
    pid: system.get('Execution.ProcessID'), message, level, keywords: system.get('Keywords'), data,
  });
  return true;
}

/** Attributes of the system's part that are asked for, by their element. */
const ATTRIBUTES = new Map([['Provider', 'Name'], ['TimeCreated', 'SystemTime'], ['Execution', 'ProcessID']].map(([element = '', attribute = '']) => [element, { attribute, kept: `${element}.${attribute}` }]));

const SNARE = 'MSWinEventLog';

/** `MSWinEventLog<tab>1<tab>Security<tab>1167<tab>Fri Mar 19 15:33:30 2010<tab>540<tab>Security<tab>user<tab>...`, tabs also as #011 or \011. */
function readSnare(draft: Draft): boolean {
  const named = draft.program === SNARE.toLowerCase();
  const tabbed = draft.text.includes('011') ? draft.text.replace(/\\011|#011/g, '\t') : draft.text;
  const words = tabbed.split('\t');
  const at = words.findIndex((word, i) => i < 3 && word.trim().endsWith(SNARE));
  if (!named && at < 0) return false;
  const cells = named ? words : words.slice(at + 1);
  if (named && cells[0] === '') cells.shift();
  const [, channel, , time = '', id, provider, user, , kind, computer] = cells;
  if (id === undefined || !/^\d{1,6}$/.test(id)) return false;
  const stamp = readTime(time, 0);
  if (at > 0) { const host = (words[at - 1] as string).trim(); draft.put('log.syslog.hostname', host); }
  if (!named) draft.put('log.syslog.appname', SNARE);
  if (/^\d{1,12}$/.test(cells.at(-1)?.trim() ?? '')) cells.pop(); // the agent's own count
  const text = cells.slice(12).join('\t').trim() || cells.slice(10).join('\t').trim();
  const data = eventDataOf(id, text);
  if (/fail/i.test(kind ?? '')) data['Keywords'] = 'Audit Failure';
  putWindows(draft, { channel, id, provider, computer, user: user === 'N/A' ? undefined : user, level: kind, keywords: kind, message: draft.getText('message'), said: text, data });
  if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  return true;
}

export const windowsXml: Format = { name: 'windows.xml', holds: ['<Event ', '<Event>'], detect: ({ head }) => head.includes('<Event ') || head.includes('<Event>'), read: readEventXml };
export const snare: Format = { name: 'windows.snare', holds: [SNARE], programs: [SNARE.toLowerCase()], detect: ({ head }) => head.includes(SNARE), read: readSnare };
