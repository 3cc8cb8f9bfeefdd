// Why a regular expression cannot be used, in Vietnamese: by what the engine's English sentence says, with the piece that it quotes.
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/look-around/, 'không nhìn trước, nhìn sau được'],
  [/back reference/, 'không gọi lại nhóm đã khớp được'],
  [/atomic and possessive/, 'không dùng nhóm nguyên khối được, hãy bỏ đi'],
  [/missing closing \)/, 'thiếu dấu ) đóng'],
  [/unexpected \)/, 'thừa dấu )'],
  [/missing closing \]/, 'thiếu dấu ] đóng'],
  [/missing argument to repetition/, 'dấu lặp không có gì đứng trước'],
  [/invalid repeat count/, 'số lần lặp không dùng được, tối đa 1000'],
  [/invalid nested repetition/, 'hai dấu lặp đứng liền nhau'],
  [/invalid character class/, 'nhóm ký tự trong [] không dùng được'],
  [/invalid escape/, 'ký tự đứng sau \\ không dùng được'],
  [/trailing backslash/, 'dấu \\ ở cuối không có gì theo sau'],
  [/invalid named capture/, 'tên của nhóm không dùng được'],
  [/duplicate capture group/, 'hai nhóm trùng tên'],
  [/Perl syntax/, 'cú pháp này không có'],
  [/a known pattern/, 'tên mẫu này không có'],
  [/leads to itself/, 'mẫu gọi tới chính nó'],
  [/at most \d+ characters/, 'quá dài'],
  [/instructions|steps a character/, 'các phép lặp mở ra quá lớn'],
];

export function sayRegexReason(message: string): string {
  const reason = REASONS.find(([pattern]) => pattern.test(message))?.[1] ?? 'biểu thức không đọc được', piece = /: `([^`]{1,80})`/.exec(message)?.[1] ?? /got (%\{[^}]{1,80}\})/.exec(message)?.[1];
  return piece === undefined ? reason : `${reason}: “${piece}”`;
}
