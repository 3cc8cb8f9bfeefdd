// Raw lines as devices write them -> the log sources whose rules see them, and what a rule's field names find in them.
import type { Event } from '../event.js';
import { createParseContext, parseLine } from '../message/parse-line.js';
import { compileRules } from './compile-rules.js';
import { Evaluation } from './evaluate.js';
import { isCovered, sourcesOf } from './logsource.js';
import type { LogSource } from './rule.js';

const context = createParseContext();
const eventOf = (line: string): Event => parseLine({ bytes: new TextEncoder().encode(line), received: Date.UTC(2026, 1, 17, 14), context }).event;
const seen = (line: string, ...wanted: LogSource[]): boolean[] => wanted.map((one) => isCovered(one, sourcesOf(eventOf(line)).sources));

/** Does a rule of this log source with this search say yes to the line? */
function meets(logsource: string, search: string, line: string): boolean {
  const set = compileRules([{ file: 'r.yml', text: `title: t\nlogsource: ${logsource}\ndetection:\n  s: ${search}\n  condition: s\n` }], { sha256: (text) => text });
  expect(set.problems).toEqual([]);
  return new Evaluation(set).take(1, eventOf(line)).length > 0;
}

test('firewalls of every kind are of the category, whatever their form', () => {
  for (const line of [
    '<134>Feb 17 13:40:03 fw1 filterlog: src_ip=192.0.2.21,dst_ip=203.0.113.9,dst_port=23,action=accept',
    '<134>Feb 17 13:40:03 fw1 filterlog[71]: 5,,,1000000103,em0,match,pass,in,4,0x0,,64,1,0,DF,6,tcp,60,192.0.2.21,203.0.113.9,40000,23,0,S,1,,64240,,mss',
    '<189>date=2026-02-17 time=13:40:03 devname="fw" devid="FGT0" type="traffic" subtype="forward" level="notice" srcip=192.0.2.21 srcport=40000 dstip=203.0.113.9 dstport=23 proto=6 action="accept"',
    '<166>Feb 17 2026 13:40:03 asa1 : %ASA-6-302013: Built outbound TCP connection 77 for outside:203.0.113.9/23 (203.0.113.9/23) to inside:192.0.2.21/40000 (192.0.2.21/40000)',
  ]) {
    expect([line, ...seen(line, { category: 'firewall' })]).toEqual([line, true]);
    expect([line, meets('{category: firewall}', '{dst_port: 23, dst_ip: 203.0.113.9, src_ip: 192.0.2.21}', line)]).toEqual([line, true]);
  }
});

test('the action of a firewall is the word that it writes', () => {
  const rule = ['{category: firewall}', '{action: [forward, accept]}'] as const;
  expect(meets(...rule, '<134>Feb 17 13:40:03 fw1 filterlog: src_ip=192.0.2.21,dst_ip=203.0.113.9,dst_port=23,action=accept')).toBe(true);
  expect(meets(...rule, '<134>Feb 17 13:40:03 fw1 filterlog: src_ip=192.0.2.21,dst_ip=203.0.113.9,dst_port=23,action=deny')).toBe(false);
  expect(meets(...rule, '<189>date=2026-02-17 time=13:40:03 devname="fw" devid="FGT0" type="traffic" subtype="forward" srcip=192.0.2.21 dstip=203.0.113.9 dstport=23 action="accept"')).toBe(true);
});

test('TCP beneath a routing protocol is told by its port', () => {
  expect(seen('<187>881: 192.0.2.1: Feb 17 13:40:03.673: %TCP-6-BADAUTH: Invalid MD5 digest from 203.0.113.9(179) to 192.0.2.1(4242)', { product: 'cisco', service: 'bgp' }, { product: 'cisco', service: 'ldp' }, { product: 'cisco', service: 'tcp' })).toEqual([true, false, true]);
  expect(seen('<187>881: 192.0.2.1: Feb 17 13:40:03.673: %TCP-6-BADAUTH: No MD5 digest from 203.0.113.9:646 to 192.0.2.1:4242', { product: 'cisco', service: 'ldp' })).toEqual([true]);
  expect(seen('<28>Feb 17 13:40:10 mx1 rpd[1500]: bgp_read: 203.0.113.9 (External AS 64500): peer closed', { product: 'juniper', service: 'bgp' })).toEqual([true]);
  expect(seen('<4>Feb 17 13:40:10 mx1 /kernel: tcp_auth_ok: Packet from 203.0.113.9:179 missing MD5 digest', { product: 'juniper', service: 'bgp' })).toEqual([true]);
  expect(seen('<28>Feb 17 13:40:10 web01 ntpd[1500]: peer 203.0.113.9:179 now valid', { product: 'juniper' })).toEqual([false]);
});

test('what IOS logs is its syslog; only what logs commands and logins is aaa', () => {
  expect(seen('<189>881: 192.0.2.1: Feb 17 13:40:03.673: %SEC_LOGIN-5-WEBLOGIN_SUCCESS: Login Success [user: an] [Source: 192.0.2.9]', { product: 'cisco', service: 'syslog' }, { product: 'cisco', service: 'aaa' })).toEqual([true, true]);
  expect(seen('<189>881: 192.0.2.1: Feb 17 13:40:03.673: %LINK-3-UPDOWN: Interface Gi0/1, changed state to up', { product: 'cisco', service: 'syslog' }, { product: 'cisco', service: 'aaa' })).toEqual([true, false]);
});

test('applications are told by their program, errors also by the names of the framework', () => {
  const product = (name: string): LogSource => ({ category: 'application', product: name });
  expect(seen('<14>Feb 17 13:40:03 app01 gunicorn[77]: worker booted', product('python'), product('django'), { product: 'linux', service: 'syslog' })).toEqual([true, false, true]);
  expect(seen('<11>Feb 17 13:40:03 app01 intranet[77]: Internal Server Error: /login django.core.exceptions.SuspiciousOperation: x', product('django'), product('jvm'))).toEqual([true, false]);
  expect(seen('<11>Feb 17 13:40:03 app01 tomcat9[77]: org.springframework.expression.spel.SpelEvaluationException: EL1008E', product('spring'), product('jvm'), product('nodejs'))).toEqual([true, true, false]);
  expect(seen('2026-02-17 13:40:03,120 ERROR [com.example.Files] (task-1) java.io.FileNotFoundException: /srv/a', product('jvm'), product('spring'))).toEqual([true, false]);
  expect(seen('<30>Feb 17 13:40:03 app01 intranet[77]: saved File "a.py", line 3', product('python'))).toEqual([false]);
});

test('a sentence that begins like the column of a firewall is a sentence', () => {
  expect(eventOf('<11>Feb 17 13:40:03 app01 intranet[77]: Internal Server Error: /login')['event.dataset']).toBe('linux.syslog');
  expect(eventOf('<14>Feb 17 13:40:03 app01 intranet[77]: Security policy of the portal read')['event.dataset']).toBe('linux.syslog');
  expect(eventOf('Security FW1 Session bob from 203.0.113.9 refused')['event.dataset']).toBe('barracuda_cloudgen_firewall.log');
});

test('a query is a query, whichever name server logs it', () => {
  for (const line of ['<30>Feb 17 13:40:03 gw1 dnsmasq[812]: query[TXT] bad.example.org from 192.0.2.5', '<30>Feb 17 13:40:03 ns1 unbound[3]: [3:1f] info: 192.0.2.5 bad.example.org. TXT IN', '17-Feb-2026 13:40:03.100 queries: info: client @0x7f 192.0.2.5#5353 (bad.example.org): query: bad.example.org IN TXT + (192.0.2.53)']) {
    expect([line, meets('{category: dns}', '{query: bad.example.org, record_type: TXT}', line)]).toEqual([line, true]);
  }
  expect(meets('{category: dns}', "{answer|contains: 'v=x'}", '<30>Feb 17 13:40:03 gw1 dnsmasq[812]: reply bad.example.org is v=x1 all')).toBe(true);
});

test('a proxy keeps the agent that a tool gives itself', () => {
  const line = (agent: string): string => `1771335603.100    120 192.0.2.21 TCP_MISS/200 4523 GET http://files.example.org/a - HIER_DIRECT/203.0.113.9 - "${agent}"`;
  expect(meets('{category: proxy}', "{c-useragent|startswith: 'scantool '}", line('scantool 7'))).toBe(true);
  expect(meets('{category: proxy}', "{c-useragent: ''}", line(''))).toBe(true);
  expect(meets('{category: proxy}', "{c-useragent: ''}", line('-'))).toBe(false);
  expect(meets('{category: proxy}', '{c-useragent: null}', line('-'))).toBe(true);
});

test('audit events of Kubernetes keep their names', () => {
  const line = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","stage":"ResponseComplete","verb":"delete","user":{"username":"an"},"objectRef":{"resource":"secrets","namespace":"default"}}';
  expect(meets('{product: kubernetes, category: application, service: audit}', '{verb: delete, objectRef.resource: secrets, user.username: an}', line)).toBe(true);
});

test('malware that a console tells of in CEF or LEEF is seen by rules for antivirus', () => {
  expect(meets('{category: antivirus}', "{Signature|contains: 'Eicar', Filename|endswith: '.exe'}", 'CEF:0|Trend Micro|Deep Security Agent|20.0|4000000|Eicar_test_file|6|dvchost=web-01 filePath=C:\\\\t\\\\eicar.exe act=Delete')).toBe(true);
  expect(meets('{category: antivirus}', "{Signature: 'EICAR-Test-File'}", 'LEEF:1.0|KasperskyLab|SecurityCenter|14.2|GNRL_EV_VIRUS_FOUND|dst=192.0.2.21\tvirusName=EICAR-Test-File')).toBe(true);
});

test('agents that name system and category are taken at their word; a Mac is known by its folders', () => {
  const line = (more: string): string => `{"host":"m1","category":"process_creation"${more},"CommandLine":"id"}`;
  expect(seen(line(',"Image":"/Applications/a.app/Contents/MacOS/a"'), { product: 'macos', category: 'process_creation' }, { product: 'linux' })).toEqual([true, false]);
  expect(seen(line(',"Image":"/usr/bin/id","product":"macos"'), { product: 'macos', category: 'process_creation' })).toEqual([true]);
  expect(seen(line(',"Image":"/usr/bin/id"'), { product: 'linux', category: 'process_creation' })).toEqual([true]);
});
