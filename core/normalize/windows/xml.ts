// Windows events as XML (`<Event xmlns=...><System>...`), one pass, no document is built; and as Snare's tab-separated text.
import type { Value } from '../../event.js';
import { readTime, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { renderedData } from './rendered.js';
import { putWindows } from './windows.js';
import { codeAt } from '../../text.js';

interface Element { readonly name: string; readonly attributes: ReadonlyMap<string, string>; readonly text: string; readonly parents: readonly string[] }

const DEPTH_MAX = 32, ELEMENTS_MAX = 2000;

/** The elements that hold text or attributes, in order. Broken XML gives what stands before the break. */
export function* elements(xml: string): Generator<Element> {
  const open: { name: string; attributes: Map<string, string>; from: number }[] = [];
  let p = 0, inner = false;
  for (let count = 0; count < ELEMENTS_MAX; count++) {
    const at = xml.indexOf('<', p);
    if (at < 0) break;
    const end = xml.indexOf('>', at);
    if (end < 0) break;
    p = end + 1;
    const c = codeAt(xml, at + 1);
    if (c === 63 || c === 33) continue;
    const parents = (): string[] => open.map(({ name }) => name);
    if (c === 47) {
      const top = open.pop();
      if (top !== undefined && (!inner || top.attributes.size > 0)) yield { ...top, text: inner ? '' : decode(xml.slice(top.from, at)), parents: parents() };
      inner = true;
      continue;
    }
    const closed = codeAt(xml, end - 1) === 47;
    const { name, attributes } = readStart(xml.slice(at + 1, closed ? end - 1 : end));
    if (closed) { yield { name, attributes, text: '', parents: parents() }; inner = true; continue; }
    if (open.length >= DEPTH_MAX) break;
    open.push({ name, attributes, from: p });
    inner = false;
  }
  const top = open.at(-1);
  if (top !== undefined && !inner) yield { ...top, text: decode(xml.slice(top.from)), parents: open.slice(0, -1).map(({ name }) => name) };
}

function readStart(text: string): { name: string; attributes: Map<string, string> } {
  const attributes = new Map<string, string>();
  let p = 0;
  while (p < text.length && !/\s/.test(text.charAt(p))) p++;
  const name = text.slice(0, p);
  while (p < text.length) {
    const equals = text.indexOf('=', p);
    if (equals < 0) break;
    const quote = text.charAt(equals + 1);
    const end = quote === '"' || quote === "'" ? text.indexOf(quote, equals + 2) : -1;
    if (end < 0) break;
    attributes.set(text.slice(p, equals).trim(), decode(text.slice(equals + 2, end)));
    p = end + 1;
  }
  return { name, attributes };
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
  const data: Record<string, Value> = Object.create(null) as Record<string, Value>;
  const system = new Map<string, string>();
  let unnamed = 0, message: string | undefined, level: string | undefined;
  for (const { name, attributes, text, parents } of elements(draft.text.slice(start))) {
    if (parents.includes('System')) {
      if (text !== '') system.set(name, text);
      for (const [key, value] of attributes) system.set(`${name}.${key}`, value);
    } else if (parents.includes('EventData') || parents.includes('UserData')) {
      const key = attributes.get('Name') ?? (name === 'Data' ? `param${++unnamed}` : name);
      if (!parents.includes('UserData') || parents.at(-1) !== 'UserData') data[key] = text;
    } else if (parents.includes('RenderingInfo')) {
      if (name === 'Message') message = text;
      else if (name === 'Level') level = text;
    }
  }
  if (!system.has('EventID')) return false;
  putWindows(draft, {
    channel: system.get('Channel'), id: system.get('EventID'), provider: system.get('Provider.Name'), computer: system.get('Computer'), record: system.get('EventRecordID'), time: system.get('TimeCreated.SystemTime'),
    pid: system.get('Execution.ProcessID'), message, level, data,
  });
  return true;
}

const SNARE = 'MSWinEventLog';

/** `MSWinEventLog<tab>1<tab>Security<tab>1167<tab>Fri Mar 19 15:33:30 2010<tab>540<tab>Security<tab>user<tab>...`, tabs also as #011 or \011. */
function readSnare(draft: Draft): boolean {
  const named = draft.program === SNARE.toLowerCase();
  const tabbed = draft.text.replace(/\\011|#011/g, '\t');
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
  const text = cells.slice(12).join(' ').trim() || cells.slice(10).join(' ').trim();
  const data = renderedData(text);
  if (/fail/i.test(kind ?? '')) data['Keywords'] = 'Audit Failure';
  putWindows(draft, { channel, id, provider, computer, user: user === 'N/A' ? undefined : user, level: kind, message: draft.getText('message'), data });
  if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  return true;
}

export const windowsXml: Format = { name: 'windows.xml', needs: '<', detect: ({ head }) => head.includes('<Event ') || head.includes('<Event>'), read: readEventXml };
export const snare: Format = { name: 'windows.snare', needs: 'Aa', programs: [SNARE.toLowerCase()], detect: ({ head }) => head.includes(SNARE), read: readSnare };
