// One numbering of a sender: which numbers were passed over and never came. Reordering, duplicates, resent batches, wraparound and
// restarts are no loss; a hole is told at once, with the minute that showed it, and taken back there when its numbers come after all.
// What is told is a function of the numbers in order, so whoever applies the same positions to the same state tells the same. Bounded.
import type { Millis } from '../event.js';
import { takeRanges, type Range } from './ranges.js';
import type { Loss, SenderNumbers, SourceMinute } from './account.js';

/** A hole that may still be filled, and the minute that showed it. */
type Hole = readonly [first: number, last: number, minute: Millis];
export interface Numbering {
  /** The number that should come. */
  readonly next: number;
  readonly holes: readonly Hole[];
  /** Numbers far from `next`, of which it is not clear yet whether they go on: resent, damaged, or counted anew. */
  readonly stray?: { readonly first: number; readonly next: number; readonly run: number; readonly holes: readonly Hole[] };
  /** How often it began anew. */
  readonly resets: number;
  readonly seen: Millis;
}
/** All numberings of one source, by name. */
export type Numberings = Readonly<Record<string, Numbering>>;

/** This far ahead a number is believed at once; farther, when two more go on behind it. */
const AHEAD = 10_000, STRAY_AHEAD = 1_000, STRAY_RUN = 3;
/** No more can be missing at a time: such a jump is another counter. */
const JUMP_MAX = 10_000_000;
/** Numbers that begin anew begin here; or they go back farther than a sender sends again. */
const ANEW_BELOW = 1_000, RESENT_MAX = 100_000;
/** Where counters turn over, and what follows: RFC 5424's sequenceId, 32 bits. */
const WRAPS: readonly Range[] = [[2 ** 31 - 1, 1], [2 ** 32 - 1, 0]];
const HOLES_MAX = 32, NAMES_MAX = 64;

class Reader {
  next: number | undefined;
  holes: Hole[];
  stray: { first: number; next: number; run: number; holes: Hole[] } | undefined;
  resets: number;
  readonly missing: Hole[] = [];
  readonly found: Hole[] = [];

  constructor(before: Numbering | undefined) {
    this.next = before?.next;
    this.holes = [...before?.holes ?? []];
    this.stray = before?.stray === undefined ? undefined : { ...before.stray, holes: [...before.stray.holes] };
    this.resets = before?.resets ?? 0;
  }

  take(n: number, minute: Millis): void {
    if (this.next === undefined || n === this.next) { this.next = n + 1; this.stray = undefined; return; }
    if (n === this.next - 1) return; // several records of one number (auditd)
    if (this.fill(n)) return;
    const { next } = this;
    if (n > next && n - next <= AHEAD) { this.lose([[next, n - 1, minute]]); this.goOn(n); return; }
    const wrap = n < next ? WRAPS.find(([last, low]) => next > last - AHEAD && next <= last + 1 && n >= low && n - low <= AHEAD) : undefined;
    if (wrap !== undefined) { this.lose([...hole(next, wrap[0], minute), ...hole(wrap[1], n - 1, minute)]); this.goOn(n); return; }
    this.takeStray(n, minute, next);
  }

  private takeStray(n: number, minute: Millis, next: number): void {
    const { stray } = this;
    if (stray !== undefined && n === stray.next - 1) return;
    if (stray === undefined || n < stray.next || n - stray.next > STRAY_AHEAD) { this.stray = { first: n, next: n + 1, run: 1, holes: [] }; return; }
    stray.holes.push(...hole(stray.next, n - 1, minute));
    stray.next = n + 1;
    if (++stray.run < STRAY_RUN) return;
    const { first, holes } = stray, jump = first - next;
    if (jump > 0 && jump <= JUMP_MAX) this.lose([[next, first - 1, minute]]);
    else if (jump > 0 || first <= ANEW_BELOW || -jump > RESENT_MAX) { this.resets++; this.holes = []; }
    else { stray.holes = []; return; } // sent again: known numbers
    this.lose(holes);
    this.goOn(n);
  }

  goOn(n: number): void { this.next = n + 1; this.stray = undefined; }

  private fill(n: number): boolean {
    const at = this.holes.findIndex(([first, last]) => n >= first && n <= last), whole = this.holes[at];
    if (whole === undefined) return false;
    const [first, last, minute] = whole;
    this.holes.splice(at, 1, ...takeRanges([[first, last]], [[n, n]]).map(([from, to]): Hole => [from, to, minute]));
    this.found.push([n, n, minute]);
    return true;
  }

  private lose(holes: readonly Hole[]): void {
    this.missing.push(...holes);
    this.holes = [...this.holes, ...holes].slice(-HOLES_MAX);
  }
}
const hole = (first: number, last: number, minute: Millis): readonly Hole[] => (last < first ? [] : [[first, last, minute]]);

/** Reads on in a source's numberings; what is missing, or was found, by the minute that showed it. */
export function readNumbers(before: Numberings, numbers: readonly SenderNumbers[]): { readonly after: Numberings; readonly losses: readonly SourceMinute[] } {
  const after: Record<string, Numbering> = Object.assign(Object.create(null) as Record<string, Numbering>, before), losses: SourceMinute[] = [];
  for (const { system, sender, tier, name, runs } of numbers) {
    if (runs.length < 3) continue;
    const reader = new Reader(after[name]);
    let seen = after[name]?.seen ?? 0;
    for (let i = 0; i + 2 < runs.length; i += 3) {
      const minute = runs[i] as number, first = runs[i + 1] as number, last = first + (runs[i + 2] as number) - 1;
      seen = Math.max(seen, minute);
      for (let n = first; n <= last; n++) {
        reader.take(n, minute);
        if (n < last && reader.next === n + 1) { reader.goOn(last); break; } // in step, and so is the rest
      }
    }
    after[name] = { next: reader.next ?? 0, holes: reader.holes, ...(reader.stray === undefined ? {} : { stray: reader.stray }), resets: reader.resets, seen };
    for (const [minute, loss] of byMinute(name, reader.missing, reader.found)) losses.push({ minute, system, sender, tier, received: 0, parsed: 0, unparsed: 0, stored: 0, evaluated: 0, own: 0, losses: [loss] });
  }
  // The ones longest unseen go: a sender cannot make us remember without end.
  const names = Object.keys(after).sort((a, b) => (after[b]?.seen ?? 0) - (after[a]?.seen ?? 0) || (a < b ? -1 : 1));
  for (const name of names.slice(NAMES_MAX)) delete after[name];
  return { after: { ...after }, losses };
}

function byMinute(name: string, missing: readonly Hole[], found: readonly Hole[]): ReadonlyMap<Millis, Loss> {
  const losses = new Map<Millis, Loss>();
  const add = ([first, last, minute]: Hole, sign: 1 | -1): void => {
    const loss = losses.get(minute) ?? { cause: 'sequence_gap', name, count: 0, frames: 0, bytes: 0, from: minute, to: minute, missing: [], found: [] }, range: Range = [first, last];
    losses.set(minute, { ...loss, count: loss.count + sign * (last - first + 1), ...(sign === 1 ? { missing: [...loss.missing ?? [], range] } : { found: [...loss.found ?? [], range] }) });
  };
  for (const one of missing) add(one, 1);
  for (const one of found) add(one, -1);
  return losses;
}
