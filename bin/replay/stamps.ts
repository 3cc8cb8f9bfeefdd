// Times as logs write them: printing them for scenarios, and finding and moving them in lines of old files. Where a form has no
// zone it is read and written as +07:00, the zone in which the collector reads such times (its default, Asia/Ho_Chi_Minh, has no
// daylight saving). Lines are bytes seen as latin1, so what is not a time stays as it was.
import type { Millis } from '../../core/event.js';

const ZONE_MS = 7 * 3_600_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');
const three = (value: number): string => String(value).padStart(3, '0');
const local = (time: Millis): Date => new Date(time + ZONE_MS);
const clock = (date: Date): string => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
const day = (date: Date, by: string): string => `${date.getUTCFullYear()}${by}${two(date.getUTCMonth() + 1)}${by}${two(date.getUTCDate())}`;

/** The forms a scenario may ask for by name. */
export const PRINTERS: Readonly<Record<string, (time: Millis) => string>> = {
  rfc3164: (time) => { const date = local(time); return `${MONTHS[date.getUTCMonth()] ?? ''} ${String(date.getUTCDate()).padStart(2, ' ')} ${clock(date)}`; },
  iso: (time) => `${local(time).toISOString().slice(0, -1)}+07:00`,
  utc: (time) => new Date(time).toISOString(),
  clf: (time) => { const date = local(time); return `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()] ?? ''}/${date.getUTCFullYear()}:${clock(date)} +0700`; },
  apache: (time) => { const date = local(time); return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][date.getUTCDay()] ?? ''} ${MONTHS[date.getUTCMonth()] ?? ''} ${two(date.getUTCDate())} ${clock(date)}.${three(date.getUTCMilliseconds())}000 ${date.getUTCFullYear()}`; },
  nginx: (time) => { const date = local(time); return `${day(date, '/')} ${clock(date)}`; },
  postgres: (time) => { const date = local(time); return `${day(date, '-')} ${clock(date)}.${three(date.getUTCMilliseconds())} +07`; },
  date: (time) => day(local(time), '-'),
  time: (time) => clock(local(time)),
  epoch: (time) => String(Math.floor(time / 1000)),
  epochms: (time) => String(time),
  epochns: (time) => `${time}000000`,
  audit: (time) => `${Math.floor(time / 1000)}.${three(((time % 1000) + 1000) % 1000)}`,
};

/** A time found in a line. Without a year it is reckoned in `BASE_YEAR` or later; only differences of such times mean anything. */
interface Found { readonly time: Millis; readonly hasYear: boolean }
const BASE_YEAR = 2024; // a leap year: 29 February can be read

// In one expression, so that a stamp is not moved twice. Groups: RFC 3164; ISO or "2026-11-22 10:00:00.123"; CLF; nginx error;
// FortiGate date= time=; audit(seconds.
const STAMP = new RegExp([
  /^((?:<\d{1,3}>)?)(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([ 0-3]\d) (\d\d):(\d\d):(\d\d)(?![\d:])/.source,
  /(?<![\d.])(\d{4})-(\d\d)-(\d\d)([T ])(\d\d):(\d\d):(\d\d)([.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)?/.source,
  /\[(\d\d)\/(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})\]/.source,
  /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)/.source,
  /\bdate="?(\d{4})-(\d\d)-(\d\d)"? time="?(\d\d):(\d\d):(\d\d)"?/.source,
  /\baudit\((\d{9,11})\.(\d{3})/.source,
].join('|'), 'g');

/** Reads the lines of one file in order: times without a year grow over New Year instead of falling back. */
export class StampReader {
  private year = BASE_YEAR;
  private lastMonth: number | undefined;

  /** The first time in the line, if there is one. */
  first(line: string): Found | undefined {
    let found: Found | undefined;
    this.each(line, (one) => { found ??= one; return ''; });
    return found;
  }

  /** The line with every time in it replaced by what `move` says. */
  rewrite(line: string, move: (found: Found) => Millis): string {
    return this.each(line, (found, print) => print(move(found)));
  }

  private each(line: string, see: (found: Found, print: (time: Millis) => string) => string): string {
    return line.replace(STAMP, (whole: string, ...rest: (string | undefined)[]) => {
      const at = (index: number): string => rest[index] ?? '';
      const at0 = (index: number): number => Number(at(index));
      if (rest[1] !== undefined) {
        const time = this.yearless(MONTHS.indexOf(at(1)), at0(2), at0(3), at0(4), at0(5));
        return see({ time, hasYear: false }, (moved) => at(0) + (PRINTERS['rfc3164'] as (time: Millis) => string)(moved));
      }
      if (rest[6] !== undefined) {
        const offset = zoneMs(rest[14]), fraction = at(13);
        const time = Date.UTC(at0(6), at0(7) - 1, at0(8), at0(10), at0(11), at0(12)) - offset;
        return see({ time, hasYear: true }, (moved) => { const date = new Date(moved + offset); return `${day(date, '-')}${at(9)}${clock(date)}${fraction}${rest[14] ?? ''}`; });
      }
      if (rest[15] !== undefined) {
        const offset = zoneMs(at(21));
        const time = Date.UTC(at0(17), MONTHS.indexOf(at(16)), at0(15), at0(18), at0(19), at0(20)) - offset;
        return see({ time, hasYear: true }, (moved) => { const date = new Date(moved + offset); return `[${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()] ?? ''}/${date.getUTCFullYear()}:${clock(date)} ${at(21)}]`; });
      }
      if (rest[22] !== undefined) {
        const time = Date.UTC(at0(22), at0(23) - 1, at0(24), at0(25), at0(26), at0(27)) - ZONE_MS;
        return see({ time, hasYear: true }, (moved) => (PRINTERS['nginx'] as (time: Millis) => string)(moved));
      }
      if (rest[28] !== undefined) {
        const time = Date.UTC(at0(28), at0(29) - 1, at0(30), at0(31), at0(32), at0(33)) - ZONE_MS;
        return see({ time, hasYear: true }, (moved) => { const date = local(moved); return whole.replace(/\d{4}-\d\d-\d\d/, day(date, '-')).replace(/\d\d:\d\d:\d\d/, clock(date)); });
      }
      const time = at0(34) * 1000 + at0(35);
      return see({ time, hasYear: true }, (moved) => `audit(${(PRINTERS['audit'] as (time: Millis) => string)(moved)}`);
    });
  }

  private yearless(month: number, date: number, hour: number, minute: number, second: number): Millis {
    if (this.lastMonth !== undefined && this.lastMonth - month > 6) this.year++;
    if (this.lastMonth === undefined || month - this.lastMonth <= 6) this.lastMonth = month;
    return Date.UTC(this.year, month, date, hour, minute, second) - ZONE_MS;
  }
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined) return ZONE_MS;
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
