import { pino } from 'pino';
import type { SourceRow } from '../core/store/store.js';
import { feedsOf, SourceWatch } from './source-watch.js';

test('what kinds of events there are says which log sources may speak', () => {
  const feeds = feedsOf(['linux.sshd', 'nginx.access', 'cisco.ios'], ['Security', 'Microsoft-Windows-Sysmon/Operational']);
  for (const there of [{ product: 'linux', service: 'sshd' }, { product: 'linux', service: 'auth' }, { category: 'webserver' }, { product: 'cisco', service: 'bgp' }, { product: 'windows', service: 'security' },
    { product: 'windows', category: 'process_creation' }, { product: 'windows', category: 'registry_delete' }]) expect([there, feeds(there)]).toEqual([there, true]);
  for (const gone of [{ product: 'linux', service: 'auditd' }, { category: 'proxy' }, { product: 'windows', service: 'system' }, { product: 'windows', category: 'ps_script' }, { product: 'fortigate', service: 'event' }, { product: 'okta' }]) expect([gone, feeds(gone)]).toEqual([gone, false]);
  expect(feedsOf(['generic.json'], [])({ product: 'windows', category: 'process_creation' })).toBe(true);
  expect(feedsOf([], [])({ product: 'linux' })).toBe(false);
});

test('it is asked at most once a minute, only of a store that holds some hours, and a store that fails says nothing', async () => {
  const HOUR = 3_600_000, asked: [string, number | undefined][] = [];
  let now = 10 * 24 * HOUR, firstSeen = now - HOUR, fails = false;
  const watch = new SourceWatch({
    events: { facets: async ({ from }, field) => { asked.push([field, from]); if (fails) throw new Error('no'); return field === 'event.dataset' ? [{ value: 'linux.sshd', count: 1 }] : []; } },
    sources: { list: async () => [{ firstSeen } as SourceRow] },
  }, { now: () => now, monotonic: () => now }, pino({ level: 'silent' }));
  const look = async (): Promise<boolean | undefined> => { watch.current(); await watch.settled(); return watch.current()?.({ product: 'okta' }); };
  expect(await look()).toBeUndefined();
  expect(asked).toEqual([]);
  firstSeen = now - 7 * HOUR;
  now += 60_000;
  expect(watch.current()).toBeUndefined();
  await watch.settled();
  expect(await look()).toBe(false);
  expect(asked).toEqual([['event.dataset', now - 7 * 24 * HOUR], ['winlog.channel', now - 7 * 24 * HOUR]]);
  now += 59_000;
  expect(await look()).toBe(false);
  expect(asked).toHaveLength(2);
  fails = true;
  now += 1_000;
  expect(await look()).toBe(false);
  expect(asked).toHaveLength(4);
});
