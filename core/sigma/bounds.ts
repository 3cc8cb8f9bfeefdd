// What a correlation's condition asks of a number.
import { assertNever } from '../assert.js';
import type { Bound } from './rule.js';

export function inBounds(bounds: readonly Bound[], value: number): boolean {
  for (let i = 0; i < bounds.length; i++) if (!isWithin(bounds[i] as Bound, value)) return false;
  return true;
}

function isWithin({ op, value: bound }: Bound, value: number): boolean {
  switch (op) {
    case 'gt': return value > bound;
    case 'gte': return value >= bound;
    case 'lt': return value < bound;
    case 'lte': return value <= bound;
    case 'eq': return value === bound;
    case 'neq': return value !== bound;
    default: return assertNever(op);
  }
}
