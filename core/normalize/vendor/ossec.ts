// OSSEC's and Wazuh's alerts over syslog in their default format; the line that brought the alert stands behind them.
//   Alert Level: 5; Rule: 5716 - sshd: authentication failed.; Location: (web-01) 192.0.2.8->/var/log/auth.log; classification:  syslog,sshd,; srcip: 203.0.113.9; user: an; <line>
// https://documentation.wazuh.com/current/user-manual/reference/ossec-conf/syslog-output.html
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { actionOfGroups } from '../json-products/endpoints.js';
import { putMachine } from './told.js';

const ALERT = /^Alert Level: (\d{1,2}); Rule: (\d{1,8}) - (.{0,400}?); Location: (?:\(([^)]{1,200})\) ([0-9a-fA-F.:]{2,60}|any)->)?([^;]{1,400});/;
function readOssec(draft: Draft): boolean {
  const found = ALERT.exec(draft.head);
  if (found === null) return false;
  const [whole, level, rule, name, agent, address, place = ''] = found, rest = draft.text.slice(whole.length, whole.length + 4000), value = (key: string): string | undefined => new RegExp(`(?:^|; ) ?${key}: ([^;]{1,400});`).exec(rest)?.[1]?.trim();
  for (const field of ['process.name', 'process.pid']) delete draft.event[field];
  draft.put('observer.name', draft.get('host.name'));
  draft.put('observer.vendor', 'OSSEC'); draft.put('event.kind', 'alert');
  putMachine(draft, agent ?? place.split('->', 1)[0], address === 'any' ? undefined : address);
  draft.put('event.severity', level); draft.put('rule.id', rule); draft.put('rule.name', name?.replace(/\.$/, '')); draft.put('log.file.path', place.slice(place.indexOf('->') < 0 ? 0 : place.indexOf('->') + 2));
  const groups = (value('classification') ?? value('groups') ?? '').split(',').map((one) => one.trim());
  draft.put('rule.category', groups.filter((one) => one !== '').join(','));
  draft.put('source.ip', value('srcip')); draft.put('source.port', value('srcport')); draft.put('destination.ip', value('dstip')); draft.put('destination.port', value('dstport'));
  putAccount(draft, 'user', value('user') ?? value('dstuser'));
  const action = actionOfGroups(new Set(groups));
  if (action !== undefined) draft.act(action);
  return true;
}
export const ossec: Format = { name: 'ossec.alerts', holds: ['^Alert Level: 0'], programs: ['ossec'], detect: ({ head }) => ALERT.test(head), read: readOssec };
