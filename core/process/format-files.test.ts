import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLine } from '../message/parse-line.js';
import { compileFormats, formatTexts, readFormatFiles } from './format-files.js';
import { projectRoot } from './built.js';

const guide = readFileSync(join(projectRoot, 'docs/adding-a-log-format.md'), 'utf8');
const block = (language: string): string => guide.split(`\`\`\`${language}\n`)[1]?.split('\n```')[0] ?? '';

test('the description that the guide shows holds, its tests included', () => {
  const { formats, problems } = compileFormats([{ file: 'guide.yml', text: block('yaml') }]);
  expect(problems).toEqual([]);
  expect(formats.map(({ description: { name, tests } }) => [name, tests.length])).toEqual([['acme.gate', 2]]);
});

test('the line of our own JSON that the guide shows is read as it says', () => {
  const { event } = parseLine({ raw: block('json').replaceAll('\n ', ''), received: Date.parse('2026-02-17T14:00:00Z') });
  expect(event).toMatchObject({ 'event.dataset': 'app.portal', 'event.action': 'login_failed', 'user.name': 'an', 'source.ip': '203.0.113.9', 'url.path': '/login', '@timestamp': '2026-02-17T06:40:03.000Z', 'app.dossier.id': '000.00.01.H40-260217-0001' });
});

test('a folder is read by name; a file that cannot be used is told and left out, the others hold', () => {
  const folder = mkdtempSync(join(tmpdir(), 'formats-'));
  try {
    expect(formatTexts(join(folder, 'absent'))).toEqual([]);
    writeFileSync(join(folder, 'b.yml'), "format: b.log\nmatch: { starts: B }\nread: { pairs: ' ' }\ntests: [{ line: 'B a=1', expect: { b.log.a: 2 } }]\n");
    writeFileSync(join(folder, 'a.yaml'), 'format: a\n');
    writeFileSync(join(folder, 'c.yml'), "format: b.log\nmatch: { starts: C }\nread: { pairs: ' ' }\n");
    writeFileSync(join(folder, 'notes.txt'), 'x');
    const { formats, problems } = compileFormats(formatTexts(folder));
    expect(formats.map(({ description: { name } }) => name)).toEqual(['b.log']);
    expect(problems.map(({ file, line, code }) => [file?.slice(folder.length + 1), line, code])).toEqual([['a.yaml', 1, 'format.name'], ['a.yaml', 1, 'format.read'], ['b.yml', 4, 'format.test'], ['c.yml', 1, 'format.twice']]);
    expect(readFormatFiles([join(folder, 'none.yml')]).problems[0]?.code).toBe('format.file');
  } finally { rmSync(folder, { recursive: true }); }
});
