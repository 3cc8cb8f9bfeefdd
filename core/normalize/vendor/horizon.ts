// VMware (Omnissa) Horizon: events of connection servers and agents over syslog, everything in structured data; the sentence behind it is for people.
//   <14>1 2026-02-17T13:40:03.123+07:00 vcs1 View - 1234 [View@6876 Severity="AUDIT_SUCCESS" Module="Broker" EventType="BROKER_USERLOGGEDIN"
//   UserSID="S-1-5-21-1" UserDisplayName="SO\\an" ClientIpAddress="203.0.113.9"] User SO\an has logged in
// Horizon Administration, "Collecting Horizon Event Log Messages to a Syslog Server"
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { nativeNames } from '../native-names.js';

const NATIVE = nativeNames('vmware_horizon.event'), ID = 'View@6876.';

function readHorizon(draft: Draft): boolean {
  const values = new Map<string, string>();
  for (const [name, value] of draft.structured ?? []) if (name.startsWith(ID)) values.set(name.slice(ID.length), value);
  if (values.size === 0) return false;
  for (const [name, value] of values) draft.keep(NATIVE(name), value);
  const type = values.get('EventType') ?? '', severity = values.get('Severity') ?? '', forwarded = values.get('ForwardedClientIpAddress');
  putAccount(draft, 'user', values.get('UserDisplayName') ?? values.get('UserName'));
  draft.put('user.id', values.get('UserSID'));
  draft.put('source.ip', values.get('ClientIpAddress'));
  if (forwarded !== undefined) draft.put('source.ip', forwarded.split(',', 1)[0]?.trim()); // behind a gateway, the client that it names
  draft.put('destination.domain', values.get('MachineName') ?? values.get('MachineDnsName'));
  draft.put('event.code', type);
  draft.put('log.level', LEVELS[severity]);
  draft.put('service.name', 'horizon');
  const action = actionOf(type, severity);
  if (action !== undefined) draft.act(action, severity === 'AUDIT_FAIL' ? 'failure' : severity === 'AUDIT_SUCCESS' ? 'success' : undefined);
  return true;
}
const LEVELS: Readonly<Record<string, string | undefined>> = { INFO: 'info', WARNING: 'warning', ERROR: 'error', AUDIT_SUCCESS: 'info', AUDIT_FAIL: 'warning' };

function actionOf(type: string, severity: string): Action | undefined {
  if (/AUTHFAIL|LOGIN_?FAILED|LOGON_?FAILED/.test(type)) return 'login_failed';
  if (type.endsWith('USERLOGGEDIN') || type.endsWith('USERLOGGEDIN_REST')) return severity === 'AUDIT_FAIL' ? 'login_failed' : 'login';
  if (type.endsWith('USERLOGGEDOUT') || type.endsWith('USERLOGGEDOUT_REST')) return 'logout';
  if (type === 'AGENT_CONNECTED' || type === 'AGENT_RECONNECTED') return 'session_opened';
  if (type === 'AGENT_DISCONNECTED' || type === 'AGENT_ENDED') return 'session_closed';
  if (type === 'BROKER_USERCHANGEDPASSWORD') return 'password_changed';
  if (severity === 'AUDIT_FAIL' && type.startsWith('BROKER_')) return 'access_denied';
  if (/^(?:ADMIN|VLSI)_.*(?:ADD|CREATE|DELETE|REMOVE|UPDATE|EDIT|CHANGE|ENABLE|DISABLE)/.test(type)) return 'config_changed';
  return undefined;
}

export const horizon: Format = { name: 'vmware_horizon.event', holds: [], ofStructured: true, beforePrograms: true, detect: ({ structured }) => structured?.[0]?.[0].startsWith(ID) === true, read: readHorizon };
