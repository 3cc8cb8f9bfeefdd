// GET /api/openapi.json: what this API takes and answers, for those who write programs against it.
import { describeApi } from './openapi/openapi.js';
import type { OpenRoute, Route } from './route.js';

/** The description of `routes` and of itself. */
export function withDescription(routes: readonly Route[]): readonly Route[] {
  const all: Route[] = [...routes];
  let text: string | undefined;
  const description: OpenRoute = {
    method: 'GET', path: '/api/openapi.json', roles: 'anyone',
    handle: async ({ deps }) => ({ body: (text ??= JSON.stringify(describeApi(all, deps.version))), headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-cache' } }),
  };
  all.push(description);
  return all;
}
