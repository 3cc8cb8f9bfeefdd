// Barracuda's mail gateway (Email Security Gateway, Spam & Virus Firewall), by its guide to the mail syslog: after the program (`inbound/pass1`,
// `inbound/pass2`, `scan`, `outbound/smtp`) `NAME[IP] MESSAGE START END SERVICE ...`, and by service
//   RECV  sender recipient action reason [more]        SCAN  encrypted sender recipient score action reason [more] [SZ:size] SUBJ:subject
//   SEND  encrypted action queue-id answer             (its address and times mean nothing)
import { epochMillis } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp } from '../net.js';
import { putTarget } from '../web/request.js';

const LEAD = /^(?:(\S{1,253})\[([0-9a-fA-F.:]{2,45})\]|([0-9a-fA-F.:]{2,45})) (\S{3,64}) (\d{1,12}) (\d{1,12}) (RECV|SCAN|SEND) (.*)$/s;

function readGateway(draft: Draft): boolean {
  if (draft.program === 'web') return readConsole(draft);
  if (draft.program.startsWith('http')) return readPage(draft);
  const found = LEAD.exec(draft.text.slice(0, 8000));
  if (found === null) return false;
  const [, name = '', inBrackets, alone, message, start = '', , service = '', rest = ''] = found, address = inBrackets ?? alone ?? '';
  draft.put('observer.vendor', 'Barracuda');
  draft.put('email.message_id', message);
  draft.put('barracuda_esg.service', service);
  if (service !== 'SEND' && isIp(address)) draft.put('source.ip', address);
  if (name !== 'unknown') draft.put('source.domain', name);
  const at = start === '0' ? undefined : epochMillis(start);
  if (at !== undefined) draft.time = at;
  if (service === 'SEND') readSend(draft, rest.split(' ')); else readVerdict(draft, service === 'SCAN' ? rest.slice(rest.indexOf(' ') + 1) : rest, service === 'SCAN');
  return true;
}

/** Its management site: `[192.0.2.7] LOGIN (admin)`, `[192.0.2.7] global[] CHANGE name value (admin)`. */
const CONSOLE = /^\[([0-9a-fA-F.:]{3,45})\] (?:(LOGIN|LOGOUT|FAILED_LOGIN)|(\S{1,64}\[[^\]]{0,128}\] (?:CHANGE|ADD|DELETE|REMOVE) .{1,600}?)) \(([^()]{0,128})\)\s*$/;
function readConsole(draft: Draft): boolean {
  const found = CONSOLE.exec(draft.head);
  if (found === null) return false;
  const [, address, said, changed, who] = found;
  draft.put('observer.vendor', 'Barracuda'); draft.put('source.ip', address);
  putAccount(draft, 'user', who === '' ? undefined : who);
  draft.put('process.command_line', changed);
  draft.act(said === 'LOGIN' ? 'login' : said === 'LOGOUT' ? 'logout' : said === 'FAILED_LOGIN' ? 'login_failed' : 'config_changed');
  return true;
}

/** Its web filter: `1771310403 1 SOURCE DESTINATION TYPE SOURCE URL SIZE BYF ACTION REASON DETAILS ... [user] ...`. */
const PAGE = /^(\d{10}) \d (\S{2,45}) (\S{2,45}) (\S{1,100}) \S{2,45} (\S{1,2000}) (\d{1,15}) \S{1,64} (ALLOWED|BLOCKED|DETECTED) (\S{1,40}) /;
function readPage(draft: Draft): boolean {
  const text = draft.text.slice(0, 4000), found = PAGE.exec(text);
  if (found === null) return false;
  const [whole, time = '', source, destination, type, url = '', size, action, reason] = found, who = / \[([^\]\s]{1,128})\] /.exec(text.slice(whole.length))?.[1];
  for (const [field, value] of [['observer.vendor', 'Barracuda'], ['source.ip', source], ['destination.ip', destination], ['http.response.mime_type', type], ['http.response.body.bytes', size], ['event.reason', reason]] as const) draft.put(field, value);
  putTarget(draft, url);
  if (who !== undefined && who !== 'ANON') putAccount(draft, 'user', who);
  draft.time = epochMillis(time) ?? draft.time;
  draft.act(reason === 'VIRUS' || reason === 'SPYWARE' ? 'malware_detected' : 'proxy_request', action === 'BLOCKED' ? 'failure' : action === 'ALLOWED' ? 'success' : undefined);
  return true;
}

/** What the gateway does with a message, by its numbers: those that keep it from its reader, those that let it pass. */
const KEPT = new Set(['1', '2', '3', '6']), DEFERRED = '5', VIRUS = '1';

function readVerdict(draft: Draft, rest: string, scored: boolean): void {
  const subject = rest.indexOf('SUBJ:'), words = (subject < 0 ? rest : rest.slice(0, subject)).trim().split(' '), at = scored ? 3 : 2;
  const [sender, recipient] = words, action = words[at] ?? '', reason = words[at + 1], more = words.slice(at + 2).filter((word) => !/^SZ:\d+$/.test(word)).join(' ');
  if (sender?.includes('@') === true) draft.put('email.from.address', sender);
  if (recipient?.includes('@') === true) draft.put('email.to.address', recipient);
  if (subject >= 0) draft.put('email.subject', rest.slice(subject + 5).trim());
  draft.put('email.size', words.find((word) => /^SZ:\d+$/.test(word))?.slice(3));
  draft.put('event.code', reason);
  draft.put('barracuda_esg.action', action);
  if (scored) draft.put('barracuda_esg.score', words[2]);
  draft.put('event.reason', more);
  const refused = /authentication failed(?: \[([^\]]{1,256})\])?/i.exec(more);
  if (refused !== null) { putAccount(draft, 'user', refused[1]); draft.act('login_failed'); return; }
  if (reason === VIRUS && KEPT.has(action)) { draft.put('rule.name', more); draft.act('malware_detected', 'failure'); return; }
  draft.act(KEPT.has(action) ? 'mail_rejected' : 'mail', KEPT.has(action) || action === DEFERRED ? 'failure' : 'success');
}

function readSend(draft: Draft, [, action, queue, ...answer]: readonly string[]): void {
  draft.put('barracuda_esg.queue_id', queue);
  draft.put('barracuda_esg.action', action);
  draft.put('event.reason', answer.join(' '));
  if (action === '1') draft.act('mail_sent'); else draft.act(action === '3' ? 'mail' : 'mail_rejected', 'failure');
}

export const barracudaMail: Format = { name: 'barracuda_esg.log', programs: ['inbound/pass1', 'inbound/pass2', 'scan', 'outbound/smtp', 'web', 'http_scan', 'httpscan'], read: readGateway };
