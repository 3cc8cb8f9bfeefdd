// Findings -> alerts, the incidents they join or open, and the notices about that. Decides on what the round has read from the store,
// touches nothing: on a conflict the round is simply decided again. A function of the findings and what is stored, under fixed ids.
import { textOf, type AlertHead } from '../core/alert.js';
import type { Millis } from '../core/event.js';
import { alertedPerRule, openIncident, STORM_ALERTS, withAlerts, type AlertedEntry, type Incident } from '../core/incident.js';
import { withDue, type Policy } from '../core/policy.js';
import type { AlertState, AlertWrite, Notice } from '../core/store/store.js';
import { SEVERITIES, type Severity } from '../core/tier.js';
import { alertOf, entityOf, type Finding } from './alerts.js';
import { changeId, incidentId } from './ids.js';
import { noticesOf, type NoticeOptions, type Told } from './notices.js';

/** An incident takes alerts until its latest one was received this long ago. */
export const JOIN_MS = 24 * 3_600_000;

/** What a round has read. */
export interface Known {
  readonly alerts: ReadonlyMap<string, AlertState>;
  /** By id: those of known alerts. */
  readonly incidents: ReadonlyMap<string, Incident>;
  /** By incident key: the latest opened. */
  readonly byKey: ReadonlyMap<string, Incident>;
  /** The highest incident number given so far, by year. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly now: Millis;
  readonly notices: NoticeOptions;
  /** In force now. Without one, incidents have no deadline. */
  readonly policy?: Policy;
  readonly demoSystems: ReadonlySet<string>;
}
export interface Decided {
  readonly alerts: readonly AlertWrite[];
  readonly incidents: readonly { readonly incident: Incident; readonly seen: number }[];
  readonly notices: readonly Notice[];
}

export const incidentKey = (finding: Finding): string => JSON.stringify([finding.rule.family, entityOf(finding), finding.completing.system]);
/** Years as people here count them. */
export const yearOf = (time: Millis): number => new Date(time + 7 * 3_600_000).getUTCFullYear();

/** Each finding is of another alert. */
export function group(findings: readonly Finding[], known: Known): Decided {
  const open = new Map<string, Open>(), latest = new Map<string, Open>(), numbers = new Map(known.numbers);
  const alerts: AlertWrite[] = [];
  const load = (incident: Incident): Open => {
    const before = open.get(incident.id);
    if (before !== undefined) return before;
    const loaded = new Open(incident, incident.version);
    open.set(incident.id, loaded);
    return loaded;
  };
  for (const finding of findings) {
    const before = known.alerts.get(finding.id);
    const key = incidentKey(finding), received = finding.hits.reduce((last, hit) => Math.max(last, hit.received), finding.completing.received);
    const home = before === undefined ? undefined : open.get(before.head.incident) ?? known.incidents.get(before.head.incident);
    let joined = home === undefined ? undefined : home instanceof Open ? home : load(home);
    if (joined === undefined) {
      const inUse = latest.get(key) ?? (known.byKey.has(key) ? load(known.byKey.get(key) as Incident) : undefined);
      joined = inUse !== undefined && inUse.takes(finding.completing.received) ? inUse : undefined;
    }
    if (joined === undefined) {
      joined = new Open(opened(finding, key, numbers, known), 0);
      open.set(joined.incident.id, joined);
    }
    if (before === undefined) latest.set(key, joined);
    const storm = before === undefined && joined.isStorm(finding.rule.name.uid);
    const alert = alertOf(finding, { incident: joined.incident.id, created: known.now, known: before, storm });
    if (alert === undefined) continue;
    alerts.push(alert);
    joined.add(alert.kind === 'whole' ? alert.alert : alert.head, received, storm, before !== undefined);
  }
  const results = [...open.values()].filter(({ entries }) => entries.length > 0).map((one) => one.result());
  return {
    alerts,
    incidents: results.map(({ incident, seen }) => ({ incident: known.policy === undefined ? incident : withDue(incident, known.policy), seen })),
    notices: results.flatMap(({ incident, told }) => (told === undefined ? [] : noticesOf(incident, told, known.now, known.notices))),
  };
}

/** An incident while a round adds to it. */
class Open {
  readonly entries: AlertedEntry[] = [];
  private readonly perRule: Map<string, number>;
  private severity: Severity;
  private lastReceived: Millis;
  private told: Told | undefined;

  constructor(readonly incident: Incident, private readonly seen: number) {
    this.perRule = alertedPerRule(incident);
    this.severity = incident.severity;
    this.lastReceived = incident.lastReceived;
  }

  takes(received: Millis): boolean {
    return this.incident.status !== 'closed' && received - this.lastReceived <= JOIN_MS;
  }

  /** The next alert of this rule is one of a storm. */
  isStorm(rule: string): boolean {
    return (this.perRule.get(rule) ?? 0) >= STORM_ALERTS;
  }

  add(alert: AlertHead, received: Millis, storm: boolean, grown: boolean): void {
    const { rule, severity, firstSeen, lastSeen, entities, eventCount, tier } = alert, change = changeId(this.incident.id, alert.id);
    const summary = { alert: alert.id, rule: { id: rule.uid, title: rule.title, ...(rule.titleVi === undefined ? {} : { titleVi: rule.titleVi }) }, severity, firstSeen, lastSeen, received, entities, count: eventCount, tier };
    const opens = this.seen === 0 && this.entries.length === 0, raises = SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(this.severity);
    this.entries.push({ kind: 'alerted', summary, id: change, at: received, by: 'detector' });
    if (!grown) this.perRule.set(rule.uid, (this.perRule.get(rule.uid) ?? 0) + 1);
    if (raises) this.severity = severity;
    this.lastReceived = Math.max(this.lastReceived, received);
    if (opens) this.told = { change, why: 'opened', rule };
    else if (raises && !storm && this.seen > 0) this.told = { change, why: 'raised', rule };
  }

  result(): { readonly incident: Incident; readonly seen: number; readonly told: Told | undefined } {
    return { incident: withAlerts(this.incident, this.entries), seen: this.seen, told: this.told };
  }
}

function opened(finding: Finding, key: string, numbers: Map<number, number>, { now, demoSystems }: Known): Incident {
  const { rule, completing } = finding, year = yearOf(completing.received), number = (numbers.get(year) ?? 0) + 1;
  numbers.set(year, number);
  const unit = textOf(completing.event, 'haidang.unit'), { title, titleVi } = rule.name;
  return openIncident({
    id: incidentId(key, finding.id), number: `SC-${year}-${String(number).padStart(4, '0')}`, key, family: rule.family,
    title: sentence(title, finding, 'on'), ...(titleVi === undefined ? {} : { titleVi: sentence(titleVi, finding, 'trên') }),
    tier: completing.tier, system: completing.system, ...(unit === undefined ? {} : { unit }), created: now, ...(demoSystems.has(completing.system) ? { demo: true } : {}),
  });
}

/** The rule's words, whom it is about, and where: `Failed sign-ins: 203.0.113.9 on web-01`. No counts: they change. */
function sentence(title: string, finding: Finding, on: string): string {
  const entity = entityOf(finding), host = textOf(finding.completing.event, 'host.name');
  const about = entity.map((value) => shorten(value)).join(', ');
  const where = host === undefined || entity.includes(host) ? '' : ` ${on} ${shorten(host)}`;
  return about === '' ? `${title}${where}` : `${title}: ${about}${where}`;
}
const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
