import { parseLine } from '../message/parse-line.js';

const said = (text: string): unknown[] => { const { event } = parseLine({ raw: text, received: Date.parse('2026-11-24T00:00:00Z') }); return [event['event.action'], event['event.outcome'], event['user.name'], event['source.ip']]; };
const FROM = { ip: '203.0.113.9' };

const OBJECTS: readonly (readonly [members: object, ...expected: unknown[]])[] = [
  [{ action: 'login', result: 'failed', username: 'an', ...FROM }, 'login_failed', 'failure', 'an', '203.0.113.9'],
  [{ event: 'LOGIN_FAILED', user: 'an', clientIp: '203.0.113.9' }, 'login_failed', 'failure', 'an', '203.0.113.9'],
  [{ event: 'user.login', success: false, user: { name: 'an' }, client: FROM }, 'login_failed', 'failure', 'an', '203.0.113.9'],
  [{ type: 'LoginAttempt', outcome: 'SUCCESS', userName: 'an', ipAddress: '203.0.113.9' }, 'login', 'success', 'an', '203.0.113.9'],
  [{ thaoTac: 'Đăng nhập', ketQua: 'Thất bại', tenDangNhap: 'an.nv', diaChiIp: '203.0.113.9' }, 'login_failed', 'failure', 'an.nv', '203.0.113.9'],
  [{ Action: 'DangNhap', Status: 'ThanhCong', TaiKhoan: 'an', IP: '203.0.113.9' }, 'login', 'success', 'an', '203.0.113.9'],
  [{ action: 'Đăng nhập hệ thống không thành công', cccd: '001099000001' }, 'login_failed', 'failure', '001099000001', undefined],
  [{ action: 'sign-in', status: 401, user: 'an' }, 'login_failed', 'failure', 'an', undefined],
  [{ action: 'login', user: 'an', ...FROM }, 'login', undefined, 'an', '203.0.113.9'],
  [{ action: 'Đăng xuất', user: 'an', status: 'error' }, 'logout', undefined, 'an', undefined],
  [{ event: { action: 'signed-on', outcome: 'failure' }, user: { name: 'an' } }, 'login_failed', 'failure', 'an', undefined],
  // of a kind alone nobody knows what became of it, and not every act with such a word is a login
  [{ type: 'login', user: 'an' }, undefined, undefined, 'an', undefined],
  [{ type: 'authentication', message: 'policy changed' }, undefined, undefined, undefined, undefined],
  [{ action: 'login page opened', status: 200 }, undefined, undefined, undefined, undefined],
  [{ action: 'Đăng nhập dữ liệu', ketQua: 'Thành công' }, undefined, undefined, undefined, undefined],
  [{ action: 'password reset', status: 'failed', user: 'an' }, undefined, undefined, 'an', undefined],
];
test.each(OBJECTS.map(([members, ...expected]) => ({ text: JSON.stringify(members), expected })))('$text', ({ text, expected }) => { expect(said(text)).toEqual(expected); });

const PAIRS: readonly (readonly [text: string, ...expected: unknown[]])[] = [
  ['action="login" status="failure" user="an" client_ip="203.0.113.9"', 'login_failed', 'failure', 'an', '203.0.113.9'],
  ['hanh_dong=dang_nhap ket_qua=that_bai tai_khoan=an ip=203.0.113.9', 'login_failed', 'failure', 'an', '203.0.113.9'],
  ['id=12 event=user_logout message=User logged out username=an srcip=203.0.113.9', 'logout', undefined, 'an', '203.0.113.9'],
  ['Mgmt User Authentication failed. username=an userip=203.0.113.9 servername=aaa-1', 'login_failed', 'failure', 'an', '203.0.113.9'],
  ['level=warn msg="rejecting the request: invalid user name or password for an" user=an src=203.0.113.9', 'login_failed', 'failure', 'an', '203.0.113.9'],
  ['action=export status=failed user=an', undefined, undefined, 'an', undefined],
];
test.each(PAIRS.map(([text, ...expected]) => ({ text, expected })))('$text', ({ text, expected }) => { expect(said(`<38>Nov 24 06:55:54 app-1 dvc[12]: ${text}`)).toEqual(expected); });

const EXCHANGED: readonly (readonly [text: string, ...expected: unknown[]])[] = [
  ['CEF:0|Acme|Portal|1|100|Login failed|5|suser=an src=203.0.113.9', 'login_failed', 'failure', 'an', '203.0.113.9'],
  ['CEF:0|Acme|Portal|1|login|User login|5|suser=an src=203.0.113.9 outcome=failure', 'login_failed', 'failure', 'an', '203.0.113.9'],
  ['CEF:0|Acme|Portal|1|200|Đăng nhập thất bại|5|duser=an src=203.0.113.9', 'login_failed', 'failure', 'an', '203.0.113.9'],
  ['CEF:0|Acme|Portal|1|200|audit|5|duser=an src=203.0.113.9 act=login outcome=success', 'login', 'success', 'an', '203.0.113.9'],
  ['CEF:0|Acme|Portal|1|200|Policy changed|5|duser=an src=203.0.113.9 act=update outcome=success', 'update', 'success', 'an', '203.0.113.9'],
  ['LEEF:1.0|Acme|Portal|1|LoginFailed|usrName=an\tsrc=203.0.113.9', 'login_failed', 'failure', 'an', '203.0.113.9'],
  ['LEEF:2.0|Acme|Portal|1|Login|^|usrName=an^src=203.0.113.9^result=success', 'login', 'success', 'an', '203.0.113.9'],
];
test.each(EXCHANGED.map(([text, ...expected]) => ({ text, expected })))('$text', ({ text, expected }) => { expect(said(text)).toEqual(expected); });

test('structured data of a sender of its own says it too', () => {
  expect(said('<38>1 2026-02-17T06:40:03Z app1 portal 12 ID1 [login@32473 action="login" result="failed" user="an" ip="203.0.113.9"] asked')).toEqual(['login_failed', 'failure', 'an', '203.0.113.9']);
});

test('Vietnamese names of time, account and address are read in every event', () => {
  const { event } = parseLine({ raw: JSON.stringify({ thoiGian: '2026-11-23T08:00:00+07:00', thaoTac: 'Xem hồ sơ', tenDangNhap: 'an', diaChiIp: '203.0.113.9' }), received: Date.parse('2026-11-24T00:00:00Z') });
  expect([event['@timestamp'], event['user.name'], event['source.ip'], event['event.action']]).toEqual(['2026-11-23T01:00:00.000Z', 'an', '203.0.113.9', undefined]);
});
