// Changes to incidents, one after another per incident, each with the newest version known: a quick second press waits for the first
// answer instead of colliding with it. Somebody else's change is a 409, which the caller shows.
import type { ChangeRequest, IncidentFull } from '../../api.js';
import { post } from '../client.js';

const versions = new Map<string, number>();
const running = new Map<string, Promise<unknown>>();
const KNOWN_MAX = 5_000;

/** Remembers the version on screen; an older one never replaces a newer one. */
export function sawVersion({ id, version }: { readonly id: string; readonly version: number }): void {
  if (versions.size > KNOWN_MAX) versions.clear();
  versions.set(id, Math.max(version, versions.get(id) ?? 0));
}

export async function sendChange(seen: { readonly id: string; readonly version: number }, change: ChangeRequest): Promise<IncidentFull> {
  const mine = seen.version;
  const before = running.get(seen.id);
  const turn = (async () => {
    if (before) await before.catch(() => undefined);
    // Only our own answers move the version past what the person saw: another's change must be noticed.
    const version = before ? Math.max(mine, versions.get(seen.id) ?? 0) : mine;
    const next = await post<IncidentFull>(`/api/incidents/${encodeURIComponent(seen.id)}/changes`, { version, change });
    sawVersion(next);
    return next;
  })();
  running.set(seen.id, turn);
  try { return await turn; } finally { if (running.get(seen.id) === turn) running.delete(seen.id); }
}
