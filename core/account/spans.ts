// How long the account keeps how much: minutes for days, then hours for months, then official days. Sums stay what they were. Pure.
import type { Millis } from '../event.js';
import { OFFICIAL_OFFSET_MS } from '../policy.js';
import { MINUTE_MS } from './tally.js';

export const HOUR_MS = 3_600_000, DAY_MS = 86_400_000;
/** Lifetime sums stand under this span, start 0. */
export const LIFETIME = 0;
/** Before these times there are hours only, and days only. */
export interface Rolled { readonly hours: Millis; readonly days: Millis }
export const UNROLLED: Rolled = { hours: 0, days: 0 };

export interface AccountKeeping { readonly minuteDays: number; readonly hourDays: number; readonly dayDays: number }
export const KEEPING: AccountKeeping = { minuteDays: 8, hourDays: 100, dayDays: 3_660 };

export const startOf = (at: Millis, span: Millis): Millis => (span === DAY_MS ? Math.floor((at + OFFICIAL_OFFSET_MS) / DAY_MS) * DAY_MS - OFFICIAL_OFFSET_MS : Math.floor(at / span) * span);

/** The stretch that a minute's counts are kept in now. */
export function stretchOf(minute: Millis, { hours, days }: Rolled): { readonly start: Millis; readonly span: Millis } {
  const span = minute < days ? DAY_MS : minute < hours ? HOUR_MS : MINUTE_MS;
  return { start: startOf(minute, span), span };
}

/** Up to where minutes become hours and hours days; never back. */
export function rolledBy(now: Millis, before: Rolled, { minuteDays, hourDays }: AccountKeeping = KEEPING): Rolled {
  return { hours: Math.max(before.hours, startOf(now - minuteDays * DAY_MS, HOUR_MS)), days: Math.max(before.days, startOf(now - hourDays * DAY_MS, DAY_MS)) };
}
