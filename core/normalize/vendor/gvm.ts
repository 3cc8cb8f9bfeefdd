// Greenbone's vulnerability manager and scanner (OpenVAS): `PART:LEVEL:2026-02-17 06h40.03 UTC:PID: words`, where a part is `event user`, `md   main`,
// `sd   main`. https://greenbone.github.io/docs/latest/ (gvmd's log)
import { abbreviation, readIso, resolve } from '../../message/time.js';
import { fillAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { readSentence } from '../sentences.js';

const LINE = /^([a-z]{2,10}) {1,4}([\w-]{2,20}): ?(MESSAGE|WARNING|INFO|DEBUG|CRITICAL|ERROR): ?(\d{4}-\d\d-\d\d) (\d\d)h(\d\d)\.(\d\d) ([A-Za-z]{2,5}|[+-]\d\d):(\d{1,8}): ?/;
function readGvm(draft: Draft): boolean {
  const found = LINE.exec(draft.head);
  if (found === null) return false;
  const [whole, part = '', topic, level = '', date, hour, minute, second, zone = '', pid] = found, said = draft.text.slice(whole.length, whole.length + 2000), stamp = readIso(`${date} ${hour}:${minute}:${second}`, 0), offset = abbreviation(zone.toUpperCase());
  if (stamp !== undefined) draft.time = resolve(offset === undefined ? stamp : { ...stamp, offset }, draft.received, draft.zone);
  for (const [field, value] of [['log.level', level.toLowerCase()], ['process.pid', pid], ['greenbone.gvm.part', `${part} ${topic}`], ['observer.vendor', 'Greenbone'], ['observer.product', 'GVM']] as const) draft.put(field, value);
  if (part !== 'event') return true;
  const by = / by (\S{1,128})\s*$/.exec(said)?.[1], failed = /^Authentication failure for user (\S{1,128})(?: \(\S{1,64}\))?(?: from (\S{3,45}))?/.exec(said), login = /^User (\S{1,128})(?: \(\S{1,64}\))? (?:has )?logged (in|out)\b/.exec(said);
  if (failed !== null) { fillAccount(draft, 'user', failed[1]); draft.put('source.ip', failed[2]); draft.act('login_failed'); }
  else if (login !== null) { fillAccount(draft, 'user', login[1]); draft.act(login[2] === 'in' ? 'login' : 'logout'); }
  else { fillAccount(draft, 'user', by); if (/ has been (?:created|modified|deleted|removed)/.test(said)) draft.act('config_changed'); }
  if (!draft.has('source.ip')) readSentence(draft, said);
  return true;
}

export const gvm: Format = { name: 'greenbone.gvm', holds: [':MESSAGE:', ':WARNING:', ':INFO:', ':DEBUG:', ':CRITICAL:', ':ERROR:', ': MESSAGE:', ': WARNING:', ': INFO:', ': DEBUG:', ': CRITICAL:', ': ERROR:'], detect: ({ head }) => LINE.test(head), read: readGvm };
