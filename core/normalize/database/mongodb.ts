// MongoDB: structured logs (4.4 and later), the older lines of text, and the audit log. https://www.mongodb.com/docs/manual/reference/log-messages/
// https://www.mongodb.com/docs/manual/reference/audit-message/
import { readIso, resolve } from '../../message/time.js';
import { fillAccount, putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { has, keepAll, putAll, putJsonTime, textOf, type JsonKind, type Names } from '../json-fields.js';
import { isIp, splitEndpoint } from '../net.js';
import { readSentence } from '../sentences.js';

function putRemote(draft: Draft, text: string | undefined): void {
  const { host, port } = splitEndpoint(text ?? '');
  if (!isIp(host)) return;
  draft.put('source.ip', host);
  draft.put('source.port', port);
}
function putMeaning(draft: Draft, said: string): void {
  if (/^(?:(?:SASL )?\S{1,40} )?authentication failed/i.test(said)) draft.act('database_login_failed');
  else if (/^Successfully authenticated|Authentication succeeded/i.test(said)) draft.act('database_login');
  else if (/^connection accepted/i.test(said)) draft.act('database_connection');
  else if (/^(?:connection ended|end connection)/i.test(said)) draft.act('database_disconnection');
  else if (/^(?:Slow query|command )/i.test(said)) draft.act('database_query');
}
const LEVELS: Readonly<Record<string, string | undefined>> = { F: 'fatal', E: 'error', W: 'warning', I: 'informational', D: 'debug' };

export const mongodbLog: JsonKind = {
  dataset: 'mongodb.log',
  is: (flat) => has(flat, 's', 'c', 'id', 'ctx', 'msg') && (has(flat, 't.$date') || has(flat, 't')),
  read(draft, flat) {
    keepAll(draft, 'mongodb.log', flat);
    putJsonTime(draft, textOf(flat, 't.$date') ?? textOf(flat, 't'));
    const said = textOf(flat, 'msg') ?? '', level = textOf(flat, 's') ?? '';
    draft.event['message'] = said;
    draft.put('log.level', LEVELS[level.charAt(0)]);
    draft.put('event.code', textOf(flat, 'id'));
    putRemote(draft, textOf(flat, 'attr.remote') ?? textOf(flat, 'attr.client'));
    putAccount(draft, 'user', textOf(flat, 'attr.principalName') ?? textOf(flat, 'attr.user') ?? textOf(flat, 'attr.principal'));
    draft.put('event.reason', textOf(flat, 'attr.error'));
    draft.put('user_agent.original', textOf(flat, 'attr.doc.driver.name'));
    const lasted = Number(textOf(flat, 'attr.durationMillis'));
    if (lasted >= 0) draft.put('event.duration', Math.round(lasted * 1e6));
    putMeaning(draft, said);
  },
};

const AUDIT_NAMES: Names = [
  ['remote.ip', 'source.ip'], ['remote.port', 'source.port'], ['local.ip', 'destination.ip'], ['local.port', 'destination.port'], ['users.user', 'user.name'],
];
export const mongodbAudit: JsonKind = {
  dataset: 'mongodb.audit',
  is: (flat) => has(flat, 'atype', 'result') && (has(flat, 'ts.$date') || has(flat, 'local.ip') || has(flat, 'remote.ip')),
  read(draft, flat) {
    keepAll(draft, 'mongodb.audit', flat);
    putJsonTime(draft, textOf(flat, 'ts.$date') ?? textOf(flat, 'ts'));
    putAll(draft, flat, AUDIT_NAMES);
    fillAccount(draft, 'user', textOf(flat, 'param.user'));
    const type = textOf(flat, 'atype') ?? '', failed = textOf(flat, 'result') !== '0', target = textOf(flat, 'param.user');
    draft.put('event.code', type);
    if (type === 'authenticate') draft.act(failed ? 'database_login_failed' : 'database_login');
    else if (type === 'logout') draft.act('logout');
    else if (/User/.test(type) && !type.startsWith('grant')) { draft.put('user.target.name', target); draft.act(type.startsWith('create') ? 'user_created' : type.startsWith('drop') ? 'user_deleted' : 'user_changed', failed ? 'failure' : 'success'); }
    else if (/Role/.test(type)) draft.act('group_changed', failed ? 'failure' : 'success');
    else draft.act('database_query', failed ? 'failure' : 'success');
  },
};

/** `2026-02-17T13:40:03.123+0700 I ACCESS   [conn7] Successfully authenticated as principal an on admin from client 192.0.2.21:51122`. */
const TEXT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d{4}) ([FEWID]\d?) ([A-Z_-]{1,12}) {1,10}\[([^\]]{1,64})\] /;
function readText(draft: Draft): boolean {
  const found = TEXT.exec(draft.head);
  if (found === null) return false;
  const [whole, level = '', component, context] = found, stamp = readIso(draft.text, 0), said = draft.text.slice(whole.length), head = said.slice(0, 600);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('log.level', LEVELS[level.charAt(0)]);
  draft.put('mongodb.log.component', component);
  draft.put('mongodb.log.context', context);
  putAccount(draft, 'user', / authentication failed for (\S{1,128}) on /.exec(head)?.[1] ?? / as principal (\S{1,128}) on /.exec(head)?.[1]);
  putRemote(draft, /(?:from client:? |connection accepted from |end connection |remote:? ?)"?([0-9a-fA-F.:[\]]{3,51})/.exec(head)?.[1]);
  const took = component === 'COMMAND' || component === 'WRITE' || component === 'QUERY' ? / (\d{1,12})ms\s*$/.exec(said.slice(-40))?.[1] : undefined;
  if (took !== undefined) draft.put('event.duration', Number(took) * 1e6);
  readSentence(draft, head);
  putMeaning(draft, said);
  return true;
}
export const mongodbText: Format = { name: 'mongodb.log', holds: ['^0000-00-00T00:00:00.000'], programs: ['mongod', 'mongos'], detect: ({ head }) => TEXT.test(head), read: readText };
