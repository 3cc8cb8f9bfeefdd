// Kaspersky: events of Security Center as CEF or LEEF (cef-products.ts) and in the structured data of RFC 5424 (`event@23668`), and the text of an event
// alone, `Name: value\r\nName: value`, the line ends escaped or real.
// https://support.kaspersky.com/KSC/14.2/en-US/151333.htm (export to SIEM), https://support.kaspersky.com/help/KSC/13/KSCAPI/a00454.html (parameters)
import { readSlashed } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, protocolName } from '../net.js';
import { putTarget } from '../web/request.js';
import { isBlocked, mean, putMachine, type Told } from './told.js';

function readKaspersky(draft: Draft): boolean {
  const values = valuesIn(draft.text), own = draft.structured?.some(([name]) => name === OWN) === true;
  if (values.size < 3 && !own) return false;
  draft.put('observer.vendor', 'Kaspersky');
  if (own) readParameters(draft);
  if (values.size >= 3) readValues(draft, values); else if (own) putWay(draft, draft.text);
  if (!draft.has('event.action')) draft.act(meaningOf(draft.getText('event.code') ?? '', `${values.get('Event type') ?? ''} ${values.get('Component') ?? ''}`) ?? 'malware_detected', failed(values));
  return true;
}
const failed = (values: ReadonlyMap<string, string>): 'failure' | undefined => (isBlocked(`${values.get('Result\\Description') ?? values.get('Result description') ?? ''} ${values.get('Event type') ?? ''}`) ? 'failure' : undefined);

function valuesIn(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const part of text.slice(0, 16_384).split(/\\r\\n|\r?\n/, 100)) {
    const colon = part.indexOf(': ');
    if (colon > 0 && colon < 60) values.set(part.slice(0, colon).trim(), part.slice(colon + 2).trim());
  }
  return values;
}

const USER = /^(?:([^\\]{1,64})\\)?([^\\(]{1,128}?)\s*(?:\([^)]*\))?$/;
function readValues(draft: Draft, values: ReadonlyMap<string, string>): void {
  const user = USER.exec(values.get('User') ?? ''), object = values.get('Object');
  draft.put('user.domain', user?.[1]);
  draft.put('user.name', user?.[2]?.replace(/\$$/, ''));
  if (object !== undefined && !putWay(draft, object)) { if (/^https?:\/\//i.test(object)) putTarget(draft, object); else draft.put('file.path', object); }
  const folder = values.get('Path') ?? values.get('Path to object'), name = values.get('Object name');
  if (folder !== undefined && name !== undefined && /^(?:[A-Za-z]:|\\\\|\/)/.test(folder)) draft.fill('file.path', /[\\/]$/.test(folder) ? folder + name : `${folder}${folder.startsWith('/') ? '/' : '\\'}${name}`);
  draft.put('file.hash.md5', values.get('MD5'));
  draft.put('file.hash.sha256', values.get('SHA256'));
  draft.put('process.pid', values.get('Process ID'));
  const threat = values.get('Type') !== undefined || draft.has('destination.ip') ? values.get('Name') : undefined;
  draft.put('rule.name', threat);
  draft.put('threat.name', threat);
  draft.put('event.reason', values.get('Reason'));
  const release = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (.*)$/.exec(values.get('Release date') ?? ''), stamp = release === null ? undefined : readSlashed(release[0], 0);
  draft.timeFrom(stamp);
}

/** Of a network attack: `TCP from 203.0.113.9 at 192.0.2.21:445`. */
const WAY = /\b(TCP|UDP|ICMP|IP) from ([0-9a-fA-F.:]{3,45}) at ([0-9a-fA-F.:]{3,45}?)(?::(\d{1,5}))?(?![\w.:])/;
function putWay(draft: Draft, text: string): boolean {
  const way = WAY.exec(text.slice(0, 1000));
  if (way === null || !isIp(way[2] as string) || !isIp(way[3] as string)) return false;
  draft.put('network.transport', way[1] === 'IP' ? undefined : way[1]?.toLowerCase());
  draft.put('source.ip', way[2]); draft.put('destination.ip', way[3]); draft.put('destination.port', way[4]);
  return true;
}

/** The parameters of an event, by number: what they are depends on its type. */
const OWN = 'event@23668.et', PARAMETER = 'event@23668.';
function readParameters(draft: Draft): void {
  const given = new Map(draft.structured ?? []), value = (name: string): string | undefined => given.get(PARAMETER + name), type = value('et') ?? '';
  draft.put('event.code', type);
  delete draft.event['process.name']; // the product and its version
  putMachine(draft, value('hdn'), value('hip'));
  if (type === 'GNRL_EV_ATTACK_DETECTED') {
    draft.put('rule.name', value('p1')); draft.put('threat.name', value('p1'));
    draft.put('network.transport', protocolName(value('p2') ?? ''));
    draft.put('source.ip', addressOf(value('p3'))); draft.put('destination.ip', value('hip')); draft.put('destination.port', value('p4'));
  } else if (type.startsWith('GNRL_EV_')) {
    if (/^[0-9a-fA-F]{64}$/.test(value('p1') ?? '')) draft.put('file.hash.sha256', value('p1'));
    if (/^(?:[A-Za-z]:|\\\\|\/)/.test(value('p2') ?? '')) draft.put('file.path', value('p2')); else if (/^https?:/.test(value('p2') ?? '')) putTarget(draft, value('p2') ?? '');
    if (OF_MALWARE.test(type)) { draft.put('rule.name', value('p5')); draft.put('threat.name', value('p5')); putAccount(draft, 'user', value('p7')); }
  } else if (type === 'KLAUD_EV_SERVERCONNECT') { putAccount(draft, 'user', value('p1')); if (isIp(value('p2') ?? '')) draft.put('source.ip', value('p2')); }
  const action = meaningOf(type, '');
  if (action !== undefined) draft.act(action, isBlocked(type) ? 'failure' : undefined); else draft.act('audit_record');
}
/** An address of IPv4 is written as one number. */
function addressOf(text: string | undefined): string | undefined {
  const number = Number(text);
  return text === undefined || !/^\d{1,10}$/.test(text) || number > 0xffffffff ? text : [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.');
}

const OF_MALWARE = /^GNRL_EV_(?:VIRUS|SUSPICIOUS|OBJECT|PTOTECTION|PASSWD)/;
function meaningOf(code: string, said: string): Action | undefined {
  if (OF_MALWARE.test(code)) return 'malware_detected';
  if (code === 'GNRL_EV_ATTACK_DETECTED' || /network attack/i.test(said)) return 'intrusion_detected';
  if (code.startsWith('GNRL_EV_WEB_URL') || / Web (?:Control|Threat Protection)/.test(said)) return 'proxy_request';
  if (code.startsWith('GNRL_EV_APPLICATION_LAUNCH') || / Application Control/.test(said)) return 'process_started';
  if (code === 'KLAUD_EV_SERVERCONNECT') return 'login';
  if (code.startsWith('KLAUD_')) return 'config_changed';
  if (/update|component|license|task/i.test(said) && !/malicious|infect|virus|threat protection/i.test(said)) return 'audit_record';
  return undefined;
}

/** An event of Security Center: the device that it is about stands as the destination. */
export function readSecurityCenter(draft: Draft, { product, code, name, value }: Told): void {
  if (product !== 'SecurityCenter') { if (draft.has('threat.name') && (value('fileHash') ?? value('filePath') ?? value('fname') ?? value('fileName')) !== undefined) mean(draft, 'malware_detected'); else if (value('src') !== undefined && value('dst') !== undefined) mean(draft, 'intrusion_detected', isBlocked(value('act')) ? 'failure' : undefined); return; }
  putMachine(draft, value('dhost') ?? value('hostname') ?? value('deviceName'), value('dst'));
  const action = meaningOf(code, name), said = value('msg') ?? '', object = draft.getText('file.path') ?? '';
  if (/^https?:\/\//i.test(object)) { delete draft.event['file.path']; putTarget(draft, object); }
  putWay(draft, said);
  if (action === 'login') { const from = / from ([0-9a-fA-F.:]{3,45}?)\.?(?:\s|$)/.exec(said)?.[1]; if (from !== undefined && isIp(from)) draft.fill('source.ip', from); }
  if (action !== undefined) mean(draft, action, isBlocked(`${code} ${name}`) ? 'failure' : undefined);
}

export const kaspersky: Format = {
  name: 'kaspersky.endpoint', holds: ['^Event type: ', '^Result description: '], ofStructured: true,
  detect: ({ head, structured }) => structured !== undefined && structured.some(([name]) => name === OWN) || /^(?:Event type|Result description): /.test(head) && /\\r\\n|\n/.test(head), read: readKaspersky,
};
