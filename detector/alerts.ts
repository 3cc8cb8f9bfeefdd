// What a rule found -> the alert that proves it. An alert copies what contributed to it (first 50, last 50), knows every event's id,
// and never changes what it once said: a correlation's grows by the hits of later windows of its slot, and what is written is what
// comes to it, whatever it holds already.
import { PROOF_EVENTS_MAX, proofOf, textOf, united, type AlertHead, type Entity, type EntityKind, type EventCopy, type Hit, type ProofAtom, type RuleName } from '../core/alert.js';
import type { Event, Millis } from '../core/event.js';
import { parseAddress } from '../core/ip.js';
import { printQuestion } from '../core/predicate/print.js';
import type { Path } from '../core/predicate/predicate.js';
import { rangeInOriginal } from '../core/predicate/range.js';
import { resolve, scalarsOf, textOf as printScalar } from '../core/predicate/values.js';
import type { AlertState, AlertWrite, CopyKey } from '../core/store/store.js';
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
  readonly known?: AlertState;
  /** One of a storm: written without copies. */
  readonly storm: boolean;
}

/** The alert, or what the finding adds to it; undefined when it adds nothing. */
export function alertOf(finding: Finding, making: AlertMaking): AlertWrite | undefined {
  const { hits, whole, rule } = finding, { known, storm } = making, has = new Set(known?.has), fresh = new Set<string>();
  for (const { eventId } of hits) if (!has.has(eventId)) fresh.add(eventId);
  if (known !== undefined && fresh.size === 0) return undefined;
  const eventIds = [...fresh], head = headOf(finding, making, (known?.head.eventCount ?? 0) + eventIds.length);
  const bare = storm || (known !== undefined && known.copies === 0), copies = bare ? [] : copiesOf(whole, rule.grouping, known?.between);
  if (finding.group !== undefined) return { kind: 'growth', head, eventIds, copies };
  const byId = new Map(whole.map((hit) => [hit.eventId, hit.event]));
  return { kind: 'whole', alert: { ...head, eventIds, events: copies.map((copy) => proofOf(copy, byId.get(copy.id) as Event)) } };
}

function headOf({ id, rule, completing, hits, whole, group }: Finding, { incident, created, known }: AlertMaking, eventCount: number): AlertHead {
  const before = known?.head, first = before !== undefined && (before.time < completing.time || (before.time === completing.time && before.received <= completing.received)) ? before : completing;
  const tier = hits.reduce((highest, hit) => Math.max(highest, hit.tier), before?.tier ?? completing.tier);
  const unit = before?.unit ?? textOf(completing.event, 'haidang.unit');
  return {
    id, rule: rule.name, severity: severityOf(rule.name.level, tier), tier, system: before?.system ?? completing.system, ...(unit === undefined ? {} : { unit }),
    time: first.time, received: first.received, created: before?.created ?? created,
    firstSeen: hits.reduce((least, { time }) => Math.min(least, time), before?.firstSeen ?? completing.time),
    lastSeen: hits.reduce((most, { time }) => Math.max(most, time), before?.lastSeen ?? completing.time),
    ...(group === undefined ? {} : { group }),
    entities: entitiesOf(rule, completing, whole, group, before?.entities ?? []),
    incident, ...(before?.late === true || hits.some(({ late }) => late === true) ? { late: true as const } : {}), eventCount,
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

/** The hits that would be kept, as copies by event time, each event once. */
function copiesOf(hits: readonly Hit[], grouping: Grouping = NO_GROUPING, between?: AlertState['between']): readonly EventCopy[] {
  const byId = new Map<string, EventCopy>();
  for (const hit of hits) {
    const { eventId: id, rule, time, received, system, atoms } = hit;
    if (between !== undefined && inOrder(between[0], { time, id }) < 0 && inOrder({ time, id }, between[1]) < 0) continue;
    const copy = { id, rule: rule.uid, time, received, system, atoms, grouping: groupAtoms(hit, grouping) }, before = byId.get(id);
    byId.set(id, before === undefined ? copy : united(before, copy));
  }
  return [...byId.values()].sort(inOrder);
}
const inOrder = (a: CopyKey, b: CopyKey): number => a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** What puts an event in its group, and where that stands in its line. */
function groupAtoms({ event, rule }: Hit, { names, paths }: Grouping): readonly ProofAtom[] {
  const own = paths.get(rule.uid) ?? [];
  return names.flatMap((name, i) => {
    const found = resolve(event, own[i] ?? [name]);
    return scalarsOf(found?.value).slice(0, GROUP_VALUES_MAX).map(printScalar).map((value): ProofAtom => {
      const field = found?.field ?? name;
      return { question: printQuestion({ is: 'groups', name }), ask: { is: 'groups', name }, field, value, ...rangeInOriginal(event, field, value, [0, value.length]) };
    });
  });
}
const GROUP_VALUES_MAX = 8, NO_GROUPING: Grouping = { names: [], paths: new Map() };

/** The hits that a proof copies: those of the first and of the last 50 events; given by event time. */
export function ends(hits: readonly HitRef[]): readonly HitRef[] {
  if (hits.length <= PROOF_EVENTS_MAX) return hits;
  const ids = [...new Set(hits.map(({ eventId }) => eventId))], half = PROOF_EVENTS_MAX / 2;
  if (ids.length <= PROOF_EVENTS_MAX) return hits;
  const kept = new Set([...ids.slice(0, half), ...ids.slice(-half)]);
  return hits.filter(({ eventId }) => kept.has(eventId));
}

function firstOf(event: Event, path: Path): string | undefined {
  for (const field of path) {
    const value = textOf(event, field);
    if (value !== undefined) return value;
  }
  return undefined;
}
