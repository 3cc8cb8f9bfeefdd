// What each format is known by, in words: `haidang parse` and the console say it beside the format that was recognised, so that a wrong guess
// can be seen for what it is.
import type { Format } from './format.js';

const SIGNS: Readonly<Record<string, string>> = {
  'cef.log': 'the text begins with CEF:0|', 'leef.log': 'the text begins with LEEF:', 'generic.json': 'the text is JSON', 'windows.xml': 'the text holds an <Event> of Windows', 'windows.snare': 'the text holds MSWinEventLog and tabs',
  'auditd.log': 'the text has type= and msg=audit(', 'iptables.log': 'the text has IN= OUT= PROTO=', 'cisco.asa': 'the text has a code such as %ASA-6-302013', 'cisco.ios': 'the text has a code such as %SYS-5-CONFIG_I', 'cisco.ise': 'the text has CISE_ and key=value',
  'huawei.vrp': 'the text has a code such as %%01SHELL/5/', 'vsftpd.log': 'the text begins with a day and [pid 12], or is a transfer log', 'mysql.audit': 'the text begins with yyyymmdd hh:mm:ss, and columns with an operation', 'mikrotik.routeros': 'the text begins with topics such as firewall,info', 'panw.panos': 'the text is columns with TRAFFIC, THREAT, SYSTEM ... in the fourth', 'sophos.xg': 'the text has device="SFW" or log_type=', 'sonicwall.firewall': 'the text begins with id=... sn=', 'checkpoint.firewall': 'the data has loguid',
  'juniper.srx': 'the data is of junos@, or the text begins with RT_FLOW, UI_ or FW:', 'stormshield.log': 'the text begins with id=firewall time= fw=', 'watchguard.firebox': 'the text has msg_id="0000-0000"', 'fortinet.firewall': 'the text has devid=, logid= or log_id= and type=',
  'squid.access': 'the text begins with seconds, milliseconds, an address and TCP_', 'iis.access': 'the text begins with a date, a time and addresses around a method', 'w3c.log': 'the text is under a #Fields line, or is one, or has OBSERVED, PROXIED or DENIED in its columns', 'zscaler.nss': 'the text has reason= and event_id=, or datetime= and csip=, between tabs', 'haproxy.log': 'the text has an address, [time] and a backend', 'apache.access': 'the text has [day/month/year:time] and a request in quotes',
  'nginx.error': 'the text begins with yyyy/mm/dd and [level]', 'apache.error': 'the text begins with [weekday or [module:level]', 'mysql.log': 'the text begins with a time, a thread and a command or [level]', 'microsoft_sqlserver.audit': 'the text begins with audit_schema_version:', 'microsoft_sqlserver.log': 'the text begins with a time and Logon, Server or spid',
  'oracle.database_audit': "the text has LENGTH: '..' or ACTION:[..]", 'postgresql.log': 'the text begins with a time and has LOG:, ERROR: or kin', 'f5_bigip.log': 'the text has tmm, apmd, a code such as 01490005:5: or an iRule', 'citrix_adc.log': 'the text has 0-PPE-0 : default FEATURE EVENT', 'barracuda.waf': 'the text begins with TR, WF, NF, AUDIT or SYS',
  'barracuda_cloudgen_firewall.log': 'the text begins with a level in nine columns and the box', 'vsphere.log': 'the text has [Originator@6876, vim.event or com.vmware', 'veeam.backup': 'the text begins with [categoryId=', 'kaspersky.endpoint': 'the text begins with Event type:', 'snort.log': 'the text has [**] or [gid:sid:rev]',
  'zeek.tsv': 'the text is columns between tabs behind seconds since 1970, or a header such as #fields', 'modsecurity.auditlog': 'the text begins with --boundary-A--', 'samba.log': 'the text begins with [time, level] and a source file', 'mongodb.log': 'the text has a level, a component and [context]', 'oracle.listener': 'the text is a time and parts between asterisks',
  'tomcat.log': 'the text has a level, a thread and a class of Java, or begins with SEVERE: or kin', 'application.logback': 'the text has a clock, [thread], a level and a logger', 'windows.text': 'the text is that of a Windows event, or has its properties',
  'application.log': 'the text begins with a time, a level and a logger', 'generic.kv': 'the text has at least three key=value',
};

/** Why a format was taken: by the program that wrote the line, or by its look. */
export const whyProgram = (program: string): string => `the program is ${program}`;
export const whyLook = ({ name }: Format): string => Object.hasOwn(SIGNS, name) ? SIGNS[name] as string : `the text looks like ${name}`;
export const WHY_DESCRIBED = 'a description of yours takes it';
export const WHY_NONE = 'no program and no look that a format knows';
