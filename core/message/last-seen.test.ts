import { LastSeen } from './context.js';

const event = (original: string): Record<string, string> => ({ 'event.original': original });

test('of too many senders those that came once are forgotten first, and the latest event of a sender is what is kept', () => {
  const seen = new LastSeen(3);
  for (const host of ['a', 'b', 'a', 'c', 'd']) seen.set('192.0.2.1', host, event(host));
  expect(['a', 'b', 'c', 'd'].map((host) => seen.get('192.0.2.1', host)?.['event.original'])).toEqual(['a', undefined, 'c', 'd']);
  seen.set('192.0.2.1', 'a', event('later'));
  expect(seen.get('192.0.2.1', 'a')?.['event.original']).toBe('later');
  expect(seen.get('192.0.2.2', 'a')).toBeUndefined();
  seen.set('192.0.2.1', 'a', event('long '.repeat(2000)));
  expect(seen.get('192.0.2.1', 'a')).toBeUndefined();
});
