// One verdict everywhere: random rules over random events, asked in every way there is. A case is one rule asked about one event in
// all of them. The first difference stops the proof, cut down to the least rule and event that still show it.
import { batchOfTrees, drawBatch, type Drawn } from './batch.js';
import type { Way } from './paths.js';
import { printRule, type RuleTree } from '../../core/sigma/random/random-rule.js';
import { printFlow, shrink, type Tree } from '../../core/sigma/random/tree.js';

export interface Figures { cases: number; rules: number; refused: number; events: number; yes: number }
export interface Difference { readonly seed: number; readonly way: string; readonly expected: boolean; readonly got: boolean | string; readonly rule: string; readonly event: string }
export interface Proof { readonly figures: Figures; readonly difference?: Difference }

export interface Proving {
  readonly cases: number;
  readonly seed: number;
  /** Ways that a batch is asked in. */
  readonly waysOf: (batch: number) => readonly Way[];
  /** Cut a difference down to its least rule and event; planted faults need none. */
  readonly isCutDown?: boolean;
  readonly draw?: (seed: number) => Drawn;
  readonly tell?: (figures: Figures) => void;
}

export async function prove({ cases, seed, waysOf, isCutDown = true, draw = drawBatch, tell }: Proving): Promise<Proof> {
  const figures: Figures = { cases: 0, rules: 0, refused: 0, events: 0, yes: 0 };
  for (let at = 0, next = draw(seed); figures.cases < cases; at++) {
    const batch = next, { rules, events, meant } = batch, answers = Promise.all(waysOf(at).map(async (way) => differenceIn(batch, way)));
    // A database answers in its own thread: meanwhile the batch after is drawn.
    next = draw(seed + at + 1);
    const found = (await answers).find((difference) => difference !== undefined);
    if (found !== undefined) return { figures, difference: isCutDown ? await cutDown(found) : found.difference };
    figures.cases += rules.length * events.length;
    figures.rules += rules.length;
    figures.refused += batch.refused;
    figures.events += events.length;
    figures.yes += meant.reduce((sum, row) => sum + row.filter(Boolean).length, 0);
    tell?.(figures);
  }
  return { figures };
}

interface Found { readonly difference: Difference; readonly way: Way; readonly rule: RuleTree; readonly event: Tree }

async function differenceIn({ seed, meant, ruleTrees, eventTrees, ...batch }: Drawn, way: Way): Promise<Found | undefined> {
  const got = await way.verdicts({ ...batch, meant });
  for (const [i, row] of meant.entries()) for (const [n, expected] of row.entries()) {
    const given = got[i]?.[n] ?? 'nothing', rule = ruleTrees[i] as RuleTree, event = eventTrees[n] as Tree;
    if (given !== expected) return { way, rule, event, difference: { seed, way: way.name, expected, got: given, rule: printRule(rule), event: printFlow(event) } };
  }
  return undefined;
}

const TRIES = 4_000;
async function cutDown({ difference, way, rule, event }: Found): Promise<Difference> {
  const ask = async (one: RuleTree, other: Tree): Promise<{ readonly expected: boolean; readonly got: boolean | string } | undefined> => {
    try {
      const batch = batchOfTrees(one, other);
      if (batch === undefined) return undefined;
      const expected = batch.meant[0]?.[0] as boolean, got = (await way.verdicts(batch))[0]?.[0] as boolean | string;
      return expected === got ? undefined : { expected, got };
    } catch { return undefined; /* A cut that is no rule any more. */ }
  };
  const differs = async (one: RuleTree, other: Tree): Promise<boolean> => await ask(one, other) !== undefined;
  // What shows only in company (rules that share an automaton) is told as it came.
  if (!await differs(rule, event)) return { ...difference, way: `${way.name}, only in company of its batch` };
  let least = rule, last = event;
  for (let before = ''; before !== printRule(least) + printFlow(last);) {
    before = printRule(least) + printFlow(last);
    last = await shrink(last, (other) => differs(least, other), TRIES);
    least = await shrink(least as Tree, (one) => differs(one as RuleTree, last), TRIES) as RuleTree;
  }
  return { ...difference, ...(await ask(least, last)) as { expected: boolean; got: boolean | string }, rule: printRule(least), event: printFlow(last) };
}

export const printDifference = ({ seed, way, expected, got, rule, event }: Difference): string =>
  `seed ${seed}, ${way}: expected ${String(expected)}, got ${String(got)}\n--- rule\n${rule}--- event\n${event}\n`;
