// What an event of Windows means in our words, by its log and its number. The log is the event's dataset, or for the logs of single components
// (`windows.other`) the component of channels.ts. https://learn.microsoft.com/windows/security/threat-protection/auditing/
import { write } from '../../event.js';
import { ACTIONS, type Action } from '../actions.js';
import type { Draft } from '../draft.js';

/** Numbers by log and action: ranges and lists, as Microsoft groups them. */
const SECURITY: Readonly<Partial<Record<Action, string>>> = {
  login: '4624 4648 4768 4769 4770 4776 4964 6272 6278', login_failed: '4625 4771 4772 4773 4777 4649 4820 4821 4822 4823 4825 6273 6274 6275 6276', logout: '4634 4647', session_opened: '4778 4801 4803', session_closed: '4779 4800 4802', privileges_assigned: '4672 4704 4705 4717 4718',
  process_started: '4688', process_ended: '4689', service_installed: '4697', task_created: '4698', task_deleted: '4699', task_changed: '4700 4701 4702', config_changed: '4616 4706 4707 4713 4715 4716 4719 4739 4817 4906 4907 4908 4912 4946 4947 4948 4950 4954 4956 5136 5137 5138 5139 5141 5142 5143 5144 5441 5446 5447 5448 5449 5450 4904 4905 4911 4913 6144 6145 6419 6420 6421 6422 6423 6424 4870 4882 4885 4890 4891 4892 4893 4894 4895 4896 4897 4899 4900',
  user_created: '4720 4741', user_enabled: '4722', password_changed: '4723', password_reset: '4724 4794', user_disabled: '4725', user_deleted: '4726 4743', user_changed: '4738 4742 4765 4766 4780 4781', user_locked: '4740', user_unlocked: '4767',
  group_created: '4727 4731 4744 4749 4754 4759', group_deleted: '4730 4734 4748 4753 4758 4763', group_changed: '4735 4737 4745 4750 4755 4760 4764', group_member_added: '4728 4732 4746 4751 4756 4761', group_member_removed: '4729 4733 4747 4752 4757 4762',
  object_accessed: '4661 4662 5058 5059 5061', privileges_used: '4673 4674', accounts_listed: '4798 4799', credentials_read: '4782 5376 5377 5379 5381 5382', device_connected: '6416', certificate_requested: '4886 4889', certificate_issued: '4887', certificate_denied: '4868 4888',
  log_cleared: '1102', service_started: '4880 5024', service_stopped: '1100 4881 5025 5034', service_failed: '5027 5028 5029 5030 5035 5037', system_started: '4608', system_stopped: '4609', file_opened: '4656 4663 5140 5145', file_deleted: '4660', file_changed: '4670', registry_changed: '4657', connection_allowed: '5154 5156 5158', connection_denied: '5150 5151 5152 5153 5155 5157 5159', access_denied: '5031',
};
const SYSMON: Readonly<Partial<Record<Action, string>>> = {
  thread_injected: '8', disk_read: '9', process_accessed: '10', pipe_created: '17', pipe_connected: '18', wmi_changed: '19 20 21', clipboard_changed: '24', process_tampered: '25',
  process_started: '1', connection: '3', process_ended: '5', driver_loaded: '6', library_loaded: '7', file_created: '11 15 29', registry_changed: '12 13 14', dns_query: '22', file_deleted: '23 26', file_changed: '2', service_started: '4', config_changed: '16', access_denied: '27 28',
};
const SYSTEM: Readonly<Partial<Record<Action, string>>> = { log_cleared: '104', service_installed: '7045', service_failed: '7000 7009 7011 7022 7023 7024 7026 7031 7032 7034 7038', system_started: '6005', system_stopped: '6006 6008 1074', config_changed: '7040' };
const POWERSHELL: Readonly<Partial<Record<Action, string>>> = { shell_command: '4103 4104 800', process_started: '400', process_ended: '403' };
const DEFENDER: Readonly<Partial<Record<Action, string>>> = { malware_detected: '1006 1007 1008 1015 1116 1117 1118 1119', config_changed: '5001 5004 5007 5010 5012 5013', access_denied: '1121 1123 1126', service_failed: '5008' };
const OTHERS: Readonly<Record<string, Readonly<Partial<Record<Action, string>>>>> = {
  defender: DEFENDER, applocker: { process_started: '8002 8003 8005 8006 8020 8021 8023 8024', access_denied: '8004 8007 8022 8025' }, 'dns-server': { dns_query: '256 257 258 259 260 261 262', config_changed: '512 513 514 515 516 517 518 519 520 521 522 523 536 537 541 550 551 552 553' },
  'dns-client': { dns_query: '3006 3008 3009 3010 3011 3016 3018 3019 3020' }, 'terminal-session': { login: '21', logout: '23', session_closed: '24 39 40', session_opened: '22 25' }, 'terminal-remote': { login: '1149', connection: '261' },
  'task-scheduler': { task_created: '106', task_changed: '140', task_deleted: '141', process_started: '100 129 200', process_ended: '102 201' }, 'code-integrity': { access_denied: '3004 3023 3033 3077' }, firewall: { config_changed: '2002 2003 2004 2005 2006 2008 2010 2033 2052 2071 2073 2097 2099', connection_denied: '2011' },
  'kernel-general': { system_started: '12', system_stopped: '13', config_changed: '1' }, 'kernel-power': { system_started: '41', system_stopped: '109' }, print: { document_printed: '307' }, ntlm: { login_failed: '4001 4002 4003 4010 4020 4021' }, 'remote-desktop': { connection: '131', login_failed: '139 140' }, 'remote-client': { connection: '1024 1102' }, 'remote-gateway': { login: '200 300', login_failed: '201 301 304', session_opened: '302', session_closed: '303' },
  installer: { package_installed: '1033 11707', package_changed: '1035', package_removed: '1034 11724' }, 'windows-update': { package_installed: '19' }, 'wmi-activity': { wmi_changed: '5859 5860 5861' }, adfs: { login: '299 412 1200 1202', login_failed: '342 411 1201 1203 1205 1210', logout: '1206 1207', user_locked: '516' },
  'smb-client': { login_failed: '31001' }, dhcp: { config_changed: Array.from({ length: 55 }, (_, i) => String(70 + i)).join(' ') },
  'hyper-v': { system_started: '18500 18518 18596', system_stopped: '18502 18504 18508 18510 18516', process_crashed: '18560 18590', config_changed: '13002 13003 18303 18304' }, 'smb-server': { login_failed: '551', access_denied: '1006' }, bits: { connection_started: '59', connection_ended: '60 61' }, 'application-error': { process_crashed: '1000 1002' }, 'sql-server': { database_login: '18453 18454 18455', database_login_failed: '18456 18451 18452 18470 18486 18487 18488' },
};
/** Where the log is not known: numbers that no other component uses for something else. */
const ANY: Readonly<Partial<Record<Action, string>>> = { log_cleared: '104', service_installed: '7045', service_failed: '7034', system_started: '6005', system_stopped: '6006', malware_detected: '1116 1117', shell_command: '4103 4104' };

const byNumber = (table: Readonly<Partial<Record<Action, string>>>): ReadonlyMap<string, Action> => new Map(Object.entries(table).flatMap(([action, numbers]) => numbers.split(' ').map((number) => [number, action as Action] as const)));
const MEANINGS = new Map([['windows.security', byNumber(SECURITY)], ['windows.sysmon', byNumber(SYSMON)], ['windows.system', byNumber(SYSTEM)], ['windows.powershell', byNumber(POWERSHELL)], ...Object.entries(OTHERS).map(([name, table]) => [name, byNumber(table)] as const)]);
const MEANINGS_OF_ANY = byNumber(ANY);

/** Says what happened: by the number, and by whether the audit calls it a success or a failure. */
export function putMeaning(draft: Draft, log: string, id: string, result: 'success' | 'failure' | undefined): void {
  const known = MEANINGS.get(log)?.get(id) ?? MEANINGS_OF_ANY.get(id);
  if (known === undefined) { if (result !== undefined) write(draft.event, 'event.outcome', result); return; }
  if (result === 'failure') draft.act(known === 'login' ? 'login_failed' : known, 'failure');
  else draft.act(known, ACTIONS[known].outcome === undefined ? result : undefined);
}
