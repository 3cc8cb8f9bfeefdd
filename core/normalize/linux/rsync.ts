// rsync's daemon: through syslog, and in a file of its own (`log file`), where a time and the process stand before the words:
//   2026/02/17 13:40:03 [991] auth failed on module backup from srv-02 (203.0.113.9) for an: password mismatch
// https://download.samba.org/pub/rsync/rsyncd.conf.5
import { readIso } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules } from '../rules.js';
import { readSentence } from '../sentences.js';

const RULES = messageRules([
  ['connect from UNKNOWN ({source.ip})', 'connection'], ['connect from {source.domain} ({source.ip})', 'connection'],
  ['rsync on {file.path~} from {user.name}@UNKNOWN ({source.ip})', 'file_downloaded'], ['rsync on {file.path~} from {user.name}@{source.domain} ({source.ip})', 'file_downloaded'],
  ['rsync on {file.path~} from UNKNOWN ({source.ip})', 'file_downloaded'], ['rsync on {file.path~} from {source.domain} ({source.ip})', 'file_downloaded'],
  ['rsync to {file.path~} from {user.name}@UNKNOWN ({source.ip})', 'file_uploaded'], ['rsync to {file.path~} from {user.name}@{source.domain} ({source.ip})', 'file_uploaded'],
  ['rsync to {file.path~} from UNKNOWN ({source.ip})', 'file_uploaded'], ['rsync to {file.path~} from {source.domain} ({source.ip})', 'file_uploaded'],
  ['auth failed on module {linux.rsync_module} from {~} ({source.ip}) for {user.name~}: {event.reason~}', 'login_failed'],
  ['auth failed on module {linux.rsync_module} from {~} ({source.ip}): {event.reason~}', 'login_failed'],
  ['auth failed on module {linux.rsync_module} from {~} ({source.ip}){*}', 'login_failed'],
  ['rsync allowed access on module {linux.rsync_module} from {~} ({source.ip}){*}', 'connection_allowed'],
  ['rsync denied on module {linux.rsync_module} from {~} ({source.ip}){*}', 'access_denied'],
  ["unknown module '{linux.rsync_module~}' tried from {~} ({source.ip}){*}", 'access_denied'],
  ['module-list request from {~} ({source.ip}){*}', 'connection'],
  ['rsyncd version {~} starting, listening on port {}', 'service_started'],
]);
const IN_FILE = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d) \[(\d{1,10})\] (?=connect from |auth failed on module |rsync (?:on|to|allowed|denied) |rsyncd version |rsync(?:d)?: |unknown module |module-list request |building file list|receiving file list|sent \d|(?:send|recv|del\.) )/;

function readRsync(draft: Draft): boolean {
  const found = IN_FILE.exec(draft.head);
  if (found !== null) {
    const [lead, year = '', month = '', day = '', clock = '', pid] = found;
    draft.timeFrom(readIso(`${year}-${month}-${day} ${clock}`, 0));
    draft.put('process.pid', pid); draft.put('process.name', 'rsyncd');
    draft.setText(draft.text.slice(lead.length));
  }
  if (!applyRules(RULES, draft.text.trimEnd(), draft)) readSentence(draft, draft.text);
  return true;
}

export const rsync: Format = { name: 'linux.syslog', programs: ['rsyncd', 'rsync'], unnamed: true, holds: ['0 [0'], detect: ({ head, program }) => program === '' && IN_FILE.test(head), read: readRsync };
