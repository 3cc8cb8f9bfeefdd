// Raw lines as devices write them -> the log sources whose rules see them, and what a rule's field names find in them.
import { eventOf, meets, seen } from './line.test-helper.js';
import type { LogSource } from './rule.js';

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

test("an error is the framework's that it names, behind a written line's end and in a web server's log too", () => {
  const product = (name: string): LogSource => ({ category: 'application', product: name });
  expect(seen('<11>Feb 17 13:40:03 app01 portal[77]: Traceback (most recent call last):#012  File "/srv/a.py", line 7, in b#012django.core.exceptions.PermissionDenied', product('django'), product('python'))).toEqual([true, true]);
  expect(seen("<11>Feb 17 13:40:03 app01 portal[77]: Error: x#012java.io.IOException: y", product('jvm'))).toEqual([true]);
  expect(seen('<11>Feb 17 13:40:03 app01 portal[77]: TooManyFieldsSent', product('django'), product('jvm'))).toEqual([true, false]);
  expect(seen("[Tue Feb 17 13:40:03.123456 2026] [php:error] [pid 7] [client 203.0.113.9:40000] PHP Fatal error:  Uncaught mysqli_sql_exception: You have an error in your SQL syntax in /var/www/a.php:7", product('sql'), { service: 'apache' })).toEqual([true, true]);
  expect(seen('[Tue Feb 17 13:40:03.123456 2026] [core:error] [pid 7] [client 203.0.113.9:40000] AH00126: Invalid URI in request', product('sql'), { service: 'apache' })).toEqual([false, true]);
  expect(seen({ '@timestamp': '2026-02-17T06:40:03.123Z', 'log.level': 'ERROR', message: 'x', 'ecs.version': '1.2.0', 'event.dataset': 'portal', 'log.logger': 'vn.example.A', 'error.type': 'org.xml.sax.SAXParseException', 'error.stack_trace': 'org.xml.sax.SAXParseException: x' }, product('jvm'), product('spring'), { product: 'portal' })).toEqual([true, false, true]);
});

test('words without a field are looked for in an error that a library writes in ECS', () => {
  expect(meets('{product: jvm, category: application}', "['SAXParseException']", { '@timestamp': '2026-02-17T06:40:03.123Z', 'log.level': 'ERROR', message: 'failed', 'ecs.version': '1.2.0', 'event.dataset': 'portal', 'log.logger': 'vn.example.A', 'error.stack_trace': 'org.xml.sax.SAXParseException: x' })).toBe(true);
});

test('what a web server writes to its output is of its service', () => {
  expect(seen('<11>Feb 17 13:40:03 web-01 apache2[7]: apache2: tpp.c:83: Assertion failed.', { service: 'apache' }, { product: 'linux' }, { service: 'nginx' })).toEqual([true, true, false]);
});

test('commands that a firewall, a router and an accounting server log are commands of devices', () => {
  const aaa: LogSource = { product: 'cisco', service: 'aaa' };
  expect(seen("<165>Feb 17 2026 13:40:03 asa1 : %ASA-5-111008: User 'an' executed the 'clear logging' command.", aaa, { category: 'firewall', product: 'cisco' })).toEqual([true, true]);
  expect(seen('<166>Feb 17 2026 13:40:03 asa1 : %ASA-6-302013: Built outbound TCP connection 77 for outside:203.0.113.9/23 (203.0.113.9/23) to inside:192.0.2.21/40000 (192.0.2.21/40000)', aaa)).toEqual([false]);
  expect(seen('<189>881: RP/0/RSP0/CPU0:Feb 17 13:40:03.673 : locald_DLRSC[1]: %SECURITY-LOCALD-6-LOCAL_CMD_ACCT : CLI CMD: "clear logging" by an from vty0 192.0.2.9', aaa)).toEqual([true]);
  expect(seen('<142>Feb 17 13:40:03 tac1 tac_plus[77]: 192.0.2.5\tan\ttty1\t192.0.2.9\tstop\ttask_id=7\ttimezone=UTC\tservice=shell\tpriv-lvl=15\tcmd=clear logging <cr>', aaa)).toEqual([true]);
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
  expect(meets('{category: dns}', '{query: bad.example.org, record_type: TXT}', '[INFO] 10.244.0.7:40000 - 1234 "TXT IN bad.example.org. udp 44 false 512" NXDOMAIN qr,rd,ra 77 0.000312s')).toBe(true);
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

const FORTIGATE = '<189>date=2026-02-17 time=13:40:03 devname="fw" devid="FGT60F0000000001" tz="+0700" type="utm"', ENDS = 'srcip=192.0.2.21 srcport=40000 dstip=203.0.113.9';

test.each([
  ['FortiGate', `${FORTIGATE} subtype="webfilter" eventtype="ftgd_allow" ${ENDS} dstport=443 service="HTTPS" hostname="files.example.org" action="passthrough" url="/drop/a.exe" agent="scantool 7"`],
  ['FortiGate in CEF', 'CEF:0|Fortinet|Fortigate|v7.2.5|13056|utm:webfilter ftgd_allow passthrough|3|deviceExternalId=FGT60F0000000001 FTNTFGTlogid=0317013312 cat=utm:webfilter FTNTFGTsubtype=webfilter src=192.0.2.21 spt=40000 dst=203.0.113.9 dpt=443 app=HTTPS act=passthrough FTNTFGTagent=scantool 7 request=https://files.example.org/drop/a.exe'],
  ['PAN-OS', '<14>Feb 17 13:40:03 pa1 1,2026/02/17 13:40:03,012345678901,THREAT,url,2561,2026/02/17 13:40:03,192.0.2.21,203.0.113.9,0.0.0.0,0.0.0.0,Out,,,web-browsing,vsys1,trust,untrust,ethernet1/2,ethernet1/1,fwd,2026/02/17 13:40:03,1234,1,40000,443,0,0,0x403000,tcp,alert,"files.example.org/drop/a.exe",(9999),business,informational,client-to-server,7000,0x0,VN,VN,,text/html,0,,,1,scantool 7,,,,,,,0,0,0,0,0,vsys1,pa1,,,,get'],
  ['Sophos', '<30>device="SFW" date=2026-02-17 time=13:40:03 timezone="+07" device_name="XG125" log_type="Content Filtering" log_component="HTTP" log_subtype="Allowed" url="https://files.example.org/drop/a.exe" src_ip=192.0.2.21 dst_ip=203.0.113.9 protocol="TCP" src_port=40000 dst_port=443 domain=files.example.org user_agent="scantool 7"'],
  ['SonicWall', '<134>id=firewall sn=18B1690729A8 time="2026-02-17 06:40:03 UTC" fw=198.51.100.1 pri=6 c=1024 m=97 n=1 src=192.0.2.21:40000:X0 dst=203.0.113.9:443:X1 proto=tcp/https op=GET result=200 dstname=files.example.org arg=/drop/a.exe code=64'],
  ['WatchGuard', '<140>Feb 17 13:40:03 fb1 80B0034F93A43 http-proxy[1843]: msg_id="1AFF-0024" Allow 1-Trusted 0-External tcp 192.0.2.21 203.0.113.9 40000 80 msg="HTTP request" proxy_act="HTTP-Client.1" op="GET" dstname="files.example.org" arg="/drop/a.exe" (HTTP-proxy-00)'],
  ['Check Point', '<134>1 2026-02-17T06:40:03Z cp1 CheckPoint 1234 - [action:"Accept"; product:"URL Filtering"; src:"192.0.2.21"; dst:"203.0.113.9"; s_port:"40000"; service:"443"; proto:"6"; resource:"https://files.example.org/drop/a.exe"]'],
  ['SRX', '<14>1 2026-02-17T13:40:03.000+07:00 srx1 RT_UTM - WEBFILTER_URL_PERMITTED [junos@2636.1.1.1.2.129 source-address="192.0.2.21" source-port="40000" destination-address="203.0.113.9" destination-port="80" category="X" url="files.example.org" obj="/drop/a.exe" username="N/A"] WebFilter'],
  ['Huawei', '<190>Feb 17 2026 13:40:03 usg1 %%01URL/4/FILTER(l):SyslogId=1, SrcIp=192.0.2.21, DstIp=203.0.113.9, SrcPort=40000, DstPort=80, Host="files.example.org", Item="files.example.org/drop/a.exe", Action=Alert'],
  ['Meraki', "<134>1 1771310403.100 mx1 urls src=192.0.2.21:40000 dst=203.0.113.9:80 mac=00:00:5E:00:53:01 agent='scantool 7' request: GET http://files.example.org/drop/a.exe"],
  ['Zscaler in CEF', 'CEF:0|Zscaler|NSSWeblog|5.7|Allowed|Allowed|3|act=Allowed app=HTTPS dhost=files.example.org dst=203.0.113.9 src=192.0.2.21 request=files.example.org/drop/a.exe requestMethod=GET requestClientApplication=scantool 7'],
  ['WSA', '<38>Feb 17 13:40:03 wsa1 accesslogs: Info: 1771335603.100 120 192.0.2.21 TCP_MISS/200 4523 GET http://files.example.org/drop/a.exe - DIRECT/files.example.org text/plain DEFAULT_CASE_12-P-NONE-NONE-NONE-NONE <IW_infr,3.5,"-"> -'],
])('a page that %s lets through is one for rules of proxies', (_name, line) => {
  expect(meets('{category: proxy}', "{c-uri|contains: 'example.org/drop/', c-uri-extension: exe, cs-host|endswith: '.example.org'}", line)).toBe(true);
  expect(seen(line, { category: 'webserver' })).toEqual([false]);
});

test.each([
  ['FortiGate', `${FORTIGATE} subtype="dns" eventtype="dns-response" ${ENDS} dstport=53 proto=17 qname="bad.example.org" qtype="TXT" msg="Domain is monitored" action="pass"`],
  ['Suricata', '{"timestamp":"2026-02-17T13:40:03.000000+0700","flow_id":1,"event_type":"dns","src_ip":"192.0.2.21","src_port":5353,"dest_ip":"192.0.2.53","dest_port":53,"proto":"UDP","dns":{"type":"query","id":1,"rrname":"bad.example.org","rrtype":"TXT","tx_id":0}}'],
])('a name that %s sees asked for is a query', (_name, line) => { expect(meets('{category: dns}', '{query: bad.example.org, record_type: TXT}', line)).toBe(true); });

test('what Sysmon and Defender tell is also for rules that name no product', () => {
  const beat = (channel: string, id: string, data: object): string => JSON.stringify({ '@timestamp': '2026-02-17T06:40:03.000Z', winlog: { channel, provider_name: channel.slice(0, channel.indexOf('/')), event_id: id, event_data: data, computer_name: 'pc1' }, event: { code: id } });
  expect(meets('{category: dns}', "{query|endswith: '.example.org'}", beat('Microsoft-Windows-Sysmon/Operational', '22', { QueryName: 'bad.example.org', Image: 'C:\\a.exe' }))).toBe(true);
  expect(meets('{category: antivirus}', "{Signature|contains: 'EvilTool', Filename|contains: '\\Public\\'}", beat('Microsoft-Windows-Windows Defender/Operational', '1116', { 'Threat Name': 'HackTool:Win32/EvilTool.D', Path: 'file:_C:\\Users\\Public\\m.exe' }))).toBe(true);
});

test.each([
  ['FortiGate', `${FORTIGATE} subtype="virus" eventtype="infected" ${ENDS} dstport=80 msg="File is infected." action="blocked" filename="m.exe" virus="W32/EvilTool.A" url="http://files.example.org/m.exe"`],
  ['FortiGate in CEF', 'CEF:0|Fortinet|Fortigate|v7.2.5|08192|utm:virus infected blocked|7|deviceExternalId=FGT60F0000000001 FTNTFGTlogid=0211008192 cat=utm:virus FTNTFGTsubtype=virus src=192.0.2.21 spt=40000 dst=203.0.113.9 dpt=80 act=blocked fname=m.exe FTNTFGTvirus=W32/EvilTool.A'],
  ['PAN-OS', '<14>Feb 17 13:40:03 pa1 1,2026/02/17 13:40:03,012345678901,THREAT,virus,2561,2026/02/17 13:40:03,203.0.113.9,192.0.2.21,0.0.0.0,0.0.0.0,In,,,web-browsing,vsys1,untrust,trust,ethernet1/1,ethernet1/2,fwd,2026/02/17 13:40:03,1234,1,80,40000,0,0,0x403000,tcp,reset-both,"m.exe",W32/EvilTool.A(2000),any,medium,server-to-client,7000,0x0,VN,VN,,,0'],
  ['Sophos', '<30>device="SFW" date=2026-02-17 time=13:40:03 timezone="+07" device_name="XG125" log_type="Anti-Virus" log_component="HTTP" log_subtype="Virus" virus="W32/EvilTool.A" url="http://files.example.org/m.exe" src_ip=192.0.2.21 dst_ip=203.0.113.9 src_port=40000 dst_port=80'],
  ['Check Point', '<134>1 2026-02-17T06:40:03Z cp1 CheckPoint 1234 - [action:"Prevent"; product:"Anti-Virus"; src:"192.0.2.21"; dst:"203.0.113.9"; protection_name:"W32.EvilTool.A"; malware_action:"Malicious file/exploit download"; file_name:"m.exe"]'],
])('malware that %s finds on its way in is for rules of virus scanners', (_name, line) => { expect(meets('{category: antivirus}', "{Signature|contains: 'EvilTool'}", line)).toBe(true); });

test.each([
  ['IIS', '2026-02-17 06:40:03 192.0.2.8 GET /a.aspx f=C:/Data/x 443 - 203.0.113.9 Mozilla/5.0 - 200 0 0 15'],
  ['IIS by its columns', '{"SourceModuleType":"im_file","date":"2026-02-17","time":"06:40:03","s-ip":"192.0.2.8","cs-method":"GET","cs-uri-stem":"/a.aspx","cs-uri-query":"f=C:/Data/x","s-port":"443","c-ip":"203.0.113.9","cs(User-Agent)":"Mozilla/5.0","sc-status":"200"}'],
  ['Barracuda', '<134>2026-02-17 13:40:03.123 +0700 waf1 TR 192.0.2.8 443 203.0.113.9 50000 "-" "-" GET TLSv1.2 www.example.vn HTTP/1.1 200 512 100 0 5 10.0.0.2 80 3 "-" SERVER DEFAULT PASSIVE VALID /a.aspx f=C:/Data/x "-" "-" "Mozilla/5.0" 203.0.113.9 50000 "-" "-" "-" "-" "-"'],
  ['F5 ASM', '<134>Feb 17 13:40:03 bigip1 ASM:unit_hostname="bigip1",policy_name="/Common/p",violations="Attack signature detected",request_status="blocked",response_code="0",ip_client="203.0.113.9",method="GET",protocol="HTTPS",query_string="f=C:/Data/x",date_time="2026-02-17 13:40:03",attack_type="Path Traversal",uri="/a.aspx",dest_ip="192.0.2.8",dest_port="443"'],
  ['FortiGate', `${FORTIGATE} subtype="waf" eventtype="waf-signature" srcip=203.0.113.9 srcport=40000 dstip=192.0.2.8 dstport=80 url="http://www.example.vn/a.aspx?f=C:/Data/x" action="blocked" direction="request"`],
  ['FortiWeb', '<185>date=2026-02-17 time=13:40:03 log_id=20000008 device_id=FV-1 type=attack pri=alert main_type="Signature Detection" src=203.0.113.9 src_port=50000 dst=192.0.2.8 dst_port=443 http_method=get http_url="/a.aspx?f=C:/Data/x" http_host="www.example.vn" action=Alert'],
  ['Suricata', '{"timestamp":"2026-02-17T13:40:03.000000+0700","event_type":"http","src_ip":"203.0.113.9","src_port":50000,"dest_ip":"192.0.2.8","dest_port":80,"proto":"TCP","http":{"hostname":"www.example.vn","url":"/a.aspx?f=C:/Data/x","http_method":"GET","status":200}}'],
  ['an application', '{"time":"2026-02-17T13:40:03+07:00","client":"203.0.113.9","method":"GET","uri":"/a.aspx?f=C:/Data/x","status":200}'],
])('a request that %s logs is one for rules of web servers', (_name, line) => {
  expect(meets('{category: webserver}', "{cs-uri-query|contains: '.aspx?f=C:/', cs-uri-stem|endswith: '.aspx'}", line)).toBe(true);
  expect(seen(line, { category: 'proxy' })).toEqual([false]);
});

test.each([
  ['Sysmon for Linux', '<14>Feb 17 13:40:03 web1 sysmon: <Event><System><Provider Name="Linux-Sysmon" Guid="{ff032593-a8d3-4f13-b0d6-01fc615a0f97}"/><EventID>1</EventID><Version>5</Version><Level>4</Level><TimeCreated SystemTime="2026-02-17T06:40:03.123456000Z"/><EventRecordID>1</EventRecordID><Channel>Linux-Sysmon/Operational</Channel><Computer>web1</Computer></System><EventData><Data Name="ProcessId">77</Data><Data Name="Image">/usr/bin/copytool</Data><Data Name="CommandLine">copytool --send /etc/passwd</Data><Data Name="User">root</Data><Data Name="ParentImage">/bin/bash</Data></EventData></Event>'],
  ['Snoopy', '<85>Feb 17 13:40:03 web1 snoopy[77]: [uid:0 sid:66 tty:/dev/pts/0 cwd:/root filename:/usr/bin/copytool]: copytool --send /etc/passwd'],
  ['Falco', '{"output":"13:40:03.123: Notice x (command=copytool --send /etc/passwd)","priority":"Notice","rule":"x","time":"2026-02-17T06:40:03.123456789Z","output_fields":{"proc.cmdline":"copytool --send /etc/passwd","proc.exepath":"/usr/bin/copytool","proc.name":"copytool","user.name":"root"},"source":"syscall","hostname":"web1"}'],
  ['Elastic Endpoint', '{"@timestamp":"2026-02-17T06:40:03Z","agent":{"type":"endpoint"},"event":{"dataset":"endpoint.events.process","category":["process"],"type":["start"]},"process":{"executable":"/usr/bin/copytool","command_line":"copytool --send /etc/passwd"},"host":{"os":{"type":"linux"}}}'],
])('a program that %s sees start on Linux is for rules of processes there', (_name, line) => {
  expect(meets('{product: linux, category: process_creation}', "{Image|endswith: '/copytool', CommandLine|contains: '--send /etc/'}", line)).toBe(true);
  expect(seen(line, { product: 'windows' })).toEqual([false]);
});

test('a process that ended was not created', () => {
  expect(seen('{"@timestamp":"2026-02-17T06:40:03Z","event":{"dataset":"endpoint.events.process","category":["process"],"type":["end"]},"process":{"executable":"/usr/bin/id"},"host":{"os":{"type":"linux"}}}', { category: 'process_creation' })).toEqual([false]);
});

test('a process in CEF of a connector is one that Windows created', () => {
  const line = 'CEF:0|Microsoft|Microsoft Windows||Microsoft-Windows-Security-Auditing:4688|A new process has been created.|Low|externalId=4688 categoryOutcome=/Success rt=1771310403000 dhost=pc1 duser=an dproc=C:\\\\Windows\\\\copytool.exe sproc=C:\\\\Windows\\\\explorer.exe cs4=copytool.exe -send cs4Label=Process Command Line';
  expect(meets('{product: windows, category: process_creation}', "{Image|endswith: '\\\\copytool.exe', ParentImage|endswith: '\\\\explorer.exe', CommandLine|contains: ' -send'}", line)).toBe(true);
});

const beat = (channel: string, id: string, data: object): object => ({ '@timestamp': '2026-02-17T06:40:03.000Z', winlog: { channel, provider_name: channel.slice(0, channel.indexOf('/')), event_id: id, event_data: data, computer_name: 'pc1' }, event: { code: id } });
const ofWazuh = (channel: string, id: string, eventdata: object): object => ({ timestamp: '2026-02-17T06:40:03.123+0000', rule: { level: 3, description: 'x', id: '60106' }, agent: { id: '001', name: 'pc1' }, decoder: { name: 'windows_eventchannel' }, data: { win: { system: { providerName: 'p', eventID: id, channel, computer: 'pc1' }, eventdata } } });

test.each([
  ['dns-client', 'Microsoft-Windows-DNS-Client/Operational'], ['dns-server-audit', 'Microsoft-Windows-DNSServer/Audit'], ['dns-server-analytic', 'Microsoft-Windows-DNSServer/Analytical'], ['security-mitigations', 'Microsoft-Windows-Security-Mitigations/KernelMode'],
  ['security-mitigations', 'Microsoft-Windows-Security-Mitigations/UserMode'], ['hyper-v-worker', 'Microsoft-Windows-Hyper-V-Worker-Admin'], ['kernel-event-tracing', 'Microsoft-Windows-Kernel-EventTracing/Admin'],
])('the service %s is the channel %s', (service, channel) => { expect(seen(beat(channel, '11', { QueryName: 'a' }), { product: 'windows', service })).toEqual([true]); });

test("names with blanks, with small letters and without any: Defender's, Wazuh's, a firewall's for remote procedures", () => {
  const DEFENDER = 'Microsoft-Windows-Windows Defender/Operational';
  expect(meets('{product: windows, service: windefend}', "{EventID: 5007, NewValue|contains: 'Exclusions'}", beat(DEFENDER, '5007', { 'New Value': 'HKLM\\SOFTWARE\\Exclusions' }))).toBe(true);
  expect(meets('{product: windows, service: windefend}', "{Feature_Name: '%%886', ThreatName: x}", beat(DEFENDER, '3002', { 'Feature Name': '%%886', 'Threat Name': 'x' }))).toBe(true);
  expect(meets('{product: windows, service: windefend}', "{ProcessName|endswith: a.exe}", ofWazuh(DEFENDER, '1121', { 'process Name': 'C:\\a.exe' }))).toBe(true);
  expect(meets('{product: windows, service: bits-client}', "{processPath|endswith: a.exe}", ofWazuh('Microsoft-Windows-Bits-Client/Operational', '16403', { processPath: 'C:\\a.exe' }))).toBe(true);
  expect(meets('{category: application, product: rpc_firewall}', '{EventLog: RPCFW, EventID: 3, InterfaceUuid: 00000000-0000-0000-0000-00000000000a, OpNum: 1}', beat('RPCFW', '3', { param6: '203.0.113.9', param7: '00000000-0000-0000-0000-00000000000a', param8: '1' }))).toBe(true);
});

test('a file that was touched in an audited folder', () => {
  expect(meets('{product: windows, category: file_access}', "{FileName|contains: '\\Microsoft\\Protect\\', Image|endswith: '\\a.exe'}", beat('Security', '4663', { ObjectType: 'File', ObjectName: 'C:\\Users\\an\\AppData\\Roaming\\Microsoft\\Protect\\x', ProcessName: 'C:\\t\\a.exe' }))).toBe(true);
});

test("an application's error in JSON, and one that a service wrote to its output", () => {
  const product = (name: string): LogSource => ({ category: 'application', product: name });
  expect(seen({ levelname: 'ERROR', name: 'django.security', message: 'Invalid header', exc_info: 'Traceback (most recent call last):\n  x' }, product('django'), product('python'), product('jvm'))).toEqual([true, true, false]);
  expect(seen({ '@timestamp': '2026-02-17T06:40:03.123Z', '@version': '1', message: 'x', logger_name: 'org.springframework.web.servlet', level: 'WARN' }, product('spring'), product('jvm'))).toEqual([true, true]);
  expect(seen({ '@timestamp': '2026-02-17T06:40:03.123Z', message: 'x', logger_name: 'org.springframework.web.servlet', level: 'INFO' }, product('spring'))).toEqual([false]);
  expect(seen('<30>Feb 17 13:40:03 app01 portal[77]: Traceback (most recent call last): x', product('python'))).toEqual([true]);
});

test('commands that are accounted for elsewhere are those of the device; the older names of what Zeek saw', () => {
  expect(seen('<181>Feb 17 13:40:03 ise1 CISE_TACACS_Accounting 0000000081 1 0 2026-02-17 13:40:03.123 +07:00 0000012349 3300 NOTICE Tacacs-Accounting: TACACS+ Accounting with Command, Device IP Address=192.0.2.5, CmdSet=[ CmdAV=show <cr> ]', { product: 'cisco', service: 'aaa' }, { product: 'cisco', service: 'ise' })).toEqual([true, true]);
  expect(meets('{product: zeek, service: http}', '{c-useragent|contains: WebDAV, c-uri|endswith: .exe}', { _path: 'http', ts: 1771310403.1, uid: 'C1', 'id.orig_h': '192.0.2.1', 'id.orig_p': 1, 'id.resp_h': '203.0.113.9', 'id.resp_p': 80, method: 'GET', uri: '/a.exe', user_agent: 'Microsoft-WebDAV' })).toBe(true);
});

test('a word that is no method of HTTP makes no request', () => {
  expect(seen({ time: '2026-02-17T06:40:03Z', method: 'Browser', uri: 'https://wiki.example.vn/a', action: 'page viewed', client: '203.0.113.9' }, { category: 'webserver' })).toEqual([false]);
});
