// What log sources an event belongs to, told from what the event is: its Windows channel and event id, its `event.dataset`,
// or fields that only one kind of source has. Rules run only on the events of their log source; keyword rules depend on it.
import { read, type Event } from '../event.js';
import { DATASETS } from './logsource-datasets.js';
import { WINDOWS_CATEGORIES, WINDOWS_SERVICES } from './logsource-windows.js';
import { applicationsOf, applicationsOfObject, applicationSources } from './logsource-applications.js';
import { contentsOf, contentSources } from './logsource-contents.js';
import { hostEventOf, hostSources, systemOfPath } from './logsource-hosts.js';
import type { LogSource } from './rule.js';

/** Equal keys mean equal sources, so that candidates are looked up once for each. */
export interface Sources {
  readonly key: string;
  readonly sources: readonly LogSource[];
}

/** Every part that `wanted` names is the same in one of the sources. */
export function isCovered(wanted: LogSource, sources: readonly LogSource[]): boolean {
  return sources.some((source) => agrees(wanted.category, source.category) && agrees(wanted.product, source.product) && agrees(wanted.service, source.service));
}
const agrees = (wanted: string | undefined, has: string | undefined): boolean => wanted === undefined || wanted.toLowerCase() === has;

/** Does `filter` speak about (a superset of) what `rule` searches? */
export const includes = (filter: LogSource, rule: LogSource): boolean =>
  same(filter.category, rule.category) && same(filter.product, rule.product) && same(filter.service, rule.service);
const same = (filter: string | undefined, rule: string | undefined): boolean => filter === undefined || filter.toLowerCase() === rule?.toLowerCase();

/** `linux / sshd`, as people read it. */
export const printLogSource = ({ category, product, service }: LogSource): string => [product, category, service].filter((part) => part !== undefined).join(' / ');

const known = new Map<string, Sources>();
const KNOWN_MAX = 5000;

export function sourcesOf(event: Event): Sources {
  return remembered(keyOf(event));
}

/** The sources that a key of `sourcesOf` stands for. */
export const sourcesOfKey = (key: string): readonly LogSource[] => remembered(key).sources;

/** The number of the Windows events that have this key. */
export function windowsIdOf(key: string): string | undefined {
  const [form, , id] = key.split(SEPARATOR);
  return form === 'd' || id === '' ? undefined : id;
}

function remembered(key: string): Sources {
  const before = known.get(key);
  if (before !== undefined) return before;
  if (known.size >= KNOWN_MAX) known.clear();
  const fresh: Sources = { key, sources: sourcesFor(key) };
  known.set(key, fresh);
  return fresh;
}

const SEPARATOR = '\u0001';

/** A short text that decides the sources: `w` (of ours: `wo`) channel id type, or `d` dataset contents detail. */
function keyOf(event: Event): string {
  const channel = text(event, 'winlog.channel') ?? text(event, 'Channel');
  if (channel !== undefined) {
    const id = text(event, 'winlog.event_id') ?? text(event, 'EventID') ?? text(event, 'event.code') ?? '';
    const type = id === '12' ? text(event, 'EventType') ?? text(event, 'winlog.event_data.EventType') ?? '' : '';
    const isOwn = Object.hasOwn(event, 'event.original') && text(event, 'event.dataset')?.startsWith('windows.') === true;
    return [isOwn ? 'wo' : 'w', channel.toLowerCase(), id, type.toLowerCase()].join(SEPARATOR);
  }
  const dataset = text(event, 'event.dataset')?.toLowerCase() ?? '';
  return ['d', dataset, contentsOf(event, dataset), ...details(event, dataset)].join(SEPARATOR);
}

function text(event: Event, field: string): string | undefined {
  const value = read(event, field);
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

/** What beside the data set decides, in a few words. */
function details(event: Event, dataset: string): string[] {
  if (dataset.startsWith('linux.') || dataset.startsWith('system.') || dataset === 'syslog.generic') {
    const facility = read(event, 'log.syslog.facility.code'), program = text(event, 'log.syslog.appname')?.toLowerCase() ?? '';
    if (dataset === 'linux.syslog' || dataset === 'syslog.generic') {
      const applications = applicationsOf(event, program);
      if (applications !== '') return [program, `app:${applications}`];
    }
    if (JUNOS.has(program)) return [program, routingIn(event)];
    return [program, facility === 4 || facility === 10 ? 'auth' : ''];
  }
  if (dataset === 'application.log' || dataset === 'application.stack_trace' || dataset === 'wso2.carbon' || dataset === 'weblogic.log' || dataset === 'websphere.log' || dataset === 'odl.log' || dataset === 'application.logback' || dataset === 'tomcat.log' || dataset === 'apache.error' || dataset === 'nginx.error' || dataset === 'php.log') return [`app:${applicationsOf(event, '')}`];
  const happened = hostEventOf(event, dataset);
  if (happened !== '') return [`host:${happened}`];
  if (dataset === 'gcp.audit') return [WORKSPACE.exec(text(event, 'protoPayload.serviceName') ?? '')?.[0] ?? ''];
  if (dataset.startsWith('fortinet')) return [text(event, 'fortinet.firewall.type')?.toLowerCase() ?? '', /sslvpn/i.test(text(event, 'message') ?? '') ? 'sslvpnd' : ''];
  if (dataset.startsWith('cisco.ios') || dataset.startsWith('huawei.') || dataset.startsWith('juniper.')) return [facilityWord(text(event, 'message') ?? ''), routingIn(event)];
  if (dataset === '' || dataset.startsWith('generic.') || dataset === 'cef.log' || dataset === 'leef.log') return [byFields(event) || ofApplication(event, dataset)];
  if (dataset === 'cisco.ise') return [/Tacacs-Accounting:/.test(text(event, 'message') ?? '') ? 'aaa' : ''];
  if (dataset === 'cisco.asa') return [ASA_COMMANDS.has(text(event, 'event.code') ?? '') ? 'aaa' : ''];
  if ((Object.hasOwn(event, 'log.logger') || Object.hasOwn(event, 'error.stack_trace')) && !Object.hasOwn(DATASETS, dataset)) return [`app:${applicationsOfObject(event)}`]; // an application's own name for its log
  return [];
}

/** Of what somebody typed. */
const ASA_COMMANDS: ReadonlySet<string> = new Set(['111008', '111009', '111010']);

function ofApplication(event: Event, dataset: string): string {
  const applications = dataset === 'generic.json' ? applicationsOfObject(event) : '';
  return applications === '' ? '' : `app:${applications}`;
}

/** What people's own administration logs in the cloud's audit log. */
const WORKSPACE = /^(?:admin|login)(?=\.googleapis\.com$)/;

/** `%PARSER-5-CFGLOG_LOGGEDCMD` -> parser; `%%01BGP/3/BGP_AUTH_FAILED` -> bgp. */
const facilityWord = (message: string): string => /%%\d*([A-Z][A-Z0-9_]*)\/|%([A-Z][A-Z0-9_]*)-/.exec(message)?.slice(1).find((word) => word !== undefined)?.toLowerCase() ?? '';

/** A message of the TCP beneath a routing protocol is of that protocol: BGP speaks on port 179, LDP on 646. */
function routingIn(event: Event): string {
  const message = text(event, 'message') ?? '';
  return /(?<![A-Za-z])BGP(?![A-Za-z])|[:(]179\b/i.test(message) ? 'bgp' : /(?<![A-Za-z])LDP(?![A-Za-z])|[:(]646\b/i.test(message) ? 'ldp' : '';
}

/** For events that do not say what they are: fields that only one kind of source has. */
function byFields(event: Event): string {
  const has = (...fields: string[]): boolean => fields.every((field) => Object.hasOwn(event, field));
  const any = (...fields: string[]): boolean => fields.some((field) => Object.hasOwn(event, field));
  const category = text(event, 'category') ?? text(event, 'json.category');
  if (category !== undefined && /^[a-z_]{3,40}$/.test(category) && any('Image', 'json.Image', 'CommandLine', 'TargetFilename', 'process.executable', 'process.command_line')) {
    const image = text(event, 'Image') ?? text(event, 'json.Image') ?? text(event, 'process.executable') ?? text(event, 'TargetFilename') ?? '';
    const product = text(event, 'product')?.toLowerCase();
    return `category:${product !== undefined && SYSTEMS.has(product) ? product : systemOfPath(image) || 'linux'}:${category}`;
  }
  const path = text(event, '_path') ?? text(event, 'json._path');
  if (path !== undefined) return `zeek:${path.toLowerCase()}`;
  if (has('eventSource', 'eventName') && any('awsRegion', 'eventVersion', 'userIdentity.type')) return 'aws';
  if (has('cs-method') && any('cs-uri-query', 'cs-uri-stem', 'cs-uri')) return any('r-dns', 'c-uri', 'c-useragent') ? 'proxy' : 'web';
  if (any('c-uri', 'c-uri-query') || has('c-useragent')) return 'proxy';
  if (has('query', 'record_type')) return 'dns';
  if (has('Signature', 'Filename') || text(event, 'event.category') === 'malware') return 'antivirus';
  if (text(event, 'apiVersion')?.startsWith('audit.k8s.io') === true || has('verb', 'objectRef.resource')) return 'kubernetes';
  if (has('logtype', 'node_id') && any('dst_port', 'src_host', 'dst_host')) return 'opencanary';
  if (has('eventType', 'actor.alternateId') || has('eventtype', 'actor.alternateid')) return 'okta';
  if (has('event_type', 'reason') && any('factor', 'txid', 'auth_device.name', 'access_device.ip')) return 'duo';
  if (has('level', 'task', 'time', 'message')) return 'gpsvc';
  if (/^tac_plus/.test(text(event, 'log.syslog.appname') ?? '')) return 'tacacs';
  if (text(event, 'EventLog')?.toLowerCase() === 'rpcfw') return 'rpcfw';
  if (any('destination.ip', 'dst_ip', 'dst_port', 'destination.port') && any('event.action', 'action', 'source.ip', 'src_ip')) return 'firewall';
  return '';
}

const SYSTEMS: ReadonlySet<string> = new Set(['windows', 'linux', 'macos']);

function sourcesFor(key: string): LogSource[] {
  const [form, first = '', second = '', third = '', more = ''] = key.split(SEPARATOR);
  if (form !== 'd') return windows(first, second, third, form === 'wo');
  const sources = dataset(first, third, more);
  return second === '' ? sources : [...sources, ...contentSources(second, sources[0]?.product)];
}

/** Sysmon for Linux numbers its events as the one for Windows does. */
function sysmonOfLinux(id: string): LogSource[] {
  const categories = WINDOWS_CATEGORIES.filter(({ channels, eventIds, ownOnly, eventTypes }) => ownOnly !== true && eventTypes === undefined && id !== '' && eventIds.includes(Number(id)) && channels.some((name) => name.includes('Sysmon')));
  return [{ product: 'linux' }, { product: 'linux', service: 'sysmon' }, ...categories.map(({ category }) => ({ product: 'linux', category, service: 'sysmon' }))];
}

function windows(channel: string, id: string, eventType: string, isOwn: boolean): LogSource[] {
  if (channel === 'linux-sysmon/operational') return sysmonOfLinux(id);
  const categories = WINDOWS_CATEGORIES.filter(({ channels, eventIds, eventTypes, ownOnly }) =>
    (isOwn || ownOnly !== true) && eventIds.includes(Number(id)) && id !== '' && channels.some((name) => name.toLowerCase() === channel) && (eventTypes?.includes(eventType) ?? true));
  const services = Object.entries(WINDOWS_SERVICES).filter(([, channels]) => channels.some((name) => name.toLowerCase() === channel)).map(([service]) => service);
  const sources: LogSource[] = [{ product: 'windows' }];
  for (const service of services) sources.push({ product: 'windows', service }, ...categories.map(({ category }) => ({ product: 'windows', service, category })));
  if (services.length === 0) sources.push(...categories.map(({ category }) => ({ product: 'windows', category })));
  if (channel === 'rpcfw') sources.push(...recognised('rpcfw'));
  return sources;
}

function dataset(name: string, detail: string, more: string): LogSource[] {
  if (name.startsWith('zeek.')) return zeek(name.slice('zeek.'.length));
  if (detail.startsWith('host:')) return [...(DATASETS[name] ?? []), ...hostSources(detail.slice('host:'.length))];
  if (detail.startsWith('app:')) return [...(Object.hasOwn(DATASETS, name) ? DATASETS[name] ?? [] : guess(name)), ...applicationSources(detail)];
  if (name.startsWith('linux.') || name.startsWith('system.') || name === 'syslog.generic') return [...linux(name, detail, more === 'auth'), ...(more.startsWith('app:') ? applicationSources(more) : JUNOS.has(detail) ? routed('juniper', '', more) : [])];
  if (name === 'cisco.ise' || name === 'cisco.asa') return [...(DATASETS[name] ?? [{ product: 'cisco', service: 'ise' }]), ...(detail === '' ? [] : [{ product: 'cisco', service: 'aaa' }])]; // commands of devices, as they account for them
  if (name === 'gcp.audit') return [{ product: 'gcp', service: name }, ...(detail === '' ? [] : [{ product: 'gcp', service: `google_workspace.${detail}` }])];
  if (name.startsWith('fortinet')) return fortinet(detail, more);
  if (name.startsWith('cisco.ios')) return cisco(detail, more);
  if (name.startsWith('huawei.')) return routed('huawei', detail, more);
  if (name.startsWith('juniper.')) return [...routed('juniper', detail, more), { category: 'firewall', product: 'juniper' }];
  const row = Object.hasOwn(DATASETS, name) ? DATASETS[name] : undefined;
  return detail === '' ? [...(row ?? guess(name))] : [...(row ?? []), ...recognised(detail)];
}

/** `module.log` of a vendor we have no row for: at least product and service by these words. */
function guess(name: string): LogSource[] {
  const [product, service] = name.split('.');
  return product === undefined || product === '' || product === 'haidang' || product === 'generic' ? [] : [{ product, ...(service === undefined ? {} : { service }) }];
}

function linux(name: string, program: string, isAuth: boolean): LogSource[] {
  const service = name.slice(name.indexOf('.') + 1);
  const services = new Set<string>(name === 'syslog.generic' ? ['syslog'] : [service]);
  if (['sshd', 'sudo', 'su', 'pam', 'useradd'].includes(service) || isAuth) services.add('auth');
  if (['cron', 'useradd', 'systemd', 'kernel', 'syslog'].includes(service)) services.add('syslog');
  const own = PROGRAMS.get(program);
  if (own !== undefined) services.add(own);
  const appliance = program === 'gpsvc' ? recognised('gpsvc') : [];
  return [{ product: 'linux' }, ...[...services].map((one) => ({ product: 'linux', service: one })), ...appliance];
}
/** Daemons that only Junos has; its kernel writes its name with a slash. */
const JUNOS: ReadonlySet<string> = new Set(['rpd', '/kernel', 'mgd', 'chassisd', 'dcd', 'jsrpd']);
/** Programs whose rules name a service of their own. */
const PROGRAMS: ReadonlyMap<string, string> = new Map([
  ['sshd', 'sshd'], ['sudo', 'sudo'], ['crontab', 'cron'], ['cron', 'cron'], ['crond', 'cron'], ['vsftpd', 'vsftpd'], ['apache2', 'apache'], ['httpd', 'apache'], ['nginx', 'nginx'], ['guacd', 'guacamole'],
  ['clamd', 'clamav'], ['freshclam', 'clamav'], ['clamscan', 'clamav'],
]);

function fortinet(type: string, daemon: string): LogSource[] {
  const sources: LogSource[] = [{ product: 'fortigate' }, { product: 'fortios' }];
  if (type !== '') sources.push({ product: 'fortigate', service: type });
  if (type === 'traffic' || type === 'utm') sources.push({ category: 'firewall', product: 'fortigate' });
  if (daemon !== '') sources.push({ product: 'fortios', service: daemon });
  return sources;
}

/** Rules for `aaa` search logged commands for words as short as "dir": they see only messages that log commands. */
function cisco(facility: string, protocol: string): LogSource[] {
  const system: LogSource = { product: 'cisco', service: 'syslog' };
  if (['parser', 'aaa', 'aaaa', 'ha_em', 'sys', 'sec_login', 'security', 'ssh', ''].includes(facility)) return [{ product: 'cisco', service: 'aaa' }, system];
  return [...routed('cisco', facility, protocol), system];
}

function routed(product: string, facility: string, protocol: string): LogSource[] {
  const services = new Set([facility, protocol]);
  services.delete('');
  return [{ product }, ...[...services].map((service) => ({ product, service }))];
}

const zeek = (service: string): LogSource[] => [{ product: 'zeek', service }, ...(service === 'dns' ? [{ category: 'dns', product: 'zeek' }] : [])];

function recognised(detail: string): LogSource[] {
  const [kind, product, category] = detail.split(':');
  switch (kind) {
    case 'category': return [{ product, category }];
    case 'zeek': return zeek(product ?? '');
    case 'aws': return [{ product: 'aws', service: 'cloudtrail' }];
    case 'web': return [{ category: 'webserver' }];
    case 'proxy': return [{ category: 'proxy' }];
    case 'dns': return [{ category: 'dns' }];
    case 'antivirus': return [{ category: 'antivirus' }];
    case 'kubernetes': return [{ product: 'kubernetes', service: 'audit' }, { product: 'kubernetes', category: 'application', service: 'audit' }];
    case 'opencanary': return [{ product: 'opencanary', category: 'application' }];
    case 'okta': return [{ product: 'okta', service: 'okta' }];
    case 'firewall': return [{ category: 'firewall' }];
    case 'duo': return [{ product: 'cisco', service: 'duo' }];
    case 'gpsvc': return [{ product: 'paloalto', service: 'globalprotect' }, { category: 'appliance', product: 'paloalto', service: 'globalprotect' }];
    case 'tacacs': return [{ product: 'cisco', service: 'aaa' }];
    case 'rpcfw': return [{ product: 'rpc_firewall' }, { category: 'application', product: 'rpc_firewall' }];
    default: return [];
  }
}
