// A line behind the header of a relay that did not read it: it took the whole line, with the header that a device had written in its own way,
// for a message. Where no format knows the message, and it begins as a line does, it is read as a line.
//
//   <134>Feb 17 20:41:00 relay-1 sw-1: Feb 17 20:40:03.123 ICT: %SYS-5-CONFIG_I: ...
//   <134>Feb 17 20:41:00 relay-1 fwd: <38>Feb 17 20:40:03 web-1 sshd[12]: ...
//   <134>Feb 17 20:41:00 relay-1 Message forwarded from web-1: sshd[12]: ...               AIX
//   <134>Feb 17 20:41:00 relay-1 Original Address=192.0.2.40 sshd[12]: ...                 Kiwi Syslog Server
import { codeAt } from '../text.js';
import { digitsEnd, epochMillis, isDigit, readTime, spaces } from './time.js';

export interface RelayedLine {
  readonly text: string;
  /** Who sent it to the relay, where the relay says. */
  readonly host: string | undefined;
  /** Nothing stands before it but a priority. */
  readonly bare?: true;
}

/** The line that a message is, or undefined where it does not begin like one; whether it is one its own format says. */
export function relayedLine(message: string): RelayedLine | undefined {
  const named = FORWARDED.exec(message.slice(0, FORWARDED_MAX));
  if (named !== null) return { text: message.slice(named[0].length), host: named[1] ?? named[2] };
  return beginsLikeLine(message) ? { text: message, host: undefined } : undefined;
}
/** The line of a file behind a priority that somebody put before it: `<13>2026-02-17 20:40:03 ...` is no header, though it reads as one. */
export function fileLine(line: string): RelayedLine | undefined {
  const end = codeAt(line, 0) === 60 ? digitsEnd(line, 1, 3) : 0, from = end + 1;
  return end > 1 && codeAt(line, end) === 62 && isDigit(codeAt(line, from)) && codeAt(line, from + 10) === 32 ? { text: line.slice(from), host: undefined, bare: true } : undefined;
}
const FORWARDED = /^(?:Message forwarded from ([^\s:]{1,255}): |Original Address=([0-9A-Fa-f.:]{3,45}) )/, FORWARDED_MAX = 300;

/** With a priority, a time, a counter or a word before a time. */
function beginsLikeLine(text: string): boolean {
  const first = codeAt(text, 0);
  if (first === 60) { const end = digitsEnd(text, 1, 3); return end > 1 && codeAt(text, end) === 62; }
  if (timed(text, 0)) return true;
  const end = text.indexOf(' ');
  if (end < 1 || end > WORD_MAX) return false;
  const next = spaces(text, end);
  return timed(text, next) || isDigit(first) && epochMillis(text.slice(next, next + 13)) !== undefined;
}
/** A clock that is not in step is marked by `*` or `.` before the time. */
const timed = (text: string, at: number): boolean => readTime(text, codeAt(text, at) === 42 || codeAt(text, at) === 46 ? at + 1 : at) !== undefined;
const WORD_MAX = 255;
