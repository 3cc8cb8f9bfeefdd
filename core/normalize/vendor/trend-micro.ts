// Trend Micro's CEF and LEEF: Deep Security by the ranges of its event ids, Apex Central by the log's kind before the colon, Deep Discovery, TippingPoint.
// https://help.deepsecurity.trendmicro.com/20_0/on-premise/syslog-parsing.html, https://docs.trendmicro.com (Apex Central, syslog content mapping)
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import { isBlocked, mean, putMachine, type Told } from './told.js';

export function readTrendMicro(draft: Draft, told: Told): void {
  const { product } = told;
  if (/^\d+$/.test(draft.getText('event.action') ?? '')) delete draft.event['event.action']; // a number of its own tables
  if (product === 'Deep Security Manager') readManager(draft, told);
  else if (product.startsWith('Deep Security')) readAgent(draft, told);
  else if (told.code.startsWith('MS:') || MAIL_GATEWAYS.test(product)) readMail(draft, told);
  else if (product === 'Apex Central' || product === 'Control Manager') readCentral(draft, told);
  else if (told.value('fileHash') !== undefined && draft.has('threat.name') && told.value('dst') === undefined) mean(draft, 'malware_detected'); // what the sandbox found in a file
  else if (product.startsWith('Deep Discovery') && told.value('src') !== undefined && told.value('dst') !== undefined) { draft.fill('rule.name', told.name); draft.fill('threat.name', told.value('malName')); mean(draft, 'intrusion_detected', isBlocked(told.value('act')) ? 'failure' : undefined); }
}

/** `User Signed In`, `Administrator Created`: whom it is about is the target. */
const MANAGED = lookup<Action>({
  'Signed In': 'login', 'Signed Out': 'logout', 'Timed Out': 'logout', 'Session Terminated': 'logout', 'Sign In Failed': 'login_failed', 'Session Validation Failed': 'login_failed', 'Locked Out': 'user_locked', Unlocked: 'user_unlocked',
  Created: 'user_created', Deleted: 'user_deleted', Updated: 'user_changed', 'Password Set': 'password_changed',
});
const CHANGED = /^(?!.*\b(?:Alert|Report|Task)\b).{3,80} (?:Created|Updated|Deleted|Imported|Assigned|Unassigned|Duplicated|Renamed)$/;
function readManager(draft: Draft, { name, value }: Told): void {
  const who = /^(?:User|Administrator) (.{3,40})$/.exec(name)?.[1], action = who === undefined ? undefined : MANAGED[who], target = value('target');
  if (action === undefined && value('suser') !== 'System' && CHANGED.test(name)) draft.act('config_changed', 'success');
  if (action === undefined) return;
  if (action === 'login' || action === 'logout' || action === 'login_failed') draft.put('user.name', target); else draft.put('user.target.name', target);
  draft.act(action);
}

function readAgent(draft: Draft, { code, name, value }: Told): void {
  const id = Number(code), acted = value('act') ?? '', blocked = isBlocked(acted) && !acted.startsWith('IDS:') /* what it would have done, where it only detects */, outcome = blocked ? 'failure' : undefined;
  putMachine(draft, value('dvchost') ?? value('dvc'), value('dvc'));
  draft.fill('process.executable', value('processName'));
  if (id >= 4_000_000 && id < 5_000_000) { draft.fill('threat.name', name); mean(draft, 'malware_detected'); }
  else if (id >= 5_000_000 && id < 6_000_000) mean(draft, 'proxy_request', blocked || isBlocked(value('msg')) ? 'failure' : undefined);
  else if (id >= 6_000_000 && id < 7_000_000 || value('cat') === 'AppControl') mean(draft, 'process_started', outcome);
  else if (id >= 7_000_000 && id < 8_000_000) mean(draft, 'file_opened', outcome);
  else if (id >= 1_000_000 && id < 2_000_000 || id >= 200 && id < 400) { draft.fill('rule.name', name); draft.fill('rule.id', code); mean(draft, 'intrusion_detected', outcome); }
  else if (id >= 2_000_000 && id < 3_000_000 || id === 30) { draft.fill('rule.name', name); mean(draft, CHANGES[(value('act') ?? '').toLowerCase()] ?? 'file_changed'); }
  else if (id >= 3_000_000 && id < 4_000_000 || id === 40) draft.fill('rule.name', name);
  else if (id >= 100 && id < 200 || id === 20 || id === 21) { draft.fill('rule.name', name); if (id === 20) mean(draft, 'connection'); else mean(draft, 'connection_denied'); }
}
const CHANGES = lookup<Action>({ created: 'file_created', deleted: 'file_deleted' });

/** By what stands before the colon of `AV:File quarantined`, or the whole of what has none. */
const CENTRAL = lookup<Action>({
  AV: 'malware_detected', PML: 'malware_detected', VSE: 'malware_detected', 'Spyware Detected': 'malware_detected', SB: 'malware_detected', CnC: 'connection', NCIE: 'intrusion_detected', IPS: 'intrusion_detected', BM: 'intrusion_detected', '700220': 'intrusion_detected', WB: 'proxy_request', DLP: 'file_opened', DAC: 'file_opened', DC: 'file_opened', EAC: 'process_started',
});
function readCentral(draft: Draft, { code, name, value }: Told): void {
  const kind = code.split(':', 1)[0] as string, action = CENTRAL[kind];
  putMachine(draft, value('TMCMLogDetectedHost'), value('TMCMLogDetectedIP'));
  if (code === '700211') readAccess(draft, value('msg') ?? '');
  if (action === undefined) return;
  if (kind === 'AV') draft.fill('threat.name', name);
  mean(draft, action, action !== 'malware_detected' && isBlocked(value('act')) ? 'failure' : undefined);
}

/** `A user with the Administrator role(s) has logged on. Detail Information :UserName:SO\\an,IP address:192.0.2.7, EventType:...`. */
function readAccess(draft: Draft, said: string): void {
  putAccount(draft, 'user', /\bUserName: ?([^,]{1,128}),/.exec(said.slice(0, 1000))?.[1]?.replaceAll('\\\\', '\\'));
  draft.put('source.ip', /\bIP address: ?([0-9a-fA-F.:]{3,45})/.exec(said.slice(0, 1000))?.[1]);
  draft.act(/log(?:ged)? ?off|log(?:ged)? ?out\./i.test(said.slice(0, 200)) ? 'logout' : /fail|unable/i.test(said.slice(0, 200)) ? 'login_failed' : 'login');
}

/** A mail: who sent it, to whom, what about, what was done with it. */
const MAIL_GATEWAYS = /Email (?:Inspector|Security)|^TMES$|^IMSVA$|^InterScan Messaging/, KEPT = /quarantin|delet|block|reject|drop/i;
function readMail(draft: Draft, { code, name, value }: Told): void {
  const from = value('senderMail') ?? value('suser') ?? value('shost'), to = value('duser') ?? value('rcptMail') ?? value('dhost'), found = draft.getText('threat.name');
  for (const field of ['user.name', 'source.user.name', 'destination.user.name', 'user.target.name', 'source.domain', 'destination.domain']) if (draft.getText(field)?.includes('@') === true) Reflect.deleteProperty(draft.event, field);
  if (/AUDIT|SYSTEM/.test(name)) { draft.fill('user.name', value('suser')); return; }
  if (from?.includes('@') === true) draft.put('email.from.address', from);
  if (to?.includes('@') === true) { const all = to.split(/[;,] ?/, 100); draft.put('email.to.address', all.length > 1 ? all : to); }
  draft.fill('email.subject', value('mailMsgSubject') ?? value('msg'));
  mean(draft, found !== undefined ? 'malware_detected' : KEPT.test(`${value('act') ?? ''} ${code}`) ? 'mail_rejected' : 'mail');
}

/** TippingPoint's management: the filter is the event's name, behind its number. */
export function readTippingPoint(draft: Draft, { code, name, value }: Told): void {
  const filter = name.replace(/^\d{1,6}: /, '');
  draft.fill('rule.name', filter);
  draft.fill('rule.id', code.replace(/^0+(?=\d)/, ''));
  mean(draft, 'intrusion_detected', isBlocked(value('act')) ? 'failure' : undefined);
}
