// Who was let through to what: BeyondTrust's appliance (`1427:01:01:site=support.example.vn;when=1771310403;who=An (an);who_ip=192.0.2.7;event=login;status=success`),
// WALLIX Bastion (`[sshproxy] type="SESSION_ESTABLISHED_SUCCESSFULLY" session_id="1" client_ip="192.0.2.7" user="an" device="web-01"`) and Duo's authentication proxy
// (`2026-02-17T13:40:03.123+0700 [duoauthproxy.lib.log#info] ((192.0.2.1, 51000), 12): login attempt for username 'an'`).
import type { Action } from '../actions.js';
import { fillAccount, putAccount } from '../account.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { nativeNames } from '../native-names.js';
import { isIp } from '../net.js';
import { readPairs } from '../pairs.js';
import { epochMillis, readIso, resolve } from '../../message/time.js';

const BG = /^(\d{1,10}):(\d{1,4}):(\d{1,4}):(?=(?:site|when|event|who)=)/, WAB = /^\[(\w{2,20}(?:proxy|audit|auth)|RDP Session|SSH Session|VNC Session|APP Session)\] (?=\w{2,30}=")/, DUO = /^(?:(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[+-]\d{4}|Z)?) )?\[(?:duoauthproxy\.[\w.]{1,80}|DuoForward\w{1,40}|RadiusServer\w{0,40}|LdapServer\w{0,40})(?:#(\w{2,10}))?[^\]]{0,80}\] ?/;
const BEYONDTRUST = nativeNames('beyondtrust'), WALLIX = nativeNames('wallix.bastion');

/** Values run to the next semicolon that is not escaped. */
function readBeyondTrust(draft: Draft): boolean {
  const found = BG.exec(draft.head);
  if (found === null) return false;
  const values = new Map<string, string>();
  for (const part of draft.text.slice(found[0].length, 16_000).split(/(?<!\\);/, 200)) { const equals = part.indexOf('='), key = part.slice(0, equals), value = part.slice(equals + 1).replace(/\\(.)/g, '$1'); if (equals > 0 && !values.has(key)) { values.set(key, value); draft.keep(BEYONDTRUST(key), value); } }
  const time = epochMillis(values.get('when') ?? ''), event = values.get('event') ?? '', status = values.get('status') ?? '', person = /^(.{0,200}?) \(([^()]{1,128})\)$/.exec(values.get('who') ?? '');
  if (time !== undefined) draft.time = time;
  draft.put('event.code', event); draft.put('event.reason', values.get('reason'));
  draft.put('observer.vendor', 'BeyondTrust'); draft.put('observer.name', values.get('site'));
  putAccount(draft, 'user', person?.[2] ?? values.get('who')); draft.put('user.full_name', person?.[1]);
  const from = values.get('who_ip') ?? '';
  if (isIp(from)) draft.put('source.ip', from);
  const failed = /fail|denied/i.test(status), action: Action | undefined = event === 'login' ? failed ? 'login_failed' : 'login' : event === 'logout' ? 'logout' : event === 'user_added' ? 'user_created' : event === 'user_removed' ? 'user_deleted' : event === 'user_changed' ? 'user_changed' : /(?:_added|_changed|_removed|setting)/.test(event) ? 'config_changed' : /session_start/.test(event) ? 'session_opened' : /session_end/.test(event) ? 'session_closed' : undefined;
  if (action !== undefined) draft.act(action);
  return true;
}

const KEYS = lookup<string>({ client_ip: 'source.ip', source_ip: 'source.ip', target_ip: 'destination.ip', target_host: 'destination.domain', device: 'destination.domain', service: 'network.protocol', session_id: 'session.id', command: 'process.command_line', app: 'process.name', status: '_', infos: 'event.reason', error: 'event.reason', reason: 'event.reason', file_name: 'file.name', filename: 'file.name', sha256: 'file.hash.sha256', file_size: 'file.size' });
const DONE = lookup<Action>({ SESSION_ESTABLISHED_SUCCESSFULLY: 'session_opened', SESSION_DISCONNECTION: 'session_closed', SESSION_ENDED_BY_PROXY: 'session_closed', SESSION_CREATION_FAILED: 'connection_denied', CONNECTION_FAILED: 'connection_denied', TARGET_CONNECTION_FAILED: 'connection_denied', AUTHENTICATION_SUCCESS: 'login', AUTHENTICATION_FAILURE: 'login_failed', NOTIFY_PATTERN_DETECTED: 'intrusion_detected', KILL_PATTERN_DETECTED: 'intrusion_detected', COMMAND_LINE: 'shell_command', NEW_PROCESS: 'process_started', COMPLETED_PROCESS: 'process_ended', CB_COPYING_FILE: 'file_opened', SFTP_EVENT: 'file_opened' });
function readWallix(draft: Draft): boolean {
  const found = WAB.exec(draft.head);
  if (found === null) return false;
  const values = new Map(readPairs(draft.text.slice(found[0].length, 16_000)));
  for (const [key, value] of values) { draft.keep(WALLIX(key), value); const field = KEYS[key]; if (field !== undefined && field !== '_') putAs(draft, field, value); }
  fillAccount(draft, 'user', values.get('user')); fillAccount(draft, 'user.target', values.get('account') ?? values.get('object_name'));
  draft.put('observer.vendor', 'WALLIX'); draft.put('observer.product', 'Bastion'); draft.put('event.code', values.get('type'));
  const done = values.get('action')?.toLowerCase() ?? '', failed = /fail|deny|denied/i.test(values.get('status') ?? ''), action = DONE[values.get('type') ?? ''] ?? (/^authentif/.test(done) ? failed ? 'login_failed' : 'login' : /^(?:add|edit|delete|remove|modify|create)/.test(done) && found[1] === 'wabaudit' ? 'config_changed' : undefined);
  if (action !== undefined) draft.act(action);
  return true;
}

function readDuo(draft: Draft): boolean {
  const found = DUO.exec(draft.head);
  if (found === null) return false;
  const said = draft.text.slice(found[0].length, found[0].length + 2000), stamp = found[1] === undefined ? undefined : readIso(found[1], 0), peer = /^\(\('?([0-9a-fA-F.:]{3,45})'?, (\d{1,5})\)(?:, ([\w.@\\-]{1,128}))?, \d{1,10}\): /.exec(said), words = said.slice(peer?.[0].length ?? 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('log.level', found[2]); draft.put('observer.vendor', 'Cisco'); draft.put('observer.product', 'Duo Authentication Proxy');
  draft.put('destination.ip', undefined); draft.put('duo.proxy.client', peer?.[1]); // the server that asks, not the person's machine
  fillAccount(draft, 'user', /\busername:? u?'([^']{1,128})'/.exec(words)?.[1] ?? (/^[A-Za-z]/.test(peer?.[3] ?? '') ? peer?.[3] : undefined));
  draft.put('source.ip', /\bclient_ip'?: u?'?([0-9a-fA-F.:]{3,45})/.exec(words)?.[1]);
  const refused = /Returning response code 3: AccessReject|Duo authentication returned 'deny'|(?:Primary|primary) credentials rejected/.test(words), allowed = /Returning response code 2: AccessAccept|Duo authentication returned 'allow'/.test(words);
  draft.put('event.reason', /returned '(?:deny|allow)': '([^']{1,200})'/.exec(words)?.[1] ?? /credentials rejected - (.{2,200})/.exec(words)?.[1]);
  if (refused) draft.act('login_failed'); else if (allowed) draft.act('login');
  return true;
}

export const beyondTrust: Format = { name: 'beyondtrust.log', holds: ['site=', 'when=', 'who=', 'event='], detect: ({ head }) => BG.test(head), read: readBeyondTrust };
export const wallix: Format = { name: 'wallix.bastion', holds: ['proxy] ', 'audit] ', 'auth] ', ' Session] '], detect: ({ head }) => WAB.test(head), read: readWallix };
export const duoProxy: Format = { name: 'cisco_duo.proxy', holds: ['[duoauthproxy.', '[DuoForward', '[RadiusServer', '[LdapServer'], detect: ({ head }) => DUO.test(head), read: readDuo };
