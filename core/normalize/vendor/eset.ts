// ESET PROTECT's events as JSON (Syslog, "Events exported to JSON format"): threats, firewall, HIPS, filtered websites, audit.
import { fillAccount } from '../account.js';
import type { Draft } from '../draft.js';
import { has, keepAll, putAll, putJsonTime, textOf, type Flat, type JsonKind, type Names } from '../json-fields.js';
import { putTarget } from '../web/request.js';

const NAMES: Names = [
  ['hostname', 'host.name'], ['threat_name', 'rule.name'], ['rule_name', 'rule.name'], ['rule_id', 'rule.name'], ['source_address', 'source.ip'], ['source_port', 'source.port'], ['target_address', 'destination.ip'], ['target_port', 'destination.port'], ['protocol', 'network.transport'],
  ['processname', 'process.name'], ['process_name', 'process.name'], ['hash', 'file.hash.sha256'], ['detail', 'event.reason'], ['circumstances', 'event.reason'],
];
export const esetJson: JsonKind = {
  dataset: 'eset.protect',
  is: (flat) => has(flat, 'event_type', 'source_uuid') && (textOf(flat, 'event_type') ?? '').endsWith('_Event'),
  read(draft, flat) {
    const type = textOf(flat, 'event_type') ?? '';
    keepAll(draft, 'eset', flat);
    putJsonTime(draft, textOf(flat, 'occured') ?? textOf(flat, 'occurred'), true); // written in UTC
    putAll(draft, flat, NAMES);
    for (const key of ['username', 'account', 'user']) fillAccount(draft, 'user', textOf(flat, key));
    draft.put('observer.vendor', 'ESET');
    putObject(draft, textOf(flat, 'object_uri'));
    act(draft, flat, type);
  },
};

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
  else if (type.startsWith('Hips')) { // an application did something to a target: mostly started it
    const parent = textOf(flat, 'application'), target = textOf(flat, 'target');
    draft.put('process.parent.executable', parent);
    draft.put('process.executable', target);
    draft.put('process.name', target?.slice(Math.max(target.lastIndexOf('\\'), target.lastIndexOf('/')) + 1));
    draft.act('intrusion_detected', blocked ? 'success' : undefined);
  } else if (type.startsWith('FilteredWebsites')) draft.act('proxy_request', blocked ? 'failure' : undefined);
  else if (type.startsWith('Audit')) draft.act(/login attempt/i.test(taken) ? /success/i.test(textOf(flat, 'result') ?? '') ? 'login' : 'login_failed' : /logout/i.test(taken) ? 'logout' : 'config_changed');
  else draft.act('audit_record');
}
