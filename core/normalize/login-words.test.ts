import { parseLine } from '../message/parse-line.js';

const said = (text: string): unknown[] => { const { event } = parseLine({ raw: `<38>Nov 24 06:55:54 app-1 dvc[12]: ${text}`, received: Date.parse('2026-11-24T00:00:00Z') }); return [event['event.action'], event['user.name'], event['source.ip']]; };

const ROWS: readonly (readonly [text: string, action: string | undefined, user?: string, ip?: string])[] = [
  ['Đăng nhập thất bại, tài khoản: an.nv, IP: 203.0.113.5', 'login_failed', 'an.nv', '203.0.113.5'],
  ['Tài khoản an.nv đăng nhập thành công từ địa chỉ 203.0.113.5.', 'login', 'an.nv', '203.0.113.5'],
  ["Người dùng 'Nguyễn Văn An' đăng xuất khỏi hệ thống", 'logout', 'Nguyễn Văn An'],
  ['dang nhap that bai: sai mat khau, tai khoan: cuong, ip: 10.1.2.3', 'login_failed', 'cuong', '10.1.2.3'],
  ['Đăng nhập không thành công: mật khẩu không đúng (từ 203.0.113.5)', 'login_failed', undefined, '203.0.113.5'],
  ['Login failed for user binh from 203.0.113.5', 'login_failed', 'binh', '203.0.113.5'],
  ['user binh logged in from 203.0.113.5', 'login', 'binh', '203.0.113.5'],
  ['Primary authentication successful for binh/LDAP from 203.0.113.5', 'login', undefined, '203.0.113.5'],
  ['User admin logged out from session 5 because of inactivity', 'logout'],
  ['Wrong password for user "an"', 'login_failed', 'an'],
  ['failed to authenticate user an', 'login_failed'],
  ['Đang nhập dữ liệu thành công 15 hồ sơ', undefined], // imports, does not log in
  ['Đang xuất báo cáo', undefined],
  ['Chưa đăng nhập, chuyển hướng', undefined],
  ['user is not logged in, redirecting', undefined],
  ['no user is currently logged in', undefined],
  ['3 logged in users', undefined],
  ['Invalid password reset token', undefined],
  ['Tài khoản không tồn tại', undefined],
  ['password changed for an', undefined],
];
test.each(ROWS.map((row) => ({ text: row[0], row })))('$text', ({ row: [text, action, user, ip] }) => {
  const [did, who, where] = said(text);
  expect(did).toBe(action);
  if (user !== undefined) expect(who).toBe(user);
  if (ip !== undefined) expect(where).toBe(ip);
});

test('a format that knows what happened says it itself', () => {
  const { event } = parseLine({ raw: '2026-11-24 06:55:54,123 WARN  [org.keycloak.events] (t) type=LOGIN_ERROR, realmId=dvc, ipAddress=203.0.113.9, error=invalid_user_credentials, username=an', received: Date.parse('2026-11-24T00:00:00Z') });
  expect(event['event.action']).toBe('login_failed');
  expect(event['user.name']).toBe('an');
});
