// Kea DHCP, in syslog and in its own file: `INFO  [kea-dhcp4.leases.0x80] DHCP4_LEASE_ALLOC [hwtype=1 00:00:5e:00:53:09], cid=[...], tid=0x1: lease
// 192.0.2.77 has been allocated for 7200 seconds`. https://kea.readthedocs.io/en/latest/kea-messages.html
import { readIso, resolve } from '../message/time.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp, macOf } from './net.js';

const LEAD = /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6} )?([A-Z]{4,5}) {1,3}\[(kea-[\w.-]{1,60})(?:\/(\d{1,10})[.\d]{0,12})?[^\]]{0,40}\] (\w{3,80})/;
const MAC = /\[hwtype=\d{1,3} ((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})\]/;
/** The address that was given, offered, asked for or let go. */
const LEASE = / (?:lease|address|for lease|for address|lease for address|leased address) ([0-9a-fA-F.:]{2,45}) /;
function readKea(draft: Draft): boolean {
  const { head } = draft, lead = LEAD.exec(head);
  if (lead === null) return false;
  const code = lead[4] as string, stamp = readIso(head, 0), address = LEASE.exec(head)?.[1], mac = MAC.exec(head)?.[1];
  if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('log.level', lead[1]?.toLowerCase()); draft.put('log.logger', lead[2]); draft.put('process.pid', lead[3]); draft.put('event.code', code);
  if (address !== undefined && isIp(address)) draft.put('source.ip', address);
  if (mac !== undefined) draft.put('source.mac', macOf(mac));
  if (/^DHCP[46]_(?:LEASE|RELEASE|DECLINE|INIT_REBOOT|RENEW|REBIND|PACKET_NAK|ADVERT|V6_LEASE)|_LEASE_/.test(code)) draft.act('dhcp_lease', /FAIL|NAK|REJECT|DENIED/.test(code) ? 'failure' : undefined);
  return true;
}

export const kea: Format = { name: 'kea.log', holds: ['[kea-'], programs: ['kea-dhcp4', 'kea-dhcp6', 'kea-ctrl-agent', 'kea-dhcp-ddns'], detect: ({ head }) => head.includes('[kea-') && LEAD.test(head), read: readKea };
