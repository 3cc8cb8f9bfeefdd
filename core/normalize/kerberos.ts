// MIT Kerberos, also beneath FreeIPA: who asked the KDC for which ticket from where, and what administrators asked of kadmind.
//   AS_REQ (8 etypes {18 17}) 203.0.113.9: PREAUTH_FAILED: an@SO.EXAMPLE for krbtgt/SO.EXAMPLE@SO.EXAMPLE, Preauthentication failed
// https://web.mit.edu/kerberos/krb5-latest/doc/ (krb5kdc and kadmind logging)
import { splitAccount } from './account.js';
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { lookup } from './lookup.js';
import { isIp } from './net.js';

const ASKED = /(AS_REQ|TGS_REQ) \(\d{1,2} etypes \{[^}]{0,400}\}\) ([0-9a-fA-F.:]{2,60}): ([A-Z_]{2,40}): (?:authtime \d{1,12}, (?:(?:etypes|e) \{[^}]{0,200}\}, )?)?([^,]{1,250}?) for ([^,\s]{1,250})(?:, (.{1,300}))?/;
const ADMIN = /Request: kadm5_(\w{2,60}), ([^,]{1,250}), ([^,]{1,200}), client=([^,]{1,250}), service=[^,]{1,250}, addr=([0-9a-fA-F.:]{2,60})/;
function readKerberos(draft: Draft): boolean {
  const asked = ASKED.exec(draft.head), admin = asked === null ? ADMIN.exec(draft.head) : null;
  if (draft.program === '') draft.put('process.name', /^\s?(krb5kdc|kadmind)\b/.exec(draft.head)?.[1]);
  draft.put('network.protocol', 'kerberos');
  if (asked !== null) {
    const [, kind = '', client, result = '', who = '', service = '', why] = asked, { name, domain } = splitAccount(who.replace(/^<[^>]{1,40}> ?/, ''));
    draft.put('source.ip', client); draft.put('user.name', name); draft.put('user.domain', domain); draft.put('service.name', service); draft.put('event.code', result); draft.put('kerberos.request', kind);
    if (result !== 'ISSUE') draft.put('event.reason', why ?? result);
    if (result === 'NEEDED_PREAUTH') draft.act('connection'); else draft.act(result === 'ISSUE' ? 'login' : 'login_failed'); // it is asked for before every login
    return true;
  }
  if (admin === null) return draft.program !== '';
  const [, request = '', target = '', result = '', client = '', address = ''] = admin, by = splitAccount(client), on = splitAccount(target);
  draft.put('user.name', by.name); draft.put('user.domain', by.domain); draft.put('user.target.name', on.name); draft.put('user.target.domain', on.domain); draft.put('event.code', request);
  if (isIp(address)) draft.put('source.ip', address);
  if (result !== 'success') draft.put('event.reason', result);
  draft.act(REQUESTS[request] ?? 'audit_record', result === 'success' ? 'success' : 'failure');
  return true;
}
const REQUESTS = lookup<Action>({ create_principal: 'user_created', delete_principal: 'user_deleted', modify_principal: 'user_changed', rename_principal: 'user_changed', chpass_principal: 'password_changed', randkey_principal: 'password_changed' });
export const kerberos: Format = { name: 'kerberos.kdc', holds: ['AS_REQ (', 'TGS_REQ (', 'Request: kadm5_'], programs: ['krb5kdc', 'kadmind'], detect: ({ head }) => /^\s?(?:krb5kdc\[\d{1,10}\]\(\w{1,10}\): )?(?:AS_REQ|TGS_REQ) \(\d|^\s?(?:kadmind\[\d{1,10}\]\(\w{1,10}\): )?Request: kadm5_/.test(head), read: readKerberos };
