// Our collector as a sender of bench/elasticsearch.ts, in a process of its own as `haidang collector` runs it, with one TCP listener:
// socket, synced spool, parsing, ids, bulk, every item judged. `node support-shipping.js {folder, url, prefix}` prints its port.
import { fileURLToPath } from 'node:url';
import { startShipping } from '../collector/ship.js';
import { systemClock } from '../core/process/clock.js';
import { createLog } from '../core/process/log.js';
import { openStore } from '../core/store/open.js';

export interface ShippingChild { readonly folder: string; readonly url: string; readonly prefix: string }

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { folder, url, prefix } = JSON.parse(process.argv[2] ?? '') as ShippingChild;
  const shipping = await startShipping({
    folder, listeners: [{ name: 'syslog-tcp', kind: 'tcp', host: '127.0.0.1', port: 0 }], log: createLog('error', 'collector'), clock: systemClock,
    open: () => openStore({ folder: '', elasticsearch: { nodes: [url], prefix, role: 'collector' } }),
  });
  process.stdout.write(`${shipping.collector.addresses[0]?.port ?? 0}\n`);
  process.once('SIGTERM', () => { void shipping.stop().then(() => process.exit(0)); });
}
