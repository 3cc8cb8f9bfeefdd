// The host name inside a message, read only behind a relay.
import { hostOfLine } from '../../core/message/line-host.js';

const BYTES_MAX = 8192, RECORD_BYTES_MAX = 256 * 1024, NAME_MAX = 255, BRACE = 123;

/** Undefined where the message names none. A record is read whole: its members stand in any order. */
export function hostOf(frame: Buffer): string | undefined {
  const record = frame.subarray(0, 512).includes(BRACE);
  const host = hostOfLine(record ? frame.toString('utf8', 0, RECORD_BYTES_MAX) : frame.toString('latin1', 0, BYTES_MAX));
  return host === undefined || host.length > NAME_MAX ? undefined : host;
}
