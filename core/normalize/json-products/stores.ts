// What searching and storing servers audit as JSON: Elasticsearch, OpenSearch, TrueNAS behind its programs' `@cee:`. Every member stays under its own name.
import { has, textOf } from '../json-fields.js';
import { readJson } from '../json-text.js';
import { lookup } from '../lookup.js';
import type { Action } from '../actions.js';
import { putTarget } from '../web/request.js';
import { means, say, type Product } from './product.js';

// --- https://www.elastic.co/docs/reference/elasticsearch/elasticsearch-audit-events ---------------------------------------------------------
const elasticsearch: Product = {
  dataset: 'elasticsearch.audit', maker: 'Elastic / Elasticsearch', marks: ['event.action'],
  is: (flat) => textOf(flat, 'type') === 'audit' && has(flat, 'event.type', 'event.action') && (has(flat, 'node.id') || has(flat, 'node.name') || has(flat, 'origin.type')),
  time: ['timestamp', '@timestamp'],
  names: means('source.ip: origin.address\nuser.effective.name: user.run_as.name\nhttp.request.method: request.method\nhost.name: node.name host.name\nnetwork.forwarded_ip: x_forwarded_for\nrule.name: rule'),
  says: ['event.action', lookup<Action>({
    authentication_success: 'login', authentication_failed: 'login_failed', anonymous_access_denied: 'login_failed', realm_authentication_failed: 'login_failed', access_denied: 'access_denied', access_granted: 'object_accessed', run_as_denied: 'access_denied', connection_denied: 'connection_denied', connection_granted: 'connection_allowed',
    put_user: 'user_changed', delete_user: 'user_deleted', change_password: 'password_changed', change_enable_user: 'user_enabled', change_disable_user: 'user_disabled', put_role: 'config_changed', delete_role: 'config_changed', put_role_mapping: 'config_changed', create_apikey: 'privileges_assigned', change_apikey: 'config_changed', invalidate_apikeys: 'config_changed',
  })],
  more(draft, flat) { const path = textOf(flat, 'url.path'), query = textOf(flat, 'url.query'); if (path !== undefined) putTarget(draft, query === undefined ? path : `${path}?${query}`); },
};

// --- https://docs.opensearch.org/latest/security/audit-logs/field-reference/ ------------------------------------------------------------------
const opensearch: Product = {
  dataset: 'opensearch.audit', maker: 'OpenSearch / OpenSearch', marks: ['audit_category'],
  is: (flat) => has(flat, 'audit_category') && (has(flat, 'audit_node_id') || has(flat, 'audit_request_origin')),
  time: ['@timestamp', 'audit_utc_timestamp'],
  names: means('source.ip: audit_request_remote_address\nuser.name: audit_request_effective_user audit_request_initiating_user\nhttp.request.method: audit_rest_request_method\nhost.name: audit_node_host_name audit_node_name'),
  says: ['audit_category', lookup<Action>({ FAILED_LOGIN: 'login_failed', AUTHENTICATED: 'login', MISSING_PRIVILEGES: 'access_denied', GRANTED_PRIVILEGES: 'object_accessed', SSL_EXCEPTION: 'connection_denied', BAD_HEADERS: 'access_denied', OPENSEARCH_SECURITY_INDEX_ATTEMPT: 'access_denied' })],
  more(draft, flat) { const path = textOf(flat, 'audit_rest_request_path'); if (path !== undefined) putTarget(draft, path); },
};

// --- https://www.truenas.com/docs/scale/25.04/scaletutorials/systemsettings/auditingscale/ ----------------------------------------------------
const trueNas: Product = {
  dataset: 'truenas.audit', maker: 'iXsystems / TrueNAS', marks: ['TNAUDIT.event'],
  is: (flat) => has(flat, 'TNAUDIT.event', 'TNAUDIT.svc'),
  time: ['TNAUDIT.time'],
  names: means('source.ip: TNAUDIT.addr\nuser.name: TNAUDIT.user\nservice.name: TNAUDIT.svc'),
  more(draft, flat) {
    const event = textOf(flat, 'TNAUDIT.event') ?? '', good = textOf(flat, 'TNAUDIT.success') === 'true', outcome = good ? 'success' : 'failure', action = TRUENAS[event];
    draft.put('event.code', event);
    if (event === 'AUTHENTICATION') draft.act(good ? 'login' : 'login_failed'); else if (action !== undefined) draft.act(action, outcome); else { draft.put('event.action', event.toLowerCase()); draft.put('event.outcome', outcome); }
    const said = readJson(textOf(flat, 'TNAUDIT.event_data') ?? '', false)?.value, told = typeof said === 'object' && said !== null ? said as Readonly<Record<string, unknown>> : {}, file = told['file'];
    if (typeof told['error'] === 'string') draft.put('event.reason', told['error']);
    if (typeof file === 'object' && file !== null && 'path' in file && typeof file.path === 'string') draft.put('file.path', file.path);
  },
};
const TRUENAS = lookup<Action>({ CONNECT: 'connection_started', DISCONNECT: 'connection_ended', CREATE: 'file_created', UNLINK: 'file_deleted', RENAME: 'file_changed', READ: 'file_opened', WRITE: 'file_changed', OPEN: 'file_opened', SET_ACL: 'file_changed', SET_ATTR: 'file_changed', LOGOUT: 'logout', ESCALATION: 'sudo_command', METHOD_CALL: 'config_changed' });

// --- https://min.io/docs/minio/linux/operations/monitoring/minio-logging.html -----------------------------------------------------------------
const minio: Product = {
  dataset: 'minio.audit', maker: 'MinIO / MinIO', marks: ['api.name'],
  is: (flat) => has(flat, 'api.name', 'requestID', 'deploymentid'),
  time: ['time'],
  names: means('source.ip: remotehost\nuser.name: accessKey\nhttp.request.id: requestID\nuser_agent.original: userAgent\nurl.domain: requestHost\nhttp.response.status_code: api.statusCode\nevent.reason: error'),
  more(draft, flat) {
    const bucket = textOf(flat, 'api.bucket'), object = textOf(flat, 'api.object'), status = Number(textOf(flat, 'api.statusCode'));
    putTarget(draft, textOf(flat, 'requestPath') ?? '');
    if (bucket !== undefined && object !== undefined) draft.put('file.path', `${bucket}/${object}`);
    say(draft, textOf(flat, 'api.name'), MINIO, status >= 400 ? 'failure' : status > 0 ? 'success' : undefined);
  },
};
const MINIO = lookup<Action>({ GetObject: 'file_downloaded', PutObject: 'file_uploaded', CompleteMultipartUpload: 'file_uploaded', DeleteObject: 'file_deleted', DeleteMultipleObjects: 'file_deleted' });

export const STORES: readonly Product[] = [elasticsearch, opensearch, trueNas, minio];
