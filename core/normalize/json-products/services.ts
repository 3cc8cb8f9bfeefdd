// What services and hosts write as JSON of their own: osquery's results and status, Docker's and Kubernetes' events, HAProxy with a log-format as
// JSON, Node's loggers (pino, bunyan, winston). Every member stays under its own name.
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { has, keepOwn as keepKeys, putAll, putInitiated, putJsonTime, textOf, type Flat, type JsonKind } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';
import { readSentence } from '../sentences.js';
import { putRequest, putTarget } from '../web/request.js';
import { lastPart } from '../windows/parts.js';
import { first, means } from './product.js';

/** All members; `message` is the line's own. */
function keepOwn(draft: Draft, flat: Flat): void {
  keepKeys(draft, flat);
  if (has(flat, 'message')) draft.event['json.message'] = flat['message'] ?? null;
}

// --- osquery: https://osquery.readthedocs.io/en/stable/deployment/logging/ ------------------------------------------------------------------
const RESULT = means(`
  host.name: decorations.hostname hostIdentifier host_identifier
  host.id: decorations.host_uuid
  rule.name: name
  event.action: action`);
/** Of one row; the rows of a snapshot and of a batch are no event each, and say nothing of one. */
const ROW = means(`
  user.name: columns.username columns.user
  user.id: columns.uid
  user.effective.id: columns.euid
  user.audit.id: columns.auid
  group.id: columns.gid
  process.pid: columns.pid
  process.command_line: columns.cmdline columns.command
  process.working_directory: columns.cwd
  process.parent.pid: columns.parent columns.ppid
  process.parent.executable: columns.parent_path
  file.size: columns.size
  package.version: columns.version`);
const HASHES = ['md5', 'sha1', 'sha256'], CHANGES = lookup<Action>({ CREATED: 'file_created', UPDATED: 'file_changed', DELETED: 'file_deleted', OPENED: 'file_opened', create: 'file_created', rename: 'file_created', write: 'file_changed', unlink: 'file_deleted' });
const osquery: JsonKind = {
  dataset: 'osquery.result',
  is: (flat) => has(flat, 'name') && (has(flat, 'hostIdentifier') || has(flat, 'host_identifier')) && (has(flat, 'calendarTime') || has(flat, 'unixTime')),
  read(draft, flat) {
    keepOwn(draft, flat);
    putJsonTime(draft, textOf(flat, 'unixTime') ?? textOf(flat, 'calendarTime'), true);
    putAll(draft, flat, RESULT);
    if (!Object.keys(flat).some((key) => key.startsWith('columns.'))) return;
    if (has(flat, 'columns.pid')) for (const field of ['process.name', 'process.pid']) delete draft.event[field]; // the header's: osquery's own
    putAll(draft, flat, ROW);
    const column = (name: string): string | undefined => textOf(flat, `columns.${name}`), path = column('path'), running = column('pid') !== undefined, file = column('target_path') ?? column('file_path') ?? (column('event_type') === undefined ? undefined : column('dest_filename') ?? column('filename'));
    if (/_events$/.test(String(draft.get('rule.name')))) putJsonTime(draft, column('time')); // when it was, not when it was asked
    if (running && path !== undefined) { draft.put('process.executable', path); draft.put('process.name', lastPart(path)); } else if (running && column('cmdline') !== undefined) draft.put('process.name', column('name'));
    if (!running || file !== undefined) { const whole = file ?? path; if (whole !== undefined) { draft.put('file.path', whole); draft.put('file.name', lastPart(whole)); } }
    for (const kind of HASHES) draft.put(`${draft.has('file.path') ? 'file' : 'process'}.hash.${kind}`, column(kind));
    putRow(draft, column);
  },
};
/** What a row of the tables of events tells. */
function putRow(draft: Draft, column: (name: string) => string | undefined): void {
  const local = column('local_address'), remote = column('remote_address'), from = column('host'), change = CHANGES[column('action') ?? ''] ?? CHANGES[column('event_type') ?? ''];
  if (remote !== undefined) {
    const [near, far] = column('action') === 'accept' ? ['destination', 'source'] as const : ['source', 'destination'] as const;
    if (local !== undefined && isIp(local)) { draft.put(`${near}.ip`, local); draft.put(`${near}.port`, column('local_port')); }
    if (isIp(remote)) { draft.put(`${far}.ip`, remote); draft.put(`${far}.port`, column('remote_port')); }
    draft.put('network.transport', TRANSPORTS[column('protocol') ?? '']);
    draft.act('connection');
    putInitiated(draft, column('action') !== 'accept');
  } else if (change !== undefined && draft.has('file.path')) draft.act(change);
  else if (column('cmdline') !== undefined && column('parent') !== undefined && ((column('auid') ?? column('syscall')) !== undefined || column('event_type') === 'exec')) draft.act('process_started');
  if (from !== undefined && isIp(from)) draft.put('source.ip', from);
}
const TRANSPORTS = lookup({ 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp' });
const SEVERITIES = ['info', 'warning', 'error', 'fatal'];
const osqueryStatus: JsonKind = {
  dataset: 'osquery.status',
  is: (flat) => has(flat, 'hostIdentifier', 'severity', 'filename', 'line', 'message'),
  read(draft, flat) {
    keepOwn(draft, flat);
    putJsonTime(draft, textOf(flat, 'unixTime') ?? textOf(flat, 'calendarTime'), true);
    draft.put('host.name', textOf(flat, 'decorations.hostname') ?? textOf(flat, 'hostIdentifier'));
    draft.put('log.level', SEVERITIES[Number(textOf(flat, 'severity'))]);
    draft.put('log.origin.file.name', textOf(flat, 'filename')); draft.put('log.origin.file.line', Number(textOf(flat, 'line')));
  },
};

// --- Docker's events, `docker events --format '{{json .}}'`: https://docs.docker.com/reference/cli/docker/system/events/ -----------------------
const OF_CONTAINERS = lookup<Action>({ start: 'service_started', unpause: 'service_started', restart: 'service_started', die: 'service_stopped', stop: 'service_stopped', kill: 'service_stopped', oom: 'out_of_memory' });
export const docker: JsonKind = {
  dataset: 'docker.events',
  is: (flat) => has(flat, 'Type', 'Action', 'Actor.ID'),
  read(draft, flat) {
    keepOwn(draft, flat);
    putJsonTime(draft, textOf(flat, 'time'));
    const kind = textOf(flat, 'Type'), [word = '', command] = (textOf(flat, 'Action') ?? '').split(/: (.*)/s, 2), image = textOf(flat, 'Actor.Attributes.image') ?? textOf(flat, 'from') ?? '', tag = image.lastIndexOf(':');
    if (kind === 'container') {
      draft.put('container.id', textOf(flat, 'Actor.ID')); draft.put('container.name', textOf(flat, 'Actor.Attributes.name'));
      if (tag > image.lastIndexOf('/')) { draft.put('container.image.name', image.slice(0, tag)); draft.put('container.image.tag', image.slice(tag + 1)); } else draft.put('container.image.name', image);
      if (word === 'die') draft.put('process.exit_code', textOf(flat, 'Actor.Attributes.exitCode'));
    }
    const action = kind === 'container' ? OF_CONTAINERS[word] : undefined;
    if (kind === 'container' && command !== undefined && word.startsWith('exec_')) { draft.put('process.command_line', command); draft.act('shell_command'); }
    else if (action !== undefined) draft.act(action);
    else draft.put('event.action', word);
  },
};

// --- Events of Kubernetes, as exporters write them: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ ------------
const EVENT = means(`
  orchestrator.namespace: involvedObject.namespace regarding.namespace metadata.namespace
  orchestrator.resource.type: involvedObject.kind regarding.kind
  orchestrator.resource.name: involvedObject.name regarding.name
  orchestrator.cluster.name: clusterName
  service.name: reportingComponent reportingController source.component
  event.reason: reason
  host.name: source.host`);
const kubernetesEvent: JsonKind = {
  dataset: 'kubernetes.event',
  is: (flat) => (has(flat, 'involvedObject.kind') || has(flat, 'regarding.kind')) && has(flat, 'reason'),
  read(draft, flat) {
    keepOwn(draft, flat);
    putJsonTime(draft, first(flat, ['lastTimestamp', 'series.lastObservedTime', 'eventTime', 'deprecatedLastTimestamp', 'firstTimestamp', 'metadata.creationTimestamp']));
    putAll(draft, flat, EVENT);
    draft.put('log.level', textOf(flat, 'type') === 'Warning' ? 'warning' : 'info');
    if (textOf(flat, 'involvedObject.kind') === 'Pod') draft.put('kubernetes.pod.uid', textOf(flat, 'involvedObject.uid'));
  },
};

// --- HAProxy, a log-format that writes JSON: sites name the members as the manual names its variables, or as HAProxy's own exporters do ---------
const BALANCED = means(`
  source.ip: client_ip network.client_ip haproxy_clientIP clientip src_ip ci client.ip
  source.port: client_port network.client_port haproxy_clientPort src_port cp client.port
  destination.ip: frontend_ip network.frontend_ip fi
  destination.port: frontend_port network.frontend_port fp
  http.request.method: method http_method request.method HM request_method
  http.response.status_code: status http_status status_code response.status_code ST http_status_code
  http.response.bytes: bytes_read bytes.read bytes B bytes_sent
  http.request.bytes: bytes_uploaded bytes.uploaded U
  user_agent.original: user_agent http_user_agent request.header.useragent request.header.user_agent
  http.request.referrer: referer http_referer request.header.referer
  url.domain: host http_host request.header.host
  tls.cipher: ssl.ciphers ssl_ciphers ssl_cipher
  haproxy.frontend_name: frontend frontend_name name.frontend haproxy_frontend fe f ft
  haproxy.backend_name: backend backend_name name.backend haproxy_backend be b
  haproxy.server_name: server server_name name.server haproxy_server srv s
  haproxy.termination_state: termination_state haproxy_termination_state ts`);
const FRONTS = ['frontend', 'frontend_name', 'name.frontend', 'haproxy_frontend', 'fe'], BACKS = ['backend', 'backend_name', 'name.backend', 'haproxy_backend', 'be'];
const haproxyJson: JsonKind = {
  dataset: 'haproxy.log',
  is: (flat) => FRONTS.some((name) => has(flat, name)) && BACKS.some((name) => has(flat, name)),
  read(draft, flat) {
    keepOwn(draft, flat);
    putJsonTime(draft, first(flat, ['time_local', 'timestamp', 'time', '@timestamp', 'time_iso', 'date', 'accept_date', 'request_date', 'ts']));
    putAll(draft, flat, BALANCED);
    draft.put('service.name', 'haproxy');
    const path = first(flat, ['uri', 'request.uri', 'http_uri', 'url', 'path', 'http_path', 'request_path', 'request_uri', 'HU', 'HP']), query = first(flat, ['query', 'http_query', 'query_string', 'HQ']), request = first(flat, ['http_request', 'request']);
    if (path !== undefined) putTarget(draft, query !== undefined && !path.includes('?') ? `${path}${query.startsWith('?') ? '' : '?'}${query}` : path);
    else if (request !== undefined) putRequest(draft, request);
    draft.put('http.version', /^HTTP\/([\d.]{1,3})$/.exec(first(flat, ['http_version', 'request.protocol', 'HV', 'protocol']) ?? '')?.[1] ?? draft.get('http.version'));
    draft.put('tls.version', /^(?:TLS|SSL)v([\d.]{1,3})$/.exec(first(flat, ['ssl.version', 'ssl_version']) ?? '')?.[1]);
    const forwarded = (first(flat, ['x_forwarded_for', 'request.header.xforwardfor', 'xff']) ?? '').split(',', 1)[0]?.trim() ?? '', status = Number(draft.get('http.response.status_code') ?? NaN);
    if (isIp(forwarded)) draft.put('network.forwarded_ip', forwarded);
    if (draft.has('url.path') || draft.has('http.request.method')) draft.act('http_request', status >= 400 || status < 0 ? 'failure' : status > 0 ? 'success' : undefined); else draft.act('connection');
  },
};

// --- Node: pino (https://getpino.io/#/docs/api) and bunyan write levels as numbers from 10 to 60; both and winston serialize requests alike -------
const NODE = means(`
  host.name: hostname
  process.pid: pid
  service.name: name service app
  log.logger: component module context
  user.name: user username req.user user.username
  source.ip: req.remoteAddress req.socket.remoteAddress req.ip remoteAddress meta.req.ip ip clientIp
  source.port: req.remotePort remotePort
  http.request.method: req.method meta.req.method method
  http.response.status_code: res.statusCode meta.res.statusCode statusCode
  http.request.id: req.id reqId requestId
  user_agent.original: req.headers.user-agent meta.req.headers.user-agent
  http.request.referrer: req.headers.referer meta.req.headers.referer
  url.domain: req.headers.host meta.req.headers.host
  error.message: err.message error.message
  error.type: err.type err.name
  error.stack_trace: err.stack stack`);
const NODE_LEVELS = lookup({ 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' });
const nodeLog: JsonKind = {
  dataset: 'nodejs.log',
  is: (flat) => NODE_LEVELS[String(flat['level'])] !== undefined && typeof flat['level'] === 'number' && has(flat, 'time') && (has(flat, 'hostname', 'pid') || has(flat, 'msg')) || has(flat, 'level', 'meta.req.method'),
  read(draft, flat) {
    keepOwn(draft, flat);
    putJsonTime(draft, first(flat, ['time', 'timestamp']));
    putAll(draft, flat, NODE);
    const level = textOf(flat, 'level') ?? '', target = first(flat, ['req.originalUrl', 'req.url', 'meta.req.originalUrl', 'meta.req.url', 'url']), forwarded = (first(flat, ['req.headers.x-forwarded-for', 'meta.req.headers.x-forwarded-for']) ?? '').split(',', 1)[0]?.trim() ?? '', taken = Number(first(flat, ['responseTime', 'meta.responseTime', 'duration']) ?? NaN), status = Number(draft.get('http.response.status_code') ?? NaN);
    draft.put('log.level', NODE_LEVELS[level] ?? level.toLowerCase());
    if (isIp(forwarded)) draft.put('network.forwarded_ip', forwarded);
    if (target !== undefined) putTarget(draft, target);
    if (taken >= 0) draft.put('event.duration', Math.round(taken * 1e6)); // milliseconds
    if (draft.has('http.request.method') && status > 0) draft.act('http_request', status >= 400 ? 'failure' : 'success');
    else readSentence(draft, first(flat, ['msg', 'message']) ?? '');
  },
};

/** Each with names of which at least one stands in all that it takes. */
export const SERVICES: readonly (readonly [kind: JsonKind, ...marks: string[]])[] = [
  [osqueryStatus, 'hostIdentifier'], [osquery, 'hostIdentifier', 'host_identifier'], [docker, 'Actor.ID'], [kubernetesEvent, 'involvedObject.kind', 'regarding.kind'], [haproxyJson, ...BACKS], [nodeLog, 'level'],
];
