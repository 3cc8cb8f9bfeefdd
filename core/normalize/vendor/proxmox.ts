// Proxmox VE and Backup Server: logins and tasks of their daemons, and the requests to the web interface.
//   authentication failure; rhost=::ffff:203.0.113.9 user=root@pam msg=no such user ('an@pve')
//   <root@pam> starting task UPID:pve-01:0012ABCD:0034EF01:67B2D5A3:qmstart:101:root@pam:
//   ::ffff:192.0.2.7 - root@pam [17/02/2026:13:40:03 +0700] "POST /api2/json/nodes/pve-01/qemu/101/status/stop HTTP/1.1" 200 80
import { readIso } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import type { Action } from '../actions.js';
import { readSentence } from '../sentences.js';
import { putRequest } from '../web/request.js';

const FAILED = /authentication failure; rhost=(\S{2,60}) user=(.{1,200}?) msg=(.{1,500})$/;
const TASK = /^(?:<([^>]{1,200})> )?(starting|end) task UPID:([\w.-]{1,100}):[0-9A-Fa-f]{8,16}:[0-9A-Fa-f]{8,16}:(?:[0-9A-Fa-f]{8,16}:)?[0-9A-Fa-f]{8,16}:(\w{1,60}):([^:]{0,200}):([^:]{1,200}):(?::| (.{1,300}))?/;
const REQUEST = /^([0-9a-fA-F.:]{2,60}) - (\S{1,200}) \[(\d\d)\/(\d\d)\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\] "([^"]{1,4000})" (\d{3}) (\d{1,18}|-)/;

function readProxmox(draft: Draft): boolean {
  const { head } = draft, failed = FAILED.exec(head), task = TASK.exec(head), request = REQUEST.exec(draft.text), done = /^<([^>]{1,200})> successful auth for user '([^']{1,200})'/.exec(head);
  draft.put('observer.vendor', 'Proxmox');
  if (failed !== null) { putWho(draft, failed[2] as string); draft.put('source.ip', failed[1]); draft.put('event.reason', failed[3]); draft.act('login_failed'); }
  else if (done !== null) { putWho(draft, done[2] as string); draft.act('login'); }
  else if (task !== null) {
    const [, by, when, node, kind = '', id, user = '', result] = task;
    putWho(draft, by ?? user); draft.put('proxmox.task.node', node); draft.put('proxmox.task.type', kind); draft.put('proxmox.task.id', id); draft.put('event.code', kind);
    const ended = when === 'end', outcome = !ended ? undefined : result === undefined || result.trim() === 'OK' ? 'success' as const : 'failure' as const;
    if (outcome === 'failure') draft.put('event.reason', result?.trim());
    draft.act(TASKS[kind] ?? 'audit_record', outcome);
    if (!ended) delete draft.event['event.outcome'];
  } else if (request !== null) {
    const [, client, user = '', day, month, year, clock, zone = '', asked = '', status, bytes] = request, stamp = readIso(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${clock ?? ''}${zone}`, 0);
    draft.timeFrom(stamp);
    draft.put('source.ip', client); putWho(draft, user); putRequest(draft, asked);
    draft.put('http.response.status_code', status); draft.put('http.response.body.bytes', bytes);
    draft.act('http_request', Number(status) >= 400 ? 'failure' : 'success');
  } else readSentence(draft, draft.text);
  return true;
}
/** `root@pam`, `an@pve!token`: a name and the realm that knows it. */
function putWho(draft: Draft, text: string): void {
  if (text === '-' || text === '') return;
  const at = text.lastIndexOf('@');
  draft.put('user.name', at > 0 ? text.slice(0, at) : text);
  draft.put('user.domain', at > 0 ? text.slice(at + 1).split('!', 1)[0] : undefined);
}
const TASKS = lookup<Action>({ qmstart: 'system_started', vzstart: 'system_started', qmstop: 'system_stopped', qmshutdown: 'system_stopped', vzstop: 'system_stopped', vzshutdown: 'system_stopped', qmdestroy: 'config_changed', vzdestroy: 'config_changed', qmcreate: 'config_changed', vzcreate: 'config_changed', qmclone: 'config_changed', qmconfig: 'config_changed', vzdump: 'audit_record', vncshell: 'session_opened', vncproxy: 'session_opened', termproxy: 'session_opened', aptupdate: 'config_changed', qmigrate: 'config_changed', qmrollback: 'config_changed', qmdelsnapshot: 'config_changed' });

export const proxmox: Format = {
  name: 'proxmox.log', holds: [' task UPID:', 'authentication failure; rhost=', ' HTTP/'], programs: ['pvedaemon', 'pveproxy', 'pvestatd', 'pve-ha-crm', 'pve-ha-lrm', 'pvescheduler', 'pve-firewall', 'proxmox-backup-proxy', 'proxmox-backup-api', 'pmxcfs'],
  detect: ({ head }) => TASK.test(head) || head.startsWith('authentication failure; rhost=') && FAILED.test(head) || / - \S+ \[\d\d\/\d\d\/\d{4}:/.test(head.slice(0, 300)) && head.includes(' HTTP/') && REQUEST.test(head), read: readProxmox,
};
