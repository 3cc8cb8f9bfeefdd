import { explain } from '../../../core/predicate/explain.js';
import type { Predicate } from '../../../core/predicate/predicate.js';
import { questionOf } from '../../../core/predicate/question.js';
import { sayQuestion } from './question.js';

const path = ['process.name'], any = { kind: 'any' } as const, text = (value: string) => ({ kind: 'text', text: value }) as const;
const LEAVES: readonly (readonly [Exclude<Predicate, { kind: 'constant' | 'and' | 'or' | 'not' }>, vi: string, en: string])[] = [
  [{ kind: 'string', path, pattern: [text('sh')], cased: false }, 'process.name là "sh"', 'process.name is "sh"'],
  [{ kind: 'string', path, pattern: [any, text('sh'), any], cased: false }, 'process.name chứa "sh"', 'process.name contains "sh"'],
  [{ kind: 'string', path, pattern: [text('sh'), any], cased: true }, 'process.name bắt đầu bằng "sh" (phân biệt hoa thường)', 'process.name starts with "sh" (case counts)'],
  [{ kind: 'string', path, pattern: [any, text('sh')], cased: false }, 'process.name kết thúc bằng "sh"', 'process.name ends with "sh"'],
  [{ kind: 'string', path, pattern: [text('a'), any, text('b')], cased: false }, 'process.name có dạng "a*b"', 'process.name is like "a*b"'],
  [{ kind: 'string', path, pattern: [any], cased: false }, 'process.name có giá trị bất kỳ', 'process.name has any value'],
  [{ kind: 'number', path, op: 'gte', value: 5, text: '5' }, 'process.name >= 5', 'process.name >= 5'],
  [{ kind: 'regex', path, source: 'a.b', flags: 'i' }, 'process.name khớp biểu thức /a.b/i', 'process.name matches /a.b/i'],
  [{ kind: 'cidr', path, network: '192.0.2.0/24' }, 'process.name thuộc 192.0.2.0/24', 'process.name is in 192.0.2.0/24'],
  [{ kind: 'exists', path }, 'process.name có mặt', 'process.name exists'], [{ kind: 'null', path }, 'process.name vắng mặt hoặc rỗng', 'process.name is missing or null'],
  [{ kind: 'fieldref', path, other: ['user.name'], op: 'endswith', cased: false }, 'process.name kết thúc bằng trường user.name', 'process.name ends with the field user.name'],
  [{ kind: 'datepart', path: ['@timestamp'], part: 'hour', op: 'lt', value: 6 }, 'giờ của @timestamp < 6', 'hour of @timestamp < 6'],
  [{ kind: 'keyword', pattern: [text('root')], cased: false, wholeToken: false }, 'trường bất kỳ chứa "root"', 'any field contains "root"'], [{ kind: 'keyword', pattern: [text('7')], cased: false, wholeToken: true }, 'trường bất kỳ có từ "7"', 'any field has the word "7"'],
  [{ kind: 'keywordRegex', source: 'x', flags: '' }, 'trường bất kỳ khớp biểu thức /x/', 'any field matches /x/'], [{ kind: 'text', path: [], text: 'đăng' }, 'trường bất kỳ có "đăng"', 'any field has "đăng"'],
];

test('each condition is said in both languages', () => {
  for (const [leaf, vi, en] of LEAVES) {
    const ask = questionOf(leaf);
    expect([sayQuestion(ask, '?', 'vi'), sayQuestion(ask, '?', 'en')]).toEqual([vi, en]);
    expect([sayQuestion({ ...ask, not: true }, '?', 'vi').includes(' không '), sayQuestion({ ...ask, not: true }, '?', 'en')]).toEqual([true, `not ${en}`]);
  }
});

test('a proof carries the values of its conditions; without them the English sentence stays', () => {
  const [atom] = explain({ kind: 'text', path: ['message'], text: 'dang nhap' }, { message: 'đăng nhập sai' });
  expect([atom?.question, sayQuestion(atom?.ask, atom?.question ?? '', 'vi')]).toEqual(['message has "dang nhap"', 'message có "dang nhap"']);
  expect(sayQuestion(undefined, 'a contains "b"', 'vi')).toBe('a contains "b"');
  expect(sayQuestion({ is: 'tomorrow' }, 'a contains "b"', 'vi')).toBe('a contains "b"');
});
