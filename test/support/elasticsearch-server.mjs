// Runs one real Elasticsearch for the tests of one run and ends it when that run is gone, however it went: `elasticsearch-server.mjs
// RUN_PID ANSWER_FILE`. The answer file says {url} or {absent: why}. A third argument names a file {roles, users: [{name, password,
// roles}]}: then security is switched on, with these in the file realm; the first is a superuser. HAIDANG_MEASURED=1: one to be measured.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { findProgram, freePort, Node } from './elasticsearch-node.mjs';

const READY_MS = 300_000;
const [runPid, answerFile] = [Number(process.argv[2]), process.argv[3]], security = process.argv[4] === undefined ? undefined : JSON.parse(readFileSync(process.argv[4], 'utf8'));

const alive = (pid) => { try { process.kill(pid, 0); return true; } catch (error) { return error.code === 'EPERM'; } };
const answer = (text) => { writeFileSync(`${answerFile}.new`, JSON.stringify(text)); renameSync(`${answerFile}.new`, answerFile); };
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** What must not outlive the run. */
let node;
function end() {
  node?.end();
  for (const path of [answerFile, `${answerFile}.new`, `${answerFile}.lock`]) rmSync(path, { recursive: true, force: true });
}
process.on('exit', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(0));

async function run() {
  let program;
  try { program = findProgram(); } catch (error) { return answer({ absent: error.message }); }
  node = new Node(program, { ports: [await freePort(), await freePort()], settings: { 'discovery.type': 'single-node' }, security, ...(process.env.HAIDANG_MEASURED ? { asServed: true, heapMb: 2048 } : {}) });
  const [admin] = security?.users ?? [], first = admin === undefined ? {} : { authorization: `Basic ${Buffer.from(`${admin.name}:${admin.password}`).toString('base64')}` };
  let again = false;
  // A test asks for the node to be killed, as by a power cut, and started again.
  process.on('SIGUSR2', () => { again = true; node.kill(); });
  for (let starts = 1; ; starts++) {
    again = false;
    node.start();
    for (const until = Date.now() + READY_MS; ; await pause(250)) {
      if (!alive(runPid)) return;
      if (node.gone || Date.now() > until) return answer({ absent: `the server did not start: ${node.told()}` });
      try { if ((await fetch(`${node.url}/_cluster/health?wait_for_status=yellow&timeout=1s`, { headers: first })).ok) break; } catch { /* not yet */ }
    }
    answer({ url: node.url, keeper: process.pid, starts });
    while (alive(runPid) && !node.gone) await pause(250);
    if (!again) return;
    await node.ended;
  }
}
await run();
while (alive(runPid)) await pause(500);
process.exit(0);
