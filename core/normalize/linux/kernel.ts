// The kernel's log: netfilter lines (iptables, nftables, ufw: `IN=eth0 OUT= SRC=... DPT=22`), audit records printed by the kernel,
// crashes, memory, promiscuous mode.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { macOf, protocolName } from '../net.js';
import { readPairs } from '../pairs.js';
import { applyRules, messageRules } from '../rules.js';
import { readAudit } from './auditd.js';
import { remembered } from '../keys.js';

const RULES = messageRules([
  ['{process.name}[{process.pid}]: segfault at {*}', 'process_crashed'],
  ['traps: {process.name}[{process.pid}] {event.reason~}', 'process_crashed'],
  ['device {observer.ingress.interface.name} entered promiscuous mode', 'promiscuous_mode'],
  ['{observer.ingress.interface.name}: entered promiscuous mode', 'promiscuous_mode'],
  ['Out of memory: Kill process {process.pid} ({process.name~}) {*}', 'out_of_memory'],
  ['Out of memory: Killed process {process.pid} ({process.name~}) {*}', 'out_of_memory'],
  ['Killed process {process.pid} ({process.name~}){*}', 'out_of_memory'],
  ['Memory cgroup out of memory: Killed process {process.pid} ({process.name~}){*}', 'out_of_memory'],
  ['{~}martian source {destination.ip} from {source.ip}, on dev {observer.ingress.interface.name}', 'connection_denied'],
  ['TCP: {~}Possible SYN flooding on port {destination.ip~}:{destination.port}. {*}', 'intrusion_detected'],
  ['TCP: {~}Possible SYN flooding on port {destination.port~}. {*}', 'intrusion_detected'],
  ['{file.name}: module verification failed{*}', 'driver_loaded'],
  ['{file.name}: loading out-of-tree module taints kernel.', 'driver_loaded'],
]);

/** The place of `IN=` where a netfilter line has it; the text before it is the rule's prefix. */
const netfilterAt = (head: string): number => {
  const at = head.indexOf('IN=');
  return at >= 0 && (at === 0 || head.charCodeAt(at - 1) <= 58 || head.charCodeAt(at - 1) === 93) && head.includes(' OUT=', at) && head.includes('PROTO=', at) ? at : -1;
};

export function readNetfilter(draft: Draft): boolean {
  const at = netfilterAt(draft.head);
  if (at < 0) return false;
  const prefix = draft.text.slice(0, at).replace(/^\[ *\d+\.\d+\] ?/, '').trim();
  draft.put('event.dataset', 'iptables.log');
  const named = /^\[([^\]]{1,100})-(default|\d{1,6})-[A-Z]\]$/.exec(prefix); // EdgeOS and VyOS: [ruleset-number-action]
  draft.put('rule.name', named?.[1] ?? prefix.replace(/[:\s]+$/, ''));
  draft.put('rule.id', named?.[2]);
  const inner = draft.text.indexOf(' [SRC=', at); // an ICMP error holds the packet that it is about
  for (const [key, value] of readPairs(inner < 0 ? draft.text.slice(at) : draft.text.slice(at, inner))) {
    if (value === '') continue;
    draft.fill(nameOf(key), value);
    const field = NETFILTER[key];
    if (field !== undefined) draft.fill(field, key === 'PROTO' ? protocolName(value) : value);
  }
  const mac = draft.getText('iptables.mac');
  if (mac !== undefined && mac.split(':').length >= 12) { // destination, source, type
    draft.put('destination.mac', macOf(mac.slice(0, 17)));
    draft.put('source.mac', macOf(mac.slice(18, 35)));
  }
  const said = prefix.toUpperCase();
  draft.act(ALLOWED.some((word) => said.includes(word)) ? 'connection_allowed' : DENIED.some((word) => said.includes(word)) ? 'connection_denied' : 'connection');
  if (!draft.has('iptables.in')) draft.put('network.direction', 'outbound'); else if (!draft.has('iptables.out')) draft.put('network.direction', 'inbound'); // with both it is forwarded
  return true;
}
const nameOf = remembered((key) => `iptables.${key.toLowerCase()}`);
const NETFILTER: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, {
  SRC: 'source.ip', DST: 'destination.ip', SPT: 'source.port', DPT: 'destination.port', PROTO: 'network.transport', LEN: 'network.bytes',
  UID: 'user.id', IN: 'observer.ingress.interface.name', OUT: 'observer.egress.interface.name',
});
const DENIED = ['BLOCK', 'DROP', 'DENY', 'DENIED', 'REJECT', 'INVALID', '-D]', '-R]'];
const ALLOWED = ['ALLOW', 'ACCEPT', 'PERMIT', '-A]'];

function readKernel(draft: Draft): boolean {
  if (draft.head.startsWith('FW: ')) return false; // Junos' packet filter
  if (readNetfilter(draft)) return true;
  const text = draft.text.startsWith('[') ? draft.text.replace(/^\[ *\d+\.\d+\] ?/, '') : draft.text;
  if (text.startsWith('audit: ') && readAudit(draft, text.slice(7))) return true;
  applyRules(RULES, text, draft);
  return true;
}

export const kernel: Format = { name: 'linux.kernel', programs: ['kernel', 'klogd'], read: readKernel };
/** Netfilter lines under another tag (ulogd, a router's own name) or none. */
export const netfilter: Format = { name: 'iptables.log', holds: ['PROTO='], detect: ({ head }) => netfilterAt(head) >= 0, read: readNetfilter };
