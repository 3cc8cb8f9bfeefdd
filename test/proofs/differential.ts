// One verdict everywhere: random rules over random events, asked in every way there is. A case is one rule asked about one event in
// all of them. The first difference stops the proof, cut down to the least rule and event that still show it.
import { createHash } from 'node:crypto';
import { compileRules } from '../../core/sigma/compile-rules.js';
import { eventFromJson } from '../../core/sigma/events.js';
import type { CompiledRule } from '../../core/sigma/compiled.js';
import type { Event } from '../../core/event.js';
import { meaning, type Way } from './paths.js';
import { randomEvent } from './random-event.js';
import { printRule, randomRule, type RuleTree } from './random-rule.js';
import { Random } from './random.js';
import { SqlTable, type SqlTables } from './sql-table.js';
import { drawStock, PLACEHOLDERS } from './stock.js';
import { printFlow, shrink, type Tree } from './tree.js';

export interface Figures { cases: number; rules: number; refused: number; events: number; opaque: number; yes: number }
export interface Difference { readonly seed: number; readonly way: string; readonly expected: boolean; readonly got: boolean | string; readonly rule: string; readonly event: string }
export interface Proof { readonly figures: Figures; readonly difference?: Difference }

const RULES = 20, EVENTS = 30;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface Proving {
  readonly cases: number;
  readonly seed: number;
  /** Ways that a batch is asked in. */
  readonly waysOf: (batch: number) => readonly Way[];
  /** Cut a difference down to its least rule and event; planted faults need none. */
  readonly isCutDown?: boolean;
  readonly tell?: (figures: Figures) => void;
}

export async function prove(tables: SqlTables, { cases, seed, waysOf, isCutDown = true, tell }: Proving): Promise<Proof> {
  const figures: Figures = { cases: 0, rules: 0, refused: 0, events: 0, opaque: 0, yes: 0 };
  for (let batch = 0; figures.cases < cases; batch++) {
    const difference = await oneBatch(tables, seed + batch, waysOf(batch), figures, isCutDown);
    if (difference !== undefined) return { figures, difference };
    tell?.(figures);
  }
  return { figures };
}

async function oneBatch(tables: SqlTables, seed: number, ways: readonly Way[], figures: Figures, isCutDown: boolean): Promise<Difference | undefined> {
  const random = new Random(seed), stock = drawStock(random), events = random.many(EVENTS, EVENTS, () => randomEvent(random, stock));
  const trees = random.many(RULES, RULES, () => randomRule(random, stock)), rules: CompiledRule[] = [], kept: RuleTree[] = [];
  for (const tree of trees) {
    const rule = compiled(tree);
    if (rule === undefined) { figures.refused++; continue; }
    rules.push(rule);
    kept.push(tree);
  }
  const table = await SqlTable.of(tables, events.map(read), 1), batch = { rules, events: table.events, table }, expected = meaning(batch);
  for (const way of ways) {
    const got = await way.verdicts(batch);
    for (const [i, row] of expected.entries()) for (const [n, verdict] of row.entries()) {
      const given = got[i]?.[n] ?? 'nothing', rule = kept[i] as RuleTree, event = events[n] as Tree;
      if (given === verdict) continue;
      const difference: Difference = { seed, way: way.name, expected: verdict, got: given, rule: printRule(rule), event: printFlow(event) };
      return isCutDown ? cutDown(tables, difference, way, rule, event) : difference;
    }
  }
  figures.cases += rules.length * events.length;
  figures.rules += rules.length;
  figures.events += events.length;
  figures.opaque += table.opaque.size;
  figures.yes += expected.flat().filter(Boolean).length;
  return undefined;
}

const compiled = (tree: RuleTree): CompiledRule | undefined =>
  compileRules([{ file: 'random.yml', text: printRule(tree) }], { sha256, placeholders: PLACEHOLDERS }).rules[0];
const read = (tree: Tree): Event => eventFromJson(printFlow(tree)) ?? {};

const TRIES = 4_000;
async function cutDown(tables: SqlTables, found: Difference, way: Way, rule: RuleTree, event: Tree): Promise<Difference> {
  const ask = async (one: RuleTree, other: Tree): Promise<{ readonly expected: boolean; readonly got: boolean | string } | undefined> => {
    try {
      const ready = compiled(one);
      if (ready === undefined) return undefined;
      const table = await SqlTable.of(tables, [read(other)], 1), batch = { rules: [ready], events: table.events, table };
      const expected = meaning(batch)[0]?.[0] as boolean, got = (await way.verdicts(batch))[0]?.[0] as boolean | string;
      return expected === got ? undefined : { expected, got };
    } catch { return undefined; /* A cut that is no rule any more. */ }
  };
  const differs = async (one: RuleTree, other: Tree): Promise<boolean> => await ask(one, other) !== undefined;
  // What shows only in company (rules that share an automaton) is told as it came.
  if (!await differs(rule, event)) return { ...found, way: `${way.name}, only in company of its batch` };
  let least = rule, last = event;
  for (let before = ''; before !== printRule(least) + printFlow(last);) {
    before = printRule(least) + printFlow(last);
    last = await shrink(last, (other) => differs(least, other), TRIES);
    least = await shrink(least as Tree, (one) => differs(one as RuleTree, last), TRIES) as RuleTree;
  }
  return { ...found, ...(await ask(least, last)) as { expected: boolean; got: boolean | string }, rule: printRule(least), event: printFlow(last) };
}

export const printDifference = ({ seed, way, expected, got, rule, event }: Difference): string =>
  `seed ${seed}, ${way}: expected ${String(expected)}, got ${String(got)}\n--- rule\n${rule}--- event\n${event}\n`;
