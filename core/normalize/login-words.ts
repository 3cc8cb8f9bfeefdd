// Who logged in, was refused or logged out, in the plain words of applications that have no format of their own, English and Vietnamese. Only words
// that say so beyond doubt count: `đang nhập dữ liệu` imports data, `not logged in` is no login, and without marks only whole phrases are sure.
import { fillAccount } from './account.js';
import type { Draft } from './draft.js';
import { isIp } from './net.js';
import { readSentence } from './sentences.js';

const WITHIN = 300, GAP = String.raw`(?: [^\s.;]{1,30})`;
const LOG = String.raw`(?:log[- ]?(?:in|on)|sign[- ]?in|authentication)`, VI = '(?:đăng nhập|dang nhap)';
const TELLS = /log(?:ged)?[- ]?(?:in|on|out|off)\b|sign(?:ed)?[- ]?(?:in|out)\b|authenticat|password|credential|access denied|đăng (?:nhập|xuất)|dang (?:nhap|xuat)|mật khẩu|mat khau/i;
const REFUSED = new RegExp([
  String.raw`\b${LOG}\b${GAP}{0,3}? (?:fail(?:ed|ure|s)?|denied|rejected|refused|unsuccessful)\b`, String.raw`\b(?:failed|failure|invalid|unsuccessful|rejected|bad|wrong|incorrect)${GAP}{0,2}? (?:${LOG}|password|credentials?)\b(?! (?:reset|change|polic|strength|length|hash))`,
  String.raw`\b(?:invalid|bad|wrong|incorrect) (?:user ?name|user|e-?mail|login|account)(?: or |/| and |, )password\b`, String.raw`\bfailed to (?:log ?(?:in|on)|sign in|authenticate)\b`, String.raw`\b(?:password|credentials?)${GAP}{0,2}? (?:incorrect|mismatch|rejected|wrong)\b`,
  String.raw`đăng nhập${GAP}{0,4}? (?:thất bại|không thành công|bị từ chối)`, String.raw`sai (?:mật khẩu|tên đăng nhập|thông tin đăng nhập)`, String.raw`mật khẩu không (?:đúng|chính xác|hợp lệ)`,
  String.raw`\bdang nhap (?:that bai|khong thanh cong|bi tu choi)\b`, String.raw`\bsai (?:mat khau|ten dang nhap|thong tin dang nhap)\b`,
].join('|'), 'i');
const ACCEPTED = new RegExp([
  String.raw`\b${LOG}\b${GAP}{0,3}? (?:success(?:ful(?:ly)?)?|succeeded)\b`, String.raw`\bsuccessful(?:ly)?${GAP}{0,2}? (?:log(?:ged)?[- ]?(?:in|on)|sign(?:ed)?[- ]?in|authenticat(?:ed|ion))\b`,
  String.raw`(?<!\b(?:not|never|already|currently|be|is|are|if|when|been) )\b(?:logged|signed) (?:in|on)\b(?! (?:users?|sessions?|accounts?)\b)`,
  String.raw`đăng nhập${GAP}{0,4}? thành công`, String.raw`(?<!chưa )đã đăng nhập`, String.raw`\bdang nhap thanh cong\b`,
].join('|'), 'i');
const LEFT = /(?<!\b(?:not|never|been|be|if|when) )\b(?:logged|signed) (?:out|off)\b|\blog(?:out|off) (?:success|of user)|đăng xuất|\bdang xuat thanh cong\b/i;
/** `tài khoản: an`, `tài khoản 'an'`, `tài khoản an đăng nhập`, `user an logged in`. */
const ACCOUNT = new RegExp(String.raw`(?:tài khoản|người dùng|tên đăng nhập|tai khoan|nguoi dung|ten dang nhap)(?: ?[:=] ?| )(?:'([^']{1,128})'|"([^"]{1,128})"|\[([^\]]{1,128})\]|(?<=[:=] ?)([\w.@\\-]{1,64})|([\w.@\\-]{1,64})(?= (?:đã )?${VI}))|\buser ([\w.@\\-]{1,64}) (?:has |was )?(?:successfully )?(?:logged|signed|authenticated)\b`, 'i');
const FROM = /(?:(?:^|[\s(])(?:từ|tu)|địa chỉ|dia chi|\bip)(?: (?:địa chỉ|dia chi|ip|máy|may)){0,2}(?: ?[:=] ?| )([\da-fA-F.:]{3,45})/gi;

/** Whether a text may say who came from where. */
export const tellsOfLogin = (text: string): boolean => TELLS.test(text.slice(0, WITHIN));

/** Puts who came from where and how it ended, where the text says so and nobody has said it yet. */
export function readLogin(draft: Draft, text: string): void {
  const said = text.slice(0, WITHIN), account = ACCOUNT.exec(said);
  if (account !== null) fillAccount(draft, 'user', account.slice(1).find((name) => name !== undefined));
  readSentence(draft, text);
  if (!draft.has('source.ip')) for (const [, address = ''] of said.matchAll(FROM)) { const ip = address.replace(/[.:]+$/, ''); if (isIp(ip)) { draft.put('source.ip', ip); break; } }
  const action = draft.has('event.action') ? undefined : REFUSED.test(said) ? 'login_failed' : LEFT.test(said) ? 'logout' : ACCEPTED.test(said) ? 'login' : undefined;
  if (action === undefined) return;
  draft.act(action);
  draft.worded = true;
}
