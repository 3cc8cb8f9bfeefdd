// Times as logs write them: read at a place in a text, then resolved to an instant with the receive time (for a missing year) and
// the source's zone (for a missing zone). Hand-written digit by digit: it runs on every line and no input makes it slow. Pure.
import type { Millis } from '../event.js';
import { toUtc } from './zone.js';
import { codeAt } from '../text.js';

/** A time as read. `end` is where the text goes on. */
export interface Stamp {
  readonly end: number;
  /** 0 = not stated. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Milliseconds since that day's midnight. */
  readonly millis: number;
  /** Minutes east of UTC; NaN = not stated. */
  readonly offset: number;
}

const DAY = 86_400_000;

/**
 * The instant. A missing year is the latest that puts the time at most 24 h after receipt; a time without a zone is in `zone`.
 */
export function resolve({ year, month, day, millis, offset }: Stamp, received: Millis, zone: string): Millis {
  const instant = (y: number): Millis => {
    const wall = dayNumber(y, month, day) * DAY + millis;
    return Number.isNaN(offset) ? toUtc(wall, zone) : wall - offset * 60_000;
  };
  if (year !== 0) return instant(year);
  const latest = received + DAY;
  for (let y = yearOf(latest + DAY), tries = 0; tries < 12; y--, tries++) {
    if (day > daysIn(y, month)) continue;
    const at = instant(y);
    if (at <= latest) return at;
  }
  return received;
}

/** Days since 1970 of a day after the year 0. A year begins in March here, so that the day that not every year has is its last. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1, since = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + since - 719_468;
}
/** The year of an instant; a batch has one time of receipt. */
function yearOf(time: Millis): number {
  if (time !== yearAsked) { yearKnown = new Date(time).getUTCFullYear(); yearAsked = time; }
  return yearKnown;
}
let yearAsked = NaN, yearKnown = NaN;

/** Any of the shapes that syslog headers begin with, or undefined. */
export function readTime(text: string, at: number): Stamp | undefined {
  const c = codeAt(text, at);
  if (c >= 48 && c <= 57) { // four digits are a year, one or two a day or a month
    const width = digitsEnd(text, at, 4) - at;
    return width === 4 ? readIso(text, at) ?? readYearMonth(text, at) : width === 3 ? undefined : readSlashed(text, at) ?? readDayMonth(text, at);
  }
  if (!isLetter(c)) return undefined;
  return readMonthDay(text, at) ?? readWeekday(text, at);
}

/** The same where nothing else stands behind it: the zone may then be in words, `Feb 17 2026 13:40:03 GMT+07:00`. */
export function readZoned(text: string): Stamp | undefined {
  const stamp = readTime(text, 0);
  if (stamp === undefined || !Number.isNaN(stamp.offset)) return stamp;
  const { end, offset } = readOffset(text, stamp.end);
  return Number.isNaN(offset) ? stamp : { ...stamp, end, offset };
}

/** `2006-11-10T10:43:21.156+02:00`, also with a space, slashes, a comma fraction, no zone, or compact `20061110T104321Z`. */
export function readIso(text: string, at: number): Stamp | undefined {
  const year = digits(text, at, 4);
  if (year < 1900 || year > 2199) return undefined;
  const sign = codeAt(text, at + 4);
  let month: number, day: number, p: number;
  if (sign === 45 || sign === 47 || sign === 46 || (sign === 58 && codeAt(text, at + 10) === 45)) { // - / . and Sophos' 2026:02:17-13:40:03
    month = digits(text, at + 5, 2);
    if (month < 0 || codeAt(text, at + 7) !== sign) return undefined;
    day = digits(text, at + 8, 2);
    p = at + 10;
  } else {
    month = digits(text, at + 4, 2); day = digits(text, at + 6, 2);
    p = at + 8;
    if (codeAt(text, p) !== 84) return undefined;
  }
  if (!validDay(year, month, day)) return undefined;
  const mark = codeAt(text, p);
  if (mark !== 84 && mark !== 116 && mark !== 32 && mark !== 95 && mark !== 45 && mark !== 44) return undefined; // T t space _ - ,
  p++;
  if (mark === 44 && codeAt(text, p) === 32) p++;
  const clock = readClock(text, p);
  if (clock === undefined) return undefined;
  const zone = readOffset(text, clock.end);
  return { end: zone.end, year, month, day, millis: clock.millis, offset: zone.offset };
}

/** `Mar 7 19:06:53`, `Mar  7`, `AUG 07`, the year before the clock or after it, a fraction, AM or PM, `Mar 7, 2008`. */
export function readMonthDay(text: string, at: number): Stamp | undefined {
  const month = monthAt(text, at);
  if (month === 0) return undefined;
  let p = at + 3;
  if (codeAt(text, p) === 46) p++;
  p = spaces(text, p);
  if (p === at + 3) return undefined;
  const dayEnd = digitsEnd(text, p, 2);
  if (dayEnd === p) return undefined;
  const day = Number(text.slice(p, dayEnd));
  p = dayEnd;
  if (codeAt(text, p) === 44) p++;
  const afterDay = p;
  p = spaces(text, p);
  if (p === afterDay) return undefined;
  let year = yearAt(text, p);
  if (year !== 0) p = spaces(text, p + 4);
  let clock = readClock(text, p);
  if (clock === undefined) return undefined;
  const half = readHalf(text, clock);
  clock = half;
  let end = clock.end;
  if (year === 0 && codeAt(text, end) === 32) {
    const late = yearAt(text, end + 1), after = codeAt(text, end + 5);
    if (late !== 0 && (after === 32 || after === 93 || (after === 58 && codeAt(text, end + 6) === 32) || Number.isNaN(after))) { year = late; end += 5; }
  }
  if (!validDay(year === 0 ? 2024 : year, month, day)) return undefined;
  const c = codeAt(text, end);
  const zone = c === 43 || c === 45 || c === 90 ? readOffset(text, end) : { end, offset: NaN };
  return { end: zone.end, year, month, day, millis: clock.millis, offset: zone.offset };
}

/** `2008 Mar 7 19:06:53`. */
function readYearMonth(text: string, at: number): Stamp | undefined {
  const year = yearAt(text, at);
  if (year === 0 || codeAt(text, at + 4) !== 32) return undefined;
  const rest = readMonthDay(text, spaces(text, at + 4));
  return rest === undefined || rest.year !== 0 || rest.day > daysIn(year, rest.month) ? undefined : { ...rest, year };
}

/** `05/21/2017:00:00:00 GMT`, `21/05/2017 00:00:00`: the month is whichever can be one, American first. */
export function readSlashed(text: string, at: number): Stamp | undefined {
  const e1 = digitsEnd(text, at, 2);
  const mark = codeAt(text, e1);
  if (e1 === at || (mark !== 47 && mark !== 46 && mark !== 45)) return undefined;
  const e2 = digitsEnd(text, e1 + 1, 2);
  if (e2 === e1 + 1 || codeAt(text, e2) !== mark) return undefined;
  const year = yearAt(text, e2 + 1), c = codeAt(text, e2 + 5);
  if (year === 0 || (c !== 58 && c !== 32 && c !== 44)) return undefined;
  const first = Number(text.slice(at, e1)), second = Number(text.slice(e1 + 1, e2));
  const american = first <= 12 && mark === 47;
  const month = american ? first : second, day = american ? second : first;
  const clock = readClock(text, spaces(text, e2 + 6));
  if (clock === undefined || !validDay(year, month, day)) return undefined;
  const whole = readHalf(text, clock), zone = readOffset(text, whole.end);
  return { end: zone.end, year, month, day, millis: whole.millis, offset: zone.offset };
}

/** `7 Mar 2008 19:06:53`, `17/Feb/2026:13:40:03 +0000`, `17-Feb-2026 13:40:03.100`. */
export function readDayMonth(text: string, at: number): Stamp | undefined {
  const e1 = digitsEnd(text, at, 2);
  if (e1 === at) return undefined;
  const mark = codeAt(text, e1);
  if (mark !== 32 && mark !== 47 && mark !== 45) return undefined;
  const month = monthAt(text, e1 + 1);
  if (month === 0 || codeAt(text, e1 + 4) !== mark) return undefined;
  const year = yearAt(text, e1 + 5), day = Number(text.slice(at, e1));
  let p = e1 + 5;
  if (year !== 0) p += 5;
  const clock = readClock(text, spaces(text, p));
  if (clock === undefined || !validDay(year === 0 ? 2024 : year, month, day)) return undefined;
  const zone = readOffset(text, clock.end);
  return { end: zone.end, year, month, day, millis: clock.millis, offset: zone.offset };
}

/** `Fri Mar 19 15:33:30 2010`, `Fri, 19 Mar 2010 15:33:30 GMT`. */
function readWeekday(text: string, at: number): Stamp | undefined {
  if (!WEEKDAYS.has(threeLetters(text, at))) return undefined;
  let p = at + 3;
  if (codeAt(text, p) === 44) p++;
  if (codeAt(text, p) !== 32) return undefined;
  p = spaces(text, p);
  return readMonthDay(text, p) ?? readDayMonth(text, p);
}

/** Seconds since 1970 with any fraction; of 13, 16 or 19 digits milli-, micro-, nanoseconds. */
export function epochMillis(text: string): Millis | undefined {
  const end = digitsEnd(text, 0, 19);
  if (end < 9) return undefined;
  const whole = Number(text.slice(0, end));
  if (end < text.length) {
    if (codeAt(text, end) !== 46 || end > 11) return undefined;
    const fraction = Number(`0.${text.slice(end + 1, end + 7)}`);
    return Number.isNaN(fraction) ? undefined : whole * 1000 + Math.round(fraction * 1000);
  }
  return end <= 11 ? whole * 1000 : end <= 14 ? whole : end <= 17 ? Math.floor(whole / 1000) : Math.floor(whole / 1_000_000);
}

interface Clock { readonly end: number; readonly millis: number }

/** `hh:mm:ss` with an optional fraction of any length (`.` or `,`), or `hh:mm` where nothing else follows the minute but a space. */
function readClock(text: string, at: number): Clock | undefined {
  let p = at;
  const hourEnd = digitsEnd(text, p, 2);
  if (hourEnd === p || codeAt(text, hourEnd) !== 58) { // compact hhmmss
    const hour = digits(text, at, 2), minute = digits(text, at + 2, 2), second = digits(text, at + 4, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return undefined;
    return fraction(text, at + 6, (hour * 3600 + minute * 60 + second) * 1000);
  }
  const hour = Number(text.slice(p, hourEnd)), minute = digits(text, hourEnd + 1, 2);
  if (hour > 23 || minute < 0 || minute > 59) return undefined;
  p = hourEnd + 3;
  if (codeAt(text, p) !== 58) return { end: p, millis: (hour * 3600 + minute * 60) * 1000 };
  const second = digits(text, p + 1, 2);
  if (second < 0 || second > 60) return undefined;
  return fraction(text, p + 3, (hour * 3600 + minute * 60 + second) * 1000);
}

function fraction(text: string, at: number, millis: number): Clock {
  const mark = codeAt(text, at);
  if (mark !== 46 && mark !== 44) return { end: at, millis };
  let p = at + 1, part = 0, scale = 100;
  for (; isDigit(codeAt(text, p)); p++) { part += (codeAt(text, p) - 48) * scale; scale = scale > 1 ? scale / 10 : 0; }
  return p === at + 1 ? { end: at, millis } : { end: p, millis: millis + part };
}

function readHalf(text: string, clock: Clock): Clock {
  const p = codeAt(text, clock.end) === 32 ? clock.end + 1 : clock.end;
  const c = codeAt(text, p) | 32;
  if ((c !== 97 && c !== 112) || (codeAt(text, p + 1) | 32) !== 109 || isLetter(codeAt(text, p + 2))) return clock;
  const hour = Math.floor(clock.millis / 3_600_000);
  if (hour > 12) return clock;
  return { end: p + 2, millis: clock.millis % 3_600_000 + (hour % 12 + (c === 112 ? 12 : 0)) * 3_600_000 };
}

/** `Z`, `+02:00`, `+0200`, `+07`, after one space too, or a zone's abbreviation after one space. */
export function readOffset(text: string, at: number): { end: number; offset: number } {
  let p = at;
  const spaced = codeAt(text, p) === 32;
  if (spaced) p++;
  const c = codeAt(text, p);
  if (c === 90 || c === 122) return !isWord(codeAt(text, p + 1)) ? { end: p + 1, offset: 0 } : { end: at, offset: NaN };
  if (c === 43 || c === 45) {
    if (codeAt(text, p + 1) === 45 && isDigit(codeAt(text, p + 2))) return loneHour(text, p + 1); // Check Point's "--5:00"
    const hours = digits(text, p + 1, 2);
    if (hours < 0 || hours > 23) return { end: at, offset: NaN };
    const colon = codeAt(text, p + 3) === 58, minutes = digits(text, p + (colon ? 4 : 3), 2);
    const sign = c === 45 ? -1 : 1;
    if (minutes >= 0 && minutes < 60) return { end: p + (colon ? 6 : 5), offset: sign * (hours * 60 + minutes) };
    const next = text.charCodeAt(p + 3); // PostgreSQL's `13:40:03 +07 [12]`, `13:40:03 +07,"an"`
    return !spaced || next === 44 || next === 93 || (next === 32 && (c === 43 || text.charCodeAt(p + 4) === 91)) ? { end: p + 3, offset: sign * hours * 60 } : { end: at, offset: NaN };
  }
  if (spaced && isUpper(c)) {
    let end = p;
    while (end < p + 5 && isUpper(codeAt(text, end))) end++;
    const offset = ABBREVIATIONS[text.slice(p, end)], next = codeAt(text, end);
    if (offset === 0 && (next === 43 || next === 45)) { const behind = readOffset(text, end); if (!Number.isNaN(behind.offset)) return behind; } // Java's `GMT+07:00`
    if (offset !== undefined && !isWord(next)) return { end, offset };
  }
  return { end: at, offset: NaN };
}

/** `-5:00` with one digit for the hour. */
function loneHour(text: string, at: number): { end: number; offset: number } {
  const end = digitsEnd(text, at + 1, 2), minutes = codeAt(text, end) === 58 ? digits(text, end + 1, 2) : -1;
  return { end: minutes < 0 ? end : end + 3, offset: -(Number(text.slice(at + 1, end)) * 60 + Math.max(0, minutes)) };
}

/** Abbreviations in use by devices here; those that mean several zones take the one that network gear means by it. */
const ABBREVIATIONS: Readonly<Record<string, number>> = Object.assign(Object.create(null) as Record<string, number>, {
  UTC: 0, GMT: 0, WET: 0, WEST: 60, BST: 60, CET: 60, CEST: 120, MET: 60, MEST: 120, EET: 120, EEST: 180, MSK: 180, ICT: 420, WIB: 420,
  SGT: 480, HKT: 480, JST: 540, KST: 540, AEST: 600, AEDT: 660, EST: -300, EDT: -240, CST: -360, CDT: -300, MST: -420, MDT: -360, PST: -480, PDT: -420,
});
export const abbreviation = (name: string): number | undefined => ABBREVIATIONS[name];

/** `UTC+7:00`, `+0700`, `GMT-3`, `+7` as minutes east, or NaN. */
export function parseOffset(text: string): number {
  let p = 0;
  if (text.startsWith('UTC') || text.startsWith('GMT')) p = 3;
  if (p === text.length && p === 3) return 0;
  const c = codeAt(text, p);
  if (c !== 43 && c !== 45) return NaN;
  const end = digitsEnd(text, p + 1, 4), width = end - p - 1;
  if (width === 0) return NaN;
  const number = Number(text.slice(p + 1, end));
  let minutes = width <= 2 ? number * 60 : Math.floor(number / 100) * 60 + number % 100;
  if (codeAt(text, end) === 58) minutes += Math.max(0, digits(text, end + 1, 2));
  return c === 45 ? -minutes : minutes;
}

/** 1-12 for an English month's first three letters in any case at `at`, else 0. */
export function monthAt(text: string, at: number): number {
  const name = threeLetters(text, at);
  return name === 0 ? 0 : MONTHS.get(name) ?? 0;
}
/** Three letters in any case as one number, 0 where none stand: no text has to be made to look a name up. */
function threeLetters(text: string, at: number): number {
  const a = codeAt(text, at) | 32, b = codeAt(text, at + 1) | 32, c = codeAt(text, at + 2) | 32;
  return a >= 97 && a <= 122 && b >= 97 && b <= 122 && c >= 97 && c <= 122 ? (a << 16) | (b << 8) | c : 0;
}
const MONTHS = new Map(['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
  .map((name, i) => [threeLetters(name, 0), i + 1]));
const WEEKDAYS = new Set(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((name) => threeLetters(name, 0)));

export const isDigit = (c: number): boolean => c >= 48 && c <= 57;
export const isUpper = (c: number): boolean => c >= 65 && c <= 90;
export const isLetter = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
export const isWord = (c: number): boolean => isLetter(c) || isDigit(c) || c === 95;

function yearAt(text: string, at: number): number {
  const year = digits(text, at, 4);
  return year >= 1970 && year <= 2199 && !isDigit(codeAt(text, at + 4)) ? year : 0;
}
/** The number that `count` digits write at `at`, or -1. */
export function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const c = codeAt(text, at + i);
    if (!(c >= 48 && c <= 57)) return -1;
    value = value * 10 + c - 48;
  }
  return value;
}
export function digitsEnd(text: string, at: number, max: number): number {
  let p = at;
  while (p < at + max && isDigit(codeAt(text, p))) p++;
  return p;
}
export function spaces(text: string, at: number): number {
  let p = at;
  while (codeAt(text, p) === 32) p++;
  return p;
}
function daysIn(year: number, month: number): number {
  return month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
const validDay = (year: number, month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
