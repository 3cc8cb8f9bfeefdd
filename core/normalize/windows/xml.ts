// Windows events as XML (`<Event xmlns=...><System>...`), and as Snare's tab-separated text.
import { emptyEvent, type Value } from '../../event.js';
import { readTime } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { attributeOf, eachElement } from './elements.js';
import { eventDataOf } from './localized.js';
import { putWindows } from './windows.js';

const readEventXml = (draft: Draft): boolean => putEventXml(draft, draft.text, undefined);

/** The event whose XML stands in `text`, with what its sender rendered it as. */
export function putEventXml(draft: Draft, text: string, rendered: string | undefined): boolean {
  const start = text.indexOf('<Event');
  if (start < 0) return false;
  const data: Record<string, Value> = emptyEvent(), system = new Map<string, string>();
  let unnamed = 0, message = rendered, level: string | undefined;
  eachElement(text.slice(start), (name, attributes, text, parents) => {
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
    pid: system.get('Execution.ProcessID'), message, level: level ?? system.get('Level'), sid: system.get('Security.UserID'), keywords: system.get('Keywords'), data,
  });
  return true;
}

/** Attributes of the system's part that are asked for, by their element. */
const ATTRIBUTES = new Map([['Provider', 'Name'], ['TimeCreated', 'SystemTime'], ['Execution', 'ProcessID'], ['Security', 'UserID']].map(([element = '', attribute = '']) => [element, { attribute, kept: `${element}.${attribute}` }]));

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
  draft.timeFrom(stamp);
  return true;
}

export const windowsXml: Format = { name: 'windows.xml', holds: ['<Event ', '<Event>'], detect: ({ head }) => head.includes('<Event ') || head.includes('<Event>'), read: readEventXml };
export const snare: Format = { name: 'windows.snare', holds: [SNARE], programs: [SNARE.toLowerCase()], detect: ({ head }) => head.includes(SNARE), read: readSnare };
