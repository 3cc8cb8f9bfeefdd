// Ranges of numbers, both ends included, ascending and apart: which numbers of a sender are missing. Pure.
export type Range = readonly [first: number, last: number];

export const countOf = (ranges: readonly Range[]): number => ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);

export function addRanges(ranges: readonly Range[], more: readonly Range[]): readonly Range[] {
  if (more.length === 0) return ranges;
  const joined: [number, number][] = [];
  for (const [first, last] of [...ranges, ...more].sort((a, b) => a[0] - b[0])) {
    const before = joined[joined.length - 1];
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last); else joined.push([first, last]);
  }
  return joined;
}

/** `ranges` without the numbers of `gone`. */
export function takeRanges(ranges: readonly Range[], gone: readonly Range[]): readonly Range[] {
  return gone.reduce((left, [from, to]) => left.flatMap(([first, last]): Range[] => {
    if (to < first || from > last) return [[first, last]];
    return [...(first < from ? [[first, from - 1] as const] : []), ...(to < last ? [[to + 1, last] as const] : [])];
  }), ranges);
}
