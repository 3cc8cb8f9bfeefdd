// As much of Elasticsearch as senders need to believe in one: Beats, Fluent Bit, Vector and Logstash ask who is there, then send
// `_bulk`. A document's frame is its line as it came. What they would set up (templates, pipelines, policies) has no place here: such a
// request is answered and forgotten; so is `_refresh`.
//
//   POST /INDEX/_doc[/ID], PUT /INDEX/_create/ID   document  -> 201, 400 where the body is no JSON object
//   POST [/INDEX]/_bulk   {"create":{...}} LF document LF ...  -> 200, each item with its own status: 201 stored, 400 cannot be
import { randomBytes } from 'node:crypto';
import { jsonAnswer, linesOf, said, type Answer, type Dialect, type HttpRequest, type Outcome, type Refused } from './dialect.js';
import { valuesOf } from './json-values.js';

/** The version whose requests are understood. Senders refuse to talk to an older one than themselves. */
const VERSION = '9.4.3';
const PRODUCT = { 'x-elastic-product': 'Elasticsearch' };
const BULK = /^(?:\/[^/]+){0,2}\/_bulk$/, ONE = /^\/([^/_][^/]*)\/_(?:doc|create)(?:\/([^/]{1,512}))?$/, REFRESH = /^(?:\/[^/]+)?\/_(?:refresh|flush)$/;
const SETUP = /^\/_(?:ingest\/pipeline|index_template|component_template|template|ilm\/policy|data_stream)\/[^/]+$/;

const say = (status: number, value: unknown): Answer => jsonAnswer(status, value, PRODUCT);
const error = (status: number, type: string, reason: string): object => ({ error: { type, reason, root_cause: [{ type, reason }] }, status });

export const elastic: Dialect = {
  speaks: (path, method) => path.startsWith('/_') || BULK.test(path) || ONE.test(path) || REFRESH.test(path) || (path === '/' && (method === 'GET' || method === 'HEAD')), // `POST /` is lines
  handle(request) {
    const { method, path } = request, reads = method === 'GET' || method === 'HEAD';
    if (BULK.test(path)) return method === 'POST' || method === 'PUT' ? bulk(request) : { status: 405, message: `expected POST, got ${method}` };
    if (ONE.test(path)) return method === 'POST' || method === 'PUT' ? one(request) : { status: 405, message: `expected POST or PUT, got ${method}` };
    if (reads && path === '/') return said(say(200, { name: 'haidang', cluster_name: 'haidang', cluster_uuid: 'haidang-collector-0000', version: { number: VERSION, build_flavor: 'default', build_type: 'docker', lucene_version: '10.3.0', minimum_wire_compatibility_version: '8.19.0', minimum_index_compatibility_version: '8.0.0' }, tagline: 'You Know, for Search' }));
    if (reads && path === '/_license') return said(say(200, { license: { uid: 'haidang', type: 'basic', mode: 'basic', status: 'active' } }));
    if (reads && path === '/_xpack') return said(say(200, { license: { uid: 'haidang', type: 'basic', mode: 'basic', status: 'active' }, features: {} }));
    if (reads && path === '/_cluster/health') return said(say(200, { cluster_name: 'haidang', status: 'green', timed_out: false, number_of_nodes: 1 }));
    if (REFRESH.test(path)) return said(say(200, { _shards: { total: 1, successful: 1, failed: 0 } }));
    if (SETUP.test(path) && method === 'PUT') return said(say(200, { acknowledged: true }));
    return { status: 404, message: `expected _bulk, got ${method} ${path}` };
  },
  refuse: ({ status, message }) => say(status, error(status, TYPES[status] ?? 'illegal_argument_exception', message)),
};
const TYPES: Readonly<Record<number, string>> = { 401: 'security_exception', 403: 'security_exception', 404: 'resource_not_found_exception', 413: 'content_too_long_exception', 429: 'es_rejected_execution_exception', 503: 'unavailable_shards_exception' };

const ACTIONS = ['create', 'index', 'update', 'delete'] as const;
type Action = (typeof ACTIONS)[number];

function bulk({ path, query, body }: HttpRequest): Outcome | Refused {
  const lines = linesOf(body), frames: Buffer[] = [], items: string[] = [];
  const short = /\bitems\b/.test(query.get('filter_path') ?? ''), indexOfPath = path === '/_bulk' ? '' : path.split('/')[1] as string;
  let errors = false;
  for (let at = 0; at < lines.length; at++) {
    const read = readAction(lines[at] as Buffer);
    if (read === undefined) return { status: 400, message: `Malformed action/metadata line [${at + 1}], expected create or index, got ${(lines[at] as Buffer).toString('utf8', 0, 60)}` };
    const { action, index = indexOfPath, id } = read, document = action === 'delete' ? undefined : lines[++at];
    if (action !== 'delete' && document === undefined) return { status: 400, message: `expected a document behind the action in line ${at}, got the end of the body` };
    const taken = (action === 'create' || action === 'index') && document !== undefined;
    if (taken) frames.push(document); else errors = true;
    items.push(taken ? (short ? `{"${action}":{"status":201}}` : stored(action, index, id)) : refused(action, index, id));
  }
  if (items.length === 0) return { status: 400, message: 'expected at least one action, got an empty body' };
  return { frames, answer: { status: 200, type: 'application/json', headers: PRODUCT, body: `{"took":0,"errors":${errors},"items":[${items.join(',')}]}` } };
}

function one({ path, body }: HttpRequest): Outcome | Refused {
  const [, index = '', id] = ONE.exec(path) ?? [], [document, ...more] = valuesOf(body) ?? [];
  if (document === undefined || more.length > 0 || document[0] !== BRACE) return { status: 400, message: `expected one document, an object of JSON, got ${body.toString('utf8', 0, 60)}` };
  return { frames: [document], answer: say(201, answerOf(index, id)) };
}
const BRACE = 123;

function readAction(line: Buffer): { action: Action; index: string | undefined; id: string | undefined } | undefined {
  try {
    const parsed = JSON.parse(line.toString()) as Readonly<Record<string, { _index?: unknown; _id?: unknown } | null>>;
    const [action, ...more] = ACTIONS.filter((each) => Object.hasOwn(parsed, each)); // some clients write members of their own beside it
    if (action === undefined || more.length > 0) return undefined;
    const { _index: index, _id: id } = parsed[action] ?? {};
    return { action, index: typeof index === 'string' ? index : undefined, id: typeof id === 'string' || typeof id === 'number' ? String(id) : undefined };
  } catch {
    return undefined;
  }
}

const answerOf = (_index: string, id = randomBytes(15).toString('base64url')): object => ({ _index, _id: id, _version: 1, result: 'created', _shards: { total: 1, successful: 1, failed: 0 }, _seq_no: 0, _primary_term: 1 });
const stored = (action: Action, index: string, id: string | undefined): string => JSON.stringify({ [action]: { ...answerOf(index, id), status: 201 } });
const refused = (action: Action, _index: string, id = ''): string => JSON.stringify({
  [action]: { _index, _id: id, status: 400, error: { type: 'illegal_argument_exception', reason: `expected create or index: what has arrived is not changed by ${action}` } },
});
