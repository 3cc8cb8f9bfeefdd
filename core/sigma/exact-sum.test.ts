import fc from 'fast-check';
import { ExactSum, SUMMAND_MAX } from './exact-sum.js';

/** Every double is a whole number of 2^-1074. */
function units(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0), exponent = (bits >> 52n) & 0x7ffn, fraction = bits & 0xfffffffffffffn;
  const size = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return bits >> 63n === 1n ? -size : size;
}
/** No double is nearer to the sum. */
function isNearest(value: number, sum: bigint): boolean {
  const view = new DataView(new ArrayBuffer(8)), off = (one: number): bigint => { const by = units(one) - sum; return by < 0n ? -by : by; };
  const beside = (step: bigint): number => { view.setFloat64(0, value); view.setBigUint64(0, view.getBigUint64(0) + step); return view.getFloat64(0); };
  return value === 0 ? sum === 0n : [beside(1n), beside(-1n)].every((other) => off(value) <= off(other));
}

const number = fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.double({ noNaN: true, min: -SUMMAND_MAX, max: SUMMAND_MAX, minExcluded: true, maxExcluded: true }), fc.constantFrom(0.1, 0.2, 0.7, 1e16, -1e16, 1e-300, 2 ** 53, 2 ** 53 - 1));

test('the sum is the double nearest to the true one, whatever was added and taken away before', () => {
  fc.assert(fc.property(fc.array(number, { maxLength: 40 }), fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (all, goes) => {
    const sum = new ExactSum();
    for (const one of all) sum.add(one);
    all.forEach((one, i) => { if (goes[i]) sum.add(-one); });
    const left = all.filter((_, i) => !goes[i]);
    expect(isNearest(sum.value, left.reduce((total, one) => total + units(one), 0n))).toBe(true);
    if (left.length === 0) expect(sum.value + 0).toBe(0);
  }), { numRuns: 3_000 });
});
