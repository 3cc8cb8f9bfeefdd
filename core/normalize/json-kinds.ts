// Products that log JSON of their own: how to tell each, and its fields in ECS terms. Keys are kept under the product's namespace.
import { keycloakEvent, keycloakLog } from './keycloak.js';
import { kubernetes } from './kubernetes.js';
import { mongodbAudit, mongodbLog } from './database/mongodb.js';
import { mysqlActivity, mysqlAuditJson, mysqlErrorJson } from './database/mysql-audit.js';
import { postgresqlJson } from './database/postgresql-json.js';
import { azure, cloudTrail, gcpAudit, githubAudit, microsoft365 } from './cloud.js';
import type { Draft } from './draft.js';
import { has, keepOwn, putAll, putJsonTime, textOf, type Flat, type JsonKind, type Names } from './json-fields.js';
import { isIp } from './net.js';
import { GATEWAYS } from './json-products/gateways.js';
import { CLOUDS } from './json-products/clouds.js';
import { ENDPOINTS } from './json-products/endpoints.js';
import { IDENTITIES } from './json-products/identities.js';
import { KERNELS } from './json-products/kernels.js';
import { productKind } from './json-products/product.js';
import { SERVICES } from './json-products/services.js';
import { STORES } from './json-products/stores.js';
import { VISION_ONE } from './json-products/vision-one.js';
import { laurel } from './linux/laurel.js';
import { sambaJson } from './linux/samba.js';
import { nextcloud } from './nextcloud.js';
import { ourJson } from './our-json.js';
import { barracudaJson } from './vendor/barracuda-json.js';
import { checkpointJson } from './vendor/checkpoint.js';
import { esetJson } from './vendor/eset.js';
import { f5Json } from './vendor/f5.js';
import { panosJson } from './vendor/panos-json.js';
import { snortJson } from './vendor/snort.js';
import { suricata } from './vendor/suricata.js';
import { ssoAudit } from './vendor/vmware.js';
import { zscalerJson } from './vendor/zscaler.js';
import { modsecurityJson } from './web/modsecurity.js';
import { caddy, envoyJson, iisJson, tomcatJson, traefik, undertowJson, wildflyAudit } from './web/proxy-json.js';
import { putRequest, putTarget } from './web/request.js';
import { zeekJson } from './zeek/zeek.js';

// --- nginx (and others) with log_format as JSON -----------------------------------------------------------------------------------
const ACCESS_NAMES: Names = [
  ['remote_addr', 'source.ip'], ['client_ip', 'source.ip'], ['client_address', 'source.ip'], ['client_port', 'source.port'], ['clientip', 'source.ip'], ['remote_port', 'source.port'], ['remote_user', 'user.name'], ['server_addr', 'destination.ip'], ['upstream_addr', 'destination.ip'], ['server_port', 'destination.port'], ['server_name', 'destination.domain'], ['host', 'destination.domain'], ['http_host', 'url.domain'], ['host', 'url.domain'],
  ['response_status', 'http.response.status_code'], ['status', 'http.response.status_code'], ['body_bytes_sent', 'http.response.body.bytes'], ['http_user_agent', 'user_agent.original'], ['user_agent', 'user_agent.original'], ['http_referer', 'http.request.referrer'], ['http_referrer', 'http.request.referrer'], ['request_method', 'http.request.method'], ['request_length', 'http.request.bytes'], ['bytes_sent', 'http.response.bytes'], ['ssl_cipher', 'tls.cipher'], ['ssl_server_name', 'tls.client.server_name'], ['request_id', 'http.request.id'], ['scheme', 'url.scheme'],
  ['remoteIP', 'source.ip'], ['user', 'user.name'], ['bytes', 'http.response.body.bytes'], ['verb', 'http.request.method'], ['method', 'http.request.method'], ['response', 'http.response.status_code'], ['agent', 'user_agent.original'], ['userAgent', 'user_agent.original'], ['auth', 'user.name'], ['referrer', 'http.request.referrer'], ['referer', 'http.request.referrer'],
];
const webAccess: JsonKind = {
  dataset: 'nginx.access',
  is: (flat) => (has(flat, 'remote_addr') || has(flat, 'client_ip') || has(flat, 'clientip') || has(flat, 'client_address') || has(flat, 'remoteIP')) && (has(flat, 'request') || has(flat, 'request_uri') || has(flat, 'request_method') || has(flat, 'uri') || has(flat, 'requestPath')) && !has(flat, 'event_type'),
  read(draft, flat) {
    keepOwn(draft, flat);
    putJsonTime(draft, textOf(flat, 'time_local') ?? textOf(flat, 'time_iso8601') ?? textOf(flat, 'timestamp') ?? textOf(flat, '@timestamp') ?? textOf(flat, 'time') ?? textOf(flat, 'msec'));
    putAll(draft, flat, ACCESS_NAMES);
    const request = textOf(flat, 'request') ?? '', query = textOf(flat, 'query') ?? '';
    if (!putRequest(draft, request)) putTarget(draft, textOf(flat, 'request_uri') ?? textOf(flat, 'uri') ?? pathOf(textOf(flat, 'requestPath') ?? request, query));
    putServed(draft, flat);
    if (draft.getText('destination.domain')?.startsWith('unix:') === true) delete draft.event['destination.domain'];
    draft.act('http_request', Number(draft.get('http.response.status_code')) >= 400 ? 'failure' : 'success');
  },
};

/** Apache's `%U` and `%q`: the query has its question mark. */
const pathOf = (path: string, query: string): string => path.startsWith('/') ? `${path}${query.startsWith('?') ? query : ''}` : '';
/** The versions of HTTP and TLS, how long it took, and whom a proxy named as the client. */
function putServed(draft: Draft, flat: Flat): void {
  const forwarded = (textOf(flat, 'http_x_forwarded_for') ?? textOf(flat, 'x_forwarded_for') ?? '').split(',', 1)[0]?.trim() ?? '', taken = textOf(flat, 'request_time');
  draft.fill('http.version', /^HTTP\/([\d.]{1,3})$/.exec(textOf(flat, 'server_protocol') ?? '')?.[1]);
  draft.put('tls.version', /^(?:TLS|SSL)v([\d.]{1,3})$/.exec(textOf(flat, 'ssl_protocol') ?? '')?.[1]);
  if (isIp(forwarded)) draft.put('network.forwarded_ip', forwarded);
  if (taken !== undefined && /^\d{1,9}\.\d{3}$/.test(taken)) draft.put('event.duration', Math.round(Number(taken) * 1e9)); // seconds with milliseconds, as nginx writes it
}

/** In the order in which they are asked, each with names of which at least one stands in all that it takes; one without is asked about every object. */
const MARKED: readonly (readonly [kind: JsonKind, ...marks: string[]])[] = [
  [ourJson, 'schema'], [panosJson, 'LogType'], [barracudaJson, 'traffic_type', 'trans_proto'], [checkpointJson, 'loguid'], [f5Json, 'telemetryEventCategory', 'bigip_mgmt_ip'], [esetJson, 'source_uuid'], [suricata, 'event_type'], [laurel, 'ID'], [nextcloud, 'reqId'], [snortJson, 'src_ap', 'src_addr'], [mongodbLog, 'ctx'], [mongodbAudit, 'atype'], [postgresqlJson, 'error_severity'],
  [mysqlAuditJson, 'audit_record.name', 'class'], [mysqlActivity, 'msg-type'], [mysqlErrorJson, 'err_code'], [sambaJson, 'type'], [ssoAudit, 'client'], [keycloakEvent, 'realmId'], [keycloakLog, 'loggerName'], [zeekJson, '_path', 'ts'], [kubernetes, 'apiVersion', 'kubernetes.audit.apiVersion'],
  ...GATEWAYS.map((product) => [productKind(product), ...product.marks] as const),
  [modsecurityJson, 'transaction.remote_address', 'transaction.client_ip'], [githubAudit, 'actor'], [azure, 'resourceId'], [gcpAudit, 'protoPayload.@type', 'protoPayload.methodName'], [microsoft365, 'Workload', 'OfficeWorkload'], [cloudTrail, 'awsRegion'],
  [zscalerJson, 'sourcetype', 'vendor'], ...[...ENDPOINTS, ...VISION_ONE, ...KERNELS, ...IDENTITIES, ...CLOUDS, ...STORES].map((product) => [productKind(product), ...product.marks] as const),
  ...SERVICES,
  [traefik, 'DownstreamStatus'], [caddy, 'request.proto'], [envoyJson, 'response_flags'], [iisJson, 'cs-method'], [tomcatJson, 'logicalUserName'], [undertowJson, 'requestLine'], [wildflyAudit, 'domainUUID'],
  [webAccess, 'remote_addr', 'client_ip', 'clientip', 'client_address', 'remoteIP'],
];
export const JSON_KINDS: readonly JsonKind[] = MARKED.map(([kind]) => kind);

/** A bit for each kind; when there are more than these, several have the same. */
const BITS = 30;
export const kindBit = (place: number): number => 1 << place % BITS;
/** The kinds of which a name is a mark. */
export function marksOf(name: string): number {
  let bits = 0;
  for (const [place, [, ...marks]] of MARKED.entries()) if (marks.includes(name)) bits |= kindBit(place);
  return bits;
}
/** Those that have none. */
export const UNMARKED = MARKED.reduce((bits, [, ...marks], place) => (marks.length === 0 ? bits | kindBit(place) : bits), 0);
