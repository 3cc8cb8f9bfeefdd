// A hit: an event that met a rule. An alert: what a rule reports, with its proof. Both are plain data and cross threads as JSON.
import { read, type Event, type Millis, type Value } from './event.js';
import type { Question } from './predicate/question.js';
import type { Severity } from './tier.js';

/** A rule as alerts and hits name it. */
export interface RuleName {
  /** The rule's `id`, else its file and title hashed: stable as long as the rule is the same rule. */
  readonly uid: string;
  /** SHA-256 of the rule, its filters and base rules, placeholder values, tuning, and field tables. */
  readonly version: string;
  readonly title: string;
  readonly titleVi?: string;
  readonly level: Severity;
  readonly author?: string;
  readonly license?: string;
}

/** A part of a rule that was true, and where: what the console highlights. */
export interface ProofAtom {
  /** `process.command_line contains "whoami"`. */
  readonly question: string;
  /** The same in values, for readers of another language. */
  readonly ask?: Question;
  readonly field?: string;
  readonly value?: string;
  /** Byte range in the frame [start, end), absent where the value does not stand in it as such. */
  readonly start?: number;
  readonly end?: number;
}

/** An event that met a rule. `seq` and `stream` say where it stands; correlations read `event`. */
export interface Hit {
  readonly rule: RuleName;
  readonly stream: string;
  readonly seq: number;
  readonly eventId: string;
  readonly time: Millis;
  readonly received: Millis;
  readonly system: string;
  readonly tier: number;
  /** The rule reports by itself (false: it only feeds correlations). */
  readonly reports: boolean;
  readonly atoms: readonly ProofAtom[];
  /** It came when its position had been passed as a gap. */
  readonly late?: true;
  readonly event: Event;
  /** The fields of the event that the correlations of its rule set look at, where they were noted: who needs no more need not read the event. */
  readonly reads?: Event;
}

export type EntityKind = 'ip' | 'user' | 'host' | 'file' | 'url';
export interface Entity { readonly kind: EntityKind; readonly value: string }

/** A copy of a contributing event: retention of events never empties a proof. */
export interface ProofEvent {
  readonly id: string;
  readonly rule: string;
  readonly time: Millis;
  readonly received: Millis;
  readonly system: string;
  /** The frame as text; `original_b64` has the bytes where they are not UTF-8. */
  readonly original: string;
  readonly original_b64?: string;
  readonly atoms: readonly ProofAtom[];
  readonly fields: Readonly<Record<string, unknown>>;
}

/** First 50 and last 50 contributing events are copied; `eventCount` is the true number, `eventIds` every id. */
export const PROOF_EVENTS_MAX = 100;

/** An alert without what grows with a correlation's: the copies of its events and their ids. */
export interface AlertHead {
  /** Deterministic: H(rule uid, version, event id), of a correlation H(rule uid, version, group, slot). */
  readonly id: string;
  readonly rule: RuleName;
  readonly severity: Severity;
  readonly tier: number;
  readonly system: string;
  readonly unit?: string;
  /** Event time of the (earliest) event that fulfilled it; received time of it. */
  readonly time: Millis;
  readonly received: Millis;
  /** When the alert was first committed. */
  readonly created: Millis;
  readonly firstSeen: Millis;
  readonly lastSeen: Millis;
  /** Correlations: field as written in group-by -> value. */
  readonly group?: Readonly<Record<string, string>>;
  readonly entities: readonly Entity[];
  readonly incident: string;
  /** One of its events came when its position had been passed as a gap. */
  readonly late?: true;
  readonly eventCount: number;
}

export interface Alert extends AlertHead {
  /** Each once, in no order that means anything. */
  readonly eventIds: readonly string[];
  /** By (time, id). */
  readonly events: readonly ProofEvent[];
}

/** A contributing event as a commit names it: what it said stands with its hits, and is joined to this when the alert is read. */
export interface EventCopy {
  readonly id: string;
  readonly rule: string;
  readonly time: Millis;
  readonly received: Millis;
  readonly system: string;
  readonly atoms: readonly ProofAtom[];
  /** What puts it in its group; stands behind what rules say. */
  readonly grouping: readonly ProofAtom[];
}

/** The copy of an event that two rules named: the atoms of both, each once. */
export function united<T extends EventCopy>(before: T, { atoms, grouping }: EventCopy): T {
  const each = (all: readonly ProofAtom[]): readonly ProofAtom[] => [...new Map(all.map((atom) => [JSON.stringify(atom), atom])).values()];
  return { ...before, atoms: each([...before.atoms, ...atoms]), grouping: each([...before.grouping, ...grouping]) };
}

/** The copy with what its event said. */
export function proofOf({ id, rule, time, received, system, atoms, grouping }: EventCopy, event: Event): ProofEvent {
  const fields: Record<string, Value> = {};
  for (const name of Object.keys(event)) if (!COPIED_APART.has(name)) Object.defineProperty(fields, name, { value: event[name], enumerable: true });
  const bytes = textOf(event, 'event.original_b64');
  return { id, rule, time, received, system, original: textOf(event, 'event.original') ?? '', ...(bytes === undefined ? {} : { original_b64: bytes }), atoms: [...atoms, ...grouping], fields };
}
const COPIED_APART = new Set(['event.original', 'event.original_b64', 'message', 'event.id']);

/** The field as text, of a list the first member; undefined where it says nothing. */
export function textOf(event: Event, field: string): string | undefined {
  let value = read(event, field);
  while (Array.isArray(value)) value = (value as readonly Value[])[0];
  return value === undefined || value === null || value === '' ? undefined : String(value);
}
