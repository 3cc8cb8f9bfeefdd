import fc from 'fast-check';
import { Limiter } from './limiter.js';
import { householdOf } from './login.js';

test('within any window there are never more failures than allowed, and a place comes back when it said so', () => {
  fc.assert(fc.property(fc.array(fc.record({ wait: fc.integer({ min: 0, max: 400 }), right: fc.boolean() }), { maxLength: 200 }), (tries) => {
    let now = 1;
    const limiter = new Limiter(3, 1000, () => now), failures: number[] = [];
    for (const { wait, right } of tries) {
      now += wait;
      const place = limiter.take('lan'), recent = failures.filter((at) => at > now - 1000);
      if (!place.taken) {
        expect(recent).toHaveLength(3);
        now += place.retryMs;
        const again = limiter.take('lan');
        expect(again.taken).toBe(true);
        if (again.taken) again.giveBack();
        continue;
      }
      expect(recent.length).toBeLessThan(3);
      if (right) place.giveBack(); else failures.push(now);
    }
  }));
});

test('keys do not share places, and many keys do not fill the memory', () => {
  let now = 0;
  const limiter = new Limiter(1, 1000, () => now);
  expect([limiter.take('a').taken, limiter.take('a').taken, limiter.take('b').taken]).toEqual([true, false, true]);
  const start = performance.now();
  for (let i = 0; i < 120_000; i++) limiter.take(`key ${i}`);
  // A walk over all keys at each try would take minutes.
  expect(performance.now() - start).toBeLessThan(20_000);
  expect((limiter as unknown as { failures: Map<string, unknown> }).failures.size).toBeLessThanOrEqual(50_001);
  now = 2000;
  expect(limiter.take('a').taken).toBe(true);
});

test('an IPv6 household counts as one address, IPv4 addresses by themselves', () => {
  expect(householdOf('2001:db8:1:2::5')).toBe(householdOf('2001:db8:1:2:ffff::9'));
  expect(householdOf('2001:db8:1:3::5')).not.toBe(householdOf('2001:db8:1:2::5'));
  expect([householdOf('192.0.2.1'), householdOf('::ffff:192.0.2.1')]).toEqual(['192.0.2.1', '::ffff:192.0.2.1']);
});
