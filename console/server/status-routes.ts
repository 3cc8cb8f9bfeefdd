// How the flow stands: does the store answer, how far evaluation is behind, how long spools last meanwhile. Answered from memory, so
// that it can be asked while the store is away.
import type { Status } from '../api.js';
import { iso, isoOrNull } from './parameters.js';
import type { SignedRoute } from './route.js';

export const statusRoutes: readonly SignedRoute[] = [{
  method: 'GET', path: '/api/status', roles: ['analyst', 'admin', 'manager'], withoutStore: true,
  async handle({ deps, asker }) {
    const { health, outage, flow: { evaluation, intakes }, asOf } = deps.status.now(), now = deps.clock.now(), { horizon, heldSince, suspicion } = deps.retention.state ?? {}, technical = asker.user.roles.includes('admin');
    const running = outage !== undefined && outage.caughtUp === undefined ? outage : undefined, state = running === undefined ? 'ready' : running.back === undefined ? 'away' : 'catching_up';
    // Figures that nobody can move on any more grow with the time since they were read.
    const older = state === 'away' && asOf !== undefined && evaluation?.detectors !== undefined ? Math.max(0, now - asOf) : 0;
    const body: Status = {
      now: iso(now),
      store: {
        kind: health?.kind ?? 'embedded', state, since: running === undefined ? null : iso(running.since), back: isoOrNull(running?.back ?? null), problem: technical && state === 'away' ? health?.problem ?? evaluation?.problem ?? null : null,
        last: outage?.caughtUp === undefined ? null : { since: iso(outage.since), back: iso(outage.back ?? outage.caughtUp), caughtUp: iso(outage.caughtUp) },
      },
      evaluation: evaluation === undefined ? null : {
        lagMs: Math.round(evaluation.lagMs + older), detectors: evaluation.detectors ?? null, asOf: iso(asOf ?? now),
        streams: [...evaluation.streams].sort((a, b) => b.lagMs - a.lagMs).map(({ stream, position, lagMs, hole }) => ({ stream, position, lagMs: Math.round(lagMs + older), hole: hole ?? null })),
      },
      intakes: intakes.map(({ name, reached, taking, spoolBytes, bytesPerSecond, lastsMs }) => ({ name, reached, taking, spoolBytes, bytesPerSecond, lastsMs: lastsMs ?? null })),
      retention: heldSince === undefined || horizon === undefined ? null : { heldSince: iso(heldSince), horizon: iso(horizon), reason: suspicion ?? 'lag' },
    };
    return { body };
  },
}];
