// Who logged in, was refused or logged out, where an application says it in members instead of words, in English or Vietnamese:
//   {"action":"login","result":"failed","username":"an","ip":"203.0.113.9"}   {"event":"LOGIN_FAILED"}   {"event":"user.login","success":false}
//   {"thaoTac":"Đăng nhập","ketQua":"Thất bại","taiKhoan":"an"}   act="sign-in" status="401"
// Every word of the act has to be one of a login's: `login page opened`, `authentication policy` and `đăng nhập dữ liệu` are none.
import type { Value } from '../event.js';
import { foldSearch } from '../fold.js';
import { fillAccount } from './account.js';
import type { Draft } from './draft.js';
import { isIp } from './net.js';

/** What a member may say of a login: `kind` names what is done rarely enough that it needs a result beside it. */
export type LoginRole = 'act' | 'kind' | 'result' | 'who' | 'where';
export type LoginMember = readonly [role: LoginRole, value: Value];

const ROLES = new Map(Object.entries({
  act: 'action actions act event eventname eventaction eventtype operation operationname op activity activityname actiontype actionname auditlogevent auditevent message msg hanhdong hanhvi thaotac sukien tensukien loaisukien loaithaotac hoatdong',
  kind: 'type kind category name description loai logtype',
  result: 'result results status outcome allowed success successful succeeded state issuccess issuccessful actionresult actionstatus authresult loginresult loginstatus resultstatus eventoutcome httpstatus statuscode ketqua trangthai thanhcong',
  who: 'user username account tendangnhap taikhoan tentaikhoan nguoidung tennguoidung email userid actor principal cccd sodinhdanh',
  where: 'ip ipaddr ipaddress address addr clientip clientaddress remoteip sourceip diachi diachiip ipclient ipnguoidung ipmay ipmaytram',
} satisfies Record<LoginRole, string>).flatMap(([role, names]) => names.split(' ').map((name): [string, LoginRole] => [name, role as LoginRole])));

/** What a member's name, the part behind its last dot, may say of a login. */
export const loginRole = (key: string): LoginRole | undefined => key.length > NAME_MAX ? undefined : ROLES.get(foldSearch(key.slice(key.lastIndexOf('.') + 1)).replace(/[_\- ]/g, ''));

/** Puts what the members say, unless somebody has said already what kind of thing happened. */
export function putLogin(draft: Draft, members: readonly LoginMember[]): void {
  if (draft.has('event.category')) return;
  let did: Did | undefined;
  for (const [role, value] of members) if ((role === 'act' || role === 'kind') && typeof value === 'string' && (did === undefined || role === 'act')) did = didOf(value, role) ?? did;
  if (did === undefined) return;
  const ended = did.ended ?? resultOf(members);
  if (did.action === 'logout') draft.act('logout');
  else if (ended !== undefined) draft.act(ended ? 'login' : 'login_failed');
  else if (did.needsResult) return;
  else { draft.put('event.action', 'login'); draft.put('event.category', 'authentication'); draft.put('event.type', 'start'); }
  draft.worded = true;
  for (const [role, value] of members) {
    if (typeof value !== 'string') continue;
    if (role === 'who') fillAccount(draft, 'user', value);
    else if (role === 'where' && isIp(value)) draft.fill('source.ip', value);
  }
}

interface Did { readonly action: 'login' | 'logout'; readonly ended: boolean | undefined; readonly needsResult: boolean }
function didOf(value: string, role: LoginRole): Did | undefined {
  if (value.length > ACT_MAX || !MAY.test(value)) return undefined;
  const words = wordsOf(value);
  let action: Did['action'] | undefined, ended: boolean | undefined, sure = role === 'act';
  for (const word of words) {
    if (LOGIN.has(word)) action ??= 'login';
    else if (AUTHENTICATION.has(word)) { action ??= 'login'; sure = false; }
    else if (LOGOUT.has(word)) action = 'logout';
    else if (FAILED.has(word)) ended = false;
    else if (SUCCEEDED.has(word)) ended ??= true;
    else if (!BESIDE.has(word)) return undefined;
  }
  return action === undefined ? undefined : { action, ended, needsResult: !sure };
}

/** Whether it went well, as the first member that tells so has it. */
function resultOf(members: readonly LoginMember[]): boolean | undefined {
  for (const [role, value] of members) {
    if (role !== 'result') continue;
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number' || typeof value === 'string' && STATUS.test(value)) { const status = Number(value); if (status >= 200 && status < 300) return true; if (status >= 400 && status < 500) return false; continue; }
    if (typeof value !== 'string' || value.length > ACT_MAX) continue;
    const words = wordsOf(value);
    if (words.some((word) => FAILED.has(word))) return false;
    if (words.some((word) => SUCCEEDED.has(word))) return true;
  }
  return undefined;
}

/** `LoginFailed`, `LOGIN_FAILED`, `user.login`, `Đăng nhập thất bại` as words in small letters without marks, what is said in several as one. */
const wordsOf = (text: string): readonly string[] => foldSearch(text.replace(CAMEL, '$1 $2')).replace(/[^a-z\d]+/g, ' ').replace(SEVERAL, (phrase) => ONE[phrase] ?? phrase).trim().split(' ');
/** Some of these stand in every act that counts. */
const MAY = /log|sign|auth|[đĐd]\S{0,4}ng/i;
const CAMEL = /([a-z\d])([A-Z])/g, STATUS = /^\d{3}$/, NAME_MAX = 64, ACT_MAX = 60;
const ONE: Readonly<Record<string, string>> = {
  'log in': 'login', 'log on': 'login', 'sign in': 'login', 'logged in': 'login', 'logged on': 'login', 'signed in': 'login', 'sign on': 'login', 'signed on': 'login', 'dang nhap': 'login', 'dang nhap vao': 'login', 'log out': 'logout', 'log off': 'logout', 'sign out': 'logout', 'logged out': 'logout', 'logged off': 'logout', 'signed out': 'logout', 'dang xuat': 'logout',
  'khong thanh cong': 'failed', 'that bai': 'failed', 'khong hop le': 'failed', 'khong dung': 'failed', 'tu choi': 'failed', 'sai mat khau': 'failed', 'sai thong tin': 'failed', 'thanh cong': 'success', 'he thong': 'system', 'nguoi dung': 'user', 'tai khoan': 'user', 'can bo': 'user', 'cong dan': 'user', 'quan tri': 'admin', 'mat khau': 'password',
};
const SEVERAL = new RegExp(String.raw`\b(?:${Object.keys(ONE).sort((x, y) => y.length - x.length).join('|')})\b`, 'g');
const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));
const LOGIN = set('login logon signin logins dangnhap'), AUTHENTICATION = set('authentication authenticate authenticated authentify auth'), LOGOUT = set('logout logoff signout dangxuat');
const FAILED = set('fail fails failed failure failures error denied deny rejected reject refused refuse invalid unsuccessful incorrect wrong bad blocked locked forbidden unauthorized ko thatbai false'), SUCCEEDED = set('success successful successfully succeeded succeed ok accepted allowed granted passed true thanhcong');
const BESIDE = set('user users admin administrator account session web sso ldap ad local api client system password credentials vpn portal attempt attempts event request result action on by the to via with into cas oauth oauth2 saml otp basic form console mobile app cms audit security post vao bi va has was is');
