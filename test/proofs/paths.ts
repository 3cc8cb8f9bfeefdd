// The ways in which a rule is asked about events. Each takes a batch, rules against events, and says which rules each event meets;
// what `match` says is what they are all held against. What a way must do besides saying yes or no, it checks itself.
import type { Event } from '../../core/event.js';
import { explain } from '../../core/predicate/explain.js';
import type { Predicate } from '../../core/predicate/predicate.js';
import { compileSql } from '../../core/predicate/sql.js';
import type { CompiledRule, RuleSet } from '../../core/sigma/compiled.js';
import { Engine, type RuleHit } from '../../core/sigma/engine.js';
import { FastEngine } from '../../core/sigma/fast/engine.js';
import type { Batch } from './batch.js';
import type { SqlTables } from './sql-table.js';
import { untruthOf } from './truth.js';

/** verdicts[rule][event]; a text where the way itself found something wrong. */
export type Verdicts = readonly (readonly (boolean | string)[])[];
export interface Way { readonly name: string; verdicts(batch: Batch): Promise<Verdicts> }

const ANY = { anyLogsource: true };
const setOf = (rules: readonly CompiledRule[]): RuleSet => ({ rules, correlations: [], refused: [], problems: [] });
function byEngine(engine: Pick<Engine, 'evaluate'>, { rules, events }: Batch, evaluate = (n: number): readonly RuleHit[] => engine.evaluate(events[n] as Event)): Verdicts {
  const verdicts = rules.map(() => new Array<boolean | string>(events.length).fill(false)), places = new Map(rules.map((rule, i) => [rule, i]));
  events.forEach((_, n) => {
    let last = -1;
    for (const { rule } of evaluate(n)) {
      const at = places.get(rule);
      if (at === undefined) continue;
      (verdicts[at] as (boolean | string)[])[n] = at > last ? true : 'out of order or twice';
      last = at;
    }
  });
  return verdicts;
}

export const reference: Way = { name: 'reference', verdicts: async (batch) => byEngine(new Engine(setOf(batch.rules), ANY), batch) };

export const fast: Way = { name: 'fast', verdicts: async (batch) => byEngine(new FastEngine(setOf(batch.rules), ANY), batch) };

/** Lines of JSON, read where they stand. A shape of line is looked at when it comes first: so all come twice. */
export const fromLines: Way = {
  name: 'fast, lines of JSON',
  verdicts: async (batch) => {
    const engine = new FastEngine(setOf(batch.rules), ANY), ask = (): Verdicts => byEngine(engine, batch, (n) => engine.evaluateJson(batch.lines[n] as Uint8Array)), first = ask(), again = ask();
    return first.map((row, i) => row.map((verdict, n) => (verdict === again[i]?.[n] ? verdict : `${verdict} at first, ${again[i]?.[n]} again`)));
  },
};

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

/** The rules of earlier batches stand before and behind: large automata, many whole values, groups. */
export class Crowded implements Way {
  readonly name = 'fast, in a crowd';
  private crowd: readonly CompiledRule[] = [];

  verdicts: Way['verdicts'] = async (batch) => {
    const half = this.crowd.length >> 1, verdicts = byEngine(new FastEngine(setOf([...this.crowd.slice(0, half), ...batch.rules, ...this.crowd.slice(half)]), ANY), batch);
    this.crowd = [...this.crowd.filter((rule) => !batch.rules.includes(rule)), ...batch.rules].slice(-CROWD_RULES);
    return verdicts;
  };
}
const CROWD_RULES = 400;

/** What SQL finds, asked again by the matcher where SQL is not sure; where it is sure, it must be right. */
export const sqlWay = (tables: SqlTables, name = 'sql', compile = compileSql): Way => ({
  name,
  verdicts: async ({ rules, events, meant }) => {
    const table = await tables.load(events), answers = await table.ask(rules.map(({ predicate }) => predicate), compile);
    return answers.map(({ exact, found }, i) => (meant[i] as readonly boolean[]).map((verdict, n) => (table.opaque.has(n) || (!exact && found[n] === true) ? verdict : found[n] === true)));
  },
});

/** True of an event exactly where there is something to say, and every atom can be checked on its own. */
export const explainedBy = (how: Explain): Way => ({
  name: 'explain',
  verdicts: async ({ rules, events, meant }) => rules.map(({ predicate }, i) => events.map((event, n) => verdictOf(predicate, event, meant[i]?.[n] === true, how))),
});
export const explained = explainedBy(explain);
export type Explain = typeof explain;
function verdictOf(predicate: Predicate, event: Event, isMet: boolean, how: Explain): boolean | string {
  return untruthOf(predicate, event, isMet, how(predicate, event)) ?? isMet;
}
