// Who wrote a line, as the event will say it: by its header, the header inside that of a relay, or the record that carries it. Asked for each
// message of a relay before it is stored, so no format is asked: what only a format would know names nobody here.
import { readWholeObject } from '../normalize/json-text.js';
import { readEnvelope } from './envelope.js';
import { readHeader } from './header.js';
import { hostOfRecord, readCarried } from './records.js';
import { relayedLine } from './relayed.js';

const DEPTH_MAX = 3, OPTIONS = { received: 0, zone: 'UTC' };

/** Undefined where it names nobody. */
export function hostOfLine(line: string, depth = 0): string | undefined {
  if (depth > DEPTH_MAX) return undefined;
  const { hostname, message } = readHeader(line, OPTIONS), inside = depth === DEPTH_MAX ? undefined : hostInside(message, depth, hostname !== undefined);
  return inside ?? (hostname === '' ? undefined : hostname);
}

function hostInside(message: string, depth: number, headed: boolean): string | undefined {
  const brace = RECORD.exec(message);
  if (brace !== null) {
    const text = message.slice(brace[0].length - 1), object = readWholeObject(text) as Readonly<Record<string, unknown>> | null;
    if (object === null) return undefined;
    const envelope = readEnvelope(text, object), inner = (envelope ?? readCarried(object, 'generic.json'))?.text;
    return (inner === undefined ? undefined : hostOfLine(inner, depth + 1)) ?? (envelope === undefined ? hostOfRecord(object, headed) : envelope.host);
  }
  if (message.startsWith('<Event')) return /<Computer>([^<]{1,255})</.exec(message.slice(0, 4096))?.[1];
  const relayed = relayedLine(message);
  // A time or a word before a time is taken for a header only by a format that knows the rest.
  return relayed === undefined || relayed.host === undefined && !message.startsWith('<') ? undefined : hostOfLine(relayed.text, depth + 1) ?? relayed.host;
}
const RECORD = /^(?:@cee: ?)?\{/;
