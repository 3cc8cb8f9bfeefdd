import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../core/process/config.js';
import { openStore } from '../../core/store/open.js';
import { demoSystems } from '../demo/load.js';
import { seed } from './seed.js';

test('systems of the file are written once; what the console changed stays until the file changes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-seed-'));
  const store = await openStore({ folder });
  try {
    const config = (name: string): ReturnType<typeof parseConfig> => parseConfig(`relays: [10.0.0.5]\nsystems: [{id: DVC, name: ${name}, tier: 3, unit: VP, match: [{address: 10.1.0.0/24}]}]`, 'haidang.yaml');
    await seed(store, config('first'), []);
    const seeded = await store.systems.get('DVC');
    expect(seeded).toMatchObject({ name: 'first', tier: 3 });
    await store.systems.put({ ...(seeded as NonNullable<typeof seeded>), name: 'changed by hand' }, seeded?.version ?? 0);
    await seed(store, config('first'), []);
    expect((await store.systems.get('DVC'))?.name).toBe('changed by hand');
    await seed(store, config('second'), []);
    expect((await store.systems.get('DVC'))?.name).toBe('second');
    expect((await store.systems.registry()).relays).toEqual(['10.0.0.5']);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the demo province comes with its sixteen systems and two laboratories, and can come again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-seed-'));
  const store = await openStore({ folder });
  try {
    for (let time = 0; time < 2; time++) await seed(store, parseConfig('', 'haidang.yaml'), demoSystems(Date.now()));
    const systems = await store.systems.list();
    expect([systems.length, systems.filter(({ countedInNoShare }) => countedInNoShare === true).map(({ id }) => id).sort()]).toEqual([18, ['LAB1', 'LAB4']]);
    expect(await store.settings.get('demo')).toBe(true);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
