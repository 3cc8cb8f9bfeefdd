// PgBouncer: `C-0x55d1: qlvb/an@203.0.113.9:51122 login attempt: db=qlvb user=an tls=no`; C is a client, S a server. Its own file has a time, `[pid]` and a level before it.
// https://www.pgbouncer.org/usage.html
import { readIso } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, splitEndpoint } from '../net.js';

const START = /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: [A-Z+-][\w:]{1,5})?) \[(\d{1,10})\] (LOG|DEBUG|NOISE|WARNING|ERROR|FATAL) )?([CS])-0x[0-9a-f]{1,16}: ([^/\n]{0,128})\/([^\n]{0,200}?)@(\[[0-9a-fA-F:.]{2,45}\]|[^\s:@]{1,255}):(\d{1,5}) /;

function readPgbouncer(draft: Draft): boolean {
  const start = START.exec(draft.head);
  if (start === null) return readOwn(draft);
  const [whole, time, pid, level, side, database, user, host = '', port] = start, said = draft.text.slice(whole.length, whole.length + 1000), stamp = time === undefined ? undefined : readIso(`${time} [`, 0);
  draft.timeFrom(stamp);
  draft.put('process.pid', pid); draft.put('log.level', level?.toLowerCase());
  if (database !== '(nodb)') draft.put('pgbouncer.database', database);
  if (user !== '(nouser)') draft.put('user.name', user);
  const end = splitEndpoint(`${host}:${port ?? ''}`), here = side === 'C' ? 'source' : 'destination', from = splitEndpoint(/\(from ([^)]{3,60})\)/.exec(said)?.[1] ?? '');
  if (isIp(end.host)) { draft.put(`${here}.ip`, end.host); draft.put(`${here}.port`, end.port); }
  if (side === 'S' && isIp(from.host)) { draft.put('source.ip', from.host); draft.put('source.port', from.port); }
  draft.put('service.name', 'pgbouncer');
  const nobody = /^no such user: (.{1,128})/.exec(said)?.[1];
  if (nobody !== undefined) draft.put('user.name', nobody.trimEnd());
  if (said.startsWith('closing because: ') && said.includes('authentication failed')) { draft.put('event.reason', said.slice(17).trimEnd()); draft.act('database_disconnection', 'failure'); } // of the failure another line tells
  else if (said.startsWith('pooler error: not allowed') || said.includes('authentication failed') || said.includes('no such user') || said.includes('no such database')) { draft.put('event.reason', said.replace(/^(?:pooler error|closing because): /, '')); draft.act('database_login_failed'); }
  else if (said.startsWith('login attempt: ')) draft.act('database_connection');
  else if (said.startsWith('closing because: ')) { draft.put('event.reason', said.slice(17).trimEnd()); draft.act('database_disconnection'); }
  else if (said.startsWith('new connection to server')) draft.act('database_connection');
  return true;
}

/** What the pooler says of itself: its start and the commands of its administrators. */
const OWN = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z+-][\w:]{1,5}) \[(\d{1,10})\] (LOG|NOISE) /;
function readOwn(draft: Draft): boolean {
  const start = OWN.exec(draft.head);
  if (start === null && draft.program !== 'pgbouncer') return false;
  const said = draft.text.slice(start?.[0].length ?? 0, 1000);
  if (start !== null) { draft.timeFrom(readIso(`${start[1] ?? ''} [`, 0)); draft.put('process.pid', start[2]); draft.put('log.level', start[3]?.toLowerCase()); }
  draft.put('service.name', 'pgbouncer');
  if (said.startsWith('process up: ')) draft.act('service_started');
  else if (said.startsWith('SHUTDOWN command issued') || said.startsWith('got SIGTERM')) draft.act('service_stopped');
  else if (said.startsWith('RELOAD command issued') || said.startsWith('got SIGHUP')) draft.act('config_changed');
  return true;
}

export const pgbouncer: Format = { name: 'pgbouncer.log', holds: ['C-0x', 'S-0x', '0] LOG ', '0] NOISE '], programs: ['pgbouncer'], unnamed: true, detect: ({ head, program }) => program === '' && (START.test(head) || OWN.test(head)), read: readPgbouncer };
