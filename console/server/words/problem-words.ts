// A problem in the asker's language, by its code and values and by nothing else. English is the sentence the code itself says; the
// Vietnamese one stands here (rules: rule-words.ts). A code without words is found by words.test.ts, which reads them out of the sources.
import type { Language } from '../../api.js';
import type { Params } from '../../../core/errors.js';
import { fieldName } from './field-names.js';
import { sayFormatProblem } from './format-words.js';
import { RULE_WORDS, ruleKeyWords } from './rule-words.js';

/** What is wrong, as core and the checks of shapes tell it. */
export interface Told { readonly code: string; readonly message: string; readonly field?: string; readonly params?: Params }
export type Say = (values: Params) => string;

const QUERY_WORDS: Readonly<Record<string, Say>> = {
  'query.long': ({ max, got }) => `Câu tìm kiếm dài tối đa ${max} ký tự, đang có ${got}`,
  'query.unexpected': () => 'Dấu ngoặc đóng này thừa: không có ngoặc mở tương ứng',
  'query.missing': ({ got }) => (got === undefined ? 'Thiếu một từ hoặc trường:giá_trị ở cuối câu' : `Cần một từ hoặc trường:giá_trị trước ${SIGNS[String(got)] ?? got}`),
  'query.deep': ({ max }) => `Ngoặc lồng nhau tối đa ${max} lớp`,
  'query.parenthesis': () => 'Ngoặc mở này chưa có ngoặc đóng',
  'query.number': ({ got }) => (got === undefined ? 'Sau dấu so sánh cần một số, không dùng ký tự đại diện' : `Sau dấu so sánh cần một số, đang có “${got}”`),
  'query.value': ({ field }) => `Thiếu giá trị sau ${field}:`,
  'query.quote': () => 'Dấu nháy này chưa được đóng',
};
const SIGNS: Readonly<Record<string, string>> = { and: 'AND', or: 'OR', ')': 'dấu ngoặc đóng' };

const FORM_WORDS: Readonly<Record<string, Say>> = {
  invalid: () => 'Giá trị không dùng được',
  'note.empty': () => 'Ghi chú không được để trống',
  'note.long': ({ max, got }) => `Ghi chú dài tối đa ${max} ký tự, đang có ${got}`,
  'incident.closed': () => 'Sự cố đã đóng: mở lại trước khi thay đổi',
  'incident.open': () => 'Sự cố đang mở: chỉ mở lại được sự cố đã xử lý hoặc đã đóng',
  'incident.verdict': () => 'Cần một trong năm kết luận',
  'incident.assignee': ({ name }) => `“${name}” không được xem sự cố này nên không nhận xử lý được`,
  'password.length': ({ min, max, got }) => `Mật khẩu cần từ ${min} đến ${max} ký tự, đang có ${got}`,
  'password.weak': () => 'Mật khẩu không được trùng tên đăng nhập và cần nhiều hơn hai ký tự khác nhau',
  'password.current': () => 'Mật khẩu hiện tại không đúng',
  'password.same': () => 'Mật khẩu mới phải khác mật khẩu hiện tại',
  'user.name_form': () => 'Tên đăng nhập gồm 1 đến 64 chữ không dấu, số, dấu chấm, gạch; bắt đầu bằng chữ hoặc số',
  'user.display_name': ({ max }) => `Họ tên hoặc chức danh cần từ 1 đến ${max} ký tự`,
  'user.exists': ({ name }) => `Tên đăng nhập ${name} đã có người dùng`,
  'user.widen_self': () => 'Không tự mở rộng quyền của chính mình: cần một quản trị khác',
  'user.remove_self': () => 'Không tự xóa tài khoản của chính mình: cần một quản trị khác',
  'user.last_admin': () => 'Phải còn ít nhất một quản trị khác đang hoạt động',
  'roles.wrong': () => 'Cần ít nhất một vai trò, mỗi vai trò một lần',
  'tiers.wrong': () => 'Cần ít nhất một cấp độ từ 1 đến 5, mỗi cấp độ một lần',
  'tiers.beyond_own': ({ tiers }) => `Chỉ giao được cấp độ mà chính mình có; không có cấp độ ${tiers}`,
  'rule.no_threshold': () => 'Luật này không đếm nên không có ngưỡng để đặt',
  'rule.exception_unknown': () => 'Ngoại lệ này không còn trong luật',
  'rule.exceptions_many': ({ max }) => `Mỗi luật có tối đa ${max} ngoại lệ`,
  'rule.exception_end': () => 'Ngày hết hạn phải ở sau hôm nay và trong vòng một năm',
  'system.id_form': () => 'Mã hệ thống gồm 1 đến 32 chữ không dấu, số, dấu gạch',
  'reading.unassigned': () => 'Địa chỉ gửi này chưa thuộc hệ thống nào: khai địa chỉ ở trang Hệ thống trước',
  'reading.many': ({ max }) => `Mỗi hệ thống có tối đa ${max} nguồn đặt riêng; đặt cho cả hệ thống`,
  'time.order': () => 'Thời điểm kết thúc phải sau thời điểm bắt đầu',
  'field.name': () => 'Cần tên của một trường',
  'parameter.choice': ({ name, allowed, got }) => `${name}: cần một trong ${allowed}; đang có “${got}”`,
  'parameter.time': ({ name, got }) => `${name}: cần thời điểm dạng ISO như 2026-12-14T09:30:00Z; đang có “${got}”`,
  'parameter.integer': ({ name, min, max, got }) => `${name ?? 'limit'}: cần số nguyên từ ${min} đến ${max}; đang có “${got}”`,
  'parameter.cursor': () => 'cursor: cần con trỏ của trang trước',
  'parameter.month': ({ got }) => `month: cần một tháng đã bắt đầu, dạng 2026-12; đang có “${got}”`,
  'parameter.cutoff': ({ month, got }) => `cutoff: cần một ngày của tháng ${month}; đang có “${got}”`,
};

const TYPES: Readonly<Record<string, string>> = { string: 'một đoạn chữ', number: 'một số', int: 'một số nguyên', boolean: 'có hoặc không', array: 'một danh sách', object: 'một nhóm giá trị' };
const least = ({ origin, minimum }: Params): string => (origin === 'string' ? (Number(minimum) <= 1 ? 'không được để trống' : `cần ít nhất ${minimum} ký tự`) : origin === 'array' ? `cần ít nhất ${minimum} mục` : `không được nhỏ hơn ${minimum}`);
const most = ({ origin, maximum }: Params): string => (origin === 'string' ? `dài tối đa ${maximum} ký tự` : origin === 'array' ? `tối đa ${maximum} mục` : `không được lớn hơn ${maximum}`);
/** Told of one member of a body: the member's name goes in front. */
const SHAPE_WORDS: Readonly<Record<string, Say>> = {
  invalid_type: ({ expected }) => `cần ${TYPES[String(expected)] ?? 'giá trị khác kiểu'}`,
  too_small: least, too_big: most,
  invalid_format: () => 'không đúng dạng',
  invalid_value: ({ values }) => `cần một trong ${values}`,
  invalid_union: () => 'không thuộc loại nào được nhận',
  unrecognized_keys: ({ keys }) => `không nhận mục tên ${keys}`,
  not_multiple_of: () => 'cần một số nguyên',
  custom: () => 'giá trị không dùng được',
  'system.day': () => 'cần một ngày có thật, dạng 2026-12-14',
  'system.network': () => 'cần một địa chỉ hoặc dải mạng như 10.1.0.0/16, phần máy bằng 0',
  'system.zone': () => 'cần tên múi giờ như Asia/Ho_Chi_Minh',
  'system.decision': () => 'cấp độ đã phê duyệt cần số quyết định và ngày phê duyệt',
};

const SENTENCES: Readonly<Record<string, Say>> = { ...QUERY_WORDS, ...FORM_WORDS, ...RULE_WORDS };

/** Codes that have words; `sigma.<key>` of a rule's head counts by its key. */
export const hasWords = (code: string): boolean => Object.hasOwn(SENTENCES, code) || Object.hasOwn(SHAPE_WORDS, code) || ruleKeyWords(code) !== undefined || sayFormatProblem(code, '', {}) !== undefined;

/** The problem as a sentence in the asker's language. */
export function sayProblem({ code, message, field, params = {} }: Told, language: Language): string {
  const ofShape = Object.hasOwn(SHAPE_WORDS, code), place = ofShape && field !== undefined ? `${fieldName(field, language)}: ` : '';
  if (language === 'en') return `${place}${message}`;
  if (ofShape) return `${place}${(SHAPE_WORDS[code] as Say)(params)}`;
  return Object.hasOwn(SENTENCES, code) ? (SENTENCES[code] as Say)(params) : sayFormatProblem(code, message, params) ?? ruleKeyWords(code) ?? `${field === undefined ? '' : `${fieldName(field, language)}: `}giá trị không dùng được`;
}
