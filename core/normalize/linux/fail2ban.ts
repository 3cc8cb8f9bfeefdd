// fail2ban: `fail2ban.actions[991]: NOTICE [sshd] Ban 203.0.113.9`, through syslog or in its file, with a time and its logger before it.
// sshguard, which pfSense and OPNsense have: `Blocking "203.0.113.9/32" for 120 secs (...)`.
// https://github.com/fail2ban/fail2ban/wiki https://www.sshguard.net/docs/
import { readIso } from '../../message/time.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';
import { applyRules, messageRules } from '../rules.js';

const FILE = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d{3}) (fail2ban\.\w{2,20}) *\[(\d{1,10})\]: /;
const SAID = /^(?:fail2ban\.\w{2,20} *\[\d{1,10}\]: )?(?:(DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL) +)?(?:\[([\w.-]{1,64})\] )?(?:(Ban|Unban|Found|Ignore|Restore Ban|Increase Ban|already banned|Attempting ban of) )?([0-9a-fA-F.:]{3,45})?( already banned)?/;
const VERBS = lookup<Action>({ Ban: 'access_denied', 'Restore Ban': 'access_denied', 'Increase Ban': 'access_denied', Unban: 'audit_record', Found: 'audit_record', Ignore: 'audit_record' });

function readFail2ban(draft: Draft): boolean {
  const file = FILE.exec(draft.head), stamp = file === null ? undefined : readIso(file[1] as string, 0);
  draft.timeFrom(stamp);
  if (file !== null) { draft.put('process.name', 'fail2ban'); draft.put('process.pid', file[3]); draft.put('log.logger', file[2]); }
  const said = draft.text.slice(file?.[0].length ?? 0), found = SAID.exec(said.slice(0, 400)), [, level, jail, verb, address = '', already] = found ?? [];
  draft.put('log.level', level?.toLowerCase());
  draft.put('rule.name', jail);
  if (isIp(address)) draft.put('source.ip', address);
  const action = verb === undefined ? undefined : VERBS[verb];
  if (action !== undefined) draft.act(action);
  else if (already !== undefined) draft.act('access_denied');
  else if (/Jail '[^']{1,64}' started/.test(said)) draft.act('service_started');
  else if (/Jail '[^']{1,64}' stopped|Exiting Fail2ban/.test(said)) draft.act('service_stopped');
  draft.put('event.reason', verb ?? (already === undefined ? undefined : 'already banned'));
  draft.put('service.name', 'fail2ban');
  return true;
}

export const fail2ban: Format = { name: 'linux.fail2ban', holds: ['fail0ban.'], programs: ['fail2ban', 'fail2ban-server', 'fail2ban.actions', 'fail2ban.filter', 'fail2ban.jail', 'fail2ban.server', 'fail2ban.observer', 'fail2ban.utils'], detect: ({ head }) => FILE.test(head), read: readFail2ban };

const SSHGUARD = messageRules([
  ['Attack from "{source.ip~}" on service {service.name~} with danger {*}', 'intrusion_detected'],
  ['Blocking "{source.ip~}/{}" for {*}', 'access_denied'],
  ['Blocking "{source.ip~}/{}" forever {*}', 'access_denied'],
  ['{source.ip}: unblocking after {*}', 'audit_record'],
]);
export const sshguard: Format = { name: 'linux.sshguard', programs: ['sshguard'], read: (draft) => applyRules(SSHGUARD, draft.text.trim(), draft) };
