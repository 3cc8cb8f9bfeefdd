// RELP, the reliable event logging protocol of rsyslog: a message is acknowledged, and here only when it is on the disk. What was not
// acknowledged the sender sends again: in a new session as a new transaction, which is a second frame; under its number in this one, which is none.
//
//   TXNR SP COMMAND SP DATALEN [SP DATA] LF      TXNR 1 to 999999999, counted up by the sender; 0 is a hint
//   open    offers (relp_version, relp_software, commands) -> rsp "200 OK" with ours
//   syslog  one message -> rsp "200 OK"
//   close   -> rsp, then our hint serverclose, and the connection ends
import { trimEnd } from './frames.js';
import { Payload } from './payload.js';
import { PARTIAL_MS, ProtocolError, type Session, type Wire } from './session.js';

/** Not acknowledged of one connection; then it is not read until some are. Senders keep to 128 or so by themselves. */
const WINDOW = 4096;
const HEAD_BYTES_MAX = 9 + 1 + 32 + 1 + 9 + 1, SPACE = 32, LF = 10, ZERO = 48;
const HEAD = /^(\d{1,9}) ([A-Za-z]{1,32}) (\d{1,9})$/;
const NUMBERS = 999_999_999;
const OFFERS = 'relp_version=0\nrelp_software=haidang\ncommands=syslog';

export class RelpSession implements Session {
  private head = '';
  private spaces = 0;
  private frame: { readonly number: number; readonly command: string; readonly data: Payload } | undefined;
  private opened = false;
  private closed = false;
  /** The transaction taken last: one that is not behind it was sent again. */
  private last = 0;
  /** Taken in this push, to be acknowledged together. */
  private taken: number[] = [];
  private unacknowledged = 0;

  constructor(private readonly wire: Wire, private readonly frameBytesMax: number) {}

  get keptBytes(): number { return this.head.length + (this.frame?.data.keptBytes ?? 0); }

  push(chunk: Buffer): void {
    try {
      for (let at = 0; at < chunk.length && !this.closed;) {
        at = this.frame !== undefined ? this.readData(this.frame, chunk, at) : this.head === '' ? this.readMessage(chunk, at) : this.readHead(chunk, at);
      }
    } finally {
      this.acknowledge();
    }
  }

  end(): void { this.closed = true; }

  idle(silentMs: number): void {
    if (silentMs >= PARTIAL_MS && (this.head !== '' || this.frame !== undefined || !this.opened)) this.wire.close();
  }

  // A message that came whole, as most do, costs no objects; everything else is read piece by piece.
  private readMessage(bytes: Buffer, at: number): number {
    const number = readDigits(bytes, at), command = number.end + 1;
    if (number.end === at || !this.opened || !isSyslog(bytes, number.end)) return this.readHead(bytes, at);
    const { value } = number, length = readDigits(bytes, command + SYSLOG.length), data = length.end + 1, end = data + length.value;
    if (length.end === command + SYSLOG.length || bytes[length.end] !== SPACE || length.value > this.frameBytesMax || bytes[end] !== LF) return this.readHead(bytes, at);
    this.take(value, bytes.subarray(data, end), undefined);
    return end + 1;
  }

  private readHead(bytes: Buffer, at: number): number {
    for (let end = at; end < bytes.length; end++) {
      const byte = bytes[end] as number;
      if (byte !== LF && !(byte === SPACE && ++this.spaces === 3)) {
        this.head += String.fromCharCode(byte);
        if (this.head.length > HEAD_BYTES_MAX) throw new ProtocolError('expected a RELP frame, got a longer head');
        continue;
      }
      const [, number, command = '', length = '0'] = HEAD.exec(this.head) ?? [];
      if (number === undefined || (byte === LF && Number(length) > 0)) throw new ProtocolError(`expected a RELP frame, got ${JSON.stringify(this.head)}`);
      this.head = '';
      this.spaces = 0;
      this.frame = { number: Number(number), command, data: new Payload(Number(length), this.frameBytesMax) };
      return byte === LF ? end : end + 1; // the LF is read as the end of the frame
    }
    return bytes.length;
  }

  private readData(frame: NonNullable<RelpSession['frame']>, bytes: Buffer, at: number): number {
    const end = frame.data.push(bytes, at);
    if (end === bytes.length) return end;
    if (bytes[end] !== LF) throw new ProtocolError('expected LF behind the data of a RELP frame');
    this.frame = undefined;
    this.handle(frame.number, frame.command, frame.data);
    return end + 1;
  }

  private handle(number: number, command: string, data: Payload): void {
    if (command === 'open') {
      this.opened = true;
      this.answer(number, `200 OK\n${OFFERS}`);
    } else if (!this.opened) {
      throw new ProtocolError(`expected open, got ${command}`);
    } else if (command === 'syslog') {
      this.take(number, data.bytes(), data.trueLength);
    } else if (command === 'close') {
      this.closed = true;
      this.acknowledge();
      this.afterDurable(() => {
        this.answer(number, '');
        this.wire.write(Buffer.from('0 serverclose 0\n'));
        this.wire.close();
      });
    } else if (command !== 'rsp') {
      this.answer(number, `500 unknown command ${command}`);
    }
  }

  private take(number: number, whole: Buffer, trueLength: number | undefined): void {
    if (follows(number, this.last)) {
      const kept = trueLength === undefined ? trimEnd(whole) : whole.length;
      if (kept > 0) this.wire.take(kept === whole.length ? whole : whole.subarray(0, kept), trueLength);
      this.last = number;
    }
    this.taken.push(number);
    this.unacknowledged++;
  }

  private acknowledge(): void {
    const numbers = this.taken;
    if (numbers.length === 0) return;
    this.taken = [];
    if (this.unacknowledged >= WINDOW) this.wire.hold(true);
    this.afterDurable(() => {
      this.wire.write(Buffer.from(numbers.map((number) => `${number} rsp 6 200 OK\n`).join('')));
      const before = this.unacknowledged;
      this.unacknowledged -= numbers.length;
      if (before >= WINDOW && this.unacknowledged < WINDOW) this.wire.hold(false);
    });
  }

  // Without an acknowledgement the sender sends again, wherever it can.
  private afterDurable(then: () => void): void {
    this.wire.durable().then(then, () => { this.wire.close(); });
  }

  private answer(number: number, text: string): void {
    this.wire.write(Buffer.from(text === '' ? `${number} rsp 0\n` : `${number} rsp ${Buffer.byteLength(text)} ${text}\n`));
  }
}

// Numbers are counted up, and from 999999999 back to 1.
const follows = (number: number, last: number): boolean => number > last || last - number > NUMBERS / 2;

const SYSLOG = Buffer.from('syslog ');
function isSyslog(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== SPACE) return false;
  for (let i = 0; i < SYSLOG.length; i++) if (bytes[at + 1 + i] !== SYSLOG[i]) return false;
  return true;
}

/** At most nine digits from `at` on, and where they end. */
function readDigits(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0, end = at;
  for (; end < at + 9; end++) {
    const digit = (bytes[end] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return { value, end };
}
