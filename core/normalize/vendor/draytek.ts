// DrayTek's Vigor routers. The tag is the router's name (`DrayTek`, `Vigor`, or its own), so the text tells:
//   [FILTER][Block][LAN/RT/VPN->WAN, 0:10:22 ][@S:R=2:2, 192.0.2.11:51000->203.0.113.8:23][TCP][HLen=20, TLen=60, Flag=S, Seq=1, Ack=0, Win=8192]
//   Local User (MAC=00-00-5E-00-53-01): 192.0.2.11:51234 -> 203.0.113.5:443 (TCP)          ... 192.0.2.11 DNS -> 203.0.113.53 inquire www.example.org
//   [H2L][UP][SSL Tunnel][@1:an]
// https://www.draytek.com/support/knowledge-base/5023
import { fillAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isApplication, isIp, macOf, splitEndpoint } from '../net.js';
import { nativeNames } from '../native-names.js';
import { readSentence } from '../sentences.js';
import { putTarget } from '../web/request.js';

const BRACKETED = /^\[(FILTER|CSM_[A-Z]{1,8}|DOS|DoS|H2L|L2L|VPN)\]\[/, LOCAL = /^Local User(?: \(MAC=([0-9A-Fa-f:-]{17})\))?: /;
const FLOW = /^([0-9a-fA-F.:]{3,45}?)(?::(\d{1,5}))?(?: DNS)? -> ([0-9a-fA-F.:]{3,45}?)(?::(\d{1,5}))?(?: inquire (\S{1,253}))?(?: ?\((\w{2,8})\))?(?: ?([A-Za-z].{0,200}))?$/;
const NATIVE = nativeNames('draytek.vigor');

function readVigor(draft: Draft): boolean {
  const said = draft.text.slice(0, 3000).replace(/^DrayTek:? /, '').trimEnd(), bracketed = BRACKETED.exec(said), local = bracketed === null ? LOCAL.exec(said) : null;
  for (const field of ['process.name', 'process.pid']) Reflect.deleteProperty(draft.event, field); // the tag is the router's name
  draft.put('observer.vendor', 'DrayTek'); draft.put('observer.product', 'Vigor');
  if (local !== null) { draft.put('event.code', 'Local User'); draft.put('source.mac', macOf(local[1] ?? '')); readFlow(draft, said.slice(local[0].length)); return true; }
  if (bracketed === null) { readWords(draft, said); return true; }
  const kind = bracketed[1] as string;
  draft.put('event.code', kind);
  if (/^(?:H2L|L2L|VPN)$/.test(kind)) readTunnel(draft, kind, said); else readFiltered(draft, kind, said);
  return true;
}

function readFlow(draft: Draft, said: string): void {
  const found = FLOW.exec(said);
  if (found === null) { readSentence(draft, said); return; }
  const [, source, sourcePort, destination, destinationPort, name, transport, what] = found;
  for (const [field, value] of [['source.ip', source], ['source.port', sourcePort], ['destination.ip', destination], ['destination.port', destinationPort], ['network.transport', transport?.toLowerCase()], [NATIVE('note'), what]] as const) draft.put(field, value);
  if (name === undefined) { draft.act('connection_allowed'); return; }
  draft.put('dns.question.name', name); draft.put('network.protocol', 'dns');
  draft.act('dns_query');
}

/** What a filter, a content profile or the defence against floods did to a packet. */
function readFiltered(draft: Draft, kind: string, said: string): void {
  const parts = said.slice(1).split(/\]\[|\]$/, 16), verdict = (parts[1] ?? '').toLowerCase();
  for (const part of parts.slice(2)) {
    const arrow = part.indexOf('->'), pair = /^(\w{2,30})=([^,]*)$/.exec(part);
    if (pair !== null) { draft.put(NATIVE(pair[1] as string), pair[2]); if (pair[1] === 'Category') draft.put('rule.category', pair[2]); }
    else if (arrow > 0 && /^(?:@S:R=|\d)/.test(part)) {
      const rule = /^@S:R=(\d{1,4}:\d{1,4}),? ?/.exec(part), from = splitEndpoint(part.slice(rule?.[0].length ?? 0, arrow).trim()), to = part.slice(arrow + 2).trim();
      draft.put('rule.id', rule?.[1]);
      draft.put('source.ip', from.host); draft.put('source.port', from.port);
      const end = splitEndpoint(to);
      if (isIp(end.host)) { draft.put('destination.ip', end.host); draft.put('destination.port', end.port); } else putTarget(draft, to.replace(/\/:(\d{1,5})$/, ':$1/'));
    } else if (arrow > 0) draft.put(NATIVE('direction'), part.split(',', 1)[0]?.trim());
    else if (/^HLen=/.test(part)) for (const cell of part.split(/, ?/, 12)) { const equals = cell.indexOf('='); if (equals > 0) draft.put(NATIVE(cell.slice(0, equals)), cell.slice(equals + 1)); }
    else if (/^(?:TCP|UDP|ICMP|ICMPv6|IGMP|GRE|ESP|AH)$/i.test(part)) draft.put('network.transport', part.toLowerCase());
    else if (isApplication(part) && kind !== 'CSM_AE') { draft.put('network.protocol', part.toLowerCase()); if (/^(?:HTTPS?)$/i.test(part)) draft.put('network.transport', 'tcp'); }
    else if (kind === 'CSM_AE') draft.put('network.application', part);
    else draft.put(NATIVE('type'), part);
  }
  if (kind === 'CSM_DNSF') { draft.fill('dns.question.name', draft.get('url.domain')); draft.fill('network.protocol', 'dns'); }
  if (/^dos$/i.test(kind)) { draft.put('rule.name', draft.get(NATIVE('type'))); draft.act('intrusion_detected', verdict === 'block' ? 'failure' : undefined); }
  else draft.act(verdict === 'block' ? 'connection_denied' : 'connection_allowed');
}

/** A tunnel of a person (host to LAN) or of a site (LAN to LAN). */
function readTunnel(draft: Draft, kind: string, said: string): void {
  const state = /\]\[(UP|DN|DOWN)\b/i.exec(said)?.[1]?.toUpperCase(), profile = /\[@?(\d{1,4}):([^\]]{1,64})\]/.exec(said), address = /\[@?([0-9a-fA-F.:]{3,45})\]/.exec(said)?.[1];
  draft.put(NATIVE('profile'), profile?.[2]);
  if (kind === 'H2L') fillAccount(draft, 'user', profile?.[2]);
  if (address !== undefined && isIp(address)) draft.put('source.ip', address);
  draft.put('network.protocol', /\[(L2TP[^\]]{0,20}|PPTP|IPsec[^\]]{0,20}|SSL[^\]]{0,12}|IKEv2[^\]]{0,12}|OpenVPN|WireGuard)\]/i.exec(said)?.[1]?.toLowerCase());
  if (state !== undefined) draft.act(state === 'UP' ? 'vpn_connected' : 'vpn_disconnected'); else if (/fail|timeout|wrong|reject/i.test(said)) draft.act('vpn_failed');
}

function readWords(draft: Draft, said: string): void {
  readSentence(draft, said);
  draft.put('observer.ingress.interface.name', /^\[?(WAN ?\d{1,2})\b/i.exec(said)?.[1]?.replace(' ', ''));
  if (/login (?:fail|error)|(?:fail|unable|invalid|wrong).{0,40}(?:log ?in|password)/i.test(said)) draft.act('login_failed'); else if (/log ?in (?:from|success|OK)|logged in/i.test(said)) draft.act('login'); else if (/log(?:ged)? ?out/i.test(said)) draft.act('logout');
}

export const draytek: Format = { name: 'draytek.vigor', programs: ['draytek', 'vigor'], holds: ['[FILTER][', '[CSM_', '[DOS][', '[DoS][', '[H2L][', '[L2L][', '[VPN][', '^Local User', '^DrayTek Local User', '^DrayTek: Local User'], detect: ({ head }) => { const said = head.replace(/^DrayTek:? /, ''); return BRACKETED.test(said) || LOCAL.test(said); }, read: readVigor };
