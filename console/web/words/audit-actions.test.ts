// What the audit trail can say has words in both languages: the actions are read out of the sources that write them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../core/process/built.js';
import { en } from './messages.en.js';
import { vi } from './messages.vi.js';

test('every action that is written down has words', () => {
  const folder = join(projectRoot, 'console/server'), lines = readdirSync(folder).filter((name) => /\.ts$/.test(name) && !/test/.test(name)).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  const writing = lines.filter((line) => /\b(did|audit\w*|read|write)\b.*\(/.test(line)).join('\n');
  const written = new Set([...writing.matchAll(/'((?:session|event|incident|rule|system|user|report|retention)\.[a-z.]+)'/g)].map(([, action]) => action as string));
  for (const kind of ['drop', 'held', 'resumed']) written.add(`retention.${kind}`);
  for (const kind of ['assigned', 'noted', 'resolved', 'closed', 'reopened']) written.add(`incident.${kind}`);
  expect(written.size).toBeGreaterThan(20);
  expect([...written].sort()).toEqual(Object.keys(vi.auditPage.actions).sort());
  expect(Object.keys(en.auditPage.actions).sort()).toEqual(Object.keys(vi.auditPage.actions).sort());
});
