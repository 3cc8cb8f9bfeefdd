// The completeness account: of each source (system, sender) and minute of receipt, how many messages were received, read, stored and
// evaluated, and by name what was not. Received = parsed + unparsed = stored = evaluated, or there is a gap with a cause and an owner.
// Counts are sums over positions of streams: a commit brings those of its runs, and what was committed is never counted again. Pure.
import { assertNever } from '../assert.js';
import type { Millis } from '../event.js';
import { addRanges, takeRanges, type Range } from './ranges.js';

/** Why messages are missing. Those of loss records first (collector/intake/losses.ts), then what the account itself finds. */
export const CAUSES = [
  'kernel_drop', 'overrun', 'spool_full', 'refused', 'protocol', 'too_large', 'busy', 'incomplete', 'unfinished', 'file_truncated', 'cut', 'intake_stopped', 'spool_damaged',
  /** Numbers that the sender gave and that never came: lost between sender and collector. */
  'sequence_gap',
  /** Lost before there was an account, for reasons that loss records of then tell. */
  'earlier',
  /** Received, but neither read nor kept as text; read, but not stored; stored, but evaluated by no rule set. */
  'not_read', 'not_stored', 'not_evaluated',
  /** Received and not yet committed. */
  'under_way',
  'other',
] as const;
export type Cause = (typeof CAUSES)[number];
export const causeOf = (reason: unknown): Cause => (CAUSES.includes(reason as Cause) ? reason as Cause : 'other');

/** Who can do something about it: who runs this program, who runs the source, or both with the network between them. */
export type Owner = 'platform' | 'source' | 'path';
export function ownerOf(cause: Cause): Owner {
  switch (cause) {
    case 'kernel_drop': case 'overrun': case 'spool_full': case 'busy': case 'intake_stopped': case 'spool_damaged': case 'file_truncated':
    case 'not_read': case 'not_stored': case 'not_evaluated': case 'under_way': case 'earlier': case 'other': return 'platform';
    case 'refused': case 'protocol': case 'too_large': case 'cut': return 'source';
    case 'incomplete': case 'unfinished': case 'sequence_gap': return 'path';
    default: return assertNever(cause);
  }
}

/** What one cause cost. */
export interface Loss {
  readonly cause: Cause;
  /** The listener, or which of the sender's numberings (`windows dc-01 Security`). */
  readonly name: string;
  /** Messages that are nowhere. */
  readonly count: number;
  /** Frames, connections or requests concerned of which nothing, or not all, is lost. */
  readonly frames: number;
  readonly bytes: number;
  readonly from: Millis;
  readonly to: Millis;
  /** Of numberings: which numbers, the latest `RANGES_MAX` ranges of them. */
  readonly missing?: readonly Range[];
  /** In what a commit brings only: numbers that came after all. */
  readonly found?: readonly Range[];
}

export interface Counts {
  readonly received: number;
  readonly parsed: number;
  readonly unparsed: number;
  readonly stored: number;
  readonly evaluated: number;
  /** The collector's own records about it: positions that hold no message. */
  readonly own: number;
}
export const NOTHING: Counts = { received: 0, parsed: 0, unparsed: 0, stored: 0, evaluated: 0, own: 0 };

/** What a commit adds to one source's minute. The collector's own losses stand under system '' and the listener's name. */
export interface SourceMinute extends Counts {
  readonly minute: Millis;
  readonly system: string;
  readonly sender: string;
  readonly tier: number;
  readonly losses: readonly Loss[];
}

/** What a run says for the account. */
export interface RunAccount {
  readonly minutes: readonly SourceMinute[];
  readonly numbers: readonly SenderNumbers[];
}

/** Numbers of one numbering of a sender, in the order they came: `minute, first, how many` three by three. */
export interface SenderNumbers {
  readonly system: string;
  readonly sender: string;
  readonly name: string;
  readonly tier: number;
  readonly runs: readonly number[];
}

/** A stored stretch of a source: a minute, later an hour, then an official day. */
export interface AccountRow extends Counts {
  readonly start: Millis;
  readonly span: Millis;
  readonly system: string;
  readonly sender: string;
  readonly tier: number;
  /** How long the source had been silent before this, in whole minutes' milliseconds; the longest in the stretch. */
  readonly quiet: Millis;
  readonly losses: readonly Loss[];
}

/** A sum over stretches. */
export interface AccountTotal extends Counts {
  readonly system: string;
  readonly sender: string;
  readonly tier: number;
  readonly losses: readonly Loss[];
}

export const RANGES_MAX = 20, LOSSES_MAX = 200;

export const addCounts = (a: Counts, b: Counts): Counts => ({
  received: a.received + b.received, parsed: a.parsed + b.parsed, unparsed: a.unparsed + b.unparsed, stored: a.stored + b.stored, evaluated: a.evaluated + b.evaluated, own: a.own + b.own,
});

/** Losses by cause and name, each once. */
export function addLosses(before: readonly Loss[], more: readonly Loss[]): readonly Loss[] {
  if (more.length === 0) return before;
  const sums = new Map(before.map((one) => [keyOf(one), one]));
  for (const one of more) {
    const loss = sums.has(keyOf(one)) || sums.size < LOSSES_MAX ? one : { ...one, name: '', missing: [], found: [] };
    sums.set(keyOf(loss), addLoss(sums.get(keyOf(loss)), loss));
  }
  return [...sums.values()];
}
const keyOf = ({ cause, name }: Loss): string => `${cause}\0${name}`;

function addLoss(before: Loss | undefined, loss: Loss): Loss {
  if (before === undefined) return loss;
  const missing = addRanges(before.missing ?? [], loss.missing ?? []), found = addRanges(before.found ?? [], loss.found ?? []);
  return withRanges({
    ...loss, count: before.count + loss.count, frames: before.frames + loss.frames, bytes: before.bytes + loss.bytes, from: Math.min(before.from, loss.from), to: Math.max(before.to, loss.to),
  }, takeRanges(missing, found), takeRanges(found, missing));
}
function withRanges({ missing: _, found: __, ...loss }: Loss, missing: readonly Range[], found: readonly Range[]): Loss {
  return { ...loss, ...(missing.length === 0 ? {} : { missing: missing.slice(-RANGES_MAX) }), ...(found.length === 0 ? {} : { found }) };
}

/** Losses as they are kept: what was found again is none. */
export const settled = (losses: readonly Loss[]): readonly Loss[] =>
  losses.filter(({ cause, count }) => cause !== 'sequence_gap' || count > 0).map((loss) => withRanges(loss, takeRanges(loss.missing ?? [], loss.found ?? []), []));

/** Sums by source and tier, in that order. */
export function totalsOf(rows: Iterable<Omit<AccountTotal, 'losses'> & { readonly losses: readonly Loss[] }>): readonly AccountTotal[] {
  const totals = new Map<string, AccountTotal>();
  for (const { system, sender, tier, losses, ...counts } of rows) {
    const key = `${system}\0${sender}\0${tier}`, before = totals.get(key);
    totals.set(key, { system, sender, tier, ...addCounts(before ?? NOTHING, counts), losses: addLosses(before?.losses ?? [], losses) });
  }
  return [...totals.values()].sort((a, b) => order(a.system, b.system) || order(a.sender, b.sender) || a.tier - b.tier);
}
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
