// Tokens of an HTTP listener: who shows one is known by its name, which stands in records where others have the listener's. Only their
// SHA-256 is kept; tokens are long and random, so that nobody finds one from it.
import { createHash } from 'node:crypto';

export interface Token {
  /** What records and the registry's `listener` call who shows it. */
  readonly name: string;
  /** Hex. */
  readonly sha256: string;
}

/** The name of the token shown; `missing`, or `wrong` when it is none of them. Undefined where none is asked for. */
export function whoShows(tokens: readonly Token[], authorization: string | undefined): { name: string } | 'missing' | 'wrong' | undefined {
  if (tokens.length === 0) return undefined;
  const shown = shownIn(authorization);
  if (shown === undefined) return 'missing';
  const digest = createHash('sha256').update(shown).digest('hex'), token = tokens.find(({ sha256 }) => sha256.toLowerCase() === digest);
  return token === undefined ? 'wrong' : { name: token.name };
}

// `Bearer T`, `Splunk T`; `Basic` base64 of user:T; `ApiKey` base64 of id:T, as senders to Elasticsearch have it.
function shownIn(authorization: string | undefined): string | undefined {
  const [, scheme, value] = /^(Bearer|Splunk|Basic|ApiKey) +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  if (/^(?:Bearer|Splunk)$/i.test(scheme)) return value;
  const pair = Buffer.from(value, 'base64').toString('utf8'), colon = pair.indexOf(':');
  return colon < 0 ? undefined : pair.slice(colon + 1);
}
