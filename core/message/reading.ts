// What a line would say under another encoding and time zone: an event that is stored, read once more from the bytes it came as. Pure.
import type { Event } from '../event.js';
import type { Encoding } from './encoding.js';
import { isoTime } from './iso.js';
import { parseLine, type ParseContext } from './parse-line.js';
import { DEFAULT_ZONE } from './zone.js';

/** What lines are read with where nothing is set. */
export const READ_AS = { encoding: 'utf-8', timezone: DEFAULT_ZONE } as const;

export interface SampleReading {
  readonly received: string;
  /** The line as it reads now. */
  readonly text: string;
  /** The time the line tells, null where it tells none. */
  readonly time: string | null;
  /** The line says its zone itself, so that the setting does nothing to it. */
  readonly zoned: boolean;
  /** Bytes that are no characters of this encoding. */
  readonly invalid: boolean;
  readonly format: string | null;
}

const TEXT_CHARS_MAX = 2000;
/** Two zones that never tell the same time. */
const EAST = 'Pacific/Kiritimati', WEST = 'Etc/GMT+12';

export function trySample(event: Event, { encoding, timezone, source, context }: { readonly encoding: Encoding; readonly timezone: string; readonly source: string; readonly context: ParseContext }): SampleReading {
  const created = String(event['event.created'] ?? event['@timestamp'] ?? ''), received = Date.parse(created), bytes = bytesOf(event);
  const timeIn = (zone: string, at = received): unknown => parseLine({ bytes, received: at, timezone: zone, encoding, source }).event['@timestamp'];
  const { event: read, format, problems } = parseLine({ bytes, received, timezone, encoding, source, context });
  // A line without a time has that of its receipt, whenever that is.
  const time = read['@timestamp'] === isoTime(received) && timeIn(timezone, received + 1) === isoTime(received + 1) ? undefined : read['@timestamp'];
  return {
    received: created, text: String(read['event.original'] ?? '').slice(0, TEXT_CHARS_MAX), time: typeof time === 'string' ? time : null, zoned: time !== undefined && timeIn(EAST) === timeIn(WEST),
    invalid: problems.some(({ code }) => code === 'line.encoding'), format,
  };
}

/** The bytes as they came: kept beside the text where that does not say them. */
function bytesOf(event: Event): Uint8Array {
  const base64 = event['event.original_b64'];
  return typeof base64 === 'string' ? Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)) : new TextEncoder().encode(String(event['event.original'] ?? ''));
}
