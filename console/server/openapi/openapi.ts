// The API described in OpenAPI 3.1, made from the table of routes: what is not in that table is not served, what is in it is described.
import { z } from 'zod';
import { COOKIE } from '../cookie.js';
import type { Route } from '../route.js';
import { OPERATIONS, type Operation } from './operations.js';
import { SHAPES, type ShapeName } from './shapes.js';

type Json = Readonly<Record<string, unknown>>;
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'What was sent cannot be done as it stands; `problems` say why', 401: 'Not signed in, or name or password wrong', 403: 'May not do this, must first change the password, or the request came from another site', 404: 'Not there, or not to be seen', 409: 'Somebody else changed it first',
  413: 'More than 256 KB', 415: 'Not application/json', 429: 'Too often; Retry-After says when again', 503: 'The store does not answer, or the disk is full; Retry-After says when to try again',
};

export function describeApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const operation = OPERATIONS[`${route.method} ${route.path}`];
    if (operation === undefined) throw new Error(`expected an operation that describes ${route.method} ${route.path}, found none`);
    (paths[route.path.replace(/:(\w+)/g, '{$1}')] ??= {})[route.method.toLowerCase()] = describe(route, operation);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Hải Đăng', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }, description: 'JSON, UTC ISO times, errors as application/problem+json with titles in the asker\'s language. What one may not see answers 404. `x-roles` names who may call.' },
    paths,
    components: { schemas: schemas(), securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: COOKIE, description: 'Set by POST /api/session. What changes something must come from the same origin.' } } },
  };
}

function describe(route: Route, { summary, query = [], body, answer, refusals = [] }: Operation): Json {
  const places = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const open = route.roles === 'anyone', limited = !open && !route.roles.includes('signed_in');
  const statuses = [...new Set([...refusals, ...(query.length > 0 || body !== undefined ? [400] : []), ...(open ? [] : [401]), ...(limited || route.method !== 'GET' ? [403] : []), ...(places.length > 0 ? [404] : []), ...(body === undefined ? [] : [413, 415]), 503])].sort((a, b) => a - b);
  return {
    summary, operationId: `${route.method.toLowerCase()}${route.path.replace(/[^A-Za-z]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`, 'x-roles': open ? ['anyone'] : route.roles, security: open ? [] : [{ session: [] }],
    ...(places.length + query.length === 0 ? {} : { parameters: [...places, ...query.map((one) => ({ in: 'query', ...one }))] }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: plain(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' })) } } } }),
    responses: {
      [answer.status]: { description: answer.status === 204 ? 'Done' : 'The answer', ...(answer.shape === undefined && answer.types === undefined ? {} : { content: contentOf(answer) }) },
      ...Object.fromEntries(statuses.map((status) => [status, { description: REFUSALS[status], content: { 'application/problem+json': { schema: ref('Problem') } } }])),
    },
  };
}

const ref = (name: ShapeName): Json => ({ $ref: `#/components/schemas/${name}` });
const contentOf = ({ shape, types = [] }: Operation['answer']): Json => (shape !== undefined ? { 'application/json': { schema: ref(shape) } } : Object.fromEntries(types.map((type) => [type, {}])));

/** Shapes that stand in others are referred to. */
function schemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, shape] of Object.entries(SHAPES)) registry.add(shape, { id });
  const made = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, io: 'input', unrepresentable: 'any' }).schemas;
  return Object.fromEntries(Object.entries(made).map(([name, schema]) => [name, plain(schema)]));
}

/** Without what only a document of its own carries. */
function plain(schema: object): Json {
  const { $schema: _, $id: __, ...rest } = schema as Readonly<Record<string, unknown>>;
  return rest;
}
