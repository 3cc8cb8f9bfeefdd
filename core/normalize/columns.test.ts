// Columns that a sender's own header line names hold for its lines that follow, and for nobody else's.
import { createParseContext, parseLine, type ParseContext } from '../message/parse-line.js';

const received = Date.parse('2026-02-17T14:00:00Z');
const read = (context: ParseContext, raw: string, source = '192.0.2.1'): Readonly<Record<string, unknown>> => parseLine({ raw, received, source, context }).event;

test('a #Fields line of Zeek names the columns of the lines after it, another one changes them', () => {
  const context = createParseContext();
  read(context, '#path\tssh');
  read(context, '#fields\tts\tuid\tid.orig_h\tauth_success\tclient');
  const line = '1771310403.1\tC1\t203.0.113.9\tF\tSSH-2.0-x';
  expect(read(context, line)).toMatchObject({ 'event.dataset': 'zeek.ssh', 'source.ip': '203.0.113.9', 'event.action': 'ssh_login_failed', 'zeek.ssh.client': 'SSH-2.0-x' });
  read(context, '#fields\tts\tuid\tid.resp_h\tauth_success\tserver');
  expect(read(context, line)).toMatchObject({ 'destination.ip': '203.0.113.9', 'zeek.ssh.server': 'SSH-2.0-x' });
});

test('a #Fields line of a W3C log names the columns of the lines after it, whatever their order', () => {
  const context = createParseContext();
  read(context, '#Fields: date time sc-status cs-method cs-uri-stem c-ip');
  expect(read(context, '2026-02-17 06:40:03 404 GET /a 203.0.113.9')).toMatchObject({ 'event.dataset': 'iis.access', 'source.ip': '203.0.113.9', 'http.response.status_code': 404, 'url.path': '/a' });
  read(context, '#Fields: date time c-ip cs-method cs-uri-stem sc-status');
  expect(read(context, '2026-02-17 06:40:03 203.0.113.9 GET /a 200')).toMatchObject({ 'source.ip': '203.0.113.9', 'http.response.status_code': 200 });
});

test('one sender\'s header says nothing of another\'s lines', () => {
  const context = createParseContext();
  read(context, '#Fields: date time sc-status cs-method cs-uri-stem c-ip', '192.0.2.1');
  expect(read(context, '2026-02-17 06:40:03 404 GET /a 203.0.113.9', '192.0.2.2')['http.response.status_code']).toBeUndefined();
});

test('memory of columns is bounded', () => {
  const context = createParseContext();
  for (let i = 0; i < 5000; i++) read(context, '#Fields: date time c-ip', `10.0.${i >> 8}.${i & 255}`);
  expect(context.columns.get('w3c\n10.0.0.1\n\n')).toBeUndefined();
  expect(context.columns.get(`w3c\n10.0.${4999 >> 8}.${4999 & 255}\n\n`)).toEqual(['date', 'time', 'c-ip']);
});
