// What a commit's runs add to the account: their counts by source and minute, what senders' numbers show to be missing, and what no
// count accounts for. A function of the runs and the numberings as they stood before: both stores write what it says. Pure.
import type { EvaluatedRun } from '../pipeline/run.js';
import { addCounts, addLosses, NOTHING, settled, type AccountRow, type SenderNumbers, type SourceMinute } from './account.js';
import { readNumbers, type Numberings } from './sequence.js';
import { LIFETIME, stretchOf, type Rolled } from './spans.js';
import { MINUTE_MS } from './tally.js';

export const sourceKey = ({ system, sender }: { readonly system: string; readonly sender: string }): string => `${system}\0${sender}`;

/** Which sources' numberings must be known. */
export const numberedSources = (runs: readonly EvaluatedRun[]): readonly { readonly system: string; readonly sender: string }[] =>
  [...new Map(runs.flatMap(({ account }) => account?.numbers ?? []).map(({ system, sender }) => [sourceKey({ system, sender }), { system, sender }])).values()];

export interface Booking {
  readonly minutes: readonly SourceMinute[];
  /** By `sourceKey`: as they stand now. */
  readonly numberings: ReadonlyMap<string, Numberings>;
}

export function book(runs: readonly EvaluatedRun[], before: ReadonlyMap<string, Numberings>): Booking {
  const minutes: SourceMinute[] = [], numberings = new Map<string, Numberings>();
  for (const run of runs) {
    if (run.account === undefined) continue;
    minutes.push(...run.account.minutes, ...uncounted(run));
    const bySource = new Map<string, SenderNumbers[]>();
    for (const one of run.account.numbers) bySource.set(sourceKey(one), [...bySource.get(sourceKey(one)) ?? [], one]);
    for (const [key, numbers] of bySource) {
      const { after, losses } = readNumbers(numberings.get(key) ?? before.get(key) ?? {}, numbers);
      numberings.set(key, after);
      minutes.push(...losses);
    }
  }
  return { minutes: sums(minutes), numberings };
}

/** Every position holds a message or a record of ours: what the counts leave over was not read, and says so. */
function uncounted({ from, to, receivedTo, stream: { tier }, account }: EvaluatedRun): readonly SourceMinute[] {
  const left = to - from + 1 - (account?.minutes ?? []).reduce((sum, { received, own }) => sum + received + own, 0);
  if (left === 0) return [];
  const minute = Math.floor(receivedTo / MINUTE_MS) * MINUTE_MS;
  return [{ ...NOTHING, minute, system: '', sender: '', tier, losses: [{ cause: 'not_read', name: '', count: left, frames: 0, bytes: 0, from: receivedTo, to: receivedTo }] }];
}

function sums(minutes: readonly SourceMinute[]): readonly SourceMinute[] {
  const known = new Map<string, SourceMinute>();
  for (const one of minutes) {
    const key = `${one.minute}\0${sourceKey(one)}\0${one.tier}`, before = known.get(key);
    known.set(key, before === undefined ? one : { ...one, ...addCounts(before, one), losses: addLosses(before.losses, one.losses) });
  }
  return [...known.values()];
}

/** The stretch's row and the lifetime's, with what a minute adds. `lastMinute`: the latest in which the source sent, undefined: never. */
export function rowsOf(minute: SourceMinute, rolled: Rolled, lastMinute: number | undefined): readonly AccountRow[] {
  const { minute: at, losses, ...counts } = minute;
  const quiet = counts.received > 0 && lastMinute !== undefined && at > lastMinute ? at - lastMinute : 0;
  const row = { ...counts, quiet, losses: addLosses([], losses) };
  return [{ ...stretchOf(at, rolled), ...row }, { start: 0, span: LIFETIME, ...row, quiet: 0 }];
}

/** The row as it is kept after `more` came to what stands there. */
export const addRow = (before: AccountRow | undefined, more: AccountRow): AccountRow =>
  (before === undefined ? { ...more, losses: settled(more.losses) } : { ...before, ...addCounts(before, more), quiet: Math.max(before.quiet, more.quiet), losses: settled(addLosses(before.losses, more.losses)) });
