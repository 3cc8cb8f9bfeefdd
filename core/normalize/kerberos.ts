// MIT Kerberos, also beneath FreeIPA: who asked the KDC for which ticket from where, and what administrators asked of kadmind.
//   AS_REQ (8 etypes {18 17}) 203.0.113.9: PREAUTH_FAILED: an@SO.EXAMPLE for krbtgt/SO.EXAMPLE@SO.EXAMPLE, Preauthentication failed
// https://web.mit.edu/kerberos/krb5-latest/doc/ (krb5kdc and kadmind logging)
import { splitAccount } from './account.js';
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { lookup } from './lookup.js';
import { isIp } from './net.js';

const ASKED = /(AS_REQ|TGS_REQ) \(\d{1,2} etypes \{[^}]{0,400}\}\) ([0-9a-fA-F.:]{2,60}): ([A-Z][A-Z_ ]{1,40}): (?:authtime \d{1,12}, (?:(?:etypes|e) \{[^}]{0,200}\},? )?)?([^,]{1,250}?) for ([^,\s]{1,250})(?:, (.{1,300}))?/;
const ADMIN = /(?:Request|(Unauthorized) request): kadm5_(\w{2,60}), ([^,]{1,250}), (?:([^,=]{1,200}), )?client=([^,]{1,250}), service=[^,]{1,250}, addr=([0-9a-fA-F.:]{2,60})/;
function readKerberos(draft: Draft): boolean {
  const asked = ASKED.exec(draft.head), admin = asked === null ? ADMIN.exec(draft.head) : null;
  if (draft.program === '') { draft.put('process.name', /^\s?(krb5kdc|kadmind)\b/.exec(draft.head)?.[1]); draft.put('process.pid', LEAD.exec(draft.head)?.[1]); }
  draft.put('network.protocol', 'kerberos');
  if (asked !== null) {
    const [, kind = '', client, result = '', who = '', service = '', why] = asked, { name, domain } = splitAccount(who.replace(/^<[^>]{1,40}> ?/, ''));
    draft.put('source.ip', client); draft.put('user.name', name); draft.put('user.domain', domain); draft.put('service.name', service); draft.put('event.code', result); draft.put('kerberos.request', kind);
    if (result !== 'ISSUE') draft.put('event.reason', why ?? result);
    if (result === 'NEEDED_PREAUTH') draft.act('connection'); else draft.act(result === 'ISSUE' ? 'login' : 'login_failed'); // it is asked for before every login
    return true;
  }
  if (admin === null) { readDaemon(draft); return true; }
  const [, unauthorized, request = '', target = '', said = unauthorized, client = '', address = ''] = admin, by = splitAccount(client), result = said === 'success' ? undefined : said;
  draft.put('user.name', by.name); draft.put('user.domain', by.domain); draft.put('event.code', request);
  if (isIp(address)) draft.put('source.ip', address);
  draft.put('event.reason', result);
  putTarget(draft, request, target);
  if (unauthorized !== undefined) draft.act('access_denied'); else draft.act(REQUESTS[request] ?? 'audit_record', result === undefined ? 'success' : 'failure');
  return true;
}
/** Whom or what it was about: an account, an account and its new name, a policy, a pattern. */
function putTarget(draft: Draft, request: string, target: string): void {
  if (request.includes('polic')) { draft.put('kerberos.policy', target); return; }
  if (request === 'get_principals') return;
  const [old = '', renamed] = target.split(' to ', 2), on = splitAccount(old);
  draft.put('user.target.name', on.name); draft.put('user.target.domain', on.domain);
  if (renamed !== undefined) draft.put('kerberos.new_name', splitAccount(renamed).name);
}
/** What the daemons say of themselves, and a password that its owner changes: `chpw request from 203.0.113.9 for an@SO.EXAMPLE: success`. */
function readDaemon(draft: Draft): void {
  const said = draft.head.replace(LEAD, ''), changed = /^(?:chpw|setpw) request from ([0-9a-fA-F.:]{2,60}?)(?: by ([^,\s]{1,250}))? for ([^,\s]{1,250}): (.{1,200})/.exec(said);
  if (changed !== null) {
    const [, address = '', by, on = '', result] = changed, target = splitAccount(on), who = by === undefined ? target : splitAccount(by);
    if (isIp(address)) draft.put('source.ip', address);
    draft.put('user.name', who.name); draft.put('user.domain', who.domain); draft.put('user.target.name', target.name); draft.put('user.target.domain', target.domain);
    if (result === 'success') draft.act('password_changed'); else { draft.act('password_change_failed'); draft.put('event.reason', result); }
  } else if (/^(?:commencing operation|starting)$/.test(said.trim())) draft.act('service_started');
  else if (/^(?:shutting down|finished, exiting)$/.test(said.trim())) draft.act('service_stopped');
}
/** As the daemons' own files have it before every text. */
const LEAD = /^\s?(?:krb5kdc|kadmind)\[(\d{1,10})\]\(\w{1,10}\): /;
const REQUESTS = lookup<Action>({ create_principal: 'user_created', delete_principal: 'user_deleted', modify_principal: 'user_changed', rename_principal: 'user_changed', chpass_principal: 'password_changed', randkey_principal: 'password_changed', mod_strings: 'user_changed', create_policy: 'config_changed', modify_policy: 'config_changed', delete_policy: 'config_changed', get_principals: 'accounts_listed', init: 'session_opened' });
export const kerberos: Format = { name: 'kerberos.kdc', holds: ['AS_REQ (', 'TGS_REQ (', 'equest: kadm5_', '^krb0kdc[', '^kadmind['], programs: ['krb5kdc', 'kadmind'], detect: ({ head }) => /^\s?(?:krb5kdc\[\d{1,10}\]\(\w{1,10}\): )?(?:AS_REQ|TGS_REQ) \(\d|^\s?(?:Request|Unauthorized request): kadm5_/.test(head) || LEAD.test(head), read: readKerberos };
