// What a rule found -> the alert that proves it. An alert copies what contributed to it (first 50, last 50), knows every event's id,
// and never changes what it once said: a correlation's grows by the hits of later windows of its slot.
import { PROOF_EVENTS_MAX, type Alert, type Entity, type EntityKind, type Hit, type ProofAtom, type ProofEvent, type RuleName } from '../core/alert.js';
import { read, type Event, type Millis, type Value } from '../core/event.js';
import { parseAddress } from '../core/ip.js';
import type { Path } from '../core/predicate/predicate.js';
import { rangeInOriginal } from '../core/predicate/range.js';
import { resolve, scalarsOf, textOf as printScalar } from '../core/predicate/values.js';
import { severityOf } from '../core/tier.js';
import type { HitRef } from './hit-ref.js';

/** What the detector knows of a rule beyond its name. */
export interface RuleInfo {
  readonly name: RuleName;
  /** Alerts of one family about one entity belong together. */
  readonly family: string;
  /** The fields that say whom it is about, each as the names to try; empty: the usual ones. */
  readonly entity: readonly Path[];
  /** Correlations: the fields of group-by, and by uid of the rule that hit where its events keep them. */
  readonly grouping?: Grouping;
}
export interface Grouping {
  readonly names: readonly string[];
  readonly paths: ReadonlyMap<string, readonly Path[]>;
}

/** A rule that is fulfilled: by one hit, or by the hits of a correlation's windows. */
export interface Finding {
  readonly id: string;
  readonly rule: RuleInfo;
  /** The (earliest) hit that fulfilled it. */
  readonly completing: Hit;
  /** All that contributed, by event time; of an alert that is stored already, what is new. */
  readonly hits: readonly HitRef[];
  /** Of these the first and last 50, whole. */
  readonly whole: readonly Hit[];
  /** Correlations only. */
  readonly group?: Readonly<Record<string, string>>;
}

export interface AlertMaking {
  readonly incident: string;
  readonly created: Millis;
  /** The same alert as it is stored, to grow. */
  readonly known?: Alert;
  /** One of a storm: written without copies. */
  readonly storm: boolean;
}

export function alertOf({ id, rule, completing, hits, whole, group }: Finding, { incident, created, known, storm }: AlertMaking): Alert {
  const eventIds = union(known?.eventIds ?? [], hits);
  const first = known !== undefined && (known.time < completing.time || (known.time === completing.time && known.received <= completing.received)) ? known : completing;
  const tier = hits.reduce((highest, hit) => Math.max(highest, hit.tier), known?.tier ?? completing.tier);
  const unit = known?.unit ?? textOf(completing.event, 'haidang.unit');
  const bare = storm || (known !== undefined && known.events.length === 0);
  return {
    id, rule: rule.name, severity: severityOf(rule.name.level, tier), tier, system: known?.system ?? completing.system, ...(unit === undefined ? {} : { unit }),
    time: first.time, received: first.received, created: known?.created ?? created,
    firstSeen: hits.reduce((least, { time }) => Math.min(least, time), known?.firstSeen ?? completing.time),
    lastSeen: hits.reduce((most, { time }) => Math.max(most, time), known?.lastSeen ?? completing.time),
    ...(group === undefined ? {} : { group }),
    entities: entitiesOf(rule, completing, whole, group, known?.entities ?? []),
    incident, eventCount: eventIds.length, eventIds, events: bare ? [] : copies(known?.events ?? [], whole, rule.grouping),
  };
}

/** Whom a finding is about, as its incident's key says it: the rule's entity fields, else its group, else address, user or host. */
export function entityOf({ rule, completing: { event }, group }: Finding): readonly string[] {
  const named = rule.entity.map((path) => firstOf(event, path)).filter((value) => value !== undefined);
  if (named.length > 0) return named;
  const grouped = group === undefined ? [] : Object.keys(group).sort().map((name) => group[name] as string).filter((value) => value !== '');
  if (grouped.length > 0) return grouped;
  for (const field of USUAL) {
    const value = textOf(event, field);
    if (value !== undefined) return [value];
  }
  return [];
}
const USUAL = ['source.ip', 'user.name', 'host.name'];

/** Distinct people and things, those the finding is about first. */
function entitiesOf(rule: RuleInfo, completing: Hit, hits: readonly Hit[], group: Finding['group'], known: readonly Entity[]): readonly Entity[] {
  const found: Entity[] = [...known], seen = new Set(known.map(keyOf)), perKind = new Map<EntityKind, number>();
  const add = (field: string, value: string | undefined): void => {
    if (value === undefined || value === '' || value === '-') return;
    const entity: Entity = { kind: kindOf(field, value), value }, key = keyOf(entity), many = perKind.get(entity.kind) ?? 0;
    if (seen.has(key) || many >= PER_KIND_MAX) return;
    seen.add(key);
    perKind.set(entity.kind, many + 1);
    found.push(entity);
  };
  for (const { kind } of known) perKind.set(kind, (perKind.get(kind) ?? 0) + 1);
  for (const path of rule.entity) add(path[0] ?? '', firstOf(completing.event, path));
  for (const name of Object.keys(group ?? {})) add(name, group?.[name]);
  for (const { event } of hits) for (const field of NAMED) add(field, textOf(event, field));
  return found;
}
const NAMED = ['source.ip', 'user.name', 'host.name', 'file.path', 'url.original'];
const PER_KIND_MAX = 20;
const keyOf = ({ kind, value }: Entity): string => `${kind}\0${value}`;

/** What kind of thing a field names; native names (`TargetUserName`, `SourceIp`) by the words in them. */
export function kindOf(field: string, value: string): EntityKind {
  const name = field.toLowerCase();
  if (parseAddress(value) !== undefined) return 'ip';
  if (/user|account|subject/.test(name) && !/user_?agent/.test(name)) return 'user';
  if (HOSTS.has(name)) return 'host';
  if (/^url|uri|domain|query/.test(name)) return 'url';
  if (/file|path|image|executable|process|command|registry/.test(name)) return 'file';
  return 'host';
}

const HOSTS: ReadonlySet<string> = new Set(['host.name', 'source.domain', 'destination.domain']);

/** The first and the last 50 by event time, each event once. */
function copies(known: readonly ProofEvent[], hits: readonly Hit[], grouping: Grouping = NO_GROUPING): readonly ProofEvent[] {
  const byId = new Map(known.map((event) => [event.id, event]));
  for (const hit of hits) {
    const before = byId.get(hit.eventId);
    if (before?.rule === hit.rule.uid) continue;
    const atoms = [...hit.atoms, ...groupAtoms(hit, grouping)];
    byId.set(hit.eventId, before === undefined ? copyOf(hit, atoms) : { ...before, atoms: united(before.atoms, atoms, grouping) });
  }
  const all = [...byId.values()].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return all.length <= PROOF_EVENTS_MAX ? all : [...all.slice(0, PROOF_EVENTS_MAX / 2), ...all.slice(-PROOF_EVENTS_MAX / 2)];
}

/** What puts an event in its group, and where that stands in its line. */
function groupAtoms({ event, rule }: Hit, { names, paths }: Grouping): readonly ProofAtom[] {
  const own = paths.get(rule.uid) ?? [];
  return names.flatMap((name, i) => {
    const found = resolve(event, own[i] ?? [name]);
    return scalarsOf(found?.value).slice(0, GROUP_VALUES_MAX).map(printScalar).map((value): ProofAtom => {
      const field = found?.field ?? name;
      return { question: questionOf(name), field, value, ...rangeInOriginal(event, field, value, [0, value.length]) };
    });
  });
}
const GROUP_VALUES_MAX = 8, NO_GROUPING: Grouping = { names: [], paths: new Map() };
const questionOf = (name: string): string => `${name} groups`;

function copyOf({ event, eventId, rule, time, received, system }: Hit, atoms: readonly ProofAtom[]): ProofEvent {
  const fields: Record<string, Value> = {};
  for (const name of Object.keys(event)) if (!COPIED_APART.has(name)) Object.defineProperty(fields, name, { value: event[name], enumerable: true });
  const bytes = textOf(event, 'event.original_b64');
  return { id: eventId, rule: rule.uid, time, received, system, original: textOf(event, 'event.original') ?? '', ...(bytes === undefined ? {} : { original_b64: bytes }), atoms, fields };
}
const COPIED_APART = new Set(['event.original', 'event.original_b64', 'message', 'event.id']);

/** Each once; what groups stays behind what rules say. */
function united(before: readonly ProofAtom[], more: readonly ProofAtom[], { names }: Grouping): readonly ProofAtom[] {
  const byText = new Map([...before, ...more].map((atom) => [JSON.stringify(atom), atom])), questions = new Set(names.map(questionOf));
  const all = [...byText.values()];
  return [...all.filter(({ question }) => !questions.has(question)), ...all.filter(({ question }) => questions.has(question))];
}

const union = (known: readonly string[], more: readonly HitRef[]): readonly string[] => {
  const ids = new Set(known);
  for (const { eventId } of more) ids.add(eventId);
  return [...ids];
};

/** The hits that a proof copies: the first and the last 50 by event time. */
export function ends(hits: readonly HitRef[]): readonly HitRef[] {
  return hits.length <= PROOF_EVENTS_MAX ? hits : [...hits.slice(0, PROOF_EVENTS_MAX / 2), ...hits.slice(-PROOF_EVENTS_MAX / 2)];
}

function firstOf(event: Event, path: Path): string | undefined {
  for (const field of path) {
    const value = textOf(event, field);
    if (value !== undefined) return value;
  }
  return undefined;
}
/** The field as text, of a list the first member; undefined where it says nothing. */
export function textOf(event: Event, field: string): string | undefined {
  let value = read(event, field);
  while (Array.isArray(value)) value = (value as readonly Value[])[0];
  return value === undefined || value === null || value === '' ? undefined : String(value);
}
