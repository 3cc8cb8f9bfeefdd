// Zimbra's mailbox server: behind time, level and thread a context in brackets, then the subsystem and what it says. The client stands in `oip`
// where a proxy told of it, else in `ip`; `security` tells who logged in.
//   2026-02-17 13:40:03,123 WARN  [ImapServer-3] [ip=192.0.2.5;oip=203.0.113.9;ua=x/1;] security - cmd=Auth; account=an@so.example.org; protocol=imap; error=...;
// https://wiki.zimbra.com/wiki/Log_Files
import { fillAccount, putAccount } from './account.js';
import type { Draft } from './draft.js';

const CONTEXT = /^\[((?:[a-zA-Z]{1,20}=[^;\]]{0,400};){0,16})\] ([\w.]{2,30}) - /;

const FAILED = /authentication failed for \[([^\]]{1,256})\],? ?\(?([^)\n]{0,200})\)?/;

/** True when `said` is such a text. */
export function readZimbra(draft: Draft, said: string): boolean {
  const found = CONTEXT.exec(said.slice(0, 2000));
  if (found === null) return false;
  const context = pairsOf(found[1] as string), text = said.slice(found[0].length, found[0].length + 4000), subsystem = found[2] as string;
  draft.put('log.logger', subsystem);
  draft.put('source.ip', context.get('oip')?.split(',', 1)[0]?.trim() ?? context.get('ip'));
  if (!context.has('oip')) draft.put('source.port', context.get('port'));
  draft.put('user_agent.original', context.get('ua'));
  draft.put('email.message_id', context.get('msgid')?.replace(/^<|>$/g, ''));
  const authenticated = /^user (\S{1,256}) authenticated\b/.exec(text)?.[1];
  if (subsystem === 'security') {
    const said = pairsOf(text), command = said.get('cmd') ?? '', error = said.get('error');
    putAccount(draft, 'user', said.get('account'));
    draft.put('network.protocol', said.get('protocol'));
    draft.put('event.reason', error);
    draft.put('zimbra.command', command);
    if (/^(?:Admin)?Auth$/.test(command)) draft.act(error === undefined ? 'login' : 'login_failed');
    else draft.act('audit_record', error === undefined ? undefined : 'failure');
  } else if (authenticated !== undefined) { putAccount(draft, 'user', authenticated); draft.act('login'); }
  else if (FAILED.test(text)) { const failed = FAILED.exec(text); putAccount(draft, 'user', failed?.[1]); draft.put('event.reason', failed?.[2]); draft.act('login_failed'); }
  fillAccount(draft, 'user', context.get('name') ?? context.get('account'));
  draft.put('service.name', 'zimbra');
  draft.event['event.dataset'] = 'zimbra.mailbox';
  return true;
}

/** `key=value;` with or without a blank behind. */
function pairsOf(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const part of text.split(';', 40)) {
    const equals = part.indexOf('='), key = part.slice(0, Math.max(equals, 0)).trim();
    if (key !== '' && !pairs.has(key)) pairs.set(key, part.slice(equals + 1).trim());
  }
  return pairs;
}
