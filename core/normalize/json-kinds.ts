// Products that log JSON of their own: how to tell each, and its fields in ECS terms. Keys are kept under the product's namespace.
import type { Action } from './actions.js';
import { keycloakEvent, keycloakLog } from './keycloak.js';
import { mongodbAudit, mongodbLog } from './database/mongodb.js';
import { mysqlAuditJson, mysqlErrorJson } from './database/mysql-audit.js';
import { postgresqlJson } from './database/postgresql-json.js';
import { CLOUD_KINDS } from './cloud.js';
import { has, keepAll, keepOwn, putAll, putJsonTime, textOf, type JsonKind, type Names } from './json-fields.js';
import { sambaJson } from './linux/samba.js';
import { lookup } from './lookup.js';
import { ourJson } from './our-json.js';
import { barracudaJson } from './vendor/barracuda-json.js';
import { esetJson } from './vendor/eset.js';
import { panosJson } from './vendor/panos-json.js';
import { ssoAudit } from './vendor/vmware.js';
import { zscalerJson } from './vendor/zscaler.js';
import { modsecurityJson } from './web/modsecurity.js';
import { putRequest, putTarget } from './web/request.js';
import { zeekJson } from './zeek/zeek.js';

// --- Suricata -------------------------------------------------------------------------------------------------------------------
const SURICATA_NAMES: Names = [
  ['src_ip', 'source.ip'], ['src_port', 'source.port'], ['dest_ip', 'destination.ip'], ['dest_port', 'destination.port'], ['proto', 'network.transport'], ['app_proto', 'network.protocol'], ['alert.signature', 'rule.name'], ['alert.signature_id', 'rule.id'], ['alert.category', 'rule.category'],
  ['http.hostname', 'url.domain'], ['http.hostname', 'destination.domain'], ['http.http_user_agent', 'user_agent.original'], ['http.http_method', 'http.request.method'], ['http.status', 'http.response.status_code'], ['http.http_refer', 'http.request.referrer'], ['http.length', 'http.response.body.bytes'],
  ['dns.rrname', 'dns.question.name'], ['dns.rrtype', 'dns.question.type'], ['dns.query.rrname', 'dns.question.name'], ['tls.sni', 'destination.domain'], ['fileinfo.filename', 'file.path'], ['fileinfo.md5', 'file.hash.md5'], ['fileinfo.sha1', 'file.hash.sha1'], ['fileinfo.sha256', 'file.hash.sha256'], ['email.from', 'email.from.address'], ['email.subject', 'email.subject'],
  ['flow.bytes_toserver', 'source.bytes'], ['flow.bytes_toclient', 'destination.bytes'], ['ssh.client.software_version', 'user_agent.original'], ['ether.src_mac', 'source.mac'], ['ether.dest_mac', 'destination.mac'],
];
const suricata: JsonKind = {
  dataset: 'suricata.eve',
  is: (flat) => has(flat, 'event_type', 'timestamp') && (has(flat, 'src_ip') || has(flat, 'flow_id') || has(flat, 'stats.uptime')),
  read(draft, flat) {
    keepAll(draft, 'suricata.eve', flat);
    putJsonTime(draft, textOf(flat, 'timestamp'));
    putAll(draft, flat, SURICATA_NAMES);
    putTarget(draft, textOf(flat, 'http.url') ?? '');
    const kind = textOf(flat, 'event_type') ?? '';
    draft.act(SURICATA[kind] ?? 'connection');
    if (kind === 'alert') draft.put('event.kind', 'alert');
  },
};
const SURICATA = lookup<Action>({ alert: 'intrusion_detected', http: 'http_request', dns: 'dns_query', dhcp: 'dhcp_lease' });

// --- Kubernetes audit -----------------------------------------------------------------------------------------------------------
const KUBERNETES_NAMES: Names = [
  ['user.username', 'user.name'], ['user.uid', 'user.id'], ['userAgent', 'user_agent.original'], ['responseStatus.code', 'http.response.status_code'], ['sourceIPs', 'source.ip'], ['verb', 'kubernetes.verb'],
];
const kubernetes: JsonKind = {
  dataset: 'kubernetes.audit_logs',
  is: (flat) => textOf(flat, 'kind') === 'Event' && (textOf(flat, 'apiVersion') ?? '').startsWith('audit.k8s.io'),
  read(draft, flat) {
    keepAll(draft, 'kubernetes.audit', flat);
    putJsonTime(draft, textOf(flat, 'stageTimestamp') ?? textOf(flat, 'requestReceivedTimestamp'));
    putAll(draft, flat, KUBERNETES_NAMES);
    const verb = textOf(flat, 'verb');
    if (verb !== undefined) draft.put('http.request.method', verb);
    putTarget(draft, textOf(flat, 'requestURI') ?? '');
    draft.act('http_request', Number(textOf(flat, 'responseStatus.code')) >= 400 ? 'failure' : 'success');
  },
};

// --- nginx (and others) with log_format as JSON -----------------------------------------------------------------------------------
const ACCESS_NAMES: Names = [
  ['remote_addr', 'source.ip'], ['client_ip', 'source.ip'], ['client_address', 'source.ip'], ['client_port', 'source.port'], ['clientip', 'source.ip'], ['remote_port', 'source.port'], ['remote_user', 'user.name'], ['server_addr', 'destination.ip'], ['upstream_addr', 'destination.ip'], ['server_port', 'destination.port'], ['server_name', 'destination.domain'], ['host', 'destination.domain'], ['http_host', 'url.domain'], ['host', 'url.domain'],
  ['response_status', 'http.response.status_code'], ['status', 'http.response.status_code'], ['body_bytes_sent', 'http.response.body.bytes'], ['http_user_agent', 'user_agent.original'], ['user_agent', 'user_agent.original'], ['http_referer', 'http.request.referrer'], ['http_referrer', 'http.request.referrer'], ['request_method', 'http.request.method'], ['server_protocol', 'http.version'],
];
const webAccess: JsonKind = {
  dataset: 'nginx.access',
  is: (flat) => (has(flat, 'remote_addr') || has(flat, 'client_ip') || has(flat, 'clientip') || has(flat, 'client_address')) && (has(flat, 'request') || has(flat, 'request_uri') || has(flat, 'request_method') || has(flat, 'uri')) && !has(flat, 'event_type'),
  read(draft, flat) {
    keepOwn(draft, flat);
    putJsonTime(draft, textOf(flat, 'time_local') ?? textOf(flat, 'time_iso8601') ?? textOf(flat, 'timestamp') ?? textOf(flat, '@timestamp') ?? textOf(flat, 'time') ?? textOf(flat, 'msec'));
    putAll(draft, flat, ACCESS_NAMES);
    if (!putRequest(draft, textOf(flat, 'request') ?? '')) putTarget(draft, textOf(flat, 'request_uri') ?? textOf(flat, 'uri') ?? '');
    draft.act('http_request', Number(textOf(flat, 'status')) >= 400 ? 'failure' : 'success');
  },
};

export const JSON_KINDS: readonly JsonKind[] = [ourJson, panosJson, barracudaJson, esetJson, suricata, mongodbLog, mongodbAudit, postgresqlJson, mysqlAuditJson, mysqlErrorJson, sambaJson, ssoAudit, keycloakEvent, keycloakLog, zeekJson, kubernetes, modsecurityJson, ...CLOUD_KINDS, zscalerJson, webAccess];
