// What filters mail beside Postfix: amavis, OpenDKIM and OpenDMARC.
//   (12345-01) Blocked INFECTED (Eicar-Signature) {DiscardedInbound,Quarantined}, [203.0.113.9]:51122 [203.0.113.9] <a@b> -> <c@d>, Queue-ID: 3D77, ...
//   3D770111AF50: mail.example.org [203.0.113.9] not internal
// https://www.ijs.si/software/amavisd/ http://www.opendkim.org/opendkim-README
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp } from './net.js';

const AMAVIS = /^\((\d{1,10}-\d{1,6}(?:-\d{1,6})?)\) (Passed|Blocked) ([A-Z][A-Z-]{2,30})(?: \(([^)]{1,300})\))?(?: \{([^}]{1,200})\})?(?:\/[^,]{1,60})?, /;
const ENDS = /<([^>]{0,320})> -> <([^>]{1,320})>/;

function readAmavis(draft: Draft): boolean {
  const found = AMAVIS.exec(draft.head);
  if (found === null) return draft.program.startsWith('amavis');
  const [whole, , verdict, category = '', threat] = found, said = draft.text.slice(whole.length, whole.length + 4000), ends = ENDS.exec(said);
  const first = /\[([0-9a-fA-F.:]{3,45})\](?::(\d{1,5}))?/.exec(said.slice(0, ends?.index ?? 300)), value = (form: RegExp): string | undefined => form.exec(said)?.[1];
  if (first !== null && isIp(first[1] as string)) { draft.put('source.ip', first[1]); draft.put('source.port', first[2]); }
  draft.put('email.from.address', ends?.[1]); draft.put('email.to.address', ends?.[2]);
  draft.put('email.message_id', value(/\bMessage-ID: <([^>]{1,400})>/)); draft.put('email.subject', value(/\bSubject: "([^"]{1,400})"/));
  draft.put('postfix.queue_id', value(/\bQueue-ID: ([0-9A-Za-z]{6,20})/));
  draft.put('amavis.score', value(/\bHits: (-?[\d.]{1,10})/)); draft.put('amavis.category', category);
  draft.put('threat.name', threat); draft.put('rule.name', threat);
  draft.act(CATEGORIES[category] ?? (verdict === 'Blocked' ? 'mail_rejected' : 'mail_sent'), verdict === 'Blocked' ? 'failure' : 'success');
  return true;
}
const CATEGORIES: Readonly<Partial<Record<string, Action>>> = { INFECTED: 'malware_detected' };

function readSigner(draft: Draft): boolean {
  const { head } = draft, client = /(?:^|: )([\w.-]{1,255}) \[([0-9a-fA-F.:]{3,45})\] /.exec(head), external = /external host (\[?[\w.:-]{1,255}\]?) attempted to send as ([\w.-]{1,255})/.exec(head);
  draft.put('postfix.queue_id', /^([0-9A-Za-z]{6,20}): /.exec(head)?.[1]);
  if (client !== null && isIp(client[2] as string)) { draft.put('source.ip', client[2]); draft.put('source.domain', client[1]); }
  if (external !== null) { const host = (external[1] as string).replace(/^\[|\]$/g, ''); draft.put(isIp(host) ? 'source.ip' : 'source.domain', host); }
  draft.put('dkim.domain', /\bd=([\w.-]{1,255})/.exec(head)?.[1] ?? external?.[2]);
  const failed = external !== null || /bad signature|signature verification failed|: \S{1,255} fail$|no signature data|key retrieval failed/.test(head);
  if (failed) draft.put('event.reason', head.replace(/^[0-9A-Za-z]{6,20}: /, ''));
  draft.act('mail', failed ? 'failure' : undefined);
  return true;
}

export const amavis: Format = { name: 'amavis.log', holds: [') Passed ', ') Blocked '], programs: ['amavis', 'amavisd', 'amavisd-new'], detect: ({ head }) => AMAVIS.test(head), read: readAmavis };
export const signers: Format = { name: 'opendkim.log', programs: ['opendkim', 'opendmarc'], read: readSigner };
