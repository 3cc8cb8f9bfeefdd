// What filters mail beside Postfix: amavis, Rspamd, OpenDKIM and OpenDMARC.
//   (12345-01) Blocked INFECTED (Eicar-Signature) {DiscardedInbound,Quarantined}, [203.0.113.9]:51122 [203.0.113.9] <a@b> -> <c@d>, Queue-ID: 3D77, ...
//   <0a1b2c>; task; rspamd_task_write_log: id: <a@b>, qid: <4XyZ>, ip: 203.0.113.9, from: <a@b>, (default: T (reject): [17.10/15.00] [A(1.0){}]), len: 2345, ..., rcpts: <c@d>
//   3D770111AF50: mail.example.org [203.0.113.9] not internal
// https://www.ijs.si/software/amavisd/ https://rspamd.com/doc/configuration/logging.html http://www.opendkim.org/opendkim-README
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { putAccount } from './account.js';
import { isIp } from './net.js';
import { readSentence } from './sentences.js';

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

/** The process's kind where the line comes from Rspamd's own file, the task's tag, the module, the function. */
const RSPAMD = /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? )?(?:#\d{1,10})? ?(?:\([\w ]{1,30}\) ?)?<(\w{1,32})>; (\w{1,30}); ([\w.:]{1,80}): /;
/** A line of its own file, whose time may have been the header's. */
const RSPAMD_FILE = /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? )?#\d{1,10} ?\([\w ]{1,30}\) <\w{1,32}>; \w/;
const TASK = 'rspamd_task_write_log: ';

function readRspamd(draft: Draft): boolean {
  const lead = RSPAMD.exec(draft.head);
  draft.put('service.name', 'rspamd');
  if (lead === null) { readSentence(draft, draft.text); return draft.program === 'rspamd'; }
  const said = draft.text.slice(lead[0].length, lead[0].length + 16_384), [, task, module] = lead;
  draft.put('rspamd.task', task); draft.put('rspamd.module', module);
  if (!lead[0].endsWith(TASK)) { readSentence(draft, said); if (/\b(?:invalid or absent|absent|invalid) (?:enable )?password has been specified/.test(said.slice(0, 200))) draft.act('login_failed'); return true; }
  const verdict = /\(default: [FTS] \(([^)]{1,40})\): \[(-?[\d.]{1,12}|nan)\/(?:-?[\d.]{1,12}|nan)\] \[([^\]]{0,8000})\]/.exec(said), before = said.slice(0, verdict?.index ?? 2000), after = said.slice((verdict?.index ?? 0) + (verdict?.[0].length ?? 0));
  const value = (text: string, form: RegExp): string | undefined => form.exec(text)?.[1];
  draft.put('email.message_id', value(before, /^id: <([^>]{1,400})>/)?.replace(/^undef$/, ''));
  draft.put('postfix.queue_id', value(before, /, qid: <([^>]{1,40})>/));
  draft.put('source.ip', value(before, /, ip: ([0-9a-fA-F.:]{3,45})/));
  putAccount(draft, 'user', value(before, /, user: ([^,\s]{1,256})/));
  draft.put('email.from.address', value(before, /, from: <([^>]{1,320})>/));
  draft.put('email.to.address', value(after, /, rcpts: <([^>,]{1,320})/) ?? value(after, /, mime_rcpts: <([^>,]{1,320})/));
  if (verdict === null) return true;
  const [, action = '', score, list = ''] = verdict, symbols = [...list.matchAll(/(?:^|,)([A-Z][A-Z0-9_]{1,60})\(/g)].map(([, name]) => name as string), virus = symbols.find((name) => /VIRUS|^CLAM/.test(name));
  draft.put('rspamd.action', action); draft.put('rspamd.score', score === 'nan' ? undefined : score);
  if (symbols.length > 0) draft.put('rspamd.symbols', symbols);
  draft.put('threat.name', virus === undefined ? undefined : new RegExp(`${virus}\\([^)]{0,20}\\)\\{([^;}]{1,200})`).exec(list)?.[1]);
  const refused = /^(?:reject|soft reject|greylist|discard|quarantine)$/.test(action);
  draft.act(virus !== undefined && refused ? 'malware_detected' : refused ? 'mail_rejected' : 'mail', refused ? 'failure' : 'success');
  return true;
}

function readSigner(draft: Draft): boolean {
  const { head } = draft, client = /(?:^|: )([\w.-]{1,255}|\[[0-9a-fA-F.:]{3,45}\]) \[([0-9a-fA-F.:]{3,45})\] /.exec(head), external = /external host (\[?[\w.:-]{1,255}\]?) attempted to send as ([\w.-]{1,255})/.exec(head);
  draft.put('postfix.queue_id', /^([0-9A-Za-z]{6,20}): /.exec(head)?.[1]);
  if (client !== null && isIp(client[2] as string)) { draft.put('source.ip', client[2]); if (client[1]?.startsWith('[') !== true) draft.put('source.domain', client[1]); }
  if (external !== null) { const host = (external[1] as string).replace(/^\[|\]$/g, ''); draft.put(isIp(host) ? 'source.ip' : 'source.domain', host); }
  draft.put('dkim.domain', /\bd=([\w.-]{1,255})/.exec(head)?.[1] ?? external?.[2]);
  const failed = external !== null || /bad signature|signature verification failed|: \S{1,255} fail$|no signature data|key retrieval failed/.test(head);
  if (failed) draft.put('event.reason', head.replace(/^[0-9A-Za-z]{6,20}: /, ''));
  if (/^Open(?:DKIM|DMARC) Filter v\S{1,20} starting/.test(head)) draft.act('service_started'); else if (/^Open(?:DKIM|DMARC) Filter v\S{1,20} terminating/.test(head)) draft.act('service_stopped'); else draft.act('mail', failed ? 'failure' : undefined);
  return true;
}

export const amavis: Format = { name: 'amavis.log', holds: [') Passed ', ') Blocked '], programs: ['amavis', 'amavisd', 'amavisd-new'], detect: ({ head }) => AMAVIS.test(head), read: readAmavis };
export const signers: Format = { name: 'opendkim.log', programs: ['opendkim', 'opendmarc'], read: readSigner };
export const rspamd: Format = { name: 'rspamd.log', holds: [TASK, '^#0', ' #0'], programs: ['rspamd'], detect: ({ head }) => (head.includes(TASK) || RSPAMD_FILE.test(head)) && RSPAMD.test(head), read: readRspamd };
