// Sangfor's NGAF (Network Secure) in its text form, `fwlog: Log type: APT detection, policy name:p1, rule ID:7, src IP: 192.0.2.201, src port:50815, ..., action:Denied`;
// its CEF is read where all CEF is. The same form is written by its other gateways.
import type { Action } from '../actions.js';
import { putAccount } from '../account.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { nativeNames } from '../native-names.js';
import { isIp, protocolName } from '../net.js';
import { putTarget } from '../web/request.js';
import { isBlocked } from './told.js';

const START = /^Log [Tt]ype ?: ?/, NATIVE = nativeNames('sangfor.ngaf');
const KEYS = lookup<string>({
  'policy name': 'rule.name', 'rule id': 'rule.id', 'src ip': 'source.ip', 'source ip': 'source.ip', ip: 'source.ip', 'user ip': 'source.ip', 'client ip': 'source.ip', 'login ip': 'source.ip', 'host ip': 'source.ip', 'src port': 'source.port', 'source port': 'source.port', 'src mac': 'source.mac', mac: 'source.mac', 'dst ip': 'destination.ip', 'destination ip': 'destination.ip', 'dst port': 'destination.port', 'destination port': 'destination.port', user: 'user.name', username: 'user.name', 'user name': 'user.name', 'username/host': 'user.name', protocol: 'network.transport',
  'attack type': 'rule.category', 'attack name': 'threat.name', 'vulnerability name': 'threat.name', 'virus name': 'threat.name', 'file name': 'file.name', md5: 'file.hash.md5', 'app name': 'network.application', application: 'network.application', 'application name': 'network.application', 'outbound(b)': 'source.bytes', 'inbound(b)': 'destination.bytes', 'bidirectional(b)': 'network.bytes', 'src zone': 'observer.ingress.zone', 'source zone': 'observer.ingress.zone', 'dst zone': 'observer.egress.zone', 'destination zone': 'observer.egress.zone', reason: 'event.reason', description: 'event.reason', 'cve id': 'vulnerability.id', 'domain name': 'dns.question.name', 'url category': 'rule.category',
});

function readNgaf(draft: Draft): boolean {
  if (!START.test(draft.head)) return false;
  const values = new Map<string, string>();
  for (const part of draft.text.slice(0, 16_000).split(/, ?(?=[A-Za-z][A-Za-z /_()]{0,30}:)/, 100)) {
    const colon = part.indexOf(':'), written = part.slice(0, colon).trim(), key = written.toLowerCase(), value = part.slice(colon + 1).trim();
    if (colon <= 0 || values.has(key) || value === '' || value === '(null)') continue;
    values.set(key, value);
    draft.keep(NATIVE(key.replace(/[^a-z0-9]+/g, '_').replace(/_$/, '')), value);
    const field = KEYS[key];
    if (field === 'user.name') { if (isIp(value)) draft.fill('source.ip', value); else putAccount(draft, 'user', value); }
    else if (field === 'network.transport') putAs(draft, field, protocolName(value));
    else if (field === 'vulnerability.id') { if (value.startsWith('CVE-')) draft.fill(field, value); }
    else if (field !== undefined) putAs(draft, field, value);
  }
  draft.put('observer.vendor', 'Sangfor'); draft.put('observer.product', 'NGAF');
  const kind = (values.get('log type') ?? '').toLowerCase(), action = values.get('action') ?? '', url = values.get('url');
  draft.put('event.code', values.get('log type'));
  if (url !== undefined) putUrl(draft, url);
  const side = /dnat/i.test(values.get('nat type') ?? '') ? 'destination' : 'source';
  draft.put(`${side}.nat.ip`, values.get('translated ip')); draft.put(`${side}.nat.port`, values.get('translated port'));
  act(draft, kind, action, `${values.get('result') ?? ''} ${values.get('status') ?? ''} ${values.get('description') ?? ''}`);
  return true;
}

/** Of most addresses the scheme is not written. */
function putUrl(draft: Draft, url: string): void {
  const bare = /^(?=[^/]{0,253}\.)([\w.-]{3,253})(?::(\d{1,5}))?(?=[/?]|$)/.exec(url);
  if (bare === null) { putTarget(draft, url); return; }
  if (url.length > bare[0].length) putTarget(draft, url.slice(bare[0].length));
  draft.put('url.original', url); draft.put('url.domain', bare[1]); draft.put('url.port', bare[2] === undefined ? undefined : Number(bare[2]));
}

function act(draft: Draft, kind: string, action: string, result: string): void {
  const failed = /fail|denied|error|wrong/i.test(result) || /fail/i.test(action), blocked = isBlocked(action);
  if (/ssl ?vpn/.test(kind)) draft.act(/log ?out|log ?off|offline/i.test(action) ? 'vpn_disconnected' : failed ? 'vpn_failed' : 'vpn_connected');
  else if (/auth|log ?in|user|admin|operation|system/.test(kind)) { const done: Action | undefined = /log ?out|log ?off|offline/i.test(action) ? 'logout' : failed ? 'login_failed' : /log ?in|log ?on|auth|online|success/i.test(`${action} ${result}`) ? 'login' : /admin|operation/.test(kind) ? 'config_changed' : undefined; if (done !== undefined) draft.act(done); }
  else if (/virus|malware|malicious file/.test(kind)) draft.act('malware_detected', blocked ? 'failure' : undefined);
  else if (/waf|web app/.test(kind)) draft.act('web_attack_detected', blocked ? 'failure' : undefined);
  else if (/apt|ips|intrusion|botnet|dos|attack|vulnerab|brute|security|threat|exploit/.test(kind)) draft.act('intrusion_detected', blocked ? 'failure' : undefined);
  else if (/url|web ?site|web access/.test(kind)) draft.act(blocked ? 'connection_denied' : 'http_request');
  else if (/traffic|audit|nat\b|session/.test(kind) && action === '') draft.act('connection');
  else if (action !== '') draft.act(blocked ? 'connection_denied' : 'connection_allowed');
}

export const sangfor: Format = { name: 'sangfor.ngaf', holds: ['^Log type', '^Log Type'], detect: ({ head }) => START.test(head), read: readNgaf };
