// CoreDNS' query log, in its common and combined form, below the level that the server puts before it:
//   [INFO] 192.0.2.5:40000 - 1234 "A IN www.example.org. udp 44 false 512" NOERROR qr,rd,ra 77 0.0003s
// https://coredns.io/plugins/log/
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { splitEndpoint } from './net.js';

const QUERY = /^(?:\[INFO\] )?(\[?[0-9a-fA-F.:]{3,45}\]?:\d{1,5}) - \d{1,5} "([A-Z0-9]{1,10}) ([A-Z]{2,3}) (\S{1,255}) (udp|tcp) (\d{1,9}) (?:true|false) \d{1,5}" ([A-Z]{2,12}|-) \S{1,40} \d{1,9} (\d{1,9}\.\d{1,12})s/;

function readCoreDns(draft: Draft): boolean {
  const query = QUERY.exec(draft.head);
  if (query === null) return false;
  const [, client = '', type, kind, name = '', transport, bytes, code, taken] = query, { host, port } = splitEndpoint(client);
  draft.put('source.ip', host); draft.put('source.port', port);
  draft.put('dns.question.type', type); draft.put('dns.question.class', kind); draft.put('dns.question.name', name.length > 1 ? name.replace(/\.$/, '') : name);
  draft.put('network.transport', transport); draft.put('network.protocol', 'dns'); draft.put('source.bytes', Number(bytes));
  draft.put('dns.response_code', code);
  draft.put('event.duration', Math.round(Number(taken) * 1e9));
  draft.act('dns_query');
  return true;
}

export const coredns: Format = { name: 'coredns.log', holds: ['. udp ', '. tcp '], programs: ['coredns'], detect: ({ head }) => QUERY.test(head), read: readCoreDns };
