// Audit logs of clouds in the JSON their makers document, known by its members, not by a name that an agent adds: GitHub's audit log, Azure's resource
// logs (activity, sign-ins, directory audit), Google Cloud's audit log, Microsoft 365's unified audit log, AWS CloudTrail. Who, from where, what, and how
// it ended become fields; every member is kept under the name by which rules look for it: its own, or for CloudTrail one below `aws.cloudtrail`.
import type { Draft } from './draft.js';
import type { Action } from './actions.js';
import { flatten } from '../event.js';
import { putAccount } from './account.js';
import { has, keepAll, keepOwn, listOf, putAll, putBelow, putJsonTime, putList, textOf, type Flat, type JsonKind } from './json-fields.js';
import { say } from './json-products/product.js';
import { readWholeObject } from './json-text.js';
import { kubernetes, readAudit } from './kubernetes.js';
import { lookup } from './lookup.js';
import { splitEndpoint } from './net.js';
import { putTarget } from './web/request.js';

/** An address, often with a port; a service of the cloud names itself. */
function putCaller(draft: Draft, text: string | undefined): void {
  if (text === undefined || !/[.:]/.test(text)) return; // `private`, `gce-internal-ip`
  const { host, port } = splitEndpoint(text);
  draft.put('source.ip', host);
  if (draft.has('source.ip')) draft.put('source.port', port);
}

// --- GitHub: https://docs.github.com/organizations/.../audit-log-events-for-your-organization ------------------------------------------
export const githubAudit: JsonKind = {
  dataset: 'github.audit',
  is: (flat) => has(flat, 'action', 'actor') && (has(flat, '_document_id') || has(flat, 'actor_id') || has(flat, 'actor_location.country_code')) && (has(flat, 'created_at') || has(flat, '@timestamp')) && /^\w[\w-]{0,60}\.\w/.test(textOf(flat, 'action') ?? ''),
  read(draft, flat) {
    keepOwn(draft, flat);
    putJsonTime(draft, textOf(flat, 'created_at') ?? textOf(flat, '@timestamp'));
    putAll(draft, flat, [['actor', 'user.name'], ['actor_id', 'user.id'], ['actor_ip', 'source.ip'], ['user', 'user.target.name'], ['user_agent', 'user_agent.original'], ['team', 'group.name']]);
    say(draft, textOf(flat, 'action'), GITHUB, undefined);
    draft.put('event.outcome', textOf(flat, 'action')?.endsWith('_failed') === true || textOf(flat, 'action') === 'user.failed_login' ? 'failure' : 'success');
  },
};
const GITHUB = lookup<Action>({ 'user.login': 'login', 'user.failed_login': 'login_failed', 'org.add_member': 'group_member_added', 'org.remove_member': 'group_member_removed', 'team.add_member': 'group_member_added', 'team.remove_member': 'group_member_removed' });

// --- Azure: resource logs, common schema: https://learn.microsoft.com/azure/azure-monitor/essentials/resource-logs-schema -------------
export const azure: JsonKind = {
  dataset: 'azure.activitylogs',
  is: (flat) => has(flat, 'time', 'resourceId', 'operationName', 'category'),
  read(draft, flat) {
    const category = (textOf(flat, 'category') ?? '').toLowerCase(), dataset = category.endsWith('signinlogs') ? 'azure.signinlogs' : category === 'auditlogs' ? 'azure.auditlogs' : category.endsWith('riskevents') ? 'azure.identity_protection' : ACTIVITY.has(category) ? 'azure.activitylogs' : 'azure.platformlogs';
    draft.event['event.dataset'] = dataset;
    keepOwn(draft, flat);
    const audit = category.startsWith('kube-audit') ? readWholeObject(textOf(flat, 'properties.log') ?? '[]') : null; // its clusters' audit log, an object as text
    if (audit !== null && !Array.isArray(audit)) { draft.event['event.dataset'] = kubernetes.dataset; readAudit(draft, flatten(audit)); return; }
    putJsonTime(draft, textOf(flat, 'time'));
    putCaller(draft, textOf(flat, 'callerIpAddress') ?? textOf(flat, 'properties.ipAddress'));
    putAccount(draft, 'user', textOf(flat, 'properties.userPrincipalName') ?? textOf(flat, 'properties.initiatedBy.user.userPrincipalName') ?? textOf(flat, `identity.claims.${UPN}`) ?? textOf(flat, 'identity.claims.name') ?? textOf(flat, 'identity.UserName') ?? (has(flat, 'identity') ? textOf(flat, 'identity') : undefined));
    putAll(draft, flat, [['properties.userId', 'user.id'], ['properties.userAgent', 'user_agent.original'], ['resultType', 'event.code'], ['resultDescription', 'event.reason'], ['level', 'log.level'], ['properties.targetResources.userPrincipalName', 'user.target.name']]);
    const result = (textOf(flat, 'resultType') ?? textOf(flat, 'properties.result') ?? '').toLowerCase(), signIn = dataset === 'azure.signinlogs';
    // A sign-in's result is a number, 0 where it succeeded; an operation's a word.
    const outcome = signIn ? (result === '0' ? 'success' : 'failure') : /^succe|^0$|^accept/.test(result) ? 'success' : /^fail|^client ?error|^\d{3}/.test(result) ? 'failure' : undefined;
    if (signIn) draft.act(outcome === 'success' ? 'login' : 'login_failed'); else say(draft, textOf(flat, 'operationName'), AZURE, outcome);
    draft.put('azure.resource.provider', /\/providers\/([^/]{1,100})/i.exec(textOf(flat, 'resourceId') ?? '')?.[1]);
    putEntra(draft, flat, 'properties.', outcome);
  },
};
/** What its rules ask for as one: how it ended in all words that say so, whatever it was done to, whoever did it. */
export function putEntra(draft: Draft, flat: Flat, at: '' | 'properties.', outcome: string | undefined): void {
  if (draft.getText('event.dataset') === 'azure.activitylogs') return;
  putList(draft, 'azure.status', [outcome, textOf(flat, `${at}result`), textOf(flat, `${at}resultReason`), textOf(flat, `${at}status.additionalDetails`), textOf(flat, `${at}status.failureReason`)].filter((one) => one !== undefined));
  putBelow(draft, 'azure.target_resources', flat, `${at}targetResources`);
  putBelow(draft, 'azure.initiated_by', flat, `${at}initiatedBy`);
}
const UPN = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn';
const ACTIVITY: ReadonlySet<string> = new Set(['administrative', 'security', 'servicehealth', 'alert', 'recommendation', 'policy', 'autoscale', 'resourcehealth', 'write', 'delete', 'action']);
const AZURE = lookup<Action>({ 'Add user': 'user_created', 'Delete user': 'user_deleted', 'Update user': 'user_changed', 'Disable account': 'user_disabled', 'Enable account': 'user_enabled', 'Reset user password': 'password_reset', 'Change user password': 'password_changed', 'Add member to group': 'group_member_added', 'Remove member from group': 'group_member_removed', 'Add member to role': 'privileges_assigned', 'Add group': 'group_created', 'Delete group': 'group_deleted' });

// --- Google Cloud: AuditLog in a LogEntry: https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog -----
export const gcpAudit: JsonKind = {
  dataset: 'gcp.audit',
  is: (flat) => textOf(flat, 'protoPayload.@type') === 'type.googleapis.com/google.cloud.audit.AuditLog' || has(flat, 'protoPayload.methodName', 'protoPayload.serviceName'),
  read(draft, flat) {
    keepOwn(draft, flat);
    putJsonTime(draft, textOf(flat, 'timestamp') ?? textOf(flat, 'receiveTimestamp'));
    putAccount(draft, 'user', textOf(flat, 'protoPayload.authenticationInfo.principalEmail'));
    putCaller(draft, textOf(flat, 'protoPayload.requestMetadata.callerIp'));
    putAll(draft, flat, [['protoPayload.requestMetadata.callerSuppliedUserAgent', 'user_agent.original'], ['protoPayload.serviceName', 'service.name'], ['severity', 'log.level'], ['protoPayload.status.message', 'event.reason'], ['resource.labels.project_id', 'cloud.project.id'], ['protoPayload.methodName', 'gcp.audit.method_name'], ['protoPayload.serviceName', 'gcp.audit.service_name'], ['protoPayload.resourceName', 'gcp.audit.resource_name']]);
    const code = Number(textOf(flat, 'protoPayload.status.code') ?? 0), denied = has(flat, 'protoPayload.authorizationInfo.granted') && textOf(flat, 'protoPayload.authorizationInfo.granted') === 'false';
    if (code !== 0) draft.put('event.code', String(code));
    say(draft, textOf(flat, 'protoPayload.methodName'), NONE, code !== 0 || denied ? 'failure' : 'success');
    putParameters(draft, flat, 'protoPayload.metadata.event.parameter');
  },
};
const NONE = lookup<Action>({});
/** Workspace's own, a list of names and values. */
export function putParameters(draft: Draft, flat: Flat, at: string): void {
  const names = listOf(flat[`${at}s.name`] ?? flat[`${at}.name`]), values = listOf(flat[`${at}s.value`] ?? flat[`${at}.value`]);
  if (names.length === values.length) names.slice(0, 100).forEach((name, i) => { draft.put(`google_workspace.parameter.${name.toLowerCase().slice(0, 100)}`, values[i]); });
}

// --- Microsoft 365: https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema ------------
export const microsoft365: JsonKind = {
  dataset: 'o365.audit',
  is: (flat) => has(flat, 'CreationTime', 'Operation', 'RecordType', 'Workload') || has(flat, 'OfficeWorkload', 'Operation'), // as a record, or a row of the workspace's table OfficeActivity
  read(draft, flat) {
    keepOwn(draft, flat);
    putJsonTime(draft, textOf(flat, 'CreationTime') ?? textOf(flat, 'TimeGenerated'), true); // in UTC, without saying so
    putAccount(draft, 'user', textOf(flat, 'UserId'));
    putCaller(draft, textOf(flat, 'ClientIP') ?? textOf(flat, 'ClientIPAddress') ?? textOf(flat, 'ActorIpAddress') ?? textOf(flat, 'Client_IPAddress'));
    putAll(draft, flat, [['OfficeWorkload', 'event.provider'], ['UserKey', 'user.id'], ['UserAgent', 'user_agent.original'], ['RecordType', 'event.code'], ['Workload', 'event.provider'], ['LogonError', 'event.reason'], ['SourceFileName', 'file.name'], ['SourceFileExtension', 'file.extension'], ['Item.Subject', 'email.subject'], ['AffectedItems.Subject', 'email.subject'], ['Item.InternetMessageId', 'email.message_id'], ['ClientInfoString', 'user_agent.original']]);
    putNamed(draft, flat);
    const operation = textOf(flat, 'Operation'), result = (textOf(flat, 'ResultStatus') ?? '').toLowerCase();
    say(draft, operation, M365, operation === 'UserLoginFailed' || /^(?:fail|false)/.test(result) ? 'failure' : 'success');
  },
};
/** Lists of names and values, and what it was done to: a page, or somebody in a directory. */
function putNamed(draft: Draft, flat: Flat): void {
  const value = (list: string, name: string, of: string): string | undefined => { const names = listOf(flat[`${list}.Name`]), values = listOf(flat[`${list}.${of}`]); return names.length === values.length ? values[names.indexOf(name)] : undefined; }, object = textOf(flat, 'ObjectId') ?? '', operation = textOf(flat, 'Operation') ?? '';
  draft.fill('user_agent.original', value('ExtendedProperties', 'UserAgent', 'Value'));
  draft.put('group.name', value('ModifiedProperties', 'Group.DisplayName', 'NewValue')?.replace(/^"|"$/g, ''));
  if (/^https?:\/\//.test(object)) putTarget(draft, object);
  else if (textOf(flat, 'Workload') === 'AzureActiveDirectory' && object.includes('@')) putAccount(draft, 'user.target', object);
  if (/^(?:New|Set|Add|Remove|Enable|Disable|Update)-/.test(operation)) { draft.put('event.category', 'configuration'); draft.put('event.type', operation.startsWith('New-') || operation.startsWith('Add-') ? 'creation' : operation.startsWith('Remove-') ? 'deletion' : 'change'); }
}
const M365 = lookup<Action>({ UserLoggedIn: 'login', UserLoginFailed: 'login_failed', MailboxLogin: 'login', Send: 'mail_sent', SendAs: 'mail_sent', SendOnBehalf: 'mail_sent', FilePreviewed: 'file_opened', FileRenamed: 'file_changed', FileMoved: 'file_changed', FileRecycled: 'file_deleted', FileSyncDownloadedFull: 'file_downloaded', FileSyncUploadedFull: 'file_uploaded', 'Disable account.': 'user_disabled', 'Enable account.': 'user_enabled', 'Add group.': 'group_created', 'Delete group.': 'group_deleted', FileDownloaded: 'file_downloaded', FileUploaded: 'file_uploaded', FileAccessed: 'file_opened', FileModified: 'file_changed', FileDeleted: 'file_deleted', 'Add user.': 'user_created', 'Delete user.': 'user_deleted', 'Update user.': 'user_changed', 'Reset user password.': 'password_reset', 'Change user password.': 'password_changed', 'Add member to group.': 'group_member_added', 'Remove member from group.': 'group_member_removed', 'Add member to role.': 'privileges_assigned' });

// --- AWS: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html -------------------
export const cloudTrail: JsonKind = {
  dataset: 'aws.cloudtrail',
  is: (flat) => has(flat, 'eventVersion', 'eventTime', 'eventSource', 'eventName', 'awsRegion'),
  read(draft, flat) {
    keepAll(draft, 'aws.cloudtrail', flat);
    putJsonTime(draft, textOf(flat, 'eventTime'));
    putCaller(draft, textOf(flat, 'sourceIPAddress'));
    draft.put('user.name', textOf(flat, 'userIdentity.userName') ?? textOf(flat, 'userIdentity.sessionContext.sessionIssuer.userName') ?? (textOf(flat, 'userIdentity.type') === 'Root' ? 'root' : undefined));
    putAll(draft, flat, [['userIdentity.principalId', 'user.id'], ['userAgent', 'user_agent.original'], ['eventSource', 'event.provider'], ['awsRegion', 'cloud.region'], ['recipientAccountId', 'cloud.account.id'], ['errorCode', 'event.code'], ['errorMessage', 'event.reason'], ['requestParameters.userName', 'user.target.name']]);
    putBelow(draft, 'aws.cloudtrail.request_parameters', flat, 'requestParameters');
    putBelow(draft, 'aws.cloudtrail.response_elements', flat, 'responseElements');
    const failed = has(flat, 'errorCode') || has(flat, 'errorMessage') || textOf(flat, 'responseElements.ConsoleLogin') === 'Failure', name = textOf(flat, 'eventName');
    if (name === 'ConsoleLogin') draft.act(failed ? 'login_failed' : 'login'); else say(draft, name, NONE, failed ? 'failure' : 'success');
  },
};
