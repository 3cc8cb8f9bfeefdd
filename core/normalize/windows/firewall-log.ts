// The text log of Windows' own firewall, pfirewall.log, a packet or connection a line, in local time:
// `2026-02-17 13:40:03 DROP TCP 203.0.113.9 192.0.2.8 51234 445 52 S 1234567 0 8192 - - - RECEIVE`; newer versions write the process' number last.
// https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/configure-logging
import { readIso } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { isIp, protocolName } from '../net.js';

const LINE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:ALLOW|DROP|OPEN|OPEN-INBOUND|CLOSE) [A-Z0-9]{1,12} [0-9a-fA-F.:]{2,45} [0-9a-fA-F.:]{2,45} (?:\d{1,5}|-) (?:\d{1,5}|-) /;
const COLUMNS = ['date', 'time', 'action', 'protocol', 'src-ip', 'dst-ip', 'src-port', 'dst-port', 'size', 'tcpflags', 'tcpsyn', 'tcpack', 'tcpwin', 'icmptype', 'icmpcode', 'info', 'path', 'pid'];
const WAYS = lookup({ RECEIVE: 'ingress', SEND: 'egress' });

function readPacket(draft: Draft): boolean {
  const cells = draft.text.split(' ', COLUMNS.length), [day = '', clock = '', action = '', protocol = '', from = '', to = '', sport, dport, size] = cells, way = cells[16] ?? '', stamp = readIso(`${day} ${clock}`, 0);
  if (!isIp(from) || !isIp(to)) return false;
  for (const [i, name] of COLUMNS.entries()) draft.keep(`microsoft_firewall.${name}`, cells[i] ?? '');
  draft.timeFrom(stamp);
  draft.put('source.ip', from); draft.put('source.port', sport);
  draft.put('destination.ip', to); draft.put('destination.port', dport);
  draft.put('network.transport', protocolName(protocol));
  if (size !== '0') draft.put('network.bytes', size);
  draft.put('network.direction', WAYS[way]);
  draft.put('process.pid', /^\d{1,10}$/.exec(cells[17] ?? '')?.[0]);
  draft.act(action === 'DROP' ? 'connection_denied' : action === 'CLOSE' ? 'connection_ended' : 'connection_allowed');
  return true;
}

export const windowsFirewall: Format = { name: 'microsoft_firewall.log', holds: ['^0000-00-00 00:00:00 '], detect: ({ head }) => LINE.test(head), read: readPacket };
