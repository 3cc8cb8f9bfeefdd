// WatchGuard Firebox: `msg_id="3000-0148" Deny 0-External 1-Trusted 60 tcp 20 63 192.0.2.1 198.51.100.1 50000 22 offset ... key="value" (policy-00)`, its
// proxies' `ProxyDrop: HTTP Virus found 1-Trusted 0-External tcp 192.0.2.1 ...`, and the sentences of its logins.
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { keyTable } from '../keys.js';
import { isIp, macOf } from '../net.js';
import { readPairs } from '../pairs.js';
import { joinUrl } from '../web/request.js';
import { names, putPairs } from './native-pairs.js';

const KEYS = keyTable('watchguard', names('src_ip:source.ip dst_ip:destination.ip src_port:source.port dst_port:destination.port src_ip_nat:source.nat.ip src_port_nat:source.nat.port dst_ip_nat:destination.nat.ip dst_port_nat:destination.nat.port src_user:_ dst_user:_ sent_bytes:source.bytes rcvd_bytes:destination.bytes op:http.request.method dstname:url.domain host:url.domain arg:url.original path:url.original cn:_ sni:tls.client.server_name app_name:network.application app_cat_name:rule.category cats:rule.category cat_name:rule.category signature_cat:rule.category signature_id:rule.id md5:file.hash.md5 duration:_ policy:rule.name msg:_ virus:threat.name signature_name:threat.name reason:event.reason'));
const VERDICT = /\b(Proxy)?(Allow|Deny|Drop|Block|Strip|Inspect|Lock|Replace)(?::\s+([A-Za-z][^"=]{0,80}?))?\s+((?:\d{1,3}-\S{1,40}|Firebox|Any\S{0,20})\s.{1,400})/;
const TRANSPORT = /^(?:tcp|udp|icmp|icmpv6|igmp|esp|gre|sctp)(?:\/\S+)?$/i, LINK = /^(?:\d{1,3}-\S+|Firebox|Any\S*)$/;

function readWatchguard(draft: Draft): boolean {
  const values = putPairs(draft, KEYS, readPairs(draft.text)), verdict = VERDICT.exec(draft.head) ?? /\b()(Allow|Deny)()\s+(.{1,400})/.exec(draft.head);
  draft.put('event.code', values.get('msg_id'));
  draft.put('observer.vendor', 'WatchGuard');
  const serial = draft.getText('host.name') ?? '', device = draft.getText('log.syslog.relay'), took = Number(values.get('duration') ?? NaN), user = values.get('src_user');
  if (SERIAL.test(serial)) { // stands behind the device's name
    draft.put('observer.serial_number', serial);
    if (device !== undefined) draft.put('host.name', device);
  }
  if (took > 0) draft.put('event.duration', took * 1e9);
  draft.fill('destination.domain', draft.get('tls.client.server_name'));
  if (user !== undefined) putAccount(draft, 'user', user);
  if (verdict === null) { readLogin(draft); return true; }
  const words = (verdict[4] as string).split(/\s+/, 30), at = words.findIndex(isIp), transport = words.slice(0, Math.max(at, 0)).find((word) => TRANSPORT.test(word))?.split('/', 1)[0]?.toLowerCase();
  if (at >= 0) {
    draft.fill('source.ip', words[at]);
    if (isIp(words[at + 1] ?? '')) draft.fill('destination.ip', words[at + 1]);
    if (transport !== 'icmp' && transport !== 'icmpv6' && /^\d{1,5}$/.test(words[at + 2] ?? '') && /^\d{1,5}$/.test(words[at + 3] ?? '')) { draft.fill('source.port', words[at + 2]); draft.fill('destination.port', words[at + 3]); }
    if (transport !== undefined) draft.put('network.transport', transport);
    const link = words.slice(0, at).findIndex((word, i) => LINK.test(word) && LINK.test(words[i + 1] ?? ''));
    if (link >= 0) { draft.put('observer.ingress.interface.name', words[link]); draft.put('observer.egress.interface.name', words[link + 1]); }
  }
  joinUrl(draft);
  const said = `${verdict[3] ?? ''} ${values.get('msg') ?? ''}`, passed = verdict[2] === 'Allow' || verdict[2] === 'Inspect';
  if (/virus|malware|apt\b/i.test(said) && !/scan(?:ned)? (?:ok|clean)/i.test(said)) draft.act('malware_detected', passed ? 'success' : 'failure');
  else if (/\bips\b|intrusion/i.test(said)) draft.act('intrusion_detected', passed ? 'success' : 'failure');
  else draft.act(passed ? 'connection_allowed' : 'connection_denied');
  draft.put('rule.name', /\(([^()]{1,120}?)(?:-\d\d)?\)\s*$/.exec(draft.text.slice(-200))?.[1]);
  return true;
}

const SERIAL = /^[0-9A-F]{12,13}$/;

/** `Authentication of SSLVPN user [an@Firebox-DB] from 192.0.2.1 was rejected, ...`, `SSL VPN user an@Firebox-DB from 192.0.2.1 logged in assigned virtual IP is 192.0.2.114`. */
function readLogin(draft: Draft): void {
  const found = /(?:\b(SSL ?VPN|Mobile VPN|IKEv2 VPN|L2TP|IPSec)\b.{0,40}?)?\buser \[?([^\s\]]{1,128})\]? from ([0-9a-fA-F.:]{3,45}) (.{1,200})/i.exec(draft.head);
  if (found === null) {
    const lease = /\bDHCP(?:ACK|REQUEST|OFFER|RELEASE|INFORM) (?:on|for|of) ([0-9a-fA-F.:]{3,45}) (?:to|from) ([0-9a-fA-F:]{17})(?: \(([^)\s]{1,255})\))?/.exec(draft.head);
    if (lease !== null) { draft.put('source.ip', lease[1]); draft.put('source.mac', macOf(lease[2] as string)); draft.put('source.domain', lease[3]); draft.act('dhcp_lease'); return; }
    const mobile = /\b(?:Mobile VPN|IKEv2 VPN)\b.{0,30}? user (\S{1,128}) (logged in|logged out|disconnected)\b/.exec(draft.head), changed = /\b(?:configuration|settings?) .{0,60}?\bby (?:user )?(\S{1,128}?)(?: from ([0-9a-fA-F.:]{3,45}))?\.?$/i.exec(draft.head.slice(0, 400));
    const phase = /\(([0-9a-fA-F.:]{3,45})<->([0-9a-fA-F.:]{3,45})\) ?(.{0,200})/.exec(draft.head);
    if (mobile !== null) {
      putAccount(draft, 'user', mobile[1]);
      draft.put('source.nat.ip', /Virtual IP address is ([0-9a-fA-F.:]{3,45}?)\.? /.exec(draft.head)?.[1]);
      draft.put('source.ip', /Real IP address is ([0-9a-fA-F.:]{3,45}?)\.?$/.exec(draft.head)?.[1]);
      draft.act(mobile[2] === 'logged in' ? 'vpn_connected' : 'vpn_disconnected');
    } else if (changed !== null) { putAccount(draft, 'user', changed[1]); draft.put('source.ip', changed[2]); draft.act('config_changed'); }
    else if (phase !== null) {
      draft.put('destination.ip', phase[1]); draft.put('source.ip', phase[2]);
      draft.put('event.reason', /Reason[:=] ?(.{2,120})$/.exec(phase[3] ?? '')?.[1]);
      if (/fail|error|timed out/i.test(phase[3] ?? '')) draft.act('vpn_failed'); else if (/established|created|succe/i.test(phase[3] ?? '')) draft.act('vpn_connected');
    }
    const blocked = /\bblocking host ([0-9a-fA-F.:]{3,45})(?: \(reason = ([^)]{1,120})\))?/.exec(draft.head);
    if (blocked !== null) { draft.put('source.ip', blocked[1]); draft.put('event.reason', blocked[2]); draft.act('intrusion_detected'); }
    return;
  }
  const [, kind = '', user, from, what = ''] = found, vpn = /vpn|l2tp|ipsec/i.test(kind);
  putAccount(draft, 'user', user);
  draft.put('source.ip', from);
  draft.put('source.nat.ip', /virtual IP (?:address )?is ([0-9a-fA-F.:]{3,45})/i.exec(what)?.[1]);
  if (/rejected|denied|failed|incorrect/i.test(what)) { draft.put('event.reason', /(?:rejected|denied|failed), (.{1,160}?)(?: msg_id=|$)/.exec(what)?.[1]); draft.act('login_failed'); }
  else if (/logged in|accepted/.test(what)) draft.act(vpn && what.includes('logged in') ? 'vpn_connected' : 'login');
  else if (/^(?:modified|added|deleted|changed|updated|created|removed) /.test(what)) draft.act('config_changed');
  else if (/logged out/.test(what)) draft.act(vpn ? 'vpn_disconnected' : 'logout');
}

/** Its parts bear the names of common daemons. */
export const watchguardPart: Format = { name: 'watchguard.firebox', holds: ['^msg_id="'], beforePrograms: true, detect: ({ head }) => head.startsWith('msg_id="') && /^msg_id="[0-9A-F]{4}-[0-9A-F]{4}"/.test(head), read: readWatchguard };
export const watchguard: Format = { name: 'watchguard.firebox', holds: ['msg_id="'], detect: ({ head }) => /msg_id="[0-9A-F]{4}-[0-9A-F]{4}"/.test(head), read: readWatchguard };
