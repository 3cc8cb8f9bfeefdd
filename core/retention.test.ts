// Retention goes by a time that others confirm, a day at a time.
import type { Store, StoreHealth } from './store/store.js';
import { createLog } from './process/log.js';
import { horizonAfter, RETENTION, RetentionGuard, suspicionOf, type RetentionNote, type RetentionState } from './retention.js';

const HOUR = 3_600_000, DAY = 24 * HOUR, NOON = Date.parse('2026-11-22T12:00:00Z'), log = createLog('silent', 'test');
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** A store in memory whose newest event is of today, and clocks that the test sets. `kept` outlives a process. */
function world(): { time: { wall: number; monotonic: number; store: number | undefined; received: number }; kept: Map<string, unknown>; open: () => RetentionGuard; pass: (ms: number) => void; notes: () => string[] } {
  const kept = new Map<string, unknown>(), time = { wall: NOON, monotonic: 0, store: undefined as number | undefined, received: NOON };
  const store = {
    settings: { get: async (name: string) => kept.get(name), put: async (name: string, value: unknown) => { kept.set(name, value); } },
    events: { days: async () => [{ tier: 3, day: '2026-01-05' }, { tier: 3, day: dayOf(time.received) }] }, health: async () => ({ ready: true, now: time.store }) as StoreHealth,
  } as unknown as Store;
  return {
    time, kept, open: () => new RetentionGuard(store, { now: () => time.wall, monotonic: () => time.monotonic }, log),
    pass: (ms) => { time.wall += ms; time.monotonic += ms; time.received += ms; if (time.store !== undefined) time.store += ms; },
    notes: () => ((kept.get(RETENTION.notes) ?? []) as RetentionNote[]).map(({ n, action, object }) => `${n} ${action} ${object}`),
  };
}

test('what speaks against a clock: it jumped ahead, the store\'s machines say otherwise, nobody receives by it', () => {
  const now = NOON, fine = { now, expected: now, storeNow: now, newestDay: dayOf(now) };
  expect(suspicionOf(fine)).toBeUndefined();
  expect(suspicionOf({ ...fine, expected: now - HOUR })).toBeUndefined();
  expect(suspicionOf({ ...fine, expected: now - HOUR - 1 })).toBe('jumped');
  expect(suspicionOf({ ...fine, storeNow: now - HOUR - 1 })).toBe('store');
  expect(suspicionOf({ ...fine, storeNow: now + 10 * DAY })).toBeUndefined();
  expect(suspicionOf({ ...fine, newestDay: dayOf(now - DAY) })).toBeUndefined();
  expect(suspicionOf({ ...fine, newestDay: dayOf(now - 2 * DAY) })).toBe('received');
  expect(suspicionOf({ now, expected: now })).toBeUndefined();
});

test('the horizon follows the clock, makes up one more day a day where it lags, and never goes back', () => {
  expect(horizonAfter(100, 150, 50)).toBe(150);
  expect(horizonAfter(100, 1_000, 50)).toBe(200);
  expect(horizonAfter(100, 50, 50)).toBe(100);
});

test('by day it goes with the clock, and across restarts from where it was', async () => {
  const { open, pass, time } = world();
  let guard = open();
  for (let hour = 0; hour < 100; hour++) {
    const { horizon, suspicion, heldSince } = await guard.look();
    expect([horizon, suspicion, heldSince]).toEqual([time.wall, undefined, undefined]);
    if (hour % 24 === 23) { guard = open(); }
    pass(HOUR);
  }
});

test('a clock that is set ahead takes nothing away, for a day at least, and then a day more a day', async () => {
  const { open, pass, time, notes } = world(), guard = open();
  await guard.look();
  time.wall += 30 * DAY;
  // One machine: what is received is dated by the same clock.
  time.received = time.wall;
  const at = NOON;
  for (let hour = 0; hour < 24; hour++) {
    expect(await guard.look()).toMatchObject({ horizon: at, suspicion: 'jumped' });
    pass(HOUR);
  }
  const after = await guard.look();
  expect([after.suspicion, after.horizon - at <= 2 * HOUR, after.heldSince]).toEqual([undefined, true, NOON + 30 * DAY]);
  for (let hour = 0; hour < 48; hour++) { pass(HOUR); await guard.look(); }
  const later = await guard.look();
  expect(later.horizon - at <= 4 * DAY + 2 * HOUR).toBe(true);
  expect(notes()).toEqual(['1 retention.held jumped', '2 retention.held horizon']);
});

test('a start with a wrong clock goes no further than a day a day; one whose store says otherwise goes nowhere', async () => {
  const { open, pass, time } = world();
  await open().look();
  time.wall += 400 * DAY;
  time.received = time.wall;
  const again = open();
  expect((await again.look()).horizon).toBe(NOON);
  pass(DAY);
  expect((await again.look()).horizon).toBe(NOON + 2 * DAY);
  time.store = NOON;
  expect(await open().look()).toMatchObject({ horizon: NOON + 2 * DAY, suspicion: 'store' });
});

test('the very first look at a store goes by what was received, not by the clock alone', async () => {
  const { open, time } = world();
  time.wall += 30 * HOUR;
  expect((await open().look()).horizon).toBe(Date.parse('2026-11-23'));
  const other = world();
  other.time.wall += 30 * DAY;
  expect(await other.open().look()).toMatchObject({ horizon: Date.parse('2026-11-23'), suspicion: 'received' });
});

test('days without the program are made up one a day, or at once when an administrator says that the clock is right', async () => {
  const { open, pass, time, kept, notes } = world();
  await open().look();
  time.wall += 10 * DAY;
  time.received = time.wall;
  const guard = open();
  await guard.look();
  pass(3 * DAY);
  expect((await guard.look()).horizon).toBe(NOON + 6 * DAY);
  kept.set(RETENTION.release, { n: 1, by: 'an', at: 0 });
  expect(await guard.look()).toMatchObject({ horizon: NOON + 13 * DAY, released: 1 });
  // Heeded once.
  time.wall += 20 * DAY;
  time.received = time.wall;
  expect(await guard.look()).toMatchObject({ horizon: NOON + 13 * DAY, suspicion: 'jumped' });
  expect(notes().map((note) => note.slice(2))).toEqual(['retention.held horizon', 'retention.resumed horizon', 'retention.held jumped']);
});

test('no word of an administrator makes a clock right that the store\'s own machines contradict', async () => {
  const { open, time, kept } = world();
  time.store = NOON;
  await open().look();
  time.wall += 10 * DAY;
  kept.set(RETENTION.release, { n: 1, by: 'an', at: 0 });
  expect(await open().look()).toMatchObject({ horizon: NOON, suspicion: 'store' } satisfies Partial<RetentionState>);
});

test('what went is written down', async () => {
  const { open, notes } = world(), guard = open();
  await guard.dropped([]);
  await guard.dropped([{ tier: 3, day: '2025-11-21', events: 7 }, { tier: 4, day: '2025-11-20', events: 1 }]);
  expect(notes()).toEqual(['1 retention.drop 3/2025-11-21', '2 retention.drop 4/2025-11-20']);
});
