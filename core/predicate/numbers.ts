// Numbers in rules against values in events: a number, or text that writes one. Integers beyond 2^53 keep every digit.
import type { Comparison, Predicate } from './predicate.js';

type NumberQuestion = Extract<Predicate, { kind: 'number' }>;

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

/** Is `value` (a scalar of an event) a number that stands so to the question's? */
export function answersNumber({ op, value: wanted, text }: NumberQuestion, value: string | number | boolean): boolean {
  if (typeof value === 'boolean') return false;
  if (typeof value === 'number') return compares(op, value, wanted) && (op !== 'eq' || exactly(value, text));
  // Equal is what is written so: the code `00000429` is not the number 429, hex text is text.
  if (op === 'eq') return value === text || ((!INTEGER.test(text) || safe(text)) && value === String(wanted));
  const digits = value.trim();
  if (digits.length > 400 || !DECIMAL.test(digits)) return false;
  if (INTEGER.test(digits) && INTEGER.test(text) && (!safe(digits) || !safe(text))) return comparesBig(op, BigInt(plain(digits)), BigInt(plain(text)));
  return compares(op, Number(digits), wanted);
}

/** The number that `value` is or writes, or undefined. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const digits = value.trim();
  return digits.length <= 400 && DECIMAL.test(digits) ? Number(digits) : undefined;
}

export function compares(op: Comparison, left: number, right: number): boolean {
  switch (op) {
    case 'eq': return left === right;
    case 'lt': return left < right;
    case 'lte': return left <= right;
    case 'gt': return left > right;
    case 'gte': return left >= right;
  }
}

function comparesBig(op: Comparison, left: bigint, right: bigint): boolean {
  switch (op) {
    case 'eq': return left === right;
    case 'lt': return left < right;
    case 'lte': return left <= right;
    case 'gt': return left > right;
    case 'gte': return left >= right;
  }
}

/** A double that stands for several integers equals the one it writes. */
const exactly = (value: number, text: string): boolean => Number.isSafeInteger(value) || !INTEGER.test(text) || safe(text) || String(value) === plain(text);
const safe = (digits: string): boolean => digits.length < 16 || Number.isSafeInteger(Number(digits));
const plain = (digits: string): string => digits.replace(/^\+/, '');
