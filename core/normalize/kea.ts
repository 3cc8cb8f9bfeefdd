// Kea DHCP, in syslog and in its own file: `INFO  [kea-dhcp4.leases.0x80] DHCP4_LEASE_ALLOC [hwtype=1 00:00:5e:00:53:09], cid=[...], tid=0x1: lease
// 192.0.2.77 has been allocated for 7200 seconds`. https://kea.readthedocs.io/en/latest/kea-messages.html
import { readIso } from '../message/time.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp, macOf } from './net.js';

const LEAD = /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6} )?([A-Z]{4,5}) {1,3}(?:\[(kea-[\w-]{1,40}(?:\.[a-zA-Z][\w-]{0,40}){0,3})(?:\/(\d{1,10}))?[^\]]{0,40}\] )?(?:([A-Z][A-Z0-9_]{4,80})|Address: )/;
/** The forensic log: `Address: 192.0.2.77 has been assigned for 1 hrs 0 mins 0 secs to a device with hardware address: hwtype=1 00:00:5e:00:53:09`. */
const LEGAL = / Address: ([0-9a-fA-F.:]{3,45}) has been (assigned|renewed|released|declined)\b/, HARDWARE = /hwtype=\d{1,3} ((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})/;
const MAC = /\[hwtype=\d{1,3} ((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})\]/;
/** The address that was given, offered, asked for or let go. */
const LEASE = / (?:lease|address|for lease|for address|lease for address|leased address) ([0-9a-fA-F.:]{2,45}) /;
function readKea(draft: Draft): boolean {
  const { head } = draft, lead = LEAD.exec(head);
  if (lead === null) return false;
  const code = lead[4] ?? '', stamp = readIso(head, 0), legal = LEGAL.exec(head), address = legal?.[1] ?? LEASE.exec(head)?.[1], mac = (legal === null ? MAC : HARDWARE).exec(head)?.[1];
  draft.timeFrom(stamp);
  draft.put('log.level', lead[1]?.toLowerCase()); draft.put('log.logger', lead[2]); draft.put('process.pid', lead[3]); draft.put('event.code', code);
  if (address !== undefined && isIp(address)) draft.put('source.ip', address);
  if (mac !== undefined) draft.put('source.mac', macOf(mac));
  if (/^DHCP[46]_(?:LEASE|RELEASE|DECLINE|INIT_REBOOT|RENEW|REBIND|PACKET_NAK|ADVERT|V6_LEASE)|_LEASE_/.test(code)) draft.act('dhcp_lease', /FAIL|NAK|REJECT|DENIED/.test(code) ? 'failure' : undefined);
  else if (legal !== null) draft.act('dhcp_lease');
  else if (/^ALLOC_ENGINE_V[46]_ALLOC_FAIL/.test(code)) draft.act('dhcp_lease', 'failure');
  else if (/^DHCP[46]_STARTED$/.test(code)) draft.act('service_started'); else if (/^DHCP[46]_SHUTDOWN/.test(code)) draft.act('service_stopped');
  return true;
}

export const kea: Format = { name: 'kea.log', holds: ['[kea-'], programs: ['kea-dhcp4', 'kea-dhcp6', 'kea-ctrl-agent', 'kea-dhcp-ddns'], detect: ({ head }) => head.includes('[kea-') && LEAD.test(head), read: readKea };
