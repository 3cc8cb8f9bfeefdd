import { createParseContext, parseLine } from '../message/parse-line.js';
import { FIXTURES } from '../normalize/fixtures/lines.js';
import { knowledgeOf, successorOf } from './known-fields.js';
import { sourcesOf } from './logsource.js';

test('no field that a normalizer writes is said to be unknown in the log sources of its event', () => {
  const context = createParseContext(), wrong = new Set<string>();
  let asked = 0;
  for (const { raw, format } of FIXTURES) {
    if (format === 'generic.json') continue; // its sender names the fields
    const { event } = parseLine({ raw, received: Date.UTC(2026, 10, 22), context });
    for (const source of sourcesOf(event).sources) for (const field of Object.keys(event)) {
      asked++;
      if (knowledgeOf(source, field).kind === 'unknown') wrong.add(`${format}: ${field} in ${JSON.stringify(source)}`);
    }
  }
  expect([...wrong]).toEqual([]);
  expect(asked).toBeGreaterThan(500);
});

test.each([
  [{ product: 'windows', category: 'process_creation' }, 'CommandLine', { kind: 'known' }],
  [{ product: 'windows', category: 'process_creation' }, 'Commandline', { kind: 'unknown', near: 'CommandLine' }],
  [{ product: 'windows', category: 'file_event' }, 'ParentImage', { kind: 'unknown', near: undefined }],
  [{ product: 'windows', category: 'file_event' }, 'GrandParentImage', { kind: 'unknown', near: undefined }],
  [{ product: 'windows', service: 'security' }, 'AnythingAtAll', { kind: 'open' }],
  [{ product: 'aws', service: 'cloudtrail' }, 'requestParameters.anything', { kind: 'open' }],
  [{ product: 'linux', service: 'sshd' }, 'user.name', { kind: 'known' }],
  [{ product: 'linux', service: 'sshd' }, 'user.nmae', { kind: 'unknown', near: 'user.name' }],
  [{ product: 'linux', service: 'sudo' }, 'USER', { kind: 'known' }],
  [{ category: 'webserver' }, 'cs_uri_query', { kind: 'unknown', near: 'cs-uri-query' }],
  [{ category: 'webserver' }, 'constructor', { kind: 'unknown', near: undefined }],
  [{ category: 'constructor' }, 'x', { kind: 'open' }],
])('%j %s: %j', (logsource, field, wanted) => { expect(knowledgeOf(logsource, field)).toEqual(wanted); });

test('an older name leads to the one in use', () => {
  expect(successorOf({ category: 'webserver' }, 'c-uri-query')).toBe('cs-uri-query');
  expect(successorOf({ category: 'proxy' }, 'c-uri-query')).toBeUndefined();
  expect(successorOf({ product: 'windows', category: 'file_event' }, 'TargetFileName')).toBe('TargetFilename');
  expect(successorOf({ product: 'windows', service: 'security' }, 'NewProcessName')).toBeUndefined();
});
