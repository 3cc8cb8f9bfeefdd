// Made-up balances and strips for the pages' tests.
import type { BalanceItem, GapItem, Strips } from '../../api.js';
import type { Data } from './data.js';

const HOUR = 3_600_000;
const iso = (ago: number): string => new Date(Date.now() - ago).toISOString();
const gap = (part: Partial<GapItem>): GapItem => ({ cause: 'overrun', owner: 'platform', count: 214, frames: 0, bytes: 54_320, from: iso(7 * HOUR), to: iso(6.5 * HOUR), parts: [{ name: 'udp', count: 214, missing: [] }], ...part });

export function strips({ sources }: Data, source: string | null): Strips {
  const items = sources.map(({ name }, index) => ({
    name, stretches: index === 0 ? [{ state: 'complete' as const, from: iso(24 * HOUR), to: iso(7 * HOUR) }, { state: 'gap' as const, from: iso(7 * HOUR), to: iso(6.5 * HOUR) }, { state: 'complete' as const, from: iso(6.5 * HOUR), to: iso(0) }]
      : index === 1 ? [{ state: 'complete' as const, from: iso(24 * HOUR), to: iso(HOUR / 2) }, { state: 'silent' as const, from: iso(HOUR / 2), to: iso(0) }] : [{ state: 'complete' as const, from: iso(24 * HOUR), to: iso(0) }],
  })).filter(({ name }) => source === null || name === source);
  return { items, next: null, total: items.length, from: iso(24 * HOUR), to: iso(0), stepMinutes: 5 };
}

export function balances({ sources }: Data, query: URLSearchParams): readonly BalanceItem[] {
  const source = query.get('source'), none = { parsed: 0, unparsed: 0, stored: 0, evaluated: 0, underWay: 0, missing: 0 };
  if (query.get('system') === 'listener') return [{ ...none, name: 'listener/udp', system: '', systemName: '', sender: 'udp', tier: 3, received: 0, lost: 61, complete: false, percent: 0, gaps: [gap({ cause: 'kernel_drop', count: 61, bytes: 0, parts: [{ name: 'udp', count: 61, missing: [] }] })] }];
  return sources.filter(({ name }) => source === null || name === source).map(({ name, system, systemName, sender, tier, unparsed, stored, evaluated, underWay, lost, missing }): BalanceItem => {
    const gaps = [...(lost > 0 ? [gap({ count: lost })] : []), ...(missing > 0 ? [gap({ cause: 'sequence_gap', owner: 'path', count: missing, bytes: 0, parts: [{ name: 'windows dc-01 Security', count: missing, missing: [[31_004_118, 31_004_130], [31_004_140, 31_004_143]] }] })] : []), ...(lost > 0 ? [gap({ cause: 'cut', owner: 'source', count: 0, frames: 3, bytes: 9_000 })] : [])];
    return { name, system, systemName, sender, tier, received: stored, parsed: stored - unparsed, unparsed, stored, evaluated, underWay, lost, missing, complete: gaps.length === 0, percent: gaps.length === 0 ? 100 : 99.99, gaps };
  });
}
