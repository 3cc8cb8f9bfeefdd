// Compliance as of a cut-off: which systems count, at which stage their level is, how far their protection plan is deployed, how
// incidents of the month were worked on. Everything is computed from dated evidence (dossiers, incidents, sources); nothing is typed
// in. Pure.
import type { Millis } from './event.js';
import type { Incident } from './incident.js';
import { officialDay, officialStart, type Policy } from './policy.js';
import { SEVERITIES, TIERS, type Dossier, type DossierStage, type PlanState, type Severity, type System } from './tier.js';

export interface Share {
  readonly count: number;
  readonly of: number;
  /** One decimal; of nothing, 0. */
  readonly percent: number;
  /** Ids of those that count. */
  readonly records: readonly string[];
}
export interface Flag {
  readonly code: 'regulation_after_approval' | 'regulation_missing' | 'wrong_authority' | 'no_decision' | 'no_dossier';
  readonly text: string;
  readonly textEn: string;
  readonly cite: string;
}
export interface SystemState {
  readonly system: System;
  readonly stage: DossierStage;
  readonly plan: PlanState;
  readonly planDone: number;
  readonly planOf: number;
  readonly flags: readonly Flag[];
}
export interface IncidentFigures {
  /** Numbers of the incidents each figure stands on. */
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  readonly open: readonly string[];
  /** Of those opened in the month. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly medianAcknowledgeMinutes: number | null;
  readonly medianCloseMinutes: number | null;
  /** Of those opened in the month whose time to be acknowledged is over or that were acknowledged; `records` were in time. */
  readonly acknowledgedInTime: Share;
}

export interface Month { readonly month: string; readonly start: Millis; readonly cutoff: Millis }

/** A month in official time; a month that still runs is cut off now. Undefined where the text is no month or has not begun. */
export function monthOf(month: string, now: Millis): Month | undefined {
  const parts = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month), start = officialStart(`${month}-01`);
  if (parts === null || start === undefined || start > now) return undefined;
  const end = officialStart(parts[2] === '12' ? `${Number(parts[1]) + 1}-01-01` : `${parts[1]}-${String(Number(parts[2]) + 1).padStart(2, '0')}-01`) as Millis;
  return { month, start, cutoff: Math.min(end, now) };
}
export const monthNow = (now: Millis): string => officialDay(now).slice(0, 7);

/** True when what is dated `text` had happened by the cut-off; a day counts when it had begun. */
function by(text: string | undefined, cutoff: Millis): boolean {
  const at = text === undefined ? undefined : officialStart(text);
  return at !== undefined && at < cutoff;
}

/** Systems that are counted at the cut-off: neither retired by then nor marked as counted in no share. */
export function counted(systems: readonly System[], cutoff: Millis): readonly System[] {
  return systems.filter(({ retired, countedInNoShare }) => countedInNoShare !== true && !by(retired, cutoff));
}

const STAGES: readonly DossierStage[] = ['draft', 'sent', 'appraised', 'approved'];

/** The stage as its dates prove it: an approval after the cut-off, or without a date, is not one yet. */
export function stageAt(dossier: Dossier | undefined, cutoff: Millis): DossierStage {
  if (dossier === undefined) return 'draft';
  const reached = STAGES.indexOf(dossier.stage);
  if (reached >= 3 && by(dossier.approvedDate, cutoff)) return 'approved';
  if (reached >= 2 && (dossier.appraisedDate === undefined || by(dossier.appraisedDate, cutoff))) return 'appraised';
  if (reached >= 1 && (dossier.sentDate === undefined || by(dossier.sentDate, cutoff))) return 'sent';
  return 'draft';
}

export function planAt(dossier: Dossier | undefined, cutoff: Millis): { readonly plan: PlanState; readonly planDone: number; readonly planOf: number } {
  const items = dossier?.plan ?? [], done = items.filter((item) => item.done && (item.date === undefined || by(item.date, cutoff))).length;
  return { plan: done === 0 ? 'none' : done === items.length ? 'full' : 'partly', planDone: done, planOf: items.length };
}

/** What a reviewer must see, whatever the shares say. */
export function flagsOf({ tier, dossier }: System, stage: DossierStage): readonly Flag[] {
  const flags: Flag[] = [];
  const flag = (code: Flag['code'], cite: string, text: string, textEn: string): void => { flags.push({ code, text, textEn, cite: `NĐ 331/2026 ${cite}` }); };
  if (dossier === undefined) {
    flag('no_dossier', 'Đ21', 'Chưa có hồ sơ đề xuất cấp độ', 'There is no level proposal dossier');
    return flags;
  }
  const { regulationDate, approvedDate, approvedBy, operator, owner, decision } = dossier;
  if (stage !== 'approved') {
    if (dossier.stage === 'approved' && approvedDate === undefined) {
      flag('no_decision', 'Đ18', 'Hồ sơ ghi đã phê duyệt nhưng không có ngày quyết định: chưa tính là đã phê duyệt',
        'The dossier says approved but has no date of the decision: not counted as approved');
    }
    return flags;
  }
  if (regulationDate === undefined) {
    flag('regulation_missing', 'Đ30.7', 'Chưa ghi ngày ban hành quy chế bảo đảm an ninh mạng', 'No date of the security regulation is recorded');
  } else if (approvedDate !== undefined && regulationDate.slice(0, 10) > approvedDate.slice(0, 10)) {
    flag('regulation_after_approval', 'Đ30.7', `Quy chế ban hành ngày ${vietnameseDay(regulationDate)}, sau ngày phê duyệt cấp độ ${vietnameseDay(approvedDate)}`,
      `The regulation (${regulationDate}) is dated after the level's approval (${approvedDate})`);
  }
  if (decision === undefined || decision.trim() === '') {
    flag('no_decision', 'Đ18', 'Chưa ghi số quyết định phê duyệt cấp độ', 'The number of the approving decision is not recorded');
  }
  if (tier >= 3 && approvedBy !== undefined && isNotOwner(approvedBy, operator, owner)) {
    flag('wrong_authority', tier === 3 ? 'Đ18.2' : 'Đ18.3', `Cấp độ ${tier} phải do chủ quản phê duyệt, hồ sơ ghi: ${approvedBy}`,
      `A level ${tier} system is approved by its owner; the dossier says: ${approvedBy}`);
  }
  return flags;
}
// A level 1-2 system is approved by the security unit, a level 3-4 system by its owner (Đ18.1-18.3).
function isNotOwner(approvedBy: string, operator: string, owner: string): boolean {
  const plain = (text: string): string => text.normalize('NFC').trim().toLowerCase();
  if (plain(approvedBy) === plain(owner)) return false;
  return plain(approvedBy).includes('chuyên trách') || plain(approvedBy) === plain(operator);
}
const vietnameseDay = (text: string): string => text.slice(0, 10).split('-').reverse().join('/');

/** Every counted system as it stood at the cut-off, by tier from above, then by id. */
export function systemStates(systems: readonly System[], cutoff: Millis): readonly SystemState[] {
  return counted(systems, cutoff).map((system) => {
    const stage = stageAt(system.dossier, cutoff);
    return { system, stage, ...planAt(system.dossier, cutoff), flags: flagsOf(system, stage) };
  }).sort((a, b) => b.system.tier - a.system.tier || (a.system.id < b.system.id ? -1 : 1));
}

export function shareOf(records: readonly string[], of: number): Share {
  return { count: records.length, of, percent: of === 0 ? 0 : Math.round((records.length * 1000) / of) / 10, records };
}
const idsOf = (states: readonly SystemState[]): readonly string[] => states.map(({ system }) => system.id);

export interface Shares { readonly approved: Share; readonly planFull: Share; readonly planFullOfApproved: Share }
/** The two shares of form 08 (NĐ 331/2026, columns 6 and 10). */
export function sharesOf(states: readonly SystemState[]): Shares {
  const approved = states.filter(({ stage }) => stage === 'approved'), full = states.filter(({ plan }) => plan === 'full');
  const fullAndApproved = approved.filter(({ plan }) => plan === 'full');
  return {
    approved: shareOf(idsOf(approved), states.length), planFull: shareOf(idsOf(full), states.length),
    planFullOfApproved: shareOf(idsOf(fullAndApproved), approved.length),
  };
}

/** Totals of form 08, part 1: a dossier counts as built once it was sent. */
export function totalsOf(states: readonly SystemState[]): { readonly systems: number; readonly built: number; readonly appraised: number; readonly approved: number } {
  const from = (stage: DossierStage): number => states.filter((state) => STAGES.indexOf(state.stage) >= STAGES.indexOf(stage)).length;
  return { systems: states.length, built: from('sent'), appraised: from('appraised'), approved: from('approved') };
}

/** What the figures need of an incident. */
export type MonthIncident = Pick<Incident, 'number' | 'tier' | 'severity' | 'created' | 'acknowledgedAt' | 'closedAt'>;

/** How a tier's incidents went in the month, as known at the cut-off. */
export function incidentFigures(incidents: readonly MonthIncident[], { start, cutoff }: Month, policyAt: (at: Millis) => Policy): IncidentFigures {
  const before = (at: Millis | null): at is Millis => at !== null && at < cutoff;
  const known = incidents.filter(({ created }) => created < cutoff), opened = known.filter(({ created }) => created >= start);
  const closed = known.filter(({ closedAt }) => before(closedAt) && closedAt >= start);
  const inTime = opened.flatMap((incident) => {
    const limit = policyAt(incident.created).limit('acknowledge', incident.tier, incident.severity, incident.created);
    if (limit === undefined) return [];
    const done = before(incident.acknowledgedAt);
    return done || limit.at < cutoff ? [{ number: incident.number, inTime: done && (incident.acknowledgedAt) <= limit.at }] : [];
  });
  const numbers = (of: readonly MonthIncident[]): readonly string[] => of.map(({ number }) => number).sort();
  return {
    opened: numbers(opened), closed: numbers(closed), open: numbers(known.filter(({ closedAt }) => !before(closedAt))),
    bySeverity: Object.fromEntries(SEVERITIES.map((severity) => [severity, opened.filter((incident) => incident.severity === severity).length])) as Record<Severity, number>,
    medianAcknowledgeMinutes: median(opened.flatMap(({ created, acknowledgedAt }) => (before(acknowledgedAt) ? [(acknowledgedAt - created) / 60_000] : []))),
    medianCloseMinutes: median(closed.flatMap(({ created, closedAt }) => (closedAt === null ? [] : [(closedAt - created) / 60_000]))),
    acknowledgedInTime: shareOf(inTime.filter((one) => one.inTime).map(({ number }) => number).sort(), inTime.length),
  };
}

/** One decimal; of nothing, null. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b), middle = sorted.length >> 1;
  const value = sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
  return Math.round(value * 10) / 10;
}

/** Tiers that have something to say, from above. */
export const tiersIn = (states: readonly SystemState[], incidents: readonly MonthIncident[]): readonly number[] =>
  [...TIERS].reverse().filter((tier) => states.some(({ system }) => system.tier === tier) || incidents.some((incident) => incident.tier === tier));
