// Runs several nodes of a real Elasticsearch as one cluster, for the process that forked this one and as long as that lives. The first
// message is {count, settings, heapMb}; answered by {kind: 'ready', urls} or {kind: 'absent', why}. Then {kind: 'kill' | 'start', node, id},
// each answered by {kind: 'done', id} or {kind: 'failed', id, why}.
import { findProgram, freePort, Node } from './elasticsearch-node.mjs';

const READY_MS = 240_000;
const nodes = [], pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
process.on('exit', () => { for (const node of nodes) node.end(); });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(signal, () => process.exit(0));

async function answers(node, path) {
  for (const until = Date.now() + READY_MS; ; await pause(250)) {
    if (node.gone || Date.now() > until) throw new Error(`the node did not start: ${node.told()}`);
    try { if ((await fetch(`${node.url}${path}`)).ok) return; } catch { /* not yet */ }
  }
}

process.once('message', async ({ count, settings, heapMb }) => {
  try {
    const program = findProgram(), ports = [];
    for (let i = 0; i < count; i++) ports.push([await freePort(), await freePort()]);
    const names = ports.map((_, i) => `node-${i}`), cluster = count === 1 ? { 'discovery.type': 'single-node' } : { 'cluster.name': `haidang-test-${process.pid}`, 'discovery.seed_hosts': ports.map(([, transport]) => `127.0.0.1:${transport}`), 'cluster.initial_master_nodes': names };
    ports.forEach((own, i) => nodes.push(new Node(program, { ports: own, heapMb, settings: { ...cluster, 'node.name': names[i], ...settings } })));
    for (const node of nodes) node.start();
    for (const node of nodes) await answers(node, `/_cluster/health?wait_for_nodes=${count}&timeout=1s`);
    process.send({ kind: 'ready', urls: nodes.map(({ url }) => url) });
  } catch (error) { process.send({ kind: 'absent', why: error.message }); return; }
  process.on('message', async ({ kind, node: i, id }) => {
    const node = nodes[i];
    try {
      if (kind === 'kill') { node.kill(); await node.ended; }
      // Itself: whether there is a cluster is another question.
      else { node.start(); await answers(node, '/_cluster/health?local=true&timeout=1s'); }
      process.send({ kind: 'done', id });
    } catch (error) { process.send({ kind: 'failed', id, why: error.message }); }
  });
});
