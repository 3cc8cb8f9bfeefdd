// Vietnamese and English are equals on every screen: the compiler sees that no key lacks; this sees that no text was left in the other
// language, and that the screens' code itself says nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../core/process/built.js';
import { en } from './messages.en.js';
import { vi } from './messages.vi.js';

const VIETNAMESE = /[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]/i;
/** The same in both languages: names, signs, and the language of queries. */
const SAME = new Set(['UTF-8', 'UTF-16 LE', 'UTF-16 BE', '–', 'English', 'Tiếng Việt', 'Hải Đăng', 'source.ip:192.0.2.0/24 AND event.outcome:failure']);
const ENGLISH = /\b(the|and|of|to|is|are|not|with|from|for|this|that|no|all|which|source|record|line|level|system)\b/i;

/** Keys are called what stands on them. */
const KEYS = /^(?:Ctrl|Enter|Esc|Alt|Shift|Tab| )+$/;

/** Every text, functions asked with figures and words. */
function texts(table: unknown, path = ''): [string, string][] {
  if (typeof table === 'string') return [[path, table]];
  if (typeof table === 'function') return [1, 2].flatMap((n) => texts((table as (...values: unknown[]) => unknown)(...Array.from({ length: table.length }, () => answer(n))), `${path}(${n})`));
  return Object.entries(table as object).flatMap(([key, value]) => texts(value, path === '' ? key : `${path}.${key}`));
}
/** Serves as a figure, as a word, and as a list. */
const answer = (n: number): unknown => Object.assign(Object(n), { join: () => 'x', length: 1 });

test('no text of one language stands in the table of the other', () => {
  const vietnamese = texts(vi), english = new Map(texts(en));
  expect(vietnamese.length).toBeGreaterThan(600);
  expect([...english.keys()].sort()).toEqual(vietnamese.map(([path]) => path).sort());
  const said = vietnamese.filter(([, text]) => text.trim() !== '' && !SAME.has(text) && /\p{L}{2}/u.test(text));
  expect(said.filter(([path, text]) => english.get(path) === text).map(([path, text]) => `${path}: ${text}`)).toEqual([]);
  expect(said.filter(([, text]) => !VIETNAMESE.test(text) && ENGLISH.test(text)).map(([path, text]) => `${path}: ${text}`)).toEqual([]);
  expect([...english].filter(([path, text]) => !SAME.has(text) && !['product', 'shell.vietnamese', 'eventsPage.summary'].includes(path) && VIETNAMESE.test(text)).map(([path, text]) => `${path}: ${text}`)).toEqual([]);
});

test('pages and parts say nothing of their own: every word comes from the table', () => {
  const own: string[] = [];
  for (const folder of ['pages', 'parts']) for (const name of readdirSync(join(projectRoot, 'console/web', folder))) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const text = readFileSync(join(projectRoot, 'console/web', folder, name), 'utf8').replace(/css`[^`]*`/g, '').replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
    for (const [, inside] of text.matchAll(/html`([^`]*)/g)) for (const [, words] of (inside as string).replace(/\$\{[^}]*\}/g, '').matchAll(/>([^<>$`{}]*\p{L}{3}[^<>$`{}]*)</gu)) if (!KEYS.test((words as string).trim())) own.push(`${name}: ${(words as string).trim()}`);
    for (const [said] of text.matchAll(/(?:aria-label|title|placeholder)="[^"$]*\p{L}{3}[^"$]*"/gu)) own.push(`${name}: ${said}`);
  }
  expect(own).toEqual([]);
});
