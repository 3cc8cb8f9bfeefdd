// strongSwan's charon, the IPsec of pfSense, OPNsense and Linux: `12[IKE] <con1|7> IKE_SA con1[7] established between A[id]...B[id]`. Ours stands first of
// the two ends, the peer second: the peer is the source. https://docs.strongswan.org/docs/latest/config/logging.html
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp } from '../net.js';

const LEAD = /^(\d{1,3})\[([A-Z]{2,4})\d?\] (?:<(?:([^|>]{1,64})\|)?\d{1,10}> )?/;
const ENDS = /between ([0-9a-fA-F.:]{3,45})\[([^\]]{0,200})\]\.\.\.([0-9a-fA-F.:]{3,45})\[([^\]]{0,200})\]/;
const PACKET = /^(received|sending) packet: from ([0-9a-fA-F.:]{3,45})\[(\d{1,5})\] to ([0-9a-fA-F.:]{3,45})\[(\d{1,5})\]/;
const AUTHENTICATED = /^authentication of '([^']{1,200})' (?:\(myself\) )?with .{1,80}?(successful|failed)?$/;
const EAP_FAILED = /^EAP method \S{1,40} failed for peer (.{1,128})$|^no (?:EAP|shared) key found for (?:hosts )?'([^']{1,200})'/;
const MISMATCH = /^tried \d{1,4} shared keys? for '([^']{1,200})' - '([^']{1,200})', but MAC mismatched/;
/** The updown script's: `+ an@example.vn 10.9.0.7/32 == 203.0.113.9 -- 192.0.2.9 == 10.0.0.0/24`. */
const UPDOWN = /^([+-]) (.{1,200}?) (?:([0-9a-fA-F.:]{3,45})\/\d{1,3} == )?([0-9a-fA-F.:]{3,45}) -- ([0-9a-fA-F.:]{3,45})(?: |$)/;
const VIRTUAL = /^assigning virtual IP ([0-9a-fA-F.:]{2,45}) to peer '([^']{1,200})'/;
const UNKNOWN = /^no (?:IKE|matching (?:peer|CHILD_SA)) config found for ([0-9a-fA-F.:]{3,45})\.\.\.([0-9a-fA-F.:]{3,45})/;

const INITIATING = /^[0-9a-fA-F.:]{3,45} is initiating an? /;

function readStrongswan(draft: Draft): boolean {
  const lead = LEAD.exec(draft.head);
  const moved = UPDOWN.exec(draft.head);
  if (moved !== null) {
    putAccount(draft, 'user', moved[2]); draft.put('source.nat.ip', moved[3]); draft.put('source.ip', moved[4]); draft.put('destination.ip', moved[5]);
    draft.put('service.name', 'strongswan'); draft.act(moved[1] === '+' ? 'vpn_connected' : 'vpn_disconnected');
    return true;
  }
  if (lead === null && draft.program === 'vpn') return false;
  draft.put('service.name', 'strongswan');
  draft.put('strongswan.subsystem', lead?.[2]);
  draft.put('rule.name', lead?.[3]);
  readSaid(draft, draft.head.slice(lead?.[0].length ?? 0));
  return true;
}

function readSaid(draft: Draft, said: string): void {
  const packet = PACKET.exec(said), ends = ENDS.exec(said), virtual = VIRTUAL.exec(said), unknown = UNKNOWN.exec(said), authenticated = AUTHENTICATED.exec(said), failed = EAP_FAILED.exec(said);
  if (packet !== null) { draft.put('source.ip', packet[2]); draft.put('source.port', packet[3]); draft.put('destination.ip', packet[4]); draft.put('destination.port', packet[5]); draft.put('network.transport', 'udp'); return; }
  if (ends !== null) {
    draft.put('destination.ip', ends[1]); draft.put('source.ip', ends[3]);
    if (ends[4] !== undefined && !isIp(ends[4])) putAccount(draft, 'user', ends[4]);
    if (/^IKE_SA \S{1,100} established /.test(said)) draft.act('vpn_connected'); else if (said.startsWith('deleting IKE_SA ')) draft.act('vpn_disconnected');
  } else if (virtual !== null) { draft.put('source.nat.ip', virtual[1]); putAccount(draft, 'user', virtual[2]); }
  else if (unknown !== null) { draft.put('destination.ip', unknown[1]); draft.put('source.ip', unknown[2]); draft.put('event.reason', said); draft.act('vpn_failed'); }
  else if (authenticated !== null && !said.includes('(myself)')) { putAccount(draft, 'user', authenticated[1]); if (authenticated[2] !== undefined) draft.act(authenticated[2] === 'failed' ? 'vpn_failed' : 'login'); }
  else if (failed !== null) { const who = failed[1] ?? failed[2] ?? ''; if (isIp(who)) draft.put('source.ip', who); else putAccount(draft, 'user', who); draft.put('event.reason', said); draft.act('vpn_failed'); }
  else if (MISMATCH.test(said)) { const who = MISMATCH.exec(said)?.[2] ?? ''; if (isIp(who)) draft.put('source.ip', who); else putAccount(draft, 'user', who); draft.put('event.reason', said); draft.act('vpn_failed'); }
  else if (INITIATING.test(said)) draft.put('source.ip', said.slice(0, said.indexOf(' ')));
  else if (/^received (?:AUTHENTICATION_FAILED|NO_PROPOSAL_CHOSEN) (?:error )?notify|^establishing (?:CHILD|IKE)_SA failed|^giving up after /.test(said)) { draft.put('event.reason', said); draft.act('vpn_failed'); }
}

export const strongswan: Format = { name: 'strongswan.log', programs: ['charon', 'charon-systemd', 'charon-nm', 'vpn', 'ipsec_starter'], read: readStrongswan };
