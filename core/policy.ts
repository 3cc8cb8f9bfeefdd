// Tier policy as data: packs of requirements (`rules/policy/*.yaml`), each value with the text it rests on. Several packs may be in
// force on a day; for each key and tier the strictest value wins, and what a site sets itself may only tighten. Also the clocks that
// run on them: limits by severity, working time, reports that law asks for. Pure: parsing takes what YAML gave, dates are passed in.
import type { Incident } from './incident.js';
import type { Millis } from './event.js';
import { InvalidError } from './errors.js';
import { TIERS, type Severity, type Tier } from './tier.js';

export type PolicyUnit = 'day' | 'month' | 'minute' | 'working_minute' | 'second' | 'percent';
/** `law` and `standard` are others' words; `default` is ours, where they are silent. */
export type PolicyBasis = 'law' | 'standard' | 'default';
export interface PolicyValue {
  readonly value: number;
  readonly unit: PolicyUnit;
  readonly cite: string;
  readonly basis: PolicyBasis;
}
export interface Requirement {
  readonly key: string;
  readonly title: string;
  readonly titleEn: string;
  /** Which of two values is the stricter. */
  readonly strictest: 'max' | 'min';
  readonly values: Readonly<Partial<Record<Tier, PolicyValue>>>;
}
export interface ReportClock { readonly id: 'now' | 'h24' | 'h72'; readonly minutes: number; readonly cite: string; readonly title: string; readonly titleEn: string }
export interface WorkingTime {
  /** 1 = Monday. */
  readonly days: readonly number[];
  /** Minutes of the day, [from, to). */
  readonly hours: readonly (readonly [number, number])[];
  /** `2027-01-01`. */
  readonly holidays: readonly string[];
}
export interface PolicyPack {
  readonly pack: string;
  readonly version: string;
  /** First day in force, local; `effectiveTo` is the last, null = no end. */
  readonly effectiveFrom: string;
  readonly effectiveTo: string | null;
  readonly requirements: readonly Requirement[];
  readonly clocks: readonly ReportClock[];
  readonly working: WorkingTime;
  /** Limits of `respond.*` are those of a critical incident; others' are multiplied. A severity without factor waits for the next review. */
  readonly severityFactors: Readonly<Partial<Record<Severity, number>>>;
  readonly capWorkingDays: number;
}

/** Viet Nam has one time zone and no summer time; days, months and cut-offs of policy are counted in it. */
export const OFFICIAL_OFFSET_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000, MINUTE_MS = 60_000;
/** `2026-12-14` of an instant, in official time. */
export const officialDay = (at: Millis): string => new Date(at + OFFICIAL_OFFSET_MS).toISOString().slice(0, 10);
/** The instant at which an official day begins; undefined where the text is no date. A date with a time is that instant. */
export function officialStart(text: string): Millis | undefined {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00+07:00`) : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** What applies on one day: all packs in force, the strictest value of each. */
export class Policy {
  private readonly packs: readonly PolicyPack[];
  constructor(packs: readonly PolicyPack[], at: Millis) {
    const day = officialDay(at);
    const inForce = packs.filter(({ effectiveFrom, effectiveTo }) => effectiveFrom <= day && (effectiveTo === null || day <= effectiveTo));
    // Before the first pack's day there is still work to be timed: the earliest pack then speaks.
    this.packs = inForce.length > 0 ? inForce : [...packs].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1)).slice(0, 1);
    if (this.packs.length === 0) throw new InvalidError('expected at least one policy pack, got none', 'policy');
  }

  /** The strictest value of `key` for a tier, or undefined where none asks for anything. */
  value(key: string, tier: number): PolicyValue | undefined {
    let best: PolicyValue | undefined;
    for (const pack of this.packs) {
      for (const requirement of pack.requirements) {
        const value = requirement.key === key ? requirement.values[tier as Tier] : undefined;
        if (value === undefined) continue;
        if (best === undefined || (requirement.strictest === 'max' ? size(value) > size(best) : size(value) < size(best))) best = value;
      }
    }
    return best;
  }

  /** Every value in force, by key and tier. */
  all(): readonly { readonly requirement: Requirement; readonly tier: Tier; readonly value: PolicyValue }[] {
    const byKey = new Map<string, Requirement>();
    for (const pack of this.packs) for (const requirement of pack.requirements) if (!byKey.has(requirement.key)) byKey.set(requirement.key, requirement);
    return [...byKey.values()].flatMap((requirement) => TIERS.flatMap((tier) => {
      const value = this.value(requirement.key, tier);
      return value === undefined ? [] : [{ requirement, tier, value }];
    }));
  }

  /** Minutes a source of this tier may be silent. */
  silenceMinutes(tier: number): number {
    return this.value('silence', tier)?.value ?? 24 * 60;
  }

  /** How late a log message of this tier may come and still count in a verdict that waits; undefined where no pack says. */
  latenessMs(tier: number): Millis | undefined {
    const value = this.value('lateness', tier);
    return value && size(value) * MINUTE_MS;
  }

  /** Days of receipt that must be kept by law or standard; undefined where none says so. */
  retentionRequired(tier: number): { readonly days: number; readonly cite: string } | undefined {
    const value = this.value('retention.minimum', tier);
    return value && { days: days(value), cite: value.cite };
  }

  /** Days of receipt kept here: what the packs ship, or what the site set where that is more than the law's minimum. */
  retentionDays(own: Readonly<Partial<Record<number, number>>> = {}): Record<number, number> {
    return Object.fromEntries(TIERS.map((tier) => {
      const shipped = this.value('retention.total', tier), minimum = this.retentionRequired(tier)?.days ?? 0;
      return [tier, Math.max(minimum, own[tier] ?? (shipped === undefined ? minimum : days(shipped)))];
    }));
  }

  /** Reports that law asks for, by their clocks from the detection. */
  reportClocks(detected: Millis): readonly (ReportClock & { readonly due: Millis })[] {
    const strictest = new Map<string, ReportClock>();
    for (const clock of this.packs.flatMap((pack) => pack.clocks)) {
      const known = strictest.get(clock.id);
      if (known === undefined || clock.minutes < known.minutes) strictest.set(clock.id, clock);
    }
    return [...strictest.values()].map((clock) => ({ ...clock, due: detected + clock.minutes * MINUTE_MS }));
  }

  /** When a step must be done at a severity, counted from `from`; undefined: at the next review. */
  limit(step: ResponseStep, tier: number, severity: Severity, from: Millis): Due | undefined {
    const value = this.value(`respond.${step}`, tier), pack = this.packs[0] as PolicyPack;
    const factor = pack.severityFactors[severity];
    if (value === undefined || factor === undefined) return undefined;
    const minutes = value.value * factor, capMinutes = pack.capWorkingDays * dayMinutes(pack.working);
    const cap = addWorkingMinutes(from, capMinutes, pack.working);
    const plain = value.unit === 'working_minute' ? addWorkingMinutes(from, Math.min(minutes, capMinutes), pack.working) : from + minutes * MINUTE_MS;
    return { kind: step, at: Math.min(plain, cap), limitMinutes: minutes, cite: value.cite };
  }

  get working(): WorkingTime { return (this.packs[0] as PolicyPack).working; }
}

/** The policy in force, made anew with each official day: the same object as long as nothing can have changed. */
export function policyOfNow(packs: readonly PolicyPack[], now: () => Millis): () => Policy {
  let day = officialDay(now()), known = new Policy(packs, now());
  return () => {
    const at = now(), today = officialDay(at);
    if (today !== day) [day, known] = [today, new Policy(packs, at)];
    return known;
  };
}

export type ResponseStep = 'acknowledge' | 'triage' | 'contain';
export interface Due { readonly kind: ResponseStep; readonly at: Millis; readonly limitMinutes: number; readonly cite: string }

/**
 * What an incident waits for next. It is acknowledged when somebody took it, triaged when a person then wrote or decided something,
 * contained when it is resolved.
 */
export const dueOf = (incident: Incident, policy: Policy): Due | undefined => dueFor({ ...incident, triaged: isTriaged(incident) }, policy);

/** The same from the few words it needs. */
export function dueFor(incident: Pick<Incident, 'status' | 'tier' | 'severity' | 'created' | 'acknowledgedAt'> & { readonly triaged: boolean }, policy: Policy): Due | undefined {
  if (incident.status === 'resolved' || incident.status === 'closed') return undefined;
  const step: ResponseStep = incident.acknowledgedAt === null ? 'acknowledge' : incident.triaged ? 'contain' : 'triage';
  return policy.limit(step, incident.tier, incident.severity, incident.created);
}
/** The incident with its deadline by this policy: whoever writes an incident writes it so, and the queue is ordered by it. */
export function withDue({ due: _, ...incident }: Incident, policy: Policy): Incident {
  const at = dueOf(incident, policy)?.at;
  return at === undefined ? incident : { ...incident, due: at };
}
export const isTriaged = ({ timeline }: Incident): boolean => timeline.some(({ kind }) => kind === 'noted' || kind === 'resolved' || kind === 'reopened');

/** A value set by the site that is looser than a pack's is refused: local overrides may only tighten. */
export function tightens(policy: Policy, key: string, tier: number, value: number): boolean {
  const present = policy.value(key, tier);
  if (present === undefined) return true;
  const strictest = policy.all().find(({ requirement }) => requirement.key === key)?.requirement.strictest;
  return strictest === 'max' ? value >= present.value : value <= present.value;
}

const MONTH_DAYS_MAX: Readonly<Record<number, number>> = { 1: 31, 3: 92, 6: 184, 12: 366, 18: 550, 24: 731 };
/** The most days that many months can have, so that a month's duty is kept whatever the month. */
function days({ value, unit }: PolicyValue): number {
  return unit === 'month' ? (MONTH_DAYS_MAX[value] ?? value * 31) : value;
}
function size({ value, unit }: PolicyValue): number {
  switch (unit) {
    case 'month': return days({ value, unit, cite: '', basis: 'default' }) * 1440;
    case 'day': return value * 1440;
    case 'second': return value / 60;
    case 'minute': case 'percent': return value;
    case 'working_minute': return value * 3; // A working day of 8 hours stands for a day.
    default: return unit satisfies never;
  }
}

const dayMinutes = ({ hours }: WorkingTime): number => hours.reduce((sum, [from, to]) => sum + to - from, 0);
const isWorkingDay = (day: string, { days: weekdays, holidays }: WorkingTime): boolean => weekdays.includes(new Date(`${day}T00:00:00Z`).getUTCDay() || 7) && !holidays.includes(day);

/** `minutes` of working time later. */
export function addWorkingMinutes(from: Millis, minutes: number, working: WorkingTime): Millis {
  let left = minutes * MINUTE_MS;
  for (let start = officialStart(officialDay(from)) as Millis, tries = 0; tries < 3700; start += DAY_MS, tries++) {
    if (!isWorkingDay(officialDay(start), working)) continue;
    for (const [opens, closes] of working.hours) {
      const begin = Math.max(from, start + opens * MINUTE_MS), end = start + closes * MINUTE_MS;
      if (end <= begin) continue;
      if (left <= end - begin) return begin + left;
      left -= end - begin;
    }
  }
  throw new Error('assertion failed: a working calendar has working days');
}

/** The official day `count` working days after `day`; the day itself does not count. */
export function addWorkingDays(day: string, count: number, working: WorkingTime): string {
  let at = Date.parse(`${day}T00:00:00Z`);
  for (let left = count; left > 0;) {
    at += DAY_MS;
    if (isWorkingDay(new Date(at).toISOString().slice(0, 10), working)) left--;
  }
  return new Date(at).toISOString().slice(0, 10);
}
