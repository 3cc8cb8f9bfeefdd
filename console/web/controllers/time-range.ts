// The span a search covers: a running one ("last 24 hours"), all of time, or two fixed ends. It lives in the address.
export const RUNNING = { m15: 15 * 60_000, h1: 3_600_000, h24: 86_400_000, d7: 7 * 86_400_000 } as const;
export type RangeName = keyof typeof RUNNING | 'all' | 'custom';
export const RANGES: readonly RangeName[] = ['m15', 'h1', 'h24', 'd7', 'all', 'custom'];
export interface TimeRange { readonly name: RangeName; readonly from: string | null; readonly to: string | null }

export function readRange(query: URLSearchParams, now: number): TimeRange {
  const from = query.get('from'), to = query.get('to'), name = RANGES.find((one) => one === query.get('range')) ?? (from !== null || to !== null ? 'custom' : 'h24');
  if (name === 'all') return { name, from: null, to: null };
  if (name === 'custom') return { name, from, to };
  return { name, from: new Date(now - RUNNING[name]).toISOString(), to: null };
}
