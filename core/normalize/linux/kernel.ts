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
  // WireGuard's, which the kernel prints where its debugging is on
  ['wireguard: {observer.ingress.interface.name}: Receiving handshake initiation from peer {wireguard.peer} ({source.ip~}:{source.port})', 'connection'],
  ['wireguard: {observer.ingress.interface.name}: Receiving handshake response from peer {wireguard.peer} ({source.ip~}:{source.port})', 'vpn_connected'],
  ['wireguard: {observer.ingress.interface.name}: Handshake for peer {wireguard.peer} ({source.ip~}:{source.port}) did not complete {event.reason~}', 'vpn_failed'],
  ['wireguard: {observer.ingress.interface.name}: Packet has unallowed src IP ({wireguard.inner_ip}) from peer {wireguard.peer} ({source.ip~}:{source.port})', 'connection_denied'],
  ['wireguard: {observer.ingress.interface.name}: Packet has incorrect size from peer {wireguard.peer} ({source.ip~}:{source.port})', 'connection_denied'],
  ['wireguard: {observer.ingress.interface.name}: Invalid handshake initiation from {source.ip~}:{source.port}', 'vpn_failed'],
  ['wireguard: {observer.ingress.interface.name}: Invalid MAC of handshake, dropping packet from {source.ip~}:{source.port}', 'vpn_failed'],
  ['wireguard: {observer.ingress.interface.name}: {~} peer {wireguard.peer} ({source.ip~}:{source.port}){*}'],
  ['wireguard: {observer.ingress.interface.name}: {*}'],
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
  ['{process.name~} invoked oom-killer: {event.reason~}', 'out_of_memory'],
  ['oom-kill:{~},task={process.name~},pid={process.pid},uid={user.id}', 'out_of_memory'],
  ['oom_reaper: reaped process {process.pid} ({process.name~}), {*}', 'process_ended'],
  ['INFO: task {process.name~}:{process.pid} blocked for more than {event.reason~}', 'process_crashed'],
  ['usb {device.id}: New USB device found, idVendor={device.vendor.id}, idProduct={device.product.id}{*}', 'device_connected'],
  ['usb {device.id}: new {~} USB device number {*}', 'device_connected'],
  ['usb {device.id}: USB disconnect, device number {*}', 'device_disconnected'],
  ['usb {device.id}: Product: {device.model.name~}'],
  ['usb {device.id}: Manufacturer: {device.manufacturer~}'],
  ['usb {device.id}: SerialNumber: {device.serial_number~}'],
  ['usb-storage {device.id}: USB Mass Storage device detected', 'device_connected'],
  ['usb {device.id}: Device is not authorized for usage', 'access_denied'],
  ['{observer.ingress.interface.name}: left promiscuous mode'],
  ['device {observer.ingress.interface.name} left promiscuous mode'],
  ['{~}I/O error, dev {device.id}, sector {event.reason~}', 'disk_failed'],
  ['EXT4-fs error (device {device.id}): {event.reason~}', 'disk_failed'],
  ['EXT4-fs ({device.id}): mounted filesystem {*}'],
  ['XFS ({device.id}): {event.reason~}'],
  ['Buffer I/O error on dev {device.id}, {event.reason~}', 'disk_failed'],
  ['Buffer I/O error on device {device.id}, {event.reason~}', 'disk_failed'],
  ['nf_conntrack: {~}table full, dropping packet{*}', 'connection_denied'],
  ['TCP: {~}Dropping request.{*}', 'connection_denied'],
  ['Kernel panic - not syncing: {event.reason~}', 'system_stopped'],
  ['Linux version {host.os.kernel} {*}', 'system_started'],
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
  draft.put('rule.name', named?.[1] ?? prefix.replace(/^"|[:\s"]+$/g, ''));
  draft.put('rule.id', named?.[2]);
  const inner = draft.text.indexOf(' [SRC=', at); // an ICMP error holds the packet that it is about
  for (const [key, value] of readPairs(inner < 0 ? draft.text.slice(at) : draft.text.slice(at, inner))) {
    if (value === '') continue;
    draft.fill(nameOf(key), value);
    const field = NETFILTER[key];
    if (field !== undefined) draft.fill(field, key === 'PROTO' ? protocolName(value) : value);
  }
  putVlan(draft, 'ingress'); putVlan(draft, 'egress');
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
/** `eth1.20` carries VLAN 20. */
function putVlan(draft: Draft, way: 'ingress' | 'egress'): void {
  const name = draft.getText(way === 'ingress' ? 'iptables.in' : 'iptables.out');
  if (name !== undefined && name.includes('.')) draft.put(`observer.${way}.vlan.id`, /\.([1-9]\d{0,3})$/.exec(name)?.[1]);
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
  const record = text.startsWith('audit: ') ? text.slice(7) : text.startsWith('type=') || text.startsWith('audit(') ? text : undefined; // older kernels say no `audit: ` before it
  if (record !== undefined && readAudit(draft, record)) return true;
  applyRules(RULES, text, draft);
  return true;
}

export const kernel: Format = { name: 'linux.kernel', programs: ['kernel', 'klogd'], read: readKernel };
/** Netfilter lines under another tag (ulogd, a router's own name) or none. */
export const netfilter: Format = { name: 'iptables.log', holds: ['PROTO='], detect: ({ head }) => netfilterAt(head) >= 0, read: readNetfilter };
