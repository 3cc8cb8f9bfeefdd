import { FillRate, lastsMs } from './fill-rate.js';

test('the rate is that of the last minute, not of the whole run', () => {
  const rate = new FillRate();
  expect(rate.perSecond).toBe(0);
  for (let second = 0; second <= 600; second++) rate.note(second * 1000, second * 5_000);
  expect(rate.perSecond).toBe(5_000);
  for (let second = 601; second <= 661; second++) rate.note(second * 1000, 3_000_000 + (second - 600) * 100);
  expect(rate.perSecond).toBe(100);
});

test('a spool lasts until intake would stop, not until the disk is full; without intake it is not said', () => {
  expect(lastsMs(10_000, 4_000, 100)).toBe(60_000);
  expect(lastsMs(3_000, 4_000, 100)).toBe(0);
  expect(lastsMs(3_000, 4_000, 0)).toBeUndefined();
});
