// What a start puts into an empty or older store: systems named in the configuration, relays, and on request the demo province.
// A system of the configuration is written when it is new, or when its lines in the file changed since the last start; what an
// administrator changed in the console meanwhile stays.
import { createHash } from 'node:crypto';
import type { Config } from '../../core/process/config.js';
import type { Store } from '../../core/store/store.js';
import type { System } from '../../core/tier.js';

const SEEDED = 'seeded.systems';

export async function seed(store: Store, config: Config, demo: readonly System[]): Promise<void> {
  await store.systems.setRelays(config.relays, config.unassignedTier);
  const before = ((await store.settings.get(SEEDED)) ?? {}) as Record<string, string>, seeded: Record<string, string> = {};
  for (const system of config.systems) {
    const digest = createHash('sha256').update(JSON.stringify(system)).digest('hex');
    seeded[system.id] = digest;
    const known = await store.systems.get(system.id);
    if (known !== undefined && before[system.id] === digest) continue;
    await store.systems.put({ ...(known ?? {}), ...system }, known?.version ?? 0);
  }
  await store.settings.put(SEEDED, seeded);
  for (const system of demo) {
    const known = await store.systems.get(system.id);
    if (known === undefined) await store.systems.put(system, 0);
    else if (known.demo === true) await store.systems.put({ ...known, ...system }, known.version);
  }
  if (demo.length > 0) await store.settings.put('demo', true);
}
