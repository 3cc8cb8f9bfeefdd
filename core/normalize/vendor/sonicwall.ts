// SonicWall's SonicOS: tags of syslog, an endpoint is address:port:interface:name. What happened is told by the event's number where its text alone
// would not tell, as with what the security services found. https://www.sonicwall.com/techdocs (SonicOS Log Events Reference Guide)
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { keyTable } from '../keys.js';
import { lookup } from '../lookup.js';
import { hashKind, isApplication, isIp } from '../net.js';
import { readPairs } from '../pairs.js';
import { joinUrl, putTarget } from '../web/request.js';
import { names, putPairs, timeOf, verdict } from './native-pairs.js';
import type { Told } from './told.js';

const SONICWALL = keyTable('sonicwall.firewall', names('m:event.code usr:_ user:_ srcMac:source.mac dstMac:destination.mac rule:rule.name fw:observer.ip sn:observer.serial_number msg:_ src:_ dst:_ proto:_ natSrc:_ natDst:_ sent:source.bytes rcvd:destination.bytes dstname:destination.domain op:_ arg:_ result:_ time:_ id:_ n:_ c:_ app:_ note:event.reason srcZone:observer.ingress.zone dstZone:observer.egress.zone appName:network.application mailFrom:email.from.address rcptTo:email.to.address mailfrom:email.from.address rcptto:email.to.address agent:user_agent.original domain:_ spkt:source.packets rpkt:destination.packets natSrcPort:source.nat.port natDstPort:destination.nat.port sslver:_ pri:event.severity'));
/** Behind an address of IPv6, which colons part too, the port is what stands before the interface, or what makes it no address. */
function putSonicEndpoint(draft: Draft, side: 'source' | 'destination', nat: '' | '.nat', text: string | undefined): void {
  if (text === undefined) return;
  const open = text.startsWith('[') ? text.indexOf(']') : -1, v6 = open < 0 && /^[0-9a-fA-F]{1,4}:[0-9a-fA-F:]*:/.test(text);
  let parts = open > 0 ? [text.slice(1, open), ...text.slice(open + 2).split(':')] : text.split(':');
  if (v6) {
    const groups = parts.findIndex((part) => !/^[0-9a-fA-F]{0,4}$/.test(part) && !/^\d{5}$/.test(part)), end = groups < 0 ? parts.length : groups, all = parts.slice(0, end).join(':'), without = parts.slice(0, end - 1).join(':');
    const ported = isIp(without) && (groups >= 0 || !isIp(all));
    parts = ported ? [without, parts[end - 1] as string, ...parts.slice(end)] : [all, '', ...parts.slice(end)];
  }
  const [address = '', port = '', inside, name] = parts;
  if (nat === '' || isIp(address)) draft.put(`${side}${nat}.ip`, address);
  if (/^\d{1,5}$/.test(port)) draft.put(`${side}${nat}.port`, port);
  if (nat !== '') return;
  draft.fill(side === 'source' ? 'observer.ingress.interface.name' : 'observer.egress.interface.name', inside);
  draft.fill(`${side}.domain`, name);
}
function readSonicwall(draft: Draft): boolean {
  const values = putPairs(draft, SONICWALL, readPairs(draft.text));
  if (values.size < 4) return false;
  const who = values.get('usr') ?? values.get('user');
  putAccount(draft, 'user', who);
  if (who !== undefined && draft.event['event.reason'] === who) Reflect.deleteProperty(draft.event, 'event.reason'); // a login's note repeats the name
  draft.fill('user.domain', values.get('domain'));
  putSonicEndpoint(draft, 'source', '', values.get('src'));
  putSonicEndpoint(draft, 'destination', '', values.get('dst'));
  draft.fill('source.ip', values.get('srcV6')); draft.fill('destination.ip', values.get('dstV6'));
  putSonicEndpoint(draft, 'source', '.nat', values.get('natSrc'));
  putSonicEndpoint(draft, 'destination', '.nat', values.get('natDst'));
  const [proto = '', service = ''] = (values.get('proto') ?? '').split('/', 2);
  if (isApplication(service)) draft.put('network.protocol', service.toLowerCase());
  draft.put('network.transport', proto.toLowerCase());
  if (/^icmp/i.test(proto)) for (const field of ['source.port', 'destination.port']) delete draft.event[field]; // its type stands there
  const time = values.get('time');
  timeOf(draft, time?.endsWith('UTC') === true ? time : values.get('vp_time') ?? time); // its VPN gateways write both
  putWeb(draft, values);
  const milliseconds = Number(values.get('cdur') ?? NaN), seconds = Number(values.get('dur') ?? NaN);
  if (milliseconds > 0) draft.put('event.duration', milliseconds * 1_000_000); else if (seconds > 0) draft.put('event.duration', seconds * 1_000_000_000);
  const file = values.get('fileid') ?? '', kind = hashKind(file);
  if (kind !== undefined) draft.put(`file.hash.${kind}`, file);
  draft.put('observer.vendor', 'SonicWall');
  act(draft, values, values.get('msg') ?? '');
  return true;
}

function putWeb(draft: Draft, values: ReadonlyMap<string, string>): void {
  const host = values.get('dstname'), path = values.get('arg'), status = Number(values.get('result') ?? NaN), method = values.get('op') ?? '';
  if (path !== undefined && path.startsWith('/')) { putTarget(draft, path); if (host !== undefined) draft.put('url.domain', host); joinUrl(draft); }
  if (status >= 100 && status < 600) draft.put('http.response.status_code', status); // 0 where none came
  if (/^[A-Z]{3,10}$/.test(method)) draft.put('http.request.method', method); else if (status >= 100 || path !== undefined) draft.put('http.request.method', METHODS[method]);
}

const METHODS = lookup<string>({ 1: 'GET', 2: 'POST', 3: 'HEAD' });

/** What the security services and the web filter found, by the event's number. */
const FOUND = lookup<Action>({
  608: 'intrusion_detected', 609: 'intrusion_detected', 789: 'intrusion_detected', 790: 'intrusion_detected', 794: 'malware_detected', 795: 'malware_detected', 809: 'malware_detected', 1154: 'connection', 1155: 'connection_denied',
  14: 'proxy_request', 16: 'proxy_request', 97: 'proxy_request', 1460: 'proxy_request', 793: 'connection', 1110: 'dhcp_lease', 1111: 'dhcp_lease', 1153: 'connection',
});
function act(draft: Draft, values: ReadonlyMap<string, string>, message: string): void {
  const found = FOUND[values.get('m') ?? ''] ?? (/^(?:GAV|Gateway Anti-Virus|Anti-Spyware)\b/.test(message) ? 'malware_detected' : undefined), service = values.get('fw_action') ?? values.get('af_action') ?? '';
  draft.fill('rule.category', values.get('ipscat') ?? values.get('spycat') ?? values.get('appcat') ?? values.get('Category') ?? values.get('category'));
  if (found !== undefined) {
    const blocked = BLOCKED.test(service) || / Prevention |denied|block/i.test(message), alert = /^[^:]{3,60} Alert: (.{1,300})$/.exec(message)?.[1], sid = values.get('sid');
    if (alert !== undefined) draft.put('rule.name', alert); else draft.fill('rule.name', values.get('af_policy'));
    if (sid !== undefined && /^\d+$/.test(sid)) draft.put('rule.id', sid);
    if (found === 'malware_detected' && alert !== undefined && !alert.startsWith('Capture ATP')) draft.put('threat.name', alert.replace(/(?: \([A-Za-z ]{1,30}\))? blocked\.?$/, ''));
    if (found === 'connection') { draft.act(blocked ? 'connection_denied' : 'connection'); return; }
    draft.act(found, blocked ? 'failure' : undefined);
    return;
  }
  if (service !== '' && service !== 'NA') { verdict(draft, service); return; }
  if (/\blogin\b.{0,60}\b(?:denied|failed)|authentication failed/i.test(message)) draft.act('login_failed');
  else if (/\blogin\b.{0,60}\ballowed|login successful|successful .{0,40}login|logged in|authentication success/i.test(message)) draft.act('login');
  else if (/\blogged ?out\b|\blogout\b/i.test(message)) draft.act('logout');
  else if (/^netextender (?:connected|disconnected)/i.test(message)) draft.act(/ connected/i.test(message) ? 'vpn_connected' : 'vpn_disconnected');
  else if (/^log cleared/i.test(message)) draft.act('log_cleared');
  else if (/^sonicwall .{0,20}activated/i.test(message)) draft.act('system_started');
  else if (/^dhcp server/i.test(message)) draft.act('dhcp_lease');
  else if (/^configuration (?:succeeded|failed)|^access rule (?:added|deleted|viewed or modified|modified)|administrator (?:name|password) changed|^system settings? imported/i.test(message)) draft.act('config_changed', /failed$/i.test(message) ? 'failure' : undefined);
  else if (/^(?:IKE|IPsec|VPN)/i.test(message)) actTunnel(draft, message);
  else if (/port scan|attack|flood|spoof|intrusion|ips (?:detection|prevention)|botnet|ping of death|smurf/i.test(message)) draft.act('intrusion_detected', /drop|block/i.test(message) ? 'failure' : undefined);
  else if (/opened/i.test(message)) draft.act('connection_started');
  else if (/closed/i.test(message)) draft.act('connection_ended');
  else if (/drop|den(?:y|ied)|block/i.test(message)) draft.act('connection_denied');
}
const BLOCKED = /drop|block|reset|reject|den(?:y|ied)/i;
function actTunnel(draft: Draft, message: string): void {
  if (/negotiation complete|adding ipsec sa|established/i.test(message)) draft.act('vpn_connected');
  else if (/does not match|mismatch|fail|time(?:d )?out|no (?:match|response|proposal)|den(?:y|ied)|drop/i.test(message)) draft.act('vpn_failed');
  else if (/delete|disconnect|terminat|expired/i.test(message)) draft.act('vpn_disconnected');
}

/** The same events in its ArcSight form: what has no key of CEF stands in labelled ones, a page as host and path, a method as a number. */
export function readSonicwallCef(draft: Draft, { code, name, value }: Told): void {
  const values = new Map([['m', code]]), page = draft.getText('url.original') ?? '', slash = page.indexOf('/');
  for (let n = 1; n <= 6; n++) {
    const text = value(`cs${String(n)}Label`), number = value(`cn${String(n)}Label`);
    if (text !== undefined) values.set(text.toLowerCase(), value(`cs${String(n)}`) ?? '');
    if (number !== undefined) values.set(number.toLowerCase(), value(`cn${String(n)}`) ?? '');
  }
  for (const key of ['fw_action', 'af_action', 'af_policy']) { const given = value(key); if (given !== undefined) values.set(key, given); }
  if (slash > 0 && !page.includes('://')) { draft.put('url.domain', page.slice(0, slash)); putTarget(draft, page.slice(slash)); }
  const method = draft.getText('http.request.method') ?? '', application = (value('proto') ?? '').split('/', 2)[1] ?? '';
  if (/^\d/.test(method)) { delete draft.event['http.request.method']; draft.put('http.request.method', METHODS[method]); }
  if (isApplication(application)) draft.fill('network.protocol', application.toLowerCase());
  if (/^\d/.test(draft.getText('event.reason') ?? '')) delete draft.event['event.reason']; // the category's number
  act(draft, values, name);
}

export const sonicwall: Format = { name: 'sonicwall.firewall', holds: ['sn='], detect: ({ head }) => /^\s*id=\S+ +sn=/.test(head) || /\bsn=[0-9A-F]{8,} time="/.test(head), read: readSonicwall };
