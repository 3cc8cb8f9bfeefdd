// A condition of a rule as a sentence of the reader's language: `message chứa "Failed password"`. Values stay as the rule writes them.
import type { Language, QuestionItem } from '../../api.js';
import { printQuestion } from '../../../core/predicate/print.js';
import type { Question } from '../../../core/predicate/question.js';

const quote = (text: string): string => JSON.stringify(text);
const SAYS: Readonly<Record<Question['is'], (text: string) => string>> = {
  equals: (text) => `là ${quote(text)}`, contains: (text) => `chứa ${quote(text)}`, startswith: (text) => `bắt đầu bằng ${quote(text)}`, endswith: (text) => `kết thúc bằng ${quote(text)}`, like: (text) => `có dạng ${quote(text)}`, any: () => 'có giá trị bất kỳ',
  eq: (text) => `= ${text}`, lt: (text) => `< ${text}`, lte: (text) => `<= ${text}`, gt: (text) => `> ${text}`, gte: (text) => `>= ${text}`,
  regex: (text) => `khớp biểu thức ${text}`, network: (text) => `thuộc ${text}`, exists: () => 'có mặt', missing: () => 'vắng mặt hoặc rỗng', word: (text) => `có từ ${quote(text)}`, has: (text) => `có ${quote(text)}`, groups: () => 'gộp vào nhóm',
  field_equals: (text) => `giống trường ${text}`, field_contains: (text) => `chứa trường ${text}`, field_startswith: (text) => `bắt đầu bằng trường ${text}`, field_endswith: (text) => `kết thúc bằng trường ${text}`,
};
const PARTS: Readonly<Record<NonNullable<Question['part']>, string>> = { minute: 'phút', hour: 'giờ', day: 'ngày', week: 'tuần', month: 'tháng', year: 'năm' };

/** `english` is what a server said that knew no values. */
export function sayQuestion(ask: QuestionItem | undefined, english: string, language: Language): string {
  if (ask === undefined || !isKnown(ask)) return english;
  if (language === 'en') return printQuestion(ask);
  const { is, name, text = '', part, cased, not } = ask;
  return `${part === undefined ? '' : `${PARTS[part]} của `}${name ?? 'trường bất kỳ'} ${not ? 'không ' : ''}${SAYS[is](text)}${cased ? ' (phân biệt hoa thường)' : ''}`;
}

const isKnown = (ask: QuestionItem): ask is Question => Object.hasOwn(SAYS, ask.is) && (ask.part === undefined || Object.hasOwn(PARTS, ask.part));
