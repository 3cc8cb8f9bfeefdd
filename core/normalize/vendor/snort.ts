// Snort 2 and 3 and what writes like them: alerts of one line (fast, syslog) or of several (full), the columns of alert_csv as pfSense orders them, and
// Snort 3's JSON. https://docs.snort.org/start/alert_logging, https://docs.netgate.com/pfsense/en/latest/packages/snort/
//   05/30-19:09:10.917356 [**] [1:527:8] NAME [**] [Classification: x] [Priority: 2] {UDP} 192.0.2.1:68 -> 198.51.100.1:67
import { digits, readIso, resolve } from '../../message/time.js';
import { codeAt } from '../../text.js';
import { putAs } from '../common-names.js';
import { splitCsv } from '../csv.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { has, keepAll, putAll, textOf, type JsonKind, type Names } from '../json-fields.js';
import { isApplication, isIp, splitEndpoint } from '../net.js';
import { ENDS } from '../ends.js';

const RULE = /\[(\d{1,10}):(\d{1,10}):(\d{1,6})\] (.{1,400}?)\s*(?:\[\*\*\]|\[Classification|\[Priority|\{)/;
const WAY = /([0-9a-fA-F.:]{3,51}) -> ([0-9a-fA-F.:]{3,51})(?=[\s\\]|$)/;
const TIME = /^(?:\d{2}\/)?\d\d\/\d\d(?:\/\d{2,4})?-\d\d:\d\d:\d\d/;
function readSnort(draft: Draft): boolean {
  const { head } = draft;
  if (COLUMNS.test(head)) return readColumns(draft);
  const rule = RULE.exec(head), way = rule === null ? null : WAY.exec(head.slice(rule.index + rule[0].length - 1));
  if (rule === null || way === null) return false;
  draft.put('rule.id', rule[2]);
  draft.put('rule.name', unquoted(rule[4] as string));
  const kind = /\[Classification: ([^\]]{1,200})\]/.exec(head)?.[1], application = /\[AppID: ([\w.-]{1,60})\]/.exec(head)?.[1] ?? '';
  if (kind !== undefined) draft.put('rule.category', unquoted(kind));
  if (isApplication(application)) draft.put('network.protocol', application.toLowerCase()); else draft.put('network.application', application);
  draft.put('observer.ingress.interface.name', / <([\w.:-]{1,40})> \{/.exec(head)?.[1]);
  draft.put('event.severity', /\[Priority: (\d{1,2})\]/.exec(head)?.[1]);
  draft.put('network.transport', (/\{([A-Za-z0-9-]{2,12})\}/.exec(head)?.[1] ?? /(?:^|\n|\\n)(TCP|UDP|ICMP|IPV6-ICMP) TTL/.exec(head)?.[1])?.toLowerCase());
  putEnd(draft, 'source', way[1] as string); putEnd(draft, 'destination', way[2] as string);
  const time = /\d\d\/\d\d(?:\/\d\d)?-\d\d:\d\d:\d\d(?:\.\d{1,6})?/.exec(head)?.[0];
  if (time !== undefined && !draft.headed) putTime(draft, time);
  draft.act('intrusion_detected', /\[(?:Drop|Block(?:ed)?)\]/i.test(head) ? 'failure' : undefined);
  return true;
}
const unquoted = (name: string): string => (name.length > 2 && name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1) : name);

/** A port stands behind the last colon; of an address of IPv6, which that may belong to, only where the protocol has ports. */
function putEnd(draft: Draft, side: 'source' | 'destination', text: string): void {
  const colon = text.lastIndexOf(':'), transport = draft.get('network.transport'), ported = transport === 'tcp' || transport === 'udp';
  const { host, port } = text.indexOf(':') === colon ? splitEndpoint(text) : ported && isIp(text.slice(0, colon)) ? { host: text.slice(0, colon), port: text.slice(colon + 1) } : { host: text, port: undefined };
  if (isIp(host)) { draft.put(ENDS[side].ip, host); draft.put(ENDS[side].port, port); }
}

/** `02/17-13:40:03.123`, `02/17/26-...`, of Snort 3 with `-y` `26/02/17-...`: which of the outer two is the year, the one says that can be no month. */
function putTime(draft: Draft, text: string): void {
  const yearless = codeAt(text, 5) === 45, first = digits(text, 0, 2), second = digits(text, 3, 2), third = yearless ? 0 : digits(text, 6, 2), yearFirst = !yearless && (first > 12 || third <= 12 && second <= 12 && first >= 20 && third < 20);
  const two = (value: number): string => String(value).padStart(2, '0'), [year, month, day] = yearless ? [2024, first, second] : yearFirst ? [2000 + first, second, third] : [2000 + third, first, second];
  const stamp = readIso(`${String(year)}-${two(month)}-${two(day)} ${text.slice(text.indexOf('-') + 1)}`, 0);
  if (stamp !== undefined) draft.time = resolve(yearless ? { ...stamp, year: 0 } : stamp, draft.received, draft.zone);
}

/** pfSense's alert file: time, generator, rule, revision, name, protocol, ends, packet, class, priority, what was done. */
const COLUMNS = /^(?:\d{2}\/)?\d\d\/\d\d(?:\/\d\d)?-\d\d:\d\d:\d\d\.\d{1,6} ?,\d{1,10},\d{1,10},\d{1,6},/;
function readColumns(draft: Draft): boolean {
  const [time = '', , id, , name, transport, source, sourcePort, destination, destinationPort, , kind, priority, , done = ''] = splitCsv(draft.text, ',');
  draft.put('rule.id', id); draft.put('rule.name', name); draft.put('rule.category', kind); draft.put('event.severity', priority);
  putAs(draft, 'network.transport', transport ?? '');
  draft.put('source.ip', source); draft.put('source.port', sourcePort); draft.put('destination.ip', destination); draft.put('destination.port', destinationPort);
  if (!draft.headed) putTime(draft, time.trim());
  draft.act('intrusion_detected', BLOCKED.test(done) ? 'failure' : undefined);
  return true;
}
const BLOCKED = /block|drop|reject|reset/i;

const NAMES: Names = [
  ['src_addr', 'source.ip'], ['src_port', 'source.port'], ['eth_src', 'source.mac'], ['dst_addr', 'destination.ip'], ['dst_port', 'destination.port'], ['eth_dst', 'destination.mac'], ['proto', 'network.transport'], ['service', 'network.protocol'],
  ['src_ap', 'source.ip'], ['dst_ap', 'destination.ip'], ['msg', 'rule.name'], ['class', 'rule.category'], ['sid', 'rule.id'], ['priority', 'event.severity'], ['iface', 'observer.ingress.interface.name'],
];
export const snortJson: JsonKind = {
  dataset: 'snort.log',
  is: (flat) => has(flat, 'rule') && (has(flat, 'src_ap') || has(flat, 'src_addr')) && /^\d{1,10}:\d{1,10}:\d{1,6}$/.test(textOf(flat, 'rule') ?? ''),
  read(draft, flat) {
    keepAll(draft, 'snort', flat);
    const seconds = Number(textOf(flat, 'seconds')), time = textOf(flat, 'timestamp');
    if (Number.isFinite(seconds) && seconds > 0) draft.time = seconds * 1000; else if (time !== undefined && TIME.test(time)) putTime(draft, time);
    putAll(draft, flat, NAMES);
    if (draft.get('rule.category') === 'none') delete draft.event['rule.category'];
    draft.fill('rule.id', textOf(flat, 'rule')?.split(':')[1]);
    draft.act('intrusion_detected', BLOCKED.test(textOf(flat, 'action') ?? '') ? 'failure' : undefined);
  },
};

export const snort: Format = {
  name: 'snort.log', holds: ['[**]', '->', '-00:00:00.'], programs: ['snort'],
  detect: ({ head }) => head.includes('[**]') || head.includes('->') && RULE.test(head) || COLUMNS.test(head), read: readSnort,
};
