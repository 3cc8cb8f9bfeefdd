// What people call the members of a request, for sentences about them: `match.0.address` is a sender address.
import type { Language } from '../../api.js';

const NAMES: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  username: { vi: 'Tên đăng nhập', en: 'Username' }, name: { vi: 'Tên', en: 'Name' }, nameEn: { vi: 'Tên tiếng Anh', en: 'English name' }, roles: { vi: 'Vai trò', en: 'Roles' }, tiers: { vi: 'Cấp độ', en: 'Levels' }, tier: { vi: 'Cấp độ', en: 'Level' },
  password: { vi: 'Mật khẩu', en: 'Password' }, current: { vi: 'Mật khẩu hiện tại', en: 'Present password' }, next: { vi: 'Mật khẩu mới', en: 'New password' }, language: { vi: 'Ngôn ngữ', en: 'Language' }, readsLogs: { vi: 'Đọc nội dung nhật ký', en: 'Reads log content' },
  disabled: { vi: 'Khóa tài khoản', en: 'Locked' }, unit: { vi: 'Đơn vị', en: 'Unit' }, timezone: { vi: 'Múi giờ', en: 'Time zone' }, encoding: { vi: 'Bảng mã', en: 'Encoding' }, match: { vi: 'Địa chỉ gửi', en: 'Sender addresses' }, address: { vi: 'Địa chỉ gửi', en: 'Sender address' }, host: { vi: 'Tên máy', en: 'Host name' },
  listener: { vi: 'Cổng nhận', en: 'Listener' }, dossier: { vi: 'Hồ sơ cấp độ', en: 'Level dossier' }, stage: { vi: 'Giai đoạn hồ sơ', en: 'Stage' }, approvedDate: { vi: 'Ngày phê duyệt', en: 'Day of approval' }, decision: { vi: 'Quyết định', en: 'Decision' }, plan: { vi: 'Phương án', en: 'Plan' },
  title: { vi: 'Tên', en: 'Title' }, version: { vi: 'Số phiên bản', en: 'Version' }, change: { vi: 'Thay đổi', en: 'Change' }, kind: { vi: 'Loại thay đổi', en: 'Kind of change' }, text: { vi: 'Ghi chú', en: 'Note' }, verdict: { vi: 'Kết luận', en: 'Verdict' }, assignee: { vi: 'Người xử lý', en: 'Assignee' },
  enabled: { vi: 'Bật luật', en: 'Rule on' }, threshold: { vi: 'Ngưỡng', en: 'Threshold' }, field: { vi: 'Trường', en: 'Field' }, value: { vi: 'Giá trị', en: 'Value' }, reason: { vi: 'Lý do', en: 'Reason' }, expires: { vi: 'Hết hạn', en: 'Expires' }, exceptions: { vi: 'Ngoại lệ', en: 'Exceptions' }, retired: { vi: 'Ngày ngừng dùng', en: 'Day of retirement' },
};

/** The last member of a path that has a name, else the path itself. */
export function fieldName(path: string, language: Language): string {
  const known = path.split('.').reverse().find((part) => Object.hasOwn(NAMES, part));
  return known === undefined ? path : (NAMES[known] as Readonly<Record<Language, string>>)[language];
}
