// Which log sources can have events here at all: what the tables of logsource.ts make of everything that our normalizers write
// and of everything that they know by name. A rule of another log source loads and never fires.
import type { Event } from '../event.js';
import { contentExamples } from './logsource-contents.js';
import { hostExamples } from './logsource-hosts.js';
import { DATASETS } from './logsource-datasets.js';
import { isCovered, sourcesOf } from './logsource.js';
import { WINDOWS_CATEGORIES, WINDOWS_SERVICES } from './logsource-windows.js';
import type { LogSource } from './rule.js';

/** `event.dataset` of our own formats that have no row in logsource-datasets.ts (a test holds this list complete). */
export const OWN_DATASETS: readonly string[] = [
  'linux.sshd', 'linux.sudo', 'linux.su', 'linux.cron', 'linux.useradd', 'linux.systemd', 'linux.kernel', 'linux.bash', 'linux.vsftpd', 'linux.guacamole', 'linux.xrdp', 'linux.auth', 'linux.fail2ban', 'linux.sshguard', 'linux.syslog', 'linux.pam',
  'auditd.log', 'qnap.nas', 'cisco.ios', 'huawei.vrp', 'aruba.log', 'aruba.clearpass', 'arista.eos', 'ubiquiti.unifi', 'dovecot.log', 'samba.audit', 'vsphere.shell', 'pfsense.gui', 'cisco.ise', 'juniper.srx',
  'fortinet.firewall', 'iis.error', 'dhcpd.log', 'microsoft_dhcp.log', 'php.log', 'container.daemon', 'openldap.log', 'postfix.log', 'snort.log', 'suricata.eve', 'citrix_adc.log',
  'f5_bigip.log', 'barracuda_esg.log', 'nsx.log', 'nsx.audit', 'vsphere.log', 'veeam.backup', 'openvpn.log', 'strongswan.log', 'kea.log', 'freeradius.log', 'microsoft_nps.log', 'keycloak.log', 'modsecurity.audit', 'application.log', 'zeek.log', 'zeek.tsv', 'zeek.header', 'samba.log', 'zscaler.nss', 'oracle.listener', 'application.logback', 'w3c.log', 'w3c.header', 'squid.cache', 'iis.ftp', 'amavis.log', 'opendkim.log', 'rspamd.log', 'kubernetes.klog', 'vmware_horizon.event', 'oracle.alert', 'zimbra.mailbox', 'nextcloud.log',
  'proxmox.log', 'ossec.alerts', 'kerberos.kdc', 'aws.vpcflow', 'aws.elb', '389ds.access',
  'exim.log', 'sendmail.log', 'sasl.auth', 'pgbouncer.log', 'synology.log', 'microsoft_exchange_server.log', 'microsoft_exchange_server.messagetracking', 'microsoft_exchange_server.smtp', 'microsoft_exchange_server.httpproxy', 'microsoft_exchange_server.header',
  'fortinet.fortiedr', 'forcepoint.web', 'infoblox_nios.audit', 'radware.defensepro', 'a10.acos', 'cloudflare.http', 'cloudflare.firewall', 'cloudflare.audit', 'cloudflare.gateway_dns', 'bluecat.edge', 'azure.nsgflow',
  'draytek.vigor', 'sangfor.ngaf', 'asterisk.log', 'grandstream.log', 'ruckus.log', 'tplink.omada', 'extreme.exos', 'dell.switch', 'dell.powerscale', 'dell.idrac', 'application.stack_trace', 'fastpath.log', 'zte.zxr10', 'greenbone.gvm', 'tenable.vulnerability', 'trendmicro_vision_one.observed', 'trendmicro_vision_one.detection', 'trendmicro_vision_one.audit', 'server.management', 'hpe.ilo', 'lenovo.xcc', 'apc.ups', 'netapp.ontap', 'ruijie.rgos', 'cisco_secure_email_gateway.log', 'cisco.umbrella', 'cisco_duo.proxy', 'beyondtrust.log', 'wallix.bastion',
  'elasticsearch.audit', 'opensearch.audit', 'truenas.audit', 'falco.alerts', 'wso2.carbon', 'weblogic.log', 'websphere.log', 'odl.log', 'sharepoint.uls', 'rabbitmq.log', 'redis.log', 'mosquitto.log', 'monitoring.lines', 'sensor.lines', 'nagios.log', 'icinga2.log', 'monit.log', 'kamailio.log', 'coturn.log', 'p0f.log', 'tcpdump.log', 'nmap.scan', 'etcd.log', 'zabbix.log',
  'app.portal', 'app.documents', 'app.lgsp', 'app.mobile', 'app.call-centre', 'app.camera', 'app.other',
];

/** These name their service in the message itself, so any of theirs may come. */
const OPEN_PRODUCTS = new Set(['zeek', 'cisco', 'huawei', 'juniper', 'fortigate', 'fortios']);
/** JSON events that say their own category (Sysmon for Linux, agents): any word. */
const SELF_NAMED_PRODUCTS = new Set(['linux']);

let known: readonly LogSource[] | undefined;

/** Can an event of this log source come from anything that we read? */
export function isFed(logsource: LogSource): boolean {
  known ??= allSources();
  if (isCovered(logsource, known)) return true;
  const product = logsource.product?.toLowerCase(), { category, service } = logsource;
  if (product === undefined) return false;
  if (OPEN_PRODUCTS.has(product)) return category === undefined && service !== undefined;
  return SELF_NAMED_PRODUCTS.has(product) && service === undefined && category !== undefined && SYSMON_FOR_LINUX.has(category.toLowerCase());
}
const SYSMON_FOR_LINUX = new Set(['process_creation', 'process_termination', 'network_connection', 'file_event', 'file_delete', 'raw_access_thread', 'process_access', 'sysmon_status']);

function allSources(): LogSource[] {
  const events: Event[] = [
    ...[...Object.keys(DATASETS), ...OWN_DATASETS].flatMap((dataset) => [{ 'event.dataset': dataset }, ...contentExamples(dataset)]),
    ...['clamd', 'vsftpd', 'guacd', 'crontab'].map((program) => ({ 'event.dataset': 'linux.syslog', 'log.syslog.appname': program })),
    ...hostExamples(),
    ...['traffic', 'utm', 'event'].map((type) => ({ 'event.dataset': 'fortinet.firewall', 'fortinet.firewall.type': type })),
    { 'event.dataset': 'fortinet.firewall', message: 'sslvpnd' }, { 'winlog.channel': 'RPCFW' }, { 'winlog.channel': 'Security', 'winlog.event_id': '4663', 'event.dataset': 'windows.security', 'event.original': '' },
    { 'event.dataset': 'cisco.ios', message: '%BGP-5-ADJCHANGE: x' },
    { _path: 'dns' }, { eventSource: 's', eventName: 'n', eventVersion: '1' }, { 'cs-method': 'GET', 'cs-uri': '/' }, { 'c-uri': '/' }, { query: 'q', record_type: 'A' }, { Signature: 's', Filename: 'f' },
    { verb: 'get', 'objectRef.resource': 'pods' }, { logtype: 1, node_id: 'n', dst_port: 1 }, { eventType: 't', 'actor.alternateId': 'a' }, { 'destination.ip': '192.0.2.1', 'source.ip': '192.0.2.2' },
  ];
  const windows: LogSource[] = [
    { product: 'windows' },
    ...Object.keys(WINDOWS_SERVICES).map((service) => ({ product: 'windows', service })),
    ...WINDOWS_CATEGORIES.flatMap(({ category, channels }) => [{ product: 'windows', category },
      ...Object.entries(WINDOWS_SERVICES).filter(([, own]) => own.some((channel) => channels.includes(channel))).map(([service]) => ({ product: 'windows', category, service }))]),
  ];
  return [...windows, ...events.flatMap((event) => sourcesOf(event).sources)];
}
