// Datagrams cross from thread to thread as they were, each with its sender.
import fc from 'fast-check';
import { UdpBatcher, UdpUnbatcher } from './udp-batch.js';

test('what goes in comes out, whenever a batch is taken', () => {
  const datagram = fc.record({ address: fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1'), port: fc.integer({ min: 1, max: 4 }), text: fc.string(), take: fc.boolean() });
  fc.assert(fc.property(fc.array(datagram), (datagrams) => {
    const batcher = new UdpBatcher('syslog-udp'), reader = new UdpUnbatcher(), seen: unknown[] = [];
    const take = (): void => { reader.read(structuredClone(batcher.take()), (arrival, { address, port }, bytes) => { seen.push([arrival, address, port, bytes.toString()]); }); };
    datagrams.forEach(({ address, port, text, take: now }, i) => {
      expect(batcher.add(i + 0.5, address, port, Buffer.from(text))).toBe(true);
      if (now) take();
    });
    if (!batcher.empty) take();
    expect(seen).toEqual(datagrams.map(({ address, port, text }, i) => [i + 0.5, address, port, text]));
  }));
});

test('a full batch says so; the largest datagram fits into an empty one', () => {
  const batcher = new UdpBatcher('syslog-udp'), datagram = Buffer.alloc(65_507);
  let count = 0;
  while (batcher.add(0, '192.0.2.1', 514, datagram)) count++;
  expect(count).toBeGreaterThan(2);
  expect(batcher.take().count).toBe(count);
  expect(batcher.add(0, '192.0.2.1', 514, datagram)).toBe(true);
});

test('fifty thousand senders and more: the table begins anew and nobody is mistaken', () => {
  const batcher = new UdpBatcher('syslog-udp'), reader = new UdpUnbatcher();
  let seen = 0;
  for (let i = 0; i < 60_000; i++) {
    const add = (): boolean => batcher.add(i, '192.0.2.1', i, Buffer.from(String(i)));
    if (i % 1000 === 999) reader.read(batcher.take(), (arrival, { port }, bytes) => { if (port === arrival && bytes.toString() === String(arrival)) seen++; });
    if (!add()) throw new Error('a batch of a thousand is not full');
  }
  expect(seen).toBe(59_999);
});
