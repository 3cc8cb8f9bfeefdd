import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeContract } from '../contract.js';
import type { Store } from '../store.js';
import { openEmbedded } from './client.js';

const folders = new Map<Store, string>();
async function open(folder: string): Promise<Store> {
  const store = await openEmbedded({ folder, reserveBytes: 1 << 20 });
  folders.set(store, folder);
  return store;
}

storeContract('embedded', {
  empty: () => open(mkdtempSync(join(tmpdir(), 'haidang-store-'))),
  async reopen(store) {
    await store.close();
    return open(folders.get(store) as string);
  },
  async discard(store) {
    await store.close();
    rmSync(folders.get(store) as string, { recursive: true });
  },
});
