// What looks at packets and writes lines of its own: p0f, tcpdump, Nmap (the export with one host a line). One format, a data set each.
//   [2026/02/17 13:40:03] mod=syn|cli=203.0.113.9/56198|srv=192.0.2.5/443|subj=cli|os=Linux 3.x|dist=3|params=none|raw_sig=...
//   13:40:03.123456 IP 203.0.113.9.56198 > 192.0.2.5.443: Flags [S], seq 1, win 64240, length 0
//   Host: 192.0.2.5 (web-01.example.vn)	Ports: 22/open/tcp//ssh//OpenSSH 9.2/, 443/open/tcp//https///
// https://lcamtuf.coredump.cx/p0f3/README https://www.tcpdump.org/manpages/tcpdump.1.html https://nmap.org/book/output-formats-grepable-output.html
import { readIso } from '../message/time.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp } from './net.js';

const P0F = /^\[(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)\] mod=([a-z+ ]{2,20})\|cli=([\da-fA-F:.]{3,45})\/(\d{1,5})\|srv=([\da-fA-F:.]{3,45})\/(\d{1,5})\|subj=(cli|srv)\|/;

function readP0f(draft: Draft): boolean {
  const found = P0F.exec(draft.head);
  if (found === null) return false;
  const [lead, year = '', month = '', day = '', clock = '', kind, client, clientPort, server, serverPort, subject] = found;
  draft.timeFrom(readIso(`${year}-${month}-${day} ${clock}`, 0));
  draft.put('source.ip', client); draft.put('source.port', clientPort); draft.put('destination.ip', server); draft.put('destination.port', serverPort);
  draft.put('p0f.kind', kind); draft.put('p0f.subject', subject === 'cli' ? 'client' : 'server');
  for (const pair of draft.text.slice(lead.length, lead.length + 4_000).trimEnd().split('|', 30)) { const equals = pair.indexOf('='), value = pair.slice(equals + 1); if (equals > 0 && value !== '???') draft.keep(`p0f.${pair.slice(0, equals)}`, value); }
  draft.put('network.transport', 'tcp');
  draft.put('event.dataset', 'p0f.log');
  draft.act('connection');
  return true;
}

const TCPDUMP = /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}|\d{10}\.\d{6}|\d\d:\d\d:\d\d\.\d{6}) )(?:\w{1,20} (?:In|Out|B|M|P) {1,3})?(IP6?) (\S{3,50}) > (\S{3,50}): (Flags \[([A-Z.]{1,10})\]|UDP|ICMP6?|[^\n]{1,40})/;
/** `192.0.2.5.443`, `2001:db8::5.443`: the port stands behind the last dot; an address alone has none. */
function endOf(text: string): { readonly ip: string; readonly port?: string } | undefined {
  if (isIp(text)) return { ip: text };
  const dot = text.lastIndexOf('.'), ip = text.slice(0, dot), port = text.slice(dot + 1);
  return dot > 0 && isIp(ip) && /^\d{1,5}$/.test(port) ? { ip, port } : undefined;
}
function readTcpdump(draft: Draft): boolean {
  const found = TCPDUMP.exec(draft.head);
  if (found === null) return false;
  const [, when = '', , from = '', to = '', what = '', flags] = found, source = endOf(from), destination = endOf(to);
  if (source === undefined || destination === undefined) return false;
  if (when.length === 17) draft.time = Math.round(Number(when) * 1000); else draft.timeFrom(when.length > 17 ? readIso(when, 0) : undefined);
  draft.put('source.ip', source.ip); draft.put('source.port', source.port); draft.put('destination.ip', destination.ip); draft.put('destination.port', destination.port);
  draft.put('network.transport', flags !== undefined ? 'tcp' : what.startsWith('UDP') ? 'udp' : what.startsWith('ICMP6') ? 'ipv6-icmp' : what.startsWith('ICMP') ? 'icmp' : undefined);
  draft.put('tcpdump.flags', flags);
  draft.put('event.dataset', 'tcpdump.log');
  draft.act('connection');
  return true;
}

const NMAP = /^Host: ([\da-fA-F:.]{3,45}) \(([^)\n]{0,255})\)\t(Status|Ports): /;
function readNmap(draft: Draft): boolean {
  const found = NMAP.exec(draft.head);
  if (found === null) return false;
  const [lead, address, name, column] = found, said = draft.text.slice(lead.length, lead.length + 16_000).split('\t', 1)[0] ?? '';
  draft.put('destination.ip', address); draft.put('destination.domain', name);
  if (column === 'Status') draft.put('nmap.status', said.trimEnd());
  else { const open = said.split(', ', 2_000).filter((port) => port.includes('/open/')).map((port) => port.slice(0, port.indexOf('/'))); if (open.length > 0) draft.put('nmap.open_ports', open); }
  draft.put('event.dataset', 'nmap.scan');
  draft.act('audit_record');
  return true;
}

export const sensorLines: Format = {
  name: 'sensor.lines', holds: ['] mod=', ' IP ', ' IP6 ', '^Host: '],
  detect: ({ head }) => P0F.test(head) || NMAP.test(head) || TCPDUMP.test(head),
  read: (draft) => readP0f(draft) || readNmap(draft) || readTcpdump(draft),
};
