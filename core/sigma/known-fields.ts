// Which fields the events of a log source can have: for sources whose fields are a closed list. Where a sender may name fields as it
// likes (JSON of cloud services, Windows event data, key=value of appliances) every name is possible and nothing is said.
import { FIELDS } from '../fields.js';
import { fieldView } from './field-view.js';
import type { LogSource } from './rule.js';

export type FieldKnowledge =
  | { readonly kind: 'known' }
  /** Any name is possible. */
  | { readonly kind: 'open' }
  /** No event of this source has it; `near` is a name that it may have meant. */
  | { readonly kind: 'unknown'; readonly near?: string };

export function knowledgeOf(logsource: LogSource, field: string): FieldKnowledge {
  const own = closedNames(logsource);
  if (own === undefined) return { kind: 'open' };
  // What Windows names is listed whole; elsewhere the view says which native names our normalizers read.
  const isViewed = logsource.product?.toLowerCase() !== 'windows' && fieldView(logsource)(field).some((name) => name !== field && ECS.has(name));
  if (own.has(field) || isOurs(field) || isViewed) return { kind: 'known' };
  return { kind: 'unknown', near: nearest(field, own) };
}

/** An older or foreign name of a field, and the one in use. */
export function successorOf({ category, product }: LogSource, field: string): string | undefined {
  const of = (names: Readonly<Record<string, string | undefined>>): string | undefined => (Object.hasOwn(names, field) ? names[field] : undefined);
  switch (category?.toLowerCase()) {
    case 'webserver': return of(OLD_WEB) ?? of(OLD_WEBSERVER);
    case 'proxy': return of(OLD_WEB);
    case 'process_creation': return of(OLD_HOST) ?? of(OLD_PROCESS);
    case undefined: return undefined;
    default: return product?.toLowerCase() === 'windows' ? of(OLD_HOST) : undefined;
  }
}
const OLD_WEB: Readonly<Record<string, string | undefined>> = { clientip: 'c-ip', client_ip: 'c-ip', 'cs-referrer': 'cs-referer', 'cs(Referer)': 'cs-referer', 'cs(User-Agent)': 'cs-user-agent', sc_status: 'sc-status', cs_method: 'cs-method', cs_host: 'cs-host', useragent: 'cs-user-agent', UserAgent: 'cs-user-agent', URL: 'c-uri' };
const OLD_WEBSERVER: Readonly<Record<string, string | undefined>> = { 'c-uri': 'cs-uri-query', 'c-uri-query': 'cs-uri-query', 'c-uri-stem': 'cs-uri-stem', 'c-useragent': 'cs-user-agent', URL: 'cs-uri-query' };
const OLD_HOST: Readonly<Record<string, string | undefined>> = { TargetFileName: 'TargetFilename', ImageFileName: 'Image', ProcessImage: 'Image', ProcessGUID: 'ProcessGuid', DestinationIP: 'DestinationIp', SourceIP: 'SourceIp', DestPort: 'DestinationPort', ImagePath: 'Image' };
const OLD_PROCESS: Readonly<Record<string, string | undefined>> = { NewProcessName: 'Image', ProcessName: 'Image', ParentProcessName: 'ParentImage', ProcessCommandLine: 'CommandLine', NewProcessId: 'ProcessId', SubjectUserName: 'User', Imphash: 'Hashes', sha256: 'Hashes', md5: 'Hashes', sha1: 'Hashes' };

/** What our normalizers write beside the columns (core/fields.ts), in ECS. */
const ECS: ReadonlySet<string> = new Set([...FIELDS.map(({ name }) => name), ...words(`
  ecs.version event.reference event.start event.end log.logger log.syslog.facility.name log.syslog.version host.mac host.domain
  source.address source.user.id source.user.domain source.geo.country_name source.packets source.service.name source.vlan
  destination.address destination.user.name destination.user.id destination.user.domain destination.registered_domain destination.process.name destination.process.pid destination.packets destination.geo.country_name
  network.forwarded_ip network.initiated network.application network.packets network.type network.vlan.id network.name
  user.audit.name user.audit.id user.effective.id user.target.id user.target.domain user.target.home user.target.shell user.target.group.id user.target.group.name user.group.name user.email user.roles group.id
  process.args process.title process.thread.id process.thread.name process.entity_id process.pe.original_file_name process.pe.product process.pe.description process.pe.company process.hash.md5 process.hash.sha1 process.hash.sha256 process.tty.name process.parent.args
  file.size file.directory file.extension file.mode file.owner dll.path registry.data.strings registry.value powershell.file.script_block_text powershell.file.script_block_id powershell.sequence powershell.total
  url.port url.scheme url.username url.registered_domain http.request.bytes http.request.body.bytes http.request.id http.response.bytes http.response.mime_type dns.question.class dns.question.registered_domain dns.answers.data dns.resolved_ip dns.id dns.type dns.op_code
  email.from.address email.to.address email.message_id email.sender.address tls.sni tls.client.server_name tls.version tls.cipher rule.category rule.ruleset threat.name threat.indicator.name
  observer.ip observer.version observer.serial_number observer.type observer.hostname observer.ingress.interface.name observer.ingress.vlan.id observer.egress.interface.name observer.egress.vlan.id observer.ingress.zone observer.egress.zone
  service.version service.type certificate.serial cloud.region cloud.account.id`)]);

/** Our own namespaces, and those under which normalizers keep a product's native names. */
const OURS = /^(?:haidang|labels|output_fields|container|orchestrator|winlog|auditd|linux|system|systemd|json|nginx|apache|iis|squid|haproxy|postgresql|mysql|oracle|bind|dns|fortinet|cisco|panw|cef|leef|zeek|aws|syslog|log\.syslog\.structured_data|iptables|ssh|pam|modsecurity|barracuda|snoopy|falco|kubernetes|docker|cri|traefik|caddy|envoyproxy|exim|sendmail|sasl|pdns|pgbouncer|synology|php|uwsgi|monolog|container_daemon|loki|cron|microsoft_firewall|microsoft_nps|microsoft\.exchange)\./;
const isOurs = (field: string): boolean => ECS.has(field) || OURS.test(field);

function closedNames({ category = '', product = '', service = '' }: LogSource): ReadonlySet<string> | undefined {
  const maker = product.toLowerCase();
  if (maker === 'windows') return WINDOWS[category.toLowerCase()];
  if (category !== '') return maker === '' || maker === 'linux' ? CATEGORIES[category.toLowerCase()] : undefined;
  return maker === 'linux' ? LINUX[service.toLowerCase()] : undefined;
}

function words(text: string): string[] { return text.split(/\s+/).filter((word) => word !== ''); }
const SYSTEM = 'EventID Channel Provider_Name Provider_Guid Computer ComputerName Level Task Opcode Keywords EventRecordID Message Version Execution_ProcessID Execution_ThreadID Security_UserID Correlation_ActivityID TimeCreated_SystemTime';
const SYSMON = `${SYSTEM} RuleName UtcTime ProcessGuid ProcessId Image User`;
const set = (...texts: string[]): ReadonlySet<string> => new Set(words(texts.join(' ')));

/** The fields of Sysmon's events, of Security 4688 and of PowerShell's logs, as Windows names them. */
const WINDOWS: Readonly<Record<string, ReadonlySet<string> | undefined>> = Object.assign(Object.create(null) as Record<string, ReadonlySet<string>>, {
  process_creation: set(SYSMON, 'FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser',
    'NewProcessName NewProcessId ParentProcessName SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId TokenElevationType MandatoryLabel TargetUserSid TargetUserName TargetDomainName TargetLogonId'),
  file_change: set(SYSMON, 'TargetFilename CreationUtcTime PreviousCreationUtcTime'),
  network_connection: set(SYSMON, 'Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName'),
  sysmon_status: set(SYSMON, 'State SchemaVersion Configuration ConfigurationFileHash'),
  process_termination: set(SYSMON),
  driver_load: set(SYSMON, 'ImageLoaded Hashes Signed Signature SignatureStatus'),
  image_load: set(SYSMON, 'ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed Signature SignatureStatus'),
  create_remote_thread: set(SYSMON, 'SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser'),
  raw_access_thread: set(SYSMON, 'Device'),
  process_access: set(SYSMON, 'SourceProcessGUID SourceProcessGuid SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessGuid TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser'),
  file_event: set(SYSMON, 'TargetFilename CreationUtcTime'),
  registry_event: set(SYSMON, 'EventType TargetObject Details NewName'),
  registry_add: set(SYSMON, 'EventType TargetObject'),
  registry_delete: set(SYSMON, 'EventType TargetObject'),
  registry_set: set(SYSMON, 'EventType TargetObject Details'),
  registry_rename: set(SYSMON, 'EventType TargetObject NewName'),
  create_stream_hash: set(SYSMON, 'TargetFilename CreationUtcTime Hash Contents'),
  pipe_created: set(SYSMON, 'EventType PipeName'),
  wmi_event: set(SYSMON, 'EventType Operation EventNamespace Name Query Type Destination Consumer Filter'),
  dns_query: set(SYSMON, 'QueryName QueryStatus QueryResults'),
  file_delete: set(SYSMON, 'TargetFilename Hashes IsExecutable Archived'),
  clipboard_capture: set(SYSMON, 'Session ClientInfo Hashes Archived'),
  process_tampering: set(SYSMON, 'Type'),
  file_delete_detected: set(SYSMON, 'TargetFilename Hashes IsExecutable'),
  file_block_executable: set(SYSMON, 'TargetFilename Hashes'),
  file_block_shredding: set(SYSMON, 'TargetFilename Hashes IsExecutable'),
  file_executable_detected: set(SYSMON, 'TargetFilename Hashes'),
  sysmon_error: set(SYSMON, 'ID Description'),
  ps_script: set(SYSTEM, 'ScriptBlockText ScriptBlockId Path MessageNumber MessageTotal'),
  ps_module: set(SYSTEM, 'ContextInfo UserData Payload'),
});

const WEB = 'c-ip c-port cs-method cs-uri cs-uri-query cs-uri-stem cs-username cs-user-agent cs-host cs-cookie cs-referer cs-version cs-bytes cs-content-type sc-status sc-substatus sc-win32-status sc-bytes s-ip s-port s-computername s-sitename time-taken date time request src_ip';
const SYSMON_LINUX = 'RuleName UtcTime ProcessGuid ProcessId Image User EventID Computer Channel category';
/** Without a product, or of Linux: the taxonomy's names. */
const CATEGORIES: Readonly<Record<string, ReadonlySet<string> | undefined>> = Object.assign(Object.create(null) as Record<string, ReadonlySet<string>>, {
  webserver: set(WEB),
  proxy: set(WEB, 'c-uri c-uri-query c-uri-stem c-uri-path c-uri-extension c-useragent r-dns r-ip r-port dst_ip dst_port cs-mime-type sc-content-type s-action s-hierarchy rs-content-type'),
  dns: set('query QueryName record_type answer parent_domain src_ip c-ip dst_ip ttl response_code'),
  firewall: set('src_ip src_port dst_ip dst_port action username user blocked protocol proto interface'),
  antivirus: set('Signature Filename Action User Computer Product'),
  network_connection: set(SYSMON_LINUX, 'Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort'),
  file_event: set(SYSMON_LINUX, 'TargetFilename CreationUtcTime'),
  file_delete: set(SYSMON_LINUX, 'TargetFilename Hashes IsExecutable Archived'),
  process_creation: set(SYSMON_LINUX, 'FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser'),
});

/** Daemons' lines: what is read from them has ECS names; these are native ones. */
const LINUX: Readonly<Record<string, ReadonlySet<string> | undefined>> = Object.assign(Object.create(null) as Record<string, ReadonlySet<string>>, {
  sshd: set(''), sudo: set('user USER COMMAND PWD TTY GROUP ENV TSID EXIT SIGNAL'), cron: set(''), systemd: set(''), useradd: set(''), su: set(''), pam: set(''),
});

/** A known name that differs by letter case, separators or one letter. */
function nearest(field: string, own: ReadonlySet<string>): string | undefined {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = plain(field), all = [...own, ...(field.includes('.') ? ECS : [])];
  return all.find((name) => plain(name) === wanted) ?? (wanted.length < 4 ? undefined : all.find((name) => isOneAway(plain(name), wanted)));
}

/** One letter more, less, other, or two swapped. */
function isOneAway(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0, end = 0;
  while (start < one.length && one[start] === other[start]) start++;
  while (end < Math.min(one.length, other.length) - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
  const left = one.length - start - end, right = other.length - start - end;
  return Math.max(left, right) <= 1 || (left === 2 && right === 2 && one[start] === other[start + 1] && one[start + 1] === other[start]);
}
