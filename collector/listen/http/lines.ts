// POST to `/` or `/ndjson`: each line a frame, whatever it holds; a body of JSON (`application/json`) is its values or its list's elements,
// and of an object that holds nothing but a list of events (`{"Records":[...]}` of CloudTrail, `{"records":[...]}` of Azure) the elements too,
// and those that Kubernetes' API server posts (`{"kind":"EventList",...,"items":[...]}`), each with the bytes that came. POST to `/gelf`, as
// Graylog's GELF input over HTTP: one message, or one a line, answered 202.
import { jsonAnswer, linesOf, type Dialect } from './dialect.js';
import { elementsOf, membersOf, valuesOf } from './json-values.js';

const LISTS = ['Records', 'records', 'events', 'logs'], BRACE = 123, AUDIT = '"EventList"';
/** The events of an object that is nothing but their list; another is itself. */
function eventsIn(value: Buffer): readonly Buffer[] {
  if (value[0] === BRACE && value.subarray(0, 80).includes(AUDIT)) { const items = membersOf(value)?.get('items'), audited = items === undefined ? undefined : elementsOf(items); if (audited !== undefined && audited.length > 0) return audited; }
  if (value[0] !== BRACE || !LISTS.some((name) => value.subarray(0, 40).includes(`"${name}"`))) return [value];
  const members = membersOf(value), list = members?.size === 1 ? LISTS.map((name) => members.get(name)).find((each) => each !== undefined) : undefined, elements = list === undefined ? undefined : elementsOf(list);
  return elements !== undefined && elements.length > 0 && elements.every((each) => each[0] === BRACE) ? elements : [value];
}

export const lines: Dialect = {
  speaks: () => true,
  handle({ method, path, header, body }) {
    if (path !== '/' && path !== '/ndjson' && path !== '/gelf') return { status: 404, message: `expected one of /, /ndjson, /gelf, /_bulk, /services/collector, /v1/logs, /loki/api/v1/push, got ${path}` };
    if (method !== 'POST' && method !== 'PUT') return { status: 405, message: `expected POST, got ${method}` };
    if (path === '/gelf') return { frames: valuesOf(body) ?? linesOf(body), answer: jsonAnswer(202, {}) };
    const frames = (/^application\/json\b/i.test(header('content-type') ?? '') ? valuesOf(body)?.flatMap(eventsIn) : undefined) ?? linesOf(body);
    return { frames, answer: jsonAnswer(200, { taken: frames.length }) };
  },
  refuse: ({ status, message }) => jsonAnswer(status, { status, title: message }),
};
