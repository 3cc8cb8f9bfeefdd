import { parseLine } from './parse-line.js';

const received = Date.parse('2026-02-17T14:00:00Z'), refused = 'Failed password for root from 203.0.113.9 port 51122 ssh2', at = '2026-02-17T13:40:03.000Z';
const parse = (value: unknown): ReturnType<typeof parseLine> => parseLine({ raw: typeof value === 'string' ? value : JSON.stringify(value), received });
const login = { 'event.action': 'ssh_login_failed', 'user.name': 'root', 'source.ip': '203.0.113.9', 'host.name': 'web-1', 'process.name': 'sshd', 'process.pid': 991, message: refused, '@timestamp': at };

test.each<[string, object]>([
  ['journald', { __REALTIME_TIMESTAMP: '1771335603000000', _HOSTNAME: 'web-1', SYSLOG_IDENTIFIER: 'sshd', _PID: '991', _UID: '0', PRIORITY: '6', _TRANSPORT: 'syslog', MESSAGE: refused }],
  ['journald, a text that is none', { __REALTIME_TIMESTAMP: '1771335603000000', _HOSTNAME: 'web-1', SYSLOG_IDENTIFIER: 'sshd', _PID: '991', MESSAGE: [...new TextEncoder().encode(refused)] }],
  ['Filebeat, of a file', { '@timestamp': '2026-02-17T13:41:00.000Z', message: `Feb 17 20:40:03 web-1 sshd[991]: ${refused}`, log: { offset: 12, file: { path: '/var/log/auth.log' } }, input: { type: 'filestream' }, agent: { type: 'filebeat', version: '9.2.0' }, ecs: { version: '8.0.0' }, host: { name: 'collector-7' }, event: { dataset: 'system.auth' } }],
  ['Filebeat, of the journal', { '@timestamp': at, message: refused, input: { type: 'journald' }, log: { syslog: { appname: 'sshd', priority: 6, facility: { code: 4 } } }, process: { pid: 991, name: 'sshd' }, user: { id: '0' }, host: { hostname: 'web-1' }, agent: { type: 'filebeat' }, ecs: { version: '8.0.0' } }],
  ['rsyslog', { timereported: at, host: 'web-1', severity: 'info', facility: 'auth', programname: 'sshd', procid: '991', message: refused }],
  ['rsyslog, tag', { message: refused, fromhost: 'web-1', syslogtag: 'sshd[991]:', procid: '991', timegenerated: at, syslogseverity: '6' }],
  ['syslog-ng', { SOURCE: 's_net', PROGRAM: 'sshd', PRIORITY: 'info', PID: '991', MESSAGE: refused, LEGACY_MSGHDR: 'sshd[991]: ', HOST_FROM: 'web-1', HOST: 'web-1', FACILITY: 'auth', ISODATE: '2026-02-17T20:40:03+07:00' }],
  ['Fluentd', { host: 'web-1', ident: 'sshd', pid: '991', message: refused, time: at }],
  ['Vector', { appname: 'sshd', facility: 'auth', hostname: 'web-1', message: refused, procid: 991, severity: 'info', source_type: 'syslog', timestamp: at }],
  ['Logstash', { '@version': '1', '@timestamp': '2026-02-17T13:40:09.000Z', type: 'syslog', host: { ip: '192.0.2.3' }, message: `<38>Feb 17 20:40:03 web-1 sshd[991]: ${refused}` }],
  ['NXLog', { EventReceivedTime: '2026-02-17 20:40:04', SourceModuleName: 'in', SourceModuleType: 'im_udp', Hostname: 'web-1', EventTime: '2026-02-17 20:40:03', SourceName: 'sshd', ProcessID: 991, Message: refused }],
  ['a file, nothing else', { date: 1771335604.1, log: `Feb 17 20:40:03 web-1 sshd[991]: ${refused}\n` }],
  ['Splunk\'s collector, an object', { time: 1771335603, host: 'relay-1', event: { host: 'web-1', ident: 'sshd', pid: '991', message: refused } }],
  ['Filebeat, of Docker\'s file', { '@timestamp': '2026-02-17T13:41:00.000Z', message: JSON.stringify({ log: `<38>Feb 17 20:40:03 web-1 sshd[991]: ${refused}\n`, stream: 'stdout', time: at }), log: { file: { path: '/var/lib/docker/containers/1/1-json.log' } }, agent: { type: 'filebeat' } }],
])('%s: the line is read as it is without its record', (_name, record) => {
  const { format, event } = parse(record);
  expect(format).toBe('linux.sshd');
  const { 'process.name': name = 'sshd', 'process.pid': pid, ...rest } = event;
  expect({ ...rest, 'process.name': name, 'process.pid': pid }).toMatchObject({ ...login, 'event.original': JSON.stringify(record), 'event.dataset': 'linux.sshd' });
  expect(event['user.id']).toBeUndefined();
});

test.each([['NXLog', 'nxlog[7]: '], ['rsyslog', 'rsyslogd: @cee: ']])('a record behind a header, as %s sends it', (_name, tag) => {
  expect(parse(`<14>Feb 17 20:40:04 relay-1 ${tag}${JSON.stringify({ hostname: 'web-1', programname: 'sshd', procid: '991', timereported: at, message: refused })}`)).toMatchObject({ format: 'linux.sshd', event: { ...login, 'log.syslog.priority': 14, 'log.syslog.hostname': 'relay-1' } });
});

test('records inside records end: what lies too deep is the text of the last', () => {
  const nested = Array.from({ length: 8 }).reduce<string>((inside) => JSON.stringify({ log: inside }), refused);
  expect(parse(nested)).toMatchObject({ event: { 'event.original': nested } });
  expect(parse(nested).format).not.toBe('linux.sshd');
});

test('what the record says beside stays: path, level, members under their own names, none that only we may write', () => {
  const { event } = parse({ '@timestamp': at, message: '203.0.113.9 - - [17/Feb/2026:13:40:03 +0000] "GET /a HTTP/1.1" 404 5 "-" "curl/8"', log: { file: { path: '/var/log/nginx/access.log' } }, agent: { type: 'filebeat' }, fields: { site: 'dmz' }, event: { id: 'forged' }, haidang: { tier: 1 }, tags: ['x'], host: { name: 'web-1', ip: ['192.0.2.3'] } });
  expect(event).toMatchObject({ 'event.dataset': 'nginx.access', 'url.path': '/a', 'log.file.path': '/var/log/nginx/access.log', 'fields.site': 'dmz', 'json.event.id': 'forged', 'json.haidang.tier': 1, 'host.name': 'web-1', 'host.ip': ['192.0.2.3'] });
  expect(event['haidang.tier']).toBeUndefined();
});

test('a line that no format knows is known by its program where the record is one of syslog; else the object is read as before', () => {
  expect(parse({ MESSAGE: 'queue drained', SYSLOG_IDENTIFIER: 'gateway', _PID: '7', _HOSTNAME: 'app-1', __REALTIME_TIMESTAMP: '1771335603000000', PRIORITY: '4' })).toMatchObject({ format: null, event: { message: 'queue drained', 'process.name': 'gateway', 'process.pid': 7, 'host.name': 'app-1', 'log.level': 'warning', '@timestamp': at } });
  expect(parse({ time: at, app_name: 'portal', message: 'order sent', user: 'an', src_ip: '203.0.113.9' })).toMatchObject({ format: 'generic.json', event: { 'user.name': 'an', 'source.ip': '203.0.113.9' } });
  // An application's own words about a login are not sshd's line.
  expect(parse({ time: at, level: 'info', logger: 'audit', message: refused, user: 'an', code: 7 })).toMatchObject({ format: 'generic.json', event: { 'user.name': 'an' } });
  // Somebody has read it already.
  expect(parse({ '@timestamp': at, message: refused, 'event.category': 'authentication', agent: { type: 'filebeat' }, 'user.name': 'an' })).toMatchObject({ event: { 'user.name': 'an' } });
});

test.each([
  ['CEF', 'CEF:0|Vendor|Product|1|600|User Signed In|3|src=203.0.113.9 suser=admin msg=User signed in from "web-1"', { 'source.ip': '203.0.113.9', 'cef.extensions.msg': 'User signed in from "web-1"' }],
  ['LEEF', 'LEEF:1.0|Vendor|Product|1|600|src=203.0.113.9\tusrName=admin\tmsg=User signed in', { 'source.ip': '203.0.113.9', 'leef.msg': 'User signed in' }],
])('%s in a record ends where it ends', (_name, message, fields) => {
  expect(parse({ '@timestamp': at, message, log: { offset: 1, file: { path: '/var/log/in.log' } }, agent: { type: 'filebeat' } }).event).toMatchObject(fields);
});

test.each([
  ['Splunk\'s collector', { time: 1771335603, host: 'web-1', sourcetype: 'syslog', event: `<38>Feb 17 20:40:03 web-1 sshd[991]: ${refused}` }],
  ['GELF', { version: '1.1', host: 'web-1', timestamp: 1771335603, short_message: `<38>Feb 17 20:40:03 web-1 sshd[991]: ${refused}` }],
])('an envelope behind a header is opened, too: %s', (_name, envelope) => {
  expect(parse(`<13>Feb 17 20:41:00 relay-1 ${JSON.stringify(envelope)}`)).toMatchObject({ format: 'linux.sshd', event: login });
});

test('a product\'s own record in the form of Splunk\'s collector is read as the product\'s, bare and behind a header', () => {
  const record = JSON.stringify({ sourcetype: 'zscalernss-web', event: { time: 'Tue Feb 17 20:40:03 2026', login: 'an@example.vn', proto: 'HTTPS', eurl: 'www.example.vn/a', action: 'Blocked', cip: '203.0.113.9', sip: '198.51.100.7', reqmethod: 'GET', respcode: '403' } });
  for (const line of [record, `<13>Feb 17 20:41:00 relay-1 ${record}`]) expect(parse(line).event).toMatchObject({ 'event.dataset': 'zscaler.web', 'source.ip': '203.0.113.9', 'user.name': 'an', 'http.response.status_code': 403, 'event.outcome': 'failure' });
});

describe('an alert of Wazuh', () => {
  const of = (full_log: string, more: object = {}): object => ({ timestamp: '2026-02-17T20:40:04.001+0700', rule: { level: 5, description: 'sshd: authentication failed.', id: '5760', groups: ['syslog', 'sshd', 'authentication_failed'] }, agent: { id: '003', name: 'web-1', ip: '192.0.2.8' }, manager: { name: 'wazuh-01' }, id: '1771310404.12', full_log, predecoder: { program_name: 'sshd', hostname: 'web-1' }, decoder: { name: 'sshd' }, data: { srcip: '203.0.113.9' }, location: '/var/log/auth.log', ...more });
  const rule = { 'event.kind': 'alert', 'event.severity': 5, 'rule.level': 5, 'rule.description': 'sshd: authentication failed.', 'data.srcip': '203.0.113.9', 'manager.name': 'wazuh-01' };

  test('holds its line, which is read as it is without it; what the rule says stays beside', () => {
    expect(parse(of(`Feb 17 20:40:03 web-1 sshd[991]: ${refused}`))).toMatchObject({ format: 'linux.sshd', event: { ...login, ...rule, 'event.dataset': 'linux.sshd', 'rule.id': '5760', 'rule.name': 'sshd: authentication failed.', 'host.ip': '192.0.2.8', 'log.file.path': '/var/log/auth.log' } });
    expect(parse(of('203.0.113.9 - an [17/Feb/2026:20:40:03 +0700] "GET /a.php?x=1 HTTP/1.1" 404 123 "-" "curl/8"', { predecoder: undefined, decoder: { name: 'web-accesslog' }, data: { protocol: 'GET', srcip: '203.0.113.9', id: '404', url: '/a.php?x=1' }, location: '/var/log/nginx/access.log' })))
      .toMatchObject({ event: { ...rule, 'event.dataset': 'nginx.access', 'event.action': 'http_request', 'event.outcome': 'failure', 'http.request.method': 'GET', 'http.response.body.bytes': 123, 'user.name': 'an', 'host.name': 'web-1', '@timestamp': at } });
  });

  test('of a line whose product has a rule of its own keeps both', () => {
    const { event } = parse(of('date=2026-02-17 time=20:40:03 devname="FG1" devid="FG100" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.1.2.3 srcport=51234 dstip=203.0.113.9 dstport=443 proto=6 action="deny" policyid=3', { predecoder: undefined, agent: { id: '000', name: 'wazuh-01' }, location: '10.1.2.254' }));
    expect(event).toMatchObject({ ...rule, 'event.dataset': 'fortinet.firewall', 'observer.name': 'FG1', 'source.ip': '10.1.2.3', 'rule.id': '3', 'json.rule.id': '5760', 'host.name': 'FG1' });
  });

  test('of a line that no format knows, or of a file that changed, is read as before', () => {
    expect(parse(of("ossec: output: 'df -P': /dev/sda1 95%", { predecoder: undefined }))).toMatchObject({ format: 'generic.json', event: { ...rule, 'event.dataset': 'wazuh.alerts' } });
    expect(parse(of("File '/etc/passwd' modified", { predecoder: undefined, location: 'syscheck', syscheck: { path: '/etc/passwd', event: 'modified' } }))).toMatchObject({ event: { 'event.dataset': 'wazuh.alerts', 'event.action': 'file_changed', 'file.path': '/etc/passwd' } });
  });

  test('of a request whose line is lost names the method, and no transport by that name', () => {
    const { event } = parse(of('lost', { predecoder: undefined, data: { protocol: 'GET', srcip: '203.0.113.9', url: '/a' } }));
    expect(event).toMatchObject({ 'event.dataset': 'wazuh.alerts', 'http.request.method': 'GET', 'url.path': '/a' });
    expect(event['network.transport']).toBeUndefined();
  });
});
