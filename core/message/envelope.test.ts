import { parseLine } from './parse-line.js';

const received = Date.parse('2026-02-17T14:00:00Z');
const parse = (value: unknown): ReturnType<typeof parseLine> => parseLine({ raw: typeof value === 'string' ? value : JSON.stringify(value), received });

test('GELF: the text inside is read by its format, the native fields become fields, the line stays whole', () => {
  const raw = JSON.stringify({ version: '1.1', host: 'web01', short_message: 'Failed password for root from 203.0.113.9 port 51122 ssh2', timestamp: 1771335603.123, level: 4, _SYSLOG_IDENTIFIER: 'sshd', _src_ip: '198.51.100.7', _container_name: 'gate', _haidang: 'x', _trip: 7 });
  const { format, event } = parse(raw);
  expect(format).toBe('linux.sshd');
  expect(event).toMatchObject({ 'event.original': raw, message: 'Failed password for root from 203.0.113.9 port 51122 ssh2', 'event.action': 'ssh_login_failed', 'user.name': 'root', 'source.ip': '203.0.113.9', 'host.name': 'web01', '@timestamp': '2026-02-17T13:40:03.123Z', 'log.level': 'warning', 'log.syslog.severity.code': 4, 'container.name': 'gate', 'gelf.trip': 7, 'gelf.src_ip': '198.51.100.7' });
});

test('GELF: a text that no format knows is still a message of a known form; a longer text is the message', () => {
  const { format, why, event } = parse({ version: '1.1', host: 'app1', short_message: 'order failed', full_message: 'order failed\n  at shop.js:7', timestamp: 1771335603, level: 3, _user: 'an', _client_ip: '203.0.113.9:5001', '_event.id': 'forged', '_haidang.tier': 1 });
  expect([format, why]).toEqual(['gelf.message', 'the line is a GELF message']);
  expect(event).toMatchObject({ message: 'order failed\n  at shop.js:7', 'event.dataset': 'gelf.message', 'event.module': 'gelf', 'user.name': 'an', 'source.ip': '203.0.113.9', 'source.port': 5001 });
  for (const name of ['event.id', 'haidang.tier']) expect(event[name]).toBeUndefined();
});

test('Splunk: text, a whole syslog line, an object, Docker\'s form; time, host and fields from the envelope', () => {
  expect(parse({ time: '1771335603.5', host: 'fw1', source: '/var/log/fw.log', sourcetype: 'fortigate', event: 'date=2026-02-17 time=20:40:03 devname="fw1" devid="FG1" logid="0000000013" type="traffic" subtype="forward" srcip=192.0.2.7 dstip=203.0.113.9 action="deny"', fields: { 'user.name': 'an', zone: 'dmz' } }))
    .toMatchObject({ format: 'fortinet.firewall', event: { '@timestamp': '2026-02-17T13:40:03.500Z', 'source.ip': '192.0.2.7', 'event.action': 'connection_denied', 'user.name': 'an', 'hec.fields.zone': 'dmz', 'hec.sourcetype': 'fortigate', 'log.file.path': '/var/log/fw.log' } });
  expect(parse({ host: 'relay', event: '<38>Feb 17 20:40:03 web01 sshd[991]: Invalid user oracle from 203.0.113.9 port 40000' }).event).toMatchObject({ 'host.name': 'web01', 'event.action': 'ssh_invalid_user', 'log.syslog.priority': 38, '@timestamp': '2026-02-17T13:40:03.000Z' });
  expect(parse({ time: 1771335603, host: 'dc1', event: { EventID: 4625, Channel: 'Security', TargetUserName: 'an', IpAddress: '203.0.113.9' } })).toMatchObject({ event: { 'event.dataset': 'windows.security', 'event.action': 'login_failed', 'user.name': 'an', 'host.name': 'dc1', '@timestamp': '2026-02-17T13:40:03.000Z' } });
  expect(parse({ event: { line: '203.0.113.9 - - [17/Feb/2026:13:40:03 +0000] "GET /a HTTP/1.1" 200 5', source: 'stdout', tag: '0123456789ab' }, time: '1771335603.0', host: 'node1' })).toMatchObject({ format: 'apache.access', event: { 'source.ip': '203.0.113.9', 'container.id': '0123456789ab', 'host.name': 'node1' } });
  expect(parse({ event: 'hello', time: 1771335603 })).toMatchObject({ format: 'hec.event', event: { message: 'hello', '@timestamp': '2026-02-17T13:40:03.000Z' } });
});

test('OpenTelemetry: body, severity, times and attributes by the semantic conventions', () => {
  const record = (log: object, resource: object[] = []): string => JSON.stringify({ resourceLogs: [{ resource: { attributes: resource }, scopeLogs: [{ scope: { name: 'auth' }, logRecords: [log] }] }] });
  const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const { format, event } = parse(record({
    timeUnixNano: '1771335603123456789', severityNumber: 17, body: { stringValue: 'login refused' }, traceId: '0af7651916cd43dd8448eb211c80319c',
    attributes: [text('client.address', '203.0.113.9'), text('enduser.id', 'an'), { key: 'http.response.status_code', value: { intValue: '403' } }, text('url.full', 'https://dvc.example.org/login?x=1'), { key: 'tags', value: { arrayValue: { values: [{ stringValue: 'a' }] } } }, { key: 'app', value: { kvlistValue: { values: [text('tier', 'web')] } } }],
  }, [text('service.name', 'portal'), text('host.name', 'app1')]));
  expect(format).toBe('otlp.log');
  expect(event).toMatchObject({ message: 'login refused', '@timestamp': '2026-02-17T13:40:03.123Z', 'log.level': 'error', 'source.ip': '203.0.113.9', 'user.name': 'an', 'http.response.status_code': 403, 'url.domain': 'dvc.example.org', 'url.path': '/login', 'service.name': 'portal', 'host.name': 'app1', 'trace.id': '0af7651916cd43dd8448eb211c80319c', 'otel.attributes.app.tier': 'web', 'otel.attributes.tags': ['a'], 'otel.scope.name': 'auth' });
  expect(event['tags']).toBeUndefined();
  expect(parse(record({ observedTimeUnixNano: '1771335603000000000', timeUnixNano: '0', body: { kvlistValue: { values: [text('schema', 'haidang/1'), text('time', '2026-02-17T13:40:03Z'), text('action', 'login_failed'), text('app', 'dvc')] } } })).event).toMatchObject({ 'event.action': 'login_failed', 'service.name': 'dvc', '@timestamp': '2026-02-17T13:40:03.000Z' });
});

test('what only looks like an envelope, or is cut off, is read as before', () => {
  for (const raw of ['{"event":"x"}', '{"event":{"action":"login"},"host":{"name":"a"},"time":"x"}', '{"host":"h","short_message":"cut of', '{"resourceLogs":[{},{}]}', '{"time":1,"event":null}', '{"version":"1","short_message":5}', '[{"event":"x"}]'])
    expect(['gelf.message', 'hec.event', 'otlp.log']).not.toContain(parse(raw).format);
  expect(parse('{"__proto__":1,"short_message":"x","_constructor":"c","_toString":"t"}')).toMatchObject({ format: 'gelf.message', event: { 'gelf.constructor': 'c' } });
});

test('an entry of a push to Loki: the line is read by its own format, its time and labels fill and stay', () => {
  const push = (stream: object, ...values: unknown[]): string => JSON.stringify({ streams: [{ stream, values }] });
  const { format, event } = parseLine({ raw: push({ job: 'varlogs', filename: '/var/log/auth.log', host: 'relay-1', level: 'info' }, ['1771335603123000000', 'Feb 17 20:40:03 web-1 sshd[991]: Failed password for an from 203.0.113.9 port 40000 ssh2', { trace_id: 't' }]), received: Date.parse('2026-02-17T14:00:00Z') });
  expect(format).toBe('linux.sshd');
  expect(event).toMatchObject({ 'event.dataset': 'linux.sshd', 'host.name': 'web-1', 'user.name': 'an', 'loki.job': 'varlogs', 'loki.host': 'relay-1', 'loki.trace_id': 't', 'log.file.path': '/var/log/auth.log', '@timestamp': '2026-02-17T13:40:03.123Z' });
  expect(parseLine({ raw: push({ container_name: 'web' }, ['1771335603123000000', 'started']), received: 0 })).toMatchObject({ format: 'loki.entry', event: { 'event.dataset': 'loki.entry', message: 'started', 'container.name': 'web' } });
  expect(parseLine({ raw: push({ a: 'b' }, ['1', 'x'], ['2', 'y']), received: 0 }).format).toBe('generic.json');
});

test('OpenTelemetry\'s documents for Elasticsearch and Loki are log records too', () => {
  const line = 'Feb 17 20:40:03 web01 sshd[991]: Failed password for root from 203.0.113.9 port 51122 ssh2', known = { 'event.action': 'ssh_login_failed', 'source.ip': '203.0.113.9', '@timestamp': '2026-02-17T13:40:03.000Z', 'host.name': 'web01' };
  expect(parse({ '@timestamp': '1771336800000.870627', observed_timestamp: '1771336800000.870627', data_stream: { type: 'logs', dataset: 'generic.otel', namespace: 'default' }, attributes: { 'log.file.path': '/var/log/auth.log' }, body: { text: line }, resource: { attributes: { 'service.name': 'node' } } })).toMatchObject({ format: 'linux.sshd', event: { ...known, 'log.file.path': '/var/log/auth.log' } });
  expect(parse({ '@timestamp': '2026-02-17T14:00:00.000Z', Attributes: { client: { address: '203.0.113.7' } }, Body: 'login refused', Resource: { host: { name: 'app1' } }, SeverityText: 'WARN', SeverityNumber: 13 })).toMatchObject({ format: 'otlp.log', event: { message: 'login refused', 'host.name': 'app1', 'log.level': 'warn', 'source.ip': '203.0.113.7', '@timestamp': '2026-02-17T14:00:00.000Z' } });
  expect(parse({ streams: [{ stream: { exporter: 'OTLP' }, values: [['1771336800000000000', JSON.stringify({ body: line, attributes: { 'log.file.name': 'auth.log' }, severity: 'INFO' })]] }] })).toMatchObject({ format: 'linux.sshd', event: { 'event.action': 'ssh_login_failed', 'loki.exporter': 'OTLP' } });
  expect(parse({ body: 'Xin chào', title: 'thông báo', attributes: {} }).format).toBe('generic.json');
});

test('a line that says its own time with its zone happened then, however late a shipper read it', () => {
  const line = '203.0.113.9 - - [17/Feb/2026:20:40:03 +0700] "GET /a HTTP/1.1" 200 5', late = { time: 1771336800, host: 'web1' };
  expect(parse({ ...late, event: line }).event['@timestamp']).toBe('2026-02-17T13:40:03.000Z');
  expect(parse({ ...late, event: 'Feb 17 20:40:01 web1 app: hello' }).event['@timestamp']).toBe('2026-02-17T14:00:00.000Z');
});

test('what logging libraries say beside a message: level, logger, the error and its stack', () => {
  const stack = 'Traceback (most recent call last):\n  File "/srv/app.py", line 7, in open\nKeyError: \'HS-1\'', error = { 'error.type': 'KeyError', 'error.message': "'HS-1'", 'error.stack_trace': stack };
  expect(parse({ version: '1.1', host: 'app1', short_message: 'boom', full_message: stack, timestamp: 1771335603, level: 3 }).event).toMatchObject(error);
  expect(parse({ '@version': '1', '@timestamp': '2026-02-17T13:40:03Z', host: 'app1', program: 'app.py', level: 'ERROR', message: 'boom', extra: { stack_trace: stack, logger_name: 'dvc' } }).event).toMatchObject({ ...error, 'log.level': 'error', 'log.logger': 'dvc' });
  expect(parse({ streams: [{ stream: { severity: 'error', logger: 'dvc', application: 'dvc' }, values: [['1771335603000000000', `boom\n${stack}`]] }] }).event).toMatchObject({ ...error, 'log.level': 'error', 'log.logger': 'dvc' });
  expect(parse('<132>1 2026-02-17T13:40:03Z app1 dvc 991 - [login@32473 user="an" src="203.0.113.12"][timeQuality tzKnown="1"] refused').event).toMatchObject({ 'user.name': 'an', 'source.ip': '203.0.113.12' });
  expect(parse({ version: '1.1', host: 'app1', short_message: 'boom TypeError: no session\n    at open (file:///srv/app.mjs:3:11)', level: 3 }).event).toMatchObject({ 'error.type': 'TypeError', 'error.message': 'no session' });
  for (const end of ['\n', '#012', '\\n']) expect(parse(`<11>1 2026-02-17T13:40:03Z app1 dvc 991 - - boom\n${stack}`.replaceAll('\n', end)).event).toMatchObject({ 'error.type': 'KeyError', 'error.message': "'HS-1'" });
});
