// Retention that is held back because the clock is not believed, or lags: an administrator may say that the clock is right.
import { z } from 'zod';
import { RETENTION, type RetentionRelease } from '../../core/retention.js';
import { parseBody } from './body.js';
import type { SignedRoute } from './route.js';

export const releaseShape = z.strictObject({ clockIsRight: z.literal(true) });

export const retentionRoutes: readonly SignedRoute[] = [{
  method: 'POST', path: '/api/retention/release', roles: ['admin'],
  async handle(call) {
    parseBody(releaseShape, call.body);
    const { deps: { store, clock, audit, retention }, asker } = call, before = await store.settings.get(RETENTION.release) as RetentionRelease | undefined, { horizon, suspicion } = retention.state ?? {};
    // Written down before it is done: what goes then does not come back.
    await audit.did(call, 'retention.release', suspicion ?? 'horizon', { clock: new Date(clock.now()).toISOString(), ...(horizon === undefined ? {} : { horizon: new Date(horizon).toISOString() }) });
    await store.settings.put(RETENTION.release, { n: (before?.n ?? 0) + 1, by: asker.user.id, at: clock.now() } satisfies RetentionRelease);
    return { status: 204 };
  },
}];
