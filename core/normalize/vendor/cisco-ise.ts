// Cisco ISE: `CISE_Passed_Authentications 0000075134 1 0 2026-02-17 09:09:13.790 +00:00 0000075201 5200 NOTICE Passed-Authentication: text, Key=value, Key=value,`.
import { isDigit, isUpper, readIso, resolve } from '../../message/time.js';
import { fillAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { macOf } from '../net.js';
import { putAs } from '../common-names.js';
import { nativeNames } from '../native-names.js';

const NATIVE = nativeNames('cisco.ise');

const KEYS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, {
  'Device IP Address': 'observer.ip', DestinationIPAddress: 'destination.ip', DestinationPort: 'destination.port', UserName: 'user.name', 'User-Name': 'user.name', AdminName: 'user.name', AdminIPAddress: 'source.ip', EndPointMACAddress: 'source.mac',
  'Framed-IP-Address': 'source.nat.ip', 'Remote-Address': 'source.ip', IdentityPolicyMatchedRule: 'rule.name', AuthorizationPolicyMatchedRule: 'rule.name', FailureReason: 'event.reason', NetworkDeviceName: 'observer.name', Protocol: 'network.protocol', 'Client IP Address': 'source.ip', 'NAS-IP-Address': 'observer.ip',
  CmdSet: 'process.command_line', User: 'user.name', PeerAddress: 'source.ip', IpAddress: 'source.ip', ISELocalAddress: 'destination.ip', 'Device Ip': 'observer.ip', 'NAS IP Address': 'observer.ip', 'NAS-Port-Id': 'observer.ingress.interface.name', Admin: 'user.name', 'AD-Account-Name': 'user.name', 'AD-User-Resolved-Identities': 'user.name', 'Device login username': 'user.name', GuestUserName: 'user.name', 'Peer IP Address': 'source.ip',
});

function readIse(draft: Draft): boolean {
  const { text } = draft;
  const alarm = ALARM.exec(draft.head);
  const pairs = alarm !== null ? ['', ...text.slice(alarm[0].length - (alarm[2] ?? '').length).split('; ', 100)] : text.split(/(?<!\\),\s*/, 400);
  if (alarm !== null) { draft.put('log.level', (alarm[1] as string).toLowerCase()); draft.put('event.reason', draft.head.slice(0, alarm[0].length - (alarm[2] ?? '').length).replace(/^[A-Z]+: |[ .:]+$/g, '')); }
  const first = pairs[0] ?? '';
  const stamped = /(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})? [+-]\d\d:\d\d) \d{1,12} (\d{4,6}) ([A-Z]+) /.exec(first.slice(0, 200));
  if (stamped !== null) {
    const stamp = readIso(stamped[1] as string, 0);
    if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
    draft.put('event.code', stamped[2]);
    draft.put('log.level', (stamped[3] as string).toLowerCase());
  }
  const lead = /^\d{6,12} \d+ \d+ +/.exec(first);
  for (const part of [...(lead === null ? [] : [first.slice(lead[0].length)]), ...pairs.slice(1)]) {
    const equals = part.indexOf('=');
    if (equals <= 0 || equals > 80) continue;
    const key = part.slice(0, equals).trim(), value = part.slice(equals + 1).trim();
    draft.fill(NATIVE(key), value);
    const field = KEYS[key];
    if (value === '') continue;
    if (key === 'CmdSet') draft.put('process.command_line', commandOf(value));
    else if (field === 'user.name') fillAccount(draft, 'user', value);
    else if (key === 'Calling-Station-ID' || key === 'PeerAddress') putAs(draft, macOf(value) === undefined ? 'source.ip' : 'source.mac', value);
    else if (field !== undefined) putAs(draft, field, value);
    else if (key === 'cisco-av-pair' && value.startsWith('http-tlv=User-Agent=')) draft.fill('user_agent.original', value.slice(20));
  }
  draft.fill('source.ip', draft.get('observer.ip') ?? draft.get('source.nat.ip')); // where no endpoint says where it is, the device that asked for it; the address given to it stands beside
  draft.put('observer.vendor', 'Cisco');
  draft.put('observer.product', 'ISE');
  if (draft.program.includes('failed') || first.includes('Failed-Attempt')) draft.act('login_failed');
  else if (draft.program.includes('passed') || first.includes('Passed-Auth')) draft.act('login');
  else if (/Administrator-Login: .{0,40}(?:logged off|logout)/i.test(first)) draft.act('logout');
  else if (/Administrator-Login: .{0,60}failed/i.test(first)) draft.act('login_failed');
  else if (/Administrator-Login: .{0,60}succeeded/i.test(first)) draft.act('login');
  else if (/Tacacs-Accounting: .{0,60}Command/i.test(first)) draft.act('shell_command');
  else if (/Radius-Accounting: .{0,60}\b(start|stop)\b/i.test(first)) draft.act(/\bstop\b/i.test(first) ? 'session_closed' : 'session_opened');
  return true;
}

/** `[ CmdAV=show CmdArgAV=running-config CmdArgAV=<cr> ]` is what was typed, word by word; a whole command is left as it is. */
function commandOf(value: string): string {
  const words = [...value.slice(0, 2000).matchAll(/Cmd(?:Arg)?AV=(.*?)(?= Cmd(?:Arg)?AV=| ?\]|$)/g)].map(([, word = '']) => word);
  return words.length < 2 ? value : words.filter((word) => word !== '<cr>').join(' ');
}

/** `INFO: Configuration Changed: Admin=an; Object Type=x; ...`: an alarm without its header. */
const ALARM = /^(INFO|WARN|WARNING|CRITICAL): [A-Z][^=;]{3,120}?[:.] ?:? ?((?:Admin|Server|Device Name|NAS IP Address|User|Endpoint|Node|Object Type)=)/;
const HEADLESS = /^\d{10} \d{1,3} \d{1,3} +(?:\d{4}-|[A-Za-z][\w .-]{1,60}=)/;
export const ciscoIse: Format = { name: 'cisco.ise', holds: ['^CISE_', '^0000000000 0', '^INFO: ', '^WARN: ', '^WARNING: ', '^CRITICAL: '], likePrograms: /^cise_/, detect: ({ head, program }) => program.startsWith('cise_') || head.startsWith('CISE_') || isDigit(head.charCodeAt(0)) && HEADLESS.test(head) || isUpper(head.charCodeAt(0)) && ALARM.test(head) && /; (?:NAS|Device|Object|Server|Admin|Endpoint|Node|User)[\w -]{0,40}=/.test(head), read: readIse };
