// Windows events as text that people read: `An account failed to log on. Subject: Security ID: S-1-0-0 Account Name: - ... Source Network Address:
// 192.0.2.1`, each value on a line of its own, or all on one, as agents flatten it. Labels are turned back into the names of the event's data, by the
// section they stand in: the texts are those of Microsoft's manifests (https://learn.microsoft.com/windows/security/threat-protection/auditing).
import type { Value } from '../../event.js';
import { lookup, type Lookup } from '../lookup.js';
import { isUpper } from '../../message/time.js';
import { codeAt, codeInside } from '../../text.js';

const TEXT_MAX = 16_384, VALUES_MAX = 200;

/** Labels that only open a section, with what it is about. */
const SECTIONS: Lookup<string> = lookup({
  'Subject': 'subject', 'Creator Subject': 'subject', 'Target Subject': 'target', 'New Logon': 'target', 'Account For Which Logon Failed': 'target', 'Account Whose Credentials Were Used': 'target', 'Target Account': 'target', 'New Account': 'target', 'Account That Was Locked Out': 'target', 'User': 'target', 'Account Information': 'target', 'Target Computer': 'target', 'New Computer Account': 'target', 'Computer Account That Was Changed': 'target',
  'Member': 'member', 'Group': 'group', 'New Group': 'group', 'Deleted Group': 'group', 'Target Group': 'group', 'Process Information': 'process', 'Process': 'process', 'Network Information': 'network', 'Failure Information': 'failure', 'Logon Information': 'logon', 'Object': 'object', 'Service Information': 'service', 'Service': 'service', 'Additional Information': 'more', 'Detailed Authentication Information': 'authentication', 'Target Server': 'server',
  'Application Information': 'application', 'Filter Information': 'filter', 'Share Information': 'share', 'Access Request Information': 'access', 'Task Information': 'task', 'Attributes': 'attributes', 'Changed Attributes': 'attributes', 'Session': 'session', 'Certificate Information': 'certificate', 'Pre-authentication': 'more', 'Access Check Results': 'access', 'Change Type': 'more', 'Provider Information': 'more',
});
/** Values: `section.label`, or a label alone for every section, and its name in the event's data. */
const NAMES: Lookup<string> = lookup({
  'subject.Security ID': 'SubjectUserSid', 'subject.Account Name': 'SubjectUserName', 'subject.Account Domain': 'SubjectDomainName', 'subject.Domain Name': 'SubjectDomainName', 'subject.Logon ID': 'SubjectLogonId',
  'target.Security ID': 'TargetUserSid', 'target.Account Name': 'TargetUserName', 'target.Account Domain': 'TargetDomainName', 'target.Supplied Realm Name': 'TargetDomainName', 'target.Domain Name': 'TargetDomainName', 'target.Logon ID': 'TargetLogonId', 'target.Logon GUID': 'LogonGuid', 'target.User ID': 'TargetSid', 'target.Old Account Name': 'OldTargetUserName', 'target.New Account Name': 'NewTargetUserName', 'target.Linked Logon ID': 'TargetLinkedLogonId',
  'session.Session Name': 'SessionName', 'more.Client Name': 'ClientName', 'more.Client Address': 'ClientAddress', 'more.Caller Computer Name': 'CallerComputerName', 'subject.Caller Computer Name': 'CallerComputerName', 'target.Caller Computer Name': 'CallerComputerName',
  'member.Security ID': 'MemberSid', 'member.Account Name': 'MemberName', 'group.Security ID': 'TargetSid', 'group.Account Name': 'TargetUserName', 'group.Group Name': 'TargetUserName', 'group.Account Domain': 'TargetDomainName', 'group.Group Domain': 'TargetDomainName',
  'network.Client Address': 'IpAddress', 'network.Client Port': 'IpPort', 'network.Source Network Address': 'IpAddress', 'network.Source Port': 'IpPort', 'network.Network Address': 'IpAddress', 'network.Port': 'IpPort', 'network.Workstation Name': 'WorkstationName', 'network.Source Address': 'IpAddress', 'network.Destination Address': 'DestAddress', 'network.Destination Port': 'DestPort', 'network.Protocol': 'Protocol', 'network.Direction': 'Direction', 'network.Object Type': 'ObjectType',
  'User': 'User', 'Session ID': 'SessionID', 'Source Network Address': 'IpAddress', 'Source Workstation': 'Workstation', 'Logon Account': 'TargetUserName', 'Workstation Name': 'WorkstationName',
  'process.Process ID': 'ProcessId', 'process.Process Name': 'ProcessName', 'process.New Process ID': 'NewProcessId', 'process.New Process Name': 'NewProcessName', 'process.Caller Process ID': 'ProcessId', 'process.Caller Process Name': 'ProcessName', 'process.Creator Process ID': 'ProcessId', 'process.Creator Process Name': 'ParentProcessName', 'process.Process Command Line': 'CommandLine', 'process.Token Elevation Type': 'TokenElevationType', 'process.Mandatory Label': 'MandatoryLabel', 'process.Exit Status': 'Status',
  'application.Process ID': 'ProcessId', 'application.Application Name': 'Application', 'Logon Type': 'LogonType', 'Failure Reason': 'FailureReason', 'Status': 'Status', 'Sub Status': 'SubStatus', 'Logon Process': 'LogonProcessName', 'Authentication Package': 'AuthenticationPackageName', 'Package Name (NTLM only)': 'LmPackageName', 'Key Length': 'KeyLength', 'Transited Services': 'TransmittedServices', 'Impersonation Level': 'ImpersonationLevel', 'Restricted Admin Mode': 'RestrictedAdminMode', 'Virtual Account': 'VirtualAccount', 'Elevated Token': 'ElevatedToken',
  'object.Object Server': 'ObjectServer', 'object.Object Type': 'ObjectType', 'object.Object Name': 'ObjectName', 'object.Handle ID': 'HandleId', 'object.Object Value Name': 'ObjectValueName', 'Accesses': 'AccessList', 'Access Mask': 'AccessMask', 'Share Name': 'ShareName', 'Share Path': 'ShareLocalPath', 'Relative Target Name': 'RelativeTargetName', 'Privileges': 'PrivilegeList',
  'service.Service Name': 'ServiceName', 'service.Service ID': 'ServiceSid', 'service.Service File Name': 'ServiceFileName', 'service.Server': 'ObjectServer', 'Service Name': 'ServiceName', 'Service File Name': 'ImagePath', 'Service Type': 'ServiceType', 'Service Start Type': 'StartType', 'Service Account': 'AccountName', 'Task Name': 'TaskName', 'Task Content': 'TaskContent',
  'Ticket Options': 'TicketOptions', 'Ticket Encryption Type': 'TicketEncryptionType', 'Result Code': 'Status', 'Failure Code': 'Status', 'Error Code': 'Status', 'Pre-Authentication Type': 'PreAuthType', 'server.Target Server Name': 'TargetServerName', 'SAM Account Name': 'SamAccountName', 'User Principal Name': 'UserPrincipalName', 'Display Name': 'DisplayName', 'Caller Computer Name': 'CallerComputerName', 'Read Operation': 'ReadOperation', 'Group Membership': 'GroupMembership', 'Security Package': 'AuthenticationPackageName',
});
/** Every label, all of which begin with a capital letter: the section it opens, the value it names in any section, and in each. */
interface Label { readonly section: string | undefined; readonly name: string | undefined; readonly named: ReadonlyMap<string, string> }
const LABELS: ReadonlyMap<string, Label> = new Map([...new Set([...Object.keys(SECTIONS), ...Object.keys(NAMES).map((name) => name.slice(name.indexOf('.') + 1)), 'Handle ID', 'Desired Access', 'Transaction ID', 'Access Reasons', 'Restricted SID Count', 'Process ID', 'Process Name', 'Network Account Name', 'Network Account Domain', 'Home Directory', 'Home Drive', 'Script Path', 'Profile Path', 'User Workstations', 'Password Last Set', 'Account Expires', 'Primary Group ID', 'Allowed To Delegate To', 'Old UAC Value', 'New UAC Value', 'User Account Control', 'User Parameters', 'SID History', 'Logon Hours', 'DNS Host Name', 'Service Principal Names', 'Additional Info', 'Expiration time', 'Certificate Issuer Name', 'Certificate Serial Number', 'Certificate Thumbprint', 'Filter Run-Time ID', 'Layer Name', 'Layer Run-Time ID', 'Ticket Information', 'Logon GUID', 'Security ID', 'Account Name', 'Account Domain', 'Logon ID', 'Remote Credential Guard'])].map((label) => [label, { section: SECTIONS[label], name: NAMES[label], named: new Map(Object.entries(NAMES).filter(([key]) => key.endsWith(`.${label}`)).map(([key, name]) => [key.slice(0, key.indexOf('.')), name ?? ''])) }]));
const LABEL_WORDS_MAX = 5, LABEL_CHARS_MAX = 61;

/** The event's data by its own names. */
export function renderedData(text: string): Record<string, Value> {
  const said = text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) : text, data: Record<string, Value> = Object.create(null) as Record<string, Value>;
  let section = '', count = 0;
  const take = (label: string, value: string): void => {
    const plain = value.trim(), known = LABELS.get(label);
    if (known === undefined) return;
    const name = known.named.get(section) ?? known.name;
    if (known.section !== undefined && (plain === '' || name === undefined)) { section = known.section; return; }
    if (name === undefined || plain === '' || count >= VALUES_MAX) return;
    data[name] = plain; // of two the last: what somebody typed stands before what Windows knows
    count++;
  };
  if ((said.includes('\n') || said.includes('\\r\\n') || said.includes('#012')) && LINES.test(said)) {
    for (const line of said.split(/\r?\n|\\r\\n|#015#012|#012/, 400)) {
      const start = line.replace(/^(?:\s|\\t|#011)+/, ''), colon = start.indexOf(':'), label = colon > 0 && colon < 50 ? start.slice(0, colon) : '';
      if (LABELS.has(label)) take(label, start.slice(colon + 1).replace(/(?:\\t|#011)/g, ' '));
    }
  } else eachLabel(said, take);
  return data;
}
/** Two line ends with a label before each at least: values stand on lines of their own. */
const LINES = /:[^\n]{0,200}(?:\n|\\r\\n|#012)[^:]{0,80}:/;

/** Labels in running text: a value reaches to the next label. */
function eachLabel(text: string, take: (label: string, value: string) => void): void {
  let label = '', from = 0;
  for (let colon = text.indexOf(':'), tries = 0; colon >= 0 && tries < 2000; colon = text.indexOf(':', colon + 1), tries++) {
    const next = codeAt(text, colon + 1);
    if (!(next === 32 || next === 9 || Number.isNaN(next))) continue;
    const start = labelBefore(text, colon, from);
    if (start < 0) continue;
    if (label !== '') take(label, text.slice(from, start));
    label = text.slice(start, colon);
    from = colon + 1;
  }
  if (label !== '') take(label, text.slice(from));
}
/** Where the longest label that ends at `colon` begins, or -1. Looks back no further than a label is long. */
function labelBefore(text: string, colon: number, floor: number): number {
  let found = -1;
  for (let at = colon - 1, words = 0; words < LABEL_WORDS_MAX && at >= floor - 1 && colon - at <= LABEL_CHARS_MAX; at--) {
    const c = at < floor ? 32 : codeInside(text, at);
    if (c !== 32 && c !== 9) continue;
    words++;
    if (at + 1 < colon && isUpper(codeInside(text, at + 1)) && LABELS.has(text.slice(at + 1, colon))) found = at + 1;
    if (at === floor) break;
  }
  return found;
}

/** The event that a first sentence belongs to, where an agent sends no number. */
const SENTENCES: Lookup<string> = lookup({
  'An account was successfully logged on': '4624', 'An account failed to log on': '4625', 'An account was logged off': '4634', 'User initiated logoff': '4647', 'A logon was attempted using explicit credentials': '4648', 'Special privileges assigned to new logon': '4672', 'A new process has been created': '4688', 'A process has exited': '4689', 'A service was installed in the system': '7045',
  'A scheduled task was created': '4698', 'A scheduled task was deleted': '4699', 'A scheduled task was updated': '4702', 'System audit policy was changed': '4719', 'A user account was created': '4720', 'A user account was enabled': '4722', "An attempt was made to change an account's password": '4723', "An attempt was made to reset an account's password": '4724', 'A user account was disabled': '4725', 'A user account was deleted': '4726',
  'A member was added to a security-enabled global group': '4728', 'A member was removed from a security-enabled global group': '4729', 'A member was added to a security-enabled local group': '4732', 'A member was removed from a security-enabled local group': '4733', 'A user account was changed': '4738', 'A user account was locked out': '4740', 'A member was added to a security-enabled universal group': '4756', 'A user account was unlocked': '4767', 'A Kerberos authentication ticket (TGT) was requested': '4768',
  'A Kerberos service ticket was requested': '4769', 'A Kerberos service ticket was renewed': '4770', 'Kerberos pre-authentication failed': '4771', 'The computer attempted to validate the credentials for an account': '4776', 'The domain controller attempted to validate the credentials for an account': '4776', 'The audit log was cleared': '1102', 'A network share object was accessed': '5140', 'An attempt was made to access an object': '4663', 'A handle to an object was requested': '4656', 'A registry value was modified': '4657',
  'The Windows Filtering Platform has permitted a connection': '5156', 'The Windows Filtering Platform has blocked a connection': '5157', 'The workstation was locked': '4800', 'The workstation was unlocked': '4801', 'A session was reconnected to a Window Station': '4778', 'A session was disconnected from a Window Station': '4779',
  "L'ouverture de session d'un compte s'est correctement déroulée": '4624', "Échec d'ouverture de session d'un compte": '4625', "Fermeture de session d'un compte": '4634', 'Privilèges spéciaux attribués à la nouvelle ouverture de session': '4672', 'Un nouveau processus a été créé': '4688', "Un compte d'utilisateur a été créé": '4720', "Un compte d'utilisateur a été supprimé": '4726', "Un compte d'utilisateur a été verrouillé": '4740', "Le journal d'audit a été effacé": '1102',
});
export function eventOfSentence(text: string): string | undefined {
  const head = text.slice(0, 200).replaceAll('’', "'"), end = head.search(/\.(?:\s|$|\\r|#01)/);
  return end < 0 ? undefined : SENTENCES[head.slice(0, end).trim()];
}
