// Applications that log `TIME LEVEL [logger] (thread) text`: Java servers, Keycloak's events, and kin.
import { readIso, resolve } from '../message/time.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { readKeycloak } from './keycloak.js';
import { readSentence } from './sentences.js';

const LINE = /^(?:\[)?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]?\d{0,9}(?:Z|[+-]\d\d:?\d\d)?\]?\s+(?:\[?([A-Z]{4,8})\]?)\s+(?:\[([^\]]{1,200})\])?\s*(?:\(([^)]{1,200})\))?\s*/;
const LEVELS = new Set(['TRACE', 'DEBUG', 'INFO', 'NOTICE', 'WARN', 'WARNING', 'ERROR', 'FATAL', 'SEVERE', 'CRITICAL']);

function readApplication(draft: Draft): boolean {
  const found = LINE.exec(draft.head);
  if (found === null || !LEVELS.has(found[1] as string)) return false;
  const [whole, level, logger, thread] = found;
  const stamp = readIso(draft.text, draft.head.startsWith('[') ? 1 : 0);
  if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('log.level', level?.toLowerCase());
  draft.put('log.logger', logger);
  draft.put('process.thread.name', thread);
  const said = draft.text.slice(whole.length);
  if (logger?.startsWith('org.keycloak.events') === true) readKeycloak(draft, said);
  else if (AUTHENTICATION.test(said.slice(0, 200))) readSentence(draft, said);
  return true;
}

/** Texts that may say who came from where. */
const AUTHENTICATION = /\b(?:log(?:ged)? ?(?:in|on|out)|authenticat|password|access denied)/i;

export const application: Format = { name: 'application.log', holds: ['^0000-00-00', '^[0000-00-00'], detect: ({ head }) => LINE.test(head), read: readApplication };
