// pgaudit, PostgreSQL's audit extension: `SESSION,1,1,READ,SELECT,TABLE,public.ho_so,"select * from ho_so",<not logged>`: kind, statement, substatement,
// class, command, object's type and name, text, parameters. https://github.com/pgaudit/pgaudit (Format)
import type { Action } from '../actions.js';
import { splitCsv } from '../csv.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';

export function putPgaudit(draft: Draft, text: string): void {
  const [kind, , , group, command = '', type, name, statement = '', parameter] = splitCsv(text, ',');
  draft.put('postgresql.audit.kind', kind);
  draft.put('postgresql.audit.class', group);
  draft.put('postgresql.audit.command', command);
  draft.put('postgresql.audit.object_type', type);
  draft.put('postgresql.audit.object_name', name);
  draft.put('postgresql.log.query', statement === '<not logged>' || statement === '<previously logged>' ? undefined : statement);
  if (parameter !== '<not logged>' && parameter !== '<none>') draft.put('postgresql.audit.parameter', parameter);
  const action = ACTIONS[command];
  if (action !== undefined) draft.put('user.target.name', targetOf(command, statement));
  draft.act(action ?? 'database_query');
}
const ACTIONS = lookup<Action>({ 'CREATE ROLE': 'user_created', 'CREATE USER': 'user_created', 'ALTER ROLE': 'user_changed', 'ALTER USER': 'user_changed', 'DROP ROLE': 'user_deleted', 'DROP USER': 'user_deleted', 'GRANT ROLE': 'group_member_added', 'REVOKE ROLE': 'group_member_removed', GRANT: 'privileges_assigned', REVOKE: 'user_changed', 'ALTER SYSTEM': 'config_changed' });

/** Whom a statement about roles is about: behind TO or FROM of a grant, the role itself of the others. PUBLIC is nobody's name. */
function targetOf(command: string, statement: string): string | undefined {
  const granted = /^(?:GRANT|REVOKE)/.test(command), found = (granted ? GRANTED : ROLE).exec(statement.slice(0, 4000)), name = found?.[1]?.replaceAll('""', '"') ?? found?.[2];
  return name?.toUpperCase() === 'PUBLIC' ? undefined : name;
}
const ROLE = /\b(?:ROLE|USER|GROUP)\s+(?:IF EXISTS\s+)?(?:"((?:[^"]|""){1,63})"|([\p{L}_][\p{L}\p{N}_$]{0,62}))/iu, GRANTED = /\s(?:TO|FROM)\s+(?:GROUP\s+)?(?:"((?:[^"]|""){1,63})"|([\p{L}_][\p{L}\p{N}_$]{0,62}))/iu;
