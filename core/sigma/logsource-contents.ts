// What an event tells of, beside what its data set is: one firewall logs connections, pages, names and viruses, each of which has rules
// of its own that name no product. Told from what our normalizers put, so a device that learns to write something new is met at once.
import { read, type Event } from '../event.js';
import type { LogSource } from './rule.js';

/** Devices through which people reach pages; elsewhere a URL is what an application was asked or speaks of. */
const GATEWAYS: ReadonlySet<string> = new Set(`fortinet.firewall panw.panos sophos.xg sonicwall.firewall checkpoint.firewall juniper.srx stormshield.log watchguard.firebox
  barracuda_cloudgen_firewall.log hillstone.stoneos cisco.meraki cisco.asa cisco_asa.log huawei.vrp mikrotik.routeros pfsense.log nsx.firewall suricata.eve cef.log leef.log symantec_endpoint.log`.split(/\s+/));
/** Devices that stand before web servers and log what these are asked. */
const SHIELDS: ReadonlySet<string> = new Set(['f5_bigip.log', 'citrix_adc.log', 'aws.waf', 'aws.elb', 'nsx.log']);
/** Applications that log what they were asked. */
const ASKED = /^(?:generic\.(?:json|kv)|app\.|microsoft_exchange_server\.httpproxy$|nextcloud\.log$|gitlab\.production$|application\.)/;
const SHIELD = /web ?application|waf|fortiweb|\basm\b|big-?ip|incapsula|imperva|appwall|securesphere|netscaler|appfirewall/i, METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|PROPFIND)$/i;
/** Sensors and agents that have sources of their own for what they see. */
const OTHERS = /^(?:zeek|windows|auditd|linux|system|winlogbeat)\b|^m365_defender\.(?!alert)|^bind\.|^unbound\.|^dnsmasq\.|^coredns\.|^pdns\.|^microsoft_dnsserver\./;

/** A sensor sees both ways: who asks from inside goes through no proxy of ours, who asks from outside asks our servers. */
const isInside = (address: unknown): boolean => typeof address === 'string' && /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)/i.test(address);

/** A letter for each: `a` malware, `d` a name asked for, `f` a connection let through or not, `p` a page fetched, `w` a page served,
 * `x` a program started on Linux, `l` a login, refused or not. */
export function contentsOf(event: Event, dataset: string): string {
  if (dataset === 'linux.syslog' && read(event, 'event.action') === 'shell_command') return Object.hasOwn(event, 'process.command_line') ? 'x' : '';
  if (!Object.hasOwn(event, 'event.original')) return '';
  if (OTHERS.test(dataset)) return dataset.startsWith('linux.') && read(event, 'event.category') === 'authentication' ? 'l' : '';
  const action = read(event, 'event.action'), category = read(event, 'event.category'), type = read(event, 'event.type');
  let contents = category === 'malware' ? 'a' : category === 'authentication' ? 'l' : '';
  if (Object.hasOwn(event, 'dns.question.name')) contents += 'd';
  if (category === 'network' && (type === 'allowed' || type === 'denied') && Object.hasOwn(event, 'source.ip') && Object.hasOwn(event, 'destination.ip')) contents += 'f';
  if (action === 'intrusion_detected' || !(Object.hasOwn(event, 'url.original') || Object.hasOwn(event, 'url.path') || Object.hasOwn(event, 'url.domain') && Object.hasOwn(event, 'http.request.method'))) return contents;
  if (dataset === 'suricata.eve') return contents + (isInside(read(event, 'source.ip')) ? 'p' : '') + (isInside(read(event, 'source.ip')) && !isInside(read(event, 'destination.ip')) ? '' : 'w');
  const shield = SHIELDS.has(dataset) || action === 'web_attack_detected' || SHIELD.test(`${String(read(event, 'observer.vendor') ?? '')} ${String(read(event, 'observer.product') ?? '')}`) || ASKED.test(dataset) && METHOD.test(String(read(event, 'http.request.method'))) && Object.hasOwn(event, 'url.original');
  return contents + (shield ? 'w' : GATEWAYS.has(dataset) ? 'p' : '');
}

/** Events that a data set may hold, as far as what they tell of goes. */
export function contentExamples(dataset: string): Event[] {
  const event = { 'event.dataset': dataset, 'event.original': '' }, ends = { 'source.ip': '192.0.2.1', 'destination.ip': '192.0.2.2' }, login = OTHERS.test(dataset) && !dataset.startsWith('linux.') ? [] : [{ ...event, 'event.category': 'authentication' }];
  if (SHIELDS.has(dataset)) return [{ ...event, 'url.original': '/' }, ...login];
  if (!GATEWAYS.has(dataset)) return login;
  return [...login, { ...event, 'event.category': 'malware' }, { ...event, 'dns.question.name': 'n' }, { ...event, ...ends, 'event.action': 'connection_denied' }, { ...event, 'url.original': '/' }, { ...event, 'url.original': '/', 'event.action': 'web_attack_detected' }];
}

/** Of what `contentsOf` said, for a device of this product. */
export function contentSources(contents: string, product: string | undefined): LogSource[] {
  if (contents === 'x') return [{ category: 'process_creation', product: 'linux' }];
  return CATEGORIES.filter(([letter]) => contents.includes(letter)).map(([, category]) => ({ category, ...(product === undefined ? {} : { product }) }));
}
const CATEGORIES = [['a', 'antivirus'], ['d', 'dns'], ['f', 'firewall'], ['l', 'authentication'], ['p', 'proxy'], ['w', 'webserver']] as const;
