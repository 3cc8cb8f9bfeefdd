// The bounded form of the long row: whatever the machine is doing besides, what was sent was stored or counted.
import { measure } from './collector.js';

test('datagrams at full speed, the main thread blocked in the middle: stored + counted = sent', async () => {
  const { sent, durable, dropped = 0 } = await measure('Hải Đăng', { transport: 'udp', count: 40_000, rate: 20_000, block: true }) ?? { sent: 0, durable: 0 };
  expect(sent).toBe(40_000);
  expect(durable + dropped).toBe(sent);
}, 120_000);
