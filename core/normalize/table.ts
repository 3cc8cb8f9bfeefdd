// All formats, in the order in which they are tried. Those that look at the text stand from the surest sign to the vaguest.
import { application } from './applications.js';
import { etcd, mosquitto } from './brokers.js';
import { mongodbText } from './database/mongodb.js';
import { containerDaemon } from './container-daemons.js';
import { mysql } from './database/mysql.js';
import { mariadbAudit, mariadbAuditFile, mysqlAuditXml, perconaCsv } from './database/mysql-audit.js';
import { oracle, oracleListener, oracleXml } from './database/oracle.js';
import { oracleAlert, oracleLog } from './database/oracle-alert.js';
import { mssql, mssqlAudit } from './database/mssql.js';
import { pgbouncer } from './database/pgbouncer.js';
import { postgresql } from './database/postgresql.js';
import { falcoText } from './falco.js';
import type { Format } from './format.js';
import { freeradius } from './freeradius.js';
import { genericPairs } from './generic-pairs.js';
import { json } from './json.js';
import { keycloakText } from './keycloak.js';
import { coturn, dante, tinyproxy } from './forwarders.js';
import { klog } from './klog.js';
import { accounts } from './linux/accounts.js';
import { auditd } from './linux/auditd.js';
import { dovecot } from './linux/dovecot.js';
import { fail2ban, sshguard } from './linux/fail2ban.js';
import { ftpFile, vsftpd } from './linux/ftp.js';
import { cron } from './linux/cron.js';
import { kernel, netfilter } from './linux/kernel.js';
import { auth, bash, daemons, guacamole, hostDaemons, xrdp } from './linux/others.js';
import { pam } from './linux/pam.js';
import { rsync } from './linux/rsync.js';
import { samba, sambaAudit } from './linux/samba.js';
import { sshd, sshdText } from './linux/sshd.js';
import { strongswan } from './linux/strongswan.js';
import { doas, su, sudo } from './linux/sudo.js';
import { systemd } from './linux/systemd.js';
import { coredns } from './coredns.js';
import { dnsmasq } from './dnsmasq.js';
import { kea } from './kea.js';
import { postfix } from './mail.js';
import { exchange } from './mail-exchange.js';
import { exim } from './mail-exim.js';
import { saslauthd, sendmail } from './mail-sendmail.js';
import { amavis, rspamd, signers } from './mail-filters.js';
import { knot, nsd } from './name-servers.js';
import { snmptrapd } from './snmp-traps.js';
import { monitoring } from './monitoring.js';
import { powerdns } from './powerdns.js';
import { openvpn } from './openvpn.js';
import { bind, dhcpd, ds389, openldap, unbound, windowsDhcp } from './network-services.js';
import { sensorLines } from './sensors.js';
import { kamailio } from './telephony.js';
import { clamav } from './clamav.js';
import { kerberos } from './kerberos.js';
import { awsBalancer, awsFlow } from './vendor/aws-text.js';
import { ossec } from './vendor/ossec.js';
import { proxmox } from './vendor/proxmox.js';
import { symantec } from './vendor/symantec.js';
import { trellix } from './vendor/trellix.js';
import { cef } from './vendor/cef.js';
import { ciscoAsa } from './vendor/cisco-asa.js';
import { ciscoIos } from './vendor/cisco-ios.js';
import { ciscoIse } from './vendor/cisco-ise.js';
import { barracuda, barracudaFirewall } from './vendor/barracuda.js';
import { barracudaMail } from './vendor/barracuda-mail.js';
import { citrix } from './vendor/citrix.js';
import { kaspersky } from './vendor/kaspersky.js';
import { snort } from './vendor/snort.js';
import { synology } from './vendor/synology.js';
import { qnap } from './vendor/qnap.js';
import { veeam } from './vendor/veeam.js';
import { asterisk, grandstream } from './vendor/asterisk.js';
import { beyondTrust, duoProxy, wallix } from './vendor/access-brokers.js';
import { a10, defensePro, forcepoint, fortiEdr, infobloxAudit } from './vendor/edge-pairs.js';
import { emailGateway, umbrella } from './vendor/cisco-secure.js';
import { ruijie } from './vendor/ruijie.js';
import { draytek } from './vendor/draytek.js';
import { gvm } from './vendor/gvm.js';
import { exos, fastpath, os10, zxr10 } from './vendor/managed-switches.js';
import { sangfor } from './vendor/sangfor.js';
import { serverBoards } from './vendor/server-boards.js';
import { ontap, powerScale } from './vendor/storage.js';
import { omada, ruckus } from './vendor/wireless.js';
import { f5 } from './vendor/f5.js';
import { nsx } from './vendor/nsx.js';
import { esxShell, vmware } from './vendor/vmware.js';
import { zscaler } from './vendor/zscaler.js';
import { checkpoint, gaia } from './vendor/checkpoint.js';
import { watchguard, watchguardPart } from './vendor/watchguard.js';
import { sophos, sophosUtm, stormshield } from './vendor/firewalls.js';
import { sonicwall } from './vendor/sonicwall.js';
import { juniper } from './vendor/juniper.js';
import { fortigate } from './vendor/fortigate.js';
import { huaweiVrp } from './vendor/huawei.js';
import { arista, aruba, clearPass, hillstone, unifi } from './vendor/switches.js';
import { horizon } from './vendor/horizon.js';
import { leef } from './vendor/leef.js';
import { meraki } from './vendor/meraki.js';
import { panos } from './vendor/panos.js';
import { mikrotik, mikrotikLogin } from './vendor/mikrotik.js';
import { pfsense, pfsenseGui } from './vendor/pfsense.js';
import { access, accessPlain, sslRequest } from './web/access.js';
import { php, uwsgi } from './web/php.js';
import { envoy } from './web/envoy.js';
import { pythonAccess, rabbitmq, rails, redis, zabbix } from './platforms.js';
import { stackLine } from './stack-trace.js';
import { odl, sharepoint, weblogic, websphere } from './web/app-servers.js';
import { haproxy } from './web/haproxy.js';
import { iis, iisCommas } from './web/iis.js';
import { squid, squidCache, squidCommon, squidHttpd } from './web/squid.js';
import { w3c } from './web/w3c.js';
import { apacheError } from './web/error.js';
import { nginxError } from './web/nginx-error.js';
import { lighttpd } from './web/lighttpd.js';
import { modsecuritySerial } from './web/modsecurity.js';
import { logback, tomcat } from './web/tomcat.js';
import { wso2 } from './web/wso2.js';
import { windowsDns } from './windows/dns-debug.js';
import { windowsFirewall } from './windows/firewall-log.js';
import { nps } from './windows/nps.js';
import { windowsText } from './windows/text.js';
import { snare, windowsXml } from './windows/xml.js';
import { zeekTsv } from './zeek/tsv.js';

const TABLE: readonly Format[] = [
  // known by the program that wrote the line
  sshd, sudo, doas, su, cron, accounts, systemd, kernel, bash, vsftpd, guacamole, mikrotikLogin, auth, hostDaemons, xrdp, dovecot, fail2ban, sshguard, strongswan, freeradius, signers, rspamd, sendmail, saslauthd, sambaAudit, pfsense, pfsenseGui, qnap, esxShell, mariadbAudit, dnsmasq, powerdns, snmptrapd, barracudaMail, meraki, arista, grandstream, powerScale, infobloxAudit, a10, containerDaemon, falcoText, kamailio, rsync, monitoring,
  // known by the look of the text
  os10, cef, leef, horizon, klog, pgbouncer, postgresql, json, keycloakText, oracleXml, oracleLog, mysqlAuditXml, windowsXml, snare, windowsText, windowsDns, zeekTsv, modsecuritySerial, samba, auditd, netfilter, ciscoAsa, ruijie, ciscoIos, huaweiVrp, mikrotik, ciscoIse, panos,
  exchange, exim, sophos, sophosUtm, sonicwall, checkpoint, gaia, juniper, stormshield, watchguardPart, watchguard, fortigate, zscaler, squid, squidCommon, squidHttpd, squidCache, windowsFirewall, nps, w3c, iis, iisCommas, haproxy,
  f5, access, accessPlain, sslRequest, envoy, nginxError, apacheError, lighttpd, php, uwsgi, mssql, mssqlAudit, mariadbAuditFile, perconaCsv, mysql, mongodbText, oracle, oracleListener, oracleAlert, tomcat, logback, bind, unbound, nsd, knot, tinyproxy, dante, coturn, coredns, dhcpd, kea, windowsDhcp, openldap, postfix, amavis, snort, barracuda, barracudaFirewall, citrix, aruba, clearPass, hillstone, unifi, draytek, sangfor, asterisk, ruckus, omada, exos, fastpath, zxr10, gvm, ontap, serverBoards, fortiEdr, forcepoint, defensePro, emailGateway, umbrella, beyondTrust, wallix, duoProxy, nsx, vmware, veeam, synology, kaspersky,
  symantec, trellix, proxmox, ossec, clamav, kerberos, awsFlow, awsBalancer, ds389,
  pam, sshdText, ftpFile, openvpn, wso2, weblogic, websphere, odl, sharepoint, rabbitmq, redis, mosquitto, etcd, zabbix, rails, pythonAccess, sensorLines, application, stackLine,
  daemons,
  genericPairs,
];

/** The same, each with all names in one order: what is asked of every format for every line is then found at one place. */
export const FORMATS: readonly Format[] = TABLE.map(({ name, programs, lastResort, beforePrograms, holds, likePrograms, ofStructured, ofModule, unnamed, detect, read }) =>
  ({ name, programs, lastResort, beforePrograms, holds, likePrograms, ofStructured, ofModule, unnamed, detect, read }));
