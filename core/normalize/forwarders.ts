// Small proxies and relays, in their own files and through syslog: Tinyproxy, Dante's SOCKS server, and coturn, through which calls and meetings go.
//   CONNECT   Feb 17 13:40:03.074 [991]: Request (file descriptor 5): GET http://www.example.org/ HTTP/1.1
//   Feb 17 13:40:03 (1771310403.637362) danted[991]: info: block(1): tcp/connect ]: 203.0.113.9.50912 192.0.2.8.1080 -> 0.0.0.0.0 198.51.100.7.80
//   7: : ERROR: check_stun_auth: Cannot find credentials of user <an>
// https://tinyproxy.github.io/ https://www.inet.no/dante/doc/1.4.x/config/logging.html https://github.com/coturn/coturn
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp, splitEndpoint } from './net.js';
import { applyRules, messageRules } from './rules.js';
import { putAccount } from './account.js';
import { putRequest } from './web/request.js';
import { readMonthDay } from '../message/time.js';

const TINY = messageRules([
  ['Request (file descriptor {}): {tinyproxy.request~}', 'proxy_request'],
  ['Connect (file descriptor {}): {~}[{source.ip}]', 'connection'], ['Connect (file descriptor {}): {source.ip}', 'connection'],
  ['Unauthorized connection from "{~}" [{source.ip}].', 'access_denied'], ['Unauthorized connection from "{source.ip}".', 'access_denied'],
  ['Failed auth attempt (file descriptor: {}), ip {source.ip}', 'login_failed'],
  ['Proxying refused on filtered domain "{url.domain~}"', 'access_denied'], ['Proxying refused on filtered url "{url.original~}"', 'access_denied'],
  ['opensock: Could not establish a connection to {tinyproxy.peer}', 'proxy_request'], ['Established connection to host "{destination.domain~}" using {*}'],
  ['Starting main loop. Accepting connections.', 'service_started'], ['Shutting down.', 'service_stopped'], ['Reloading config file finished', 'config_changed'],
]);
const TINY_LEAD = /^(CRITICAL|ERROR|WARNING|NOTICE|CONNECT|INFO) +([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{3})?) \[(\d{1,10})\]: /;
function readTiny(draft: Draft): boolean {
  const lead = TINY_LEAD.exec(draft.head), said = draft.text.slice(lead?.[0].length ?? 0, 4000).trimEnd(), stamp = lead === null ? undefined : readMonthDay(lead[2] as string, 0);
  draft.timeFrom(stamp);
  draft.put('process.pid', lead?.[3]);
  draft.put('service.name', 'tinyproxy');
  if (!applyRules(TINY, said, draft)) return true;
  putRequest(draft, draft.getText('tinyproxy.request') ?? '');
  const peer = splitEndpoint(draft.getText('tinyproxy.peer') ?? '');
  if (peer.host !== '') { draft.put(isIp(peer.host) ? 'destination.ip' : 'destination.domain', peer.host); draft.put('destination.port', peer.port); draft.act('proxy_request', 'failure'); }
  return true;
}

const DANTE_LEAD = /^(?:\(\d{9,11}\.\d{1,6}\) (?:danted|sockd)\[(\d{1,10})\]: )?(?:(alert|error|warning|notice|info|debug): )?/, DANTE_FILE = /^\(\d{9,11}\.\d{1,6}\) (?:danted|sockd)\[\d{1,10}\]: /;
/** `pass(2): tcp/connect ]: `: the verdict, the rule, what was asked for, and whether it begins, goes on or ends. */
const VERDICT = /^(pass|block)\((\d{1,6})\): (tcp|udp)\/(\w{3,20}) ([[\]-]): /;
/** `username%an@203.0.113.9.50892`: the port stands behind the last dot. */
const ENDS = /(?:\b[\w.]{1,20}%([^@\s]{1,128})@)?(?<![\w.:])((?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F]{0,4}:[0-9a-fA-F:]{1,40})\.(\d{1,5})(?![\w.])/g;
function readDante(draft: Draft): boolean {
  const lead = DANTE_LEAD.exec(draft.head), said = draft.text.slice(lead?.[0].length ?? 0, 2000), verdict = VERDICT.exec(said);
  draft.put('process.pid', lead?.[1]);
  draft.put('log.level', lead?.[2]);
  draft.put('service.name', 'danted');
  if (verdict === null) { if (/^Dante\/server.{1,60} running/.test(said)) draft.act('service_started'); else if (/: (?:exiting on signal|shutting down)/.test(said)) draft.act('service_stopped'); return true; }
  const [whole, passed, rule, transport, asked, stage] = verdict, ends = [...said.slice(whole.length).matchAll(ENDS)].slice(0, 4), [client, , , target] = ends;
  draft.put('rule.id', rule); draft.put('dante.command', asked); draft.put('network.transport', transport);
  if (client !== undefined) { draft.put('source.ip', client[2]); draft.put('source.port', client[3]); putAccount(draft, 'user', client[1]); }
  if (target !== undefined) { draft.put('destination.ip', target[2]); draft.put('destination.port', target[3]); }
  const why = /: ((?:error|blocked|remote|local|client|session)\b[^\n]{3,300}|[A-Za-z][^\n]{3,300})$/.exec(said.slice(whole.length))?.[1], refused = /authentication failed for user "([^"]{1,128})"|could not access user "([^"]{1,128})"/.exec(said);
  draft.put('event.reason', why?.trimEnd());
  if (refused !== null) { putAccount(draft, 'user', refused[1] ?? refused[2]); draft.act('login_failed'); }
  else if (passed === 'block') draft.act('connection_denied');
  else if (stage === ']') draft.act('connection_ended');
  else if (stage === '[') draft.act(asked === 'accept' ? 'connection' : 'connection_allowed');
  return true;
}

const COTURN = messageRules([
  ['check_stun_auth: user {user.name} credentials are incorrect', 'login_failed'],
  ['check_stun_auth: Cannot find credentials of user <{user.name~}>', 'login_failed'],
  ['session {coturn.session}: realm <{coturn.realm~}> user <>: {*}'],
  ['session {coturn.session}: realm <{coturn.realm~}> user <{user.name~}>: incoming packet {~}, error 401: Unauthorized', 'login_failed'],
  ['session {coturn.session}: realm <{coturn.realm~}> user <{user.name~}>: {event.reason~}'],
  ['session {coturn.session}: new, realm=<{coturn.realm~}>, username=<{user.name~}>, lifetime={*}', 'session_opened'],
  ['session {coturn.session}: refreshed, realm=<{coturn.realm~}>, username=<{user.name~}>, lifetime={*}'],
  ['session {coturn.session}: delete: realm=<{coturn.realm~}>, username=<{user.name~}>', 'session_closed'],
  ['session {coturn.session}: closed (2nd stage), user <{user.name~}> realm <{coturn.realm~}> origin <{~}>, local {~}, remote {coturn.remote~}, reason: {event.reason~}', 'session_closed'],
  ['session {coturn.session}: peer {coturn.peer} {*}'],
  ['session {coturn.session}: usage: realm=<{coturn.realm~}>, username=<{user.name~}>, {*}'],
  ['session {coturn.session}: {event.reason~}'],
]);
const COTURN_LEAD = /^(?:\d{1,10}: (?:\(\d{1,10}\))?: ?)?(?:(INFO|WARNING|ERROR|DEBUG): )?/, COTURN_FILE = /^\d{1,10}: (?:\(\d{1,10}\))?: ?(?:(?:INFO|WARNING|ERROR|DEBUG): )?(?:session \d{15,20}: |check_stun_auth: )/;
function readCoturn(draft: Draft): boolean {
  const lead = COTURN_LEAD.exec(draft.head), said = draft.text.slice(lead?.[0].length ?? 0, 2000).trimEnd();
  draft.put('log.level', lead?.[1]?.toLowerCase());
  draft.put('service.name', 'coturn');
  applyRules(COTURN, said, draft);
  putAccount(draft, 'user', draft.getText('user.name'));
  for (const [name, side] of [['coturn.remote', 'source'], ['coturn.peer', 'destination']] as const) { const { host, port } = splitEndpoint(draft.getText(name) ?? ''); if (isIp(host)) { draft.put(`${side}.ip`, host); draft.put(`${side}.port`, port); } }
  return true;
}

export const tinyproxy: Format = { name: 'tinyproxy.log', holds: ['^CONNECT ', '^NOTICE ', '^INFO ', '^ERROR ', '^WARNING ', '^CRITICAL '], programs: ['tinyproxy'], detect: ({ head }) => TINY_LEAD.test(head), read: readTiny };
export const dante: Format = { name: 'dante.log', holds: [' danted[', ' sockd['], programs: ['danted', 'sockd'], detect: ({ head }) => DANTE_FILE.test(head), read: readDante };
export const coturn: Format = { name: 'coturn.log', holds: ['session 0', 'check_stun_auth: '], programs: ['turnserver', 'coturn'], detect: ({ head }) => COTURN_FILE.test(head), read: readCoturn };
