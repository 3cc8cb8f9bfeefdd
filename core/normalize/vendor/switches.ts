// Switches and controllers with forms of their own: Aruba's switches (`02362 auth: User 'an' logged in from 192.0.2.7 to SSH session`), AOS-CX
// (`Event|4604|LOG_INFO|AMM|1/1|text`), its mobility controllers (`<522008> <4711> <NOTI> <ctl1 192.0.2.8>  User Authentication Successful: username=an ...`), ClearPass
// (`CPPM_Session_Details 1 1 0 Common.Username=an,...`), Arista's EOS (`%AAA-5-LOGIN: user an logged in [from: 192.0.2.7] [service: sshd]`) and Hillstone's firewalls
// (`44243622 Traffic@FLOW: SESSION: 192.0.2.5:5000->198.51.100.9:443(TCP), interface ethernet0/1, ..., session start`).
import { readIso, resolve } from '../../message/time.js';
import { fillAccount, putAccount } from '../account.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { nativeNames } from '../native-names.js';
import { macOf } from '../net.js';
import { readPairs } from '../pairs.js';
import { seek } from '../seek.js';
import { readSentence } from '../sentences.js';

// --- Aruba -----------------------------------------------------------------------------------------------------------------------
const NUMBERED = /^(\d{5}) (auth|ports|mgr|snmp|system|chassis|ip|stp|lldp|dhcp-snoop|dhcp-server|arp-protect|port-access|port-security|802\.1x|ssl|ssh|telnet|tftp|sntp|ntp|update|vlan|vrrp|trunk|lacp|crypto|maclock|radius|tacacs|acl|usb|time|licensing|FFI|loop-protect|bpdu-protect|stack|vsf|console|http|web): {1,3}(?:(?:ST|VM)\d{0,2}-[A-Z]{3,5}: |AM1: )?/, CX = /^Event\|(\d{2,6})\|LOG_([A-Z]{3,7})\|([A-Z]{0,6})\|([\w/-]{0,10})\|/, CONTROLLER = /^<(\d{6})> (?:<(\d{1,10})> )?<([A-Z]{4})> (?:AP:([\w.-]{1,64}) )?(?:<([\w.-]{1,64}) ([0-9a-fA-F.:]{3,45})> {1,2})?(?:\|[\w-]{1,20}\| {1,2})?/;
const ARUBA = nativeNames('aruba');
function readAruba(draft: Draft): boolean {
  const numbered = NUMBERED.exec(draft.head), cx = numbered === null ? CX.exec(draft.head) : null, controller = numbered === null && cx === null ? CONTROLLER.exec(draft.head) : null, found = numbered ?? cx ?? controller;
  if (found === null) return false;
  const text = draft.text.slice(found[0].length, found[0].length + 2000);
  draft.put('event.code', found[1]);
  draft.put('observer.vendor', 'Aruba');
  if (numbered !== null) draft.put(ARUBA('module'), numbered[2]);
  if (cx !== null) { draft.put(ARUBA('role'), cx[3]); draft.put(ARUBA('slot'), cx[4]); }
  if (controller !== null) { const [, , , , point, name, address] = controller, ofPoint = macOf(address ?? '') !== undefined; // an access point writes its address, then its MAC
    draft.put('observer.name', point ?? name); draft.put('observer.ip', ofPoint ? name : address);
    readStation(draft, text);
    draft.fill('source.mac', macOf(/^(?:(?:De)?[Aa]uth|(?:Dis|Re)?[Aa]ssoc)[^:]{0,40}(?: @ [\d:.]{8,20})?: ((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})\b/.exec(text)?.[1] ?? ''));
    if (/^(?:Assoc|Auth) success/i.test(text)) draft.act('connection_started'); else if (/^(?:Deauth|Disassoc)/i.test(text)) { draft.put('event.reason', /\bReason:? (.{2,80})$/.exec(text)?.[1]); draft.act('connection_ended'); }
  }
  draft.fill('observer.ingress.interface.name', /\b(?:[Pp]ort|[Ii]nterface) ((?:Trk)?[A-Z]?\d{1,3}(?:\/[A-Z]?\d{1,3}){0,2})\b/.exec(text)?.[1]);
  draft.fill('source.mac', macOf(/\b(?:MAC(?: address)?[ :=]{1,2}|STA |client )((?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}|[0-9a-fA-F]{6}-[0-9a-fA-F]{6})\b/i.exec(text)?.[1] ?? ''));
  fillAccount(draft, 'user', /\b[Uu]ser '?([^'\s:]{1,128})'? (?:logged|is trying|failed|authenticated|added|deleted)/.exec(text)?.[1]);
  readSentence(draft, text);
  if (/invalid (?:user ?name|password)|trying to log ?in|(?:log ?in|authentication) fail|failed to log ?in|authentication (?:was )?rejected/i.test(text)) draft.act('login_failed');
  else if (/\blogged in\b|log ?in success|authentication success|successfully (?:authenticated|logged)/i.test(text)) draft.act('login');
  else if (/\blogged out\b|session (?:closed|terminated|ended)|\blogout\b/i.test(text)) draft.act('logout');
  else if (/config(?:uration)? .{0,30}(?:changed|saved|updated|written)|changed the (?:running|startup)/i.test(text)) draft.act('config_changed');
  return true;
}
/** What a controller says of a client: `username=an MAC=00:.. IP=192.0.2.5 role=staff VLAN=10 AP=ap1 SSID=so auth method=802.1x auth server=nps1`. */
function readStation(draft: Draft, text: string): void {
  if (!text.includes('=')) return;
  for (const [key, value] of readPairs(text)) {
    draft.fill(ARUBA(key), value);
    const field = STATION[key.toLowerCase()];
    if (field === 'user.name') fillAccount(draft, 'user', value); else if (field !== undefined) putAs(draft, field, value);
  }
}
const STATION = lookup<string>({ username: 'user.name', user: 'user.name', mac: 'source.mac', usermac: 'source.mac', ip: 'source.ip', userip: 'source.ip', serverip: 'destination.ip', vlan: 'network.vlan.id' });

/** ClearPass: pairs between commas, whose names have a group before them. */
function readClearPass(draft: Draft): boolean {
  const found = CLEARPASS.exec(draft.head);
  if (found === null) return false;
  const stamp = found[1] === undefined ? undefined : readIso(found[1], 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('observer.ip', found[2]);
  draft.put('observer.vendor', 'Aruba'); draft.put('observer.product', 'ClearPass');
  let outcome = '';
  for (const part of draft.text.slice(found[0].length, 16_000).split(/,(?=[A-Z][\w-]{1,30}\.[\w-]{2,60}=)/, 200)) {
    const equals = part.indexOf('='), key = part.slice(0, equals), value = part.slice(equals + 1), name = key.slice(key.indexOf('.') + 1).toLowerCase();
    if (equals < 0 || value === '') continue;
    draft.fill(ARUBA(key), value);
    const field = CLEARPASS_NAMES[name];
    if (name === 'login-status') outcome = value;
    else if (field === 'user.name') fillAccount(draft, 'user', value);
    else if (field !== undefined) putAs(draft, field, value);
  }
  if (outcome !== '') draft.act(outcome === 'ACCEPT' ? 'login' : 'login_failed');
  return true;
}
const CLEARPASS = /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d{3})?) ([0-9a-fA-F.:]{3,45}) )?CPPM_[A-Za-z_]{3,40} \d{1,12} \d{1,6} \d{1,6} /;
const CLEARPASS_NAMES = lookup<string>({ username: 'user.name', 'full-username': 'user.name', 'host-mac-address': 'source.mac', 'acct-framed-ip-address': 'source.ip', 'framed-ip-address': 'source.ip', 'nas-ip-address': 'destination.ip', service: 'service.name', 'alerts-present': '_', 'error-code': 'event.code', alerts: 'event.reason', 'nas-port': '_' });

// --- Arista ------------------------------------------------------------------------------------------------------------------------
/** The agents of EOS; IOS names no program before its code. */
const AGENTS = ['aaa', 'ebra', 'configagent', 'stptopology', 'stptxrx', 'lldp', 'lag', 'fru', 'launcher', 'procmgr-worker', 'superserver', 'fwdintfagent', 'aclagent', 'acl', 'mlag', 'bfd', 'rib', 'strata', 'thermostat', 'capiapp', 'secmon', 'portsec', 'dot1x', 'cli', 'sysdb', 'sysdbeventhandler', 'zerotouch', 'snmp', 'intfagent', 'kernelfib', 'ipsec', 'dhcprelay'];
const EOS = /^(?:\d{1,10}: )?%([A-Z][A-Z0-9_]{1,30})-([0-7])-([A-Z0-9_]{2,60}): /;
function readEos(draft: Draft): boolean {
  const found = EOS.exec(draft.head);
  if (found === null) return false;
  const text = draft.text.slice(found[0].length, found[0].length + 2000), code = found[3] as string;
  draft.put('event.code', code); draft.put('event.severity', found[2]); draft.put('arista.facility', found[1]);
  draft.put('observer.vendor', 'Arista');
  const packet = seek(text, ' -> ', /\blist (\S{1,64}) (\S{1,40}) (permitted|denied) (\S{1,10}) ([0-9a-fA-F.:]{3,45}?)(?:\((\d{1,5})\))? -> ([0-9a-fA-F.:]{3,45}?)(?:\((\d{1,5})\))?(?=[\s,]|$)/);
  if (packet !== null) {
    for (const [i, field] of ['rule.name', 'observer.ingress.interface.name', '', 'network.transport', 'source.ip', 'source.port', 'destination.ip', 'destination.port'].entries()) if (field !== '') draft.put(field, packet[i + 1]);
    draft.act(packet[3] === 'denied' ? 'connection_denied' : 'connection_allowed');
    return true;
  }
  const command = seek(text, 'cmd=', / cmd=(.{1,1500})$/s)?.[1];
  draft.put('process.command_line', command);
  fillAccount(draft, 'user', /^user (\S{1,128}) /.exec(text)?.[1] ?? / by (\S{1,128}) on /.exec(text)?.[1] ?? / user=(\S{1,128})/.exec(text)?.[1] ?? /^(\S{1,128}) \w{1,12} [0-9a-fA-F.:]{3,45} (?:stop|start) /.exec(text)?.[1]);
  draft.put('source.ip', seek(text, '[from: ', /\[from: ([0-9a-fA-F.:]{3,45})\]/)?.[1] ?? / on \S{1,20} \(([0-9a-fA-F.:]{3,45})\)/.exec(text)?.[1] ?? (command === undefined ? undefined : /^\S{1,128} \S{1,20} ([0-9a-fA-F.:]{3,45}) /.exec(text)?.[1]));
  draft.put('network.protocol', seek(text, '[service: ', /\[service: ([\w-]{2,30})\]/)?.[1]);
  draft.put('event.reason', seek(text, '[reason: ', /\[reason: ([^\]]{2,120})\]/)?.[1]);
  draft.put('observer.ingress.interface.name', seek(text, 'nterface ', /\b[Ii]nterface ([A-Z][A-Za-z-]{1,20}\d[\d/.]{0,12})/)?.[1]?.replace(/\.$/, ''));
  if (command === undefined && !draft.has('source.ip')) readSentence(draft, text);
  if (/^LOGIN_?FAIL|AUTHN_FAIL|AUTH_FAIL/.test(code)) draft.act('login_failed'); else if (code === 'LOGIN') draft.act('login'); else if (code === 'LOGOUT') draft.act('logout');
  else if (code.startsWith('CONFIG_') || found[1] === 'SYS' && code.startsWith('CONFIG')) draft.act('config_changed'); else if (command !== undefined) draft.act('shell_command');
  return true;
}

// --- Hillstone ---------------------------------------------------------------------------------------------------------------------
const HILLSTONE = nativeNames('hillstone');
const STONE = /^(?:\d{10,20}\([\w-]{1,30}\) )?([0-9a-f]{8}) ([A-Z][a-z]{2,15})@([A-Z0-9_-]{2,20}): {1,2}(?:([A-Z]{2,12}): {0,2})?/;
function readHillstone(draft: Draft): boolean {
  const found = STONE.exec(draft.head);
  if (found === null) return false;
  const said = draft.text.slice(found[0].length, found[0].length + 3000), kind = found[2] as string;
  draft.put('event.code', found[1]); draft.put(HILLSTONE('type'), kind); draft.put(HILLSTONE('module'), found[3]);
  draft.put('observer.vendor', 'Hillstone');
  const ends = /^([0-9a-fA-F.:]{3,45}?):(\d{1,5})->([0-9a-fA-F.:]{3,45}?):(\d{1,5})\((\w{2,12})\)/.exec(said);
  if (ends !== null) { for (const [i, field] of ['source.ip', 'source.port', 'destination.ip', 'destination.port'].entries()) draft.put(field, ends[i + 1]); draft.put('network.transport', ends[5]?.toLowerCase()); }
  const value = (form: RegExp): string | undefined => form.exec(said)?.[1];
  for (const [label, form] of STONE_PARTS) { const text = value(form); if (text !== undefined && text !== '-') { if (label.startsWith('hillstone')) draft.put(label, text); else putAs(draft, label, text); } }
  const who = value(/\buser ([^\s,]{1,128})/)?.replace(/@(?:local|-)$/, '');
  if (who !== undefined && who !== '-') putAccount(draft, 'user', who);
  const natted = /\b([sd])nat to ([0-9a-fA-F.:]{3,45}?):(\d{1,5})\b/.exec(said);
  if (natted !== null) { const side = natted[1] === 's' ? 'source' : 'destination'; draft.put(`${side}.nat.ip`, natted[2]); draft.put(`${side}.nat.port`, natted[3]); }
  if (ends === null) readSentence(draft, said);
  if (/\bsession start\b/.test(said)) draft.act('connection_started'); else if (/\bsession end\b/.test(said)) draft.act('connection_ended');
  else if (/\bpolicy deny\b|\bdenied\b/.test(said)) draft.act('connection_denied');
  else if (kind === 'Threat') draft.act('intrusion_detected', /drop|reset|block/i.test(said) ? 'failure' : undefined);
  else if (/log(?:in| in) fail|failed to log ?in|authentication failed/i.test(said)) draft.act('login_failed'); else if (/logged in|login success|log ?in from|logs in/i.test(said)) draft.act('login'); else if (/logged out|logout|logs out/i.test(said)) draft.act('logout');
  else if (kind === 'Configuration') draft.act('config_changed');
  return true;
}
const STONE_PARTS: readonly (readonly [field: string, form: RegExp])[] = [
  ['observer.ingress.interface.name', /\binterface ([\w/.-]{1,40})/], ['rule.id', /\bpolicy (\d{1,10})\b/], ['source.packets', /\bsend packets (\d{1,15})/], ['source.bytes', /\bsend bytes (\d{1,18})/], ['destination.packets', /\breceive packets (\d{1,15})/],
  ['destination.bytes', /\breceive bytes (\d{1,18})/], ['source.domain', /\bhost ([\w.-]{2,253})/], ['hillstone.vr', /\bvr ([\w-]{1,64})/], ['threat.name', /\bthreat name:? ([^,;]{2,120})/i], ['url.domain', /\burl:? ([\w.-]{3,253})\b/i],
];

// --- Ubiquiti ----------------------------------------------------------------------------------------------------------------------
const UNIFI = /^(?:\("?)?(?:([\w-]{2,24}),([0-9a-f]{12}),v?(\d[\w.+-]{2,24})|([0-9a-f]{12}),([\w-]{2,24}?)-(\d[\w.+]{2,24}))"?\)?:? (?:([\w.-]{2,40})(?:\[(\d{1,8})\])?: )?/;
const MODEL = /^(?:\("U|USW|UAP|US\d|U\d)|,(?:U\d|UAP|USW|UAL|UHD|UFLHD|UDM|US\d)/;
/** Access points and switches: model, MAC and version, then a daemon and its words. */
function readUnifi(draft: Draft): boolean {
  const found = UNIFI.exec(draft.head);
  if (found === null) return false;
  const [whole, model, mac, version, mac2, model2, version2, program, pid] = found, said = draft.text.slice(whole.length, whole.length + 2000);
  draft.put('observer.vendor', 'Ubiquiti'); draft.put('observer.product', model ?? model2); draft.put('observer.version', version ?? version2); draft.put('observer.mac', macOf(mac ?? mac2 ?? ''));
  draft.put('process.name', program); draft.put('process.pid', pid);
  draft.put('source.mac', macOf(/(?:\bSTA |"mac":"|\bclient )((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})/.exec(said)?.[1] ?? ''));
  draft.put('observer.ingress.interface.name', /^(?:\w{2,12}\[\d{1,8}\]: )?((?:ath|wifi|ra|rai|wlan|eth)\d{1,2}(?:\.\d{1,2})?): /.exec(said)?.[1] ?? /\bLink (?:Up|Down): (\d{1,2}\/\d{1,3})/.exec(said)?.[1]);
  if (/: (?:associated|re-?associated)\b/.test(said)) draft.act('connection_started'); else if (/: (?:disassociated|deauthenticated)\b/.test(said)) draft.act('connection_ended');
  else if (/authentication failed|bad password|invalid user|failed login/i.test(said)) draft.act('login_failed');
  readSentence(draft, said);
  return true;
}

export const unifi: Format = { name: 'ubiquiti.unifi', holds: ['^("U', '^USW', '^UAP', '^US0', '^U0', ',U0', ',UAP', ',USW', ',UAL', ',UHD', ',UFLHD', ',UDM', ',US0'], detect: ({ head }) => MODEL.test(head) && UNIFI.test(head), read: readUnifi };
export const aruba: Format = { name: 'aruba.log', holds: ['^00000 ', '^Event|0', '^<000000> '], detect: ({ head }) => head.startsWith('Event|') ? CX.test(head) : head.startsWith('<') ? CONTROLLER.test(head) : NUMBERED.test(head), read: readAruba };
export const clearPass: Format = { name: 'aruba.clearpass', holds: ['CPPM_'], detect: ({ head }) => head.includes('CPPM_') && CLEARPASS.test(head), read: readClearPass };
export const arista: Format = { name: 'arista.eos', programs: AGENTS, read: readEos };
export const hillstone: Format = { name: 'hillstone.stoneos', holds: ['Traffic@', 'Event@', 'Threat@', 'Configuration@', 'Security@', 'Network@', 'Alarm@'], detect: ({ head }) => STONE.test(head), read: readHillstone };
