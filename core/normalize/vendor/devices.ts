// Smaller formats of appliances and tools: Snort, QNAP, Kaspersky, Veeam.
import { readIso, readSlashed, resolve } from '../../message/time.js';
import { fillAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { applyRules, messageRules } from '../rules.js';
import { putCommon } from '../common-names.js';
import { readPairs } from '../pairs.js';

// --- Snort: `05/30-19:09:10.917356 [**] [1:527:8] NAME [**] [Classification: x] [Priority: 2] {UDP} 192.0.2.1:68 -> 198.51.100.1:67` ------------
const SNORT_RULE = /\[(\d{1,10}):(\d{1,10}):(\d{1,6})\] (.{1,400}?)(?: \[\*\*\]|\[Classification| \{)/;
const SNORT_ENDS = /([0-9a-fA-F.:]{3,45}?)(?::(\d{1,5}))? -> ([0-9a-fA-F.:]{3,45}?)(?::(\d{1,5}))?(?:\s|$)/;
function readSnort(draft: Draft): boolean {
  const { head } = draft;
  const rule = SNORT_RULE.exec(head), ends = SNORT_ENDS.exec(head);
  if (rule === null || ends === null) return false;
  draft.put('rule.id', rule[2]);
  draft.put('rule.name', rule[4]);
  draft.put('rule.category', /\[Classification: ([^\]]{1,200})\]/.exec(head)?.[1]);
  draft.put('event.severity', /\[Priority: (\d{1,2})\]/.exec(head)?.[1]);
  draft.put('source.ip', ends[1]); draft.put('source.port', ends[2]); draft.put('destination.ip', ends[3]); draft.put('destination.port', ends[4]);
  draft.put('network.transport', (/\{([A-Za-z0-9-]{2,12})\}/.exec(head)?.[1] ?? /^(TCP|UDP|ICMP|IPV6-ICMP) TTL/m.exec(head)?.[1])?.toLowerCase());
  const time = /(\d\d)\/(\d\d)(?:\/(\d\d))?-(\d\d:\d\d:\d\d(?:\.\d{1,6})?)/.exec(head);
  if (time !== null) {
    const stamp = readIso(`${time[3] === undefined ? '2024' : `20${time[3]}`}-${time[1] ?? ''}-${time[2] ?? ''} ${time[4] ?? ''}`, 0);
    if (stamp !== undefined && !draft.headed) draft.time = resolve(time[3] === undefined ? { ...stamp, year: 0 } : stamp, draft.received, draft.zone);
  }
  draft.act('intrusion_detected');
  return true;
}

// --- QNAP -------------------------------------------------------------------------------------------------------------------------
const QNAP = messageRules([
  ['conn log: Users: {user.name~}, Source IP: {source.ip~}, Computer name: {source.domain~}, Connection type: {network.protocol~}, Accessed resources: {file.path~}, Action: {event.reason~}'],
  ['event log: Users: {user.name~}, Source IP: {source.ip~}, Computer name: {source.domain~}, Application: {~}, Category: {~}, Content: {event.reason~}'],
  ['event log: Users: {user.name~}, Source IP: {source.ip~}, Computer name: {source.domain~}, {*}'],
]);
function readQnap(draft: Draft): boolean {
  if (!applyRules(QNAP, draft.text.trim(), draft)) return false;
  if (draft.get('source.domain') === '---') delete draft.event['source.domain'];
  if (draft.get('file.path') === '---') delete draft.event['file.path'];
  draft.fill('file.path', /(?:shared folder|file) "([^"]{1,500})"/.exec(draft.head)?.[1]);
  const said = draft.getText('event.reason') ?? '';
  const done = QNAP_ACTIONS[said.toLowerCase()];
  if (done !== undefined) draft.act(done);
  const target = /(Created|Deleted|Changed the password of|Edited the account profile of|Disabled|Enabled) (?:the )?(?:local )?user "([^"]{1,128})"/.exec(said);
  if (target !== null) { draft.put('user.target.name', target[2]); draft.act(target[1] === 'Created' ? 'user_created' : target[1] === 'Deleted' ? 'user_deleted' : (target[1] as string).includes('password') ? 'password_changed' : 'user_changed'); }
  if (/login fail/i.test(said)) draft.act('login_failed'); else if (/login ok/i.test(said)) draft.act('login'); else if (/logout/i.test(said)) draft.act('logout');
  return true;
}

const QNAP_ACTIONS = lookup<Action>({ delete: 'file_deleted', del: 'file_deleted', read: 'file_opened', open: 'file_opened', write: 'file_changed', rename: 'file_changed', move: 'file_changed', copy: 'file_created', mkdir: 'file_created', add: 'file_created', 'login fail': 'login_failed', 'login ok': 'login', logout: 'logout' });

// --- Kaspersky: `Name: value\r\nName: value`, the line ends escaped or real -----------------------------------------------------------
function readKaspersky(draft: Draft): boolean {
  const values = new Map<string, string>();
  for (const part of draft.text.slice(0, 16_384).split(/\\r\\n|\r?\n/, 100)) {
    const colon = part.indexOf(': ');
    if (colon > 0 && colon < 60) values.set(part.slice(0, colon).trim(), part.slice(colon + 2).trim());
  }
  if (values.size < 3) return false;
  const user = /^(?:([^\\]{1,64})\\)?([^\\(]{1,128}?)\s*(?:\([^)]*\))?$/.exec(values.get('User') ?? '');
  draft.put('user.domain', user?.[1]);
  draft.put('user.name', user?.[2]?.replace(/\$$/, ''));
  draft.put('file.path', values.get('Object'));
  draft.put('file.hash.md5', values.get('MD5'));
  draft.put('file.hash.sha256', values.get('SHA256'));
  draft.put('process.pid', values.get('Process ID'));
  draft.put('rule.name', values.get('Type') === undefined ? undefined : values.get('Name'));
  const release = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (.*)$/.exec(values.get('Release date') ?? '');
  const stamp = release === null ? undefined : readSlashed(release[0], 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.act('malware_detected');
  return true;
}

// --- Veeam: `[categoryId=0 instanceId=31000 UserName="CORP\bob" Description="..."]` ------------------------------------------------------
function readVeeam(draft: Draft): boolean {
  const led = VEEAM_LED.exec(draft.head), pairs = readPairs((led === null ? draft.text : draft.text.slice(led[0].length)).replace(/^\[|\]$/g, ''));
  if (led !== null) { const time = readIso(led[1] as string, 0); if (time !== undefined) draft.time = resolve(time, draft.received, draft.zone); draft.put('log.syslog.hostname', led[3]); draft.put('host.name', led[3]); draft.put('process.name', led[4]); }
  if (pairs.length < 3) return false;
  const values = new Map(pairs);
  for (const [key, value] of pairs) { draft.put(`veeam.${key}`, value); if (!VEEAM_USERS.includes(key)) putCommon(draft, key, value); }
  draft.put('event.code', values.get('instanceId'));
  const said = values.get('Description') ?? '';
  draft.put('event.reason', said);
  for (const key of VEEAM_USERS) fillAccount(draft, 'user', values.get(key));
  fillAccount(draft, 'user', /\b(?:by|[Uu]ser) (?:user )?"?([^\s",]{1,128}\\[^\s",]{1,128}?)"?\.?(?:\s|$)/.exec(said)?.[1]);
  const stamp = readIso(values.get('DateTime') ?? '', 0) ?? readSlashed(values.get('DateTime') ?? '', 0);
  if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  return true;
}
/** Older versions put the priority behind the time: `2026-02-17T13:40:03+07:00 <14> VBR1 Veeam_MP  [categoryId=...]`. */
const VEEAM_LED = /^(\d{4}-\S{15,35}) <(\d{1,3})> (\S{1,255}) (Veeam_MP) {1,3}(?=\[)/;
const VEEAM_USERS = ['UserName', 'AccountName', 'InitiatorName', 'User'];

export const snort: Format = { name: 'snort.log', holds: ['[**]', '->'], programs: ['snort'], detect: ({ head }) => head.includes('[**]') || head.includes('->') && SNORT_RULE.test(head), read: readSnort };
export const qnap: Format = { name: 'qnap.nas', programs: ['qulogd', 'qlogd'], read: readQnap };
export const kaspersky: Format = { name: 'kaspersky.endpoint', holds: ['^Event type: ', '^Result description: '], detect: ({ head }) => /^(?:Event type|Result description): /.test(head) && /\\r\\n|\n/.test(head), read: readKaspersky };
export const veeam: Format = { name: 'veeam.backup', holds: ['^[categoryId=', 'Veeam_MP'], detect: ({ head }) => head.startsWith('[categoryId=') || head.includes('Veeam_MP') && head.includes('=') && VEEAM_LED.test(head), read: readVeeam };
