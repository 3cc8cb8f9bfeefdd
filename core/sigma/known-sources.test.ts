import { FORMATS } from '../normalize/table.js';
import { isFed, OWN_DATASETS } from './known-sources.js';
import { DATASETS } from './logsource-datasets.js';

test('every format we read has its log sources counted', () => {
  const names = FORMATS.map(({ name }) => name).filter((name) => !name.startsWith('generic.') && !name.startsWith('windows.') && name !== 'cef.log' && name !== 'leef.log');
  expect(names.filter((name) => !OWN_DATASETS.includes(name) && !Object.hasOwn(DATASETS, name))).toEqual([]);
});

test.each([
  [{ product: 'windows', category: 'process_creation' }, true], [{ category: 'process_creation' }, true], [{ product: 'Windows', service: 'Security' }, true],
  [{ product: 'windows', category: 'ps_script', service: 'powershell' }, true], [{ product: 'windows', category: 'ps_script', service: 'security' }, false],
  [{ product: 'linux', service: 'sshd' }, true], [{ product: 'linux', category: 'file_event' }, true], [{ product: 'linux', service: 'ssh' }, false],
  [{ category: 'webserver' }, true], [{ product: 'zeek', service: 'kerberos' }, true], [{ product: 'fortigate', service: 'event' }, true], [{ product: 'fortios', service: 'sslvpnd' }, true],
  [{ product: 'macos', category: 'process_creation' }, true], [{ product: 'windows', category: 'file_rename' }, true], [{ product: 'macos', category: 'process_creaton' }, false], [{ product: 'solaris' }, false], [{ category: 'webservr' }, false], [{ product: 'windows', category: 'process_creaton' }, false],
])('%j is fed: %s', (logsource, fed) => { expect(isFed(logsource)).toBe(fed); });
