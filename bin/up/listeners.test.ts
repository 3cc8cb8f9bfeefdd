import { parseConfig } from '../../core/process/config.js';
import { filesOf, limitsOf, listenersOf } from './listeners.js';

test('only syslog listens, unless the configuration names more', () => {
  expect(listenersOf(parseConfig('', 'haidang.yaml'), 5514).map(({ name, port }) => [name, port])).toEqual([['tcp', 5514], ['udp', 5514]]);
  const config = parseConfig('host: 192.0.2.1\ninputs:\n  - {kind: tls, certificateFile: a, keyFile: b, caFile: c, clientCertificates: required}\n  - {kind: relp, name: second, host: 127.0.0.1, port: 20}\n', 'haidang.yaml');
  expect(listenersOf(config, 5514).slice(2)).toEqual([
    { name: 'tls', kind: 'tls', host: '192.0.2.1', port: 6514, setting: 'inputs.0.port', tls: { certificateFile: 'a', keyFile: 'b', caFile: 'c', clientCertificates: 'required' } },
    { name: 'second', kind: 'relp', host: '127.0.0.1', port: 20, setting: 'inputs.1.port' },
  ]);
});

test('tokens and proxies reach their listener', () => {
  const sha256 = 'ab'.repeat(32), config = parseConfig(`inputs:\n  - {kind: http, proxies: [10.0.0.0/8], tokens: [{name: portal, sha256: ${sha256}}]}\n`, 'haidang.yaml');
  expect(listenersOf(config, 5514).slice(2)).toEqual([{ name: 'http', kind: 'http', host: '127.0.0.1', port: 8514, setting: 'inputs.0.port', proxies: ['10.0.0.0/8'], tokens: [{ name: 'portal', sha256 }] }]);
});

test('files are no listeners', () => {
  const config = parseConfig('inputs:\n  - {kind: file, path: /var/log/portal/*.log}\n  - {kind: relp}\n', 'haidang.yaml');
  expect(listenersOf(config, 5514).slice(2)).toMatchObject([{ name: 'relp', setting: 'inputs.1.port' }]);
  expect(filesOf(config)).toEqual([{ name: 'file', path: '/var/log/portal/*.log', from: 'beginning' }]);
});

test('limits reach the collector; what is not given is left to it', () => {
  expect(limitsOf(parseConfig('', 'haidang.yaml'))).toEqual({ http: { bodyBytesMax: 16 * 1024 * 1024, bodiesBytesMax: 96 * 1024 * 1024, bodyMs: 60_000 } });
  const config = parseConfig('limits: {connectionsMax: 50, http: {bodyBytesMax: 1000000, bodiesBytesMax: 2000000}}\n', 'haidang.yaml');
  expect(limitsOf(config)).toEqual({ connectionsMax: 50, http: { bodyBytesMax: 1_000_000, bodiesBytesMax: 2_000_000, bodyMs: 60_000 } });
  expect(() => parseConfig('limits: {http: {bodyBytesMax: 90000000}}\n', 'haidang.yaml')).toThrow(/bodiesBytesMax.*twice/);
});
