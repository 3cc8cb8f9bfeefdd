// An incident: alerts that belong together, and what people did about them. `apply` is the only state machine; the detector and the
// console both send changes with the version they saw. The timeline is the list of changes. Pure.
import { assertNever } from './assert.js';
import type { Entity } from './alert.js';
import { InvalidError } from './errors.js';
import type { Millis } from './event.js';
import { SEVERITIES, type Severity } from './tier.js';

export type IncidentStatus = 'new' | 'assigned' | 'resolved' | 'closed';

/** Why an incident was closed. */
export type Verdict = 'true_positive' | 'benign_expected' | 'false_positive_rule' | 'false_positive_data' | 'undetermined';
export const VERDICTS: readonly Verdict[] = ['true_positive', 'benign_expected', 'false_positive_rule', 'false_positive_data', 'undetermined'];

/** What an alert tells its incident. `count` is the number of its contributing events. */
export interface AlertSummary {
  readonly alert: string;
  readonly rule: { readonly id: string; readonly title: string; readonly titleVi?: string };
  readonly severity: Severity;
  readonly firstSeen: Millis;
  readonly lastSeen: Millis;
  readonly received: Millis;
  readonly entities: readonly Entity[];
  readonly count: number;
  /** Of the alert: an incident is only for those who may see all of it. */
  readonly tier?: number;
}

export type Change =
  | { readonly kind: 'alerted'; readonly summary: AlertSummary }
  | { readonly kind: 'assigned'; readonly assignee: string | null }
  | { readonly kind: 'noted'; readonly text: string }
  | { readonly kind: 'resolved'; readonly text?: string }
  | { readonly kind: 'closed'; readonly verdict: Verdict; readonly text?: string }
  | { readonly kind: 'reopened'; readonly text?: string };

/** A change as it stands in the timeline. */
export type Entry = Change & { readonly id: string; readonly at: Millis; readonly by: string };

export interface NewIncident {
  readonly id: string;
  /** Short number for people, `SC-2026-0001`. */
  readonly number: string;
  readonly key: string;
  readonly family: string;
  readonly title: string;
  readonly titleVi?: string;
  readonly tier: number;
  readonly system: string;
  readonly unit?: string;
  readonly created: Millis;
  readonly demo?: boolean;
}

export interface Incident extends NewIncident {
  /** 1, 2, 3 ...: every applied change makes the next. */
  readonly version: number;
  readonly severity: Severity;
  readonly status: IncidentStatus;
  readonly assignee: string | null;
  readonly verdict: Verdict | null;
  /** Ids of its alerts, each once: counts are derived from this set. */
  readonly alerts: readonly string[];
  readonly eventCount: number;
  /** Contributing events by alert: an alert that grows is counted anew, never added twice. */
  readonly counts: Readonly<Record<string, number>>;
  readonly entities: readonly Entity[];
  readonly rules: readonly { readonly id: string; readonly title: string; readonly titleVi?: string }[];
  readonly firstSeen: Millis;
  readonly lastSeen: Millis;
  /** Received time of its latest alert: an incident takes alerts for 24 h after it. */
  readonly lastReceived: Millis;
  readonly acknowledgedAt: Millis | null;
  readonly resolvedAt: Millis | null;
  readonly closedAt: Millis | null;
  /** When the next step must be done by the policy in force (`withDue`); absent where no limit runs. Part of no version. */
  readonly due?: Millis;
  readonly timeline: readonly Entry[];
}

/** An incident that has no alert yet; the first `alerted` change follows at once. */
export function openIncident(start: NewIncident): Incident {
  return {
    ...start, version: 0, severity: 'informational', status: 'new', assignee: null, verdict: null, alerts: [], eventCount: 0, counts: {}, entities: [], rules: [],
    firstSeen: Number.MAX_SAFE_INTEGER, lastSeen: 0, lastReceived: 0, acknowledgedAt: null, resolvedAt: null, closedAt: null, timeline: [],
  };
}

const ENTITIES_MAX = 50;
/** An alert of the same rule beyond this many in one incident gets no timeline entry of its own (a storm is one line with a count). */
export const STORM_ALERTS = 100;
const NOTE_CHARS_MAX = 10_000;

/** The incident after `change`, one version on. Throws InvalidError where the change does not fit its status. */
export function apply(incident: Incident, change: Change, at: Millis, by: string, id: string): Incident {
  const entry: Entry = { ...change, id, at, by };
  const next = (part: Partial<Incident>): Incident => ({ ...incident, ...part, version: incident.version + 1, timeline: [...incident.timeline, entry] });
  switch (change.kind) {
    case 'alerted': return withAlerts(incident, [{ ...change, id, at, by }]);
    case 'assigned':
      open(incident, 'assign');
      return next({ assignee: change.assignee, status: change.assignee === null ? 'new' : 'assigned', acknowledgedAt: incident.acknowledgedAt ?? (change.assignee === null ? null : at) });
    case 'noted':
      if (change.text.trim() === '') throw new InvalidError('expected a note, got nothing', 'text', 'note.empty');
      if (change.text.length > NOTE_CHARS_MAX) throw new InvalidError(`expected a note of at most ${NOTE_CHARS_MAX} characters, got ${change.text.length}`, 'text', 'note.long', { max: NOTE_CHARS_MAX, got: change.text.length });
      return next({});
    case 'resolved':
      open(incident, 'resolve');
      return next({ status: 'resolved', resolvedAt: at, acknowledgedAt: incident.acknowledgedAt ?? at });
    case 'closed':
      if (incident.status === 'closed') throw new InvalidError('expected an incident that is not closed, got a closed one', 'status', 'incident.closed');
      if (!VERDICTS.includes(change.verdict)) throw new InvalidError(`expected a verdict (${VERDICTS.join(', ')}), got ${JSON.stringify(change.verdict)}`, 'verdict', 'incident.verdict');
      return next({ status: 'closed', verdict: change.verdict, closedAt: at, resolvedAt: incident.resolvedAt ?? at, acknowledgedAt: incident.acknowledgedAt ?? at });
    case 'reopened':
      if (incident.status !== 'closed' && incident.status !== 'resolved') throw new InvalidError(`expected a resolved or closed incident, got status ${incident.status}`, 'status', 'incident.open');
      return next({ status: incident.assignee === null ? 'new' : 'assigned', verdict: null, closedAt: null, resolvedAt: null });
    default: return assertNever(change);
  }
}

function open({ status }: Incident, verb: string): void {
  if (status === 'closed') throw new InvalidError(`expected an open incident to ${verb}, got a closed one: reopen it first`, 'status', 'incident.closed');
}

export type AlertedEntry = Extract<Entry, { kind: 'alerted' }>;

/** The same as `apply` of each in turn, in one pass: a storm brings thousands at once. */
export function withAlerts(incident: Incident, entries: readonly AlertedEntry[]): Incident {
  const alerts = [...incident.alerts], timeline = [...incident.timeline], perRule = alertedPerRule(incident);
  const counts: Record<string, number> = Object.assign(Object.create(null), incident.counts);
  let { eventCount, tier, severity, entities, rules, firstSeen, lastSeen, lastReceived } = incident;
  for (const entry of entries) {
    const { summary } = entry, known = counts[summary.alert], told = perRule.get(summary.rule.id) ?? 0;
    counts[summary.alert] = summary.count;
    eventCount += summary.count - (known ?? 0);
    if (known === undefined) {
      alerts.push(summary.alert);
      if (told < STORM_ALERTS) { timeline.push(entry); perRule.set(summary.rule.id, told + 1); }
    }
    tier = Math.max(tier, summary.tier ?? 0);
    severity = worse(severity, summary.severity);
    if (entities.length < ENTITIES_MAX) entities = union(entities, summary.entities, ({ kind, value }) => `${kind}\0${value}`).slice(0, ENTITIES_MAX);
    rules = union(rules, [summary.rule], ({ id }) => id);
    firstSeen = Math.min(firstSeen, summary.firstSeen);
    lastSeen = Math.max(lastSeen, summary.lastSeen);
    lastReceived = Math.max(lastReceived, summary.received);
  }
  return { ...incident, version: incident.version + entries.length, alerts, counts: { ...counts }, eventCount, tier, severity, entities, rules, firstSeen, lastSeen, lastReceived, timeline };
}

/** How many alerts of each rule stand in the timeline: `STORM_ALERTS` and no more. */
export function alertedPerRule({ timeline }: Incident): Map<string, number> {
  const perRule = new Map<string, number>();
  for (const one of timeline) if (one.kind === 'alerted') perRule.set(one.summary.rule.id, (perRule.get(one.summary.rule.id) ?? 0) + 1);
  return perRule;
}

const worse = (a: Severity, b: Severity): Severity => (SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b);
function union<T>(known: readonly T[], more: readonly T[], key: (one: T) => string): readonly T[] {
  const seen = new Set(known.map(key));
  const added = more.filter((one) => !seen.has(key(one)) && seen.add(key(one)));
  return added.length === 0 ? known : [...known, ...added];
}
