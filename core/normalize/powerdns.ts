// PowerDNS, the authoritative server and the recursor: questions, transfers and their refusals. The recursor writes sentences, or since 4.8 `msg="..." subsystem="..." level="..."` with
// the same values named. https://doc.powerdns.com/authoritative/settings.html#log-dns-queries https://doc.powerdns.com/recursor/settings.html#trace
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp, splitEndpoint } from './net.js';
import { readPairs } from './pairs.js';
import { applyRules, messageRules } from './rules.js';
import { readSentence } from './sentences.js';

const RULES = messageRules([
  ["Remote {pdns.client} wants '{dns.question.name~}|{dns.question.type~}', {*}", 'dns_query'],
  ["TCP Remote {pdns.client} wants '{dns.question.name~}|{dns.question.type~}', {*}", 'dns_query'],
  ["AXFR of domain '{dns.question.name~}' denied to {pdns.client}: {event.reason~}", 'access_denied'],
  ["AXFR of domain '{dns.question.name~}' denied: client IP {pdns.client} has no permission", 'access_denied'],
  ["AXFR of domain '{dns.question.name~}' to {pdns.client} finished{*}", 'dns_query'],
  ["AXFR of domain '{dns.question.name~}' initiated by {pdns.client}{*}", 'dns_query'],
  ["AXFR-out zone '{dns.question.name~}', client '{pdns.client~}', transfer initiated{*}", 'dns_query'],
  ["AXFR-out zone '{dns.question.name~}', client '{pdns.client~}', denied{*}", 'access_denied'],
  ["AXFR-out zone '{dns.question.name~}', client '{pdns.client~}', failed: client may not {*}", 'access_denied'],
  ["AXFR-out zone '{dns.question.name~}', client '{pdns.client~}', {*}", 'dns_query'],
  // dnsdist, which stands before name servers
  ['Packet from {pdns.client} for {dns.question.name} {dns.question.type} with id {dns.id}', 'dns_query'],
  ['Answer to {pdns.client} for {dns.question.name} {dns.question.type} ({dns.response_code~}) with id {dns.id}', 'dns_query'],
  ['Inserting dynamic block for {pdns.client} for {~}: {event.reason~}', 'access_denied'],
  ["Marking downstream {pdns.backend~} as 'down'{*}", 'service_failed'], ["Marking downstream {pdns.backend~} as 'up'{*}", 'service_started'],
  ['Got control connection from {pdns.client}', 'connection'], ['Closed control connection from {pdns.client}', 'connection_ended'],
  ['ACL allowing queries from: {*}'], ['Console ACL allowing connections from: {*}'], ['Will not send queries to: {*}'], ['allow-from: {*}'],
  ['Invalid health check response {*}'], ['Error receiving health check response from {*}'],
  ['Received NOTIFY for {dns.question.name} from {pdns.client}{*}'],
  ['PowerDNS Authoritative Server {*}', 'service_started'], ['PowerDNS Recursor {*}', 'service_started'],
]);
/** `1 [12/1] question for 'dvc.example.vn|A' from 203.0.113.9:51122`, `1 [12/1] answer to question 'dvc.example.vn|A': 1 answers, ..., rcode=0`. */
const QUESTION = /^\d{1,6} \[\d{1,12}(?:\/\d{1,6})?\] (?:TCP )?(?:question for|answer to (?:TCP )?question) '([^|']{1,255})\|([A-Z0-9]{1,12})'(?: from ([0-9a-fA-F.:[\]]{3,60}))?(?:.{0,300}\brcode=(\d{1,2}))?/;
const CODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

function readPdns(draft: Draft): boolean {
  const said = draft.head.trimEnd(), question = QUESTION.exec(said);
  if (question !== null) {
    draft.put('dns.question.name', question[1]); draft.put('dns.question.type', question[2]); draft.put('pdns.client', question[3]);
    const code = CODES[Number(question[4])];
    draft.put('dns.response_code', code);
    draft.act('dns_query', code !== undefined && code !== 'NOERROR' ? 'failure' : undefined);
  } else if (said.startsWith('msg="')) {
    for (const [key, value] of readPairs(draft.text.slice(0, 8192))) draft.keep(`pdns.${key}`, value);
    draft.put('dns.question.name', draft.getText('pdns.qname')); draft.put('dns.question.type', draft.getText('pdns.qtype'));
    draft.put('pdns.client', draft.getText('pdns.remote')); draft.put('network.transport', draft.getText('pdns.proto')?.toLowerCase());
    if (draft.has('dns.question.name')) draft.act('dns_query');
  } else if (!applyRules(RULES, said, draft)) readSentence(draft, said);
  const { host, port } = splitEndpoint(draft.getText('pdns.client')?.replace(/\/(?:32|128)$/, '') ?? ''), asked = draft.getText('dns.question.name');
  if (asked !== undefined && asked.length > 1) draft.put('dns.question.name', asked.replace(/\.$/, ''));
  if (isIp(host)) { draft.put('source.ip', host); draft.put('source.port', port); }
  if (draft.has('dns.question.name')) draft.put('network.protocol', 'dns');
  return true;
}

export const powerdns: Format = { name: 'pdns.log', programs: ['pdns', 'pdns_server', 'pdns-server', 'pdns_recursor', 'pdns-recursor', 'pdns-authoritative', 'dnsdist'], read: readPdns };
