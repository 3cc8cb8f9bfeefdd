// Products that watch endpoints, in their own JSON: Wazuh and OSSEC, Microsoft Defender, CrowdStrike Falcon, SentinelOne, Sophos Central, Bitdefender
// GravityZone, Trend Vision One, Cisco Secure Endpoint, Falco.
import { fillAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { has, listOf, putInitiated, putList, putMailboxes, textOf } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';
import { isBlocked } from '../vendor/told.js';
import { putTarget } from '../web/request.js';
import { first, means, outcomeOf, severityOf, type Product } from './product.js';

// --- Wazuh's alerts.json, OSSEC's: https://documentation.wazuh.com/current/user-manual/manager/event-logging.html ----------------------------
const wazuh: Product = {
  dataset: 'wazuh.alerts', maker: 'Wazuh / Wazuh', marks: ['rule.level'], alert: true,
  is: (flat) => has(flat, 'rule.level') && (has(flat, 'rule.id') || has(flat, 'rule.sidid')) && (has(flat, 'agent.id') || has(flat, 'manager.name') || has(flat, 'decoder.name') || has(flat, 'full_log')),
  time: ['timestamp', '@timestamp', 'TimeStamp'],
  names: means(`
    rule.name: rule.description rule.comment
    rule.id: rule.sidid
    rule.category: rule.groups rule.group
    event.severity: rule.level
    threat.technique.id: rule.mitre.id
    threat.technique.name: rule.mitre.technique
    threat.tactic.name: rule.mitre.tactic
    observer.name: manager.name
    source.ip: data.srcip data.src_ip data.source_ip srcip
    source.port: data.srcport data.src_port srcport
    source.mac: data.srcmac
    destination.ip: data.dstip data.dest_ip data.dst_ip dstip
    destination.port: data.dstport data.dest_port data.dst_port dstport
    network.transport: data.protocol data.proto protocol
    user.name: data.dstuser data.user data.username dstuser user
    source.user.name: data.srcuser srcuser
    process.name: predecoder.program_name program_name
    process.command_line: data.command command
    url.original: data.url url
    file.path: syscheck.path
    file.size: syscheck.size_after
    file.hash.md5: syscheck.md5_after
    file.hash.sha1: syscheck.sha1_after
    file.hash.sha256: syscheck.sha256_after
    file.owner: syscheck.uname_after
    vulnerability.id: data.vulnerability.cve
    vulnerability.severity: data.vulnerability.severity
    package.name: data.vulnerability.package.name
    package.version: data.vulnerability.package.version`),
  more(draft, flat) {
    const groups = new Set([...listOf(flat['rule.groups']), ...(textOf(flat, 'rule.group') ?? '').split(',')]), own = textOf(flat, 'agent.id') !== '000', name = own ? textOf(flat, 'agent.name') : undefined;
    draft.put('host.name', name ?? textOf(flat, 'predecoder.hostname') ?? textOf(flat, 'hostname') ?? (isIp(textOf(flat, 'location') ?? '') ? undefined : textOf(flat, 'agent.name'))); // the manager passed on what another machine sent
    draft.put('host.ip', own ? textOf(flat, 'agent.ip') : undefined);
    draft.put('process.pid', textOf(flat, 'predecoder.pid'));
    const url = draft.getText('url.original');
    const method = textOf(flat, 'data.protocol') ?? '';
    if (METHOD.test(method)) { delete draft.event['network.transport']; draft.put('http.request.method', method); }
    if (url !== undefined) { putTarget(draft, url); draft.put('http.response.status_code', textOf(flat, 'data.id')); }
    if (has(flat, 'syscheck.path')) draft.act(FILES[textOf(flat, 'syscheck.event') ?? ''] ?? 'file_changed');
    else { const action = actionOfGroups(groups); if (action !== undefined) draft.act(action); }
    if (groups.has('vulnerability-detector')) { draft.put('event.category', 'vulnerability'); draft.put('event.type', 'info'); }
  },
};
/** What the decoder of web servers calls the protocol. */
const METHOD = /^(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND)$/;
const FILES = lookup<Action>({ added: 'file_created', deleted: 'file_deleted', modified: 'file_changed' });
export const actionOfGroups = (groups: ReadonlySet<string>): Action | undefined => GROUPS.find(([group]) => groups.has(group))?.[1];
/** What a rule's groups say has happened, the surest first. */
const GROUPS: readonly (readonly [group: string, action: Action])[] = [
  ['authentication_failed', 'login_failed'], ['authentication_failures', 'login_failed'], ['win_authentication_failed', 'login_failed'], ['invalid_login', 'login_failed'], ['authentication_success', 'login'], ['adduser', 'user_created'], ['account_changed', 'user_changed'], ['firewall_drop', 'connection_denied'], ['firewall_block', 'connection_denied'],
  ['virus', 'malware_detected'], ['rootkit', 'malware_detected'], ['rootcheck', 'audit_record'], ['ids', 'intrusion_detected'], ['attack', 'intrusion_detected'], ['exploit_attempt', 'intrusion_detected'], ['recon', 'intrusion_detected'], ['web_scan', 'web_attack_detected'], ['accesslog', 'http_request'], ['web', 'http_request'], ['sca', 'audit_record'], ['service_start', 'service_started'],
];

// --- Microsoft Defender: tables of advanced hunting as the streaming API sends them: https://learn.microsoft.com/defender-xdr/streaming-api ---
const TABLE = 'AdvancedHunting-';
const hunting: Product = {
  dataset: 'm365_defender.event', maker: 'Microsoft / Defender XDR', marks: ['category'],
  is: (flat) => (textOf(flat, 'category') ?? '').startsWith(TABLE),
  time: ['properties.Timestamp', 'time'],
  names: means(`
    host.name: properties.DeviceName
    host.id: properties.DeviceId
    event.code: properties.ActionType
    process.parent.pid: properties.InitiatingProcessParentId
    file.path: properties.FolderPath
    file.name: properties.FileName
    file.size: properties.FileSize
    file.hash.md5: properties.MD5
    file.hash.sha1: properties.SHA1
    file.hash.sha256: properties.SHA256
    file.origin_url: properties.FileOriginUrl
    registry.key: properties.RegistryKey
    registry.value: properties.RegistryValueName
    registry.data.strings: properties.RegistryValueData
    rule.name: properties.Title
    rule.category: properties.Category
    event.reason: properties.FailureReason properties.DeliveryAction
    email.subject: properties.Subject
    email.message_id: properties.InternetMessageId
    threat.name: properties.ThreatNames properties.ThreatTypes
    user_agent.original: properties.UserAgent
    user.id: properties.AccountObjectId properties.AccountSid
    network.transport: properties.Protocol
    event.provider: properties.ServiceSource properties.Application`),
  more(draft, flat) {
    const table = (textOf(flat, 'category') ?? '').slice(TABLE.length), value = (name: string): string | undefined => textOf(flat, `properties.${name}`), own = DATASETS[table], kind = value('ActionType') ?? '';
    if (own !== undefined) draft.event['event.dataset'] = own;
    putEnds(draft, table, value, kind);
    const remote = value('RemoteUrl') ?? value('Url');
    if (remote?.includes('://') === true) putTarget(draft, remote); else draft.put('destination.domain', remote?.replace(/:\d{1,5}$/, ''));
    putRunning(draft, table, value);
    const key = value('RegistryKey'), name = value('RegistryValueName');
    if (key !== undefined) draft.put('registry.path', `${key.replace(/^HKEY_\w+/i, (hive) => HIVES[hive.toUpperCase()] ?? hive)}${name === undefined ? '' : `\\${name}`}`);
    if (!draft.has('user.name')) { draft.put('user.name', value('AccountName') ?? value('AccountUpn')?.split('@', 1)[0] ?? value('InitiatingProcessAccountName') ?? value('AccountDisplayName')); draft.fill('user.domain', value('AccountDomain') ?? value('InitiatingProcessAccountDomain')); }
    if (value('SenderFromAddress') !== undefined) { putMailboxes(draft, 'email.from.address', value('SenderFromAddress')); putMailboxes(draft, 'email.to.address', value('RecipientEmailAddress')); draft.put('source.ip', value('SenderIPv4') ?? value('SenderIPv6')); draft.put('network.direction', value('EmailDirection')?.toLowerCase()); }
    const techniques = [...(value('AttackTechniques') ?? '').matchAll(/\((T\d{4}(?:\.\d{3})?)\)/g)].map(([, id]) => id as string);
    putList(draft, 'threat.technique.id', techniques);
    draft.put('event.severity', severityOf(value('Severity')));
    const action = OF_KIND[kind] ?? OF_TABLE[table];
    if (action !== undefined) draft.act(action, value('DeliveryAction') === 'Blocked' ? 'failure' : undefined); else if (kind !== '') draft.event['event.action'] = kind;
    if (table === 'AlertInfo' || table === 'AlertEvidence') draft.put('event.kind', 'alert');
  },
};
const DATASETS = lookup<string>({ DeviceProcessEvents: 'm365_defender.process', DeviceNetworkEvents: 'm365_defender.network', DeviceFileEvents: 'm365_defender.file', DeviceRegistryEvents: 'm365_defender.registry', DeviceImageLoadEvents: 'm365_defender.image_load', AlertInfo: 'm365_defender.alert', AlertEvidence: 'm365_defender.alert' });
const HIVES = lookup({ HKEY_LOCAL_MACHINE: 'HKLM', HKEY_CURRENT_USER: 'HKCU', HKEY_USERS: 'HKU', HKEY_CLASSES_ROOT: 'HKCR', HKEY_CURRENT_CONFIG: 'HKCC' });
const OF_TABLE = lookup<Action>({ DeviceProcessEvents: 'process_started', DeviceNetworkEvents: 'connection', DeviceImageLoadEvents: 'library_loaded', AlertInfo: 'intrusion_detected', AlertEvidence: 'intrusion_detected', EmailEvents: 'mail', EmailPostDeliveryEvents: 'mail', EmailUrlInfo: 'mail', EmailAttachmentInfo: 'mail', UrlClickEvents: 'proxy_request', DeviceRegistryEvents: 'registry_changed', DeviceFileEvents: 'file_changed' });
const OF_KIND = lookup<Action>({ LogonSuccess: 'login', LogonFailed: 'login_failed', FileCreated: 'file_created', FileModified: 'file_changed', FileRenamed: 'file_changed', FileDeleted: 'file_deleted', RegistryKeyDeleted: 'registry_deleted', RegistryValueDeleted: 'registry_deleted', DriverLoad: 'driver_loaded', AntivirusDetection: 'malware_detected', ScheduledTaskCreated: 'task_created', ScheduledTaskDeleted: 'task_deleted', ScheduledTaskUpdated: 'task_changed', ServiceInstalled: 'service_installed', UserAccountCreated: 'user_created', UserAccountDeleted: 'user_deleted', UserAccountModified: 'user_changed', PasswordChangeAttempt: 'password_changed', SecurityLogCleared: 'log_cleared', ConnectionFailed: 'connection_denied', FirewallInboundConnectionBlocked: 'connection_denied', FirewallOutboundConnectionBlocked: 'connection_denied' });

/** The device is where a connection comes from, but where it was accepted, and where somebody logs on to it. */
function putEnds(draft: Draft, table: string, value: (name: string) => string | undefined, kind: string): void {
  const toDevice = table === 'DeviceLogonEvents' || /Inbound/.test(kind), [device, other] = toDevice ? ['destination', 'source'] as const : ['source', 'destination'] as const;
  draft.put(`${device}.ip`, value('LocalIP')); draft.put(`${device}.port`, value('LocalPort'));
  draft.put(`${other}.ip`, value('RemoteIP') ?? (table === 'IdentityLogonEvents' || table === 'CloudAppEvents' ? undefined : value('DestinationIPAddress'))); draft.put(`${other}.port`, value('RemotePort'));
  draft.put(`${other}.domain`, value('RemoteDeviceName'));
  if (table === 'DeviceNetworkEvents') putInitiated(draft, !toDevice);
  if (table === 'IdentityLogonEvents' || table === 'CloudAppEvents' || table === 'UrlClickEvents') draft.put('source.ip', value('IPAddress'));
}

/** A process that was started is the file of the event and the one that started it its parent; elsewhere the initiating process is the one that acted. */
function putRunning(draft: Draft, table: string, value: (name: string) => string | undefined): void {
  const path = value('InitiatingProcessFolderPath');
  if (table === 'DeviceProcessEvents') {
    draft.put('process.name', value('FileName')); draft.put('process.executable', value('FolderPath')); draft.put('process.pid', value('ProcessId')); draft.put('process.command_line', value('ProcessCommandLine'));
    draft.put('process.parent.name', value('InitiatingProcessFileName')); draft.put('process.parent.executable', path); draft.put('process.parent.pid', value('InitiatingProcessId')); draft.put('process.parent.command_line', value('InitiatingProcessCommandLine'));
    for (const kind of ['md5', 'sha1', 'sha256']) draft.put(`process.hash.${kind}`, draft.get(`file.hash.${kind}`));
    return;
  }
  draft.put('process.name', value('InitiatingProcessFileName')); draft.put('process.executable', path); draft.put('process.pid', value('InitiatingProcessId')); draft.put('process.command_line', value('InitiatingProcessCommandLine')); draft.put('process.parent.name', value('InitiatingProcessParentFileName'));
}

// --- its alerts, as the APIs of Defender for Endpoint and of Graph give them ------------------------------------------------------------------
const defenderAlert: Product = {
  dataset: 'm365_defender.alert', maker: 'Microsoft / Defender XDR', marks: ['alertCreationTime', 'providerAlertId'], alert: true,
  is: (flat) => has(flat, 'alertCreationTime', 'title') && has(flat, 'detectionSource') || has(flat, 'providerAlertId', 'createdDateTime', 'title'),
  time: ['firstEventTime', 'firstActivityDateTime', 'alertCreationTime', 'createdDateTime'],
  names: means(`
    rule.name: title
    rule.category: category
    rule.description: description
    event.reason: description
    event.provider: serviceSource detectionSource
    host.name: computerDnsName evidence.deviceDnsName evidence.hostName
    user.name: relatedUser.userName evidence.userAccount.accountName evidence.loggedOnUsers.accountName
    user.domain: relatedUser.domainName evidence.userAccount.domainName
    threat.technique.id: mitreTechniques
    threat.name: threatName threatFamilyName threatDisplayName
    file.name: evidence.fileDetails.fileName evidence.fileName
    file.hash.sha1: evidence.fileDetails.sha1 evidence.sha1
    file.hash.sha256: evidence.fileDetails.sha256 evidence.sha256
    process.pid: evidence.processId
    process.command_line: evidence.processCommandLine
    source.ip: evidence.ipAddress`),
  more(draft, flat) {
    const folder = first(flat, ['evidence.fileDetails.filePath', 'evidence.filePath']), name = draft.getText('file.name');
    if (folder !== undefined) draft.put('file.path', name === undefined || folder.endsWith(name) ? folder : `${folder}${folder.startsWith('/') ? '/' : '\\'}${name}`);
    draft.put('event.severity', severityOf(textOf(flat, 'severity')));
    draft.act(/malware|ransom/i.test(textOf(flat, 'category') ?? '') ? 'malware_detected' : 'intrusion_detected');
  },
};

// --- CrowdStrike Falcon: events of its SIEM connector, raw events of its data replicator ---------------------------------------------------------
const falcon: Product = {
  dataset: 'crowdstrike.falcon', maker: 'CrowdStrike / Falcon', marks: ['metadata.eventType'],
  is: (flat) => has(flat, 'metadata.eventType', 'metadata.eventCreationTime'),
  time: ['metadata.eventCreationTime'],
  names: means(`
    host.name: event.ComputerName event.HostName event.Hostname event.HostnameField
    host.id: event.SensorId event.AgentId event.AgentIdString
    rule.name: event.DetectName event.Name event.RuleName event.IncidentType
    rule.description: event.DetectDescription event.Description
    rule.id: event.RuleId event.PatternId
    event.severity: event.Severity
    user.name: event.UserName event.UserId event.EndpointName
    user.domain: event.MachineDomain
    process.pid: event.ProcessId
    process.parent.pid: event.ParentProcessId
    process.name: event.FileName
    process.command_line: event.CommandLine
    process.parent.executable: event.ParentImageFilePath
    process.parent.name: event.ParentImageFileName
    process.parent.command_line: event.ParentCommandLine
    file.name: event.FileName
    file.hash.md5: event.MD5String event.MD5HashData
    file.hash.sha1: event.SHA1String
    file.hash.sha256: event.SHA256String event.SHA256HashData
    host.ip: event.LocalIP event.LocalIPv6
    host.mac: event.MACAddress
    source.ip: event.UserIp event.SourceEndpointIpAddress event.EndpointIp
    threat.tactic.name: event.Tactic
    threat.technique.name: event.Technique
    event.reason: event.PatternDispositionDescription
    service.name: event.ServiceName
    event.url: event.FalconHostLink
    network.transport: event.Protocol`),
  more(draft, flat) {
    const type = textOf(flat, 'metadata.eventType') ?? '', folder = textOf(flat, 'event.FilePath'), name = textOf(flat, 'event.FileName');
    draft.put('event.code', type);
    if (folder !== undefined) { const path = name === undefined || folder.endsWith(name) ? folder : `${folder.replace(/[\\/]$/, '')}${folder.startsWith('/') ? '/' : '\\'}${name}`; draft.put('file.path', path); draft.put('process.executable', path); }
    if (type === 'FirewallMatchEvent') {
      const inbound = textOf(flat, 'event.ConnectionDirection') === '1' || /in/i.test(textOf(flat, 'event.ConnectionDirection') ?? ''), [local, remote] = inbound ? ['destination', 'source'] as const : ['source', 'destination'] as const;
      draft.put(`${local}.ip`, textOf(flat, 'event.LocalAddress')); draft.put(`${local}.port`, textOf(flat, 'event.LocalPort')); draft.put(`${remote}.ip`, textOf(flat, 'event.RemoteAddress')); draft.put(`${remote}.port`, textOf(flat, 'event.RemotePort'));
      draft.put('network.direction', inbound ? 'inbound' : 'outbound');
      draft.act(textOf(flat, 'event.RuleAction') === '1' ? 'connection_allowed' : 'connection_denied');
    } else if (/Detect|Incident|Xdr|Idp/.test(type)) { draft.act(/malware|ransom/i.test(`${textOf(flat, 'event.Tactic') ?? ''} ${textOf(flat, 'event.DetectName') ?? ''}`) ? 'malware_detected' : 'intrusion_detected', isBlocked(textOf(flat, 'event.PatternDispositionDescription')) ? 'success' : undefined); draft.put('event.kind', 'alert'); }
    else if (/Audit/.test(type)) {
      const operation = textOf(flat, 'event.OperationName') ?? '', outcome = outcomeOf(flat['event.Success']), action = OPERATIONS[operation];
      if (action !== undefined) draft.act(action, outcome); else if (/authenticate/i.test(operation)) draft.act(outcome === 'failure' ? 'login_failed' : 'login'); else { draft.put('event.action', operation); draft.put('event.outcome', outcome); }
    }
  },
};
const OPERATIONS = lookup<Action>({ createUser: 'user_created', deleteUser: 'user_deleted', updateUser: 'user_changed', updateUserRoles: 'privileges_assigned', grantUserRoles: 'privileges_assigned', changePassword: 'password_changed', resetPassword: 'password_reset' });

const falconRaw: Product = {
  dataset: 'crowdstrike.fdr', maker: 'CrowdStrike / Falcon', marks: ['event_simpleName'],
  is: (flat) => has(flat, 'event_simpleName', 'aid'),
  time: ['ContextTimeStamp', 'timestamp', '_time'],
  names: means(`
    event.code: event_simpleName
    host.name: ComputerName
    host.id: aid
    process.executable: ImageFileName
    process.command_line: CommandLine
    process.pid: RawProcessId
    process.parent.name: ParentBaseFileName
    user.name: UserName
    user.id: UserSid UID
    file.path: TargetFileName
    file.hash.md5: MD5HashData
    file.hash.sha256: SHA256HashData
    source.ip: LocalAddressIP4 LocalAddressIP6
    source.port: LocalPort
    destination.ip: RemoteAddressIP4 RemoteAddressIP6
    destination.port: RemotePort
    dns.question.name: DomainName
    source.nat.ip: aip`),
  more(draft, flat) {
    const name = textOf(flat, 'event_simpleName') ?? '', image = draft.getText('process.executable');
    if (image !== undefined) draft.put('process.name', image.slice(Math.max(image.lastIndexOf('\\'), image.lastIndexOf('/')) + 1));
    const action: Action | undefined = /^(?:Synthetic)?ProcessRollup2?(?:V\d{1,3})?$/.test(name) ? 'process_started' : name.startsWith('EndOfProcess') ? 'process_ended' : name === 'DnsRequest' ? 'dns_query' : name.startsWith('NetworkConnect') || name.startsWith('NetworkReceive') ? 'connection' : name.startsWith('UserLogonFailed') ? 'login_failed' : name.startsWith('UserLogon') ? 'login' : name.startsWith('UserLogoff') ? 'logout' : /FileWritten|FileCreate/.test(name) ? 'file_created' : /FileDelete/.test(name) ? 'file_deleted' : name.startsWith('ServiceStarted') ? 'service_started' : undefined;
    if (action !== undefined) draft.act(action); else draft.put('event.action', name);
    if (action === 'connection') putInitiated(draft, name.startsWith('NetworkConnect'));
  },
};

// --- SentinelOne: threats and activities ---------------------------------------------------------------------------------------------------------------
const sentinelThreat: Product = {
  dataset: 'sentinel_one.threat', maker: 'SentinelOne / Singularity', marks: ['threatInfo.threatName', 'threatInfo.threatId'], alert: true,
  is: (flat) => has(flat, 'threatInfo.threatName') || has(flat, 'threatInfo.threatId'),
  time: ['threatInfo.identifiedAt', 'threatInfo.createdAt'],
  names: means(`
    rule.name: threatInfo.threatName
    threat.name: threatInfo.threatName
    rule.category: threatInfo.classification
    host.name: agentRealtimeInfo.agentComputerName agentDetectionInfo.agentComputerName
    host.ip: agentDetectionInfo.agentIpV4
    host.domain: agentDetectionInfo.agentDomain agentRealtimeInfo.agentDomain
    user.name: threatInfo.processUser agentDetectionInfo.agentLastLoggedInUserName
    file.path: threatInfo.filePath
    file.size: threatInfo.fileSize
    file.hash.md5: threatInfo.md5
    file.hash.sha1: threatInfo.sha1
    file.hash.sha256: threatInfo.sha256
    process.name: threatInfo.originatorProcess
    process.command_line: threatInfo.maliciousProcessArguments
    event.reason: threatInfo.mitigationStatusDescription threatInfo.analystVerdictDescription`),
  more(draft, flat) { draft.act('malware_detected', /^(?:mitigated|blocked)/.test(textOf(flat, 'threatInfo.mitigationStatus') ?? '') ? 'success' : undefined); },
};
const sentinelActivity: Product = {
  dataset: 'sentinel_one.activity', maker: 'SentinelOne / Singularity', marks: ['activityType'],
  is: (flat) => has(flat, 'activityType', 'primaryDescription'),
  time: ['createdAt'],
  names: means(`
    event.code: activityType
    event.reason: primaryDescription
    host.name: data.computerName
    user.name: data.username data.userName
    source.ip: data.ipAddress
    file.path: data.filePath
    threat.name: data.threatClassification
    file.hash.sha1: data.fileContentHash`),
  more(draft, flat) {
    const said = textOf(flat, 'primaryDescription') ?? '';
    if (/ logged in/i.test(said)) draft.act('login'); else if (/failed to log ?in|login failed/i.test(said)) draft.act('login_failed'); else if (/ logged out/i.test(said)) draft.act('logout'); else if (has(flat, 'threatId') && textOf(flat, 'threatId') !== undefined) draft.act('malware_detected');
  },
};

// --- Sophos Central's events and alerts (SIEM integration) ---------------------------------------------------------------------------------------
const sophosCentral: Product = {
  dataset: 'sophos.central', maker: 'Sophos / Central', marks: ['customer_id'],
  is: (flat) => has(flat, 'customer_id', 'type', 'severity') && (textOf(flat, 'type') ?? '').startsWith('Event::'),
  time: ['when', 'end', 'created_at', 'rt'],
  names: means(`
    event.code: type
    rule.category: group
    event.reason: name description
    host.name: location dhost
    host.ip: source_info.ip
    threat.name: threat
    user.name: suser source
    user.id: user_id
    file.path: filePath core_remedy_items.items.descriptor
    file.hash.sha256: appSha256 core_remedy_items.items.sha256`),
  more(draft, flat) {
    const type = textOf(flat, 'type') ?? '', outcome = /Blocked|Denied/.test(type) ? 'failure' as const : undefined;
    draft.put('event.severity', severityOf(textOf(flat, 'severity')));
    if (/Threat|CoreDetection|HitmanPro|Malware|Ransomware|CoreCleaned|CorePua|Pua/i.test(type)) { draft.fill('threat.name', /'([^']{1,200})'/.exec(textOf(flat, 'name') ?? '')?.[1]); draft.act('malware_detected'); draft.put('event.kind', 'alert'); }
    else if (/WebControl|WebFiltering/.test(type)) { const url = /'([^']{1,500})'/.exec(textOf(flat, 'name') ?? '')?.[1]; if (url !== undefined) putTarget(draft, url); draft.act('proxy_request', /block/i.test(`${type} ${textOf(flat, 'name') ?? ''}`) ? 'failure' : undefined); }
    else if (/Application/.test(type)) draft.act('process_started', outcome);
    else if (/DataLossPrevention/.test(type)) draft.act('file_opened', /block/i.test(type) ? 'failure' : undefined);
    else if (/Device::/.test(type)) draft.act('audit_record', outcome);
    else if (/Firewall|Ips|Ndr/i.test(type)) draft.act('intrusion_detected');
    else draft.act('audit_record');
  },
};

// --- Bitdefender GravityZone's event push, an event alone or in the call that brings it ----------------------------------------------------------------
const EVENT = 'params.events.';
const gravityZone: Product = {
  dataset: 'bitdefender.gravityzone', maker: 'Bitdefender / GravityZone', marks: ['module', `${EVENT}module`],
  is: (flat) => has(flat, 'module') && (has(flat, 'product_installed') || has(flat, 'companyId') && has(flat, 'computer_name')) || has(flat, `${EVENT}module`),
  time: ['timestamp', 'last_blocked', 'BitdefenderGZDetectionTime', 'detectionTime', `${EVENT}timestamp`, `${EVENT}last_blocked`, 'created', `${EVENT}created`],
  names: means(['host.name: computer_name', 'host.ip: computer_ip', 'user.name: user.name username userName', 'user.id: user.sid user.id', 'threat.name: malware_name exploit_type attack_type detection_attackTechnique detection_name', 'rule.name: malware_name detection_name attack_type exploit_type', 'file.path: file_path filePath detection_path', 'file.hash.sha256: hash file_hash_sha256', 'file.hash.md5: file_hash_md5', 'process.executable: exploit_path process_path application_path', 'process.command_line: process_command_line parent_process_cmd_line', 'process.pid: parent_process_pid process_pid', 'source.ip: source_ip attacker_ip', 'destination.port: local_port', 'url.original: url', 'network.transport: protocol_id protocol', 'event.reason: final_status status aph_status uc_type port_scan_main_action main_action', 'event.code: module']
    .map((line) => { const [field = '', members = ''] = line.split(': '); return `${field}: ${members.split(' ').flatMap((one) => [one, EVENT + one]).join(' ')}`; }).join('\n')),
  more(draft, flat) {
    const module = first(flat, ['module', `${EVENT}module`]) ?? '', status = draft.getText('event.reason'), url = draft.getText('url.original');
    if (url !== undefined) putTarget(draft, url);
    const path = draft.getText('process.executable');
    if (path !== undefined) draft.put('process.name', path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1));
    const action = GRAVITY_ZONE_MODULES[module] ?? 'audit_record';
    draft.act(action, action === 'proxy_request' || action === 'connection_denied' ? /allow/i.test(status ?? '') ? 'success' : 'failure' : undefined);
    if (action === 'malware_detected' || action === 'intrusion_detected') draft.put('event.kind', 'alert');
  },
};
export const GRAVITY_ZONE_MODULES = lookup<Action>({ av: 'malware_detected', avc: 'malware_detected', hd: 'malware_detected', 'exchange-malware': 'malware_detected', 'antiexploit': 'intrusion_detected', 'ransomware-mitigation': 'malware_detected', 'storage-antimalware': 'malware_detected', 'network-sandboxing': 'malware_detected', 'network-monitor': 'intrusion_detected', 'new-incident': 'intrusion_detected', 'new-extended-incident': 'intrusion_detected', fw: 'connection_denied', aph: 'proxy_request', uc: 'proxy_request', dp: 'proxy_request', registration: 'config_changed', 'modules': 'config_changed', 'device-control': 'audit_record', 'task-status': 'audit_record' });

// --- Trend Vision One's alerts of the workbench ------------------------------------------------------------------------------------------------------
const visionOne: Product = {
  dataset: 'trendmicro_vision_one.alert', maker: 'Trend Micro / Vision One', marks: ['workbenchLink', 'modelId'], alert: true,
  is: (flat) => has(flat, 'workbenchLink') && has(flat, 'model') || has(flat, 'modelId', 'severity', 'createdDateTime'),
  time: ['createdDateTime', 'createdTime'],
  names: means(`
    rule.name: model workbenchName
    rule.id: modelId
    rule.description: description
    event.reason: description
    threat.technique.id: matchedRules.matchedFilters.mitreTechniqueIds
    host.name: impactScope.entities.entityValue.name
    host.ip: impactScope.entities.entityValue.ips`),
  more(draft, flat) {
    draft.put('event.severity', severityOf(textOf(flat, 'severity')));
    const types = listOf(flat['indicators.type']), values = listOf(flat['indicators.value']);
    types.forEach((type, i) => { const field = INDICATORS[type], value = values[i]; if (field !== undefined && value !== undefined && types.length === values.length) draft.fill(field, value); });
    if (!draft.has('user.name')) fillAccount(draft, 'user', listOf(flat['impactScope.entities.entityValue'])[0]); // an account is its name, a machine an object
    draft.act('intrusion_detected');
  },
};
const INDICATORS = lookup<string>({ command_line: 'process.command_line', fullpath: 'file.path', filename: 'file.name', file_sha1: 'file.hash.sha1', file_sha256: 'file.hash.sha256', url: 'url.original', domain: 'url.domain', user_account: 'user.name', registry_key: 'registry.path' });

// --- Cisco Secure Endpoint (AMP) -----------------------------------------------------------------------------------------------------------------------
/** Tenable's vulnerabilities, Nessus' findings: one on one machine. https://developer.tenable.com/docs/refine-vulnerability-export-requests */
const tenable: Product = {
  dataset: 'tenable.vulnerability', maker: 'Tenable / Vulnerability Management', marks: ['plugin.id'],
  is: (flat) => has(flat, 'plugin.id', 'severity') && (has(flat, 'asset.uuid') || has(flat, 'asset.hostname') || has(flat, 'asset.ipv4')),
  time: ['last_found', 'indexed', 'scan.completed_at'],
  names: means(`
    host.name: asset.hostname asset.fqdn asset.netbios_name
    host.ip: asset.ipv4 asset.ipv6
    event.code: plugin.id
    rule.name: plugin.name
    rule.category: plugin.family
    network.transport: port.protocol
    destination.port: port.port
    vulnerability.severity: severity
    vulnerability.description: plugin.synopsis
    vulnerability.score.base: plugin.cvss3_base_score plugin.cvss_base_score`),
  more(draft, flat) { putList(draft, 'vulnerability.id', listOf(flat['plugin.cve'])); draft.put('event.category', 'vulnerability'); },
};
const secureEndpoint: Product = {
  dataset: 'cisco_secure_endpoint.event', maker: 'Cisco / Secure Endpoint', marks: ['connector_guid', 'computer.connector_guid'],
  is: (flat) => has(flat, 'event_type') && (has(flat, 'connector_guid') || has(flat, 'computer.connector_guid')),
  time: ['date', 'timestamp'],
  names: means(`
    event.code: event_type_id
    event.reason: event_type
    host.name: computer.hostname
    host.ip: computer.network_addresses.ip
    host.mac: computer.network_addresses.mac
    source.nat.ip: computer.external_ip
    user.name: computer.user file.parent.user
    threat.name: detection
    rule.name: detection
    file.name: file.file_name
    file.path: file.file_path
    file.hash.md5: file.identity.md5
    file.hash.sha1: file.identity.sha1
    file.hash.sha256: file.identity.sha256
    process.parent.pid: file.parent.process_id
    process.parent.name: file.parent.file_name
    source.ip: network_info.local_ip
    source.port: network_info.local_port
    destination.ip: network_info.remote_ip
    destination.port: network_info.remote_port
    url.original: network_info.dirty_url`),
  more(draft, flat) {
    const type = textOf(flat, 'event_type') ?? '';
    draft.put('event.severity', severityOf(textOf(flat, 'severity')));
    if (/Threat|Quarantine|Malware|Ransomware|Exploit|Detection|Retrospective|Vulnerable|IOC|Indication/i.test(type)) { draft.act('malware_detected'); draft.put('event.kind', 'alert'); } else draft.act('audit_record');
  },
};

// --- Falco ---------------------------------------------------------------------------------------------------------------------------------------------
export const falco: Product = {
  dataset: 'falco.alerts', maker: 'Falco / Falco', marks: ['priority'], alert: true,
  is: (flat) => has(flat, 'priority', 'rule', 'output', 'time'),
  time: ['time'],
  names: means(`
    rule.name: rule
    log.level: priority
    event.reason: output
    host.name: hostname
    process.name: output_fields.proc.name
    process.command_line: output_fields.proc.cmdline
    process.executable: output_fields.proc.exepath
    process.pid: output_fields.proc.pid
    process.parent.name: output_fields.proc.pname
    user.name: output_fields.user.name
    user.id: output_fields.user.uid
    file.path: output_fields.fd.name
    container.id: output_fields.container.id
    container.name: output_fields.container.name
    orchestrator.namespace: output_fields.k8s.ns.name
    orchestrator.resource.name: output_fields.k8s.pod.name`),
  more(draft) {
    const path = draft.getText('file.path');
    if (path !== undefined && path.includes('->')) { // a connection has its ends in the place of a file's name
      delete draft.event['file.path'];
      path.split('->', 2).forEach((end, i) => { const colon = end.lastIndexOf(':'), side = i === 0 ? 'source' : 'destination'; if (isIp(end.slice(0, colon))) { draft.put(`${side}.ip`, end.slice(0, colon)); draft.put(`${side}.port`, end.slice(colon + 1)); } });
    }
    draft.act('intrusion_detected');
  },
};

export const ENDPOINTS: readonly Product[] = [wazuh, hunting, defenderAlert, falcon, falconRaw, sentinelThreat, sentinelActivity, sophosCentral, gravityZone, visionOne, tenable, secureEndpoint, falco];
