// VMware NSX. Packets of its distributed and gateway firewalls, in a file, from ESXi's syslog (`dfwpktlogs: `, `FIREWALL-PKTLOG`) or an edge's:
//   b6507827 INET match DROP mainrs/1024 IN 52 TCP 192.0.2.3/49627->198.51.100.4/80 S rule-label
//   INET TERM PASS 5096 OUT TCP RST 192.0.2.3/49627->198.51.100.4/80 9/8 1461/4677 rule-label
// and its managers' audit: `UserName="an", ModuleName="AAA", Operation="LOGIN", Operation status="success"`.
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, protocolName, splitEndpoint } from '../net.js';
import { readSentence } from '../sentences.js';

const PACKET = /(?:^|\s)INET6? ([A-Za-z][\w-]{2,20}) (?:(PASS|DROP|REJECT|NAT|NONAT|RDR|NORDR|PUNT|REDIRECT|COPY|PBR|LB) )?(?:([\w.-]{1,64})\/)?(\d{1,20}) (IN|OUT) (?:(\d{1,7}) )?(PROTO \d{1,3}|[A-Z][A-Za-z0-9]{1,9})(?: (RST|FIN|TIMEOUT))?(?: \d{1,3} \d{1,3})? ([0-9a-fA-F.:]{2,45}(?:\/\d{1,5})?)->([0-9a-fA-F.:]{2,45}(?:\/\d{1,5})?)(?:\s|$)/;

function readNsx(draft: Draft): boolean {
  const packet = PACKET.exec(draft.head);
  draft.put('observer.vendor', 'VMware');
  draft.put('observer.product', 'NSX');
  if (packet !== null) readPacket(draft, packet);
  else if (AUDIT.test(draft.head)) readAudit(draft);
  else readSentence(draft, draft.text);
  return true;
}

function readPacket(draft: Draft, found: RegExpExecArray): void {
  const [whole, reason = '', verdict, set, rule, direction, length, protocol = '', ended, source = '', destination = ''] = found;
  draft.event['event.dataset'] = 'nsx.firewall';
  if (found.index === 0 && /^[0-9a-f]{8}$/.test(draft.getText('host.name') ?? '')) for (const field of ['host.name', 'log.syslog.hostname']) Reflect.deleteProperty(draft.event, field); // of a file's line the virtual interface stands where a header has the host
  draft.put('rule.id', rule);
  draft.put('nsx.rule_set', set);
  draft.put('network.direction', direction === 'IN' ? 'inbound' : 'outbound');
  draft.put('network.bytes', length);
  draft.put('network.transport', protocolName(protocol.replace('PROTO ', '')));
  for (const [side, end] of [['source', source], ['destination', destination]] as const) { const { host, port } = splitEndpoint(end); if (!isIp(host)) continue; draft.put(`${side}.ip`, host); draft.put(`${side}.port`, port); }
  draft.put('event.reason', ended ?? (reason === 'match' || reason === 'reason-match' || reason === 'TERM' ? undefined : reason));
  for (const word of draft.head.slice(found.index + whole.length).trim().split(' ', 8)) readWord(draft, word);
  const bytes = /^\d{1,12}\/\d{1,12} (\d{1,18})\/(\d{1,18})\b/.exec(draft.head.slice(found.index + whole.length));
  if (bytes !== null) draft.put('network.bytes', Number(bytes[1]) + Number(bytes[2]));
  draft.act(reason === 'TERM' ? 'connection_ended' : verdict === 'DROP' || verdict === 'REJECT' ? 'connection_denied' : verdict === undefined ? 'connection' : 'connection_allowed');
}

/** What may follow: flags of TCP, counts, a name with its id, an application, the rule's label. */
function readWord(draft: Draft, word: string): void {
  const name = /^([\w.*-]{1,253}\.[A-Za-z]{2,24})\([0-9a-fA-F-]{36}\)$/.exec(word);
  if (name !== null) draft.put('destination.domain', name[1]);
  else if (word.startsWith('APP_')) draft.put('network.protocol', word.slice(4).toLowerCase());
  else if (word !== '' && !/^[SAFRPUEWC.]{1,8}$|^\d+\/\d+$/.test(word)) draft.fill('rule.name', word);
}

const AUDIT = /^UserName ?= ?["']/;
function readAudit(draft: Draft): void {
  const { head } = draft, value = (name: string): string | undefined => new RegExp(String.raw`(?:^|[, ])${name} ?= ?(?:"([^"]{0,400})"|'([^']{0,400})')`).exec(head)?.slice(1).find((one) => one !== undefined);
  draft.event['event.dataset'] = 'nsx.audit';
  putAccount(draft, 'user', value('UserName'));
  const from = value('Src') ?? value('src'), operation = value('Operation') ?? '', status = value('Operation status');
  if (from !== undefined) { const { host, port } = splitEndpoint(from); if (isIp(host)) { draft.put('source.ip', host); draft.put('source.port', port); } }
  draft.put('service.name', value('ModuleName'));
  draft.put('event.code', operation);
  const outcome = status === undefined ? undefined : /^succ/i.test(status) ? 'success' as const : 'failure' as const;
  if (/log-?in|CreateSession/i.test(operation)) draft.act(outcome === 'failure' ? 'login_failed' : 'login');
  else if (/log-?out|DestroySession/i.test(operation)) draft.act('logout');
  else if (/^(?:Get|List|Read|Search|Query|Find|Download)/i.test(operation)) draft.put('event.outcome', outcome);
  else draft.act('config_changed', outcome);
}

export const nsx: Format = { name: 'nsx.log', holds: ['INET ', 'INET6 '], programs: ['dfwpktlogs', 'firewall-pktlog', 'nsx', 'nsxv'], detect: ({ head }) => head.includes('->') && PACKET.test(head), read: readNsx };
