// Synology's DSM as its Log Center sends it: sentences about users and hosts, and what was done to files, in either header; with RFC 5424 the same named in `synolog@6574`.
//   Connection: User [an] from [203.0.113.9] logged in successfully via [DSM].
//   WinFileService Event: delete, Path: /ho-so/a.docx, File/Folder: File, Size: 1.2 MB, User: an, IP: 203.0.113.9
// https://kb.synology.com/DSM/help/LogCenter/logcenter_server
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';
import { applyRules, messageRules } from '../rules.js';

const RULES = messageRules([
  ['User [{user.name~}] from [{synology.from~}] logged in successfully via [{synology.service~}]{*}', 'login'],
  ['User [{user.name~}] from [{synology.from~}] signed in to [{synology.service~}] successfully via [{synology.method~}]{*}', 'login'],
  ['User [{user.name~}] logged in from [{synology.from~}] via [{synology.service~}]{*}', 'login'],
  ['User [{user.name~}] from [{synology.from~}] failed to log in via [{synology.service~}] due to {event.reason~}', 'login_failed'],
  ['User [{user.name~}] from [{synology.from~}] failed to sign in to [{synology.service~}] via [{synology.method~}] due to {event.reason~}', 'login_failed'],
  ['User [{user.name~}] from [{synology.from~}] failed to {*}', 'login_failed'],
  ['User [{user.name~}] failed to log in from [{synology.from~}] via [{synology.service~}] due to {event.reason~}', 'login_failed'],
  ['User [{user.name~}] from [{synology.from~}] logged out {*}', 'logout'],
  ['User [{user.name~}] from [{synology.from~}] signed out {*}', 'logout'],
  ['User [{user.name~}] from [{synology.from~}] via [{synology.service~}] accessed shared folder [{synology.share~}]{*}', 'session_opened'],
  ['User [{user.name~}] from [{synology.from~}] accessed shared folder [{synology.share~}]{*}', 'session_opened'],
  ['User [{user.name~}] from [{synology.from~}] created user [{user.target.name~}]{*}', 'user_created'],
  ['User [{user.name~}] from [{synology.from~}] deleted user [{user.target.name~}]{*}', 'user_deleted'],
  ['User [{user.name~}] from [{synology.from~}] {event.reason~}'],
  ['User [{user.target.name~}] was created{*}', 'user_created'],
  ['User [{user.target.name~}] was deleted{*}', 'user_deleted'],
  ['Host [{synology.from~}] was blocked via [{synology.service~}]{*}', 'connection_denied'],
  ['Host [{synology.from~}] was blocked {*}', 'connection_denied'],
  ['Host [{synology.from~}] was unblocked{*}', 'config_changed'],
]);
/** The log's name may stand before a sentence, by itself or as a program. */
const LOG = /^(?:(?:Connection|System|Administration|Security|Backup|General):? (?:(?:Connection|System|SYSTEM): )?)?/;
const FILES = /^(?:(\w{2,20}(?:FileService|Station)) )?Event: ([\w ]{2,30}), Path: (.{1,2000}?), File\/Folder: (File|Folder), Size: ([^,]{1,30}), User: (.{1,256}?), IP: ([0-9a-fA-F.:]{3,45})/;
const DONE = lookup<Action>({ read: 'file_opened', download: 'file_downloaded', write: 'file_changed', upload: 'file_uploaded', create: 'file_created', mkdir: 'file_created', delete: 'file_deleted', move: 'file_changed', rename: 'file_changed', copy: 'file_created', 'property set': 'file_changed', permission: 'file_changed' });

function readSynology(draft: Draft): boolean {
  const data = new Map(draft.structured?.filter(([key]) => key.startsWith('synolog@6574.')).map(([key, value]) => [key.slice(13), value] as const));
  const said = draft.text.slice(0, 4000).trimEnd(), files = FILES.exec(said);
  if (files !== null) {
    const [, service, event = '', path, kind, size, user, address] = files;
    draft.put('file.path', path); draft.put('file.type', kind === 'Folder' ? 'dir' : 'file'); draft.put('synology.size', size);
    draft.put('synology.service', service); draft.put('synology.event', event);
    putAccount(draft, 'user', user);
    draft.put('source.ip', address);
    draft.act(DONE[event.toLowerCase()] ?? 'audit_record');
  } else if (!applyRules(RULES, said.replace(LOG, ''), draft) && data.size === 0) return false;
  for (const [key, value] of data) draft.keep(`synology.${key}`, value);
  const account = data.get('username') ?? data.get('user') ?? draft.getText('user.name');
  if (account !== undefined && account !== 'SYSTEM') { delete draft.event['user.name']; putAccount(draft, 'user', account); }
  const from = data.get('ip') ?? draft.getText('synology.from') ?? '', named = /^(.{1,255})\(([0-9a-fA-F.:]{3,45})\)$/.exec(from);
  if (isIp(from)) draft.put('source.ip', from); else if (named !== null) { draft.put('source.domain', named[1]); draft.put('source.ip', named[2]); }
  const protocol = PROTOCOL.exec(draft.getText('synology.service') ?? '')?.[0].toLowerCase();
  draft.put('network.protocol', protocol === 'cifs' ? 'smb' : protocol);
  draft.put('observer.vendor', 'Synology');
  return true;
}

/** DSM itself and its applications are none. */
const PROTOCOL = /^(?:SSH|SFTP|FTPS?|WebDAV|CIFS|SMB|AFP|NFS|Telnet|rsync|HTTPS?)\b/i;
const LOOKS = /^(?:(?:Connection|System|Administration|Security|Backup|General):? (?:(?:Connection|System|SYSTEM): )?)?(?:User|Host) \[[^\]]{1,256}\] (?:from \[|logged in from \[|failed to log in from \[|was (?:created|deleted|blocked|unblocked))/;
export const synology: Format = {
  name: 'synology.log', holds: ['User [', 'Host [', 'Event: '], ofStructured: true,
  detect: ({ head, structured }) => LOOKS.test(head) || FILES.test(head) || structured?.some(([key]) => key.startsWith('synolog@6574.')) === true, read: readSynology,
};
