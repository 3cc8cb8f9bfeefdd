// All formats, in the order in which they are tried. Those that look at the text stand from the surest sign to the vaguest.
import { application } from './applications.js';
import { mongodbText } from './database/mongodb.js';
import { mysql } from './database/mysql.js';
import { mariadbAudit, mariadbAuditFile, mysqlAuditXml } from './database/mysql-audit.js';
import { oracle, oracleListener, oracleXml } from './database/oracle.js';
import { mssql, mssqlAudit } from './database/mssql.js';
import { postgresql } from './database/postgresql.js';
import type { Format } from './format.js';
import { genericPairs } from './generic-pairs.js';
import { json } from './json.js';
import { accounts } from './linux/accounts.js';
import { auditd } from './linux/auditd.js';
import { dovecot, ftpFile } from './linux/file-servers.js';
import { cron } from './linux/cron.js';
import { kernel, netfilter } from './linux/kernel.js';
import { auth, bash, daemons, guacamole, vsftpd } from './linux/others.js';
import { pam } from './linux/pam.js';
import { samba, sambaAudit } from './linux/samba.js';
import { sshd, sshdText } from './linux/sshd.js';
import { su, sudo } from './linux/sudo.js';
import { systemd } from './linux/systemd.js';
import { dnsmasq } from './dnsmasq.js';
import { postfix } from './mail.js';
import { bind, dhcpd, openldap, openvpn, unbound, windowsDhcp } from './network-services.js';
import { cef } from './vendor/cef.js';
import { ciscoAsa } from './vendor/cisco-asa.js';
import { ciscoIos, huaweiVrp } from './vendor/cisco-ios.js';
import { ciscoIse } from './vendor/cisco-ise.js';
import { barracuda, barracudaFirewall } from './vendor/barracuda.js';
import { citrix } from './vendor/citrix.js';
import { kaspersky, qnap, snort, veeam } from './vendor/devices.js';
import { f5 } from './vendor/f5.js';
import { esxShell, vmware } from './vendor/vmware.js';
import { zscaler } from './vendor/zscaler.js';
import { checkpoint } from './vendor/checkpoint.js';
import { sonicwall, sophos, stormshield, watchguard } from './vendor/firewalls.js';
import { juniper } from './vendor/juniper.js';
import { fortigate } from './vendor/fortigate.js';
import { leef } from './vendor/leef.js';
import { panos } from './vendor/panos.js';
import { mikrotik } from './vendor/mikrotik.js';
import { pfsense, pfsenseGui } from './vendor/pfsense.js';
import { access } from './web/access.js';
import { haproxy, iis, squid, squidCommon } from './web/proxy.js';
import { w3c } from './web/w3c.js';
import { apacheError, nginxError } from './web/error.js';
import { modsecuritySerial } from './web/modsecurity.js';
import { logback, tomcat } from './web/tomcat.js';
import { windowsText } from './windows/text.js';
import { snare, windowsXml } from './windows/xml.js';
import { zeekTsv } from './zeek/tsv.js';

const TABLE: readonly Format[] = [
  // known by the program that wrote the line
  sshd, sudo, su, cron, accounts, systemd, kernel, bash, vsftpd, guacamole, auth, dovecot, sambaAudit, pfsense, pfsenseGui, qnap, esxShell, mariadbAudit, dnsmasq,
  // known by the look of the text
  cef, leef, postgresql, json, oracleXml, mysqlAuditXml, windowsXml, snare, windowsText, zeekTsv, modsecuritySerial, samba, auditd, netfilter, ciscoAsa, ciscoIos, huaweiVrp, mikrotik, ciscoIse, panos,
  sophos, sonicwall, checkpoint, juniper, stormshield, watchguard, fortigate, zscaler, squid, squidCommon, w3c, iis, haproxy,
  f5, access, nginxError, apacheError, mssql, mssqlAudit, mariadbAuditFile, mysql, mongodbText, oracle, oracleListener, tomcat, logback, bind, unbound, dhcpd, windowsDhcp, openldap, postfix, snort, barracuda, barracudaFirewall, citrix, vmware, veeam, kaspersky,
  pam, sshdText, ftpFile, openvpn, application,
  daemons,
  genericPairs,
];

/** The same, each with all names in one order: what is asked of every format for every line is then found at one place. */
export const FORMATS: readonly Format[] = TABLE.map(({ name, programs, lastResort, beforePrograms, holds, likePrograms, ofStructured, ofModule, unnamed, detect, read }) =>
  ({ name, programs, lastResort, beforePrograms, holds, likePrograms, ofStructured, ofModule, unnamed, detect, read }));
