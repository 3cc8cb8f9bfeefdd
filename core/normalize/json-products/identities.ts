// Products that know who is who and what they may, in their own JSON: Entra ID by Graph, Okta, Duo, OneLogin, JumpCloud, Google Workspace, HashiCorp Vault,
// Teleport, GitLab.
import type { Action } from '../actions.js';
import { putEntra, putParameters } from '../cloud.js';
import { has, listOf, textOf } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { splitEndpoint } from '../net.js';
import { putTarget } from '../web/request.js';
import { means, outcomeOf, say, type Product } from './product.js';

// --- Entra ID, as Graph gives its sign-ins and its directory audit: https://learn.microsoft.com/graph/api/resources/signin -------------------
const graphSignIn: Product = {
  dataset: 'azure.signinlogs', maker: 'Microsoft / Entra ID', marks: ['appDisplayName', 'userPrincipalName'],
  is: (flat) => has(flat, 'createdDateTime', 'appDisplayName') && (has(flat, 'userPrincipalName') || has(flat, 'servicePrincipalName') || has(flat, 'status.errorCode')),
  time: ['createdDateTime'],
  names: means(`
    user.name: userPrincipalName servicePrincipalName
    user.full_name: userDisplayName
    user.id: userId servicePrincipalId
    source.ip: ipAddress
    source.geo.country_iso_code: location.countryOrRegion
    source.geo.city_name: location.city
    event.code: status.errorCode
    user_agent.original: userAgent
    service.name: appDisplayName
    host.name: deviceDetail.displayName`),
  more(draft, flat) {
    const code = textOf(flat, 'status.errorCode') ?? '0';
    if (code !== '0') draft.put('event.reason', textOf(flat, 'status.failureReason'));
    draft.act(code === '0' ? 'login' : 'login_failed');
    putEntra(draft, flat, '', code === '0' ? 'success' : 'failure');
  },
};
const DIRECTORY = lookup<Action>({ 'Add user': 'user_created', 'Delete user': 'user_deleted', 'Update user': 'user_changed', 'Disable account': 'user_disabled', 'Enable account': 'user_enabled', 'Reset user password': 'password_reset', 'Reset password (by admin)': 'password_reset', 'Change user password': 'password_changed', 'Change password (self-service)': 'password_changed', 'Add member to group': 'group_member_added', 'Remove member from group': 'group_member_removed', 'Add member to role': 'privileges_assigned', 'Add group': 'group_created', 'Delete group': 'group_deleted' });
const graphAudit: Product = {
  dataset: 'azure.auditlogs', maker: 'Microsoft / Entra ID', marks: ['activityDisplayName'],
  is: (flat) => has(flat, 'activityDisplayName', 'activityDateTime'),
  time: ['activityDateTime'],
  names: means(`
    user.name: initiatedBy.user.userPrincipalName initiatedBy.app.displayName
    user.id: initiatedBy.user.id
    source.ip: initiatedBy.user.ipAddress
    user.target.name: targetResources.userPrincipalName
    event.reason: resultReason
    event.provider: loggedByService`),
  more(draft, flat) { say(draft, textOf(flat, 'activityDisplayName'), DIRECTORY, outcomeOf(flat['result'])); putEntra(draft, flat, '', undefined); },
};
/** https://learn.microsoft.com/graph/api/resources/riskdetection */
const graphRisk: Product = {
  dataset: 'azure.identity_protection', maker: 'Microsoft / Entra ID Protection', marks: ['riskEventType'],
  is: (flat) => has(flat, 'riskEventType', 'riskState'),
  time: ['detectedDateTime', 'activityDateTime'],
  names: means('user.name: userPrincipalName\nuser.full_name: userDisplayName\nuser.id: userId\nsource.ip: ipAddress\nrule.name: riskEventType\nevent.reason: riskDetail\nsource.geo.city_name: location.city\nsource.geo.country_iso_code: location.countryOrRegion'),
  more(draft) { draft.act('intrusion_detected'); },
};

// --- Okta's system log: https://developer.okta.com/docs/reference/api/system-log/ -------------------------------------------------------------
const okta: Product = {
  dataset: 'okta.system', maker: 'Okta / Okta', marks: ['eventType'],
  is: (flat) => has(flat, 'eventType', 'published') && (has(flat, 'actor.alternateId') || has(flat, 'actor.id')),
  time: ['published'],
  names: means(`
    user.name: actor.alternateId
    user.full_name: actor.displayName
    user.id: actor.id
    source.ip: client.ipAddress
    source.geo.city_name: client.geographicalContext.city
    source.geo.country_name: client.geographicalContext.country
    user_agent.original: client.userAgent.rawUserAgent
    event.reason: outcome.reason displayMessage
    event.code: eventType
    log.level: severity`),
  more(draft, flat) {
    const outcome = outcomeOf(flat['outcome.result']), type = textOf(flat, 'eventType') ?? '', types = listOf(flat['target.type']), at = types.indexOf('User');
    if (at >= 0) draft.put('user.target.name', listOf(flat['target.alternateId'])[at]);
    if (type === 'user.session.start' || type.startsWith('user.authentication.')) draft.act(outcome === 'failure' ? 'login_failed' : 'login'); else say(draft, type, OKTA, outcome);
    if (textOf(flat, 'client.userAgent.rawUserAgent') === undefined) delete draft.event['user_agent.original'];
  },
};
const OKTA = lookup<Action>({ 'user.session.end': 'logout', 'user.lifecycle.create': 'user_created', 'user.lifecycle.delete.initiated': 'user_deleted', 'user.lifecycle.delete.completed': 'user_deleted', 'user.lifecycle.deactivate': 'user_disabled', 'user.lifecycle.suspend': 'user_disabled', 'user.lifecycle.activate': 'user_enabled', 'user.lifecycle.unsuspend': 'user_enabled', 'user.account.lock': 'user_locked', 'user.account.unlock': 'user_unlocked', 'user.account.update_password': 'password_changed', 'user.account.reset_password': 'password_reset', 'user.account.update_profile': 'user_changed', 'user.account.privilege.grant': 'privileges_assigned', 'group.lifecycle.create': 'group_created', 'group.lifecycle.delete': 'group_deleted', 'group.user_membership.add': 'group_member_added', 'group.user_membership.remove': 'group_member_removed' });

// --- Duo: https://duo.com/docs/adminapi#logs ---------------------------------------------------------------------------------------------------
const duoAuth: Product = {
  dataset: 'cisco_duo.auth', maker: 'Cisco / Duo', marks: ['txid'],
  is: (flat) => has(flat, 'txid', 'result') && (has(flat, 'access_device.ip') || has(flat, 'factor')),
  time: ['isotimestamp', 'timestamp'],
  names: means(`
    user.name: user.name username
    user.id: user.key
    user.email: email
    source.ip: access_device.ip ip
    host.name: access_device.hostname
    event.reason: reason
    service.name: application.name integration
    source.geo.city_name: access_device.location.city`),
  more(draft, flat) { draft.act(/^(?:success|allow)/i.test(textOf(flat, 'result') ?? '') ? 'login' : 'login_failed'); },
};
const duoAdmin: Product = {
  dataset: 'cisco_duo.admin', maker: 'Cisco / Duo', marks: ['isotimestamp'],
  is: (flat) => has(flat, 'isotimestamp', 'action', 'username'),
  time: ['isotimestamp', 'timestamp'],
  names: means('user.name: username\nuser.target.name: object\nsource.ip: description.ip_address ip\nevent.reason: description'),
  says: ['action', lookup<Action>({ admin_login: 'login', admin_login_error: 'login_failed', user_create: 'user_created', user_delete: 'user_deleted', user_update: 'user_changed', admin_create: 'user_created', admin_delete: 'user_deleted', admin_update: 'user_changed', group_create: 'group_created', group_delete: 'group_deleted', group_update: 'group_changed' })],
};

// --- Bitbucket, Jira and Confluence of one's own: https://confluence.atlassian.com/bitbucketserver/audit-log-integrations -------------------------------------
const atlassian: Product = {
  dataset: 'atlassian.audit', maker: 'Atlassian / Data Center', marks: ['auditType.action'],
  is: (flat) => has(flat, 'auditType.action', 'auditType.category'),
  time: ['timestamp', 'timestamp.epochSecond'],
  names: means('user.name: author.name\nuser.id: author.id\nsource.ip: source\nevent.provider: auditType.area\nhost.name: node'),
  says: ['auditType.action', lookup<Action>({ 'User created': 'user_created', 'User deleted': 'user_deleted', 'Group created': 'group_created', 'Group deleted': 'group_deleted', 'User added to group': 'group_member_added', 'User removed from group': 'group_member_removed', 'User login successful': 'login', 'User login failed': 'login_failed' })],
};

const oneLogin: Product = {
  dataset: 'onelogin.events', maker: 'OneLogin / OneLogin', marks: ['event_type_id'],
  is: (flat) => has(flat, 'event_type_id', 'account_id') && (has(flat, 'user_name') || has(flat, 'actor_user_name') || has(flat, 'ipaddr')),
  time: ['event_timestamp', 'created_at'],
  names: means(`
    user.name: actor_user_name user_name
    user.id: actor_user_id user_id
    source.ip: ipaddr
    event.code: event_type_id
    event.reason: error_description notes
    service.name: app_name
    group.name: group_name`),
  more(draft, flat) {
    const type = textOf(flat, 'event_type_id') ?? '', action = ONELOGIN[type];
    if (has(flat, 'actor_user_name') && textOf(flat, 'actor_user_name') !== textOf(flat, 'user_name')) draft.put('user.target.name', textOf(flat, 'user_name'));
    if (action !== undefined) draft.act(action);
  },
};
const ONELOGIN = lookup<Action>({ 5: 'login', 6: 'login_failed', 7: 'logout', 8: 'login', 11: 'password_changed', 13: 'user_created', 14: 'user_changed', 15: 'user_disabled', 16: 'user_enabled', 17: 'user_deleted', 19: 'user_locked', 72: 'privileges_assigned' });

const jumpCloud: Product = {
  dataset: 'jumpcloud.events', maker: 'JumpCloud / Directory', marks: ['initiated_by.type', 'initiated_by.username', 'initiated_by.email'],
  is: (flat) => has(flat, 'event_type', 'service', 'timestamp') && (has(flat, 'initiated_by.type') || has(flat, 'initiated_by.username') || has(flat, 'initiated_by.email')),
  time: ['timestamp'],
  names: means(`
    user.name: initiated_by.username initiated_by.email username
    user.id: initiated_by.id
    source.ip: client_ip src_ip
    user.target.name: resource.username
    event.reason: error_message message
    event.code: event_type
    host.name: system.hostname
    user_agent.original: useragent.name`),
  more(draft, flat) {
    const type = textOf(flat, 'event_type') ?? '', outcome = outcomeOf(flat['success'] ?? flat['auth_success']);
    if (/login_attempt|_auth$|^sso_auth|radius_auth|ldap_bind/.test(type)) draft.act(outcome === 'failure' ? 'login_failed' : 'login'); else say(draft, type, JUMPCLOUD, outcome);
  },
};
const JUMPCLOUD = lookup<Action>({ user_create: 'user_created', user_delete: 'user_deleted', user_update: 'user_changed', user_lockout: 'user_locked', user_unlocked: 'user_unlocked', group_create: 'group_created', group_delete: 'group_deleted', user_password_change: 'password_changed', admin_create: 'user_created', admin_delete: 'user_deleted' });

// --- Google Workspace's reports: https://developers.google.com/admin-sdk/reports/reference/rest/v1/activities -----------------------------------
const workspace: Product = {
  dataset: 'google_workspace.admin', maker: 'Google / Workspace', marks: ['id.applicationName'],
  is: (flat) => has(flat, 'id.applicationName', 'id.time'),
  time: ['id.time'],
  names: means('user.name: actor.email\nuser.id: actor.profileId\nsource.ip: ipAddress\nevent.provider: id.applicationName\nevent.code: events.name'),
  more(draft, flat) {
    draft.event['event.dataset'] = `google_workspace.${(textOf(flat, 'id.applicationName') ?? 'admin').toLowerCase().replace(/[^a-z0-9_]/g, '_').slice(0, 40)}`;
    const name = textOf(flat, 'events.name');
    draft.put('google_workspace.service', `${(textOf(flat, 'id.applicationName') ?? '').toLowerCase()}.googleapis.com`);
    putParameters(draft, flat, 'events.parameter');
    say(draft, name, WORKSPACE, /fail|denied|blocked/.test(name ?? '') ? 'failure' : undefined);
  },
};
const WORKSPACE = lookup<Action>({ login_success: 'login', login_failure: 'login_failed', logout: 'logout', CREATE_USER: 'user_created', DELETE_USER: 'user_deleted', SUSPEND_USER: 'user_disabled', UNSUSPEND_USER: 'user_enabled', CHANGE_PASSWORD: 'password_reset', password_edit: 'password_changed', ASSIGN_ROLE: 'privileges_assigned', CREATE_GROUP: 'group_created', DELETE_GROUP: 'group_deleted', ADD_GROUP_MEMBER: 'group_member_added', REMOVE_GROUP_MEMBER: 'group_member_removed', download: 'file_downloaded', upload: 'file_uploaded', view: 'file_opened', edit: 'file_changed' });

// --- Vault: https://developer.hashicorp.com/vault/docs/audit/schema ---------------------------------------------------------------------------------
const vault: Product = {
  dataset: 'hashicorp_vault.audit', maker: 'HashiCorp / Vault', marks: ['request.path'],
  is: (flat) => has(flat, 'type', 'request.path', 'request.operation'),
  time: ['time'],
  names: means(`
    user.name: auth.metadata.username auth.display_name
    user.id: auth.entity_id
    source.ip: request.remote_address
    source.port: request.remote_port
    url.path: request.path
    event.reason: error
    event.provider: request.mount_type response.mount_type`),
  more(draft, flat) {
    const path = textOf(flat, 'request.path') ?? '', operation = textOf(flat, 'request.operation'), failed = has(flat, 'error') && textOf(flat, 'error') !== undefined, login = /^auth\/[^/]{1,100}\/login(?:\/(.{1,200}))?$/.exec(path), ended = textOf(flat, 'type') === 'response';
    if (login !== null) { draft.fill('user.name', login[1]); if (ended) draft.act(failed ? 'login_failed' : 'login'); else draft.put('event.action', operation); return; }
    draft.put('event.action', operation);
    if (failed) draft.put('event.outcome', 'failure'); else if (ended) draft.put('event.outcome', 'success');
  },
};

// --- Teleport: https://goteleport.com/docs/reference/audit-events/ -----------------------------------------------------------------------------------------
const teleport: Product = {
  dataset: 'teleport.audit', maker: 'Gravitational / Teleport', marks: ['ei'],
  is: (flat) => has(flat, 'ei', 'event', 'code', 'time'),
  time: ['time'],
  names: means(`
    user.name: user
    user.effective.name: login db_user
    event.code: code
    event.reason: error
    host.name: server_hostname
    user_agent.original: user_agent
    process.command_line: command
    process.executable: path program
    process.pid: pid
    network.protocol: protocol proto
    service.name: db_service app_name
    group.name: role`),
  more(draft, flat) {
    for (const [side, member] of [['source', 'addr.remote'], ['destination', 'addr.local']] as const) { const text = textOf(flat, member); if (text !== undefined) { const { host, port } = splitEndpoint(text); draft.put(`${side}.ip`, host); draft.put(`${side}.port`, port); } }
    const event = textOf(flat, 'event') ?? '', outcome = outcomeOf(flat['success']) ?? ((textOf(flat, 'code') ?? '').endsWith('E') || textOf(flat, 'error') !== undefined ? 'failure' : undefined);
    if (event === 'user.login' || event === 'auth') draft.act(outcome === 'failure' || event === 'auth' && outcome !== 'success' ? 'login_failed' : 'login'); else say(draft, event, TELEPORT, outcome);
  },
};
const TELEPORT = lookup<Action>({ 'session.start': 'session_opened', 'session.end': 'session_closed', 'session.command': 'shell_command', 'user.create': 'user_created', 'user.update': 'user_changed', 'user.delete': 'user_deleted', 'user.password_change': 'password_changed', 'db.session.query': 'database_query', 'db.session.start': 'database_login', 'scp.upload': 'file_uploaded', 'scp.download': 'file_downloaded', exec: 'shell_command' });

// --- GitLab's audit and its web requests: https://docs.gitlab.com/administration/logs/ ------------------------------------------------------------------------
const gitlabAudit: Product = {
  dataset: 'gitlab.audit', maker: 'GitLab / GitLab', marks: ['author_id', 'author_name'],
  is: (flat) => has(flat, 'author_id', 'entity_type') || has(flat, 'author_name', 'target_type'),
  time: ['time', 'created_at'],
  names: means(`
    user.name: author_name
    user.id: author_id
    source.ip: ip_address details.ip_address
    user.target.name: target_details
    event.reason: custom_message details.custom_message change
    log.level: severity`),
  more(draft, flat) {
    const type = textOf(flat, 'event_type') ?? textOf(flat, 'event_name') ?? '', said = textOf(flat, 'custom_message') ?? textOf(flat, 'details.custom_message') ?? '', to = textOf(flat, 'target_type') ?? '';
    if (draft.get('user.id') === '-1') delete draft.event['user.id'];
    if (to !== 'User' || draft.get('user.target.name') === draft.get('user.name')) delete draft.event['user.target.name'];
    if (/login_failed|failed.{0,20}login/i.test(`${type} ${said} ${textOf(flat, 'failed_login') ?? ''}`) || has(flat, 'failed_login') && textOf(flat, 'failed_login') !== undefined) draft.act('login_failed');
    else if (has(flat, 'with') && /signed|two-factor|standard/.test(textOf(flat, 'with') ?? '')) draft.act('login');
    else { const add = textOf(flat, 'add'), remove = textOf(flat, 'remove'); if (add === 'user_access') draft.act('group_member_added'); else if (remove === 'user_access') draft.act('group_member_removed'); else if (add === 'user') draft.act('user_created'); else if (remove === 'user') draft.act('user_deleted'); else draft.act('config_changed'); }
  },
};
const gitlabWeb: Product = {
  dataset: 'gitlab.production', maker: 'GitLab / GitLab', marks: ['meta.caller_id', 'controller', 'correlation_id'],
  is: (flat) => has(flat, 'method', 'path', 'status') && has(flat, 'correlation_id') && (has(flat, 'remote_ip') || has(flat, 'meta.caller_id')),
  time: ['time'],
  names: means('source.ip: remote_ip meta.remote_ip\nuser.name: username meta.user\nuser.id: user_id meta.user_id\nhttp.request.method: method\nhttp.response.status_code: status\nuser_agent.original: ua\nevent.reason: exception.message'),
  more(draft, flat) { putTarget(draft, textOf(flat, 'path') ?? ''); draft.act('http_request', Number(textOf(flat, 'status')) >= 400 ? 'failure' : 'success'); },
};

export const IDENTITIES: readonly Product[] = [graphRisk, graphSignIn, graphAudit, okta, duoAuth, duoAdmin, atlassian, oneLogin, jumpCloud, workspace, vault, teleport, gitlabAudit, gitlabWeb];
