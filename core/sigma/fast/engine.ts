// The engine for every day: the reference's routing, order of hits and explanations, with the rules of each kind of event
// compiled together when the first such event comes. What does not fit the memory allowed is answered by the reference.
import type { Event } from '../../event.js';
import { explain } from '../../predicate/explain.js';
import type { CompiledRule, RuleSet } from '../compiled.js';
import { Engine, type RuleHit, type Routing } from '../engine.js';
import { SubEngine } from './sub-engine.js';

/** What both engines do. */
export type RuleEngine = Pick<Engine, 'evaluate' | 'candidates'>;

export interface EngineOptions {
  /** The reference interpreter alone: the oracle, and a way out. */
  readonly reference?: boolean;
  /** What compiled rules may hold in memory. */
  readonly bytesMax?: number;
}

export function openEngine(ruleSet: Pick<RuleSet, 'rules'>, routing: Routing = {}, { reference = false, bytesMax }: EngineOptions = {}): RuleEngine {
  return reference ? new Engine(ruleSet, routing) : new FastEngine(ruleSet, routing, bytesMax);
}

const BYTES_MAX = 160_000_000;
/** Rules used within so many events are not thrown out for others. */
const RECENT_EVENTS = 20_000;

/** The rules of one kind of event; several kinds may have the same. */
interface Kind {
  readonly rules: readonly CompiledRule[];
  /** The event that asked first: another engine prepares itself with it. */
  readonly sample: Event;
  engine: SubEngine | undefined;
  bytes: number;
  usedAt: number;
  retryAt: number;
}

export class FastEngine implements RuleEngine {
  readonly #reference: Engine;
  readonly #numbers = new Map<CompiledRule, number>();
  readonly #kindOf = new WeakMap<readonly CompiledRule[], Kind>();
  readonly #kinds = new Map<string, Kind>();
  #clock = 0;
  #bytes = 0;
  #evicted = 0;
  #byReference = 0;

  constructor(ruleSet: Pick<RuleSet, 'rules'>, routing: Routing = {}, readonly bytesMax: number = BYTES_MAX) {
    this.#reference = new Engine(ruleSet, routing);
    ruleSet.rules.forEach((rule, number) => this.#numbers.set(rule, number));
  }

  /** The rules that the event meets, in the order of the rule set. */
  evaluate(event: Event): RuleHit[] {
    const rules = this.#reference.candidates(event);
    if (rules.length === 0) return [];
    const engine = this.#engineOf(rules, event);
    if (engine === undefined) { this.#byReference++; return this.#reference.evaluate(event); }
    const hits: RuleHit[] = [];
    for (const at of engine.evaluate(event)) {
      const rule = rules[at] as CompiledRule;
      hits.push({ rule, atoms: () => explain(rule.predicate, event) });
    }
    return hits;
  }

  candidates(event: Event): readonly CompiledRule[] { return this.#reference.candidates(event); }

  /** Compiles what another engine is using now, so that the first events after a change of rules do not wait. */
  prepareLike(other: FastEngine): void {
    for (const { engine, sample } of other.#kinds.values()) {
      const rules = engine === undefined ? [] : this.candidates(sample);
      if (rules.length > 0) this.#engineOf(rules, sample);
    }
  }

  stats(): { readonly kinds: number; readonly bytes: number; readonly evicted: number; readonly byReference: number; readonly asked: number } {
    let kinds = 0, asked = 0;
    for (const { engine } of this.#kinds.values()) if (engine !== undefined) { kinds++; asked += engine.asked; }
    return { kinds, bytes: this.#bytes, evicted: this.#evicted, byReference: this.#byReference, asked };
  }

  #engineOf(rules: readonly CompiledRule[], event: Event): SubEngine | undefined {
    const kind = this.#kindOf.get(rules) ?? this.#kind(rules, event);
    kind.usedAt = ++this.#clock;
    return kind.engine ?? this.#open(kind);
  }

  #kind(rules: readonly CompiledRule[], sample: Event): Kind {
    const signature = rules.map((rule) => this.#numbers.get(rule)).join();
    let kind = this.#kinds.get(signature);
    if (kind === undefined) this.#kinds.set(signature, kind = { rules, sample, engine: undefined, bytes: 0, usedAt: 0, retryAt: 0 });
    this.#kindOf.set(rules, kind);
    return kind;
  }

  /** Compiles the kind's rules if there is room, or room can be made by dropping what was not used for long. */
  #open(kind: Kind): SubEngine | undefined {
    if (this.#clock < kind.retryAt) return undefined;
    const engine = kind.bytes > 0 && !this.#makeRoom(kind.bytes) ? undefined : new SubEngine(kind.rules.map(({ predicate }) => predicate));
    if (engine !== undefined) kind.bytes = engine.bytes;
    if (engine === undefined || !this.#makeRoom(engine.bytes)) {
      kind.retryAt = kind.bytes > this.bytesMax ? Infinity : this.#clock + RECENT_EVENTS;
      return undefined;
    }
    this.#bytes += engine.bytes;
    kind.engine = engine;
    return engine;
  }

  #makeRoom(bytes: number): boolean {
    if (bytes > this.bytesMax) return false;
    while (this.#bytes + bytes > this.bytesMax) {
      let oldest: Kind | undefined;
      for (const kind of this.#kinds.values()) if (kind.engine !== undefined && (oldest === undefined || kind.usedAt < oldest.usedAt)) oldest = kind;
      if (oldest === undefined || oldest.usedAt > this.#clock - RECENT_EVENTS) return false;
      oldest.engine = undefined;
      this.#bytes -= oldest.bytes;
      this.#evicted++;
    }
    return true;
  }
}
