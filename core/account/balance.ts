// The balance of a source: what was received against what was read, stored and evaluated, and each gap by its cause and its owner. What
// the sender's numbers show to be missing is a loss between sender and collector only as far as no loss of our own explains it. Pure.
import { addCounts, addLosses, NOTHING, ownerOf, type AccountTotal, type Cause, type Counts, type Loss, type Owner } from './account.js';
import type { Range } from './ranges.js';

export interface Gap {
  readonly cause: Cause;
  readonly owner: Owner;
  /** Messages. */
  readonly count: number;
  /** Frames, connections or requests concerned of which nothing, or not all, is lost. */
  readonly frames: number;
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
  readonly parts: readonly { readonly name: string; readonly count: number; readonly missing: readonly Range[] }[];
}
export interface Balance extends Counts {
  readonly underWay: number;
  /** Messages lost on our side, and between sender and us. */
  readonly lost: number;
  readonly missing: number;
  /** Received = parsed + unparsed = stored = evaluated, and nothing lost; what is under way is not judged. */
  readonly complete: boolean;
  /** Evaluated of all that were sent as far as is known, two decimals, never rounded up to 100. */
  readonly percent: number;
  readonly gaps: readonly Gap[];
}

/** Of one source's sums (its tiers together), with what the collector has and nobody has committed. */
export function balanceOf(totals: readonly Pick<AccountTotal, keyof Counts | 'losses'>[], underWay = 0): Balance {
  const counts = totals.reduce<Counts>((sum, one) => addCounts(sum, one), NOTHING), losses = totals.reduce<readonly Loss[]>((sum, one) => addLosses(sum, one.losses), []);
  const gaps = new Map<Cause, Gap>();
  for (const { cause, name, count, frames, bytes, from, to, missing = [] } of losses) {
    const before = gaps.get(cause), part = { name, count, missing };
    gaps.set(cause, before === undefined ? { cause, owner: ownerOf(cause), count, frames, bytes, from, to, parts: [part] } : {
      ...before, count: before.count + count, frames: before.frames + frames, bytes: before.bytes + bytes, from: Math.min(before.from, from), to: Math.max(before.to, to), parts: [...before.parts, part],
    });
  }
  const inside = [...gaps.values()].reduce((sum, { cause, count }) => sum + (cause === 'sequence_gap' ? 0 : count), 0), sequence = gaps.get('sequence_gap');
  const missing = Math.max(0, (sequence?.count ?? 0) - inside);
  // All explained: the numbers say what our own records say.
  if (sequence !== undefined) { if (missing === 0) gaps.delete('sequence_gap'); else gaps.set('sequence_gap', { ...sequence, count: missing }); }
  const differ = (cause: Cause, count: number): void => { if (count !== 0) gaps.set(cause, { cause, owner: ownerOf(cause), count: count + (gaps.get(cause)?.count ?? 0), frames: 0, bytes: 0, from: 0, to: 0, parts: gaps.get(cause)?.parts ?? [] }); };
  const { received, parsed, unparsed, stored, evaluated } = counts;
  differ('not_read', received - parsed - unparsed);
  differ('not_stored', received - stored);
  differ('not_evaluated', stored - evaluated);
  differ('under_way', underWay);
  const sent = received + inside + missing, complete = [...gaps.values()].every(({ cause, count }) => cause === 'under_way' || count === 0);
  const percent = sent === 0 ? 100 : Math.floor(Math.max(0, evaluated) * 10_000 / sent) / 100;
  return { ...counts, underWay, lost: inside, missing, complete, percent: complete ? 100 : Math.min(percent, 99.99), gaps: [...gaps.values()].sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1)) };
}
