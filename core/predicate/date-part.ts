// Parts of a moment as the field writes it: no zone is applied, an hour is the hour that a person reads there.
import type { DatePart } from './predicate.js';

const WRITTEN = /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2}|UTC)?)?\s*$/i;

/** `part` of the moment in `value`: ISO-like text, or a number (seconds or milliseconds since 1970, read in UTC). */
export function datePart(part: DatePart, value: string | number | boolean): number | undefined {
  const moment = momentOf(value);
  if (moment === undefined) return undefined;
  const { year, month, day, hour, minute } = moment;
  switch (part) {
    case 'year': return year;
    case 'month': return month;
    case 'day': return day;
    case 'hour': return hour;
    case 'minute': return minute;
    case 'week': return isoWeek(year, month, day);
  }
}

interface Moment { year: number; month: number; day: number; hour: number | undefined; minute: number | undefined }

function momentOf(value: string | number | boolean): Moment | undefined {
  if (typeof value === 'boolean') return undefined;
  if (typeof value === 'number' || /^\d{9,13}(?:\.\d+)?$/.test(value)) return fromEpoch(Number(value));
  const written = value.length > 64 ? null : WRITTEN.exec(value);
  if (written === null) return undefined;
  const [year, month, day, hour, minute] = written.slice(1, 6).map((digits) => (digits === undefined ? undefined : Number(digits)));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59) return undefined;
  return { year, month, day, hour, minute };
}

function fromEpoch(value: number): Moment | undefined {
  const date = new Date(Math.abs(value) > 1e11 ? value : value * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: date.getUTCHours(), minute: date.getUTCMinutes() };
}

/** ISO 8601: the week that holds the year's first Thursday is week 1. */
function isoWeek(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  return Math.ceil(((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
}
