// ESET PROTECT's events as JSON (Syslog, "Events exported to JSON format"), CEF and LEEF: threats, firewall, HIPS, filtered websites, blocked files,
// alerts of Inspect, audit. https://help.eset.com/protect_admin/latest/en-US/events-exported-to-json-format.html
import { fillAccount } from '../account.js';
import type { Action } from '../actions.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import { has, keepAll, putAll, putJsonTime, textOf, type Flat, type JsonKind, type Names } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';
import { putTarget } from '../web/request.js';
import { isBlocked, mean, putMachine, type Told } from './told.js';

const NAMES: Names = [
  ['threat_name', 'rule.name'], ['rule_name', 'rule.name'], ['rulename', 'rule.name'], ['rule_id', 'rule.name'], ['threat_name', 'threat.name'], ['source_address', 'source.ip'], ['source_port', 'source.port'], ['target_address', 'destination.ip'], ['target_port', 'destination.port'], ['protocol', 'network.transport'],
  ['command_line', 'process.command_line'], ['hash', 'file.hash.sha256'], ['detail', 'event.reason'], ['circumstances', 'event.reason'], ['cause', 'event.reason'], ['event', 'event.reason'],
];
export const esetJson: JsonKind = {
  dataset: 'eset.protect',
  is: (flat) => has(flat, 'event_type', 'source_uuid') && (textOf(flat, 'event_type') ?? '').endsWith('_Event'),
  read(draft, flat) {
    const type = textOf(flat, 'event_type') ?? '';
    keepAll(draft, 'eset', flat);
    putJsonTime(draft, textOf(flat, 'occured') ?? textOf(flat, 'occurred'), true); // written in UTC
    putMachine(draft, textOf(flat, 'hostname'), textOf(flat, 'ipv4') ?? textOf(flat, 'ipv6'));
    if (!type.startsWith('Audit')) dropSender(draft);
    putProcess(draft, textOf(flat, 'processname') ?? textOf(flat, 'process_name'));
    putAll(draft, flat, NAMES);
    for (const key of ['username', 'account', 'user']) fillAccount(draft, 'user', textOf(flat, key));
    draft.put('observer.vendor', 'ESET');
    if (has(flat, 'inbound')) draft.put('network.direction', textOf(flat, 'inbound') === 'true' ? 'inbound' : 'outbound');
    putObject(draft, textOf(flat, 'object_uri'));
    act(draft, flat, type);
  },
};

/** The process that the event is about stands in the place of the one that sent it, which runs on another machine. */
function putProcess(draft: Draft, process: string | undefined): void {
  if (process === undefined) return;
  dropSender(draft);
  putAs(draft, 'process.name', process);
}
function dropSender(draft: Draft): void { for (const field of ['process.name', 'process.pid', 'process.executable']) delete draft.event[field]; }

/** `file:///C:/t/a.exe`, `script://...` or a web address. */
function putObject(draft: Draft, object: string | undefined): void {
  if (object === undefined) return;
  if (/^https?:\/\//.test(object)) putTarget(draft, object);
  else draft.put('file.path', object.replace(/^file:\/\/\/?/, ''));
}

function act(draft: Draft, flat: Flat, type: string): void {
  const taken = `${textOf(flat, 'action_taken') ?? ''} ${textOf(flat, 'action') ?? ''}`, blocked = /block|terminat|clean|delet/i.test(taken);
  if (type.startsWith('Threat')) draft.act('malware_detected');
  else if (type.startsWith('Firewall')) draft.act(/block|drop|denied/i.test(`${taken} ${textOf(flat, 'event') ?? ''}`) ? 'connection_denied' : 'connection');
  else if (type.startsWith('Hips')) {
    putOperation(draft, textOf(flat, 'application'), textOf(flat, 'operation') ?? '', textOf(flat, 'target'));
    draft.act('intrusion_detected', blocked ? 'success' : undefined);
  } else if (type.startsWith('FilteredWebsites')) draft.act('proxy_request', blocked ? 'failure' : undefined);
  else if (/^(?:EnterpriseInspector|(?:Eset)?Inspect)/i.test(type)) { draft.act('intrusion_detected'); draft.put('event.kind', 'alert'); }
  else if (type.startsWith('BlockedFiles')) draft.act('process_started', 'failure');
  else if (type.startsWith('Audit')) actAudit(draft, textOf(flat, 'action') ?? '', textOf(flat, 'domain') ?? '', textOf(flat, 'target'), textOf(flat, 'result') ?? '', textOf(flat, 'detail') ?? '');
  else draft.act('audit_record');
}

/** An application did something to a target: mostly ran it, else a file, a key of the registry, another application. */
function putOperation(draft: Draft, application: string | undefined, operation: string, target: string | undefined): void {
  const onKey = /registry/i.test(operation), onFile = /\bfile|\bdisk/i.test(operation);
  if (!onKey && !onFile && !/another application/i.test(operation)) { draft.put('process.parent.executable', application); putProcess(draft, target); return; }
  putProcess(draft, application);
  if (onKey) draft.put('registry.path', target); else if (onFile) draft.put('file.path', target);
}

/** A login is that of the target; other changes to a user are made to it. */
const ON_USERS = lookup<Action>({ create: 'user_created', delete: 'user_deleted', remove: 'user_deleted', modify: 'user_changed', 'modify attributes': 'user_changed', disable: 'user_disabled', enable: 'user_enabled', 'password change': 'password_changed', 'change password': 'password_changed' });
function actAudit(draft: Draft, action: string, domain: string, target: string | undefined, result: string, detail: string): void {
  const outcome = /^fail|denied/i.test(result) ? 'failure' : /^succ/i.test(result) ? 'success' : undefined, change = / user$/i.test(domain) ? ON_USERS[action.toLowerCase()] : undefined;
  if (/login attempt/i.test(action)) {
    fillAccount(draft, 'user', target);
    const from = / from ([0-9a-fA-F.:]{3,45}?)\.?(?:\s|$)/.exec(detail.slice(0, 1000))?.[1];
    if (from !== undefined && isIp(from)) draft.fill('source.ip', from);
    draft.act(outcome === 'success' ? 'login' : 'login_failed');
  } else if (/logout/i.test(action)) { fillAccount(draft, 'user', target); draft.act('logout'); }
  else if (change !== undefined) { fillAccount(draft, 'user.target', target); draft.act(change, outcome); }
  else draft.act('config_changed', outcome);
}

/** The same events as CEF or LEEF, by their category. */
export function readEset(draft: Draft, { value }: Told): void {
  const kind = value('cat') ?? '', taken = value('act') ?? value('actionTaken') ?? value('action'), path = draft.getText('file.path');
  putMachine(draft, value('dvchost') ?? value('deviceName'), value('dvc'));
  putProcess(draft, value('deviceProcessName') ?? value('processName') ?? value('sproc') ?? value('process'));
  if (path !== undefined && path.includes('://')) { delete draft.event['file.path']; putObject(draft, path); }
  if (value('domain') !== undefined && draft.get('user.domain') === value('domain')) delete draft.event['user.domain']; // the kind of object: `Native user`
  draft.fill('rule.name', draft.get('threat.name'));
  if (/Threat Event/.test(kind)) mean(draft, 'malware_detected');
  else if (/Firewall Event/.test(kind)) mean(draft, isBlocked(taken) ? 'connection_denied' : 'connection');
  else if (/HIPS Event/.test(kind)) {
    if (value('cs3Label') === 'Target') { delete draft.event['file.path']; putOperation(draft, path, value('cs2') ?? '', value('cs3')); }
    mean(draft, 'intrusion_detected');
  } else if (/Inspect/.test(kind)) { mean(draft, 'intrusion_detected'); draft.put('event.kind', 'alert'); }
  else if (/Filtered Website/.test(kind)) mean(draft, 'proxy_request', isBlocked(taken) ? 'failure' : undefined);
  else if (/Blocked File/.test(kind)) mean(draft, 'process_started', 'failure');
  else if (/Audit Event/.test(kind)) actAudit(draft, taken ?? '', value('domain') ?? '', value('duser') ?? value('target'), value('outcome') ?? value('result') ?? '', value('msg') ?? value('detail') ?? '');
}
