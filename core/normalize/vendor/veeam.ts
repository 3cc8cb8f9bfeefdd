// Veeam Backup & Replication: `[categoryId=0 instanceId=31000 UserName="CORP\bob" ... Description="..."]`, behind a header of RFC 5424 or the older one of
// its own. What an event means is told by its description, whose verbs are the same for all that is managed; some by their number.
// https://helpcenter.veeam.com/docs/backup/events/
import { readIso, readSlashed, resolve } from '../../message/time.js';
import { fillAccount } from '../account.js';
import type { Action } from '../actions.js';
import { putCommon } from '../common-names.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { readPairs } from '../pairs.js';

function readVeeam(draft: Draft): boolean {
  const led = LED.exec(draft.head), pairs = readPairs((led === null ? draft.text : draft.text.slice(led[0].length)).replace(/^(?:\[origin [^\]]{0,200}\] ?)?\[/, '').replace(/\]$/, ''));
  if (led !== null) { const time = readIso(led[1] as string, 0); if (time !== undefined) draft.time = resolve(time, draft.received, draft.zone); draft.put('log.syslog.hostname', led[3]); draft.put('host.name', led[3]); draft.put('process.name', led[4]); }
  if (pairs.length < 3) return false;
  const values = new Map(pairs);
  for (const [key, value] of pairs) { draft.put(`veeam.${key}`, value); if (!USERS.includes(key)) putCommon(draft, key, value); }
  const id = values.get('instanceId') ?? '', said = values.get('Description') ?? '';
  draft.put('event.code', id);
  draft.put('event.reason', said);
  for (const key of USERS) fillAccount(draft, 'user', values.get(key));
  if (!draft.has('user.name') && values.has('UserFullInfo')) fillAccount(draft, 'user', /fullName="?([^"\s]{1,128})/.exec(values.get('UserFullInfo') ?? '')?.[1]);
  if (!draft.has('user.name')) fillAccount(draft, 'user', /\b(?:by|[Uu]ser) (?:user )?"?([^\s",]{1,128}\\[^\s",]{1,128}?)"?\.?(?:\s|$)/.exec(said)?.[1]);
  const stamp = readIso(values.get('DateTime') ?? '', 0) ?? readSlashed(values.get('DateTime') ?? '', 0);
  draft.timeFrom(stamp);
  const action = BY_ID[id] ?? byWords(said), result = values.get('JobResult') ?? values.get('Result') ?? values.get('SessionResult');
  if (action !== undefined) draft.act(action, result === '2' ? 'failure' : result === '0' || result === '1' ? 'success' : undefined);
  return true;
}
/** Older versions put the priority behind the time: `2026-02-17T13:40:03+07:00 <14> VBR1 Veeam_MP  [categoryId=...]`. */
const LED = /^(\d{4}-\S{15,35}) <(\d{1,3})> (\S{1,255}) (Veeam_MP) {1,3}(?=\[)/;
const USERS = ['UserName', 'AccountName', 'InitiatorName', 'Initiator', 'User'];

const BY_ID = lookup<Action>({ 110: 'process_started', 150: 'process_ended', 190: 'process_ended', 10010: 'file_created', 10050: 'file_deleted', 41600: 'malware_detected' });
function byWords(said: string): Action | undefined {
  const text = said.slice(0, 600).toLowerCase(), has = (...words: readonly string[]): boolean => words.some((word) => text.includes(word));
  if (has('malware', 'ransomware', 'suspicious', 'infected') && !has('exclusion', 'settings', 'enabled', 'disabled')) return 'malware_detected';
  if (has('fail') && has('login', 'logon', 'log on', 'log in', 'authenticat')) return 'login_failed';
  if (has(' has logged in', ' has signed in', 'logged on successfully')) return 'login';
  const done = has(' has been ', ' have been ');
  if (done && has('user ', 'group ', 'role ')) { if (has('been added', 'been assigned')) return 'privileges_assigned'; if (has('been deleted', 'been removed', 'been updated', 'been changed', 'been edited', 'been modified')) return 'user_changed'; }
  if (done && has('restore point', 'backup file') && has('been deleted', 'been removed')) return 'file_deleted';
  if (has('been started', 'is starting') || text.endsWith('started')) return 'process_started';
  if (has('has completed', 'has finished', 'has ended', 'has stopped', 'has failed', 'been completed', 'been finished', 'been stopped', 'finished with')) return 'process_ended';
  return done ? 'config_changed' : undefined;
}

export const veeam: Format = { name: 'veeam.backup', holds: ['^[categoryId=', '^[origin ', 'Veeam_MP'], detect: ({ head }) => head.startsWith('[categoryId=') || head.startsWith('[origin enterpriseId=') && head.includes('[categoryId=') || head.includes('Veeam_MP') && head.includes('=') && LED.test(head), read: readVeeam };
