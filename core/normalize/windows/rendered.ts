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
  'Attribute': 'attribute', 'Operation': 'operation', 'Change Information': 'change', 'Audit Policy Change': 'audit', 'Event Source': 'source', 'New Right': 'right', 'Removed Right': 'right', 'Provider Context': 'context', 'Directory Service': 'directory', 'Added Rule': 'rule', 'Modified Rule': 'rule', 'Deleted Rule': 'rule', 'Template Information': 'template', 'Template Change Information': 'template',
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
  'object.DN': 'ObjectDN', 'object.GUID': 'ObjectGUID', 'object.Class': 'ObjectClass', 'attribute.LDAP Display Name': 'AttributeLDAPDisplayName', 'attribute.Syntax (OID)': 'AttributeSyntaxOID', 'attribute.Value': 'AttributeValue', 'directory.Name': 'DSName', 'directory.Type': 'DSType', 'Correlation ID': 'OpCorrelationID', 'Application Correlation ID': 'AppCorrelationID', 'operation.Type': 'OperationType', 'Operation Type': 'OperationType', 'Properties': 'Properties', 'more.Parameter 1': 'AdditionalInfo', 'server.Additional Information': 'TargetInfo',
  'object.Operation Type': 'OperationType', 'Old Value Type': 'OldValueType', 'Old Value': 'OldValue', 'New Value Type': 'NewValueType', 'New Value': 'NewValue', 'Subcategory GUID': 'SubcategoryGuid', 'audit.Category': 'CategoryId', 'audit.Subcategory': 'SubcategoryId', 'audit.Changes': 'AuditPolicyChanges', 'source.Source Name': 'AuditSourceName', 'right.User Right': 'PrivilegeList', 'Desired Access': 'AccessMask',
  'filter.Name': 'FilterName', 'Filter Origin': 'FilterOrigin', 'Filter Run-Time ID': 'FilterRTID', 'Layer Name': 'LayerName', 'Layer Run-Time ID': 'LayerRTID', 'context.Name': 'ProviderContextName', 'Network Account Name': 'TargetOutboundUserName', 'Network Account Domain': 'TargetOutboundDomainName', 'service.Service Account': 'ServiceAccount', 'service.Service Start Type': 'ServiceStartType', 'service.Service Type': 'ServiceType',
  'AllowedToDelegateTo': 'AllowedToDelegateTo', 'Old UAC Value': 'OldUacValue', 'New UAC Value': 'NewUacValue', 'SID History': 'SidHistory', 'Password Last Set': 'PasswordLastSet', 'Service Principal Names': 'ServicePrincipalNames', 'DNS Host Name': 'DnsHostName', 'Primary Group ID': 'PrimaryGroupId', 'User Account Control': 'UserAccountControl', 'Certificate Issuer Name': 'CertIssuerName', 'Certificate Serial Number': 'CertSerialNumber', 'Certificate Thumbprint': 'CertThumbprint',
  'Caller Workstation': 'Workstation', 'Status Code': 'Status', 'Device ID': 'DeviceId', 'Device Name': 'DeviceDescription', 'Class ID': 'ClassId', 'Class Name': 'ClassName', 'template.Template Content': 'TemplateContent', 'template.New Template Content': 'NewTemplateContent', 'template.Old Template Content': 'OldTemplateContent', 'certificates.Request ID': 'RequestId', 'certificates.Requester': 'Requester', 'certificates.Attributes': 'Attributes', 'integrity.File Name': 'param1', 'logon.Logon Process Name': 'LogonProcessName', 'subject.Logon Process Name': 'LogonProcessName',
  'defender.Name': 'Threat Name', 'defender.ID': 'Threat ID', 'defender.Severity': 'Severity Name', 'defender.Category': 'Category Name', 'defender.Path': 'Path', 'defender.Detection Origin': 'Origin Name', 'defender.Detection Type': 'Type Name', 'defender.Detection Source': 'Source Name', 'defender.User': 'Detection User', 'defender.Process Name': 'Process Name', 'defender.Action': 'Action Name', 'defender.Old value': 'Old Value', 'defender.New value': 'New Value', 'defender.Value': 'Value', 'defender.Feature': 'Feature Name', 'defender.Reason': 'Reason', 'defender.Error Code': 'Error Code', 'defender.Engine Version': 'Engine Version', 'defender.Detection time': 'Detection Time',
  'rule.Rule ID': 'RuleId', 'rule.Rule Name': 'RuleName', 'rule.Origin': 'Origin', 'rule.Direction': 'Direction', 'rule.Profiles': 'Profiles', 'rule.Action': 'Action', 'rule.Application Path': 'ApplicationPath', 'rule.Protocol': 'Protocol', 'rule.Active': 'Active', 'rule.Security Options': 'SecurityOptions', 'rule.Edge Traversal': 'EdgeTraversal', 'rule.Modifying User': 'ModifyingUser', 'rule.Modifying Application': 'ModifyingApplication',
  'bits.Transfer job': 'jobTitle', 'bits.Job ID': 'jobId', 'bits.Owner': 'jobOwner', 'bits.Process Path': 'processPath', 'bits.Process ID': 'processId',
  'Ticket Options': 'TicketOptions', 'Ticket Encryption Type': 'TicketEncryptionType', 'Result Code': 'Status', 'Failure Code': 'Status', 'Error Code': 'Status', 'Pre-Authentication Type': 'PreAuthType', 'server.Target Server Name': 'TargetServerName', 'SAM Account Name': 'SamAccountName', 'User Principal Name': 'UserPrincipalName', 'Display Name': 'DisplayName', 'Caller Computer Name': 'CallerComputerName', 'Read Operation': 'ReadOperation', 'Group Membership': 'GroupMembership', 'Security Package': 'AuthenticationPackageName',
});
/** Every label, all of which begin with a capital letter: the section it opens, the value it names in any section, and in each. */
interface Label { readonly section: string | undefined; readonly name: string | undefined; readonly named: ReadonlyMap<string, string> }
const LABELS: ReadonlyMap<string, Label> = new Map([...new Set([...Object.keys(SECTIONS), ...Object.keys(NAMES).map((name) => name.slice(name.indexOf('.') + 1)), 'Handle ID', 'Object Handle', 'Privileges Used for Access Check', 'Vendor IDs', 'Compatible IDs', 'Location Information', 'Disposition', 'SKI', 'Desired Access', 'Transaction ID', 'Access Reasons', 'Restricted SID Count', 'Process ID', 'Process Name', 'Network Account Name', 'Network Account Domain', 'Home Directory', 'Home Drive', 'Script Path', 'Profile Path', 'User Workstations', 'Password Last Set', 'Account Expires', 'Primary Group ID', 'Allowed To Delegate To', 'Old UAC Value', 'New UAC Value', 'User Account Control', 'User Parameters', 'SID History', 'Logon Hours', 'DNS Host Name', 'Service Principal Names', 'Additional Info', 'Expiration time', 'Certificate Issuer Name', 'Certificate Serial Number', 'Certificate Thumbprint', 'Filter Run-Time ID', 'Layer Name', 'Layer Run-Time ID', 'Ticket Information', 'Logon GUID', 'Security ID', 'Account Name', 'Account Domain', 'Logon ID', 'Remote Credential Guard'])].map((label) => [label, { section: SECTIONS[label], name: NAMES[label], named: new Map(Object.entries(NAMES).filter(([key]) => key.endsWith(`.${label}`)).map(([key, name]) => [key.slice(0, key.indexOf('.')), name ?? ''])) }]));
/** First words that open a section, for events whose values stand in none. */
const OPENINGS: readonly (readonly [words: string, section: string])[] = [['Microsoft Defender ', 'defender'], ['Windows Defender ', 'defender'], ['Tamper Protection ', 'defender'], ['Certificate Services ', 'certificates'], ['The BITS service ', 'bits'], ['Code ', 'integrity']];
/** Labels so short that they are some only in the sections that have them: a command line may hold `Path: ` too. */
const SHORT = new Set(['Name', 'ID', 'Path', 'Value', 'Type', 'Class', 'DN', 'GUID', 'Action', 'Origin', 'Active', 'Owner', 'Reason', 'Feature', 'Severity', 'Category', 'Subcategory', 'Changes', 'Requester', 'File Name', 'Profiles', 'Old value', 'New value', 'Error Code', 'Properties', 'Attribute', 'Operation', 'Source Name']);
const isLabel = (text: string, section: string): boolean => { const label = LABELS.get(text); return label !== undefined && (!SHORT.has(text) || label.section !== undefined || label.named.has(section) || label.name !== undefined); };
const LABEL_WORDS_MAX = 5, LABEL_CHARS_MAX = 61;

/** The event's data by its own names. */
export function renderedData(text: string): Record<string, Value> {
  const said = beforeClosing(text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) : text), data: Record<string, Value> = Object.create(null) as Record<string, Value>;
  let section = OPENINGS.find(([words]) => said.startsWith(words))?.[1] ?? '', count = 0;
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
    const written = said.includes('\\r\\n'); // else a `\\t` is a path's
    for (const line of said.split(/\r?\n|\\r\\n|#015#012|#012/, 400)) {
      const start = line.replace(/^(?:\s|\\t|#011)+/, ''), colon = start.indexOf(':'), label = colon > 0 && colon < 50 ? start.slice(0, colon) : '';
      if (LABELS.has(label)) take(label, start.slice(colon + 1).replace(written ? /\\t|#011/g : /#011/g, ' '));
    }
  } else eachLabel(said, (pending) => { const label = LABELS.get(pending); return label?.named.has(section) === true ? section : label?.section ?? section; }, take);
  return data;
}
/** What Windows explains behind the values would else be the end of the last one. */
const CLOSINGS = ['Token Elevation Type indicates the type of token', 'This event is generated when ', 'This event occurs when ', 'Pre-authentication types, ', 'Certificate information is only provided', 'Ticket options, encryption types'];
function beforeClosing(text: string): string {
  for (const closing of CLOSINGS) { const at = text.lastIndexOf(closing); if (at > 0) return text.slice(0, at); }
  return text;
}
/** Two line ends with a label before each at least: values stand on lines of their own. */
const LINES = /:[^\n]{0,200}(?:\n|\\r\\n|#012)[^:]{0,80}:/;

/** Labels in running text: a value reaches to the next label. */
function eachLabel(text: string, sectionBehind: (label: string) => string, take: (label: string, value: string) => void): void {
  let label = '', from = 0;
  for (let colon = text.indexOf(':'), tries = 0; colon >= 0 && tries < 2000; colon = text.indexOf(':', colon + 1), tries++) {
    const next = codeAt(text, colon + 1);
    if (!(next === 32 || next === 9 || Number.isNaN(next))) continue;
    const start = labelBefore(text, colon, from, sectionBehind(label));
    if (start < 0) continue;
    if (label !== '') take(label, text.slice(from, start));
    label = text.slice(start, colon);
    from = colon + 1;
  }
  if (label !== '') take(label, text.slice(from));
}
/** Where the longest label that ends at `colon` begins, or -1. Looks back no further than a label is long. */
function labelBefore(text: string, colon: number, floor: number, section: string): number {
  let found = -1;
  for (let at = colon - 1, words = 0; words < LABEL_WORDS_MAX && at >= floor - 1 && colon - at <= LABEL_CHARS_MAX; at--) {
    const c = at < floor ? 32 : codeInside(text, at);
    if (c !== 32 && c !== 9) continue;
    words++;
    if (at + 1 < colon && isUpper(codeInside(text, at + 1)) && isLabel(text.slice(at + 1, colon), section)) found = at + 1;
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
  'A trusted logon process has been registered with the Local Security Authority': '4611', 'The system time was changed': '4616', 'A replay attack was detected': '4649', 'The handle to an object was closed': '4658', 'An operation was performed on an object': '4662', 'A privileged service was called': '4673', 'An operation was attempted on a privileged object': '4674', 'Backup of data protection master key was attempted': '4692',
  'A scheduled task was enabled': '4700', 'A scheduled task was disabled': '4701', 'A user right was assigned': '4704', 'A new trust was created to a domain': '4706', 'A security-enabled global group was created': '4727', 'A security-enabled global group was deleted': '4730', 'A security-enabled local group was created': '4731', 'A security-enabled local group was deleted': '4734', 'A security-enabled local group was changed': '4735', 'A security-enabled global group was changed': '4737',
  'A computer account was created': '4741', 'A computer account was changed': '4742', 'A computer account was deleted': '4743', 'A security-enabled universal group was created': '4754', 'A security-enabled universal group was changed': '4755', 'A member was removed from a security-enabled universal group': '4757', 'SID History was added to an account': '4765', 'An attempt to add SID History to an account failed': '4766', 'The name of an account was changed': '4781',
  'A security-enabled local group membership was enumerated': '4799', 'Certificate Services received a certificate request': '4886', 'Certificate Services approved a certificate request and issued a certificate': '4887', 'Certificate Services loaded a template': '4898', 'A Certificate Services template was updated': '4899', 'An attempt was made to register a security event source': '4904', 'An attempt was made to unregister a security event source': '4905',
  'A directory service object was modified': '5136', 'A directory service object was created': '5137', 'A directory service object was deleted': '5141', 'A network share object was checked to see whether client can be granted desired access': '5145', 'Credential Manager credentials were read': '5379', 'A Windows Filtering Platform filter has been changed': '5447', 'A Windows Filtering Platform provider context has been changed': '5449', 'A new external device was recognized by the system': '6416', 'The installation of this device is forbidden by system policy': '6423',
  'The Windows Filtering Platform has permitted a connection': '5156', 'The Windows Filtering Platform has blocked a connection': '5157', 'The workstation was locked': '4800', 'The workstation was unlocked': '4801', 'A session was reconnected to a Window Station': '4778', 'A session was disconnected from a Window Station': '4779',
  "L'ouverture de session d'un compte s'est correctement déroulée": '4624', "Échec d'ouverture de session d'un compte": '4625', "Fermeture de session d'un compte": '4634', 'Privilèges spéciaux attribués à la nouvelle ouverture de session': '4672', 'Un nouveau processus a été créé': '4688', "Un compte d'utilisateur a été créé": '4720', "Un compte d'utilisateur a été supprimé": '4726', "Un compte d'utilisateur a été verrouillé": '4740', "Le journal d'audit a été effacé": '1102',
});
export function eventOfSentence(text: string): string | undefined {
  const head = text.slice(0, 200).replaceAll('’', "'"), end = head.search(/[.:](?:\s|$|\\r|#01)/);
  if (head.startsWith('Creating Scriptblock text (')) return '4104';
  if (/^(?:CommandInvocation|ParameterBinding)\(/.test(head)) return '4103';
  return end < 0 ? undefined : SENTENCES[head.slice(0, end).trim()];
}
