// What single products mean by CEF's custom fields, and by LEEF's own: the label a value carries (`cs4Label=query_name`), or where a product sends none,
// the key itself. By `Device Vendor`, lower-case; labels without case, spaces, and their table's prefix (`SLF_`, `CLF_` ...).
import type { Draft } from '../draft.js';
import { lookup, type Lookup } from '../lookup.js';
import { readCheckpointEvent } from './checkpoint.js';
import { CEF_ENDPOINTS, readDefenderCef } from './cef-endpoints.js';
import { readEset } from './eset.js';
import { actFortinet, FORTINET_FIELDS } from './fortigate.js';
import { readSecurityCenter } from './kaspersky.js';
import { mikrotik, readTopics } from './mikrotik.js';
import { putAction, putPanosUrl, readOpaque } from './panos.js';
import { readSonicwallCef } from './sonicwall.js';
import { readArcSight, readNxlog } from '../windows/arcsight.js';
import { putTarget } from '../web/request.js';
import { isBlocked, mean, type Told } from './told.js';
import { joinUrl } from '../web/request.js';
import { readTippingPoint, readTrendMicro } from './trend-micro.js';

export interface CefProduct {
  readonly labels?: Lookup<string>;
  /** By the key in small letters. */
  readonly keys?: Lookup<string>;
  /** Times without a zone are in UTC. */
  readonly utc?: boolean;
  /** Reads what follows from the event's class, its name and several of its values. */
  readonly more?: (draft: Draft, told: Told) => void;
}

/** A FortiGate's own keys keep their names behind a prefix; type and subtype stand in `cat`, what it did in `act`. */
function readFortigate(draft: Draft, value: Told['value']): void {
  const values = new Map<string, string>(), [type, subtype] = (value('cat') ?? '').split(':'), own = draft.get('event.action');
  for (const name of ['subtype', 'virus', 'attack', 'status', 'dhcp_msg', 'http_method']) { const given = draft.getText(`fortinet.firewall.${name}`); if (given !== undefined) values.set(name, given); }
  if (type !== undefined && type !== '') { values.set('type', type); draft.keep('fortinet.firewall.type', type); }
  if (!values.has('subtype') && subtype !== undefined) values.set('subtype', subtype);
  values.set('action', value('act') ?? '');
  for (const name of ['virus', 'attack', 'qname', 'qtype', 'agent', 'hostname', 'sni']) draft.fill(FORTINET_FIELDS[name] ?? '', draft.get(`fortinet.firewall.${name}`));
  draft.fill('rule.name', values.get('virus') ?? values.get('attack'));
  joinUrl(draft);
  actFortinet(draft, values);
  if (own !== undefined) draft.event['event.action'] = own;
  draft.event['event.dataset'] = 'fortinet.firewall';
}

const KASPERSKY: CefProduct = { labels: lookup({ virusname: 'threat.name', virus_name: 'threat.name', verdictname: 'threat.name', 'x-client-ip': 'source.ip', 'x-client-username': 'user.name' }), keys: lookup({ virusname: 'threat.name', dvs: 'observer.ip' }), more: readSecurityCenter };
const IMPERVA: CefProduct = { labels: lookup({ policy: 'rule.name', servicename: 'service.name' }), more: (draft, { code, value }) => {
  for (const field of ['user.name', 'destination.user.name', 'user.target.name']) if (draft.getText(field)?.startsWith('${') === true) Reflect.deleteProperty(draft.event, field); // a placeholder that nothing filled
  if (/^(?:Firewall|Signature|Protocol|Profile|Correlation|Custom)/i.test(code) || value('cat') === 'Alert') mean(draft, 'web_attack_detected', isBlocked(value('act')) ? 'failure' : 'success');
} };
/** The secret or the role that was touched stands under file names. */
const SECRET_SERVER: CefProduct = { more: (draft, { name, value }) => {
  Reflect.deleteProperty(draft.event, 'file.name');
  const said = `${name} ${value('msg') ?? ''}`;
  if (/log ?in ?fail|failed to log ?in/i.test(said)) draft.act('login_failed'); else if (/\blog ?out\b/i.test(said)) draft.act('logout'); else if (/\blog ?in\b/i.test(said)) draft.act('login');
  else if (/SECRET - (?:VIEW|COPY|LAUNCH|CHECK ?OUT|PASSWORD|WEBSERVICE)/i.test(name)) draft.act('credentials_read'); else if (/- (?:CREATE|EDIT|UPDATE|DELETE|ADD|REMOVE)/i.test(name)) draft.act('config_changed');
} };
/** `sntdom` and `dntdom` are accounts' domains, no machines. */
const WINDOWS: CefProduct = { keys: lookup({ sntdom: 'source.user.domain', dntdom: 'destination.user.domain', identhostname: 'source.domain' }), more: (draft, told) => { if (!readDefenderCef(draft, told)) readArcSight(draft, told); } };
export const CEF_PRODUCTS: Lookup<CefProduct> = lookup<CefProduct>({
  zscaler: { keys: lookup({ outcome: 'http.response.status_code' }) },
  // Application firewall: cs1 is the profile that met the request.
  citrix: { keys: lookup({ cs1: 'rule.name', cs6: 'rule.category', method: 'http.request.method' }), more: (draft, { value }) => mean(draft, 'web_attack_detected', isBlocked(value('act')) ? 'failure' : 'success') },
  // Its own keys stay where CEF has none.
  'check point': { labels: lookup({ protection_name: 'threat.name', rule_name: 'rule.name', threat_prevention_rule_name: 'rule.name', matched_category: 'rule.category', email_subject: 'email.subject', application_name: 'network.application' }), keys: lookup({ inzone: 'observer.ingress.zone', outzone: 'observer.egress.zone', administrator: 'user.name', rule_uid: 'rule.id' }), more: readCheckpointEvent },
  f5: { keys: lookup({ host: 'url.domain', http_code: 'http.response.status_code' }), labels: lookup({ full_request: 'http.request', policy_name: 'rule.name', x_forwarded_for_header_value: 'network.forwarded_ip', attack_type: 'rule.category', acl_rule_name: 'rule.name', dos_attack_name: 'rule.name' }), more: (draft, { product, value }) => {
    const blocked = isBlocked(value('act')) ? 'failure' as const : 'success' as const;
    const attack = value('attack_type') ?? value('cs4');
    if (product === 'ASM') mean(draft, attack === 'N/A' || attack === undefined ? 'http_request' : 'web_attack_detected', blocked);
    else if (/firewall/i.test(product)) mean(draft, blocked === 'failure' ? 'connection_denied' : 'connection_allowed');
  } },
  // The log's type is the name, its kind the class.
  'palo alto networks': {
    labels: lookup({ source_zone: 'observer.ingress.zone', destination_zone: 'observer.egress.zone' }),
    keys: lookup({ panospublicipv4: 'source.ip', panosendpointdevicename: 'source.domain', panossourceusername: 'source.user.name', application: 'network.protocol', devicename: 'observer.name', sourcezone: 'observer.ingress.zone', destinationzone: 'observer.egress.zone', ingressinterface: 'observer.ingress.interface.name', egressinterface: 'observer.egress.interface.name', sessionendreason: 'event.reason', serialnumber: 'observer.serial_number', totalbytes: 'network.bytes' }),
    more: (draft, { name, code, value }) => {
      const url = draft.getText('url.original');
      if (url !== undefined && name === 'THREAT') putPanosUrl(draft, url, code);
      const threat = /^(.{1,200}?)\((\d{1,10})\)$/.exec(value('cat') ?? '');
      if (threat !== null) { draft.put('threat.name', threat[1]); draft.put('event.code', threat[2]); }
      if (name === 'SYSTEM') readOpaque(draft, value('msg') ?? '');
      if (/^(?:TRAFFIC|THREAT|CONFIG|SYSTEM|DECRYPTION|CORRELATION)$/.test(name)) { const own = draft.get('event.action'); putAction(draft, name, code, new Map([['action', value('act') ?? ''], ['eventid', code]])); if (own !== undefined) draft.event['event.action'] = own; }
    },
  },
  microsoft: WINDOWS, nxlog: { more: readNxlog },
  sonicwall: { keys: lookup({ cs1: 'rule.name', susr: 'source.user.name', snpt: 'source.nat.port', dnpt: 'destination.nat.port', snat: 'source.nat.ip', dnat: 'destination.nat.ip', arg: 'url.path', dstname: 'url.domain' }), more: readSonicwallCef },
  // RouterOS puts its topics into the name.
  mikrotik: { more: (draft, { name, value }) => { draft.event['event.dataset'] = mikrotik.name; readTopics(draft, name, value('msg') ?? ''); } },
  'trend micro': {
    labels: lookup({ ruleid: 'rule.name', rule: 'rule.name', filesource: 'file.path', infectionlocation: 'location', detectionname: 'threat.name', virusname: 'threat.name', threatname: 'threat.name', malname: 'threat.name', malwarename: 'threat.name', threats: 'threat.name', messageid: 'email.message_id', sendermail: 'email.from.address', rcptmail: 'email.to.address', li_description: 'event.reason', command: 'process.command_line', domainname: 'user.domain', 'incident_source_(ad_account)': 'user.name' }),
    keys: lookup({ tmcmlogdetectedip: 'host.ip', tmcmlogdetectedhost: 'host.name', domainname: 'user.domain' }),
    more: readTrendMicro,
  },
  ...CEF_ENDPOINTS, cyberark: CEF_ENDPOINTS['cyber-ark'] ?? {},
  tippingpoint: { more: readTippingPoint },
  eset: { utc: true, labels: lookup({ threat_name: 'threat.name', hash: 'file.hash.sha256', rule_id: 'rule.name', rule: 'rule.name',  command_line: 'process.command_line' }), keys: lookup({ threatname: 'threat.name', devicename: 'host.name', objecturi: 'file.path', hash: 'file.hash.sha256', actiontaken: 'event.action', action: 'event.action' }), more: readEset },
  // Policy zones: the name that was asked stands in the sentence alone.
  infoblox: { keys: lookup({ qtype: 'dns.question.type', fqdn: 'dns.question.name' }), more: (draft, { product, code, name, value }) => {
    if (product === 'NIOS Threat') { // threat protection's own rules
      for (const [field, said] of [['rule.id', code], ['rule.name', name], ['rule.category', value('cat')?.replace(/^"|"$/g, '')], ['network.protocol', 'dns']] as const) draft.put(field, said);
      mean(draft, 'intrusion_detected', isBlocked(value('act')) ? 'failure' : undefined);
      return;
    }
    const told = /\brewrite (\S{1,255}) \[[A-Z0-9]{1,10}\] via (\S{1,255})/.exec(value('msg') ?? '');
    draft.put('dns.question.name', told?.[1]); draft.put('rule.name', told?.[2]?.replace(/"$/, '')); draft.put('network.protocol', 'dns');
    if (code.startsWith('RPZ')) draft.act('dns_query', /PASSTHRU/i.test(name) ? 'success' : 'failure');
  } },
  imperva: IMPERVA, 'imperva inc.': IMPERVA,
  // Its cloud's sites: the request and what became of it; `in` is the answer's size, `sip` and `spt` the site's own server, `cpt` the client's port.
  incapsula: { keys: lookup({ cn1: 'http.response.status_code', sip: 'destination.ip', cpt: 'source.port', sourceservicename: 'url.domain', ref: 'http.request.referrer', xff: 'network.forwarded_ip', in: 'http.response.bytes' }), more: (draft, { value }) => {
    draft.put('source.port', value('cpt')); draft.put('destination.port', value('spt'));
    for (const field of ['source.user.id', 'destination.bytes', 'destination.process.name']) Reflect.deleteProperty(draft.event, field); // the site's account, the answer's size, the kind of client
    const rule = value('cs9')?.replace(/[,\s]+$/, ''), request = value('request'), query = value('qstr');
    if (rule !== undefined) { Reflect.deleteProperty(draft.event, 'rule.name'); draft.put('rule.name', rule); }
    if (request !== undefined) { const slash = request.indexOf('/'); putTarget(draft, `${slash < 0 ? '/' : request.slice(slash)}${query === undefined || query === '' ? '' : `?${query}`}`); draft.put('url.original', request); if (slash > 0) draft.put('url.domain', request.slice(0, slash)); }
    const act = value('act') ?? '', blocked = /BLOCK|CHALLENGE|FILTERED/i.test(act);
    draft.act(blocked ? 'web_attack_detected' : 'http_request', blocked ? 'failure' : undefined);
  } },
  'thycotic software': SECRET_SERVER, delinea: SECRET_SERVER,
  fortinet: { labels: lookup({ mname: 'threat.name', malware_name: 'threat.name', virus: 'threat.name' }), more: (draft, { product, name, value }) => { if (/fortisandbox|fortiedr|forticlient/i.test(product)) { if (draft.has('threat.name') || /malicious|malware|virus/i.test(name)) mean(draft, 'malware_detected', isBlocked(value('act')) ? 'failure' : undefined); } else if (/fortigate/i.test(product)) readFortigate(draft, value); else if (/fortiweb/i.test(product) && /attack/i.test(`${name} ${value('cat') ?? ''}`)) mean(draft, 'web_attack_detected', isBlocked(value('act')) ? 'failure' : 'success'); } },
  // UniFi: a console's own keys for clients, administrators and devices.
  ubiquiti: { keys: lookup({ unificlientip: 'source.ip', unificlientmac: 'source.mac', unificlientalias: 'source.domain', unificlienthostname: 'source.domain', unifiadmin: 'user.name', unifidevicename: 'observer.name', unifideviceip: 'observer.ip', unifidevicemac: 'observer.mac', unifihost: 'observer.name' }), more: (draft, { name }) => {
    if (/login (?:failed|failure)|failed .{0,20}log ?in/i.test(name)) draft.act('login_failed');
    else if (/accessed|logged in|login/i.test(name)) draft.act('login');
    else if (/client connected/i.test(name)) draft.act('connection_started');
    else if (/client disconnected/i.test(name)) draft.act('connection_ended');
    else if (/threat|intrusion/i.test(name)) draft.act('intrusion_detected', /block/i.test(name) ? 'failure' : undefined);
    else if (/config|setting|created|deleted|updated|change/i.test(name)) draft.act('config_changed');
  } },
  watchguard: { keys: lookup({ disp: 'event.action', src_user: 'source.user.name' }), more: (draft) => { const verdict = /^(?:proxy)?(?:(allow|inspect)|deny|drop|block|strip|lock|replace)/i.exec(draft.getText('event.action') ?? ''); if (verdict !== null) mean(draft, verdict[1] === undefined ? 'connection_denied' : 'connection_allowed'); } },
  kaspersky: KASPERSKY, kasperskylab: KASPERSKY, 'kaspersky lab': KASPERSKY, 'ao kaspersky lab': KASPERSKY,
});
