// Controllers of access points that write sentences with the parties in brackets. Ruckus' ZoneDirector and Unleashed, its SmartZone, TP-Link's Omada:
//   eventd_to_syslog():User[an@00:00:5e:00:53:01] joins WLAN[So] from AP[AP-T2@00:00:5e:00:53:02]
//   @@202,clientJoin,"apMac"="00:00:5e:00:53:02","clientMac"="00:00:5e:00:53:01","ssid"="So",...
//   [client:Laptop:00-00-5E-00-53-01] is connected to [ap:AP-T2:00-00-5E-00-53-02] with SSID "So" on channel 36.
import type { Action } from '../actions.js';
import { fillAccount, putAccount } from '../account.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { nativeNames } from '../native-names.js';
import { isIp, macOf } from '../net.js';
import { readPairs } from '../pairs.js';
import { readSentence } from '../sentences.js';

// --- Ruckus ------------------------------------------------------------------------------------------------------------------------
const EVENTD = /^(?:eventd_to_syslog\(\): ?)?(?=(?:User|Admin|AP|WLAN|Rogue|Mesh|Lease|System|DHCP|Radius|IP)\b)/, NUMBERED = /^@@(\d{1,5}),([A-Za-z]\w{1,60}),/, RUCKUS = nativeNames('ruckus');
const SMARTZONE = lookup<string>({ clientMac: 'source.mac', clientIP: 'source.ip', userName: 'user.name', adminName: 'user.name', user: 'user.name', hostname: 'source.domain', vlanId: 'network.vlan.id', reason: 'event.reason', adminIp: 'source.ip', ipAddr: 'source.ip', clientHostname: 'source.domain', apName: 'observer.name', apIpAddress: 'observer.ip' });
function readRuckus(draft: Draft): boolean {
  const numbered = NUMBERED.exec(draft.head), words = numbered === null ? EVENTD.exec(draft.head) : null;
  if (numbered === null && words === null) return false;
  for (const field of ['process.name', 'process.pid']) Reflect.deleteProperty(draft.event, field);
  draft.put('observer.vendor', 'Ruckus');
  if (numbered !== null) {
    draft.put('event.code', numbered[1]); draft.put(RUCKUS('event'), numbered[2]);
    for (const [key, value] of readPairs(draft.text.slice(numbered[0].length, 16_000), { separator: ',' })) {
      draft.keep(RUCKUS(key), value);
      const field = SMARTZONE[key];
      if (field === 'user.name') fillAccount(draft, 'user', macOf(value) === undefined ? value : undefined); else if (field !== undefined) putAs(draft, field, value);
    }
    const action = named(numbered[2] as string);
    if (action !== undefined) draft.act(action);
    return true;
  }
  const said = draft.text.slice(words?.[0].length ?? 0, 2000);
  for (const [, what = '', inside = ''] of said.matchAll(/\b(User|Admin|AP|WLAN|RX Bytes|TX Bytes|Session Time|VLAN|radio)\[([^\]]{1,200})\]/g)) {
    draft.keep(RUCKUS(what.toLowerCase().replace(' ', '_')), inside);
    const at = inside.lastIndexOf('@'), mac = macOf(inside.slice(at + 1));
    if (what === 'User') { draft.put('source.mac', mac); const name = mac === undefined ? inside : inside.slice(0, Math.max(at, 0)); if (isIp(name)) draft.put('source.ip', name); else putAccount(draft, 'user', name); }
    else if (what === 'Admin') putAccount(draft, 'user', inside); else if (what === 'AP') draft.put('observer.name', mac === undefined || at < 0 ? inside : inside.slice(0, at)); else if (what === 'VLAN') draft.put('network.vlan.id', inside);
  }
  const from = /\bfrom \[([0-9a-fA-F.:]{3,45})\]/.exec(said)?.[1];
  if (from !== undefined && isIp(from)) draft.put('source.ip', from);
  draft.put('event.reason', /\b(?:because of|due to|reason:?) ?\[?([^\]]{2,120}?)\]?\.?$/i.exec(said)?.[1]);
  for (const [form, action] of SAYS) if (form.test(said)) { draft.act(action); break; }
  return true;
}
const SAYS: readonly (readonly [form: RegExp, action: Action])[] = [
  [/^Admin\[.{1,200}\] (?:fails|failed) to log ?in|^User\[.{1,200}\].{0,40} (?:fails|failed) (?:authentication|to)|fails authentication/, 'login_failed'], [/^Admin\[.{1,200}\] (?:logs|logged) ?in/, 'login'], [/^Admin\[.{1,200}\] (?:logs|logged) ?out/, 'logout'],
  [/^User\[.{1,200}\] (?:joins|re-?joins|roams)/, 'connection_started'], [/^User\[.{1,200}\] (?:leaves|disconnects|is disconnected)/, 'connection_ended'], [/^User\[.{1,200}\].{0,60}blocked/, 'connection_denied'], [/^Rogue|rogue|spoof/i, 'intrusion_detected'],
];
function named(event: string): Action | undefined {
  if (/^(?:rogue|maliciousRogue|ssid-?spoof|mac-?spoof|apRogue|genericRogue)/i.test(event)) return 'intrusion_detected';
  if (/AuthFail|AuthorizationFail|LoginFail/i.test(event)) return 'login_failed';
  return lookup<Action>({ clientJoin: 'connection_started', clientAuthorization: 'login', clientRoaming: 'connection', clientDisconnect: 'connection_ended', clientInactivityTimeout: 'connection_ended', clientSessionExpiration: 'connection_ended', clientJoinFailure: 'connection_denied', clientBlockByDeviceType: 'connection_denied', adminLogin: 'login', adminLogout: 'logout' })[event];
}

// --- Omada ---------------------------------------------------------------------------------------------------------------------------
const PARTY = /\[(client|ap|switch|gateway|user|osg|osw|eap|olt):([^\]]{1,160})\]/g, OMADA = /\[(?:client|ap|switch|gateway|osg|osw|eap):[^\]]{1,140}[:(]?(?:[0-9A-F]{2}-){5}[0-9A-F]{2}\)?\]|\b(?:log(?:ged)? ?in(?:to)?|log(?:ged)? out) (?:to |of |from )?the controller\b/, TPLINK = nativeNames('tplink.omada');
function readOmada(draft: Draft): boolean {
  const said = draft.text.slice(0, 2000);
  if (!OMADA.test(draft.head)) return false;
  Reflect.deleteProperty(draft.event, 'process.name'); Reflect.deleteProperty(draft.event, 'process.pid');
  draft.put('observer.vendor', 'TP-Link'); draft.put('observer.product', 'Omada');
  for (const [, kind = '', inside = ''] of said.matchAll(PARTY)) {
    const mac = /(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}/.exec(inside), name = mac === null ? inside : inside.slice(0, mac.index).replace(/[:(]$/, '');
    draft.keep(TPLINK(kind), inside);
    if (kind === 'user') putAccount(draft, 'user', name);
    else if (kind === 'client') { draft.put('source.mac', macOf(mac?.[0] ?? '')); if (isIp(name)) draft.put('source.ip', name); else if (macOf(name) === undefined) draft.put('source.domain', name); }
    else if (!draft.has('observer.name')) { draft.put('observer.name', name); draft.put('observer.mac', macOf(mac?.[0] ?? '')); }
  }
  draft.put(TPLINK('ssid'), /\bSSID "([^"]{1,64})"/.exec(said)?.[1]);
  const who = /(?:Administrator|Admin|Viewer|user|User) (?!failed\b|logged\b)\[?([\w.@-]{1,128})\]? (?:failed|logged)/.exec(said)?.[1] ?? /^\[([\w.@-]{1,128})\] (?:failed|logged)/.exec(said)?.[1];
  putAccount(draft, 'user', who);
  if (/\bcontroller\b/.test(said)) readSentence(draft, said);
  draft.put('event.reason', /\bbecause (?:of )?(.{2,120}?)\.?$/.exec(said)?.[1]);
  if (/failed to log ?in/.test(said)) draft.act('login_failed'); else if (/logged ?in(?:to)?\b/.test(said)) draft.act('login'); else if (/logged out/.test(said)) draft.act('logout');
  else if (/\] (?:is connected|went online|is roaming)/.test(said) && said.includes('[client:')) draft.act('connection_started'); else if (/\] (?:is disconnected|went offline)/.test(said) && said.includes('[client:')) draft.act('connection_ended');
  else if (/\] (?:is )?blocked/.test(said)) draft.act('connection_denied'); else if (/attack|detected (?:and|a) .{0,30}(?:drop|flood|spoof)/i.test(said)) draft.act('intrusion_detected');
  return true;
}

export const ruckus: Format = { name: 'ruckus.log', holds: ['^@@', '^eventd_to_syslog'], detect: ({ head }) => head.startsWith('@@') ? NUMBERED.test(head) : head.startsWith('eventd_to_syslog'), read: readRuckus };
export const omada: Format = { name: 'tplink.omada', holds: ['[client:', '[ap:', '[switch:', '[gateway:', '[osg:', '[osw:', '[eap:', ' the controller'], detect: ({ head }) => OMADA.test(head), read: readOmada };
