// Times, durations and numbers as people here read them. The store keeps UTC; screens show Asia/Ho_Chi_Minh, which has no
// daylight saving: seven hours ahead, always.
import { language, words } from '../controllers/locale.js';
import { printNumber, printPercent } from './number.js';

const ZONE_MS = 7 * 3_600_000;
const SECOND = 1_000, MINUTE = 60_000, HOUR = 3_600_000, DAY = 86_400_000;
const two = (value: number): string => String(value).padStart(2, '0');
type Time = string | number;

const local = (at: Time): Date => new Date((typeof at === 'number' ? at : Date.parse(at)) + ZONE_MS);
const valid = (date: Date, print: (date: Date) => string): string => (Number.isNaN(date.getTime()) ? '–' : print(date));

export const number = (value: number): string => printNumber(language(), value);
/** `99,99`: of a share that one decimal would round up to all. */
export const twoDecimals = (value: number): string => (Number.isInteger(value) ? number(value) : value.toFixed(2).replace('.', language() === 'vi' ? ',' : '.'));
/** `12,3 MB`: bytes as disks are sold, thousands of thousands. */
export function size(bytes: number): string {
  const unit = Math.min(4, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3)), value = bytes / 1000 ** unit;
  return `${unit === 0 || value >= 100 ? number(Math.round(value)) : value.toFixed(1).replace('.', language() === 'vi' ? ',' : '.')} ${['B', 'kB', 'MB', 'GB', 'TB'][unit] ?? ''}`;
}
export const percent = (value: number): string => printPercent(language(), value);

const day = (date: Date): string => `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}/${date.getUTCFullYear()}`;
const clock = (date: Date): string => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
export const date = (at: Time): string => valid(local(at), day);
export const time = (at: Time): string => valid(local(at), clock);
export const shortTime = (at: Time): string => time(at).slice(0, 5);
export const timeMs = (at: Time): string => valid(local(at), (one) => `${clock(one)}.${String(one.getUTCMilliseconds()).padStart(3, '0')}`);
export const dateTime = (at: Time): string => valid(local(at), (one) => `${day(one)} ${clock(one)}`);
export const shortDateTime = (at: Time): string => valid(local(at), (one) => `${two(one.getUTCDate())}/${two(one.getUTCMonth() + 1)} ${clock(one).slice(0, 5)}`);
export const weekday = (at: Time): string => words().weekdays[local(at).getUTCDay()] ?? '';
/** Time alone when it is today, day and time otherwise. */
export const near = (at: Time, present: number): string => (date(at) === date(present) ? time(at) : dateTime(at));

/** `3 g 20 ph`, `9 ph`, `2 ngày 4 g`, `45 giây`: two parts at most. */
export function duration(ms: number): string {
  const { unit } = words(), size = Math.abs(ms);
  if (size < MINUTE) return `${Math.floor(size / SECOND)} ${unit.second}`;
  if (size < HOUR) return `${Math.floor(size / MINUTE)} ${unit.minute}`;
  if (size < DAY) return parts(Math.floor(size / HOUR), unit.hour, Math.floor((size % HOUR) / MINUTE), unit.minute);
  return parts(Math.floor(size / DAY), unit.day, Math.floor((size % DAY) / HOUR), unit.hour);
}
/** In full, for legal deadlines: `5 giờ 18 phút`. */
export function durationFull(ms: number): string {
  const { unit } = words(), size = Math.abs(ms);
  if (size < HOUR) return `${Math.floor(size / MINUTE)} ${unit.minuteFull}`;
  return parts(Math.floor(size / HOUR), unit.hourFull, Math.floor((size % HOUR) / MINUTE), unit.minuteFull);
}
const parts = (large: number, largeUnit: string, small: number, smallUnit: string): string => (small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`);

export const ago = (at: Time, present: number): string => {
  const passed = present - (typeof at === 'number' ? at : Date.parse(at));
  return passed < 2 * SECOND ? words().now : words().ago(duration(passed));
};

/** For `<input type="datetime-local">`, local to the zone shown. */
export const toInput = (at: Time): string => valid(local(at), (one) => one.toISOString().slice(0, 16));
export const fromInput = (text: string): string | undefined => {
  const at = Date.parse(`${text}Z`);
  return Number.isNaN(at) ? undefined : new Date(at - ZONE_MS).toISOString();
};
/** `2026-12`, the month it is now where people are. */
export const monthOf = (at: Time): string => local(at).toISOString().slice(0, 7);
/** Midnight of a local day as UTC ISO: `2026-12-16` -> `2026-12-15T17:00:00.000Z`. */
export const dayStart = (text: string, plusDays = 0): string | undefined => {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) ? undefined : new Date(at - ZONE_MS + plusDays * DAY).toISOString();
};
