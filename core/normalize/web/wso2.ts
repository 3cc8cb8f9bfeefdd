// WSO2's products (service bus, API manager, identity server), on which many data-sharing buses run: Carbon's log and the audit log in it.
//   TID: [-1234] [app] [2026-02-17 13:40:03,123]  INFO {org.wso2.x.Y} - text       [2026-02-17 13:40:03,123]  INFO {org.apache.synapse.Y} - text
//   ... {AUDIT_LOG} - Initiator : an | Action : Login | Target : x | Data : {...} | Result : Success      Initiator=an Action=Login Target=x Data={...} Outcome=Success
// https://apim.docs.wso2.com/en/latest/administer/logging-and-monitoring/logging/configuring-logging/
import { readIso } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { readSentence } from '../sentences.js';
import { putError } from '../stack-trace.js';

const LINE = /^(?:TID: \[(-?\d{1,10})\] (?:\[([^\]]{0,200})\] ){0,2}?)?\[(\d{4}-\d\d-\d\d[T ][^\]]{8,25})\] {1,5}(?:\[[^\]]{0,100}\] {0,5}){0,2}(TRACE|DEBUG|INFO|WARN|ERROR|FATAL) {1,5}\{([\w.$-]{1,200})\} - /;
/** Carbon's own sentences about administrators. */
const SIGNED_IN = /^'([^'[]{1,250}?) ?\[-?\d{1,10}\]' logged in at \[/, REFUSED = /^Failed Administrator login attempt '([^'[]{0,250}?) ?\[-?\d{1,10}\]' at \[/, FROM = / from IP address ([\da-fA-F:.]{3,45})/;
const PIPED = /^Initiator ?: ?(.{0,250}?) \| Action ?: ?(.{0,200}?) \| Target ?: ?(.{0,500}?) \| Data ?: ?(.*?) \| Result ?: ?(\w{1,40})\s*$/s, PAIRED = /^Initiator=(.{0,250}?) Action=(.{0,200}?) Target=(.{0,500}?) Data=(.*?) (?:Outcome|Result)=(\w{1,40})\s*$/s;
const ADDRESS = /"(?:ip|remoteAddress|RemoteAddress|Remote Address|clientIP|IP)" ?: ?"([\da-fA-F:.]{3,45})"/;
/** Audited actions in small letters with nothing between; whom they concern. */
const AUDITED = new Map<string, readonly [Action, ('user' | 'group')?]>(Object.entries({
  login: ['login'], logout: ['logout'], adduser: ['user_created', 'user'], deleteuser: ['user_deleted', 'user'], changepasswordbyuser: ['password_changed', 'user'], changepasswordbyadministrator: ['password_reset', 'user'], updatecredential: ['password_changed', 'user'],
  updatecredentialbyadmin: ['password_reset', 'user'], setuserclaimvalues: ['user_changed', 'user'], setuserclaimvalue: ['user_changed', 'user'], updaterolesofuser: ['user_changed', 'user'], addrole: ['group_created', 'group'], deleterole: ['group_deleted', 'group'], updaterole: ['group_changed', 'group'], updateusersofrole: ['group_changed', 'group'],
} satisfies Record<string, readonly [Action, ('user' | 'group')?]>));
const LEVELS = lookup({ TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error', FATAL: 'fatal' });

function readWso2(draft: Draft): boolean {
  const found = LINE.exec(draft.head);
  if (found === null) return false;
  const [lead, tenant, app, time = '', level = '', logger = ''] = found, said = draft.text.slice(lead.length).trimStart(), stamp = readIso(time, 0);
  draft.timeFrom(stamp);
  draft.put('wso2.tenant_id', tenant);
  draft.put('wso2.app', app);
  draft.put('log.level', LEVELS[level]);
  draft.put('log.logger', logger);
  draft.put('service.name', 'wso2');
  const audited = logger === 'AUDIT_LOG' ? PIPED.exec(said) ?? PAIRED.exec(said) : null, signed = SIGNED_IN.exec(said), refused = signed === null ? REFUSED.exec(said) : null;
  if (audited !== null) putAudited(draft, audited);
  else if (signed !== null || refused !== null) {
    putAccount(draft, 'user', (signed ?? refused)?.[1]);
    draft.put('source.ip', FROM.exec(said)?.[1]);
    draft.act(signed === null ? 'login_failed' : 'login');
  } else readSentence(draft, said);
  putError(draft, said);
  return true;
}

function putAudited(draft: Draft, [, initiator, action = '', target, data = '', result = '']: RegExpExecArray): void {
  const failed = !/^(?:success|ok)/i.test(result), [what, whom] = AUDITED.get(action.toLowerCase().replace(/[^a-z]/g, '')) ?? [];
  draft.put('event.dataset', 'wso2.audit');
  putAccount(draft, 'user', initiator);
  draft.put('wso2.audit.action', action);
  draft.put('wso2.audit.target', target);
  draft.put('wso2.audit.data', data);
  draft.put('source.ip', ADDRESS.exec(data)?.[1]);
  if (whom === 'user') putAccount(draft, 'user.target', target); else if (whom === 'group') draft.put('group.name', target);
  if (what !== undefined) draft.act(what === 'login' && failed ? 'login_failed' : what, failed ? 'failure' : 'success'); else draft.put('event.outcome', failed ? 'failure' : 'success');
}

export const wso2: Format = { name: 'wso2.carbon', holds: ['TID: [', '} - '], detect: ({ head }) => LINE.test(head), read: readWso2 };
