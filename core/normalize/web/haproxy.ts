// HAProxy: connections and requests (`option tcplog`, `httplog`, `httpslog`, `httplog clf`), refused handshakes, and servers going up and down.
//   203.0.113.9:33317 [17/Feb/2026:13:40:03.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {} {} "GET / HTTP/1.1"
//   203.0.113.9:41254 [17/Feb/2026:13:40:03.655] https-in/1: SSL handshake failure
//   Server static/srv1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 1 active ...
// https://docs.haproxy.org/3.0/configuration.html#8.2
import { readDayMonth, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, splitEndpoint } from '../net.js';
import { applyRules, messageRules } from '../rules.js';
import { looksLikeAccess, readAccess } from './access.js';
import { putRequest } from './request.js';

const STATES = messageRules([
  ['Server {haproxy.backend_name~}/{haproxy.server_name} is DOWN, reason: {event.reason~}, check duration: {*}', 'service_failed'],
  ['Server {haproxy.backend_name~}/{haproxy.server_name} is DOWN{*}', 'service_failed'],
  ['Server {haproxy.backend_name~}/{haproxy.server_name} is going DOWN for {event.reason~}. {*}', 'service_stopped'],
  ['Server {haproxy.backend_name~}/{haproxy.server_name} is going DOWN for {event.reason~}', 'service_stopped'],
  ['Server {haproxy.backend_name~}/{haproxy.server_name} is UP, reason: {event.reason~}, check duration: {*}', 'service_started'],
  ['Server {haproxy.backend_name~}/{haproxy.server_name} is UP{*}', 'service_started'],
  ['Server {haproxy.backend_name~}/{haproxy.server_name} {event.reason~}'],
  ['Backup Server {haproxy.backend_name~}/{haproxy.server_name} is DOWN, reason: {event.reason~}, check duration: {*}', 'service_failed'],
  ['Backup Server {haproxy.backend_name~}/{haproxy.server_name} is UP, reason: {event.reason~}, check duration: {*}', 'service_started'],
  ['Backup Server {haproxy.backend_name~}/{haproxy.server_name} is DOWN{*}', 'service_failed'],
  ['Backup Server {haproxy.backend_name~}/{haproxy.server_name} is UP{*}', 'service_started'],
  ['Health check for server {haproxy.backend_name~}/{haproxy.server_name} failed, reason: {event.reason~}, check duration: {*}', 'service_failed'],
  ['Health check for backup server {haproxy.backend_name~}/{haproxy.server_name} failed, reason: {event.reason~}, check duration: {*}', 'service_failed'],
  ['Health check for server {haproxy.backend_name~}/{haproxy.server_name} succeeded, reason: {event.reason~}, check duration: {*}', 'service_started'],
  ["backend '{haproxy.backend_name~}' has no server available!{*}", 'service_failed'],
  ['backend {haproxy.backend_name} has no server available!{*}', 'service_failed'],
  ['Proxy {haproxy.frontend_name} started.', 'service_started'],
  ['Proxy {haproxy.frontend_name} stopped{*}', 'service_stopped'],
  ['Stopping {} {haproxy.frontend_name} in {*}', 'service_stopped'],
  ['Stopping proxy {haproxy.frontend_name} in {*}', 'service_stopped'],
]);
/** `[WARNING] 047/134003 (991) : ` as the process prints it, `[WARNING]  (991) : ` since 2.4. */
const PRINTED = /^\[(WARNING|ALERT|NOTICE|DIAG|INFO)\] +(?:\d{3}\/\d{6} )?\((\d{1,10})\) : /;

function readHaproxy(draft: Draft): boolean {
  const { text, head } = draft;
  if (head.startsWith('{')) return false; // a log-format of JSON
  draft.put('service.name', 'haproxy');
  if (head.startsWith('Connect from ')) {
    const [, , from = '', , to = ''] = head.split(' ');
    putEnd(draft, 'source', from); putEnd(draft, 'destination', to);
    draft.act('connection');
    return true;
  }
  const open = head.indexOf(' ['), stamp = open < 0 ? undefined : readDayMonth(text, open + 2);
  if (stamp === undefined) return readState(draft);
  if (looksLikeAccess(head)) { if (!readAccess(draft)) return draft.program === 'haproxy'; draft.put('event.dataset', 'haproxy.log'); putClf(draft, text.slice(-1000)); return true; } // option httplog clf
  draft.time = resolve(stamp, draft.received, draft.zone);
  putEnd(draft, 'source', head.slice(0, open).split(' ').at(-1) ?? '');
  const words = text.slice(stamp.end + 2).split(' ', 24), frontend = words[0] ?? '';
  if (frontend.endsWith(':')) { // `https-in/1: SSL handshake failure`
    draft.put('haproxy.frontend_name', frontend.slice(0, -1).replace(/\/[^/]*$/, ''));
    draft.put('event.reason', text.slice(stamp.end + 2 + frontend.length).trim().slice(0, 500));
    draft.act('connection', 'failure');
    return true;
  }
  draft.put('haproxy.frontend_name', frontend);
  putTls(draft, text.slice(-400));
  if (REFUSED.test(`${words[1] ?? ''} ${words[2] ?? ''}`)) { // the error log's own form: `https-in~ 1/1 31/1419A0C1/0/0/0 -/TLSv1.2/(NONE)`
    draft.put('haproxy.connection_error', words[2]);
    draft.act('connection', 'failure');
    return true;
  }
  const [backend, server] = (words[1] ?? '').split('/');
  draft.put('haproxy.backend_name', backend);
  draft.put('haproxy.server_name', server?.startsWith('<') === true ? undefined : server);
  const timers = words.findIndex((word) => /^-?\d+(?:\/[-+]?\d+){2,6}$/.test(word)), times = (words[timers] ?? '').split('/');
  const total = Number(times.at(-1));
  const state = words.slice(timers + 1, timers + 6).find((word) => STATE.test(word));
  if (timers >= 0) draft.put('haproxy.termination_state', state);
  if (timers >= 0 && total >= 0) draft.put('event.duration', total * 1_000_000);
  if (timers >= 0 && times.length > 3 && /^-?\d{1,3}$/.test(words[timers + 1] ?? '')) {
    if (Number(words[timers + 1]) > 0) draft.put('http.response.status_code', words[timers + 1]);
    draft.put('http.response.body.bytes', words[timers + 2]?.replace('+', ''));
  } else if (timers >= 0) draft.put('destination.bytes', words[timers + 1]?.replace('+', ''));
  if (timers >= 0) putOwn(draft, words.slice(timers), times.length > 3);
  const quote = text.indexOf(' "', stamp.end), end = text.lastIndexOf('"');
  if (quote > 0 && end > quote + 2) putRequest(draft, text.slice(quote + 2, end));
  const status = Number(draft.get('http.response.status_code'));
  if (draft.has('http.request.method') || status > 0) draft.act('http_request', status >= 400 ? 'failure' : status > 0 ? 'success' : undefined); else draft.act('connection', state !== undefined && NOT_JOINED.test(state) ? 'failure' : undefined);
  return true;
}

/** Behind the agent of `option httplog clf` stand the client's port, milliseconds, frontend, backend and server in quotes, five times and how it ended. */
const CLF = /" (\d{1,5}) \d{3} "([^"]{1,100})" "([^"]{1,100})" "([^"]{1,100})" (?:-?\d{1,10} ){4}(-?\d{1,10}) (\S{4}) /;
function putClf(draft: Draft, end: string): void {
  const found = CLF.exec(end);
  if (found === null) return;
  const [, port, frontend, backend, server = '', taken, state = ''] = found;
  draft.put('source.port', port); draft.put('haproxy.frontend_name', frontend); draft.put('haproxy.backend_name', backend);
  if (!server.startsWith('<')) draft.put('haproxy.server_name', server);
  if (Number(taken) >= 0) draft.put('event.duration', Number(taken) * 1_000_000);
  if (STATE.test(state)) draft.put('haproxy.termination_state', state);
}

/** Times in the server, sessions at that moment and places in the queues, under HAProxy's own names; headers that the site captures. */
function putOwn(draft: Draft, words: readonly string[], http: boolean): void {
  const names = http ? HTTP_TIMES : TCP_TIMES, counts = words.findIndex((word, i) => i > 0 && /^\d+\/\d+\/\d+\/\d+\/\+?\d+$/.test(word)), sessions = (words[counts] ?? '').split('/'), queues = (counts < 0 ? '' : words[counts + 1] ?? '').split('/');
  for (const [i, time] of (words[0] ?? '').split('/').slice(0, names.length).entries()) if (/^\d+$/.test(time)) draft.put(names[i] as string, Number(time));
  if (sessions.length === 5) for (const [i, name] of COUNTED.entries()) draft.put(`haproxy.connections.${name}`, Number(sessions[i]?.replace('+', '')));
  if (queues.length === 2 && queues.every((place) => /^\d+$/.test(place))) { draft.put('haproxy.server_queue', Number(queues[0])); draft.put('haproxy.backend_queue', Number(queues[1])); }
}
const HTTP_TIMES = ['haproxy.http.request.time_wait_ms', 'haproxy.total_waiting_time_ms', 'haproxy.connection_wait_time_ms', 'haproxy.http.request.time_wait_without_data_ms'], TCP_TIMES = ['haproxy.total_waiting_time_ms', 'haproxy.connection_wait_time_ms'];
const COUNTED = ['active', 'frontend', 'backend', 'server', 'retries'];

/** How a session ended: two characters for TCP, four for HTTP. */
const STATE = /^[-CSPRIDLUKckxt][-RQCHDLT](?:[-NIDEVOUPST][-NIUPRD])?$/;
/** Of a TCP session the server was not reached, or the proxy refused it. */
const NOT_JOINED = /^(?:[SsRIC]C|PR)$/;
const REFUSED = /^\d{1,10}\/\d{1,10} \d{1,5}\/[0-9A-Fa-f]{1,16}\/\d{1,5}\/\d{1,5}\/\d$/;
/** `option httpslog` ends with what the handshake gave: `dvc.example.org/TLSv1.3/TLS_AES_256_GCM_SHA384`. */
function putTls(draft: Draft, end: string): void {
  const found = end.includes('/TLSv') || end.includes('/SSLv') ? /(?:^| )([\w.-]{1,253})\/(?:TLS|SSL)v([\d.]{1,3})\/([\w-]{3,80}|\(NONE\))(?: "|$)/.exec(end) : null;
  if (found === null) return;
  draft.put('tls.client.server_name', found[1]);
  draft.put('tls.version', found[2]);
  if (found[3] !== '(NONE)') draft.put('tls.cipher', found[3]);
}

function readState(draft: Draft): boolean {
  const printed = PRINTED.exec(draft.head), said = draft.text.slice(printed?.[0].length ?? 0).trim();
  if (printed !== null) { draft.put('log.level', (printed[1] as string).toLowerCase()); draft.put('process.pid', printed[2]); }
  return applyRules(STATES, said, draft) || draft.program === 'haproxy' || printed !== null;
}

/** `203.0.113.9:33317`, `2001:db8::9:33317`: the port stands behind the last colon. */
function putEnd(draft: Draft, side: 'source' | 'destination', place: string): void {
  const colon = place.lastIndexOf(':'), whole = splitEndpoint(place), { host, port } = colon > 0 && /^\d{1,5}$/.test(place.slice(colon + 1)) && isIp(place.slice(0, colon)) ? { host: place.slice(0, colon), port: place.slice(colon + 1) } : whole;
  if (isIp(host)) draft.put(`${side}.ip`, host);
  if (isIp(host) || host === '-') draft.put(`${side}.port`, port);
}

const CONNECTION = /^\S{3,60}:\d{1,5} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:.]+\] (?:\S+ \S+\/\S* -?\d+\/|\S{1,120}\/\S{1,60}: [A-Z])/;
export const haproxy: Format = {
  name: 'haproxy.log', holds: [' [00/', '^Connect from ', '^Server ', '^Backup Server ', '^Health check for ', '^backend ', '^Proxy ', '^[WARNING] ', '^[ALERT] ', '^[NOTICE] '], unnamed: true, programs: ['haproxy'],
  detect: ({ head, program }) => program === '' && (CONNECTION.test(head) || /^Connect from \S+:\d+ to \S+:\d+ \(/.test(head) || /^(?:(?:Backup )?Server \S{1,120}\/\S{1,120} is (?:UP|DOWN|going DOWN)|Health check for (?:backup )?server \S{1,120}\/\S{1,120} (?:failed|succeeded), reason: |backend \S{1,120} has no server available!|Proxy \S{1,120} (?:started\.|stopped))/.test(head) || PRINTED.test(head)),
  read: readHaproxy,
};
