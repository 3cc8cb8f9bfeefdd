// The wire contract between the console's server and its web application: paths, bodies, replies. Types only; the server presents
// to them, the application reads them. All under /api, JSON, UTC ISO times. Errors are application/problem+json (`ApiProblem`).
// Lists answer `List<T>`: exact totals, `next` is the cursor of the next page or null; they take `limit` (default 50, at most 500) and `cursor`.
// Unsafe methods need Content-Type application/json and the same origin. A thing one may not see answers 404.

export interface List<T> { readonly items: readonly T[]; readonly next: string | null; readonly total: number }
export interface ApiProblem {
  readonly type: string;
  /** One sentence in the user's language. */
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** `message` is a sentence in the user's language; `code` and `params` are what it was made of. */
  readonly problems?: readonly { readonly code: string; readonly message: string; readonly line?: number; readonly column?: number; readonly field?: string; readonly params?: Readonly<Record<string, string | number>> }[];
}
export type SeverityName = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export type StatusName = 'new' | 'assigned' | 'resolved' | 'closed';
export type VerdictName = 'true_positive' | 'benign_expected' | 'false_positive_rule' | 'false_positive_data' | 'undetermined';
export type RoleName = 'analyst' | 'admin' | 'manager';
export type Language = 'vi' | 'en';
export interface EntityItem { readonly kind: 'ip' | 'user' | 'host' | 'file' | 'url'; readonly value: string }
export interface RuleRef { readonly id: string; readonly title: string; readonly titleVi?: string }

// POST /api/session {username, password} -> 200 SessionInfo + cookie; 401; 429 with Retry-After.
// GET /api/session -> SessionInfo or 401.  DELETE /api/session -> 204.  PATCH /api/session {language} -> SessionInfo.
// POST /api/session/password {current, next} -> SessionInfo.
export interface SessionInfo {
  readonly username: string;
  readonly name: string;
  readonly roles: readonly RoleName[];
  readonly tiers: readonly number[];
  readonly language: Language;
  readonly mustChangePassword: boolean;
  readonly readsLogs: boolean;
  readonly demo: boolean;
  readonly version: string;
  readonly expires: string;
}

// GET /api/status -> Status (analyst, admin, manager); answered while the store is away, as GET /api/session is
export interface Status {
  readonly now: string;
  readonly store: {
    readonly kind: 'embedded' | 'elasticsearch';
    /** `catching_up`: it answers again, and what waited meanwhile is being evaluated. */
    readonly state: 'ready' | 'away' | 'catching_up';
    readonly since: string | null;
    readonly back: string | null;
    /** For administrators, in English. */
    readonly problem: string | null;
    /** The latest outage that is over, since this console was started. */
    readonly last: { readonly since: string; readonly back: string; readonly caughtUp: string } | null;
  };
  /** Null while nothing is known of it. */
  readonly evaluation: EvaluationStatus | null;
  /** Collectors whose figures this console can read. */
  readonly intakes: readonly IntakeStatus[];
  /** Days that are past their retention and are kept, since the clock is not believed (`reason`), or makes up for days that it missed (`lag`): what is older than `horizon` by its level's days went. */
  readonly retention: { readonly heldSince: string; readonly horizon: string; readonly reason: 'jumped' | 'store' | 'received' | 'lag' } | null;
}
// POST /api/retention/release {clockIsRight: true} -> 204 (admin): what is due by the clock may go, once
export interface EvaluationStatus {
  /** How far decisions are behind receipt, in the stream that is furthest behind. */
  readonly lagMs: number;
  /** Null where they are not processes of their own. */
  readonly detectors: number | null;
  readonly asOf: string;
  /** The furthest behind first; `hole` is a position that is waited for. Empty where one process does all. */
  readonly streams: readonly { readonly stream: string; readonly position: number; readonly lagMs: number; readonly hole: number | null }[];
}
export interface IntakeStatus {
  readonly name: string;
  readonly reached: boolean;
  /** Senders are acknowledged. */
  readonly taking: boolean;
  readonly spoolBytes: number;
  readonly bytesPerSecond: number;
  /** How long the spool's disk has room at this rate; null while nothing comes in. */
  readonly lastsMs: number | null;
}

// GET /api/overview -> Overview (analyst, admin, manager)
export interface Overview {
  readonly now: string;
  readonly tiers: readonly TierOverview[];
  /** Open incidents nobody has, the severest first, of these what is due first; at most 5. */
  readonly unassigned: readonly IncidentItem[];
  readonly silentSources: readonly SourceItem[];
  /** By the completeness account: of messages that came in the last 24 hours, whatever time they tell. */
  readonly received24h: number;
  readonly evaluated24h: number;
  readonly lost24h: number;
  /** Numbers of the senders that never came. */
  readonly missing24h: number;
  /** Events per hour of the last 24, by their own time. */
  readonly perHour: readonly { readonly start: string; readonly count: number }[];
  readonly ruleSet: { readonly n: number; readonly rules: number; readonly broken: number; readonly inForceStreams: number; readonly streams: number };
}
export interface TierOverview {
  readonly tier: number;
  readonly systems: number;
  readonly open: number;
  readonly bySeverity: Readonly<Record<SeverityName, number>>;
  readonly unassigned: number;
  readonly overdue: number;
  /** ISO due time of the open incident that is due next, by the tier's policy. */
  readonly nextDue: string | null;
  readonly silent: number;
}

// GET /api/incidents?tier=&status=&severity=&system=&assignee=(name|none|me)&rule=&from=&to=&q=&sort=(urgency|newest|oldest|severity|updated)&limit=&cursor= -> List<IncidentItem>
export interface IncidentItem {
  readonly id: string;
  readonly number: string;
  readonly version: number;
  readonly title: string;
  readonly titleVi?: string;
  readonly tier: number;
  readonly system: string;
  readonly systemName: string;
  readonly severity: SeverityName;
  readonly status: StatusName;
  readonly assignee: string | null;
  readonly verdict: VerdictName | null;
  readonly alertCount: number;
  /** Of every alert added up: an event that two alerts share counts twice. */
  readonly eventCount: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly created: string;
  /** What is due next by the tier's policy (acknowledge, then contain/close), null once kept or closed. */
  readonly due: { readonly kind: 'acknowledge' | 'triage' | 'contain'; readonly at: string; readonly limitMinutes: number; readonly cite: string } | null;
  readonly entities: readonly EntityItem[];
  readonly rules: readonly RuleRef[];
  /** Verdicts of closed incidents of the same family and entity or rule: "2 of 3 true". */
  readonly precedent: { readonly total: number; readonly truePositive: number; readonly benign: number; readonly falsePositive: number } | null;
  readonly demo: boolean;
}
// GET /api/incidents/histogram?from=&to=&buckets= -> AlertHistogram
export interface AlertHistogram {
  readonly intervalMs: number;
  readonly buckets: readonly { readonly start: string; readonly counts: Partial<Record<SeverityName, number>> }[];
  readonly deployments: readonly { readonly at: string; readonly n: number; readonly by: string }[];
}
// GET /api/incidents/:id -> Incident (404 when not visible)
export interface IncidentFull extends IncidentItem {
  readonly unit?: string;
  readonly acknowledgedAt: string | null;
  readonly resolvedAt: string | null;
  readonly closedAt: string | null;
  readonly timeline: readonly TimelineEntry[];
  /** Contributing events, each once; null where not every alert stands in `alerts`. */
  readonly distinctEvents: number | null;
  /** Newest first, at most 20; the rest by GET /api/incidents/:id/alerts. */
  readonly alerts: readonly AlertItem[];
  /** Reports that law asks for, if it is one: 24 h and 72 h from the detection, `created`, which never moves (NĐ 331/2026 Đ31.2.d). */
  readonly legalClocks: readonly { readonly id: 'h24' | 'h72'; readonly due: string; readonly cite: string }[];
  readonly similar: readonly IncidentItem[];
}
export type TimelineEntry = { readonly id: string; readonly at: string; readonly by: string } & (
  | { readonly kind: 'alerted'; readonly rule: RuleRef; readonly severity: SeverityName; readonly alert: string; readonly count: number }
  | { readonly kind: 'assigned'; readonly assignee: string | null }
  | { readonly kind: 'noted'; readonly text: string }
  | { readonly kind: 'resolved' | 'reopened'; readonly text?: string }
  | { readonly kind: 'closed'; readonly verdict: VerdictName; readonly text?: string });
// GET /api/incidents/:id/alerts?limit=&cursor= -> List<AlertItem>
export interface AlertItem {
  readonly id: string;
  readonly rule: RuleRef & { readonly level: SeverityName; readonly version: string; readonly author?: string; readonly license?: string; readonly description?: string; readonly descriptionVi?: string };
  readonly severity: SeverityName;
  readonly time: string;
  readonly received: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly group?: Readonly<Record<string, string>>;
  readonly entities: readonly EntityItem[];
  /** One of its events came when its position in the stream had been passed as a gap. */
  readonly late?: true;
  readonly eventCount: number;
  /** First and last contributing events (at most 100 copied), in order of time. */
  readonly events: readonly ProofEventItem[];
}
/** A condition in values (core/predicate/question.ts): `question` is the same in English. */
export interface QuestionItem { readonly is: string; readonly name?: string; readonly text?: string; readonly part?: string; readonly cased?: true; readonly not?: true }
export interface ProofEventItem {
  readonly id: string;
  readonly rule: string;
  readonly time: string;
  readonly received: string;
  readonly system: string;
  readonly original: string;
  /** Byte ranges in `original` as UTF-8 are [start, end); absent where the value does not stand in the line. */
  readonly atoms: readonly { readonly question: string; readonly ask?: QuestionItem; readonly field?: string; readonly value?: string; readonly start?: number; readonly end?: number }[];
  readonly fields: Readonly<Record<string, unknown>>;
}
// POST /api/incidents/:id/changes {version, change: ChangeRequest} -> Incident; 409 when somebody was faster, with the present incident's version in `detail`.
export type ChangeRequest =
  | { readonly kind: 'assigned'; readonly assignee: string | null }
  | { readonly kind: 'noted'; readonly text: string }
  | { readonly kind: 'resolved'; readonly text?: string }
  | { readonly kind: 'closed'; readonly verdict: VerdictName; readonly text?: string }
  | { readonly kind: 'reopened'; readonly text?: string };
// GET /api/assignees -> {items: {username, name}[]}: analysts who may be given incidents of the asker's tiers.

// GET /api/events?query=&from=&to=&limit=&cursor= -> List<flat event>
// GET /api/events/:id -> flat event
// GET /api/events/histogram?query=&from=&to=&buckets= -> EventHistogram     GET /api/events/facets?query=&from=&to=&field=&limit= -> {field, items: {value, count}[]}
export type EventItem = Readonly<Record<string, unknown>>;
export interface EventHistogram { readonly intervalMs: number; readonly from: string; readonly to: string; readonly buckets: readonly { readonly start: string; readonly count: number }[] }
// GET /api/fields -> {items: {name, type, vi, en}[]}

// GET /api/events/templates?query=&from=&to=&limit=&events= -> EventTemplates
/** The commonest templates of the newest events that no format knows. */
export interface EventTemplates {
  /** How many of the `total` were looked at. */
  readonly read: number;
  readonly total: number;
  readonly items: readonly { readonly text: string; readonly count: number; readonly example: string }[];
}
// POST /api/formats/try {text, lines} (admin) -> FormatTrial
/** A description of a source tried on lines; problems have the place in its text, failed tests of its own among them. */
export interface FormatTrial {
  readonly problems: readonly { readonly code: string; readonly message: string; readonly line?: number; readonly column?: number }[];
  readonly rows: readonly { readonly format: string | null; readonly why: string; readonly event: Readonly<Record<string, unknown>> }[];
}

// GET /api/formats (admin) -> FormatList
// PUT /api/formats/:name {version, text} (admin) -> FormatList; in force within seconds; an empty text takes it away; 409 when somebody was faster
/** Descriptions kept in the console, by the version that a change must name. */
export interface FormatList {
  readonly version: number;
  readonly items: readonly { readonly name: string; readonly text: string; readonly by: string; readonly at: string }[];
}

// GET /api/sources -> List<SourceItem>
export interface SourceItem {
  /** `<system>/<sender>`. */
  readonly name: string;
  readonly system: string;
  readonly systemName: string;
  readonly sender: string;
  readonly tier: number;
  /** Lifetime counters: received = stored + underWay. */
  readonly received: number;
  readonly stored: number;
  readonly evaluated: number;
  /** Received and not yet committed. */
  readonly underWay: number;
  readonly lost: number;
  /** Numbers that the sender gave its messages and that never came, as far as no loss of ours explains them. */
  readonly missing: number;
  readonly parsed: number;
  readonly unparsed: number;
  readonly lastSeen: string | null;
  readonly silent: boolean;
  /** What its level's policy allows, beyond what is usual for it. */
  readonly silenceLimitMinutes: number;
}

// The completeness account: received = parsed + unparsed = stored = evaluated, or a gap with cause and owner.
export type GapOwner = 'platform' | 'source' | 'path';
export interface GapItem {
  readonly cause: 'kernel_drop' | 'overrun' | 'spool_full' | 'refused' | 'protocol' | 'too_large' | 'busy' | 'incomplete' | 'unfinished' | 'file_truncated' | 'cut' | 'intake_stopped' | 'spool_damaged' | 'sequence_gap' | 'earlier' | 'not_read' | 'not_stored' | 'not_evaluated' | 'under_way' | 'other';
  /** Who can do something about it: who runs this program, who runs the source, or both with the network between them. */
  readonly owner: GapOwner;
  /** Messages. */
  readonly count: number;
  /** Frames, connections or requests concerned of which nothing, or not all, is lost. */
  readonly frames: number;
  readonly bytes: number;
  readonly from: string | null;
  readonly to: string | null;
  /** By listener, or by the sender's numbering with the latest ranges that are missing. */
  readonly parts: readonly { readonly name: string; readonly count: number; readonly missing: readonly (readonly [number, number])[] }[];
}
interface AccountCounts { readonly received: number; readonly parsed: number; readonly unparsed: number; readonly stored: number; readonly evaluated: number }
// GET /api/sources/account?source=&system=&from=&to= -> List<AccountItem>; without a time, the last 24 hours
export interface AccountItem extends AccountCounts {
  readonly start: string;
  /** 1; of what is older 60, then a day's. */
  readonly minutes: number;
  /** `<system>/<sender>`; what no sender can be named for `listener/<name>`. */
  readonly name: string;
  readonly system: string;
  readonly sender: string;
  readonly tier: number;
  readonly gaps: readonly GapItem[];
}
// GET /api/sources/balance?source=&system=&from=&to= -> List<BalanceItem>; without a time, since the first message
export interface BalanceItem extends AccountCounts {
  readonly name: string;
  readonly system: string;
  readonly systemName: string;
  readonly sender: string;
  readonly tier: number;
  readonly underWay: number;
  readonly lost: number;
  readonly missing: number;
  readonly complete: boolean;
  /** Evaluated of all that were sent, as far as is known. */
  readonly percent: number;
  readonly gaps: readonly GapItem[];
}
// GET /api/sources/reading?source= -> SourceReading; PUT /api/sources/reading {source, version, encoding, timezone} (admin) -> SourceReading; 409 when somebody was faster
/** With what a source's lines are read. */
export interface SourceReading {
  readonly source: string;
  readonly system: string;
  readonly systemName: string;
  readonly sender: string;
  readonly tier: number;
  /** Of its system, which a change must name; null where no system lists the sender: nothing can be set then. */
  readonly version: number | null;
  /** Set for this source; null: as its system says. */
  readonly own: { readonly encoding: string | null; readonly timezone: string | null };
  /** What its system says, else the default. */
  readonly otherwise: { readonly encoding: string; readonly timezone: string };
}
// POST /api/sources/reading/try {source, encoding, timezone} (log readers) -> ReadingTrial: its latest lines, newest first
export interface ReadingTrial {
  /** `time`: what the line tells, null where it tells none; `zoned`: it says its zone itself; `invalid`: bytes that are no characters of the encoding. */
  readonly rows: readonly { readonly received: string; readonly text: string; readonly time: string | null; readonly zoned: boolean; readonly invalid: boolean; readonly format: string | null }[];
}
// GET /api/sources/strips?source=&system=&from=&to=&buckets= -> Strips
export interface StripItem { readonly name: string; readonly stretches: readonly { readonly state: 'complete' | 'gap' | 'silent'; readonly from: string; readonly to: string }[] }
export interface Strips extends List<StripItem> { readonly from: string; readonly to: string; readonly stepMinutes: number }

// GET /api/systems -> List<SystemItem>; PUT /api/systems/:id SystemItem body (admin) -> SystemItem
export interface SystemItem {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly nameEn?: string;
  readonly tier: number;
  readonly unit: string;
  readonly timezone?: string;
  /** What its senders write, where that is not UTF-8. */
  readonly encoding?: string;
  /** Senders of it that write otherwise. */
  readonly senders?: readonly { readonly sender: string; readonly timezone?: string; readonly encoding?: string }[];
  readonly match: readonly { readonly listener?: string; readonly address: string; readonly host?: string }[];
  readonly dossier?: unknown;
  readonly demo: boolean;
  readonly countedInNoShare: boolean;
  readonly openIncidents: number;
  readonly lastSeen: string | null;
  /** Since this day it is in no share. */
  readonly retired?: string;
}

// GET /api/rules?state=&q= -> List<RuleItem> (analyst, admin; managers too, read-only)   GET /api/rules/:id -> RuleFull
// PATCH /api/rules/:id {version, enabled?, threshold?: number|null, exceptions?: {add?: {field,value,reason,expires}, remove?: id}} -> RuleFull (admin)
export interface RuleItem {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly titleVi?: string;
  readonly level: SeverityName;
  readonly kind: 'rule' | 'correlation';
  readonly logsource: string;
  readonly file: string;
  readonly enabled: boolean;
  /** alive; disabled by a person; refused (broken); placeholder unset; source missing: no event of its log source in 7 days; field missing: none of them had a field without which it cannot be true. */
  readonly state: 'alive' | 'disabled' | 'refused' | 'placeholder_unset' | 'source_missing' | 'field_missing';
  readonly reason?: string;
  /** Correlations: hits given up for want of memory since the rule set is in force. */
  readonly hitsDropped?: number;
  readonly hits7d: number;
  readonly lastHit: string | null;
  readonly threshold?: number;
  readonly defaultThreshold?: number;
  readonly exceptions: number;
  readonly tags: readonly string[];
}
export interface RuleFull extends RuleItem {
  readonly description?: string;
  readonly descriptionVi?: string;
  readonly author?: string;
  readonly license?: string;
  readonly text: string;
  readonly problems: readonly RuleProblem[];
  readonly exceptionList: readonly { readonly id: string; readonly field: string; readonly value: string; readonly owner: string; readonly reason: string; readonly expires: string; readonly created: string; readonly expired: boolean }[];
  readonly inForce: { readonly streams: number; readonly of: number; readonly ruleSet: number };
  /** Names of the placeholders whose values it needs. */
  readonly placeholders: readonly string[];
}
// GET /api/placeholders -> {version, items: PlaceholderItem[]}; PUT /api/placeholders/:name {version, values} (admin): the same, in force
/** Values for rules with `|expand`; `from` none: the rules are off until somebody sets them. */
export interface PlaceholderItem {
  readonly name: string;
  readonly values: readonly string[];
  readonly from: 'site' | 'configuration' | 'none';
  readonly rules: readonly RuleRef[];
  readonly by?: string;
  readonly at?: string;
}
export interface Placeholders { readonly version: number; readonly items: readonly PlaceholderItem[] }
// GET /api/rules/problems -> {items: (RuleProblem & {file})[]}: files that did not load.
/** `message` is in the user's language; `detail`, beside languages other than English, quotes the rule's own words. */
export interface RuleProblem { readonly code: string; readonly message: string; readonly detail?: string; readonly line?: number; readonly column?: number }

// Users (admin): GET /api/users -> List<UserItem>; POST /api/users {username, name, roles, tiers, password}; PATCH /api/users/:name {version, ...}; DELETE /api/users/:name
export interface UserItem {
  readonly username: string;
  readonly version: number;
  readonly name: string;
  readonly roles: readonly RoleName[];
  readonly tiers: readonly number[];
  readonly disabled: boolean;
  readonly readsLogs: boolean;
  readonly mustChangePassword: boolean;
  readonly lastLogin: string | null;
}
// GET /api/audit?by=&action=&from=&to= -> List<AuditItem> (admin, manager)
export interface AuditItem { readonly seq: number; readonly at: string; readonly by: string; readonly action: string; readonly object: string; readonly details?: Readonly<Record<string, unknown>>; readonly address?: string }

// Compliance (manager, admin): GET /api/compliance?month=2026-12 -> Compliance
// GET /api/compliance/report?month=2026-12&format=pdf|csv&language=vi|en -> the file, Content-Disposition attachment
export interface Compliance {
  readonly month: string;
  readonly cutoff: string;
  readonly shares: { readonly approved: Share; readonly planFull: Share };
  readonly perTier: readonly TierCompliance[];
  readonly systems: readonly SystemCompliance[];
  /** Of what the sources of a system sent in the month, as far as is known, what was evaluated. */
  readonly completeness: readonly { readonly system: string; readonly received: number; readonly stored: number; readonly evaluated: number; readonly lost: number; readonly missing: number; readonly percent: number }[];
  readonly retention: readonly { readonly tier: number; readonly requiredDays: number | null; readonly keptDays: number; readonly cite: string }[];
  readonly policies: readonly PolicyItem[];
}
export interface PolicyItem {
  readonly key: string;
  readonly title: string;
  readonly titleEn: string;
  readonly tier: number;
  readonly amount: number;
  readonly unit: 'day' | 'month' | 'minute' | 'working_minute' | 'second' | 'percent';
  readonly cite: string;
}
export interface Share { readonly count: number; readonly of: number; readonly percent: number; readonly target: 100; readonly systems: readonly string[] }
export interface TierCompliance {
  readonly tier: number;
  readonly systems: number;
  readonly approved: Share;
  readonly planFull: Share;
  readonly incidents: { readonly opened: number; readonly closed: number; readonly open: number; readonly bySeverity: Readonly<Record<SeverityName, number>>; readonly medianAcknowledgeMinutes: number | null; readonly medianCloseMinutes: number | null; readonly acknowledgedInTime: Share };
  readonly silentSources: readonly string[];
}
export interface SystemCompliance {
  readonly id: string;
  readonly name: string;
  readonly tier: number;
  readonly stage: 'draft' | 'sent' | 'appraised' | 'approved';
  readonly plan: 'none' | 'partly' | 'full';
  readonly planDone: number;
  readonly planOf: number;
  readonly decision?: string;
  readonly criterion: string;
  readonly owner: string;
  readonly operator: string;
  /** Flags a reviewer must see, each with its citation, e.g. regulation dated after approval (NĐ 331/2026 Đ30.7). */
  readonly flags: readonly { readonly text: string; readonly textEn: string; readonly cite: string }[];
}

// GET /api/live: server-sent events, `event: incidents` data {ids, opened, at}; `event: sources`; `event: rules`; a comment every 20 s.
export interface LiveIncidents { readonly ids: readonly string[]; readonly opened: readonly string[]; readonly at: string }
