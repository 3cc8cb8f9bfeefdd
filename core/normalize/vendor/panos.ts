// Palo Alto Networks PAN-OS: one line of comma-separated values whose places depend on the log type. Later versions only append, so
// places count from the left. https://docs.paloaltonetworks.com (Syslog Field Descriptions).
import { readIso, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { splitCsv } from '../csv.js';
import { putTarget } from '../web/request.js';

const SESSION = 'src dst natsrc natdst rule srcuser dstuser app vsys from to inbound_if outbound_if logset _ sessionid repeatcnt sport dport natsport natdport flags proto action';
const PLACES: Readonly<Record<string, readonly string[] | undefined>> = Object.assign(Object.create(null) as Record<string, readonly string[]>, Object.fromEntries(Object.entries({
  TRAFFIC: `${SESSION} bytes bytes_sent bytes_received packets start elapsed category _ seqno actionflags srcloc dstloc _ pkts_sent pkts_received session_end_reason _ _ _ _ vsys_name device_name`,
  THREAT: `${SESSION} misc threatid category severity direction seqno actionflags srcloc dstloc _ contenttype pcap_id filedigest cloud url_idx user_agent filetype xff referer sender subject recipient reportid _ _ _ _ vsys_name device_name _ _ _ http_method`,
  DECRYPTION: SESSION,
  TUNNEL: SESSION,
  SCTP: SESSION,
  SYSTEM: 'vsys eventid object _ _ module severity opaque seqno actionflags _ _ _ _ vsys_name device_name',
  CONFIG: 'host vsys cmd admin client result path before_change_detail after_change_detail seqno',
  USERID: 'vsys ip user datasourcename eventid repeatcnt timeout sport dport datasource datasourcetype seqno',
  HIPMATCH: 'srcuser vsys machinename os src matchname repeatcnt matchtype',
  GLOBALPROTECT: 'vsys eventid stage auth_method tunnel_type srcuser srcregion machinename public_ip public_ipv6 private_ip private_ipv6 hostid serialnumber client_ver client_os client_os_ver repeatcnt reason error opaque status location',
  AUTHENTICATION: 'vsys ip user normalize_user object authpolicy repeatcnt authid vendor logset serverprofile desc clienttype event factorno',
  'CORRELATION': 'src srcuser vsys category severity _ _ _ _ vsys_name device_name _ object_name object_id evidence',
}).map(([type, places]) => [type, places.split(' ')])));

const ECS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, {
  src: 'source.ip', dst: 'destination.ip', natsrc: 'source.nat.ip', natdst: 'destination.nat.ip', rule: 'rule.name', app: 'network.protocol', inbound_if: 'observer.ingress.interface.name', outbound_if: 'observer.egress.interface.name', sport: 'source.port', dport: 'destination.port', natsport: 'source.nat.port', natdport: 'destination.nat.port',
  proto: 'network.transport', bytes: 'network.bytes', bytes_sent: 'source.bytes', bytes_received: 'destination.bytes', user_agent: 'user_agent.original', referer: 'http.request.referrer', subject: 'email.subject', sender: 'email.from.address', recipient: 'email.to.address', http_method: 'http.request.method', filedigest: 'file.hash.sha256',
  device_name: 'observer.name', session_end_reason: 'event.reason', host: 'source.ip', admin: 'user.name', ip: 'source.ip', public_ip: 'source.ip', private_ip: 'source.nat.ip', machinename: 'source.domain', severity: 'log.level', serial: 'observer.serial_number', desc: 'event.reason', matchname: 'rule.name', authpolicy: 'rule.name',
});

function readPanos(draft: Draft): boolean {
  const cells = splitCsv(draft.text, ',');
  const type = cells[3] ?? '', places = PLACES[type];
  if (cells.length < 10) return false;
  draft.put('panw.panos.type', type);
  draft.put('panw.panos.sub_type', cells[4]);
  draft.put('observer.serial_number', cells[2]);
  draft.put('observer.vendor', 'Palo Alto Networks');
  draft.put('observer.product', 'PAN-OS');
  const stamp = readIso(cells[6] ?? '', 0) ?? readIso(cells[1] ?? '', 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  const values = new Map<string, string>();
  places?.forEach((name, i) => { const value = cells[7 + i]?.trim(); if (name !== '_' && value !== undefined && value !== '') values.set(name, value); });
  for (const [name, value] of values) {
    draft.put(`panw.panos.${name}`, value);
    const field = ECS[name];
    if (field === 'source.nat.ip' || field === 'destination.nat.ip') { if (value !== '0.0.0.0' && value !== '::') draft.put(field, value); }
    else if (field === 'network.transport') draft.put(field, value.toLowerCase());
    else if (field !== undefined) draft.fill(field, value);
  }
  putUsers(draft, values);
  putUrl(draft, values, cells[4] ?? '');
  putAction(draft, type, cells[4] ?? '', values);
  return true;
}

/** `corp\bob` stands for bob of corp; the same for `user` of other logs. */
function putUsers(draft: Draft, values: ReadonlyMap<string, string>): void {
  for (const [name, prefix] of [['srcuser', 'source.user'], ['dstuser', 'destination.user'], ['user', 'source.user']] as const) {
    const value = values.get(name);
    if (value === undefined) continue;
    const slash = value.indexOf('\\');
    draft.fill(`${prefix}.name`, value.slice(slash + 1));
    if (slash > 0) draft.fill(`${prefix}.domain`, value.slice(0, slash));
    draft.fill('user.name', value.slice(slash + 1));
    if (slash > 0) draft.fill('user.domain', value.slice(0, slash));
  }
  const opaque = values.get('opaque') ?? '';
  draft.fill('user.name', /(?:for user |User name: |user: ?|user ')'?([^'\s,.]{1,128})'?/.exec(opaque.slice(0, 1000))?.[1]);
  draft.fill('source.ip', /(?:From: |Source IP: |from |client IP: |Login from: )([0-9a-fA-F.:]{3,45}?)[\s.,]?(?:$|[\s,])/.exec(opaque.slice(0, 1000))?.[1]?.replace(/\.$/, ''));
  draft.put('event.reason', opaque === '' ? undefined : opaque);
}

function putUrl(draft: Draft, values: ReadonlyMap<string, string>, subtype: string): void {
  const misc = values.get('misc');
  if (misc === undefined) return;
  if (subtype !== 'url' && subtype !== 'vulnerability') { draft.put('file.name', misc); return; }
  if (misc.includes('://')) { putTarget(draft, misc); return; }
  const slash = misc.indexOf('/');
  putTarget(draft, misc);
  if (slash > 0) {
    const domain = misc.slice(0, slash).replace(/:\d+$/, '');
    draft.put('url.domain', domain);
    draft.put('url.path', misc.slice(slash).split('?', 1)[0]);
    draft.put('destination.domain', domain);
  }
}

function putAction(draft: Draft, type: string, subtype: string, values: ReadonlyMap<string, string>): void {
  const action = (values.get('action') ?? '').toLowerCase(), event = (values.get('eventid') ?? values.get('event') ?? '').toLowerCase();
  const denied = /deny|drop|block|reset|sinkhole/.test(action);
  if (type === 'TRAFFIC') draft.act(denied ? 'connection_denied' : subtype === 'start' ? 'connection_started' : 'connection_allowed');
  else if (type === 'THREAT') draft.act(subtype === 'virus' || subtype === 'wildfire' || subtype === 'wildfire-virus' ? 'malware_detected' : subtype === 'url' ? (denied ? 'connection_denied' : 'http_request') : 'intrusion_detected');
  else if (type === 'CONFIG') draft.act('config_changed');
  else if (type === 'GLOBALPROTECT') draft.act(values.get('status') === 'failure' ? 'vpn_failed' : event.includes('logout') ? 'vpn_disconnected' : 'vpn_connected');
  else if (event.includes('auth-fail')) draft.act('login_failed');
  else if (event.includes('auth-success')) draft.act('login');
}

const LOOKS = /^\d{0,3},(?:\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d)?,[^,]{0,40},(?:TRAFFIC|THREAT|CONFIG|SYSTEM|USERID|HIPMATCH|HIP-MATCH|GLOBALPROTECT|AUTHENTICATION|DECRYPTION|TUNNEL|SCTP|CORRELATION|IPTAG|AUDIT|GTP),/;
export const panos: Format = { name: 'panw.panos', detect: ({ head }) => LOOKS.test(head), read: readPanos };
