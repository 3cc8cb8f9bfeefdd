// Sendmail: `queue: key=value, key=value`. `relay=` is the client of a message that came (`from=`) and the server of one that left (`to=`). SASL's daemon, which
// several mail servers ask for passwords, beside it.
//   61H6e3aB000991: to=<b@example.net>, ctladdr=<an@example.vn> (1001/1001), delay=00:00:01, mailer=esmtp, relay=mx.example.net. [198.51.100.7], dsn=2.0.0, stat=Sent (OK)
// https://www.sendmail.org/~ca/email/doc8.12/op.html (Sendmail Installation and Operation Guide, 2.1.1)
import { putAccount } from './account.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp } from './net.js';

const QUEUE = /^([0-9A-Za-z]{8,20}): /, PAIR = /(?:^|, |: )([A-Za-z][\w-]{1,15})=(<[^>]{0,400}>(?: \(\d{1,10}\/\d{1,10}\))?|[^,]{0,600})/g, PAIRS_MAX = 60;
/** `mx.example.net. [198.51.100.7] (may be forged)`. */
const RELAY = /^(?:([\w.-]{1,255}?)\.? )?\[(?:IPv6:)?([0-9a-fA-F.:]{3,45})\]/, ANYWHERE = /(?:^|[ :])(?:([\w.-]{1,255}?)\.? )?\[(?:IPv6:)?([0-9a-fA-F.:]{3,45})\]/;

function readSendmail(draft: Draft): boolean {
  const said = draft.text.slice(0, 8192).trim(), queue = QUEUE.exec(said), pairs = new Map<string, string>();
  for (const [, key = '', value = ''] of said.slice(queue?.[0].length ?? 0).matchAll(PAIR)) { if (pairs.size >= PAIRS_MAX) break; if (!pairs.has(key)) pairs.set(key, value.trim()); }
  for (const [key, value] of pairs) draft.keep(`sendmail.${key}`, value);
  draft.put('sendmail.queue_id', queue?.[1]);
  const bare = (key: string): string | undefined => pairs.get(key)?.replace(/ \(\d{1,10}\/\d{1,10}\)$/, '').replace(/^<|>$/g, ''), to = bare('to'), relay = pairs.get('relay'), place = relay === undefined ? ANYWHERE.exec(said) : RELAY.exec(relay);
  const leaving = to !== undefined || pairs.get('STARTTLS') === 'client' || pairs.get('AUTH') === 'client';
  if (place !== null && isIp(place[2] as string)) { const side = leaving ? 'destination' : 'source'; draft.put(`${side}.ip`, place[2]); draft.put(`${side}.domain`, place[1]); }
  draft.put('email.from.address', bare('from') ?? bare('ctladdr'));
  draft.put('email.to.address', to?.split(',', 1)[0]?.replace(/>$/, '') ?? (pairs.get('ruleset') === 'check_rcpt' ? bare('arg1') : undefined));
  draft.put('email.message_id', bare('msgid'));
  putAccount(draft, 'user', pairs.get('authid'));
  if (pairs.has('STARTTLS')) { draft.put('tls.version', pairs.get('version')?.replace(/^TLSv/, '')); draft.put('tls.cipher', pairs.get('cipher')); }
  putMeaning(draft, said, pairs);
  return true;
}

function putMeaning(draft: Draft, said: string, pairs: ReadonlyMap<string, string>): void {
  const status = valueToEnd(said, 'stat='), reject = valueToEnd(said, 'reject=');
  draft.put('event.reason', reject ?? status);
  if (reject !== undefined) draft.act('mail_rejected');
  else if (status !== undefined) { if (pairs.has('to')) draft.act(status.startsWith('Sent') ? 'mail_sent' : 'mail_rejected'); else draft.act('mail'); }
  else if (pairs.get('AUTH') === 'server') draft.act('login');
  else if (said.includes('possible SMTP attack')) draft.act('intrusion_detected');
  else if (/AUTH failure|authentication fail/i.test(said.slice(0, 600))) draft.act('login_failed');
  else if (pairs.has('STARTTLS') || said.includes(' did not issue ') || said.includes('lost input channel')) draft.act('connection');
  else draft.act('mail');
}
/** `stat=` and `reject=` stand last and may hold commas. */
function valueToEnd(said: string, key: string): string | undefined {
  const at = said.indexOf(`, ${key}`);
  return at < 0 ? undefined : said.slice(at + 2 + key.length, at + 1002);
}

export const sendmail: Format = { name: 'sendmail.log', programs: ['sendmail', 'sm-mta', 'sm-msp-queue', 'sm-mta-rx', 'sm-mta-queue', 'sm-client'], read: readSendmail };

/** `do_auth : auth failure: [user=an] [service=smtp] [realm=example.vn] [mech=pam] [reason=PAM auth error]`, `auth_zimbra: an auth failed: ...`. */
export const saslauthd: Format = {
  name: 'sasl.auth', programs: ['saslauthd'],
  read(draft) {
    const said = draft.head, values = new Map([...said.matchAll(/\[([a-z]{2,12})=([^\]]{0,256})\]/g)].map(([, key = '', value = '']) => [key, value] as const));
    const zimbra = /^auth_zimbra: (\S{1,256}) auth (failed: (.{1,300})|ok)/s.exec(said);
    putAccount(draft, 'user', values.get('user') ?? zimbra?.[1]);
    draft.put('user.domain', values.get('realm'));
    draft.put('event.reason', values.get('reason') ?? zimbra?.[3]);
    draft.put('service.name', values.get('service') ?? 'saslauthd');
    draft.put('sasl.mechanism', values.get('mech'));
    if (/auth failure:|auth failed:/.test(said)) draft.act('login_failed'); else if (zimbra !== null || said.includes('auth success')) draft.act('login');
    return true;
  },
};
