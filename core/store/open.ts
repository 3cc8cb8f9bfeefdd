// Configuration -> store. The only file that names an adapter.
import type { Store } from './store.js';
import { openEmbedded } from './embedded/client.js';

export interface StoreOptions {
  /** Folder of the embedded store. */
  readonly folder: string;
}

export const openStore = (options: StoreOptions): Promise<Store> => openEmbedded(options);
