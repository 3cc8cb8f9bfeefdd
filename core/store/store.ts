// The store port: what the product needs kept, in domain words only. Two adapters keep it (embedded, Elasticsearch) and both pass
// contract.ts; nothing answers "unsupported". Only open.ts names an adapter.
import type { AccountRow, AccountTotal } from '../account/account.js';
import type { Alert, AlertHead, EventCopy, Hit } from '../alert.js';
import type { Event, Millis } from '../event.js';
import type { Incident, IncidentStatus } from '../incident.js';
import type { EvaluatedRun } from '../pipeline/run.js';
import type { Predicate } from '../predicate/predicate.js';
import type { Stream } from '../record.js';
import type { Registry, Severity, System } from '../tier.js';
import type { Shared } from './shared.js';

/** What a person may see: events whose stored tier is in `tiers` and whose system is not in `hiddenSystems` (its present tier is higher). */
export interface Scope {
  readonly tiers: readonly number[];
  readonly hiddenSystems: readonly string[];
}
export const EVERYTHING: Scope = { tiers: [1, 2, 3, 4, 5], hiddenSystems: [] };

export interface EventQuery {
  readonly predicate: Predicate;
  /** On @timestamp: `from` inclusive, `to` exclusive, absent = unbounded. */
  readonly from?: Millis;
  readonly to?: Millis;
  readonly scope: Scope;
  /** Only then the collector's own records (`haidang.loss`, `haidang.clock`, `haidang.mark`) are listed and counted. */
  readonly ownRecords?: boolean;
}
export interface Page<T> {
  readonly items: readonly T[];
  /** Where to go on, opaque; null at the end. */
  readonly next: string | null;
  /** Exact. */
  readonly total: number;
}
export interface PageRequest { readonly limit: number; readonly cursor?: string }
export interface HistogramBucket { readonly start: Millis; readonly count: number }
export interface FacetValue { readonly value: string; readonly count: number }
export interface DayShare { readonly tier: number; readonly day: string; readonly events: number; readonly bytes: number; readonly from: Millis; readonly to: Millis }

export interface EventStore {
  /** Newest first by (@timestamp, event.id); hot and sealed data without seams. */
  search(query: EventQuery, page: PageRequest): Promise<Page<Event>>;
  count(query: EventQuery): Promise<number>;
  /** Counts per bucket of `intervalMs`, empty buckets left out, in order of time. */
  histogram(query: EventQuery, intervalMs: number): Promise<readonly HistogramBucket[]>;
  /** The most frequent values of a field, exact counts, most frequent first. */
  facets(query: EventQuery, field: string, limit: number): Promise<readonly FacetValue[]>;
  get(id: string, scope: Scope): Promise<Event | undefined>;
  /** Events of a stream from position `from` on, in order, a contiguous run of at most `limit` (the protocol's tail). */
  after(stream: Stream, from: number, limit: number): Promise<readonly Event[]>;
  days(): Promise<readonly DayShare[]>;
  /** Retention: forgets a tier's day of receipt. Proofs in alerts stay. */
  dropDay(tier: number, day: string): Promise<{ readonly events: number }>;
  /** Demo data goes: forgets the events of these systems; returns how many. */
  dropSystems(systems: readonly string[]): Promise<{ readonly events: number }>;
}

/** One commit moves everything: events, ledger, alerts, incidents, notices, cursors. All of it or nothing. */
export interface Commit {
  readonly runs: readonly EvaluatedRun[];
  readonly alerts: readonly AlertWrite[];
  /** `seen` = the version the conductor read, 0 for a new incident. */
  readonly incidents: readonly { readonly incident: Incident; readonly seen: number }[];
  readonly notices: readonly Notice[];
  /** Watermark of the correlation verdicts given; never goes back. */
  readonly closed?: Millis;
  /** Of a store that several detectors share: hits of changes up to `to` are correlated; ConflictError where not `seen` was the last. */
  readonly correlated?: { readonly seen: number; readonly to: number };
}

/** An alert as a commit brings it; when it was first committed stays. */
export type AlertWrite =
  /** All of it: of one event, and what does not grow. Takes the place of the one with its id. */
  | { readonly kind: 'whole'; readonly alert: Alert }
  /**
   * What a round adds to a correlation's, also to one that is not there yet: the head as it is now, ids that join those it has (one
   * that it has already changes nothing), and copies, of which the first and the last 50 by (time, id) are kept; two of one event
   * are united. A copied event has hits, in this commit or before; what it said is kept as long as a hit or an alert names it.
   */
  | { readonly kind: 'growth'; readonly head: AlertHead; readonly eventIds: readonly string[]; readonly copies: readonly EventCopy[] };

export interface LedgerEntry {
  readonly stream: string;
  readonly from: number;
  readonly to: number;
  readonly ruleSet: number;
  readonly count: number;
  readonly xor: string;
  readonly receivedTo: Millis;
}

/** What tells a hit from all others; its event's times help to find it. */
export interface HitName { readonly eventId: string; readonly rule: string; readonly time: Millis; readonly received?: Millis }
export interface LedgerStore {
  entries(stream: string, from: number, limit: number): Promise<readonly LedgerEntry[]>;
  /** Hits whose received time is at or after `since`, in the order they were committed: windows are rebuilt from them. */
  hitsSince(since: Millis, after: number, limit: number): Promise<{ readonly hits: readonly Hit[]; readonly last: number }>;
  /** Hits of a rule in [from, to] of event time. */
  hits(ruleUid: string, from: Millis, to: Millis): Promise<readonly Hit[]>;
  /** The hits that these name, of those that are there, in no order. */
  named(hits: readonly HitName[]): Promise<readonly Hit[]>;
  closed(): Promise<Millis>;
  /** Hits per rule over [from, to) of received time, for the rules page. */
  hitCounts(from: Millis, to: Millis): Promise<Readonly<Record<string, { readonly count: number; readonly last: Millis }>>>;
}

/** Where a copy stands among an alert's: by time, of one moment by id. */
export interface CopyKey { readonly time: Millis; readonly id: string }
/** What must be known of a stored alert to add to it. */
export interface AlertState {
  readonly head: AlertHead;
  /** Which of the ids that were asked about it has already. */
  readonly has: readonly string[];
  readonly copies: number;
  /** Of an alert that has all the copies it may have: a copy strictly between the 50th earliest and the 50th latest will not be kept. */
  readonly between?: readonly [CopyKey, CopyKey];
}

export interface AlertStore {
  get(id: string): Promise<Alert | undefined>;
  /** Those that are there, without their copies and ids; each with some ids it may have. */
  states(asked: readonly { readonly id: string; readonly eventIds: readonly string[] }[]): Promise<readonly AlertState[]>;
  ofIncident(incident: string, page: PageRequest): Promise<Page<Alert>>;
  /** Alerts per bucket of event time and severity, for the queue's histogram. */
  histogram(from: Millis, to: Millis, intervalMs: number, scope: Scope): Promise<readonly { readonly start: Millis; readonly severity: Severity; readonly count: number }[]>;
  list(filter: { readonly scope: Scope; readonly from?: Millis; readonly to?: Millis; readonly rule?: string }, page: PageRequest): Promise<Page<Alert>>;
}

/** `urgency`: open before resolved before closed, of these what is due first, what has no limit last; then the gravest, the higher tier, the oldest. */
export type IncidentSort = 'urgency' | 'newest' | 'oldest' | 'severity' | 'updated';
export interface IncidentFilter {
  readonly scope: Scope;
  readonly tiers?: readonly number[];
  readonly statuses?: readonly IncidentStatus[];
  readonly severities?: readonly Severity[];
  readonly systems?: readonly string[];
  readonly assignee?: string | null;
  readonly rule?: string;
  readonly from?: Millis;
  readonly to?: Millis;
  /** Title, number, entity, system; case and marks ignored. */
  readonly text?: string;
  readonly sort?: IncidentSort;
}
export interface IncidentStore {
  get(id: string): Promise<Incident | undefined>;
  list(filter: IncidentFilter, page: PageRequest): Promise<Page<Incident>>;
  /** The incident in use for a key: the latest opened. */
  byKey(key: string): Promise<Incident | undefined>;
  /**
   * Applies to the version seen, or throws ConflictError; the notices go with it in one transaction. An incident still of the version
   * seen has another deadline and nothing else: whoever changes what he saw before is not in conflict with that.
   */
  put(incident: Incident, seen: number, notices: readonly Notice[]): Promise<void>;
  /** The highest number given so far in a year (`SC-2026-0012` -> 12). */
  lastNumber(year: number): Promise<number>;
  /** Open incidents by tier and severity, for the overview. */
  openCounts(scope: Scope): Promise<readonly { readonly tier: number; readonly system: string; readonly severity: Severity; readonly status: IncidentStatus; readonly count: number }[]>;
}

/** A mail (or webhook) to send; text and date are frozen when it is made. `id` = H(incident, change id, channel, recipient). */
export interface Notice {
  readonly id: string;
  readonly incident: string;
  readonly channel: 'mail';
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly created: Millis;
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed';
  readonly tries: number;
  readonly due: Millis;
  readonly sentAt?: Millis;
  readonly error?: string;
}
export interface OutboxStore {
  /** Claims notices that are due: state `sending`, tries + 1, due moved on by `leaseMs`; an unmoved claim is taken over later. */
  claim(now: Millis, leaseMs: number, limit: number): Promise<readonly Notice[]>;
  settle(id: string, result: { readonly sentAt: Millis } | { readonly error: string; readonly due: Millis; readonly giveUp: boolean }): Promise<void>;
  counts(): Promise<Readonly<Record<Notice['state'], number>>>;
  list(page: PageRequest): Promise<Page<Notice>>;
}

export interface CursorStore {
  /** Per stream the highest position below which everything is durable and its hits are committed; 0 = nothing yet. */
  all(): Promise<Readonly<Record<string, number>>>;
}

/** One per (system, sender): lifetime counters, moved by commits. */
export interface SourceRow {
  readonly name: string;
  readonly system: string;
  readonly sender: string;
  readonly tier: number;
  readonly stored: number;
  readonly evaluated: number;
  readonly lost: number;
  readonly unparsed: number;
  readonly firstSeen: Millis;
  readonly lastSeen: Millis;
}
export interface SourceStore {
  list(): Promise<readonly SourceRow[]>;
  remove(systems: readonly string[]): Promise<void>;
}

/** Of whom and when: stretches of receipt that touch [from, to); without both, lifetime sums. System '': the collector's own listeners. */
export interface AccountFilter {
  readonly scope: Scope;
  readonly from?: Millis;
  readonly to?: Millis;
  readonly system?: string;
  readonly sender?: string;
}
/** The completeness account; moved by commits, in the same transaction as what it counts. */
export interface AccountStore {
  /** Stretches by start, then source; old ones are hours, then official days. */
  list(filter: AccountFilter, page: PageRequest): Promise<Page<AccountRow>>;
  /** Sums by source and tier, in that order. */
  totals(filter: AccountFilter): Promise<readonly AccountTotal[]>;
  /** Per source the steps in which something was received, or is missing; `from` begins a step. */
  strips(filter: AccountFilter, stepMs: number): Promise<readonly AccountStrip[]>;
  /** Per source and official day (days since 1970) the longest silence that ended in it. */
  quiet(since: Millis): Promise<readonly { readonly system: string; readonly sender: string; readonly day: number; readonly quietMs: number }[]>;
}
export interface AccountStrip { readonly system: string; readonly sender: string; readonly tier: number; readonly start: Millis; readonly span: number; readonly received: number; readonly gap: boolean }

/** Small documents that people change, each with a version: `put` names the version its author saw (0 = new) or throws ConflictError. */
export interface Versioned { readonly id: string; readonly version: number }
export interface DocumentStore<T extends Versioned> {
  get(id: string): Promise<T | undefined>;
  list(): Promise<readonly T[]>;
  put(document: Omit<T, 'version'>, seen: number): Promise<T>;
  remove(id: string): Promise<void>;
}

/** What a site changed about a rule; the rule's text stays as its author wrote it. `id` = rule uid. */
export interface RuleTuning extends Versioned {
  readonly enabled: boolean;
  /** Correlations: the count that must be reached here. */
  readonly threshold?: number;
  readonly exceptions: readonly RuleException[];
}
export interface RuleException {
  readonly id: string;
  readonly field: string;
  readonly value: string;
  readonly owner: string;
  readonly reason: string;
  /** ISO date-time; after it the exception no longer applies. */
  readonly expires: string;
  readonly created: string;
}

export interface Deployment {
  readonly n: number;
  readonly at: Millis;
  readonly by: string;
  /** Rule uid -> version. */
  readonly rules: Readonly<Record<string, string>>;
}
export interface DeploymentStore {
  latest(): Promise<Deployment | undefined>;
  get(n: number): Promise<Deployment | undefined>;
  /** n must be the latest + 1, else ConflictError. */
  publish(deployment: Deployment): Promise<void>;
  list(limit: number): Promise<readonly Deployment[]>;
}

export type Role = 'analyst' | 'admin' | 'manager';
export interface User extends Versioned {
  /** = user name, lower case. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly tiers: readonly number[];
  readonly units?: readonly string[];
  readonly passwordHash: string;
  readonly mustChangePassword: boolean;
  readonly disabled: boolean;
  /** The first administrator also reads log content until an administrator removes that right. */
  readonly readsLogs: boolean;
  readonly language: 'vi' | 'en';
  readonly created: Millis;
  readonly lastLogin?: Millis;
}
export interface Session {
  /** SHA-256 of the cookie's token. */
  readonly id: string;
  readonly user: string;
  readonly created: Millis;
  readonly seen: Millis;
  readonly expires: Millis;
}
export interface SessionStore {
  get(id: string): Promise<Session | undefined>;
  put(session: Session): Promise<void>;
  remove(id: string): Promise<void>;
  removeOfUser(user: string): Promise<void>;
  removeExpired(now: Millis): Promise<number>;
}

export interface AuditEntry {
  readonly at: Millis;
  readonly by: string;
  /** Dotted verb, `rule.disable`, `session.open`, `session.refused`, `user.add`, `report.download`. */
  readonly action: string;
  readonly object: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly address?: string;
}
export interface AuditStore {
  append(entry: AuditEntry): Promise<void>;
  list(filter: { readonly by?: string; readonly action?: string; readonly object?: string; readonly from?: Millis; readonly to?: Millis }, page: PageRequest): Promise<Page<AuditEntry & { readonly seq: number }>>;
}

/** What could not be stored as it should be; never dropped silently. */
export interface DeadLetter { readonly id: string; readonly stream: string; readonly seq: number; readonly reason: string; readonly at: Millis; readonly body: string }
export interface DeadLetterStore {
  append(letter: DeadLetter): Promise<void>;
  list(page: PageRequest): Promise<Page<DeadLetter>>;
}

export interface SystemStore extends DocumentStore<System> {
  /** The registry as it now stands: its version grows with every change of a system. */
  registry(): Promise<Registry>;
  setRelays(relays: readonly string[], unassignedTier: number): Promise<void>;
}

/** Words kept by name: install id, demo marker, policy overrides. */
export interface SettingStore {
  get(name: string): Promise<unknown>;
  put(name: string, value: unknown): Promise<void>;
}

/** What changed, told after the commit; screens are refreshed from it. */
export type StoreNews =
  | { readonly kind: 'incidents'; readonly ids: readonly string[]; readonly opened: readonly string[]; readonly tiers: readonly number[] }
  | { readonly kind: 'sources' }
  | { readonly kind: 'rules' }
  | { readonly kind: 'systems' };

export interface StoreHealth {
  readonly ready: boolean;
  readonly kind: 'embedded' | 'elasticsearch';
  readonly hotEvents: number;
  readonly sealedEvents: number;
  readonly bytes: number;
  readonly freeBytes: number;
  /** The clock of its own machines, of several the one that is furthest behind; absent where it has none of its own. */
  readonly now?: Millis;
  readonly problem?: string;
}

export interface Store {
  readonly events: EventStore;
  readonly alerts: AlertStore;
  readonly incidents: IncidentStore;
  readonly ledger: LedgerStore;
  readonly cursors: CursorStore;
  readonly sources: SourceStore;
  readonly accounts: AccountStore;
  readonly outbox: OutboxStore;
  readonly tunings: DocumentStore<RuleTuning>;
  readonly deployments: DeploymentStore;
  readonly systems: SystemStore;
  readonly users: DocumentStore<User>;
  readonly sessions: SessionStore;
  readonly audit: AuditStore;
  readonly deadLetters: DeadLetterStore;
  readonly settings: SettingStore;
  /** Of a store that services share; absent where there is one process. */
  readonly shared?: Shared;
  /** Everything or nothing, durable when it returns. A run already committed is left as it is ("commit twice is commit once"). */
  commit(commit: Commit): Promise<void>;
  onNews(listener: (news: StoreNews) => void): () => void;
  health(): Promise<StoreHealth>;
  /** Seals, compacts, keeps retention: `retentionDays` by tier (days of receipt kept). Returns what was dropped. */
  keep(retentionDays: Readonly<Record<number, number>>, now: Millis): Promise<{ readonly dropped: readonly { readonly tier: number; readonly day: string; readonly events: number }[] }>;
  /** Removes everything the demo loaded: systems marked demo, their events, alerts, incidents, sources. */
  removeDemo(): Promise<{ readonly systems: number; readonly incidents: number; readonly events: number }>;
  close(): Promise<void>;
}
