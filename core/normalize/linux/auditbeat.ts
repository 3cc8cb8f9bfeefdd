// What Auditbeat and Elastic's agent make of the records of Linux' audit: one document an event, in ECS. The names that auditd itself has for what
// rules ask of such records stand beside it: the record's type, a program's arguments or else what a call was given, the paths, the rule's key.
//   {"event":{"module":"auditd","action":"executed"},"auditd":{"message_type":"syscall","data":{"syscall":"execve","a0":"55d0"}},"process":{"args":["id","-a"]}}
// https://www.elastic.co/docs/reference/beats/auditbeat/exported-fields-auditd
import type { Value } from '../../event.js';
import type { Draft } from '../draft.js';

/** A rule asks for the first few. */
const ARGS_MAX = 20;
const KEPT = [['syscall', 'SYSCALL'], ['unit', 'unit'], ['arch', 'arch'], ['exit', 'exit'], ['op', 'op'], ['acct', 'acct']] as const;

/** Adds to a document that is kept as it is. */
export function putAuditNames(draft: Draft): void {
  const said = draft.getText('auditd.message_type');
  if (said === undefined) return;
  const args = draft.get('process.args'), ran = Array.isArray(args) && said === 'syscall' && draft.getText('auditd.data.syscall')?.startsWith('execve') === true, paths = draft.get('auditd.paths.name');
  put(draft, 'type', said === 'syscall' ? ['SYSCALL', ...(ran ? ['EXECVE'] : []), ...(paths === undefined ? [] : ['PATH'])] : said.toUpperCase());
  for (const [name, own] of KEPT) put(draft, own, draft.get(`auditd.data.${name}`));
  for (let i = 0; i < ARGS_MAX; i++) put(draft, `a${String(i)}`, ran ? args[i] : draft.get(`auditd.data.a${String(i)}`));
  put(draft, 'name', paths);
  put(draft, 'nametype', draft.get('auditd.paths.nametype'));
  put(draft, 'euid', draft.get('user.effective.id') ?? draft.get('user.id'));
  put(draft, 'key', draft.get('json.tags')); // the keys of the rules that the event met stand among the tags
}

function put(draft: Draft, name: string, value: Value | undefined): void {
  if (value !== undefined && value !== null && !draft.has(`auditd.log.${name}`)) draft.event[`auditd.log.${name}`] = value;
}
