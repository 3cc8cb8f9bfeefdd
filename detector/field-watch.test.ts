import { pino } from 'pino';
import type { KnownKind } from '../core/sigma/seen-fields.js';
import { FieldWatch } from './field-watch.js';

const DAY = 24 * 3_600_000, log = pino({ level: 'silent' });
function world() {
  const settings = new Map<string, unknown>();
  let now = 1000 * DAY, fails = false;
  const store = { get: async (name: string) => { if (fails) throw new Error('no'); return settings.get(name); }, put: async (name: string, value: unknown) => { if (fails) throw new Error('no'); settings.set(name, JSON.parse(JSON.stringify(value))); } };
  return { settings, wait: (ms: number) => { now += ms; }, fail: (yes: boolean) => { fails = yes; }, open: async () => { const watch = new FieldWatch(store, { now: () => now, monotonic: () => now }, log); await watch.open(); return watch; } };
}
const told = (kinds: readonly KnownKind[]): unknown => kinds.map(({ key, events, fields }) => [key, events, fields === undefined ? 'all' : [...fields].sort()]);

test('what was seen outlives a restart, two detectors unite it, and after seven days it is forgotten', async () => {
  const { wait, open } = world(), one = await open(), other = await open();
  one.add([{ key: 'd1', events: 600, fields: ['a', 'b'] }, { key: 'd2', events: 1, fields: ['a'] }]);
  one.add([{ key: 'd1', events: 600, fields: ['a', 'c'] }]);
  other.add([{ key: 'd1', events: 5, fields: ['z'] }]);
  await one.stop();
  await other.stop();
  const again = await open();
  expect(told(again.current())).toEqual([['d1', 1200, ['a', 'b', 'c', 'z']], ['d2', 1, ['a']]]);
  wait(4 * DAY);
  again.add([{ key: 'd1', events: 10, fields: ['b'] }]);
  expect(told(again.current())).toEqual([['d1', 1210, ['a', 'b', 'c', 'z']], ['d2', 1, ['a']]]);
  wait(4 * DAY);
  expect(told(again.current())).toEqual([['d1', 10, ['b']]]);
});

test('the list stays the same for some minutes; the store is written every ten minutes at most; what it does not take costs nothing', async () => {
  const { settings, wait, fail, open } = world(), watch = await open(), first = watch.current();
  watch.add([{ key: 'd1', events: 1, fields: ['a'] }]);
  expect(watch.current()).toBe(first);
  expect(settings.size).toBe(0);
  wait(10 * 60_000);
  fail(true);
  watch.add([{ key: 'd1', events: 1, fields: ['a'] }]);
  await watch.stop();
  expect(settings.size).toBe(0);
  fail(false);
  await watch.stop();
  expect(settings.size).toBe(1);
  expect(told(watch.current())).toEqual([['d1', 2, ['a']]]);
});

test('a kind with more fields than are counted has them all; what is stored and not understood is nothing', async () => {
  const { settings, open } = world();
  settings.set('fields-seen', { some: 'thing' });
  const watch = await open();
  watch.add([{ key: 'd1', events: 1, fields: Array.from({ length: 2_001 }, (_, i) => `f${i}`) }]);
  expect(told(watch.current())).toEqual([['d1', 1, 'all']]);
  await watch.stop();
});
