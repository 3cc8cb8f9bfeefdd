import { Reach } from './reach.js';

function at(failFast = true): { reach: Reach; time: { ms: number } } {
  const time = { ms: 0 };
  return { reach: new Reach(failFast, () => time.ms), time };
}

test('a request that fails now and then is waited for; when nothing is answered for three seconds, the next fail at once', () => {
  const { reach, time } = at();
  reach.failed();
  time.ms = 2_900;
  reach.failed();
  expect(reach.admit()).toBe('yes');
  reach.answered();
  time.ms = 3_100;
  reach.failed();
  time.ms = 6_100;
  reach.failed();
  expect([reach.admit(), reach.admit(), reach.awayMs]).toEqual(['probe', 'no', 3_000]);
});

test('one a second goes through; the first answer opens it again', () => {
  const { reach, time } = at();
  reach.failed();
  time.ms = 3_000;
  reach.failed();
  expect(reach.admit()).toBe('probe');
  time.ms = 3_999;
  expect(reach.admit()).toBe('no');
  time.ms = 4_000;
  expect(reach.admit()).toBe('probe');
  reach.answered();
  expect([reach.admit(), reach.admit()]).toEqual(['yes', 'yes']);
});

test('who is patient is never refused', () => {
  const { reach, time } = at(false);
  reach.failed();
  time.ms = 60_000;
  reach.failed();
  expect(reach.admit()).toBe('yes');
});
