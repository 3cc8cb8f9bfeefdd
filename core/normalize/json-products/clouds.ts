// What clouds find and let through, in their own JSON (GuardDuty, WAF, alerts of Azure), and events in the Open Cybersecurity Schema that any product may send.
import type { Action } from '../actions.js';
import { has, listOf, putAnswers, putMailboxes, textOf, type Flat } from '../json-fields.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import { putTarget } from '../web/request.js';
import { first, means, outcomeOf, severityOf, type Product } from './product.js';

/** The same members alone and in an event of EventBridge. */
const either = (text: string): string => text.trim().split('\n').map((line) => { const colon = line.indexOf(':'); return `${line.slice(0, colon)}: ${line.slice(colon + 1).trim().split(/\s+/).flatMap((one) => [one, `detail.${one}`]).join(' ')}`; }).join('\n');

// --- GuardDuty: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings.html ----------------------------------------------------------
const guardDuty: Product = {
  dataset: 'aws.guardduty', maker: 'AWS / GuardDuty', marks: ['service.serviceName', 'detail.service.serviceName', 'schemaVersion'], alert: true,
  is: (flat) => textOf(flat, 'service.serviceName') === 'guardduty' || textOf(flat, 'detail.service.serviceName') === 'guardduty',
  time: ['service.eventLastSeen', 'detail.service.eventLastSeen', 'updatedAt', 'detail.updatedAt', 'time'],
  names: means(either(`
    rule.name: type
    event.code: type
    event.reason: title description
    event.severity: severity
    cloud.account.id: accountId
    cloud.region: region
    cloud.instance.id: resource.instanceDetails.instanceId
    user.name: resource.accessKeyDetails.userName
    user.id: resource.accessKeyDetails.principalId
    dns.question.name: service.action.dnsRequestAction.domain
    network.transport: service.action.networkConnectionAction.protocol`)),
  more(draft, flat) {
    const at = (path: string): string | undefined => first(flat, [`service.action.${path}`, `detail.service.action.${path}`]), connection = 'networkConnectionAction.', inbound = (at(`${connection}connectionDirection`) ?? '').toUpperCase() === 'INBOUND', [local, remote] = inbound ? ['destination', 'source'] as const : ['source', 'destination'] as const;
    draft.put(`${remote}.ip`, at(`${connection}remoteIpDetails.ipAddressV4`)); draft.put(`${remote}.port`, at(`${connection}remotePortDetails.port`)); draft.put(`${local}.port`, at(`${connection}localPortDetails.port`)); draft.put(`${local}.ip`, at(`${connection}localIpDetails.ipAddressV4`));
    if (at(`${connection}connectionDirection`) !== undefined) draft.put('network.direction', inbound ? 'inbound' : 'outbound');
    draft.put('source.ip', draft.get('source.ip') ?? at('awsApiCallAction.remoteIpDetails.ipAddressV4') ?? at('portProbeAction.portProbeDetails.remoteIpDetails.ipAddressV4') ?? at('kubernetesApiCallAction.remoteIpDetails.ipAddressV4'));
    draft.act('intrusion_detected');
  },
};

// --- AWS WAF: https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html ------------------------------------------------------------
const awsWaf: Product = {
  dataset: 'aws.waf', maker: 'AWS / WAF', marks: ['webaclId'],
  is: (flat) => has(flat, 'webaclId', 'httpRequest.clientIp'),
  time: ['timestamp'],
  names: means('source.ip: httpRequest.clientIp\nhttp.request.method: httpRequest.httpMethod\nhttp.request.id: httpRequest.requestId\nrule.id: terminatingRuleId\nrule.ruleset: webaclId\nrule.category: terminatingRuleType\nsource.geo.country_iso_code: httpRequest.country'),
  more(draft, flat) {
    const names = listOf(flat['httpRequest.headers.name']), values = listOf(flat['httpRequest.headers.value']), query = textOf(flat, 'httpRequest.args'), blocked = /BLOCK|CAPTCHA|CHALLENGE/.test(textOf(flat, 'action') ?? '');
    if (names.length === values.length) names.forEach((name, i) => { const field = HEADERS[name.toLowerCase()]; if (field !== undefined) draft.fill(field, values[i]); });
    putTarget(draft, `${textOf(flat, 'httpRequest.uri') ?? ''}${query === undefined ? '' : `?${query}`}`);
    draft.put('http.version', /HTTP\/([\d.]{1,3})/.exec(textOf(flat, 'httpRequest.httpVersion') ?? '')?.[1]);
    draft.act(blocked ? 'web_attack_detected' : 'http_request', blocked ? 'failure' : 'success');
  },
};
const HEADERS = lookup({ 'user-agent': 'user_agent.original', host: 'url.domain', referer: 'http.request.referrer' });

// --- Azure's application gateway and firewall write the category of resource logs (cloud.ts); Defender for Cloud its alerts so: ------------------------
const defenderForCloud: Product = {
  dataset: 'azure.security_alert', maker: 'Microsoft / Defender for Cloud', marks: ['AlertType', 'properties.alertDisplayName', 'AlertDisplayName'], alert: true,
  is: (flat) => has(flat, 'AlertDisplayName', 'Severity') || has(flat, 'AlertType', 'Severity') || has(flat, 'properties.alertDisplayName', 'properties.severity'),
  time: ['TimeGenerated', 'StartTimeUtc', 'properties.timeGeneratedUtc', 'time'],
  names: means('rule.name: AlertDisplayName DisplayName properties.alertDisplayName AlertName\nrule.id: AlertType properties.alertType\nrule.description: Description properties.description\nevent.reason: Description properties.description\nhost.name: CompromisedEntity properties.compromisedEntity\nthreat.technique.id: Techniques properties.techniques\nthreat.tactic.name: Intent Tactics properties.intent'),
  more(draft, flat) { draft.put('event.severity', severityOf(first(flat, ['Severity', 'AlertSeverity', 'properties.severity']))); draft.act('intrusion_detected'); },
};

// --- Azure's activity log as its API gives it, and the tables of a Log Analytics workspace as they are exported: ------------------------------------
// https://learn.microsoft.com/rest/api/monitor/activity-logs https://learn.microsoft.com/azure/azure-monitor/reference/tables-index
const activity: Product = {
  dataset: 'azure.activitylogs', maker: 'Microsoft / Azure', marks: ['operationName.value'],
  is: (flat) => has(flat, 'operationName.value', 'eventTimestamp'),
  time: ['eventTimestamp'],
  names: means('user.name: caller properties.userName\nuser.domain: properties.domainName\nuser.id: properties.UserSID\nsource.ip: httpRequest.clientIpAddress claims.ipaddr\nazure.resource.provider: resourceProviderName.value\nevent.reason: description\nlog.level: level\nprocess.command_line: properties.commandLine\nprocess.executable: properties.processName\nprocess.pid: properties.processId'),
  more(draft, flat) { draft.put('event.action', textOf(flat, 'operationName.value')); draft.put('event.outcome', outcomeOf(flat['status.value'])); },
};
const TABLES = lookup<string>({ AuditLogs: 'azure.auditlogs', SigninLogs: 'azure.signinlogs', AADNonInteractiveUserSignInLogs: 'azure.signinlogs', AADServicePrincipalSignInLogs: 'azure.signinlogs', AADManagedIdentitySignInLogs: 'azure.signinlogs', AzureActivity: 'azure.activitylogs', AADUserRiskEvents: 'azure.identity_protection' });
const workspaceTable: Product = {
  dataset: 'azure.platformlogs', maker: 'Microsoft / Azure', marks: ['TimeGenerated'],
  is: (flat) => has(flat, 'TimeGenerated') && TABLES[textOf(flat, 'Type') ?? ''] !== undefined,
  time: ['TimeGenerated'],
  names: means('user.name: UserPrincipalName Caller ServicePrincipalName\nuser.id: UserId\nsource.ip: IPAddress CallerIpAddress IpAddress\nuser_agent.original: UserAgent\nevent.code: ResultType\nevent.reason: ResultDescription ResultReason RiskDetail\nrule.name: RiskEventType\nservice.name: AppDisplayName\nazure.resource.provider: ResourceProviderValue'),
  more(draft, flat) {
    const dataset = TABLES[textOf(flat, 'Type') ?? ''] as string;
    draft.event['event.dataset'] = dataset;
    if (dataset === 'azure.signinlogs') { draft.act(textOf(flat, 'ResultType') === '0' ? 'login' : 'login_failed'); return; }
    draft.put('event.action', textOf(flat, 'OperationNameValue') ?? textOf(flat, 'OperationName')); draft.put('event.outcome', outcomeOf(flat['Result'] ?? flat['ActivityStatusValue']));
  },
};

// --- OCSF: https://schema.ocsf.io -------------------------------------------------------------------------------------------------------------------------
const ocsf: Product = {
  dataset: 'ocsf.event', maker: ' / ', marks: ['class_uid'],
  is: (flat) => has(flat, 'class_uid', 'time') && (has(flat, 'activity_id') || has(flat, 'category_uid') || has(flat, 'type_uid')),
  time: ['time_dt', 'time'],
  names: means(`
    observer.vendor: metadata.product.vendor_name
    observer.product: metadata.product.name
    observer.version: metadata.product.version
    event.code: type_uid class_uid
    event.reason: status_detail status_details message
    event.severity: severity_id
    source.ip: src_endpoint.ip
    source.port: src_endpoint.port
    source.mac: src_endpoint.mac
    source.domain: src_endpoint.hostname src_endpoint.domain src_endpoint.name
    destination.ip: dst_endpoint.ip
    destination.port: dst_endpoint.port
    destination.mac: dst_endpoint.mac
    destination.domain: dst_endpoint.hostname dst_endpoint.domain dst_endpoint.name
    source.bytes: traffic.bytes_out
    destination.bytes: traffic.bytes_in
    network.bytes: traffic.bytes
    network.packets: traffic.packets
    source.packets: traffic.packets_out
    destination.packets: traffic.packets_in
    network.transport: connection_info.protocol_name connection_info.protocol_num
    network.direction: connection_info.direction
    network.protocol: app_name
    host.name: device.hostname device.name
    host.ip: device.ip
    host.id: device.uid
    process.name: process.name actor.process.name
    process.pid: process.pid actor.process.pid
    process.command_line: process.cmd_line actor.process.cmd_line
    process.executable: process.file.path actor.process.file.path
    process.parent.name: process.parent_process.name
    process.parent.pid: process.parent_process.pid
    process.parent.command_line: process.parent_process.cmd_line
    file.path: file.path
    file.name: file.name
    file.size: file.size
    http.request.method: http_request.http_method
    http.response.status_code: http_response.code http_status
    user_agent.original: http_request.user_agent
    http.request.referrer: http_request.referrer
    url.domain: http_request.url.hostname url.hostname
    dns.question.name: query.hostname
    dns.question.type: query.type
    dns.response_code: rcode
    rule.name: finding_info.title finding.title malware.name analytic.name rule.name policy.name
    rule.id: finding_info.uid finding.uid rule.uid
    threat.name: malware.name
    threat.technique.id: attacks.technique.uid finding_info.attacks.technique.uid
    threat.tactic.name: attacks.tactics.name attacks.tactic.name
    service.name: service.name api.service.name
    registry.path: reg_key.path reg_value.path
    registry.value: reg_value.name
    email.subject: email.subject
    email.message_id: email.message_uid
    vulnerability.id: vulnerabilities.cve.uid vulnerabilities.title
    vulnerability.severity: vulnerabilities.severity
    cloud.account.id: cloud.account.uid
    cloud.region: cloud.region
    cloud.provider: cloud.provider
    tls.client.server_name: tls.sni
    tls.version: tls.version
    tls.cipher: tls.cipher`),
  more: readOcsf,
};
/** By the class: who signed in or was changed stands in `user`, who did it in `actor`. */
function readOcsf(draft: Draft, flat: Flat): void {
  const kind = Number(textOf(flat, 'class_uid')), activity = Number(textOf(flat, 'activity_id')), family = Math.floor(kind / 1000), outcome = textOf(flat, 'status_id') === '2' ? 'failure' as const : textOf(flat, 'status_id') === '1' ? 'success' as const : outcomeOf(flat['status']), denied = textOf(flat, 'action_id') === '2' || textOf(flat, 'disposition_id') === '2';
  const actor = first(flat, ['actor.user.name', 'actor.user.email_addr', 'actor.session.issuer']), user = first(flat, ['user.name', 'user.email_addr']), changed = kind === 3001 || kind === 3005 || kind === 3006;
  draft.put('user.name', kind === 3002 ? user ?? actor : actor ?? user);
  draft.put('user.domain', first(flat, ['user.domain', 'actor.user.domain']));
  draft.put('user.id', first(flat, kind === 3002 ? ['user.uid', 'actor.user.uid'] : ['actor.user.uid', 'user.uid']));
  if (changed || kind === 3003) draft.put('user.target.name', user);
  draft.put('group.name', textOf(flat, 'group.name'));
  draft.put('network.direction', draft.getText('network.direction')?.toLowerCase());
  const algorithms = listOf(flat['file.hashes.algorithm']), hashes = listOf(flat['file.hashes.value']);
  if (algorithms.length === hashes.length) algorithms.forEach((name, i) => { const field = HASHES[name.toLowerCase().replace('-', '')]; if (field !== undefined) draft.put(field, hashes[i]); });
  const url = first(flat, ['http_request.url.url_string', 'url.url_string', 'http_request.url.path']);
  if (url !== undefined) putTarget(draft, url);
  putAnswers(draft, flat['answers.rdata']);
  putMailboxes(draft, 'email.from.address', flat['email.from']); putMailboxes(draft, 'email.to.address', flat['email.to']);
  const action = denied && family === 4 ? 'connection_denied' : OCSF[`${String(kind)}.${String(activity)}`] ?? OCSF[String(kind)];
  if (action !== undefined) draft.act(action === 'login' && outcome === 'failure' ? 'login_failed' : action, outcome ?? (denied ? 'failure' : undefined));
  else { draft.put('event.action', first(flat, ['activity_name', 'api.operation'])?.toLowerCase()); draft.put('event.outcome', outcome); }
  if (family === 2) draft.put('event.kind', 'alert');
}
const HASHES = lookup<string>({ md5: 'file.hash.md5', sha1: 'file.hash.sha1', sha256: 'file.hash.sha256' });
/** By class and activity, then by class. */
const OCSF = lookup<Action>({
  1001: 'file_opened', '1001.1': 'file_created', '1001.3': 'file_changed', '1001.4': 'file_deleted', '1001.5': 'file_changed', 1005: 'library_loaded', 1006: 'task_changed', '1006.1': 'task_created', '1006.3': 'task_deleted', 1007: 'process_started', '1007.2': 'process_ended', 201001: 'registry_changed', 201002: 'registry_changed',
  2001: 'intrusion_detected', 2004: 'intrusion_detected', 2005: 'intrusion_detected', 3001: 'user_changed', '3001.1': 'user_created', '3001.2': 'user_enabled', '3001.3': 'password_changed', '3001.4': 'password_reset', '3001.5': 'user_disabled', '3001.6': 'user_deleted', '3001.9': 'user_locked', 3002: 'login', '3002.2': 'logout', 3005: 'privileges_assigned', 3006: 'group_changed', '3006.3': 'group_member_added', '3006.4': 'group_member_removed', '3006.5': 'group_created', '3006.6': 'group_deleted',
  4001: 'connection', '4001.1': 'connection_started', '4001.2': 'connection_ended', '4001.5': 'connection_denied', 4002: 'http_request', 4003: 'dns_query', 4004: 'dhcp_lease', 4007: 'ssh_connection', 4009: 'mail',
});

export const CLOUDS: readonly Product[] = [guardDuty, awsWaf, defenderForCloud, ocsf, activity, workspaceTable];
