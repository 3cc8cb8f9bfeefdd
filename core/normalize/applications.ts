// Applications that log `TIME LEVEL [logger] (thread) text`: Java servers, Keycloak's events, and kin.
import { readIso, resolve } from '../message/time.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { readPairs } from './pairs.js';
import { putTarget } from './web/request.js';

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
  return true;
}

/** `type=LOGIN_ERROR, realmId=x, clientId=y, userId=z, ipAddress=192.0.2.1, error=invalid_user_credentials, username=bob`. */
export function readKeycloak(draft: Draft, text: string): void {
  const pairs = new Map(readPairs(text, { separator: ',', spacedValues: true }).map(([key, value]) => [key, value.replace(/^"|"$/g, '')]));
  draft.put('event.dataset', 'keycloak.log');
  for (const [key, value] of pairs) if (/^\w{1,64}$/.test(key)) draft.put(`keycloak.${key}`, value);
  const type = pairs.get('type') ?? '', admin = pairs.get('operationType');
  draft.put('event.code', admin !== undefined ? `${admin}-${pairs.get('resourceType') ?? ''}` : pairs.get('error') ?? type);
  draft.put('source.ip', pairs.get('ipAddress'));
  draft.put('user.name', pairs.get('username'));
  draft.put('user.id', pairs.get('userId') === 'null' ? undefined : pairs.get('userId'));
  const uri = pairs.get('redirect_uri');
  if (uri !== undefined) { putTarget(draft, uri); if (!/:\/\/[^/]+\//.test(uri)) delete draft.event['url.path']; }
  if (type === 'LOGIN') draft.act('login');
  else if (type === 'LOGIN_ERROR') draft.act('login_failed');
  else if (type === 'LOGOUT') draft.act('logout');
  else if (admin !== undefined) draft.act(pairs.get('resourceType') === 'USER' ? admin === 'CREATE' ? 'user_created' : admin === 'DELETE' ? 'user_deleted' : 'user_changed' : 'config_changed');
}

export const application: Format = { name: 'application.log', begins: '0[', needs: '-:A', detect: ({ head }) => LINE.test(head), read: readApplication };
