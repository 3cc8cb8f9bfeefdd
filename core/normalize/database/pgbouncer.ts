// PgBouncer: `C-0x55d1: qlvb/an@203.0.113.9:51122 login attempt: db=qlvb user=an tls=no`; C is a client, S a server. Its own file has a time, `[pid]` and a level before it.
// https://www.pgbouncer.org/usage.html
import { readIso } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, splitEndpoint } from '../net.js';

const START = /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: [A-Z+-][\w:]{1,5})?) \[(\d{1,10})\] (LOG|DEBUG|NOISE|WARNING|ERROR|FATAL) )?([CS])-0x[0-9a-f]{1,16}: ([^/\n]{0,128})\/([^\n]{0,200}?)@(\[[0-9a-fA-F:.]{2,45}\]|[^\s:@]{1,255}):(\d{1,5}) /;

function readPgbouncer(draft: Draft): boolean {
  const start = START.exec(draft.head);
  if (start === null) return draft.program === 'pgbouncer';
  const [whole, time, pid, level, side, database, user, host = '', port] = start, said = draft.text.slice(whole.length, whole.length + 1000), stamp = time === undefined ? undefined : readIso(`${time} [`, 0);
  draft.timeFrom(stamp);
  draft.put('process.pid', pid); draft.put('log.level', level?.toLowerCase());
  if (database !== '(nodb)') draft.put('pgbouncer.database', database);
  if (user !== '(nouser)') draft.put('user.name', user);
  const end = splitEndpoint(`${host}:${port ?? ''}`), here = side === 'C' ? 'source' : 'destination', from = splitEndpoint(/\(from ([^)]{3,60})\)/.exec(said)?.[1] ?? '');
  if (isIp(end.host)) { draft.put(`${here}.ip`, end.host); draft.put(`${here}.port`, end.port); }
  if (side === 'S' && isIp(from.host)) { draft.put('source.ip', from.host); draft.put('source.port', from.port); }
  draft.put('service.name', 'pgbouncer');
  if (said.includes('authentication failed') || said.includes('no such user') || said.includes('no such database')) { draft.put('event.reason', said.replace(/^(?:pooler error|closing because): /, '')); draft.act('database_login_failed'); }
  else if (said.startsWith('login attempt: ')) draft.act('database_connection');
  else if (said.startsWith('closing because: ')) { draft.put('event.reason', said.slice(17).trimEnd()); draft.act('database_disconnection'); }
  else if (said.startsWith('new connection to server')) draft.act('database_connection');
  return true;
}

export const pgbouncer: Format = { name: 'pgbouncer.log', holds: ['C-0x', 'S-0x'], programs: ['pgbouncer'], unnamed: true, detect: ({ head, program }) => program === '' && START.test(head), read: readPgbouncer };
