// Cisco IOS, IOS XE, NX-OS: `%SEC-6-IPACCESSLOGP: list 150 denied tcp 192.0.2.1(59832) -> 198.51.100.1(80), 1 packet`. The mnemonic is event.code.
// Huawei's VRP is alike: `%%01BGP/3/BGP_AUTH_FAILED(l): ...`.
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import type { Format } from '../format.js';
import { readPairs } from '../pairs.js';
import { putCommon } from '../common-names.js';
import { putCiscoMac, putCiscoUser, putEndpoint, readEndpoints } from './cisco-text.js';

const MNEMONIC = /^%([A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*?)-(?:SW\d-|SP-|STDBY-|DFC\d*-)?([0-7])-([A-Z0-9_]+): ?/;
const VRP = /^%%\d\d([A-Z0-9_]+)\/(\d)\/([A-Za-z0-9_]+)(?:\(([a-z])\))?(?:\[\d+\])?: ?/;

function readIos(draft: Draft): boolean {
  const found = MNEMONIC.exec(draft.head);
  if (found === null) return false;
  const [whole, facility, severity, code = ''] = found;
  const text = draft.text.slice(whole.length);
  draft.put('event.code', code);
  draft.put('cisco.ios.facility', facility);
  draft.put('event.severity', severity);
  draft.put('observer.vendor', 'Cisco');
  draft.put('cisco.ios.message', text);
  readText(draft, text);
  const command = / logged command: ?(.*)$/s.exec(text.slice(0, 4096))?.[1];
  draft.put('process.command_line', command ?? / Command: (.{1,1000})$/.exec(text.slice(0, 2000))?.[1]);
  const source = /\[?(?:Source|IP): ?\[?([0-9a-fA-F.:]{3,45})\]?/.exec(text.slice(0, 1000))?.[1];
  draft.fill('source.ip', source);
  draft.fill('destination.port', /\[localport: (\d{1,5})\]/.exec(text.slice(0, 1000))?.[1]);
  const action = ACTIONS[code] ?? (/denied|LOGGEDFAIL/.test(text) && code.startsWith('IPACCESS') ? 'connection_denied' : code.startsWith('IPACCESS') ? 'connection_allowed' : undefined);
  if (action !== undefined) draft.act(action);
  return true;
}
const ACTIONS = lookup<Action>({ LOGIN_SUCCESS: 'login', LOGIN_FAILED: 'login_failed', CFGLOG_LOGGEDCMD: 'config_changed', CONFIG_I: 'config_changed', LOGOUT: 'logout', SSH2_USERAUTH: 'login', RESTART: 'system_started', RELOAD: 'system_stopped', PSECURE_VIOLATION: 'access_denied' });

function readText(draft: Draft, text: string): void {
  const { endpoints, protocol } = readEndpoints(text);
  if (text.includes('->') || / denied | permitted /.test(text.slice(0, 200))) { putEndpoint(draft, 'source', endpoints[0]); putEndpoint(draft, 'destination', endpoints[1]); }
  else putEndpoint(draft, 'source', endpoints[0]);
  draft.put('network.transport', protocol);
  draft.fill('source.ip', /\b(?:tty session \d{1,6}\(|vty\d{1,4} \(|from )\(?([0-9a-fA-F.:]{3,45})\)?/.exec(text.slice(0, 600))?.[1]);
  draft.fill('source.user.name', /^User (\S{1,64}) has /.exec(text.slice(0, 100))?.[1]);
  putCiscoUser(draft, text);
  if (draft.has('source.user.name')) draft.fill('user.name', draft.get('source.user.name'));
  putCiscoMac(draft, text);
  if (text.slice(0, 4000).includes(' - ') || text.includes(' by ') || text.includes(' as ') || text.includes(' for ')) readSystemMessage(draft, text.slice(0, 2000));
  draft.put('rule.name', /^(?:list|access-list) (\S{1,100}) /.exec(text.slice(0, 200))?.[1]);
}

/** NX-OS passes on what its daemons say: `Login failed for user admin from 192.0.2.1 - sshd[10021]`, `Configured from vty by bob on 192.0.2.1@pts/0`. */
function readSystemMessage(draft: Draft, text: string): void {
  const sender = / - ([\w.-]{1,40})\[(\d{1,10})\]/.exec(text.slice(-120));
  if (sender !== null) { draft.put('process.name', sender[1]); draft.put('process.pid', sender[2]); }
  const person = /(?: by| as) ([\w.@-]{1,64}) on vty\d{1,4} \(([0-9a-fA-F.:]{3,45})\)/.exec(text) ?? /(?:for (?:illegal |invalid )?(?:user )?|by )([\w.@-]{1,64}) (?:from|on) ([0-9a-fA-F.:]{3,45})/.exec(text) ?? /(?:failed|failure) for (?:user )?([\w.@-]{1,64})(?: |$)/.exec(text);
  if (person === null) return;
  draft.fill('user.name', person[1]);
  draft.fill('source.ip', person[2]);
  if (/failed|failure/i.test(text)) draft.act('login_failed');
}

function readVrp(draft: Draft): boolean {
  const found = VRP.exec(draft.head);
  if (found === null) return false;
  const [whole, module, severity, code] = found;
  const text = draft.text.slice(whole.length);
  draft.put('event.code', code);
  draft.put('huawei.vrp.module', module);
  draft.put('event.severity', severity);
  draft.put('observer.vendor', 'Huawei');
  const open = text.lastIndexOf('('), bare = /^[\w-]{2,40}=/.test(text); // a firewall's policies write their pairs without brackets
  if (open >= 0 || bare) for (const [key, value] of readPairs((bare ? text.replace(/\.\s*$/, '') : text.slice(open + 1)).replace(/\)\.?\s*$/, ''), { separator: ',', spacedValues: true })) {
    draft.fill(`huawei.vrp.${key}`, value);
    putCommon(draft, key, value);
    if (/^(?:peer|user|source|remote)?ip(?:address)?$/i.test(key)) draft.fill('source.ip', value.replace(/:\d+$/, ''));
  }
  const said = code ?? '';
  if (/LOGIN_?FAIL|AUTH_?FAIL|LOGINFAILED|SSH_FAIL|ACCESS_?FAIL|PASSWD_?ERR/i.test(said)) draft.act('login_failed');
  else if (/POLICYPERMIT|SESSION_?TEARDOWN/i.test(said)) draft.act('connection_allowed');
  else if (/POLICYDENY|PACKET_?DROP|ACL_?DENY/i.test(said)) draft.act('connection_denied');
  else if (/^(?:ATTACK|DETECT|IPS|VIRUS|AV)/i.test(module ?? '')) draft.act('intrusion_detected');
  else if (/LOGIN/i.test(code ?? '')) draft.act('login');
  else if (/CMDRECORD|CFM|CONFIG/i.test(code ?? '')) draft.act('config_changed');
  return true;
}

/** Counters and times that a relay left before the code. */
export const ciscoIos: Format = { name: 'cisco.ios', begins: '%', needs: '-:', detect: ({ head }) => head.charCodeAt(0) === 37 && MNEMONIC.test(head), read: readIos };
export const huaweiVrp: Format = { name: 'huawei.vrp', begins: '%', needs: '/:', detect: ({ head }) => head.startsWith('%%') && VRP.test(head), read: readVrp };
