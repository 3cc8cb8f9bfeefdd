// The debug log of Windows' DNS server, a file of its own beside the event logs, one packet a line; names are written as lengths and labels:
// `2/17/2026 1:40:03 PM 0E48 PACKET  000000A1B2C3D4E0 UDP Rcv 192.0.2.5  4b3d   Q [0001   D   NOERROR] A      (3)dvc(7)example(3)org(0)`.
import { readIso, readSlashed } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';

const PACKET = /(?:^|\s)[0-9A-Fa-f]{3,8} PACKET {1,3}[0-9A-Fa-f]{8,16} (UDP|TCP) (Rcv|Snd) ([0-9A-Fa-f.:]{3,45}) {1,40}([0-9a-f]{4}) (R?) {0,3}([QNU?]) \[([0-9a-f]{4}) ([ATDR ]{0,10}) ([A-Z]{2,12})\] ([A-Z0-9]{1,12}) {1,12}(\S{1,600})/;

function readPacket(draft: Draft): boolean {
  const found = PACKET.exec(draft.head);
  if (found === null) return false;
  const [, transport = '', way, address = '', id, answer, operation, flags, letters, code, type, name = ''] = found, stamp = readSlashed(draft.head, 0) ?? readIso(draft.head.replace(COMPACT, '$1-$2-$3 '), 0);
  draft.timeFrom(stamp);
  draft.put('network.transport', transport.toLowerCase());
  draft.put('network.direction', way === 'Rcv' ? 'inbound' : 'outbound');
  if (isIp(address)) draft.put((way === 'Rcv') === (answer === '') ? 'source.ip' : 'destination.ip', address); // who asks is the source, of an answer too
  draft.put('dns.question.type', type);
  draft.put('dns.id', id); draft.put('dns.type', answer === 'R' ? 'answer' : 'query'); draft.put('dns.op_code', OPERATIONS[operation ?? '']); draft.put('microsoft_dnsserver.flags', flags); draft.put('microsoft_dnsserver.flag_letters', letters?.trim());
  draft.put('network.protocol', 'dns');
  draft.put('dns.question.name', labels(name));
  if (answer === 'R') draft.put('dns.response_code', code);
  draft.put('service.name', 'dns');
  draft.act('dns_query', answer === 'R' && code !== 'NOERROR' ? 'failure' : undefined);
  return true;
}

const OPERATIONS = lookup({ Q: 'QUERY', N: 'NOTIFY', U: 'UPDATE' });
const COMPACT = /^(\d{4})(\d\d)(\d\d) /;

/** `(3)dvc(7)example(3)org(0)` is dvc.example.org; older servers write the name itself. */
const labels = (text: string): string => text.startsWith('(') ? text.replace(/\(\d{1,3}\)/g, '.').replace(/^\.|\.$/g, '') : text.replace(/\.$/, '');

export const windowsDns: Format = { name: 'microsoft_dnsserver.debug', holds: [' PACKET '], detect: ({ head }) => PACKET.test(head), read: readPacket };
