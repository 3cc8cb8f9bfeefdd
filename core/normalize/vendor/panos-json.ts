// Palo Alto Networks' Cortex / Strata log forwarding: the same logs as PAN-OS' own, as JSON with names in words. Keys stay under panw.panos.*.
import { epochMillis, readIso, resolve } from '../../message/time.js';
import { fillAccount, putAccount } from '../account.js';
import { keepAll, type JsonKind } from '../json-fields.js';
import { remembered } from '../keys.js';
import { readSentence } from '../sentences.js';
import { putAction, putPanosUrl } from './panos.js';

const FIELDS: readonly (readonly [field: string, names: string])[] = [
  ['source.ip', 'SourceAddress SourceIP PublicIPv4 PublicIP EndpointIPAddress SourceIPv6'], ['destination.ip', 'DestinationAddress DestinationIP DNSResolverIP'], ['source.port', 'SourcePort'], ['destination.port', 'DestinationPort'],
  ['source.nat.ip', 'NATSource PrivateIPv4 PrivateIP'], ['destination.nat.ip', 'NATDestination'], ['source.nat.port', 'NATSourcePort'], ['destination.nat.port', 'NATDestinationPort'],
  ['rule.name', 'Rule RuleMatched HipMatchName'], ['network.transport', 'Protocol'], ['network.protocol', 'Application'], ['network.bytes', 'Bytes BytesTotal'], ['source.bytes', 'BytesSent'], ['destination.bytes', 'BytesReceived'],
  ['observer.ingress.interface.name', 'InboundInterface'], ['observer.egress.interface.name', 'OutboundInterface'], ['observer.serial_number', 'DeviceSN LogSourceID'], ['observer.name', 'DeviceName LogSourceName'],
  ['user_agent.original', 'UserAgent UserAgentString'], ['http.request.referrer', 'Referer HTTPReferer'], ['http.request.method', 'HTTPMethod'], ['file.hash.sha256', 'FileSHA256 FileHash'], ['dns.question.name', 'DNSDomain QueriedDomain'],
  ['email.subject', 'EmailSubject SubjectOfEmail'], ['source.domain', 'EndpointDeviceName SourceDeviceHost'], ['source.mac', 'SourceDeviceMac'], ['destination.mac', 'DestinationDeviceMac'], ['event.reason', 'EventDescription SessionEndReason Description'],
];

export const panosJson: JsonKind = {
  dataset: 'panw.panos',
  is: (flat) => typeof flat['LogType'] === 'string' && (Object.hasOwn(flat, 'TimeGenerated') || Object.hasOwn(flat, 'TimeReceived') || Object.hasOwn(flat, 'EventTime') || Object.hasOwn(flat, 'LogTime')),
  read(draft, flat) {
    keepAll(draft, 'panw.panos', flat);
    const text = (names: string): string | undefined => {
      for (const name of wordsOf(names)) { const value = Object.hasOwn(flat, name) ? flat[name] : undefined; if (value !== undefined && value !== null && value !== '' && !Array.isArray(value)) return String(value); }
      return undefined;
    };
    for (const [field, names] of FIELDS) {
      const value = text(names);
      if (value === undefined || (field.includes('.nat.') && NO_NAT.test(value))) continue;
      draft.put(field, field === 'network.transport' ? value.toLowerCase() : field.endsWith('.mac') ? value.toUpperCase().replaceAll(':', '-') : value);
    }
    const time = text('TimeGenerated EventTime TimeGeneratedHighResolution LogTime TimeReceived') ?? '', stamp = readIso(time, 0);
    const at = stamp === undefined ? epochMillis(time) : resolve(stamp, draft.received, draft.zone);
    if (at !== undefined) draft.time = at;
    draft.put('observer.vendor', 'Palo Alto Networks');
    draft.put('observer.product', 'PAN-OS');
    const type = (text('LogType') ?? '').toUpperCase(), subtype = (text('Subtype SubType LogSubtype') ?? '').toLowerCase();
    draft.put('event.code', text('ThreatID')?.replace(/^.*\((\d{1,10})\)$/, '$1').replace(/^0$/, '') ?? text('EventIDValue EventID EventName'));
    putAccount(draft, 'source.user', text('SourceUser SourceUserName User UserName'));
    putAccount(draft, 'destination.user', text('DestinationUser DestinationUserName'));
    putAccount(draft, 'user', text('SourceUser SourceUserName SourceUserInfo.Name User UserName AdminName Admin'));
    const url = text('URL URLDomain FileName URLFilename');
    if (url !== undefined && type === 'THREAT') putPanosUrl(draft, url, subtype);
    const said = text('EventDescription') ?? '';
    if (said !== '') {
      readSentence(draft, said);
      fillAccount(draft, 'user', /\b(?:for|by) user '?([^\s'.,]{1,128})|\bby ([^\s'.,]{1,128})$/.exec(said)?.slice(1).find((name) => name !== undefined));
      draft.fill('source.ip', /initiated by ([0-9a-fA-F.:]{3,45})/.exec(said)?.[1]);
    }
    const values = new Map([['action', text('Action') ?? ''], ['eventid', text('EventName EventIDValue') ?? ''], ['status', text('EventStatus Status') ?? '']]);
    putAction(draft, type, subtype, values);
  },
};
/** The names that a text lists, parted once. */
const wordsOf = remembered((names) => names.split(' '));
const NO_NAT = /^(?:0\.0\.0\.0|::|0)$/;
