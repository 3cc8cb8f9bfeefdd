// The engine for every day: the reference's routing, order of hits and explanations, with the rules of each kind of event
// compiled together when the first such event comes. What does not fit the memory allowed is answered by the reference.
import type { Event } from '../../event.js';
import { explain } from '../../predicate/explain.js';
import type { CompiledRule, RuleSet } from '../compiled.js';
import { Engine, type RuleHit, type Routing } from '../engine.js';
import { eventFromJson } from '../events.js';
import { JsonLine } from './json-line.js';
import type { LinePlan } from './line-plan.js';
import { LineSource } from './line-source.js';
import { Routes } from './routes.js';
import { SubEngine } from './sub-engine.js';

/** What both engines do. */
export type RuleEngine = Pick<Engine, 'evaluate' | 'evaluateJson' | 'candidates'>;

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

/** Lines of one shape that are shown to the same rules. */
interface Lines {
  readonly rules: readonly CompiledRule[];
  readonly sample: Event;
  engine: SubEngine | undefined;
  plan: LinePlan | undefined;
}

export class FastEngine implements RuleEngine {
  readonly #reference: Engine;
  readonly #numbers = new Map<CompiledRule, number>();
  readonly #kindOf = new WeakMap<readonly CompiledRule[], Kind>();
  readonly #kinds = new Map<string, Kind>();
  readonly #line = new JsonLine();
  readonly #source = new LineSource(this.#line);
  readonly #routes = new Routes<Lines>();
  #clock = 0;
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
    const hits: RuleHit[] = [], met = engine.evaluate(event);
    this.#settle(engine);
    for (const at of met) {
      const rule = rules[at] as CompiledRule;
      hits.push({ rule, atoms: () => explain(rule.predicate, event) });
    }
    return hits;
  }

  /**
   * The same for a line of JSON in bytes, which is read no further than the rules need it. A line that holds no object meets nothing;
   * throws SyntaxError for what is no JSON, as eventFromJson does.
   */
  evaluateJson(bytes: Uint8Array, from = 0, to = bytes.length): RuleHit[] {
    const line = this.#line, shape = line.read(bytes, from, to) ? line.shape : undefined;
    this.#source.forget();
    if (shape === undefined) return this.#evaluateText(line);
    const lines = this.#routes.find(line, shape) ?? this.#routes.decide(line, shape, this.#source.event(), (event) => ({ rules: this.#reference.candidates(event), sample: this.#source.event(), engine: undefined, plan: undefined }));
    if (lines.rules.length === 0) return [];
    const engine = this.#engineOf(lines.rules, lines.sample);
    if (engine === undefined) return this.#evaluateText(line);
    if (lines.engine !== engine) { lines.engine = engine; lines.plan = engine.planOf(shape); }
    const met = lines.plan === undefined ? undefined : engine.evaluateLine(line, lines.plan, this.#source);
    this.#settle(engine);
    if (met === undefined) return this.#evaluateText(line);
    if (met.length === 0) return [];
    const text = line.text();
    let event: Event | undefined;
    return met.map((at) => {
      const rule = lines.rules[at] as CompiledRule;
      return { rule, atoms: () => explain(rule.predicate, event ??= eventFromJson(text) ?? {}) };
    });
  }

  #evaluateText(line: JsonLine): RuleHit[] {
    const event = eventFromJson(line.text());
    return event === undefined ? [] : this.evaluate(event);
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
    return { kinds, bytes: this.#held(), evicted: this.#evicted, byReference: this.#byReference, asked };
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
    kind.engine = engine;
    return engine;
  }

  /** Makes room for what an engine has built late, or drops it. */
  #settle(engine: SubEngine): void {
    if (!engine.takeGrown() || this.#makeRoom(0)) return;
    for (const kind of this.#kinds.values()) if (kind.engine === engine) { kind.bytes = engine.bytes; kind.engine = undefined; }
  }

  /** Engines grow: what they hold now. */
  #held(): number {
    let bytes = 0;
    for (const { engine } of this.#kinds.values()) bytes += engine?.bytes ?? 0;
    return bytes;
  }

  #makeRoom(bytes: number): boolean {
    if (bytes > this.bytesMax) return false;
    for (let held = this.#held(); held + bytes > this.bytesMax; held = this.#held()) {
      let oldest: Kind | undefined;
      for (const kind of this.#kinds.values()) if (kind.engine !== undefined && (oldest === undefined || kind.usedAt < oldest.usedAt)) oldest = kind;
      if (oldest === undefined || oldest.usedAt > this.#clock - RECENT_EVENTS) return false;
      oldest.engine = undefined;
      this.#evicted++;
    }
    return true;
  }
}
