// Trellix (McAfee) ePolicy Orchestrator's forwarded events: XML behind a header of RFC 5424, a `<EPOEvent>` whose elements have the names of its database,
// or a product's own event (`<UpdateEvents>` and kin). https://docs.trellix.com (ePO, registered syslog servers)
//   <29>1 2026-02-17T06:40:03.0Z epo-01 EPOEvents - EventFwd [agentInfo@3401 ...] <?xml version="1.0"?><EPOEvent><MachineInfo><MachineName>MAY-AN</MachineName>...
import { readIso, resolve } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { nativeNames } from '../native-names.js';
import { hashKind, isIp, macOf, protocolName } from '../net.js';
import { putTarget } from '../web/request.js';
import { isBlocked, putMachine } from './told.js';

const NATIVE = nativeNames('trellix_epo'), ELEMENT = /<([A-Za-z]\w{0,60})(?: [^<>]{0,400})?>([^<]{1,4000})<\//g;

function readEpo(draft: Draft): boolean {
  const values = new Map<string, string>();
  for (const [, name = '', text = ''] of draft.text.slice(0, 65_536).matchAll(ELEMENT)) if (!values.has(name) && text.trim() !== '' && text !== '_') values.set(name, unescape(text.trim()));
  if (values.size < 2) return false;
  for (const [name, text] of values) draft.keep(NATIVE(name), text);
  const value = (...names: string[]): string | undefined => { for (const name of names) { const found = values.get(name); if (found !== undefined) return found; } return undefined; };
  for (const field of ['process.name', 'process.pid']) delete draft.event[field]; // the server's own
  draft.put('observer.vendor', 'Trellix');
  draft.put('observer.product', value('AnalyzerName') ?? /ProductName="([^"]{1,100})"/.exec(draft.text.slice(0, 8192))?.[1]);
  putMachine(draft, value('MachineName', 'AnalyzerHostName'), value('IPAddress', 'AnalyzerIPV4'));
  draft.put('host.mac', macOf(value('RawMACAddress', 'AnalyzerMAC') ?? ''));
  putAccount(draft, 'user', value('TargetUserName', 'SourceUserName', 'UserName'));
  const stamp = readIso(value('DetectedUTC', 'GMTTime', 'GMTtime') ?? '', 0);
  if (stamp !== undefined) draft.time = resolve(Number.isNaN(stamp.offset) ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone);
  draft.put('event.code', value('ThreatEventID', 'EventID'));
  draft.put('event.severity', value('ThreatSeverity', 'Severity'));
  for (const [side, name] of [['source', 'Source'], ['destination', 'Target']] as const) {
    const address = value(`${name}IPV4`, `${name}IPV6`);
    if (address !== undefined && isIp(address) && address !== '127.0.0.1') draft.put(`${side}.ip`, address);
    draft.put(`${side}.port`, value(`${name}Port`)); draft.put(`${side}.mac`, macOf(value(`${name}MAC`) ?? '')); draft.put(`${side}.domain`, value(`${name}HostName`));
  }
  draft.put('network.transport', protocolName(value('TargetProtocol', 'SourceProtocol') ?? ''));
  const url = value('SourceURL', 'TargetURL'), process = value('SourceProcessName'), file = value('TargetFileName', 'FileName'), hash = value('TargetHash', 'SourceProcessHash'), kind = hash === undefined ? undefined : hashKind(hash);
  if (url !== undefined) putTarget(draft, url);
  if (process !== undefined) { draft.put('process.name', process.slice(Math.max(process.lastIndexOf('\\'), process.lastIndexOf('/')) + 1)); if (/[\\/]/.test(process)) draft.put('process.executable', process); }
  draft.put('file.path', file);
  if (kind !== undefined) draft.put(`file.hash.${kind}`, hash?.toLowerCase());
  draft.put('rule.name', value('AnalyzerRuleName', 'ThreatName')); draft.put('threat.name', value('ThreatName')); draft.put('rule.category', value('ThreatCategory')); draft.put('rule.id', value('AnalyzerRuleID'));
  draft.put('event.reason', value('ThreatActionTaken', 'NaturalLangDescription', 'Error'));
  const category = value('ThreatCategory') ?? '', blocked = isBlocked(value('ThreatActionTaken'));
  if (/^av\./.test(category)) { draft.act('malware_detected'); draft.put('event.kind', 'alert'); }
  else if (/^(?:hip|ips|host\.intrusion|nip|exploit)/.test(category)) { draft.act('intrusion_detected', blocked ? 'failure' : undefined); draft.put('event.kind', 'alert'); }
  else if (/^fw/.test(category)) draft.act(blocked ? 'connection_denied' : 'connection');
  else if (/^(?:web|wp)/.test(category)) draft.act('proxy_request', blocked ? 'failure' : undefined);
  else draft.act('audit_record', blocked ? 'failure' : undefined);
  return true;
}
const unescape = (text: string): string => (text.includes('&') ? text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&') : text);

export const trellix: Format = { name: 'trellix_epo.event', holds: ['<EPOEvent', '<EPOevent', '<UpdateEvents', '<SCOREvents'], programs: ['epoevents'], detect: ({ head }) => /<(?:EPO[Ee]vent|UpdateEvents|SCOREvents)[ >]/.test(head), read: readEpo };
