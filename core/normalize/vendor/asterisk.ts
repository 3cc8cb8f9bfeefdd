// Asterisk, and what is built on it (FreePBX, Issabel, Grandstream's UCM): the channels' words and its security events.
//   [2026-02-17 13:40:03] NOTICE[2168][C-00000001] chan_sip.c: Registration from '"1001" <sip:1001@192.0.2.5>' failed for '203.0.113.9:5071' - Wrong password
//   SECURITY[2153] res_security_log.c: SecurityEvent="InvalidPassword",EventTV="2026-02-17T13:40:03.123+0700",Service="SIP",AccountID="1001",RemoteAddress="IPV4/UDP/203.0.113.9/5071",...
// https://docs.asterisk.org/Configuration/Interfaces/Asterisk-Manager-Interface-AMI/
import type { Action } from '../actions.js';
import { fillAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { nativeNames } from '../native-names.js';
import { splitEndpoint } from '../net.js';
import { readPairs } from '../pairs.js';
import { seek } from '../seek.js';
import { epochMillis, readIso, readTime, resolve } from '../../message/time.js';

const LINE = /^(?:\[([^\]]{8,40})\] )?(NOTICE|WARNING|ERROR|VERBOSE|SECURITY|DEBUG)\[(\d{1,10})\](?:\[(C-[0-9a-f]{1,16})\])?:? ([\w/.-]{2,60}\.c)(?::\d{1,6})?(?::? in \w{1,60})?:? /;
const NATIVE = nativeNames('asterisk');
const REFUSED: ReadonlySet<string> = new Set(['InvalidPassword', 'InvalidAccountID', 'ChallengeResponseFailed', 'AuthMethodNotAllowed', 'SessionLimit', 'MemoryLimit']);
const EVENTS = lookup<Action>({ SuccessfulAuth: 'login', FailedACL: 'access_denied', RequestNotAllowed: 'access_denied', RequestNotSupported: 'access_denied', RequestBadFormat: 'intrusion_detected', UnexpectedAddress: 'intrusion_detected', InvalidTransport: 'access_denied' });

function readAsterisk(draft: Draft): boolean {
  const found = LINE.exec(draft.head);
  if (found === null) return false;
  const [whole, when, level = '', thread, call, file] = found, said = draft.text.slice(whole.length, whole.length + 4000);
  if (when !== undefined) draft.timeFrom(readIso(when, 0) ?? readTime(when, 0));
  draft.put('log.level', level === 'SECURITY' || level === 'VERBOSE' ? 'info' : level.toLowerCase());
  draft.put('process.thread.id', thread); draft.put(NATIVE('call'), call); draft.put('log.origin.file.name', file);
  draft.fill('process.name', 'asterisk');
  draft.put('observer.product', 'Asterisk');
  if (said.startsWith('SecurityEvent=')) readSecurity(draft, said); else readWords(draft, said, file ?? '');
  return true;
}

function readSecurity(draft: Draft, said: string): void {
  const values = new Map(readPairs(said, { separator: ',' }));
  for (const [key, value] of values) draft.keep(NATIVE(key), value);
  const event = values.get('SecurityEvent') ?? '', when = values.get('EventTV') ?? '', iso = readIso(when, 0), time = iso === undefined ? epochMillis(when.replace('-', '.')) : resolve(iso, draft.received, draft.zone);
  if (time !== undefined) draft.time = time;
  draft.put('event.code', event);
  draft.put('network.protocol', values.get('Service')?.toLowerCase());
  for (const [side, key] of [['source', 'RemoteAddress'], ['destination', 'LocalAddress']] as const) {
    const [, , transport, address, port] = /^(IPV[46])\/([A-Z]{2,5})\/(.{2,45})\/(\d{1,5})$/.exec(values.get(key) ?? '') ?? [];
    draft.put(`${side}.ip`, address); draft.put(`${side}.port`, port);
    draft.put('network.transport', transport === undefined ? undefined : transport === 'UDP' ? 'udp' : 'tcp');
  }
  fillAccount(draft, 'user', extension(values.get('AccountID') ?? ''));
  const action = REFUSED.has(event) ? 'login_failed' : EVENTS[event];
  if (action !== undefined) draft.act(action);
  if (action !== undefined && action !== 'login') draft.put('event.reason', event);
}
/** `sip:1001@192.0.2.5`, `<unknown>`, `1001`. */
const extension = (text: string): string | undefined => text === '<unknown>' ? undefined : /^sips?:([^@;]{1,80})/.exec(text)?.[1] ?? text;

function readWords(draft: Draft, said: string, file: string): void {
  const refused = seek(said, ' failed for ', /^(?:Registration|Request '(\w{2,12})') from '(.{0,200}?)' failed for '([^']{3,60})'(?: \(callid: ([^)]{1,200})\))? - (.{2,200})$/s);
  if (refused !== null) {
    const [, method, from = '', address = '', callId, reason] = refused, { host, port } = splitEndpoint(address);
    draft.put('source.ip', host); draft.put('source.port', port);
    draft.put('network.protocol', 'sip'); draft.put(NATIVE('method'), method ?? 'REGISTER'); draft.put(NATIVE('callid'), callId);
    draft.put('event.reason', reason?.trim());
    fillAccount(draft, 'user', /sips?:([^@>;]{1,80})@/.exec(from)?.[1] ?? /^"([^"]{1,80})"/.exec(from)?.[1]);
    draft.act('login_failed');
    return;
  }
  const sent = seek(said, ' from ', /(?:Failed to authenticate (?:user|device)|Call from|No matching endpoint found|failed to authenticate).{0,200}?(?:for|from|\() ?'?((?:\d{1,3}\.){3}\d{1,3}):(\d{1,5})/);
  if (sent !== null) { draft.put('source.ip', sent[1]); draft.put('source.port', sent[2]); }
  if (/^(?:Call from|Failed to authenticate)/.test(said)) fillAccount(draft, 'user', /sips?:([^@>;]{1,80})@|^Call from '([^']{1,80})'/.exec(said)?.slice(1).find((one) => one !== undefined));
  if (/^Failed to authenticate|failed to authenticate as|^[\w.:]{3,45} tried to authenticate with nonexistent user/.test(said)) {
    draft.fill('source.ip', /^([0-9a-fA-F.:]{3,45}) (?:failed|tried) to authenticate/.exec(said)?.[1]);
    fillAccount(draft, 'user', / (?:as|user) '([^']{1,80})'/.exec(said)?.[1]);
    draft.put('network.protocol', file.startsWith('manager') ? 'ami' : 'sip');
    draft.act('login_failed');
  } else if (/rejected because extension not found/.test(said)) draft.act('access_denied');
}

/** Grandstream's telephones and gateways: `GS_LOG: [00:00:5E:00:53:01][000] Ethernet link is up`. */
const GRANDSTREAM = /^(?:GS_LOG: )?\[((?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2})\]\[([^\]]{1,20})\](?:\[[^\]]{0,40}\]){0,4} ?/;
function readGrandstream(draft: Draft): boolean {
  const found = GRANDSTREAM.exec(draft.head);
  if (found === null) return false;
  draft.put('observer.vendor', 'Grandstream'); draft.put('observer.mac', (found[1] as string).toUpperCase().replaceAll(':', '-')); draft.put('event.code', found[2]);
  return true;
}

export const asterisk: Format = { name: 'asterisk.log', holds: ['NOTICE[', 'WARNING[', 'ERROR[', 'VERBOSE[', 'SECURITY[', 'DEBUG['], detect: ({ head }) => LINE.test(head), read: readAsterisk };
export const grandstream: Format = { name: 'grandstream.log', programs: ['gs_log'], read: readGrandstream };
