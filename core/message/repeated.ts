// `last message repeated 5 times`: syslog daemons write this instead of the message itself. The record gains what that message meant, so
// that counting and searching see it, and says how often it stands for; its own text, times and place stay.
import type { Draft } from '../normalize/draft.js';

const REPEATED = /^(?:last message|--- last message) repeated (\d{1,9}) times?/;
/** What every record has of its own. */
const OWN = /^(?:event\.(?:original|original_b64|created|id|kind)$|@timestamp$|message$|log\.|tags$|haidang\.|host\.)/;

/** After the normalizers, before the event is done: gains from the sender's last event, and becomes its last event itself. */
export function lookBack(draft: Draft): boolean {
  const { context, event } = draft;
  const times = draft.head.startsWith('last message ') || draft.head.startsWith('--- last ') ? REPEATED.exec(draft.head)?.[1] : undefined;
  if (context === undefined && times === undefined) return false;
  const host = draft.getText('log.syslog.hostname') ?? '';
  if (times === undefined) { context?.last.set(draft.source, host, event); return false; }
  event['haidang.repeated'] = Number(times);
  const last = context?.last.get(draft.source, host);
  if (last === undefined) { draft.act('message_repeated'); return true; }
  for (const name of Object.keys(last)) if (!OWN.test(name)) { const value = last[name]; if (value !== undefined) event[name] = value; }
  return true;
}
