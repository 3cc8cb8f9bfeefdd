// Windows' audit events as text in another language than English. Microsoft translates labels and sections, never their order: of an event whose
// number is known, the values are found by where they stand. The orders are those of the texts in Microsoft's manifests; a text that does not have
// the sections where an order has them is of another version or event, and is left alone.
import type { Value } from '../../event.js';
import { lookup } from '../lookup.js';
import { renderedData } from './rendered.js';

const TEXT_MAX = 8_192, TOKENS_MAX = 200;

/** The event's data by its own names, in whatever language the text is written. */
export function eventDataOf(id: string | undefined, text: string): Record<string, Value> {
  const told = id === undefined ? undefined : toldOf(id, text);
  if (told !== undefined) return told;
  const data = renderedData(text), task = id !== undefined && OF_TASKS.test(id) ? text.indexOf('<Task ') : -1;
  if (task >= 0) data[id === '4702' ? 'TaskContentNew' : 'TaskContent'] = text.slice(task); // to its end, in many lines
  const names = id === undefined ? undefined : RENAMED[id];
  if (names !== undefined) for (const [key, name] of names) if (data[key] !== undefined) { data[name] = data[key]; delete data[key]; }
  return Object.keys(data).length > 1 || id === undefined ? data : byOrder(id, text) ?? data;
}

/** Events whose data have other names than most for the same label. */
const pairs = (text: string): readonly (readonly [string, string])[] => text.split(' ').map((pair) => pair.split('>') as [string, string]);
const FLOW = pairs('IpAddress>SourceAddress IpPort>SourcePort ProcessId>ProcessID');
const RENAMED = lookup({ 21: pairs('IpAddress>Address'), 25: pairs('IpAddress>Address'), 4673: pairs('ServiceName>Service'), 4799: pairs('ProcessName>CallerProcessName ProcessId>CallerProcessId'), 5152: FLOW, 5154: FLOW, 5156: FLOW, 5157: FLOW, 5158: FLOW });

/** Events whose text has its values in a sentence, or one value that may hold anything: each with what its places are called. */
const TOLD: readonly (readonly [ids: readonly string[], form: RegExp, names: readonly string[]])[] = [
  [['4104'], /^Creating Scriptblock text \((\d{1,6}) of (\d{1,6})\):\s{0,4}([\s\S]*?)\s{0,8}ScriptBlock ID: ([0-9a-fA-F-]{36})\s{0,4}(?:Path: ?([^\r\n]{0,1000}))?/, ['MessageNumber', 'MessageTotal', 'ScriptBlockText', 'ScriptBlockId', 'Path']],
  [['4104'], /^Creating Scriptblock text \((\d{1,6}) of (\d{1,6})\):\s{0,4}([\s\S]*)$/, ['MessageNumber', 'MessageTotal', 'ScriptBlockText']],
  [['4103'], /^([\s\S]*?)\s{0,8}Context:\s{1,8}([\s\S]*?)(?:\s{0,8}User Data:|$)/, ['Payload', 'ContextInfo']],
  [['3008'], /^DNS query is completed for the name ([^\s,]{1,255}), type (\d{1,5}), query options (\d{1,20}) with status (\d{1,6})(?: Results (\S{0,4000}))?/, ['QueryName', 'QueryType', 'QueryOptions', 'QueryStatus', 'QueryResults']],
  [['129'], /^Task Scheduler launch task "([^"]{1,400})" ?, instance "([^"]{1,400})" {1,2}with process ID (\d{1,9})/, ['TaskName', 'Path', 'ProcessID']],
  [['106', '140', '141', '142'], /^User "([^"]{1,200})" {1,2}(?:registered|updated|deleted|disabled) (?:the )?Task Scheduler task "([^"]{1,400})"/, ['UserName', 'TaskName']],
  [['104'], /^The (.{1,200}) log file was cleared/, ['Channel']],
  [['7036'], /^The (.{1,200}) service entered the (\w{1,30}) state/, ['param1', 'param2']],
  [['7034'], /^The (.{1,200}) service terminated unexpectedly\. {1,2}It has done this (\d{1,6}) time/, ['param1', 'param2']],
  [['7023'], /^The (.{1,200}) service terminated with the following error: ?\s{0,4}([^\r\n]{1,400})/, ['param1', 'param2']],
];
const TOLD_IDS = new Set(TOLD.flatMap(([ids]) => ids));
function toldOf(id: string, text: string): Record<string, Value> | undefined {
  if (!TOLD_IDS.has(id)) return undefined;
  for (const [ids, form, names] of TOLD) {
    const found = ids.includes(id) ? form.exec(text) : null;
    if (found === null) continue;
    const data: Record<string, Value> = Object.create(null) as Record<string, Value>;
    for (const [i, name] of names.entries()) { const value = found[i + 1]; if (value !== undefined && value !== '') data[name] = value; }
    return data;
  }
  return undefined;
}

const OF_TASKS = /^(?:4698|4699|470[0-2])$/;

/** `#` opens a section; a name is of the value of the next label. What follows the last name is not looked at. */
const S = '# SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId', T = '# TargetUserSid TargetUserName TargetDomainName TargetLogonId';
const PROCESS = '# ProcessId ProcessName', NETWORK = '# WorkstationName IpAddress IpPort', DETAILS = '# LogonProcessName AuthenticationPackageName TransmittedServices LmPackageName KeyLength', TARGET = '# TargetSid TargetUserName TargetDomainName';
const orders = (...texts: readonly string[]): readonly (readonly string[])[] => texts.map((text) => text.split(' '));
const LOGON = (guard: string): string => `${S} # LogonType RestrictedAdminMode ${guard}VirtualAccount ElevatedToken ImpersonationLevel ${T} TargetLinkedLogonId TargetOutboundUserName TargetOutboundDomainName LogonGuid ${PROCESS} ${NETWORK} ${DETAILS}`;
const ACCOUNT = orders(`${S} ${TARGET}`), MEMBER = orders(`${S} # MemberSid MemberName ${TARGET}`);
const ORDERS = lookup({
  1102: orders(S),
  4624: orders(LOGON(''), LOGON('RemoteCredentialGuard '), `${S} LogonType ImpersonationLevel ${T} LogonGuid ${PROCESS} ${NETWORK} ${DETAILS}`, `${S} LogonType ${T} LogonGuid ${PROCESS} ${NETWORK} ${DETAILS}`),
  4625: orders(`${S} LogonType # TargetUserSid TargetUserName TargetDomainName # FailureReason Status SubStatus ${PROCESS} ${NETWORK} ${DETAILS}`),
  4634: orders(`${T} LogonType`), 4647: orders(T), 4672: orders(`${S} PrivilegeList`),
  4648: orders(`${S} LogonGuid # TargetUserName TargetDomainName TargetLogonGuid # TargetServerName TargetInfo ${PROCESS} # IpAddress IpPort`),
  4688: orders(`${S} ${T} # NewProcessId NewProcessName TokenElevationType MandatoryLabel ProcessId ParentProcessName CommandLine`, `${S} # NewProcessId NewProcessName TokenElevationType ProcessId CommandLine`, `${S} # NewProcessId NewProcessName TokenElevationType ProcessId`),
  4689: orders(`${S} ${PROCESS} Status`), 4697: orders(`${S} # ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount`), 4698: orders(`${S} # TaskName`), 4699: orders(`${S} # TaskName`), 4702: orders(`${S} # TaskName`),
  4720: orders(`${S} ${TARGET} # SamAccountName DisplayName`), 4722: ACCOUNT, 4723: ACCOUNT, 4724: ACCOUNT, 4725: ACCOUNT, 4726: ACCOUNT, 4738: ACCOUNT, 4767: ACCOUNT, 4740: orders(`${S} # TargetSid TargetUserName # CallerComputerName`),
  4728: MEMBER, 4729: MEMBER, 4732: MEMBER, 4733: MEMBER, 4756: MEMBER, 4757: MEMBER,
  4768: orders('# TargetUserName TargetDomainName TargetSid # ServiceName ServiceSid # IpAddress IpPort # TicketOptions Status TicketEncryptionType PreAuthType'),
  4769: orders('# TargetUserName TargetDomainName LogonGuid # ServiceName ServiceSid # IpAddress IpPort # TicketOptions TicketEncryptionType Status'),
  4771: orders('# TargetSid TargetUserName # ServiceName # IpAddress IpPort # TicketOptions Status PreAuthType'),
  4776: orders('PackageName TargetUserName Workstation Status'),
});

function byOrder(id: string, text: string): Record<string, Value> | undefined {
  const known = ORDERS[id];
  if (known === undefined) return undefined;
  // Labels and values stand apart by tabs, line ends, or the blanks that an agent has made of both.
  const said = text.slice(0, TEXT_MAX), plain = said.includes('\\r\\n') ? said.replaceAll('\\r\\n', '\n').replace(/([:\n])(?:\\t)+/g, '$1\t') : said;
  const tokens = plain.split(/(?:[ \u00a0]{2}|[\t\r\n]|#01[125])(?:\s|#01[125])*/, TOKENS_MAX).filter((token) => token !== '');
  const start = tokens.findIndex((token) => LABEL.test(token));
  for (const order of known) {
    const data = start < 0 ? undefined : follow(order, tokens, start);
    if (data !== undefined) return data;
  }
  return undefined;
}
const LABEL = /^[^:]{1,80}:(?:\s|$)/;

function follow(order: readonly string[], tokens: readonly string[], start: number): Record<string, Value> | undefined {
  const data: Record<string, Value> = Object.create(null) as Record<string, Value>;
  let at = start;
  for (const name of order) {
    const token = tokens[at];
    if (token === undefined || !LABEL.test(token)) return undefined;
    at++;
    if (token.endsWith(':')) {
      const next = tokens[at] ?? '';
      const empty = next === '' || next.endsWith(':') || (name === '#' && LABEL.test(next));
      if (name === '#') { if (!empty) return undefined; } else if (!empty) { data[name] = next.trim(); at++; }
    } else if (name === '#') return undefined;
    else data[name] = token.slice(token.indexOf(':') + 1).trim();
  }
  return data;
}
