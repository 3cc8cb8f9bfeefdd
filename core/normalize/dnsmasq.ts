// dnsmasq's query log (`log-queries`, with `=extra` a number and the client in front), as Pi-hole and small routers write it:
//   query[A] www.example.org from 192.0.2.5        reply www.example.org is 198.51.100.7        forwarded www.example.org to 203.0.113.53
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp, macOf } from './net.js';
import { applyRules, messageRules } from './rules.js';

const EXTRA = /^\d{1,10} ([0-9a-fA-F.:]{3,45})\/(\d{1,5}) /;
const QUERY = /^(?:dnssec-)?query\[([A-Z0-9]{1,10}|type=\d{1,5})\] (\S{1,255}) (from|to) ([0-9a-fA-F.:]{3,45})/;
const FORWARDED = /^forwarded (\S{1,255}) to ([0-9a-fA-F.:]{3,45})(?:#(\d{1,5}))?/;
/** Where the answer comes from: a server, the cache, a file of names, a block list. */
const ANSWER = /^(?:reply|cached(?:-stale)?|config|DHCP|(?:regex|exactly) (?:blacklisted|denied)|gravity blocked|special domain|\/\S{1,200}) (\S{1,255}) is (.{1,4000})$/s;
/** Pi-hole's word for a name that stands in a list. */
const BLOCKED = /^(?:gravity blocked|(?:regex|exactly) (?:blacklisted|denied)) /;
const LIFE = messageRules([
  ['started, version {*}', 'service_started'], ['exiting on receipt of {event.reason}', 'service_stopped'], ['possible DNS-rebind attack detected: {dns.question.name}', 'intrusion_detected'],
  ['ignoring query from non-local network {source.ip}{*}', 'access_denied'], ['refused to do a recursive query{*}'], ['nameserver {destination.ip} refused to do a recursive query'], ['Maximum number of concurrent DNS queries reached{*}', 'access_denied'], ['Insecure DS reply received for {dns.question.name}, {event.reason~}'],
]);
const CODES = new Set(['NXDOMAIN', 'SERVFAIL', 'REFUSED']);

function readDnsmasq(draft: Draft): boolean {
  const extra = EXTRA.exec(draft.head), text = extra === null ? draft.text : draft.text.slice(extra[0].length);
  const query = QUERY.exec(text), forwarded = FORWARDED.exec(text), answer = ANSWER.exec(text);
  if (query === null && forwarded === null && answer === null) return applyRules(LIFE, text.trimEnd(), draft);
  if (extra !== null) { draft.put('source.ip', extra[1]); draft.put('source.port', extra[2]); }
  const asked = query?.[2] ?? forwarded?.[1] ?? answer?.[1];
  if (asked !== 'error') draft.put('dns.question.name', asked); // `reply error is REFUSED`
  if (query !== null) {
    draft.put('dns.question.type', query[1]);
    draft.put(query[3] === 'from' ? 'source.ip' : 'destination.ip', query[4]);
  }
  draft.put('destination.ip', forwarded?.[2]); draft.put('destination.port', forwarded?.[3]);
  if (answer !== null) readAnswer(draft, (answer[2] ?? '').trim());
  draft.act('dns_query', BLOCKED.test(text) ? 'failure' : undefined);
  return true;
}

function readAnswer(draft: Draft, value: string): void {
  if (CODES.has(value)) { draft.put('dns.response_code', value); return; }
  if (isIp(value)) draft.put('dns.resolved_ip', value);
  if (!value.startsWith('<') && !value.startsWith('NODATA')) draft.put('dns.answers.data', value);
}

/** Its DHCP: `DHCPACK(eth1) 192.0.2.21 00:00:5e:00:53:21 PC1`, with a transaction's number before it where `log-dhcp` is set. */
const DHCP = /^(?:\d{1,10} )?DHCP([A-Z]{3,12})\(([\w.:@-]{1,32})\)(?: ((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{0,4}:[0-9a-f:]{0,40}::?[0-9a-f]{0,4}(?= (?:[0-9a-f]{2}:){5})))?(?: ((?:[0-9a-f]{2}:){5,19}[0-9a-f]{2}))?(?: (.{1,255}))?$/;
function readDhcp(draft: Draft): boolean {
  const found = DHCP.exec(draft.head.trimEnd());
  if (found === null) return false;
  const [, kind = '', port, address, hardware, rest] = found;
  draft.put('event.code', `DHCP${kind}`);
  draft.put('observer.ingress.interface.name', port);
  if (address !== undefined && isIp(address)) draft.put('source.ip', address);
  draft.put('source.mac', hardware === undefined ? undefined : macOf(hardware));
  const unserved = rest !== undefined && /^(?:ignored$|no address (?:range )?available|no unique-id$|unknown )/.test(rest);
  if (kind === 'NAK' || unserved || rest?.includes(' ') === true) draft.put('event.reason', rest); else draft.put('source.domain', rest);
  draft.act('dhcp_lease', kind === 'NAK' || unserved ? 'failure' : undefined);
  return true;
}

export const dnsmasq: Format = { name: 'dnsmasq.log', programs: ['dnsmasq', 'dnsmasq-dhcp'], read: (draft) => draft.program === 'dnsmasq-dhcp' ? readDhcp(draft) : readDnsmasq(draft) };
