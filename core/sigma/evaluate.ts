// A finite input against a rule set: what `haidang eval`, rule tests and the editor's preview do. Rules line by line;
// correlations over the hits in order of event time, every event on time, all windows closed at the end.
import type { ProofAtom } from '../alert.js';
import type { Event, Millis } from '../event.js';
import type { CompiledCorrelation, CompiledRule, RuleSet } from './compiled.js';
import { Correlator, type CorrelationAlert, type CorrelationResult } from './correlate.js';
import { HitMemory } from './correlation-run.js';
import type { Routing } from './engine.js';
import { eventTime } from './events.js';
import { openEngine, type EngineOptions, type RuleEngine } from './fast/engine.js';

export interface LineHit {
  readonly line: number;
  readonly rule: CompiledRule;
  readonly atoms: () => readonly ProofAtom[];
}
export interface LineAlert {
  readonly line: number;
  readonly rule: CompiledCorrelation;
  readonly group: Readonly<Record<string, string>>;
  /** The lines of every contributing hit, ascending. */
  readonly lines: readonly number[];
}

export class Evaluation {
  readonly #engine: RuleEngine;
  readonly #correlator: Correlator<number>;
  readonly #hits: { readonly rule: string; readonly time: Millis; readonly line: number; readonly event: Event }[] = [];
  /** No correlation waits for hits. */
  readonly readsLines: boolean;
  #time: Millis = 0;

  constructor(ruleSet: RuleSet, routing: Routing = {}, options: EngineOptions = {}) {
    this.#engine = openEngine(ruleSet, routing, options);
    this.#correlator = new Correlator(ruleSet.correlations, { memory: new HitMemory(Infinity) });
    this.readsLines = ruleSet.correlations.length === 0;
  }

  /** Takes the event of a line; the hits that report by themselves. Lines come in order. */
  take(line: number, event: Event): LineHit[] {
    this.#time = eventTime(event) ?? this.#time;
    const hits: LineHit[] = [];
    for (const { rule, atoms } of this.#engine.evaluate(event)) {
      if (this.#correlator.reads(rule.uid)) this.#hits.push({ rule: rule.uid, time: this.#time, line, event });
      if (rule.reports) hits.push({ line, rule, atoms });
    }
    return hits;
  }

  /** The same for a line of JSON that was not made an event. Only where `readsLines`: correlations ask an event for its time. */
  takeJson(line: number, bytes: Uint8Array): LineHit[] {
    return this.#engine.evaluateJson(bytes).filter(({ rule }) => rule.reports).map(({ rule, atoms }) => ({ line, rule, atoms }));
  }

  /** The alerts of the correlations that report, in the order in which they were fulfilled. */
  finish(): LineAlert[] {
    const alerts = new Map<string, CorrelationAlert<number>>();
    const take = (results: readonly CorrelationResult<number>[]): void => {
      for (const { alert } of results) if (alert.correlation.reports) alerts.set(JSON.stringify([alert.correlation.uid, alert.group, alert.slot]), alert);
    };
    const sorted = [...this.#hits].sort((one, two) => one.time - two.time || one.line - two.line);
    for (const { rule, time, line, event } of sorted) {
      take(this.#correlator.advance(time));
      take(this.#correlator.add({ rule, time, order: line, event, ref: line }));
    }
    take(this.#correlator.close());
    return [...alerts.values()].map(({ correlation, group, event, hits }) => ({ line: event, rule: correlation, group, lines: [...new Set(hits)].sort((one, two) => one - two) }));
  }
}
