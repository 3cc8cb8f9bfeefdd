// Requests in JSON under the keys of the server that answered them: Traefik, Caddy, Envoy and what is built on it (Istio, Contour), and IIS' W3C columns as agents
// turn them into JSON. All keys are kept under the product's name.
// https://doc.traefik.io/traefik/observe/logs-and-access-logs https://caddyserver.com/docs/caddyfile/directives/log https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import { has, keepAll, putAll, putJsonTime, textOf, type Flat, type JsonKind, type Names } from '../json-fields.js';
import { isIp, splitEndpoint } from '../net.js';
import { putRequest, putTarget } from './request.js';
import { putIisValues } from './w3c.js';

interface Layout {
  readonly dataset: string;
  readonly service: string;
  /** Keys that all stand in every request of it. */
  readonly marks: readonly string[];
  readonly names: Names;
  readonly time: string;
  readonly user?: string;
  readonly target: string;
  readonly version: string;
  readonly forwarded: string;
  /** Where the request was passed to, `192.0.2.8:80`. */
  readonly upstream?: string;
  /** How long it took, and how many nanoseconds one of its units has. */
  readonly duration: readonly [key: string, unit: number];
}

const requests = (layout: Layout): JsonKind => ({
  dataset: layout.dataset,
  is: (flat) => has(flat, ...layout.marks),
  read(draft, flat) {
    keepAll(draft, layout.dataset, flat);
    putJsonTime(draft, textOf(flat, layout.time));
    putAll(draft, flat, layout.names);
    putAccount(draft, 'user', layout.user === undefined ? undefined : textOf(flat, layout.user));
    putTarget(draft, textOf(flat, layout.target) ?? '');
    draft.put('http.version', textOf(flat, layout.version)?.replace(/^HTTP\//, ''));
    putAddresses(draft, flat, layout);
    const [key, unit] = layout.duration, taken = Number(textOf(flat, key));
    if (taken >= 0) draft.put('event.duration', Math.round(taken * unit));
    draft.put('service.name', layout.service);
    const status = Number(draft.get('http.response.status_code'));
    draft.act('http_request', status >= 400 || status === 0 ? 'failure' : status > 0 ? 'success' : undefined);
  },
});

function putAddresses(draft: Draft, flat: Flat, { forwarded, upstream }: Layout): void {
  const named = textOf(flat, forwarded)?.split(',', 1)[0]?.trim() ?? '', passed = upstream === undefined ? undefined : splitEndpoint(textOf(flat, upstream) ?? '');
  if (isIp(named) && named !== draft.get('source.ip')) draft.put('network.forwarded_ip', named);
  if (passed !== undefined && isIp(passed.host)) { draft.put('destination.nat.ip', passed.host); draft.put('destination.nat.port', passed.port); }
  const host = draft.getText('url.domain')?.replace(/:\d{1,5}$/, '');
  if (host === undefined) return;
  draft.put('url.domain', host);
  if (!isIp(host)) draft.put('destination.domain', host);
}

export const traefik = requests({
  dataset: 'traefik.access', service: 'traefik', marks: ['RequestMethod', 'DownstreamStatus'], time: 'StartUTC', user: 'ClientUsername', target: 'RequestPath', version: 'RequestProtocol', forwarded: 'request_X-Forwarded-For', upstream: 'ServiceAddr', duration: ['Duration', 1],
  names: [['ClientHost', 'source.ip'], ['ClientPort', 'source.port'], ['DownstreamStatus', 'http.response.status_code'], ['DownstreamContentSize', 'http.response.body.bytes'], ['RequestContentSize', 'http.request.body.bytes'], ['RequestMethod', 'http.request.method'], ['RequestHost', 'url.domain'], ['RequestScheme', 'url.scheme'],
    ['request_User-Agent', 'user_agent.original'], ['request_Referer', 'http.request.referrer'], ['TLSVersion', 'tls.version'], ['TLSCipher', 'tls.cipher'], ['level', 'log.level']],
});
export const caddy = requests({
  dataset: 'caddy.access', service: 'caddy', marks: ['request.method', 'request.uri', 'request.proto'], time: 'ts', user: 'user_id', target: 'request.uri', version: 'request.proto', forwarded: 'request.client_ip', duration: ['duration', 1e9],
  names: [['request.remote_ip', 'source.ip'], ['request.remote_addr', 'source.ip'], ['request.remote_port', 'source.port'], ['status', 'http.response.status_code'], ['size', 'http.response.body.bytes'], ['bytes_read', 'http.request.body.bytes'], ['request.method', 'http.request.method'], ['request.host', 'url.domain'],
    ['request.headers.User-Agent', 'user_agent.original'], ['request.headers.Referer', 'http.request.referrer'], ['request.tls.server_name', 'tls.client.server_name'], ['level', 'log.level'], ['logger', 'log.logger']],
});
export const envoyJson = requests({
  dataset: 'envoyproxy.access', service: 'envoy', marks: ['response_code', 'response_flags'], time: 'start_time', target: 'path', version: 'protocol', forwarded: 'x_forwarded_for', upstream: 'upstream_host', duration: ['duration', 1e6],
  names: [['downstream_remote_address', 'source.ip'], ['downstream_local_address', 'destination.ip'], ['response_code', 'http.response.status_code'], ['bytes_sent', 'http.response.body.bytes'], ['bytes_received', 'http.request.body.bytes'], ['method', 'http.request.method'], ['authority', 'url.domain'],
    ['user_agent', 'user_agent.original'], ['requested_server_name', 'tls.client.server_name'], ['request_id', 'http.request.id'], ['response_code_details', 'event.reason']],
});
/** Of ProxySG and CloudFront, which have the same names for what W3C names. */
const OTHERS = ['sc-filter-result', 's-action', 'cs-uri-scheme', 'x-edge-location'];
/** IIS' columns by their own names. */
export const iisJson: JsonKind = {
  dataset: 'iis.access',
  is: (flat) => has(flat, 'cs-method', 'c-ip') && !OTHERS.some((name) => has(flat, name)),
  read(draft, flat) {
    const values = new Map<string, string>();
    for (const key of Object.keys(flat)) { const value = textOf(flat, key); if (value !== undefined) values.set(key.toLowerCase(), value); }
    putIisValues(draft, values);
  },
};

// --- Java servers: the request as one line, the time in brackets -------------------------------------------------------------------------
// Tomcat's JsonAccessLogValve, Undertow's console access log (WildFly): https://tomcat.apache.org/tomcat-10.1-doc/config/valve.html#JSON_Access_Log_Valve
const javaRequests = (dataset: string, service: string, mark: readonly string[], request: string, time: string, names: Names): JsonKind => ({
  dataset,
  is: (flat) => has(flat, ...mark),
  read(draft, flat) {
    keepAll(draft, dataset, flat);
    putJsonTime(draft, textOf(flat, time)?.replace(/^\[|\]$/g, ''));
    putAll(draft, flat, names);
    putRequest(draft, textOf(flat, request) ?? '');
    draft.put('service.name', service);
    const status = Number(draft.get('http.response.status_code'));
    draft.act('http_request', status >= 400 ? 'failure' : status > 0 ? 'success' : undefined);
  },
});
export const tomcatJson = javaRequests('tomcat.access', 'tomcat', ['logicalUserName', 'statusCode'], 'request', 'time', [['host', 'source.ip'], ['remoteAddr', 'source.ip'], ['user', 'user.name'], ['statusCode', 'http.response.status_code'], ['size', 'http.response.body.bytes'],
  ['method', 'http.request.method'], ['requestHeaders.User-Agent', 'user_agent.original'], ['requestHeaders.Referer', 'http.request.referrer'], ['localServerName', 'url.domain'], ['localAddr', 'destination.ip'], ['port', 'destination.port']]);
export const undertowJson = javaRequests('undertow.access', 'undertow', ['requestLine', 'responseCode'], 'requestLine', 'dateTime', [['remoteHost', 'source.ip'], ['remoteIp', 'source.ip'], ['remoteUser', 'user.name'], ['responseCode', 'http.response.status_code'], ['bytesSent', 'http.response.body.bytes'],
  ['requestHeader.User-Agent', 'user_agent.original'], ['requestHeader.Referer', 'http.request.referrer'], ['localIp', 'destination.ip'], ['localPort', 'destination.port']]);

/** WildFly's audit of its management: who asked for which operations, from where. https://docs.wildfly.org/34/Admin_Guide.html#audit-logging */
export const wildflyAudit: JsonKind = {
  dataset: 'wildfly.audit',
  is: (flat) => has(flat, 'domainUUID', 'r/o', 'user'),
  read(draft, flat) {
    keepAll(draft, 'wildfly.audit', flat);
    putAccount(draft, 'user', textOf(flat, 'user'));
    draft.put('source.ip', textOf(flat, 'remote-address')?.replace(/^[^/]{0,255}\//, ''));
    draft.put('service.name', 'wildfly');
    draft.act(textOf(flat, 'r/o') === 'true' ? 'audit_record' : 'config_changed', textOf(flat, 'success') === 'false' ? 'failure' : 'success');
  },
};
