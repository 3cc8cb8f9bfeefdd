import { createServer, type AddressInfo } from 'node:net';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from '../../test/support/elasticsearch.js';
import { runCommand } from '../../test/support/product.js';
import { openStore, setUpElasticsearch } from '../../core/store/open.js';
import { START } from '../../core/store/samples.js';

const url = await elasticsearchUrl(), stream = '0190f3a0-0000-7000-8000-0000000000d1.7.3';

if (url === undefined) test('not run: dead letters of a real Elasticsearch', () => undefined);
else {
  const prefix = randomPrefix(), env = { ELASTICSEARCH_URL: url, ELASTICSEARCH_PREFIX: prefix };
  afterAll(() => forgetPrefix(url, prefix));

  test('refused events are listed with their reason, and sent again byte by byte as new frames', async () => {
    await setUpElasticsearch({ nodes: [url], prefix });
    const store = await openStore({ folder: '', elasticsearch: { nodes: [url], prefix } });
    await store.shared?.prepare(START);
    await store.close();
    const letters = [['one', '<13>đăng nhập\nhai dòng', undefined], ['two', '<13>bad \ufffd', Buffer.from([60, 49, 51, 62, 0xff]).toString('base64')]] as const;
    for (const [i, [id, original, bytes]] of letters.entries()) {
      const doc = JSON.stringify({ 'event.id': id, 'event.original': original, ...(bytes === undefined ? {} : { 'event.original_b64': bytes }) });
      const answer = await fetch(`${url}/${prefix}events-t3-2026.w47/_doc/${id}?refresh=true`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id, time: START, received: START + i, day: '2026-11-20', tier: 3, stream, seq: i + 1, odd: true, doc, refused: `reason ${i}` }) });
      expect(answer.status).toBe(201);
    }
    const listed = await runCommand(['dead-letters', 'list'], { env });
    expect({ code: listed.code, err: listed.err }).toEqual({ code: 0, err: '' });
    expect(listed.out.trim().split('\n').map((line) => JSON.parse(line) as object)).toMatchObject([{ id: 'two', stream, seq: 2, reason: 'reason 1' }, { id: 'one', seq: 1, reason: 'reason 0', original: '<13>đăng nhập\nhai dòng' }]);

    const parts: Buffer[] = [], server = createServer((socket) => { socket.on('data', (part) => parts.push(part)).on('end', () => socket.end()); });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const to = `127.0.0.1:${(server.address() as AddressInfo).port}`, first = Buffer.from('<13>đăng nhập\nhai dòng');
    expect((await runCommand(['dead-letters', 'send', 'one', '--to', to], { env })).out).toBe('1 sent\n');
    expect(Buffer.concat(parts)).toEqual(Buffer.concat([Buffer.from(`${first.length} `), first]));
    parts.length = 0;
    expect((await runCommand(['dead-letters', 'send', '--all', '--to', to], { env })).out).toBe('2 sent\n');
    expect(Buffer.concat(parts).includes(Buffer.from([0xff]))).toBe(true);
    expect((await runCommand(['dead-letters', 'send', 'three', '--to', to], { env })).err).toContain('got three');
    expect((await runCommand(['dead-letters', 'send'], { env })).code).not.toBe(0);
    server.close();
  }, 180_000);
}
