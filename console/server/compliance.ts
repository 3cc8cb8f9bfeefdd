// Gathers what a month's compliance is computed from, limited to what the asker may see: the page and both reports show the same data.
import type { Compliance, Language, Share as ShareItem } from '../api.js';
import type { AccountTotal } from '../../core/account/account.js';
import { balanceOf, type Balance } from '../../core/account/balance.js';
import { incidentFigures, sharesOf, systemStates, tiersIn, totalsOf, type IncidentFigures, type Month, type Share, type Shares, type SystemState } from '../../core/compliance.js';
import { Policy, type PolicyValue } from '../../core/policy.js';
import type { Deps } from './deps.js';
import { iso } from './parameters.js';
import type { Asker } from './route.js';
import { nameOf, sourcesOf } from './source-routes.js';

export interface TierPart { readonly tier: number; readonly states: readonly SystemState[]; readonly shares: Shares; readonly figures: IncidentFigures; readonly silent: readonly string[] }
export interface SystemCompleteness { readonly system: string; readonly received: number; readonly stored: number; readonly evaluated: number; readonly lost: number; readonly missing: number; readonly percent: number }

/** Plain data: the PDF is drawn in a thread of its own. */
export interface ComplianceData {
  readonly month: Month;
  readonly states: readonly SystemState[];
  readonly shares: Shares;
  readonly totals: ReturnType<typeof totalsOf>;
  readonly tiers: readonly TierPart[];
  readonly retention: readonly { readonly tier: number; readonly requiredDays: number | null; readonly keptDays: number; readonly cite: string }[];
  readonly policies: readonly { readonly key: string; readonly title: string; readonly titleEn: string; readonly tier: number; readonly value: PolicyValue }[];
  /** Of each counted system, what its sources sent in the month; a system of which nothing is known to have been sent is left out. */
  readonly completeness: readonly SystemCompleteness[];
  /** Incident number -> id, for links. */
  readonly incidentIds: ReadonlyMap<string, string>;
  readonly demo: boolean;
}

export async function gatherCompliance(deps: Deps, asker: Asker, month: Month): Promise<ComplianceData> {
  const { scope } = asker, { systems } = await deps.systems.registry();
  const seen = systems.filter(({ id, tier }) => scope.tiers.includes(tier) && !scope.hiddenSystems.includes(id)), excluded = new Set(seen.filter(({ countedInNoShare }) => countedInNoShare === true).map(({ id }) => id));
  const states = systemStates(seen, month.cutoff);
  // Laboratory systems stand in no figure, their incidents neither.
  const incidents = (await deps.index.all(scope)).filter(({ system }) => !excluded.has(system));
  const sources = (await sourcesOf(deps, asker)).filter(({ silent, system }) => silent && !excluded.has(system));
  const policyAt = remembered((at) => new Policy(deps.packs, at)), policy = policyAt(month.cutoff - 1), kept = deps.retentionDays();
  const tiers = tiersIn(states, incidents).map((tier): TierPart => {
    const own = states.filter(({ system }) => system.tier === tier);
    return { tier, states: own, shares: sharesOf(own), figures: incidentFigures(incidents.filter((incident) => incident.tier === tier), month, policyAt), silent: sources.filter((source) => source.tier === tier).map(({ name }) => name) };
  });
  const completeness = await completenessOf(deps, asker, month, states.map(({ system }) => system.id));
  return {
    month, states, completeness, shares: sharesOf(states), totals: totalsOf(states), tiers, incidentIds: new Map(incidents.map(({ number, id }) => [number, id])), demo: states.some(({ system }) => system.demo === true),
    policies: policy.all().filter(({ tier }) => scope.tiers.includes(tier)).map(({ requirement: { key, title, titleEn }, tier, value }) => ({ key, title, titleEn, tier, value })),
    retention: [...scope.tiers].sort((a, b) => b - a).map((tier) => {
      const required = policy.retentionRequired(tier);
      return { tier, requiredDays: required?.days ?? null, keptDays: kept[tier] ?? 0, cite: required?.cite ?? policy.value('retention.total', tier)?.cite ?? '' };
    }),
  };
}

/** A message counts in the month of its receipt. Each source has its own balance; their sums are the system's. */
async function completenessOf({ store }: Deps, { scope }: Asker, { start, cutoff }: Month, systems: readonly string[]): Promise<readonly SystemCompleteness[]> {
  const bySource = new Map<string, AccountTotal[]>();
  for (const total of await store.accounts.totals({ scope, from: start, to: cutoff })) bySource.set(nameOf(total), [...bySource.get(nameOf(total)) ?? [], total]);
  return systems.flatMap((system): SystemCompleteness[] => {
    const balances = [...bySource.values()].filter(([first]) => first?.system === system).map((totals) => balanceOf(totals)), sum = (of: (balance: Balance) => number): number => balances.reduce((all, balance) => all + of(balance), 0);
    const [received, stored, evaluated, lost, missing] = [sum((one) => one.received), sum((one) => one.stored), sum((one) => one.evaluated), sum((one) => one.lost), sum((one) => one.missing)];
    if (balances.length === 0) return [];
    return [{ system, received, stored, evaluated, lost, missing, percent: balances.every(({ complete }) => complete) ? 100 : Math.min(99.99, Math.floor(evaluated * 10_000 / Math.max(1, received + lost + missing)) / 100) }];
  });
}

/** Policy changes with the day, not with the incident. */
function remembered(make: (at: number) => Policy): (at: number) => Policy {
  const known = new Map<number, Policy>();
  return (at) => {
    const day = Math.floor(at / 3_600_000);
    const policy = known.get(day) ?? make(at);
    known.set(day, policy);
    return policy;
  };
}

const presentShare = ({ count, of, percent, records }: Share): ShareItem => ({ count, of, percent, target: 100, systems: records });

/** Names of systems are those of the language, where they have one in it. */
export function presentCompliance({ month, states, shares, tiers, completeness, retention, policies }: ComplianceData, language: Language): Compliance {
  return {
    month: month.month, cutoff: iso(month.cutoff), shares: { approved: presentShare(shares.approved), planFull: presentShare(shares.planFull) },
    perTier: tiers.map(({ tier, states: own, shares: ofTier, figures, silent }) => ({
      tier, systems: own.length, approved: presentShare(ofTier.approved), planFull: presentShare(ofTier.planFull),
      incidents: {
        opened: figures.opened.length, closed: figures.closed.length, open: figures.open.length, bySeverity: figures.bySeverity, medianAcknowledgeMinutes: figures.medianAcknowledgeMinutes, medianCloseMinutes: figures.medianCloseMinutes,
        acknowledgedInTime: presentShare(figures.acknowledgedInTime),
      },
      silentSources: silent,
    })),
    systems: states.map(({ system, stage, plan, planDone, planOf, flags }) => ({
      id: system.id, name: (language === 'en' ? system.nameEn : undefined) ?? system.name, tier: system.tier, stage, plan, planDone, planOf, decision: system.dossier?.decision, criterion: system.dossier?.criterion ?? '', owner: system.dossier?.owner ?? '',
      operator: system.dossier?.operator ?? '', flags: flags.map(({ text, textEn, cite }) => ({ text, textEn, cite })),
    })),
    completeness,
    retention,
    policies: policies.map(({ key, title, titleEn, tier, value: { value: amount, unit, cite } }) => ({ key, title, titleEn, tier, amount, unit, cite })),
  };
}
