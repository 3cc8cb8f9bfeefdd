import fc from 'fast-check';
import { encodeMessage, MessageReader, type FromHolder } from './pipe.js';

test('messages do not depend on how the pipe cuts them', () => {
  const message = fc.record({ number: fc.nat(), bytes: fc.uint8Array({ maxLength: 300 }) });
  fc.assert(fc.property(fc.array(message), fc.infiniteStream(fc.integer({ min: 1, max: 200 })), (messages, sizes) => {
    let waiting = Buffer.concat(messages.flatMap(({ number, bytes }) => encodeMessage({ kind: 'datagrams', listener: 'udp', count: 1, firstNew: 0, newSenders: [], number, again: false }, bytes)));
    const reader = new MessageReader<FromHolder>(), seen: unknown[] = [];
    for (; waiting.length > 0;) {
      const size = sizes.next().value as number;
      reader.push(Buffer.from(waiting.subarray(0, size)), (head, bytes) => { seen.push({ number: 'number' in head ? head.number : -1, bytes: new Uint8Array(bytes) }); });
      waiting = waiting.subarray(size);
    }
    expect(seen).toEqual(messages);
  }));
});
