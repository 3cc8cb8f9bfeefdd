import { hostOf } from './relay-host.js';

test.each([
  ['a header', '<38>Feb 17 20:40:03 web-1 sshd[12]: text', 'web-1'],
  ['a record whose host stands last, behind a long text', JSON.stringify({ '@timestamp': '2026-02-17T13:40:03Z', message: 'a'.repeat(60_000), agent: { type: 'filebeat' }, host: { name: 'web-1' } }), 'web-1'],
  ['a name of another script', JSON.stringify({ agent: { type: 'filebeat' }, message: 'a', host: { name: 'máy-1' } }), 'máy-1'],
  ['a name that is none', JSON.stringify({ agent: { type: 'filebeat' }, message: 'a', host: { name: 'a'.repeat(300) } }), undefined],
  ['braces that are no record', '<38>Feb 17 20:40:03 web-1 app: {not json', 'web-1'],
])('%s', (_name, frame, host) => { expect(hostOf(Buffer.from(frame))).toBe(host); });
