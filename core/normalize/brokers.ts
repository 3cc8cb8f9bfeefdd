// Message brokers and stores of configuration with lines of their own: Eclipse Mosquitto (MQTT), etcd up to 3.4.
//   1771335603: New client connected from 203.0.113.9:51234 as sensor-1 (p2, c1, k60, u'an').       2026-02-17 13:40:03.123456 W | auth: text
// Mosquitto writes seconds since 1970, or what log_timestamp_format says, before a colon; etcd a letter for the level and its package.
// https://mosquitto.org/man/mosquitto-conf-5.html https://etcd.io/docs/v3.4/op-guide/configuration/
import { readIso } from '../message/time.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { lookup } from './lookup.js';
import { applyRules, messageRules } from './rules.js';
import { readSentence } from './sentences.js';

// --- Mosquitto ---------------------------------------------------------------------------------------------------------------------
const MOSQUITTO_TIME = /^(?:(\d{10})|(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)?)): /;
const MOSQUITTO_SAYS = /^(?:mosquitto version \d|New (?:connection|client connected|bridge connected) from \S+|Client \S{1,200} (?:disconnected|closed its connection|already connected|has exceeded timeout|\[)|Bad socket read\/write on client |Denied (?:PUBLISH|SUBSCRIBE) from |Invalid protocol (?:version|") ?|Opening (?:ipv[46]|websockets|unix) listen socket |OpenSSL Error\[|Reloading config\.$|Socket error on client |Sending CONNACK to |Received (?:SUBSCRIBE|DISCONNECT|PUBLISH|UNSUBSCRIBE) from )/;
const MOSQUITTO = messageRules([
  ['New connection from {source.ip>}:{source.port} on port {destination.port}.', 'connection_started'],
  ['New connection from {source.ip~} on port {destination.port}.', 'connection_started'],
  ["New client connected from {source.ip>}:{source.port} as {mosquitto.client_id>} ({~}, u'{user.name>}').", 'login'],
  ['New client connected from {source.ip>}:{source.port} as {mosquitto.client_id>} ({*}', 'connection_started'],
  ["New client connected from {source.ip~} as {mosquitto.client_id>} ({~}, u'{user.name>}').", 'login'],
  ['New client connected from {source.ip~} as {mosquitto.client_id>} ({*}', 'connection_started'],
  ['Client {mosquitto.client_id>} [{source.ip>}:{source.port}] disconnected, not authorised.', 'login_failed'],
  ['Client {mosquitto.client_id>} [{source.ip>}:{source.port}] disconnected{~}: {event.reason~}.', 'connection_ended'],
  ['Client {mosquitto.client_id>} [{source.ip>}:{source.port}] disconnected{*}', 'connection_ended'],
  ['Client {mosquitto.client_id>} disconnected, not authorised.', 'login_failed'],
  ['Client {mosquitto.client_id>} disconnected due to {event.reason~}.', 'connection_ended'],
  ['Client {mosquitto.client_id>} disconnected{*}', 'connection_ended'],
  ['Client {mosquitto.client_id>} closed its connection.', 'connection_ended'],
  ['Client {mosquitto.client_id>} has exceeded timeout, disconnecting.', 'connection_ended'],
  ['Client {mosquitto.client_id>} already connected, closing old connection.', 'connection_ended'],
  ["Denied PUBLISH from {mosquitto.client_id~} ({~}, '{mosquitto.topic~}', {*}", 'access_denied'],
  ['Denied {~} from {mosquitto.client_id~} {*}', 'access_denied'],
  ['Invalid protocol {~} from {source.ip>}.'],
  ['Socket error on client {mosquitto.client_id~}, disconnecting.', 'connection_ended'],
  ['mosquitto version {~} running', 'service_started'],
  ['mosquitto version {~} terminating', 'service_stopped'],
  ['Reloading config.', 'config_changed'],
]);

function readMosquitto(draft: Draft): boolean {
  const found = MOSQUITTO_TIME.exec(draft.head), said = draft.text.slice(found?.[0].length ?? 0, 2_000).trimEnd();
  if (found?.[1] !== undefined) draft.time = Number(found[1]) * 1000;
  else draft.timeFrom(found?.[2] === undefined ? undefined : readIso(found[2], 0));
  draft.put('service.name', 'mosquitto');
  if (!applyRules(MOSQUITTO, said, draft)) return true;
  if (draft.get('mosquitto.client_id') === '<unknown>') delete draft.event['mosquitto.client_id'];
  return true;
}

export const mosquitto: Format = {
  name: 'mosquitto.log', programs: ['mosquitto'], unnamed: true, read: readMosquitto,
  holds: ['^0000000000: ', '00: ', '00Z: '],
  detect: ({ head, program }) => { const found = program === '' ? MOSQUITTO_TIME.exec(head) : null; return found !== null && MOSQUITTO_SAYS.test(head.slice(found[0].length)); },
};

// --- etcd --------------------------------------------------------------------------------------------------------------------------
const ETCD = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}) ([CEWNIDT]) \| ([a-z][\w/.-]{1,60}): /, ETCD_LEVELS = lookup({ C: 'critical', E: 'error', W: 'warning', N: 'notice', I: 'info', D: 'debug', T: 'trace' });
const ETCD_SAYS = messageRules([
  ['added a new user: {user.target.name}', 'user_created'],
  ['deleted a user: {user.target.name}', 'user_deleted'],
  ['changed a password of a user: {user.target.name}', 'password_changed'],
  ['granted role {group.name} to user {user.target.name}', 'group_member_added'],
  ['revoked role {group.name} from user {user.target.name}', 'group_member_removed'],
  ['authentication failed, invalid password for user {user.name}', 'login_failed'],
  ['Authentication {}', 'config_changed'],
]);

function readEtcd(draft: Draft): boolean {
  const found = ETCD.exec(draft.head);
  if (found === null) return false;
  const said = draft.text.slice(found[0].length, found[0].length + 2_000);
  draft.timeFrom(readIso(found[1] as string, 0));
  draft.put('log.level', ETCD_LEVELS[found[2] as string]); draft.put('log.logger', found[3]);
  draft.put('service.name', 'etcd');
  if (found[3] !== 'auth' || !applyRules(ETCD_SAYS, said, draft)) readSentence(draft, said);
  return true;
}

export const etcd: Format = { name: 'etcd.log', holds: [' | '], detect: ({ head }) => ETCD.test(head), read: readEtcd };
