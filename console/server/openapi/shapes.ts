// What the API answers, as shapes: console/api.ts says the same in types, and each shape here is checked against its type by the
// compiler. They become the component schemas of the API's description; tests hold real answers against them.
import { z } from 'zod';
import type {
  AccountItem, AlertHistogram, AlertItem, ApiProblem, AuditItem, BalanceItem, Compliance, EntityItem, EventHistogram, EventTemplates, FormatList, FormatTrial, GapItem, IncidentFull, IncidentItem, Language, Overview, ProofEventItem, QuestionItem, RoleName, Placeholders, RuleFull, RuleItem, RuleProblem, RuleRef, SessionInfo, SeverityName,
  ReadingTrial, Share, SourceItem, SourceReading, Status, StatusName, StripItem, Strips, SystemItem, TimelineEntry, UserItem, VerdictName,
} from '../../api.js';
import { CAUSES } from '../../../core/account/account.js';
import { dossier } from '../system-routes.js';

const time = z.string().meta({ format: 'date-time', description: 'UTC, ISO 8601' }), count = z.number().int().min(0), tier = z.number().int().min(1).max(5), cite = z.string().meta({ description: 'Legal basis' });
const severity: z.ZodType<SeverityName> = z.enum(['informational', 'low', 'medium', 'high', 'critical']), status: z.ZodType<StatusName> = z.enum(['new', 'assigned', 'resolved', 'closed']);
export const verdict: z.ZodType<VerdictName> = z.enum(['true_positive', 'benign_expected', 'false_positive_rule', 'false_positive_data', 'undetermined']);
const role: z.ZodType<RoleName> = z.enum(['analyst', 'admin', 'manager']), language: z.ZodType<Language> = z.enum(['vi', 'en']);
const perSeverity = z.strictObject({ informational: count, low: count, medium: count, high: count, critical: count });
const entity: z.ZodType<EntityItem> = z.strictObject({ kind: z.enum(['ip', 'user', 'host', 'file', 'url']), value: z.string() });
const rule: z.ZodType<RuleRef> = z.strictObject({ id: z.string(), title: z.string(), titleVi: z.string().optional() });

const problem: z.ZodType<ApiProblem> = z.strictObject({
  type: z.string().meta({ description: '`urn:haidang:problem:<code>`' }), title: z.string().meta({ description: 'A sentence in the asker\'s language' }), status: z.number().int(), detail: z.string().optional().meta({ description: 'English, for those who write programs' }),
  problems: z.array(z.strictObject({ code: z.string(), message: z.string(), line: z.number().int().optional(), column: z.number().int().optional(), field: z.string().optional(), params: z.record(z.string(), z.union([z.string(), z.number()])).optional() })).optional(),
});
const session: z.ZodType<SessionInfo> = z.strictObject({ username: z.string(), name: z.string(), roles: z.array(role), tiers: z.array(tier), language, mustChangePassword: z.boolean(), readsLogs: z.boolean(), demo: z.boolean(), version: z.string(), expires: time });

const incidentMembers = {
  id: z.string(), number: z.string(), version: z.number().int().min(1), title: z.string(), titleVi: z.string().optional(), tier, system: z.string(), systemName: z.string(), severity, status, assignee: z.string().nullable(), verdict: verdict.nullable(),
  alertCount: count, eventCount: count, firstSeen: time, lastSeen: time, created: time,
  due: z.strictObject({ kind: z.enum(['acknowledge', 'triage', 'contain']), at: time, limitMinutes: z.number(), cite }).nullable(),
  entities: z.array(entity), rules: z.array(rule), precedent: z.strictObject({ total: count, truePositive: count, benign: count, falsePositive: count }).nullable(), demo: z.boolean(),
};
const incident: z.ZodType<IncidentItem> = z.strictObject(incidentMembers);
const question: z.ZodType<QuestionItem> = z.strictObject({ is: z.string(), name: z.string().optional(), text: z.string().optional(), part: z.string().optional(), cased: z.literal(true).optional(), not: z.literal(true).optional() }).meta({ description: 'A condition in values' });
const proofEvent: z.ZodType<ProofEventItem> = z.strictObject({
  id: z.string(), rule: z.string(), time, received: time, system: z.string(), original: z.string(), fields: z.record(z.string(), z.unknown()),
  atoms: z.array(z.strictObject({ question: z.string().meta({ description: 'English' }), ask: question.optional(), field: z.string().optional(), value: z.string().optional(), start: count.optional().meta({ description: 'First byte in `original` as UTF-8' }), end: count.optional().meta({ description: 'Byte after the last' }) })),
});
const alert: z.ZodType<AlertItem> = z.strictObject({
  id: z.string(), severity, time, received: time, firstSeen: time, lastSeen: time, group: z.record(z.string(), z.string()).optional(), entities: z.array(entity), late: z.literal(true).optional(), eventCount: count, events: z.array(proofEvent),
  rule: z.strictObject({ id: z.string(), title: z.string(), titleVi: z.string().optional(), level: severity, version: z.string(), author: z.string().optional(), license: z.string().optional(), description: z.string().optional(), descriptionVi: z.string().optional() }),
});
const step = { id: z.string(), at: time, by: z.string() };
const timelineEntry: z.ZodType<TimelineEntry> = z.union([
  z.strictObject({ ...step, kind: z.literal('alerted'), rule, severity, alert: z.string(), count }), z.strictObject({ ...step, kind: z.literal('assigned'), assignee: z.string().nullable() }), z.strictObject({ ...step, kind: z.literal('noted'), text: z.string() }),
  z.strictObject({ ...step, kind: z.enum(['resolved', 'reopened']), text: z.string().optional() }), z.strictObject({ ...step, kind: z.literal('closed'), verdict, text: z.string().optional() }),
]);
const incidentFull: z.ZodType<IncidentFull> = z.strictObject({
  ...incidentMembers, unit: z.string().optional(), acknowledgedAt: time.nullable(), resolvedAt: time.nullable(), closedAt: time.nullable(), timeline: z.array(timelineEntry), distinctEvents: count.nullable(), alerts: z.array(alert),
  legalClocks: z.array(z.strictObject({ id: z.enum(['h24', 'h72']), due: time, cite })), similar: z.array(incident),
});
const alertHistogram: z.ZodType<AlertHistogram> = z.strictObject({
  intervalMs: count, buckets: z.array(z.strictObject({ start: time, counts: z.partialRecord(z.enum(['informational', 'low', 'medium', 'high', 'critical']), count) })), deployments: z.array(z.strictObject({ at: time, n: count, by: z.string() })),
});
const event = z.record(z.string(), z.unknown()).meta({ description: 'Flat, dotted ECS names; see GET /api/fields' });
const eventHistogram: z.ZodType<EventHistogram> = z.strictObject({ intervalMs: count, from: time, to: time, buckets: z.array(z.strictObject({ start: time, count })) });
const source: z.ZodType<SourceItem> = z.strictObject({
  name: z.string(), system: z.string(), systemName: z.string(), sender: z.string(), tier, received: count, stored: count, evaluated: count, underWay: count, lost: count, missing: count, parsed: count, unparsed: count, lastSeen: time.nullable(), silent: z.boolean(), silenceLimitMinutes: z.number(),
});
const overview: z.ZodType<Overview> = z.strictObject({
  now: time, tiers: z.array(z.strictObject({ tier, systems: count, open: count, bySeverity: perSeverity, unassigned: count, overdue: count, nextDue: time.nullable(), silent: count })), unassigned: z.array(incident), silentSources: z.array(source),
  received24h: count, evaluated24h: count, lost24h: count, missing24h: count, perHour: z.array(z.strictObject({ start: time, count })), ruleSet: z.strictObject({ n: count, rules: count, broken: count, inForceStreams: count, streams: count }),
});
const system: z.ZodType<SystemItem> = z.strictObject({
  id: z.string(), version: count, name: z.string(), nameEn: z.string().optional(), tier, unit: z.string(), timezone: z.string().optional(), encoding: z.string().optional(),
  senders: z.array(z.strictObject({ sender: z.string(), timezone: z.string().optional(), encoding: z.string().optional() })).optional(),
  match: z.array(z.strictObject({ listener: z.string().optional(), certificate: z.string().optional(), address: z.string(), host: z.string().optional() })), dossier: dossier.optional(), demo: z.boolean(), countedInNoShare: z.boolean(),
  openIncidents: count, lastSeen: time.nullable(), retired: z.string().optional(),
});
const status_: z.ZodType<Status> = z.strictObject({
  now: time,
  store: z.strictObject({ kind: z.enum(['embedded', 'elasticsearch']), state: z.enum(['ready', 'away', 'catching_up']), since: time.nullable(), back: time.nullable(), problem: z.string().nullable(), last: z.strictObject({ since: time, back: time, caughtUp: time }).nullable() }),
  evaluation: z.strictObject({ lagMs: count, detectors: count.nullable(), asOf: time, streams: z.array(z.strictObject({ stream: z.string(), position: count, lagMs: count, hole: count.nullable() })) }).nullable(),
  retention: z.strictObject({ heldSince: time, horizon: time, reason: z.enum(['jumped', 'store', 'received', 'lag']) }).nullable(),
  intakes: z.array(z.strictObject({ name: z.string(), reached: z.boolean(), taking: z.boolean(), spoolBytes: count, bytesPerSecond: count, lastsMs: count.nullable() })),
});
const eventTemplates: z.ZodType<EventTemplates> = z.strictObject({ read: count, total: count, items: z.array(z.strictObject({ text: z.string(), count, example: z.string() })) });
const formatList: z.ZodType<FormatList> = z.strictObject({ version: count, items: z.array(z.strictObject({ name: z.string(), text: z.string(), by: z.string(), at: time })) });
const formatTrial: z.ZodType<FormatTrial> = z.strictObject({
  problems: z.array(z.strictObject({ code: z.string(), message: z.string(), line: z.number().int().optional(), column: z.number().int().optional() })),
  rows: z.array(z.strictObject({ format: z.string().nullable(), why: z.string(), event: z.record(z.string(), z.unknown()) })),
});
const gap: z.ZodType<GapItem> = z.strictObject({
  cause: z.enum(CAUSES), owner: z.enum(['platform', 'source', 'path']), count: z.number().int(), frames: count, bytes: count, from: time.nullable(), to: time.nullable(),
  parts: z.array(z.strictObject({ name: z.string(), count: z.number().int(), missing: z.array(z.tuple([count, count])) })),
});
const accountCounts = { received: count, parsed: count, unparsed: count, stored: count, evaluated: count, gaps: z.array(gap) };
const accountItem: z.ZodType<AccountItem> = z.strictObject({ start: time, minutes: z.number(), name: z.string(), system: z.string(), sender: z.string(), tier, ...accountCounts });
const balance: z.ZodType<BalanceItem> = z.strictObject({ name: z.string(), system: z.string(), systemName: z.string(), sender: z.string(), tier, ...accountCounts, underWay: count, lost: count, missing: count, complete: z.boolean(), percent: z.number().min(0).max(100) });
const readingPart = z.strictObject({ encoding: z.string().nullable(), timezone: z.string().nullable() });
const sourceReading: z.ZodType<SourceReading> = z.strictObject({ source: z.string(), system: z.string(), systemName: z.string(), sender: z.string(), tier, version: count.nullable(), own: readingPart, otherwise: z.strictObject({ encoding: z.string(), timezone: z.string() }) });
const readingTrial: z.ZodType<ReadingTrial> = z.strictObject({ rows: z.array(z.strictObject({ received: time, text: z.string(), time: time.nullable(), zoned: z.boolean(), invalid: z.boolean(), format: z.string().nullable() })) });
const strip: z.ZodType<StripItem> = z.strictObject({ name: z.string(), stretches: z.array(z.strictObject({ state: z.enum(['complete', 'gap', 'silent']), from: time, to: time })) });
const ruleMembers = {
  id: z.string(), version: count, title: z.string(), titleVi: z.string().optional(), level: severity, kind: z.enum(['rule', 'correlation']), logsource: z.string(), file: z.string(), enabled: z.boolean(),
  state: z.enum(['alive', 'disabled', 'refused', 'placeholder_unset', 'source_missing', 'field_missing']) as z.ZodType<RuleItem['state']>, reason: z.string().optional(), hitsDropped: count.optional(), hits7d: count, lastHit: time.nullable(), threshold: count.optional(), defaultThreshold: count.optional(), exceptions: count, tags: z.array(z.string()),
};
const ruleItem: z.ZodType<RuleItem> = z.strictObject(ruleMembers);
const ruleProblem: z.ZodType<RuleProblem> = z.strictObject({ code: z.string(), message: z.string(), detail: z.string().optional(), line: z.number().int().optional(), column: z.number().int().optional() });
const ruleFull: z.ZodType<RuleFull> = z.strictObject({
  ...ruleMembers, description: z.string().optional(), descriptionVi: z.string().optional(), author: z.string().optional(), license: z.string().optional(), text: z.string(), problems: z.array(ruleProblem),
  exceptionList: z.array(z.strictObject({ id: z.string(), field: z.string(), value: z.string(), owner: z.string(), reason: z.string(), expires: time, created: time, expired: z.boolean() })), inForce: z.strictObject({ streams: count, of: count, ruleSet: count }), placeholders: z.array(z.string()),
});
const placeholders: z.ZodType<Placeholders> = z.strictObject({
  version: count, items: z.array(z.strictObject({ name: z.string(), values: z.array(z.string()), from: z.enum(['site', 'configuration', 'none']), rules: z.array(rule), by: z.string().optional(), at: time.optional() })),
});
const user: z.ZodType<UserItem> = z.strictObject({
  username: z.string(), version: z.number().int().min(1), name: z.string(), roles: z.array(role), tiers: z.array(tier), disabled: z.boolean(), readsLogs: z.boolean(), mustChangePassword: z.boolean(), lastLogin: time.nullable(),
});
const auditEntry: z.ZodType<AuditItem> = z.strictObject({ seq: count, at: time, by: z.string(), action: z.string(), object: z.string(), details: z.record(z.string(), z.unknown()).optional(), address: z.string().optional() });

const share: z.ZodType<Share> = z.strictObject({ count, of: count, percent: z.number(), target: z.literal(100), systems: z.array(z.string()) }), minutes = z.number().nullable();
const compliance: z.ZodType<Compliance> = z.strictObject({
  month: z.string(), cutoff: time, shares: z.strictObject({ approved: share, planFull: share }),
  perTier: z.array(z.strictObject({
    tier, systems: count, approved: share, planFull: share, silentSources: z.array(z.string()),
    incidents: z.strictObject({ opened: count, closed: count, open: count, bySeverity: perSeverity, medianAcknowledgeMinutes: minutes, medianCloseMinutes: minutes, acknowledgedInTime: share }),
  })),
  systems: z.array(z.strictObject({
    id: z.string(), name: z.string(), tier, stage: z.enum(['draft', 'sent', 'appraised', 'approved']), plan: z.enum(['none', 'partly', 'full']), planDone: count, planOf: count, decision: z.string().optional(), criterion: z.string(), owner: z.string(),
    operator: z.string(), flags: z.array(z.strictObject({ text: z.string(), textEn: z.string(), cite })),
  })),
  completeness: z.array(z.strictObject({ system: z.string(), received: count, stored: count, evaluated: count, lost: count, missing: count, percent: z.number().min(0).max(100) })),
  retention: z.array(z.strictObject({ tier, requiredDays: z.number().nullable(), keptDays: z.number(), cite })),
  policies: z.array(z.strictObject({ key: z.string(), title: z.string(), titleEn: z.string(), tier, amount: z.number(), unit: z.enum(['day', 'month', 'minute', 'working_minute', 'second', 'percent']), cite })),
});
const list = (item: z.ZodType): z.ZodType => z.strictObject({ items: z.array(item), next: z.string().nullable().meta({ description: 'Cursor of the next page; null where there is none' }), total: count.meta({ description: 'Exact' }) });
const strips: z.ZodType<Strips> = z.strictObject({ items: z.array(strip), next: z.string().nullable(), total: count, from: time, to: time, stepMinutes: z.number().int() });
const items = (item: z.ZodType): z.ZodType => z.strictObject({ items: z.array(item) });

/** By the name they have in the description. */
export const SHAPES = {
  Problem: problem, Session: session, Status: status_, Overview: overview, Incident: incident, IncidentFull: incidentFull, IncidentList: list(incident), Alert: alert, AlertList: list(alert), AlertHistogram: alertHistogram, ProofEvent: proofEvent,
  Assignees: items(z.strictObject({ username: z.string(), name: z.string() })), Event: event, EventList: list(event), EventHistogram: eventHistogram, EventTemplates: eventTemplates, FormatList: formatList, FormatTrial: formatTrial, Facets: z.strictObject({ field: z.string(), items: z.array(z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]), count })) }),
  Fields: items(z.strictObject({ name: z.string(), type: z.string(), vi: z.string(), en: z.string() })), Source: source, SourceList: list(source), Gap: gap, AccountList: list(accountItem), Balance: balance, BalanceList: list(balance), Strips: strips, SourceReading: sourceReading, ReadingTrial: readingTrial, System: system, SystemList: list(system), Rule: ruleItem, RuleList: list(ruleItem), RuleFull: ruleFull, Placeholders: placeholders,
  RuleProblems: items(z.strictObject({ file: z.string(), code: z.string(), message: z.string(), detail: z.string().optional(), line: z.number().int().optional(), column: z.number().int().optional() })),
  User: user, UserList: list(user), AuditEntry: auditEntry, AuditList: list(auditEntry), Compliance: compliance, Health: z.strictObject({ status: z.enum(['ok', 'unavailable']) }),
} satisfies Readonly<Record<string, z.ZodType>>;
export type ShapeName = keyof typeof SHAPES;
