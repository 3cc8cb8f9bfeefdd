// Failures -> application/problem+json, the one place that knows HTTP statuses. `title` and the problems' `message` are sentences in the
// asker's language, `detail` says in English for those who write programs what was expected and what came. What a bug says stays in the log.
import type { ApiProblem, Language } from '../api.js';
import { ConflictError, ForbiddenError, InvalidError, NotFoundError } from '../../core/errors.js';
import { ProblemError } from '../../core/problem.js';
import { RefusedError, type RefusalCode } from './refused.js';
import { sayProblem, type Told } from './words/problem-words.js';

export interface ProblemReply { readonly body: ApiProblem; readonly headers: Readonly<Record<string, string>>; readonly bug: boolean }

/** Several things wrong with what was sent, each named. */
export class InvalidBodyError extends Error {
  override readonly name = 'InvalidBodyError';
  constructor(readonly problems: readonly Told[]) {
    super(problems.map(({ message, field }) => (field ? `${field}: ${message}` : message)).join('; '));
  }
}

const TITLES: Readonly<Record<RefusalCode | 'invalid' | 'not_found' | 'conflict' | 'forbidden' | 'query' | 'unavailable' | 'disk_full' | 'bug', Readonly<Record<Language, string>>>> = {
  signed_out: { vi: 'Bạn cần đăng nhập.', en: 'You need to sign in.' },
  'session.wrong': { vi: 'Tên đăng nhập hoặc mật khẩu không đúng.', en: 'The user name or the password is wrong.' },
  'session.limited': { vi: 'Đăng nhập sai quá nhiều lần; hãy thử lại sau.', en: 'Too many failed sign-ins; try again later.' },
  password_change_required: { vi: 'Hãy đổi mật khẩu trước khi tiếp tục.', en: 'Change your password before you go on.' },
  cross_origin: { vi: 'Yêu cầu đến từ một trang khác và bị từ chối.', en: 'The request came from another site and was refused.' },
  media_type: { vi: 'Nội dung gửi lên phải là JSON.', en: 'What is sent must be JSON.' },
  body_too_large: { vi: 'Nội dung gửi lên quá lớn.', en: 'What was sent is too large.' },
  body_unreadable: { vi: 'Không đọc được nội dung gửi lên.', en: 'What was sent cannot be read.' },
  streams_limited: { vi: 'Đang mở quá nhiều trang cùng lúc; hãy đóng bớt.', en: 'Too many pages are open at once; close some.' },
  not_ready: { vi: 'Hệ thống chưa sẵn sàng.', en: 'The system is not ready.' },
  no_route: { vi: 'Không có địa chỉ này.', en: 'There is no such address.' },
  method: { vi: 'Địa chỉ này không nhận phương thức đó.', en: 'This address does not take that method.' },
  invalid: { vi: 'Yêu cầu không hợp lệ.', en: 'The request cannot be done as it stands.' },
  query: { vi: 'Câu tìm kiếm có lỗi.', en: 'The search text has errors.' },
  not_found: { vi: 'Không tìm thấy.', en: 'Not found.' },
  conflict: { vi: 'Người khác vừa thay đổi mục này; hãy xem lại rồi quyết định.', en: 'Somebody else has just changed this; look again, then decide.' },
  forbidden: { vi: 'Bạn không có quyền thực hiện việc này.', en: 'You may not do this.' },
  unavailable: { vi: 'Kho dữ liệu tạm thời không trả lời; hãy thử lại sau ít phút.', en: 'The store does not answer at the moment; try again in a few minutes.' },
  disk_full: { vi: 'Ổ đĩa dữ liệu đã đầy; chưa lưu được thay đổi.', en: 'The data disk is full; the change was not saved.' },
  bug: { vi: 'Có lỗi trong hệ thống; lỗi đã được ghi lại.', en: 'Something went wrong in the system; it has been logged.' },
};

const DISK_CODES = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_IOERR']);

export function problemOf(error: unknown, language: Language): ProblemReply {
  const reply = (status: number, code: keyof typeof TITLES, detail?: string, more: Partial<ApiProblem> = {}, headers: Readonly<Record<string, string>> = {}): ProblemReply =>
    ({ body: { type: `urn:haidang:problem:${code}`, title: TITLES[code][language], status, ...(detail === undefined ? {} : { detail }), ...more }, headers, bug: status === 500 });
  if (error instanceof RefusedError) return reply(error.status, error.code, error.message, {}, error.headers);
  const said = (...told: readonly (Told & { readonly line?: number; readonly column?: number })[]): Partial<ApiProblem> => ({ problems: told.map(({ code, message, field, params, line, column }) => ({ code, message: sayProblem({ code, message, field, params }, language), field, params, line, column })) });
  if (error instanceof InvalidBodyError) return reply(400, 'invalid', error.message, said(...error.problems));
  if (error instanceof ProblemError) return reply(400, 'query', error.message, said(...error.problems.map(({ code, message, line, column, params }) => ({ code, message, line, column, params }))));
  if (error instanceof URIError) return reply(400, 'invalid', 'expected an address in UTF-8 with % escapes');
  if (error instanceof NotFoundError) return reply(404, 'not_found');
  if (error instanceof InvalidError) return reply(400, 'invalid', error.message, said(error));
  // What only `conflict` and `forbidden` say, their titles say already.
  if (error instanceof ConflictError) return reply(409, 'conflict', error.message, error.code === 'conflict' ? {} : said(error));
  if (error instanceof ForbiddenError) return reply(403, 'forbidden', error.message, error.code === 'forbidden' ? {} : said(error));
  if (isDiskFull(error)) return reply(503, 'disk_full', undefined, {}, { 'Retry-After': '60' });
  if (isUnavailable(error)) return reply(503, 'unavailable', undefined, {}, { 'Retry-After': '10' });
  return reply(500, 'bug');
}

const chain = (error: unknown): Error[] => (error instanceof Error ? [error, ...chain(error.cause)] : []);
const codesOf = (error: unknown): string[] => chain(error).map((one) => String((one as { code?: unknown }).code ?? ''));
const isDiskFull = (error: unknown): boolean => codesOf(error).some((code) => DISK_CODES.has(code)) || chain(error).some(({ message }) => /disk is full|disk full|no space left/i.test(message));
/** The store, or what it rests on, does not answer at the moment. */
export const isUnavailable = (error: unknown): boolean => codesOf(error).some((code) => /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|SQLITE_BUSY)$/.test(code))
  || chain(error).some(({ name, message }) => /^(StoreUnavailableError|ConnectionError|TimeoutError|NoLivingConnectionsError)$/.test(name) || /^the store('s thread| is closed)/.test(message))
  || chain(error).some((one) => one.name === 'ClusterError' && PASSING.has((one as { status?: unknown }).status));
const PASSING = new Set<unknown>([undefined, 408, 429, 502, 503, 504]);
