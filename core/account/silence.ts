// How long a source may be silent before somebody is told: what its level's policy allows, beyond the silence that is usual for it. A
// source that reports once an hour, or rests every night, is not alarmed about each time; the usual is the median over the last days of
// each day's longest silence, so one outage does not make itself usual. Pure.
import type { Millis } from '../event.js';
import { median } from '../compliance.js';
import { OFFICIAL_OFFSET_MS } from '../policy.js';
import { DAY_MS } from './spans.js';
import { MINUTE_MS } from './tally.js';

export const LEARN_DAYS = 7, LEARN_DAYS_MIN = 3;
export interface QuietDay { readonly system: string; readonly sender: string; readonly day: number; readonly quietMs: number }

/** From when on days are asked for; today, which is not over, does not count. */
export const learnSince = (now: Millis): Millis => Math.floor((now + OFFICIAL_OFFSET_MS) / DAY_MS) * DAY_MS - OFFICIAL_OFFSET_MS - LEARN_DAYS * DAY_MS;

export class Quiet {
  private readonly usual = new Map<string, number>();

  constructor(days: readonly QuietDay[], now: Millis) {
    const today = Math.floor((now + OFFICIAL_OFFSET_MS) / DAY_MS), bySource = new Map<string, number[]>();
    for (const { system, sender, day, quietMs } of days) {
      if (day >= today || day < today - LEARN_DAYS) continue;
      const key = `${system}/${sender}`, known = bySource.get(key);
      if (known === undefined) bySource.set(key, [quietMs / MINUTE_MS]); else known.push(quietMs / MINUTE_MS);
    }
    for (const [key, longest] of bySource) if (longest.length >= LEARN_DAYS_MIN) this.usual.set(key, median(longest) ?? 0);
  }

  /** Minutes; `policyMinutes` is what the policy allows a source of its level. */
  limitMinutes({ system, sender }: { readonly system: string; readonly sender: string }, policyMinutes: number): number {
    const usual = this.usual.get(`${system}/${sender}`) ?? 0;
    return usual > policyMinutes ? Math.ceil(usual) + policyMinutes : policyMinutes;
  }
}
