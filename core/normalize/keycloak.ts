// Keycloak's user and admin events: as its logger writes them (`type="LOGIN_ERROR", realmId="x", ipAddress="192.0.2.1", username="an"`, quoted since
// version 22), in text or inside a JSON line, and as the objects that its event store and webhooks send. Server Administration Guide, "Auditing".
import { fillAccount, putAccount } from './account.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { has, keepAll, putJsonTime, textOf, type Flat, type JsonKind } from './json-fields.js';
import { readJson } from './json-text.js';
import { readPairs } from './pairs.js';
import { readLogin, tellsOfLogin } from './login-words.js';
import { looksLikeAccess, readAccessOf } from './web/access.js';
import { putTarget } from './web/request.js';

type Read = (name: string) => string | undefined;

function putEvent(draft: Draft, value: Read): void {
  draft.put('event.dataset', 'keycloak.log');
  const type = value('type') ?? '', admin = value('operationType'), resource = value('resourceType') ?? '', path = value('resourcePath') ?? '', error = value('error');
  draft.put('event.code', admin !== undefined ? `${admin}-${resource}` : error ?? type);
  draft.put('event.reason', error);
  draft.put('source.ip', value('ipAddress'));
  draft.put('user.id', value('userId'));
  if (admin === undefined) { putAccount(draft, 'user', value('username')); fillAccount(draft, 'user', value('identity_provider_identity')); draft.put('user.email', value('email') ?? value('updated_email')); }
  const uri = value('redirect_uri');
  if (uri !== undefined) { putTarget(draft, uri); if (!/:\/\/[^/]+\//.test(uri)) delete draft.event['url.path']; }
  const failed = error !== undefined || type.endsWith('_ERROR'), outcome = failed ? 'failure' : 'success';
  if (type === 'IMPERSONATE') { // an administrator becomes somebody else
    const who = value('impersonator');
    if (who !== undefined) {
      draft.put('user.effective.name', draft.get('user.name')); draft.put('user.effective.id', value('userId'));
      delete draft.event['user.id']; delete draft.event['user.email'];
      putAccount(draft, 'user', who);
    }
    draft.act(failed ? 'su_failed' : 'su');
  } else if (type === 'LOGIN' || type === 'CLIENT_LOGIN' || type === 'IDENTITY_PROVIDER_LOGIN' || type === 'TOKEN_EXCHANGE') draft.act('login', outcome);
  else if (/^(?:LOGIN|CLIENT_LOGIN|IDENTITY_PROVIDER_LOGIN|TOKEN_EXCHANGE|USER_DISABLED_BY\w*|INVALID_SIGNATURE)_ERROR$/.test(type)) draft.act('login_failed');
  else if (type.startsWith('LOGOUT')) draft.act('logout', outcome);
  else if (/^REGISTER(?:_ERROR)?$/.test(type)) draft.act(failed ? 'user_create_failed' : 'user_created');
  else if (type.startsWith('UPDATE_PASSWORD') || type.startsWith('RESET_PASSWORD') || type.startsWith('UPDATE_CREDENTIAL') && (value('credential_type') ?? 'password') === 'password') draft.act(failed ? 'password_change_failed' : 'password_changed');
  else if (type.startsWith('USER_DISABLED_BY')) draft.act('user_locked');
  else if (type.startsWith('DELETE_ACCOUNT')) draft.act('user_deleted', outcome);
  else if (/^(?:UPDATE_|REMOVE_|VERIFY_|FEDERATED_|GRANT_|REVOKE_)/.test(type)) draft.act('user_changed', outcome);
  else if (/^CLIENT_(?:REGISTER|UPDATE|DELETE)/.test(type)) draft.act('config_changed', outcome);
  else if (type !== '') { draft.act('audit_record', outcome); draft.put('event.category', 'authentication'); } // tokens that follow a login: asked for by an application, every few minutes
  else if (admin !== undefined) { putTargets(draft, resource, path, value); actAdmin(draft, admin, resource, path, outcome); }
}

/** Whom and what an administrator's act was about: the path has ids, the details and the representation names. */
function putTargets(draft: Draft, resource: string, path: string, value: Read): void {
  draft.put('user.target.id', /^(?:attack-detection\/brute-force\/)?users\/([\w-]{1,64})/.exec(path)?.[1]);
  const said = value('representation') ?? '', read = said === '' ? undefined : readJson(said.slice(0, REPRESENTATION_MAX))?.value, about = Array.isArray(read) ? read[0] as unknown : read;
  const named = typeof about === 'object' && about !== null ? about as Readonly<Record<string, unknown>> : {}, text = (name: string): string | undefined => (typeof named[name] === 'string' ? named[name] : undefined);
  putAccount(draft, 'user.target', value('username') ?? (resource === 'USER' ? text('username') : undefined));
  if (resource.startsWith('GROUP') || resource.endsWith('ROLE_MAPPING')) draft.put('group.name', text('name'));
}
const REPRESENTATION_MAX = 8_000;

function actAdmin(draft: Draft, admin: string, resource: string, path: string, outcome: 'success' | 'failure'): void {
  if (path.endsWith('logout') || path.endsWith('logout-all') || resource === 'USER_SESSION') draft.act('session_closed', outcome);
  else if (resource === 'USER') draft.act(path.endsWith('/reset-password') ? 'password_reset' : admin === 'CREATE' ? 'user_created' : admin === 'DELETE' ? 'user_deleted' : 'user_changed', outcome);
  else if (resource === 'USER_LOGIN_FAILURE') draft.act('user_unlocked', outcome);
  else if (resource === 'GROUP_MEMBERSHIP' || resource.endsWith('ROLE_MAPPING')) draft.act(admin === 'DELETE' ? 'group_member_removed' : 'group_member_added', outcome);
  else if (resource === 'GROUP') draft.act(admin === 'DELETE' ? 'group_deleted' : admin === 'CREATE' ? 'group_created' : 'group_changed', outcome);
  else draft.act('config_changed', outcome);
}

/** What `org.keycloak.events` logs. */
export function readKeycloak(draft: Draft, text: string): void {
  const pairs = new Map(readPairs(text, { separator: ',', spacedValues: true }).map(([key, value]) => [key, value.replace(/^["']|["']$/g, '')]));
  for (const [key, value] of pairs) if (/^\w{1,64}$/.test(key)) draft.put(`keycloak.${key}`, value);
  putEvent(draft, (name) => { const value = pairs.get(name); return value === 'null' || value === '' ? undefined : value; });
}

/** The same without a layout before it, as a site's own pattern for syslog may leave it. */
const BARE = /^(?:type="?[A-Z][A-Z_]{2,60}"?|operationType="?[A-Z]{3,12}"?), realmId=/;
export const keycloakText: Format = { name: 'keycloak.log', holds: ['^type=', '^operationType='], detect: ({ head }) => BARE.test(head), read: (draft) => { readKeycloak(draft, draft.text); return true; } };

/** What JBoss' log manager writes as JSON, in Keycloak, Quarkus and WildFly: the event is the message. */
export const keycloakLog: JsonKind = {
  dataset: 'keycloak.log',
  is: (flat) => has(flat, 'loggerName', 'level', 'message') && has(flat, 'sequence'),
  read(draft, flat) {
    keepAll(draft, 'keycloak.log', flat);
    putJsonTime(draft, textOf(flat, 'timestamp'));
    const said = textOf(flat, 'message') ?? '', logger = textOf(flat, 'loggerName') ?? '', program = textOf(flat, 'processName');
    draft.event['message'] = said;
    for (const [from, field] of [['loggerName', 'log.logger'], ['hostName', 'host.name'], ['processId', 'process.pid'], ['threadName', 'process.thread.name'], ['exception.exceptionType', 'error.type'], ['exception.message', 'error.message']] as const) draft.put(field, textOf(flat, from));
    draft.put('log.level', textOf(flat, 'level')?.toLowerCase());
    draft.put('process.name', program);
    if (program?.startsWith('/') === true) draft.put('process.executable', program); // java, by its path
    draft.put('event.dataset', 'application.log');
    if (!readLogged(draft, logger, said) && tellsOfLogin(said)) readLogin(draft, said);
  },
};

/** Reads what Keycloak's events and any server's requests say, whichever layout their logger has; false for other sentences. */
export function readLogged(draft: Draft, logger: string, said: string): boolean {
  if (logger !== EVENTS && !logger.startsWith(`${EVENTS}.`)) return looksLikeAccess(said.length > REQUEST_HEAD ? said.slice(0, REQUEST_HEAD) : said) && readAccessOf(draft, said);
  readKeycloak(draft, said);
  return true;
}
const REQUEST_HEAD = 1_000;
const EVENTS = 'org.keycloak.events';

/** An event as an object: of a user, or of an administrator. */
export const keycloakEvent: JsonKind = {
  dataset: 'keycloak.log',
  is: (flat) => has(flat, 'realmId') && (has(flat, 'type', 'clientId') && has(flat, 'ipAddress') || has(flat, 'operationType') && (has(flat, 'resourceType') || has(flat, 'authDetails.userId'))),
  read(draft, flat: Flat) {
    keepAll(draft, 'keycloak', flat);
    putJsonTime(draft, textOf(flat, 'time') ?? textOf(flat, 'timestamp'));
    putEvent(draft, (name) => { const value = textOf(flat, name) ?? textOf(flat, `details.${name}`) ?? textOf(flat, `authDetails.${name}`); return value === 'null' ? undefined : value; });
  },
};
