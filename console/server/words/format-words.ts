// What is wrong with the description of a source, in Vietnamese: by its code, with what came as the English sentence quotes it. What is
// wrong with YAML itself is said as of rules (rule-words.ts).
import { sayRegexReason } from './regex-words.js';
import { RULE_WORDS } from './rule-words.js';
import type { Say } from './problem-words.js';

const WORDS: Readonly<Record<string, (got: string, message: string) => string>> = {
  empty: () => 'Cần một bản mô tả, tệp đang trống',
  documents: () => 'Mỗi tệp chỉ có một bản mô tả',
  name: (got) => `Cần tên gồm hai phần như acme.gate, chữ thường, không bắt đầu bằng haidang${came(got)}`,
  match: () => 'Cần match với một chương trình, phần đầu hoặc đoạn chữ có trong dòng; không có thì mọi dòng đều bị nhận',
  read: (got) => `Cần read với một trong delimiter, pairs, pattern, json${came(got)}`,
  separator: (got) => `Cần đúng một ký tự (\\t là dấu tab)${came(got)}`,
  columns: () => 'Cần columns: tên các phần theo thứ tự, _ cho phần không giữ',
  part: (got, message) => `Cần một phần có tên (${/\((.*)\)/s.exec(message)?.[1] ?? ''})${came(got)}`,
  path: (got) => `Cần đường dẫn như $.actor.name hoặc $.ips[0]${came(got)}`,
  pattern: (_, message) => `Mẫu (pattern) không dùng được: ${sayRegexReason(message)}`,
  field: (got) => (/written by the collector/.test(got) ? `Trường ${got.split(',')[0]} do bộ thu thập ghi, nguồn không được đặt` : `Cần tên trường như user.name${came(got)}`),
  time: (got) => `Cần iso, epoch, auto hoặc các chữ như dd/MM/yyyy HH:mm:ss${came(got)}`,
  zone: (got) => `Cần tên múi giờ như Asia/Ho_Chi_Minh${came(got)}`,
  action: (got) => `Cần một thao tác của hệ thống (login, login_failed, config_changed ...)${came(got)}`,
  tests: () => 'Cần danh sách phép thử, mỗi phép thử có line và expect',
  shape: () => 'Cần các cặp tên và giá trị',
  key: (got, message) => `Cần một trong ${/expected one of (.*), got /s.exec(message)?.[1] ?? ''}${came(got)}`,
  size: (got, message) => `Có tối đa ${/at most (\d+)/.exec(message)?.[1] ?? ''} mục${came(got)}`,
  missing: (_, message) => `Thiếu ${/expected (.*), got /s.exec(message)?.[1] ?? ''}`,
  text: (_, message) => `Cần một đoạn chữ cho ${/text for (.*), got /s.exec(message)?.[1] ?? ''}`,
  test: (got, message) => {
    if (/expected a line that is not of/.test(message)) return 'Phép thử: dòng này lẽ ra không thuộc định dạng, nhưng được nhận';
    const line = /expected a line of (\S+), got/.exec(message);
    if (line !== null) return `Phép thử: dòng này lẽ ra thuộc ${line[1]}, nhưng ${/no format knows/.test(got) ? 'không định dạng nào nhận' : `thuộc ${got}`}`;
    const [, field = '', want = ''] = /expected (\S+) "(.*)", got /s.exec(message) ?? [];
    return `Phép thử: ${field} lẽ ra là “${want}”, ${got === 'none' ? 'nhưng không có' : `đang là “${got}”`}`;
  },
  many: (_, message) => `Có tối đa ${/at most (\d+)/.exec(message)?.[1] ?? ''} bản mô tả`,
  twice: () => 'Tên này đã có bản mô tả khác',
  file: () => 'Không đọc được tệp',
};
const came = (got: string): string => (got === '' ? '' : got === 'none' || got === 'nothing' ? ', đang không có' : `, đang có “${got}”`);

/** Undefined for a code that is not a description's. */
export function sayFormatProblem(code: string, message: string, params: Parameters<Say>[0]): string | undefined {
  if (!code.startsWith('format.')) return undefined;
  const got = /, got (.*)$/s.exec(message)?.[1]?.replace(/^"(.*)"$/s, '$1') ?? '', own = WORDS[code.slice('format.'.length)], ofYaml = RULE_WORDS[code.replace(/^format/, 'sigma')];
  return own !== undefined ? own(got, message) : ofYaml?.(params);
}
