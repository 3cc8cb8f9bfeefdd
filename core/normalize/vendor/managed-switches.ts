// Switches whose messages name a component: Extreme's EXOS (`<Warn:AAA.authFail> Login failed for user an through ssh (192.0.2.7)`), Dell's OS10
// (`Node.1-Unit.1:PRI [event], Dell EMC (OS10) %IFM_OSTATE_DN: text :ethernet1/1/5`) and those on Broadcom's FASTPATH, Dell's N series, Netgear and others
// (`traputil.c(721) 1234 %% Link Up: Unit: 1 Slot: 0 Port: 5`).
import type { Action } from '../actions.js';
import { fillAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { nativeNames } from '../native-names.js';
import { macOf } from '../net.js';
import { readSentence } from '../sentences.js';

const EXOS = /^<(Crit|Erro|Warn|Noti|Info|Summ|Verb|Data):([A-Za-z][\w.-]{1,80})> ?(?:(?:Slot-\d{1,2}|MSM-[AB]|MM-[AB]): )?(?:: )?/, EXTREME = nativeNames('extreme.exos');
const LEVELS: Readonly<Record<string, string | undefined>> = { Crit: 'critical', Erro: 'error', Warn: 'warning', Noti: 'notice', Info: 'informational', Summ: 'informational', Verb: 'debug', Data: 'debug' };
function readExos(draft: Draft): boolean {
  const found = EXOS.exec(draft.head), ofProgram = found === null && draft.program !== '' && TOLD.test(draft.head);
  if (found === null && !ofProgram) return false;
  const said = draft.text.slice(found?.[0].length ?? 0, 2000);
  if (found !== null) { const condition = found[2] as string; draft.put('event.code', condition); draft.put('log.level', LEVELS[found[1] as string]); draft.put(EXTREME('component'), condition.slice(0, condition.lastIndexOf('.')) || condition); }
  draft.put('observer.vendor', 'Extreme Networks'); draft.put('observer.product', 'EXOS');
  const typed = /^(\S{1,64}) \(([0-9a-fA-F.:]{3,45})\) (?:\w{2,12}|\S{1,20}): (.{1,1000})$/s.exec(said);
  if (typed !== null) { fillAccount(draft, 'user', typed[1]); draft.put('source.ip', typed[2]); draft.put('process.command_line', typed[3]?.trim()); draft.act(CHANGES.test(typed[3] ?? '') ? 'config_changed' : 'shell_command'); return true; }
  readPerson(draft, said);
  draft.put('observer.ingress.interface.name', /\b[Pp]ort (\d{1,2}:\d{1,3}|\d{1,3})\b/.exec(said)?.[1]);
  return true;
}
const TOLD = /^(?:Slot-\d{1,2}: )?(?:Login passed|Login failed|Administrative account) /, CHANGES = /^(?:configure|create|delete|enable|disable|save|unconfigure|clear|reboot|use |download|install)/;

function readPerson(draft: Draft, said: string): void {
  const login = /\bfor user (\S{1,64})(?: through (\w{2,12}))?(?: \(([0-9a-fA-F.:]{3,45})\))?/.exec(said) ?? /\b[Uu]ser (\S{1,64}) (?:logout|logged (?:in|out)|[Ff]ailed to login)(?: from ([A-Za-z]\w{1,11}))?(?: \(([0-9a-fA-F.:]{3,45})\))?/.exec(said);
  if (login !== null) { fillAccount(draft, 'user', login[1]); draft.put('network.protocol', login[2]); draft.put('source.ip', login[3]); }
  readSentence(draft, said);
  draft.fill('source.mac', macOf(/\b(?:MAC(?: address)?:?|mac|client) ((?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2})/.exec(said)?.[1] ?? ''));
  const action: Action | undefined = /login fail|fail(?:ed|ure).{0,20}log ?in|authentication fail|log ?in.{0,20}\bfail/i.test(said) ? 'login_failed' : /logged out|logout|log ?off/i.test(said) ? 'logout' : /login (?:passed|success)|logged in|log ?in to|authentication success/i.test(said) ? 'login' : /config(?:uration)?.{0,20}(?:saved|changed|written)|saved to/i.test(said) ? 'config_changed' : undefined;
  if (action !== undefined) draft.act(action);
}

// --- Dell OS10 -----------------------------------------------------------------------------------------------------------------------
const OS10 = /^Node\.\d{1,3}-Unit\.\d{1,3}:PRI (?:\[(\w{2,12})\],? ?)?(?:Dell (?:EMC |Technologies )?\(OS10\) )?(?:%([A-Z][A-Z0-9_]{1,60}): ?)?/, DELL = nativeNames('dell.switch');
function readOs10(draft: Draft): boolean {
  const found = OS10.exec(draft.head);
  if (found === null) return false;
  const said = draft.text.slice(found[0].length, found[0].length + 2000), [, kind, code] = found;
  draft.put('event.code', code); draft.put(DELL('kind'), kind);
  draft.put('observer.vendor', 'Dell'); draft.put('observer.product', 'OS10');
  const typed = /^(?:User )?(\S{1,64}),? ?(?:from )?([0-9a-fA-F.:]{3,45})?,? ?(?:executed|cmd|command):? ?(.{1,1000})$/s.exec(said);
  if (typed !== null) { fillAccount(draft, 'user', typed[1]); draft.put('source.ip', typed[2]); draft.put('process.command_line', typed[3]); draft.act('shell_command'); return true; }
  draft.put('observer.ingress.interface.name', /:((?:ethernet|port-channel|mgmt|vlan|loopback)\d[\w/:]{0,20})\s*$/.exec(said)?.[1]);
  readPerson(draft, said);
  return true;
}

// --- FASTPATH ------------------------------------------------------------------------------------------------------------------------
const FASTPATH = /^([\w-]{2,40}\.c(?:pp)?)\((\d{1,6})\) (\d{1,10}) %% (?:([A-Z]{4,6}) )?/;
function readFastpath(draft: Draft): boolean {
  const found = FASTPATH.exec(draft.head);
  if (found === null) return false;
  const said = draft.text.slice(found[0].length, found[0].length + 2000);
  draft.put('log.origin.file.name', found[1]); draft.put('log.origin.file.line', Number(found[2])); draft.put(DELL('level'), found[4]);
  const typed = /^(?:CLI|WEB|HTTP|SSH|TELNET|EIA-232)?:?([0-9a-fA-F.]{3,45}|EIA-232):([^:\s]{1,64}):(.{1,1000})$/s.exec(said);
  if (typed !== null) { draft.put('source.ip', typed[1] === 'EIA-232' ? undefined : typed[1]); fillAccount(draft, 'user', typed[2]); }
  const unit = /Unit: (\d{1,3}),? Slot: (\d{1,3}),? Port: (\d{1,4})/.exec(said)?.slice(1).join('/');
  draft.put('observer.ingress.interface.name', unit ?? /(?:[Ii]nterface|[Pp]ort|Link (?:Up|Down)):? ((?:Gi|Te|Fo|Po|Tw|Hu|g|xg)\d[\w/]{0,12}|\d{1,2}\/\d{1,3}(?:\/\d{1,3})?)\b/.exec(said)?.[1]);
  readPerson(draft, said);
  if (typed !== null && !draft.has('event.action')) { draft.put('process.command_line', typed[3]?.trim()); draft.act('shell_command'); }
  return true;
}

// --- ZTE ZXR10 -----------------------------------------------------------------------------------------------------------------------
// 15:41:22 02/17/2026 UTC alarm 6 occurred. %ENVIRONMENT% Rack fan 1 wrong sent by MPU 1
const ALARM = /^(?:\d\d:\d\d:\d\d \d\d\/\d\d\/\d{4} \S{2,8} )?(?:An )?alarm (\d{1,6})(?: ID \d{1,6})?(?: level (\d))? (occurred|cleared)\b/, TYPE = /%([A-Za-z][\w-]{1,30})% ?(.{1,1000}?)(?: sent by ([\w ()/.-]{1,60}))?$/s, ZTE = nativeNames('zte.zxr10');
function readZxr(draft: Draft): boolean {
  const found = ALARM.exec(draft.head), type = TYPE.exec(draft.text.slice(0, 2000).trimEnd());
  if (found === null || type === null) return false;
  const said = type[2] as string;
  for (const [field, value] of [['event.code', found[1]], ['event.severity', found[2]], [ZTE('state'), found[3]], [ZTE('type'), type[1]], [ZTE('sender'), type[3] ?? / sent by (\S{1,60}) %/.exec(draft.head)?.[1]], ['event.reason', said.trim()], ['observer.vendor', 'ZTE'], ['observer.product', 'ZXR10']] as const) draft.put(field, value);
  draft.put('observer.ingress.interface.name', /\b((?:x?gei|fei|smartgroup|vlan|mgmt_eth)[-_]?\d[\d/.]{0,20})(?= |\.|,|$)/.exec(said)?.[1]);
  readPerson(draft, said);
  return true;
}

export const zxr10: Format = { name: 'zte.zxr10', holds: ['alarm 0'], detect: ({ head }) => ALARM.test(head), read: readZxr };
export const exos: Format = { name: 'extreme.exos', programs: ['aaa'], holds: ['^<Crit:', '^<Erro:', '^<Warn:', '^<Noti:', '^<Info:', '^<Summ:', '^<Verb:', '^<Data:'], detect: ({ head }) => EXOS.test(head), read: readExos };
export const os10: Format = { name: 'dell.switch', beforePrograms: true, holds: ['^Node.0'], detect: ({ head }) => head.startsWith('Node.') && OS10.test(head), read: readOs10 };
export const fastpath: Format = { name: 'fastpath.log', holds: [' %% '], detect: ({ head }) => FASTPATH.test(head), read: readFastpath };
