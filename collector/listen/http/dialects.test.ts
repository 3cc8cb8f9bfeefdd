// Each dialect with the requests its senders make, as bytes; sockets are the business of http-intake.test.ts.
import { isRefused, type Dialect, type HttpRequest, type Outcome, type Refused } from './dialect.js';
import { elastic } from './elastic.js';
import { Hec } from './hec.js';
import { lines } from './lines.js';

const request = (method: string, target: string, body = '', headers: Readonly<Record<string, string>> = {}): HttpRequest => {
  const [path = '', query = ''] = target.split('?');
  return { method, path, query: new URLSearchParams(query), header: (name) => headers[name], body: Buffer.from(body) };
};
function done(dialect: Dialect, asked: HttpRequest): { frames: string[]; status: number; json: Record<string, unknown> } {
  const outcome: Outcome | Refused = dialect.handle(asked), answer = isRefused(outcome) ? dialect.refuse(outcome, asked) : outcome.answer;
  return { frames: isRefused(outcome) ? [] : outcome.frames.map((frame) => frame.toString()), status: answer.status, json: answer.body.length === 0 ? {} : JSON.parse(String(answer.body)) as Record<string, unknown> };
}

describe('elasticsearch', () => {
  test('what senders ask before they send', () => {
    expect(done(elastic, request('GET', '/')).json).toMatchObject({ version: { number: expect.stringMatching(/^9\./) as string, build_flavor: 'default' }, tagline: 'You Know, for Search' });
    expect(elastic.handle(request('HEAD', '/'))).toMatchObject({ answer: { status: 200, headers: { 'x-elastic-product': 'Elasticsearch' } } });
    expect(done(elastic, request('GET', '/_license')).json).toMatchObject({ license: { status: 'active', type: 'basic' } });
    expect(done(elastic, request('GET', '/_cluster/health')).json).toMatchObject({ status: 'green' });
    expect(done(elastic, request('PUT', '/_ingest/pipeline/winlogbeat-routing', '{}')).json).toEqual({ acknowledged: true });
    expect(done(elastic, request('GET', '/_index_template/filebeat')).status).toBe(404);
    expect(done(elastic, request('POST', '/logs/_refresh')).json).toMatchObject({ _shards: { failed: 0 } });
  });

  test('documents are taken as they came; each item has its own status', () => {
    const { frames, status, json } = done(elastic, request('POST', '/logs/_bulk', [
      '{"create":{}}', '{"message":"một" , "n":1}', '{"index":{"_index":"other","_id":"7"}}', '{"a":2}\r', '', '{"update":{"_id":"7"}}', '{"doc":{}}', '{"delete":{"_id":"7"}}', '{"create":{"_index":"x"}}', 'no JSON, kept all the same', '',
    ].join('\n')));
    expect(frames).toEqual(['{"message":"một" , "n":1}', '{"a":2}', 'no JSON, kept all the same']);
    expect([status, json['errors']]).toEqual([200, true]);
    const items = json['items'] as Record<string, { status: number; _index: string; _id: string; result?: string }>[];
    expect(items.map((item) => Object.entries(item).map(([action, { status: each, _index }]) => `${action} ${_index} ${each}`)[0])).toEqual(['create logs 201', 'index other 201', 'update logs 400', 'delete logs 400', 'create x 201']);
    expect(items[1]?.['index']).toMatchObject({ _id: '7', result: 'created' });
  });

  test('members of a client\'s own beside the action', () => {
    expect(done(elastic, request('POST', '/_bulk', '{"index":{"_index":"a","pipeline":null},"attempts":0}\n{"b":1}\n'))).toMatchObject({ frames: ['{"b":1}'], json: { errors: false } });
  });

  test('a document by itself', () => {
    const pretty = '{\n  "message": "một"\n}';
    expect(done(elastic, request('POST', '/logs/_doc', `${pretty}\n`))).toMatchObject({ frames: [pretty], status: 201, json: { _index: 'logs', result: 'created' } });
    expect(done(elastic, request('PUT', '/logs/_create/7', '{"a":1}'))).toMatchObject({ frames: ['{"a":1}'], status: 201, json: { _id: '7' } });
    for (const body of ['', 'x', '[1]', '{"a":1}{"b":2}']) expect(done(elastic, request('POST', '/logs/_doc', body))).toMatchObject({ frames: [], status: 400 });
    expect(done(elastic, request('GET', '/logs/_doc/7')).status).toBe(405);
  });

  test('answers are as short as filter_path asks', () => {
    expect(done(elastic, request('POST', '/_bulk?filter_path=errors,items.*.error,items.*.status', '{"create":{}}\n{}\n')).json).toEqual({ took: 0, errors: false, items: [{ create: { status: 201 } }] });
  });

  test.each([['', /empty/], ['{"create":{}}\n', /document/], ['x\n{}\n', /Malformed action/], ['{"create":{},"index":{}}\n{}\n', /Malformed action/], ['[]\n{}\n', /Malformed/], ['null\n', /Malformed/]])('of %j nothing is taken', (body, reason) => {
    const { frames, status, json } = done(elastic, request('POST', '/_bulk', body));
    expect([frames, status]).toEqual([[], 400]);
    expect((json['error'] as { reason: string }).reason).toMatch(reason);
  });
});

test('GELF over HTTP: one message, or one a line', () => {
  expect(done(lines, request('POST', '/gelf', '{"version":"1.1",\n"host":"a","short_message":"một"}'))).toMatchObject({ frames: ['{"version":"1.1",\n"host":"a","short_message":"một"}'], status: 202 });
  expect(done(lines, request('POST', '/gelf', '{"short_message":"a"}\n{"short_message":"b"}\n')).frames).toEqual(['{"short_message":"a"}', '{"short_message":"b"}']);
  expect(done(lines, request('GET', '/gelf')).status).toBe(405);
});

describe('splunk', () => {
  const hec = new Hec(Date.UTC(2026, 10, 22));

  test('events stand one behind the other or in a list; the envelope stays with each', () => {
    const events = ['{"time":1795305600.123,"host":"a","event":"<34>x }{"}', '{"event":{"user":"canbo7"}}'];
    expect(done(hec, request('POST', '/services/collector/event/1.0', events.join(''))).frames).toEqual(events);
    expect(done(hec, request('POST', '/services/collector', `[${events.join(', ')}]`)).frames).toEqual(events);
    expect(done(hec, request('POST', '/services/collector/event', events.join('\n'))).json).toEqual({ text: 'Success', code: 0 });
    expect(done(hec, request('POST', '/services/collector/raw?channel=c', 'one\r\ntwo\n')).frames).toEqual(['one', 'two']);
  });

  test('who has a channel gets a number, which is true from then on, after a restart too; a number of another server is not', () => {
    const first = done(hec, request('POST', '/services/collector', '{"event":1}', { 'x-splunk-request-channel': 'c' })).json['ackId'] as number;
    const second = done(hec, request('POST', '/services/collector?channel=c', '{"event":2}')).json['ackId'] as number;
    const asked = (server: Hec): unknown => done(server, request('POST', '/services/collector/ack?channel=c', JSON.stringify({ acks: [first, second, second + 1, 0, 17] }))).json['acks'];
    expect(asked(hec)).toEqual({ [first]: true, [second]: true, [second + 1]: false, 0: false, 17: false });
    expect(asked(new Hec(Date.UTC(2026, 10, 23)))).toMatchObject({ [first]: true, [second]: true, 17: false });
  });

  test.each([['', 5], ['"text"', 6], ['{"event":', 6], ['{"event":1} 7', 6]])('of %j nothing is taken', (body, code) => {
    expect(done(hec, request('POST', '/services/collector', body))).toMatchObject({ frames: [], status: 400, json: { code } });
  });

  test('busy, unknown tokens and health in its own words', () => {
    const asked = request('POST', '/services/collector');
    expect(hec.refuse({ status: 429, message: '' })).toMatchObject({ status: 503, body: '{"text":"Server is busy","code":9}' });
    expect(hec.refuse({ status: 403, message: '' })).toMatchObject({ status: 403, body: '{"text":"Invalid token","code":4}' });
    expect(done(hec, request('GET', '/services/collector/health/1.0')).json).toEqual({ text: 'HEC is healthy', code: 17 });
    expect(done(hec, { ...asked, method: 'GET' }).status).toBe(405);
  });
});
