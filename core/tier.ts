// Information-security tiers (cấp độ 1-5, Law 116/2025 art. 8.1) and the registry that says which system, and so which tier, a
// frame belongs to: by listener, certificate and sender address, never by what a message claims. Pure.
import { contains, parseAddress, parseNetwork, type Network } from './ip.js';

export type Tier = 1 | 2 | 3 | 4 | 5;
export const TIERS: readonly Tier[] = [1, 2, 3, 4, 5];

/** Where a frame must come from to belong to a system. Every part given must hold. */
export interface SystemMatch {
  readonly listener?: string;
  readonly certificate?: string;
  /** An address or a network, `10.1.0.0/16`. */
  readonly address: string;
  /** Counts only behind an address listed as a relay. */
  readonly host?: string;
}

/** How one sender of a system writes, where that differs from what the system says. */
export interface SenderReading {
  /** As sources are named: the address, behind a relay the host name. */
  readonly sender: string;
  readonly timezone?: string;
  readonly encoding?: string;
}

/** Stages of a level-proposal dossier (NĐ 331/2026 art. 18-24), in order. */
export type DossierStage = 'draft' | 'sent' | 'appraised' | 'approved';
/** How far the protection plan is deployed (NĐ 331/2026 form 08, column 10). */
export type PlanState = 'none' | 'partly' | 'full';
export interface PlanItem {
  readonly id: string;
  readonly title: string;
  readonly titleEn?: string;
  readonly cite: string;
  readonly done: boolean;
  /** `2026-11-30`, when it was, or is to be, done. */
  readonly date?: string;
}
export interface Dossier {
  readonly stage: DossierStage;
  /** The criterion that gives the level, e.g. `NĐ 331/2026 Đ13.2.b`, with the reason. */
  readonly criterion: string;
  readonly owner: string;
  readonly operator: string;
  readonly sentDate?: string;
  readonly appraisedDate?: string;
  readonly approvedDate?: string;
  readonly decision?: string;
  readonly approvedBy?: string;
  readonly regulationDate?: string;
  readonly expectedApproval?: string;
  readonly expectedDeployment?: string;
  readonly plan: readonly PlanItem[];
}

export interface System {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly nameEn?: string;
  readonly tier: Tier;
  readonly unit: string;
  /** IANA name, for log times without a zone. */
  readonly timezone?: string;
  /** What its senders write, where that is not UTF-8: `windows-1258`, `gb18030` ... (core/message/encoding.ts). */
  readonly encoding?: string;
  readonly match: readonly SystemMatch[];
  /** Senders of it that write otherwise. */
  readonly senders?: readonly SenderReading[];
  readonly dossier?: Dossier;
  /** Loaded by the demo; removed with it. */
  readonly demo?: boolean;
  /** Counted in no share (the demo's laboratory systems). */
  readonly countedInNoShare?: boolean;
  /** ISO date; a retired system keeps its history and leaves the shares. */
  readonly retired?: string;
}

export interface Registry {
  readonly version: number;
  readonly systems: readonly System[];
  /** Addresses or networks whose messages' own host names count. */
  readonly relays: readonly string[];
  readonly unassignedTier: Tier;
}
export const UNASSIGNED = 'unassigned';

export interface Sender {
  readonly listener: string;
  readonly address: string;
  readonly certificate?: string;
  /** The message's own host name; looked at only behind a relay. */
  readonly host?: string;
}
export interface Assignment {
  readonly system: string;
  readonly tier: Tier;
  readonly unit?: string;
  readonly timezone?: string;
  readonly encoding?: string;
}

/** A registry made ready to answer many senders; it remembers its answers (bounded). */
export class Resolver {
  private readonly rules: { system: System; match: SystemMatch; network: Network; weight: number }[];
  private readonly relays: Network[];
  private readonly known = new Map<string, Assignment>();

  constructor(readonly registry: Registry) {
    this.rules = registry.systems.filter(({ retired }) => retired === undefined).flatMap((system) => system.match.flatMap((match) => {
      const network = parseNetwork(match.address);
      return network === undefined ? [] : [{ system, match, network, weight: weigh(match, network) }];
    })).sort((a, b) => b.weight - a.weight);
    this.relays = registry.relays.flatMap((text) => parseNetwork(text) ?? []);
  }

  /** True when the host name inside this sender's messages counts. */
  isRelay(address: string): boolean {
    const parsed = this.relays.length === 0 ? undefined : parseAddress(address);
    return parsed !== undefined && this.relays.some((relay) => contains(relay, parsed));
  }

  /** The system and tier of what this sender sends: the most specific match, else `unassigned`. */
  resolve(sender: Sender): Assignment {
    const host = sender.host !== undefined && this.isRelay(sender.address) ? sender.host.toLowerCase() : undefined;
    const key = `${sender.listener}\0${sender.certificate ?? ''}\0${sender.address}\0${host ?? ''}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const assignment = this.find(sender, host);
    if (this.known.size > 10_000) this.known.clear();
    this.known.set(key, assignment);
    return assignment;
  }

  private find({ listener, certificate, address }: Sender, host: string | undefined): Assignment {
    const parsed = parseAddress(address);
    const rule = parsed && this.rules.find(({ match, network }) => contains(network, parsed)
      && (match.listener === undefined || match.listener === listener)
      && (match.certificate === undefined || match.certificate === certificate)
      && (match.host === undefined || match.host.toLowerCase() === host));
    if (!rule) return { system: UNASSIGNED, tier: this.registry.unassignedTier };
    const { id, tier, unit } = rule.system, { timezone, encoding } = readingOf(rule.system, host ?? address);
    return { system: id, tier, unit, timezone, encoding };
  }
}

/** What lines of a system's sender are read with: what is set for the sender, else what is set for the system. */
export function readingOf({ senders, timezone, encoding }: Pick<System, 'senders' | 'timezone' | 'encoding'>, sender: string): { readonly timezone?: string; readonly encoding?: string } {
  const own = senders?.find((one) => one.sender.toLowerCase() === sender.toLowerCase());
  return { timezone: own?.timezone ?? timezone, encoding: own?.encoding ?? encoding };
}

// A certificate outweighs a host, a host a listener, a listener a longer prefix.
function weigh(match: SystemMatch, network: Network): number {
  return (match.certificate ? 4000 : 0) + (match.host ? 2000 : 0) + (match.listener ? 1000 : 0) + network.prefix * (network.bits === 32 ? 4 : 1);
}

export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export const SEVERITIES: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** An alert's severity: the rule's level, one step more on a system of tier 4 or 5 (reference domain 2.2). */
export function severityOf(level: Severity, tier: number): Severity {
  const step = SEVERITIES.indexOf(level) + (tier >= 4 && level !== 'informational' ? 1 : 0);
  return SEVERITIES[Math.min(step, SEVERITIES.length - 1)] as Severity;
}
