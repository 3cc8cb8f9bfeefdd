// Domain -> wire: what leaves the API, field by field, so that nothing leaves by accident.
import type { AlertItem, IncidentFull, IncidentItem, Language, ProofEventItem, TimelineEntry } from '../api.js';
import type { Alert, ProofEvent } from '../../core/alert.js';
import { assertNever } from '../../core/assert.js';
import type { Entry, Incident } from '../../core/incident.js';
import { dueOf, type Policy } from '../../core/policy.js';
import { UNASSIGNED, type System } from '../../core/tier.js';
import { iso, isoOrNull } from './parameters.js';

const NO_SYSTEM: Readonly<Record<Language, string>> = { vi: 'Chưa khai hệ thống', en: 'No system yet' };

/** A system's name in a reader's language; its id where nobody knows it any more. */
export const systemNameIn = (language: Language, id: string, system: System | undefined): string =>
  id === UNASSIGNED ? NO_SYSTEM[language] : (language === 'en' ? system?.nameEn : undefined) ?? system?.name ?? id;

export interface IncidentContext {
  readonly policy: Policy;
  readonly systemName: (id: string) => string;
  readonly precedent: IncidentItem['precedent'];
}

export function presentIncident(incident: Incident, { policy, systemName, precedent }: IncidentContext): IncidentItem {
  const due = dueOf(incident, policy);
  return {
    id: incident.id, number: incident.number, version: incident.version, title: incident.title, titleVi: incident.titleVi, tier: incident.tier, system: incident.system, systemName: systemName(incident.system),
    severity: incident.severity, status: incident.status, assignee: incident.assignee, verdict: incident.verdict, alertCount: incident.alerts.length, eventCount: incident.eventCount,
    firstSeen: iso(Math.min(incident.firstSeen, 8.64e15)), lastSeen: iso(incident.lastSeen), created: iso(incident.created),
    due: due === undefined ? null : { kind: due.kind, at: iso(due.at), limitMinutes: due.limitMinutes, cite: due.cite },
    entities: incident.entities.map(({ kind, value }) => ({ kind, value })), rules: incident.rules.map(({ id, title, titleVi }) => ({ id, title, titleVi })),
    precedent, demo: incident.demo === true,
  };
}

export interface IncidentParts { readonly item: IncidentItem; readonly alerts: readonly AlertItem[]; readonly distinctEvents: number | null; readonly similar: readonly IncidentItem[]; readonly policy: Policy }

export function presentFull(incident: Incident, { item, alerts, distinctEvents, similar, policy }: IncidentParts): IncidentFull {
  return {
    ...item, unit: incident.unit, acknowledgedAt: isoOrNull(incident.acknowledgedAt), resolvedAt: isoOrNull(incident.resolvedAt), closedAt: isoOrNull(incident.closedAt),
    timeline: incident.timeline.map(presentEntry), alerts, distinctEvents, similar,
    legalClocks: policy.reportClocks(incident.created).flatMap(({ id, due, cite }) => (id === 'now' ? [] : [{ id, due: iso(due), cite }])),
  };
}

function presentEntry(entry: Entry): TimelineEntry {
  const base = { id: entry.id, at: iso(entry.at), by: entry.by };
  switch (entry.kind) {
    case 'alerted': {
      const { rule: { id, title, titleVi }, severity, alert, count } = entry.summary;
      return { ...base, kind: 'alerted', rule: { id, title, titleVi }, severity, alert, count };
    }
    case 'assigned': return { ...base, kind: 'assigned', assignee: entry.assignee };
    case 'noted': return { ...base, kind: 'noted', text: entry.text };
    case 'resolved': case 'reopened': return { ...base, kind: entry.kind, text: entry.text };
    case 'closed': return { ...base, kind: 'closed', verdict: entry.verdict, text: entry.text };
    default: return assertNever(entry);
  }
}

export interface RuleWords { readonly description?: string; readonly descriptionVi?: string }

/** `content`: the asker reads logs. Without it, the frames, their fields and what they were grouped by stay here. */
export function presentAlert(alert: Alert, content: boolean, words: RuleWords | undefined): AlertItem {
  const { uid, title, titleVi, level, version, author, license } = alert.rule;
  return {
    id: alert.id, rule: { id: uid, title, titleVi, level, version, author, license, description: words?.description, descriptionVi: words?.descriptionVi },
    severity: alert.severity, ...(alert.late === undefined ? {} : { late: alert.late }), time: iso(alert.time), received: iso(alert.received), firstSeen: iso(alert.firstSeen), lastSeen: iso(alert.lastSeen),
    ...(content && alert.group !== undefined ? { group: alert.group } : {}), entities: alert.entities.map(({ kind, value }) => ({ kind, value })),
    eventCount: alert.eventCount, events: content ? alert.events.map(presentProof) : [],
  };
}

const presentProof = ({ id, rule, time, received, system, original, atoms, fields }: ProofEvent): ProofEventItem => ({
  id, rule, time: iso(time), received: iso(received), system, original, fields,
  atoms: atoms.map(({ question, ask, field, value, start, end }) => ({ question, ask, field, value, start, end })),
});
