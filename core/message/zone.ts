// Time zones by name (IANA) without a Node API: what Intl knows, asked once for a day and remembered. Pure.
import type { Millis } from '../event.js';

export const DEFAULT_ZONE = 'Asia/Ho_Chi_Minh';

/** What sites here choose among first. */
export const COMMON_ZONES: readonly string[] = [DEFAULT_ZONE, 'UTC', 'Asia/Bangkok', 'Asia/Singapore', 'Asia/Shanghai', 'Asia/Tokyo', 'Asia/Seoul'];
/** Intl lists some places under names of before. */
const RENAMED: Readonly<Record<string, string>> = { 'Asia/Saigon': DEFAULT_ZONE, 'Asia/Calcutta': 'Asia/Kolkata', 'Asia/Katmandu': 'Asia/Kathmandu', 'Asia/Rangoon': 'Asia/Yangon', 'Europe/Kiev': 'Europe/Kyiv' };
/** Every name to choose from, in order. */
export const zoneNames = (): readonly string[] => [...new Set([...COMMON_ZONES, ...Intl.supportedValuesOf('timeZone').map((name) => RENAMED[name] ?? name)])].sort();

/** The name if Intl knows it, else undefined. */
export function knownZone(name: string | undefined): string | undefined {
  return name !== undefined && name !== '' && zoneOf(name) !== undefined ? name : undefined;
}

/** A clock's reading in a zone, written as if it were UTC, as the instant it names. In the hour that is left out or told twice: one of the two. */
export function toUtc(wall: Millis, zone: string): Millis {
  const known = zoneOf(zone) ?? zoneOf(DEFAULT_ZONE);
  if (known === undefined) return wall;
  return wall - offsetAt(known, wall - offsetAt(known, wall));
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** UTC days that were asked for, each in the place that its last bits name, and its offset, or NaN where it changes that day. */
  readonly days: Float64Array;
  readonly offsets: Float64Array;
  /** The day that was asked for last. */
  day: number;
  offset: number;
}
const zones = new Map<string, Zone | undefined>();
const DAY = 86_400_000, DAYS = 4096;

function zoneOf(name: string): Zone | undefined {
  if (name === lastName) return lastZone;
  lastZone = findZone(name);
  lastName = name;
  return lastZone;
}
let lastName = '', lastZone: Zone | undefined;

function findZone(name: string): Zone | undefined {
  if (zones.has(name)) return zones.get(name);
  if (zones.size > 1000) zones.clear();
  let zone: Zone | undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    zone = { format, days: new Float64Array(DAYS).fill(NaN), offsets: new Float64Array(DAYS), day: NaN, offset: NaN };
  } catch { zone = undefined; }
  zones.set(name, zone);
  return zone;
}

function offsetAt(zone: Zone, utc: Millis): number {
  const day = Math.floor(utc / DAY);
  if (day === zone.day && !Number.isNaN(zone.offset)) return zone.offset;
  const place = day & (DAYS - 1);
  if (zone.days[place] !== day) {
    const first = askedOffset(zone, day * DAY), last = askedOffset(zone, (day + 1) * DAY - 1000);
    zone.offsets[place] = first === last ? first : NaN;
    zone.days[place] = day;
  }
  const offset = zone.offsets[place] as number;
  zone.day = day; zone.offset = offset;
  return Number.isNaN(offset) ? askedOffset(zone, utc) : offset;
}

function askedOffset(zone: Zone, utc: Millis): number {
  const whole = Math.floor(utc / 1000) * 1000;
  if (!(Math.abs(whole) < 8e15)) return 0;
  let year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  for (const { type, value } of zone.format.formatToParts(whole)) {
    if (type === 'year') year = Number(value);
    else if (type === 'month') month = Number(value);
    else if (type === 'day') day = Number(value);
    else if (type === 'hour') hour = Number(value);
    else if (type === 'minute') minute = Number(value);
    else if (type === 'second') second = Number(value);
  }
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}
