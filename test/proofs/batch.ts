// One batch of the differential proof: random rules and random events made of the same few pieces, and what `match` says of each
// about each. Drawn from its seed alone.
import { createHash } from 'node:crypto';
import type { Event } from '../../core/event.js';
import { match } from '../../core/predicate/match.js';
import { compileRules } from '../../core/sigma/compile-rules.js';
import type { CompiledRule } from '../../core/sigma/compiled.js';
import { eventFromJson } from '../../core/sigma/events.js';
import { randomEvent } from '../../core/sigma/random/random-event.js';
import { printRule, randomRule, type RuleTree } from '../../core/sigma/random/random-rule.js';
import { Random } from '../../core/sigma/random/random.js';
import { drawStock, PLACEHOLDERS } from '../../core/sigma/random/stock.js';
import { printFlow, Raw, type Tree } from '../../core/sigma/random/tree.js';
import { aRun } from '../../core/store/samples.js';

export const STREAM = { collector: '0190f3a0-0000-7000-8000-0000000000bb', epoch: 2, tier: 3 };

export interface Batch {
  readonly rules: readonly CompiledRule[];
  /** As they come back from a store: what every way is asked about. */
  readonly events: readonly Event[];
  /** The same as lines of JSON: close together or not, letters now and then escaped. */
  readonly lines: readonly Uint8Array[];
  /** What `match` says: [rule][event]. */
  readonly meant: readonly (readonly boolean[])[];
}
export interface Drawn extends Batch {
  readonly seed: number;
  /** What rules and events were made of, in their order. */
  readonly ruleTrees: readonly RuleTree[];
  readonly eventTrees: readonly Tree[];
  /** Rules that were left out: a value that its modifier does not take. */
  readonly refused: number;
}

export function drawBatch(seed: number): Drawn {
  const random = new Random(seed), stock = drawStock(random), eventTrees = random.many(60, 140, () => randomEvent(random, stock));
  const drawn = random.many(12, 28, () => randomRule(random, stock)), ruleTrees: RuleTree[] = [], rules: CompiledRule[] = [];
  for (const tree of drawn) {
    const rule = compiled(tree);
    if (rule === undefined) continue;
    rules.push(rule);
    ruleTrees.push(tree);
  }
  return { ...batchOf(rules, eventTrees), seed, ruleTrees, eventTrees, refused: drawn.length - rules.length };
}

/** One rule before one event; undefined where that is no rule. */
export function batchOfTrees(rule: RuleTree, event: Tree): Batch | undefined {
  const ready = compiled(rule);
  return ready === undefined ? undefined : batchOf([ready], [event]);
}

function batchOf(rules: readonly CompiledRule[], trees: readonly Tree[]): Batch {
  const { events } = aRun(STREAM, 1, trees.map(read)), lines = events.map((placed, n) => lineOf(placed, trees[n] as { readonly [field: string]: Tree }, n));
  return { rules, events, lines, meant: rules.map(({ predicate }) => events.map((event) => match(predicate, event))) };
}

/** The tree with what every stored event has. */
function lineOf(placed: Event, tree: { readonly [field: string]: Tree }, n: number): Uint8Array {
  const whole = Object.assign(Object.create(null), ...PLACED.map((name) => ({ [name]: typeof placed[name] === 'number' ? new Raw(String(placed[name])) : placed[name] })), tree) as Tree;
  const escaped = (text: string): string => JSON.stringify(text).replace(/(?<=["a-zA-Z])[aAbBcEx](?=[a-zA-Z."])/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
  return new TextEncoder().encode(printFlow(whole, n % 2 === 0 ? '' : ' ', n % 3 === 0 ? escaped : undefined));
}
export const PLACED = ['@timestamp', 'event.created', 'event.id', 'haidang.collector', 'haidang.epoch', 'haidang.tier', 'haidang.seq'];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const compiled = (tree: RuleTree): CompiledRule | undefined =>
  compileRules([{ file: 'random.yml', text: printRule(tree) }], { sha256, placeholders: PLACEHOLDERS }).rules[0];
const read = (tree: Tree): Event => eventFromJson(printFlow(tree)) ?? {};
