// A set of rules, compiled for one site, over events: the reference interpreter. An event is shown to the rules of its log
// sources only (looked up once for each kind of event); rules are compiled to closures when they are first candidates.
import type { Event } from '../event.js';
import type { ProofAtom } from '../alert.js';
import { explain } from '../predicate/explain.js';
import { compileMatcher, EventView, Slots, type Answer } from '../predicate/matcher.js';
import type { CompiledRule, RuleSet } from './compiled.js';
import { eventFromJson } from './events.js';
import { isCovered, sourcesOf } from './logsource.js';
import type { LogSource } from './rule.js';

export interface RuleHit {
  readonly rule: CompiledRule;
  /** Why: made when asked for. */
  readonly atoms: () => readonly ProofAtom[];
}

export interface Routing {
  /** Every event is shown to every rule. */
  readonly anyLogsource?: boolean;
  /** Every event is of this source. */
  readonly logsource?: LogSource;
}

export class Engine {
  readonly #decoder = new TextDecoder();
  readonly #slots = new Slots();
  readonly #answers = new Map<CompiledRule, Answer>();
  readonly #candidates = new Map<string, readonly CompiledRule[]>();
  readonly #alive: readonly CompiledRule[];

  constructor(readonly ruleSet: Pick<RuleSet, 'rules'>, readonly routing: Routing = {}) {
    this.#alive = ruleSet.rules.filter((rule) => rule.state === 'alive');
  }

  /** The rules that the event meets, in the order of the rule set. */
  evaluate(event: Event): RuleHit[] {
    const hits: RuleHit[] = [], candidates = this.candidates(event);
    if (candidates.length === 0) return hits;
    const view = new EventView(event, this.#slots.count);
    for (const rule of candidates) {
      if (this.#answer(rule)(view)) hits.push({ rule, atoms: () => explain(rule.predicate, event) });
    }
    return hits;
  }

  /** The same for a line of JSON: as an event that it is made into first. */
  evaluateJson(line: Uint8Array, from = 0, to = line.length): RuleHit[] {
    const event = eventFromJson(this.#decoder.decode(line.subarray(from, to)));
    return event === undefined ? [] : this.evaluate(event);
  }

  /** The rules whose log source the event belongs to. */
  candidates(event: Event): readonly CompiledRule[] {
    const { anyLogsource, logsource } = this.routing;
    if (anyLogsource === true) return this.#alive;
    const { key, sources } = logsource === undefined ? sourcesOf(event) : { key: 'given', sources: [lower(logsource)] };
    const known = this.#candidates.get(key);
    if (known !== undefined) return known;
    const fresh = this.#alive.filter((rule) => isCovered(rule.logsource, sources));
    if (this.#candidates.size >= CANDIDATES_MAX) this.#candidates.clear();
    this.#candidates.set(key, fresh);
    return fresh;
  }

  #answer(rule: CompiledRule): Answer {
    let answer = this.#answers.get(rule);
    if (answer === undefined) this.#answers.set(rule, (answer = compileMatcher(rule.predicate, this.#slots)));
    return answer;
  }
}
const CANDIDATES_MAX = 5000;

const lower = ({ category, product, service }: LogSource): LogSource => ({ category: category?.toLowerCase(), product: product?.toLowerCase(), service: service?.toLowerCase() });
