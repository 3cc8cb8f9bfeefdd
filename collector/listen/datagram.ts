// A datagram is one frame without its trailer; it is several only when each of its lines says so itself by beginning with a PRI
// (some senders pack messages; a stack trace or a table in one message must stay whole). Pure.
import { trimEnd } from './frames.js';

const LF = 10, CR = 13;

/** The frames in a datagram, as views of it; none in an empty one. */
export function framesOf(datagram: Buffer): Buffer[] {
  const kept = trimEnd(datagram), whole = kept === datagram.length ? datagram : datagram.subarray(0, kept);
  if (kept === 0) return [];
  if (whole.indexOf(LF) < 0) return [whole];
  const lines: Buffer[] = [];
  for (let at = 0; at < whole.length;) {
    const lf = whole.indexOf(LF, at), end = lf < 0 ? whole.length : lf;
    const line = whole.subarray(at, lf >= 0 && end > at && whole[end - 1] === CR ? end - 1 : end);
    if (line.length > 0) {
      if (!PRI.test(line.toString('latin1', 0, 6))) return [whole];
      lines.push(line);
    }
    at = end + 1;
  }
  return lines;
}
const PRI = /^<\d{1,3}>/;
