// A collector or a detector on a cluster that they share, in a process of its own, so that a test can kill it: the first message says what
// it is and where everything is; afterwards it answers questions about its figures, and stops when it is told to.
import { join } from 'node:path';
import { startShipping } from '../../dist/collector/ship.js';
import { systemClock } from '../../dist/core/process/clock.js';
import { createLog } from '../../dist/core/process/log.js';
import { beginWhenThere, openStore } from '../../dist/core/store/open.js';
import { startTailing } from '../../dist/detector/tailing.js';

// Also while it still waits for the cluster: a test that is gone leaves nothing behind.
process.on('disconnect', () => process.exit(0));
process.once('message', async ({ service, data, elasticsearch, rules, ...more }) => {
  const options = { folder: data, elasticsearch: { ...elasticsearch, role: service } }, open = () => openStore(options), log = createLog(process.env.HAIDANG_LOG_LEVEL ?? 'fatal', service), clock = systemClock;
  const running = service === 'collector'
    ? await startShipping({ folder: join(data, 'spool'), listeners: [{ name: 'syslog-tcp', kind: 'tcp', host: '127.0.0.1', port: 0 }], open, log, clock, retryMs: 200, lookMs: 1_000, ...more })
    : await beginWhenThere(options, (store) => startTailing({ store, rulesFolders: [rules, join(data, 'rules')], log, clock, watchRules: false, beatMs: 500, goneMs: 3_000, keepMs: 1_000, ...more }), () => undefined, new AbortController().signal);
  process.on('message', async (message) => {
    if (message.kind === 'stats') process.send({ kind: 'stats', id: message.id, stats: await running.stats() });
    if (message.kind === 'stop') { await running.stop(); process.send({ kind: 'stopped' }, () => process.exit(0)); }
  });
  process.send({ kind: 'started', port: service === 'collector' ? running.collector.addresses[0].port : 0 });
});
