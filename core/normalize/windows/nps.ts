// The accounting log of Windows' RADIUS server (Network Policy Server), in the server's local time, in both forms that it has:
//   "NPS1","IAS",02/17/2026,13:40:03,1,"SO\an","so.example.vn/Users/an","00-00-5E-00-53-01:WIFI","00-00-5E-00-53-09",,,"AP-01","192.0.2.20",1,0,"192.0.2.20","AP-01",...
//   <Event><Timestamp data_type="4">02/17/2026 13:40:03.123</Timestamp><Computer-Name data_type="1">NPS1</Computer-Name>...<Packet-Type data_type="0">1</Packet-Type></Event>
// https://learn.microsoft.com/windows-server/networking/technologies/nps/nps-accounting-configure and "Interpret NPS Database Format Log Files"
import { readSlashed } from '../../message/time.js';
import { putAccount } from '../account.js';
import { splitCsv } from '../csv.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { isIp, macOf } from '../net.js';
import { eachElement } from './elements.js';

/** The columns of the first form, by the names that the second one has for them. */
const COLUMNS = ['Computer-Name', 'Event-Source', 'Record-Date', 'Record-Time', 'Packet-Type', 'User-Name', 'Fully-Qualifed-User-Name', 'Called-Station-Id', 'Calling-Station-Id', 'Callback-Number', 'Framed-IP-Address', 'NAS-Identifier',
  'NAS-IP-Address', 'NAS-Port', 'Client-Vendor', 'Client-IP-Address', 'Client-Friendly-Name', 'Event-Timestamp', 'Port-Limit', 'NAS-Port-Type', 'Connect-Info', 'Framed-Protocol', 'Service-Type', 'Authentication-Type', 'NP-Policy-Name',
  'Reason-Code', 'Class', 'Session-Timeout', 'Idle-Timeout', 'Termination-Action', 'EAP-Friendly-Name', 'Acct-Status-Type', 'Acct-Delay-Time', 'Acct-Input-Octets', 'Acct-Output-Octets', 'Acct-Session-Id', 'Acct-Authentic',
  'Acct-Session-Time', 'Acct-Input-Packets', 'Acct-Output-Packets', 'Acct-Terminate-Cause'];
const LINE = /^"[^"]{1,255}","(?:IAS|RAS)",\d\d\/\d\d\/\d{4},\d\d:\d\d:\d\d,\d{1,2},/, XML = /^<Event><Timestamp data_type="4">/;

/** Why it was refused, by number, of those that tell of the one who asked. */
const REASONS = lookup({
  8: 'The user does not exist', 16: 'Unknown user name or bad password', 32: 'Only accounts of this server may log in', 33: 'The password must be changed', 34: 'The account is disabled', 35: 'The account has expired', 36: 'The account is locked out',
  37: 'Outside the hours of the account', 48: 'No network policy fits', 49: 'No connection request policy fits', 64: 'Remote access is locked out', 65: 'The account has no permission to dial in', 66: 'The kind of authentication is not enabled',
});

function readNps(draft: Draft): boolean {
  const values = new Map<string, string>();
  if (XML.test(draft.head)) eachElement(draft.text, (name, _, text) => { if (text !== '' && !values.has(name)) values.set(name, text); });
  else for (const [i, cell] of splitCsv(draft.text, ',').entries()) { const name = COLUMNS[i]; if (name !== undefined && cell !== '') values.set(name, cell); }
  const station = values.get('Calling-Station-Id') ?? '', why = values.get('Reason-Code'), time = readSlashed(values.get('Timestamp') ?? `${values.get('Record-Date') ?? ''} ${values.get('Record-Time') ?? ''}`, 0);
  for (const [name, value] of values) draft.keep(`microsoft_nps.${name}`, value);
  draft.timeFrom(time);
  draft.put('host.name', values.get('Computer-Name'));
  putAccount(draft, 'user', values.get('User-Name') ?? values.get('SAM-Account-Name') ?? values.get('Fully-Qualifed-User-Name'));
  if (isIp(station)) draft.put('source.ip', station); else draft.put('source.mac', macOf(station));
  draft.put('source.nat.ip', values.get('Framed-IP-Address'));
  draft.put('source.bytes', values.get('Acct-Input-Octets')); draft.put('destination.bytes', values.get('Acct-Output-Octets'));
  draft.put('observer.ip', values.get('Client-IP-Address') ?? values.get('NAS-IP-Address'));
  draft.put('observer.name', values.get('Client-Friendly-Name') ?? values.get('NAS-Identifier'));
  draft.put('rule.name', values.get('NP-Policy-Name'));
  draft.put('service.name', 'radius');
  if (why !== undefined && why !== '0') { draft.put('event.code', why); draft.put('event.reason', REASONS[why]); }
  switch (values.get('Packet-Type')) {
    case '2': draft.act('login'); break;
    case '3': draft.act('login_failed'); break;
    case '4': { const status = values.get('Acct-Status-Type'); if (status === '1') draft.act('session_opened'); else if (status === '2') draft.act('session_closed'); break; }
    default: // a question, or one asked back
  }
  return true;
}

export const nps: Format = { name: 'microsoft_nps.log', holds: ['","IAS",', '","RAS",', '^<Event><Timestamp data_type="'], detect: ({ head }) => LINE.test(head) || XML.test(head), read: readNps };
