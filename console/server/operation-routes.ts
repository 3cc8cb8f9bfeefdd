// For machines: is it ready, what does it measure; and the browsers' stream of news.
import { RefusedError } from './refused.js';
import { allows, type Call, type OpenRoute, type Route, type SignedRoute } from './route.js';

const health: OpenRoute = {
  method: 'GET', path: '/healthz', roles: 'anyone',
  async handle({ deps }) {
    // A store that does not answer is not ready; why stands in the log and on the pages of those who are signed in.
    const health = await deps.store.health().catch(() => undefined);
    return health?.ready === true ? { body: { status: 'ok' } } : { status: 503, body: { status: 'unavailable' } };
  },
};

const metrics: OpenRoute = {
  method: 'GET', path: '/metrics', roles: 'anyone',
  async handle(call) {
    if (!fromThisMachine(call)) {
      const found = call.token === undefined ? undefined : await call.deps.sessions.find(call.token);
      if (found === undefined || found.user.mustChangePassword || !allows(['admin'], found.user)) throw new RefusedError(401, 'signed_out', 'expected a request from this machine, or an administrator');
    }
    return { body: await call.deps.metrics.metrics(), headers: { 'Content-Type': call.deps.metrics.contentType } };
  },
};

const live: SignedRoute = {
  method: 'GET', path: '/api/live', roles: ['analyst', 'admin', 'manager'],
  async handle({ deps, asker }) {
    const stream = deps.live.open(asker);
    if (stream === undefined) throw new RefusedError(429, 'streams_limited', 'expected fewer open streams of one person', { 'Retry-After': '30' });
    return { body: stream, headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' } };
  },
};

export const operationRoutes: readonly Route[] = [health, metrics, live];

/** A proxy on this machine speaks for somebody else: what it forwards does not come from here. */
function fromThisMachine({ address, headers }: Call): boolean {
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined);
  return !forwarded && /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/.test(address);
}
