// The ways in which a rule is asked about events. Each takes a batch, rules against events, and says which rules each event meets;
// `match` on the predicate is what they are all held against. What a way must do besides saying yes or no, it checks itself.
import { explain } from '../../core/predicate/explain.js';
import { match } from '../../core/predicate/match.js';
import type { Predicate } from '../../core/predicate/predicate.js';
import type { Event } from '../../core/event.js';
import type { CompiledRule, RuleSet } from '../../core/sigma/compiled.js';
import { Engine } from '../../core/sigma/engine.js';
import { FastEngine } from '../../core/sigma/fast/engine.js';
import { untruthOf } from './truth.js';
import type { SqlTable } from './sql-table.js';

export interface Batch {
  readonly rules: readonly CompiledRule[];
  /** As they come back from a store: what every way is asked about. */
  readonly events: readonly Event[];
  readonly table: SqlTable;
}
/** verdicts[rule][event]; a text where the way itself found something wrong. */
export type Verdicts = readonly (readonly (boolean | string)[])[];
export interface Way { readonly name: string; verdicts(batch: Batch): Promise<Verdicts> }

export const meaning = ({ rules, events }: Batch): boolean[][] => rules.map(({ predicate }) => events.map((event) => match(predicate, event)));

const ANY = { anyLogsource: true };
const setOf = (rules: readonly CompiledRule[]): RuleSet => ({ rules, correlations: [], refused: [], problems: [] });
function byEngine(engine: Pick<Engine, 'evaluate'>, { rules, events }: Batch): Verdicts {
  const verdicts = rules.map(() => new Array<boolean | string>(events.length).fill(false)), places = new Map(rules.map((rule, i) => [rule, i]));
  events.forEach((event, n) => {
    let last = -1;
    for (const { rule } of engine.evaluate(event)) {
      const at = places.get(rule) as number, row = verdicts[at] as (boolean | string)[];
      row[n] = at > last ? true : 'out of order or twice';
      last = at;
    }
  });
  return verdicts;
}

export const reference: Way = { name: 'reference', verdicts: async (batch) => byEngine(new Engine(setOf(batch.rules), ANY), batch) };

export const fast: Way = { name: 'fast', verdicts: async (batch) => byEngine(new FastEngine(setOf(batch.rules), ANY), batch) };

/** After a thousand events the fast engine chooses again where to begin with each rule. */
const WARM_EVENTS = 1_100;
export const warmed: Way = {
  name: 'fast, warmed up',
  verdicts: async (batch) => {
    const engine = new FastEngine(setOf(batch.rules), ANY);
    for (let seen = 0; seen < WARM_EVENTS; seen += batch.events.length) for (const event of batch.events) engine.evaluate(event);
    return byEngine(engine, batch);
  },
};

/** What SQL finds, asked again by the matcher where SQL is not sure; where it is sure, it must be right. */
export const sql: Way = {
  name: 'sql',
  verdicts: async ({ rules, table }) => {
    const answers = await table.ask(rules.map(({ predicate }) => predicate));
    return rules.map(({ predicate }, i) => table.events.map((event, n) => {
      const { exact, found } = answers[i] as (typeof answers)[number];
      if (table.opaque.has(n)) return match(predicate, event);
      return exact ? found[n] === true : found[n] === true && match(predicate, event);
    }));
  },
};

/** True of an event exactly where there is something to say, and every atom can be checked on its own. */
export const explained: Way = {
  name: 'explain',
  verdicts: async ({ rules, events }) => rules.map(({ predicate }) => events.map((event) => verdictOf(predicate, event, explain))),
};
export type Explain = typeof explain;
export function verdictOf(predicate: Predicate, event: Event, how: Explain): boolean | string {
  const atoms = how(predicate, event), untruth = untruthOf(predicate, event, atoms);
  return untruth ?? match(predicate, event);
}
