// What applications lean on, with logs of their own layout: RabbitMQ, Redis, Zabbix's daemons, Ruby on Rails, Python's servers.
//   2026-02-17 13:40:03.123456+07:00 [warning] <0.812.0> text                    991:M 17 Feb 2026 13:40:03.123 # text
//     991:20260217:134003.123 text                                               I, [2026-02-17T13:40:03.123456 #991]  INFO -- : [id] text
//   INFO:     203.0.113.9:51234 - "POST /login HTTP/1.1" 401 Unauthorized        [17/Feb/2026 13:40:03] "POST /login HTTP/1.1" 403 1234
// https://www.rabbitmq.com/docs/logging https://guides.rubyonrails.org/debugging_rails_applications.html https://www.uvicorn.org/settings/
import { digits, readDayMonth, readIso } from '../message/time.js';
import { putAccount } from './account.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { lookup } from './lookup.js';
import { splitEndpoint } from './net.js';
import { applyRules, messageRules } from './rules.js';
import { readSentence } from './sentences.js';
import { putRequest, putTarget } from './web/request.js';

// --- RabbitMQ ----------------------------------------------------------------------------------------------------------------------
const RABBIT = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6}(?:[+-]\d\d:\d\d)?) \[(debug|info|notice|warning|error|critical|alert|emergency)\] <\d{1,6}\.\d{1,9}\.\d{1,6}> /;
const PEERS = /\(([\da-fA-F:.[\]]{3,50}) -> ([\da-fA-F:.[\]]{3,50})(?: - [^,)]{1,100})?[,)]/, RABBIT_USER = /\buser:? '([^'\n]{1,200})'/;

function readRabbit(draft: Draft): boolean {
  const found = RABBIT.exec(draft.head);
  if (found === null) return false;
  const said = draft.text.slice(found[0].length, found[0].length + 4_000), stamp = readIso(found[1] as string, 0), peers = PEERS.exec(said);
  draft.timeFrom(stamp);
  draft.put('log.level', found[2]);
  draft.put('service.name', 'rabbitmq');
  if (peers !== null) for (const [side, text = ''] of [['source', peers[1]], ['destination', peers[2]]] as const) { const { host, port } = splitEndpoint(text); draft.put(`${side}.ip`, host); draft.put(`${side}.port`, port); }
  putRabbit(draft, said);
  return true;
}

const RABBIT_ACCOUNTS = messageRules([
  ["Created user '{user.target.name~}'", 'user_created'],
  ["Deleted user '{user.target.name~}'", 'user_deleted'],
  ["Successfully changed password for user '{user.target.name~}'", 'password_changed'],
  ["Successfully set user tags for user '{user.target.name~}' to {event.reason~}", 'user_changed'],
  ["Successfully set permissions for '{user.target.name~}' in virtual host '{rabbitmq.vhost~}' to {event.reason~}", 'privileges_assigned'],
  ["Successfully set permissions for user '{user.target.name~}' in virtual host '{rabbitmq.vhost~}' to {event.reason~}", 'privileges_assigned'],
  ["Asked to {~} user '{user.target.name~}'{*}"],
  ["Failed to add user '{user.target.name~}': {event.reason~}", 'user_create_failed'],
]);
/** What the broker says happened, and to whom. */
export function putRabbit(draft: Draft, said: string): void {
  if (applyRules(RABBIT_ACCOUNTS, said.trimEnd(), draft)) return;
  putAccount(draft, 'user', RABBIT_USER.exec(said)?.[1]);
  if (/ access denied: | login refused: /.test(said)) draft.act('login_failed');
  else if (said.includes('authenticated and granted access')) draft.act('login');
  else if (said.includes('access_refused')) draft.act('access_denied');
  else if (said.startsWith('accepting ')) draft.act('connection_started');
  else if (said.startsWith('closing ')) draft.act('connection_ended');
  else if (said.startsWith('Server startup complete')) draft.act('service_started');
}

export const rabbitmq: Format = { name: 'rabbitmq.log', holds: ['] <0'], detect: ({ head }) => RABBIT.test(head), read: readRabbit };

// --- Redis -------------------------------------------------------------------------------------------------------------------------
const REDIS = /^(\d{1,10}):[MSCX] (\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3}) ([.*#-]) /, REDIS_LEVELS = lookup({ '.': 'debug', '-': 'info', '*': 'notice', '#': 'warning' }), REDIS_PEER = /(?:Connection from|Accepted) ([\da-fA-F:.[\]]{3,50}:\d{1,5})\b/;
const REDIS_CLIENT = /\bid=\d{1,20} addr=([\da-fA-F:.[\]]{3,50}:\d{1,5}) /;
const REDIS_SAYS = messageRules([
  ['Possible SECURITY ATTACK detected{*}', 'intrusion_detected'],
  ['Accepted {*}', 'connection_started'],
  ['Client closed connection {*}', 'connection_ended'],
  ['Ready to accept connections{*}', 'service_started'],
  ['Redis is now ready to exit{*}', 'service_stopped'],
  ['CONFIG REWRITE executed with success.', 'config_changed'],
  ['REPLICAOF {redis.master~} enabled (user request from {*}', 'config_changed'],
  ['MASTER MODE enabled (user request from {*}', 'config_changed'],
  ["Module '{~}' loaded from {file.path~}", 'config_changed'],
  ['Module {file.path~} failed to load: {event.reason~}'],
]);

function readRedis(draft: Draft): boolean {
  const found = REDIS.exec(draft.head);
  if (found === null) return false;
  const [lead, pid, when = '', level = ''] = found, said = draft.text.slice(lead.length, lead.length + 1_000), stamp = readDayMonth(when, 0), peer = REDIS_PEER.exec(said);
  draft.timeFrom(stamp);
  draft.put('process.pid', pid);
  draft.put('log.level', REDIS_LEVELS[level]);
  draft.put('service.name', 'redis');
  const client = REDIS_CLIENT.exec(said);
  if (peer !== null) { const { host, port } = splitEndpoint(peer[1] as string); draft.put('source.ip', host); draft.put('source.port', port); } else if (client === null) readSentence(draft, said);
  else { const { host, port } = splitEndpoint(client[1] as string); draft.put('source.ip', host); draft.put('source.port', port); draft.put('user.name', /^[^'\n]{0,400}? user=([^\s(]{1,128})/.exec(said.slice(client.index))?.[1]); }
  applyRules(REDIS_SAYS, said, draft);
  const master = draft.getText('redis.master');
  if (master !== undefined) { const colon = master.lastIndexOf(':'); draft.put('destination.ip', master.slice(0, colon)); draft.put('destination.port', master.slice(colon + 1)); }
  return true;
}

export const redis: Format = { name: 'redis.log', holds: ['0:M 0', '0:S 0', '0:C 0', '0:X 0'], detect: ({ head }) => REDIS.test(head), read: readRedis };

// --- Zabbix ------------------------------------------------------------------------------------------------------------------------
const ZABBIX = /^ {0,6}(\d{1,10}):(\d{8}):(\d{6})\.(\d{3}) /;

function readZabbix(draft: Draft): boolean {
  const found = ZABBIX.exec(draft.head);
  if (found === null) return false;
  const [lead, pid, day = '', clock = '', thousandth = ''] = found;
  draft.timeFrom({ end: 0, year: digits(day, 0, 4), month: digits(day, 4, 2), day: digits(day, 6, 2), millis: ((digits(clock, 0, 2) * 60 + digits(clock, 2, 2)) * 60 + digits(clock, 4, 2)) * 1000 + Number(thousandth), offset: NaN });
  draft.put('process.pid', pid);
  draft.put('service.name', 'zabbix');
  readSentence(draft, draft.text.slice(lead.length));
  return true;
}

export const zabbix: Format = { name: 'zabbix.log', holds: ['0:00000000:000000.000 '], detect: ({ head }) => ZABBIX.test(head), read: readZabbix };

// --- Ruby on Rails -----------------------------------------------------------------------------------------------------------------
const RUBY = /^[DIWEFU], \[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}) #(\d{1,10})\] {1,2}(DEBUG|INFO|WARN|ERROR|FATAL|ANY) -- [^:\n]{0,100}: (?:\[[\w-]{1,64}\] ){0,3}/, STARTED = /^Started ([A-Z]{1,20}) "([^"\n]{0,4000})" for ([\da-fA-F:.]{3,45}) at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4})/;
const RAISED = /^((?:[A-Z]\w{0,80}::){0,6}[A-Z]\w{0,80}(?:Error|Exception|Invalid|NotFound|Missing)\w{0,40}) \(([^\n]{0,2000})\):?\s*(?:\n|$)/, COMPLETED = /^Completed (\d{3}) [\w ]{1,40} in (\d{1,9})ms/;

function readRails(draft: Draft): boolean {
  const found = RUBY.exec(draft.head), said = draft.text.slice(found?.[0].length ?? 0, 8_000), started = STARTED.exec(said);
  if (found === null && started === null) return false;
  const stamp = readIso(found?.[1] ?? started?.[4] ?? '', 0);
  draft.timeFrom(stamp);
  draft.put('process.pid', found?.[2]);
  draft.put('log.level', found?.[3]?.toLowerCase());
  draft.put('service.name', 'rails');
  const raised = RAISED.exec(said), completed = COMPLETED.exec(said);
  if (started !== null) { draft.put('http.request.method', started[1]); putTarget(draft, started[2] as string); draft.put('source.ip', started[3]); draft.act('http_request'); }
  else if (completed !== null) { draft.put('http.response.status_code', completed[1]); draft.put('event.duration', Number(completed[2]) * 1e6); draft.act('http_request', Number(completed[1]) >= 400 ? 'failure' : 'success'); }
  else if (raised !== null) { draft.put('error.type', raised[1]); draft.put('error.message', raised[2]); } else readSentence(draft, said.slice(0, 2_000));
  return true;
}

export const rails: Format = { name: 'ruby_on_rails.log', holds: [', [0000-00-00T', 'Started '], detect: ({ head }) => RUBY.test(head) || STARTED.test(head), read: readRails };

// --- Python's servers --------------------------------------------------------------------------------------------------------------
const UVICORN = /^INFO: {1,8}([\da-fA-F:.[\]]{3,50}:\d{1,5}) - "([^"\n]{3,4000})" (\d{3})(?: [A-Za-z ]{1,40})?\s*$/, RUNSERVER = /^\[(\d\d\/[A-Z][a-z]{2}\/\d{4} \d\d:\d\d:\d\d)\] "([^"\n]{3,4000})" (\d{3}) (\d{1,15}|-)\s*$/;

function readPythonAccess(draft: Draft): boolean {
  const text = draft.text.slice(0, 5_000), uvicorn = UVICORN.exec(text), runserver = uvicorn === null ? RUNSERVER.exec(text) : null, found = uvicorn ?? runserver;
  if (found === null || !putRequest(draft, found[2] as string)) return false;
  if (uvicorn !== null) { const { host, port } = splitEndpoint(uvicorn[1] as string); draft.put('source.ip', host); draft.put('source.port', port); }
  const stamp = runserver === null ? undefined : readDayMonth(runserver[1] as string, 0);
  draft.timeFrom(stamp);
  draft.put('http.response.status_code', found[3]);
  draft.put('http.response.body.bytes', runserver?.[4]);
  draft.act('http_request', Number(found[3]) >= 400 ? 'failure' : 'success');
  return true;
}

export const pythonAccess: Format = { name: 'python.access', holds: ['^INFO:  ', '] "'], detect: ({ head }) => UVICORN.test(head) || RUNSERVER.test(head), read: readPythonAccess };
