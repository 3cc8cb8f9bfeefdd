// lighttpd's error log, in its own file behind a time, through syslog without one; the file and line of its source stand before every message.
//   2026-02-17 13:40:03: (mod_auth.c.850) password doesn't match for /admin/ username: an IP: 203.0.113.9
// https://redmine.lighttpd.net/projects/lighttpd/wiki/Docs_ErrorLog
import { readIso } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules } from '../rules.js';
import { readSentence } from '../sentences.js';
import { putTarget } from './request.js';

const SAID = messageRules([
  ["password doesn't match for {url.original~} username: {user.name>} IP: {source.ip}", 'login_failed'],
  ['get_password failed, IP: {source.ip}', 'login_failed'],
  ['digest: auth failed for {user.name>}: {event.reason~}, IP: {source.ip}', 'login_failed'],
  ['digest: nonce too old, IP: {source.ip}{*}', 'login_failed'],
  ['server started (lighttpd/{*}', 'service_started'],
  ['server stopped by UID = {user.id} PID = {process.pid}', 'service_stopped'],
  ['server stopped{*}', 'service_stopped'],
  ['graceful shutdown started by UID = {user.id} PID = {process.pid}', 'service_stopped'],
  ['establishing connection failed: socket: tcp:{destination.ip}:{destination.port}: {event.reason~}', 'web_error'],
  ['establishing connection failed: {event.reason~} socket: tcp:{destination.ip}:{destination.port}', 'web_error'],
  ['establishing connection failed: {event.reason~}', 'web_error'],
  ['all handlers for {url.original~} on {~} are down.', 'web_error'],
  ['unexpected TLS ClientHello on clear port ({source.ip})', 'connection'],
  ['SSL: {~} ({source.ip}){*}', 'connection'],
  ['connections.c:SSL: {event.reason~}', 'connection'],
]);
const LEAD = /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d): )?\([\w-]{1,40}\.c\.\d{1,6}\) /;

function readLighttpd(draft: Draft): boolean {
  const lead = LEAD.exec(draft.head);
  if (lead === null) return false;
  const said = draft.text.slice(lead[0].length, 4000).trimEnd(), stamp = lead[1] === undefined ? undefined : readIso(lead[1], 0);
  draft.timeFrom(stamp);
  draft.put('service.name', 'lighttpd');
  draft.put('error.message', said);
  if (!applyRules(SAID, said, draft)) readSentence(draft, said);
  putAccount(draft, 'user', draft.getText('user.name'));
  putTarget(draft, draft.getText('url.original') ?? '');
  return true;
}

export const lighttpd: Format = { name: 'lighttpd.error', holds: ['^0000-00-00 00:00:00: ('], programs: ['lighttpd', 'lighttpd-angel'], detect: ({ head }) => head.charCodeAt(19) === 58 && LEAD.test(head), read: readLighttpd };
