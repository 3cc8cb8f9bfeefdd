// How late a log message may come and still count as on time where a verdict has to wait: by tier, as the policy in force says. A window is
// judged by the tier of the hit that ends or opens it.
import type { Millis } from '../core/event.js';
import type { Policy } from '../core/policy.js';
import { TIERS, type Tier } from '../core/tier.js';

export type ByTier = Readonly<Record<Tier, Millis>>;
export const byTier = (valueOf: (tier: Tier) => Millis): ByTier => Object.fromEntries(TIERS.map((tier) => [tier, valueOf(tier)])) as Record<Tier, Millis>;
export const least = (values: ByTier): Millis => Math.min(...Object.values(values));

export const LATENESS_MS = 5 * 60_000;
/** What the policy says; `everywhere` stands before it, and without either it is five minutes. */
export const latenessBy = (policy: Policy | undefined, everywhere?: Millis): ByTier => byTier((tier) => everywhere ?? policy?.latenessMs(tier) ?? LATENESS_MS);

/** Of a hit; what has no tier of ours waits as long as any. */
export const latenessOf = (lateness: ByTier, tier: number): Millis => (lateness as Readonly<Record<number, Millis>>)[tier] ?? Math.max(...Object.values(lateness));

/** The tiers of each lateness. */
export function tiersBy(lateness: ByTier): ReadonlyMap<Millis, readonly Tier[]> {
  const tiers = new Map<Millis, Tier[]>();
  for (const tier of TIERS) tiers.set(lateness[tier], [...(tiers.get(lateness[tier]) ?? []), tier]);
  return tiers;
}
