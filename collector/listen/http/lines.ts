// POST to `/` or `/ndjson`: each line a frame, whatever it holds; a body of JSON (`application/json`) is its values or its list's elements.
import { jsonAnswer, linesOf, type Dialect } from './dialect.js';
import { valuesOf } from './json-values.js';

export const lines: Dialect = {
  speaks: () => true,
  handle({ method, path, header, body }) {
    if (path !== '/' && path !== '/ndjson') return { status: 404, message: `expected one of /, /ndjson, /_bulk, /services/collector, /v1/logs, got ${path}` };
    if (method !== 'POST' && method !== 'PUT') return { status: 405, message: `expected POST, got ${method}` };
    const frames = (/^application\/json\b/i.test(header('content-type') ?? '') ? valuesOf(body) : undefined) ?? linesOf(body);
    return { frames, answer: jsonAnswer(200, { taken: frames.length }) };
  },
  refuse: ({ status, message }) => jsonAnswer(status, { status, title: message }),
};
