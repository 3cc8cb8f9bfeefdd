// Runs one real Elasticsearch for the tests of one run and ends it when that run is gone, however it went: `elasticsearch-server.mjs
// RUN_PID ANSWER_FILE`. The minimal distribution comes from Maven Central through the Maven client, is unpacked once per machine, and
// runs with a small heap on a free port of the loopback, never as root. The answer file says {url} or {absent: why}. A third argument
// names a file {roles, users: [{name, password, roles}]}: then security is switched on, with these in the file realm; the first is a
// superuser.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VERSION = '9.4.3', ARTIFACT = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${VERSION}:zip`;
const JAVA_MIN = 21, HEAP_MB = 512, NOBODY = 65534, READY_MS = 120_000;
const [runPid, answerFile] = [Number(process.argv[2]), process.argv[3]], security = process.argv[4] === undefined ? undefined : JSON.parse(readFileSync(process.argv[4], 'utf8'));

/** A JDK of at least version 21, by the environment or where systems keep them. */
function findJava() {
  const folders = [process.env.ES_JAVA_HOME, process.env.JAVA_HOME];
  for (const parent of ['/usr/lib/jvm', '/opt', '/opt/java', '/Library/Java/JavaVirtualMachines']) {
    if (existsSync(parent)) for (const name of readdirSync(parent).sort().reverse()) folders.push(join(parent, name), join(parent, name, 'Contents', 'Home'));
  }
  return folders.find((folder) => {
    if (!folder || !existsSync(join(folder, 'release')) || !existsSync(join(folder, 'bin', 'jar'))) return false;
    return Number(/JAVA_VERSION="(\d+)/.exec(readFileSync(join(folder, 'release'), 'utf8'))?.[1]) >= JAVA_MIN;
  });
}

/** The unpacked program, shared by all runs of this machine; nothing in it changes. */
function unpacked(java) {
  const home = join(tmpdir(), `haidang-elasticsearch-${VERSION}-${process.getuid?.() ?? 0}`);
  if (existsSync(join(home, 'bin', 'elasticsearch'))) return home;
  const work = mkdtempSync(join(tmpdir(), 'haidang-elasticsearch-new-'));
  try {
    execFileSync('mvn', ['-q', '-B', 'org.apache.maven.plugins:maven-dependency-plugin:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${work}`], { stdio: 'pipe', timeout: 600_000 });
    const zip = readdirSync(work).find((name) => name.endsWith('.zip'));
    execFileSync(join(java, 'bin', 'jar'), ['xf', join(work, zip)], { cwd: work });
    rmSync(join(work, zip));
    const folder = join(work, `elasticsearch-${VERSION}`);
    for (const name of readdirSync(join(folder, 'bin'))) chmodSync(join(folder, 'bin', name), 0o755);
    try { renameSync(folder, home); } catch (error) { if (!existsSync(join(home, 'bin', 'elasticsearch'))) throw error; }
    return home;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const freePort = () => new Promise((resolve, reject) => {
  const server = createServer();
  server.once('error', reject).listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

/** Memory where there is enough of it: a test server syncs its disk for every request, and nobody cuts its power. */
function scratch() {
  try { const { bavail, bsize } = statfsSync('/dev/shm'); return bavail * bsize > 4e9 ? '/dev/shm' : tmpdir(); } catch { return tmpdir(); }
}

/** Configuration, data and logs of this run, owned by who runs the server. */
function prepare(home, ports, owner) {
  const folder = mkdtempSync(join(scratch(), 'haidang-elasticsearch-run-')), config = join(folder, 'config');
  mkdirSync(config);
  for (const name of ['log4j2.properties', 'roles.yml', 'role_mapping.yml', 'users', 'users_roles']) cpSync(join(home, 'config', name), join(config, name), { recursive: true });
  writeFileSync(join(config, 'elasticsearch.yml'), [
    'discovery.type: single-node', 'network.host: 127.0.0.1', `http.port: ${ports[0]}`, `transport.port: ${ports[1]}`, `xpack.security.enabled: ${security !== undefined}`, 'action.auto_create_index: false',
    `path.data: ${join(folder, 'data')}`, `path.logs: ${join(folder, 'logs')}`, `path.repo: ${join(folder, 'snapshots')}`,
    'cluster.routing.allocation.disk.threshold_enabled: false', 'cluster.max_shards_per_node: 5000',
    // The small collector leaves what is free already to be counted as used.
    ...(security === undefined ? [] : ['xpack.security.authc.password_hashing.algorithm: pbkdf2', 'xpack.security.transport.ssl.enabled: false', 'xpack.security.http.ssl.enabled: false']),
    'indices.breaker.total.use_real_memory: false', 'node.store.allow_mmap: false', '',
  ].join('\n'));
  if (security !== undefined) {
    writeFileSync(join(config, 'roles.yml'), security.roles);
    writeFileSync(join(config, 'users'), security.users.map(({ name, password }) => `${name}:${hashed(password)}\n`).join(''));
    const held = new Map();
    for (const { name, roles } of security.users) for (const role of roles) held.set(role, [...held.get(role) ?? [], name]);
    writeFileSync(join(config, 'users_roles'), [...held].map(([role, names]) => `${role}:${names.join(',')}\n`).join(''));
  }
  // A server that lives for minutes: the quick compiler and the small collector start and serve sooner.
  const options = readFileSync(join(home, 'config', 'jvm.options'), 'utf8').replace(/^-XX:\+UseG1GC$/m, '-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1').replace(/^-Xlog:gc.*$/m, '');
  writeFileSync(join(config, 'jvm.options'), options);
  for (const name of ['data', 'logs', 'snapshots', 'tmp']) mkdirSync(join(folder, name));
  if (owner !== undefined) for (const path of [folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, name))]) chownSync(path, owner, owner);
  return folder;
}

/** As the server's file realm keeps passwords. */
function hashed(password) {
  const salt = randomBytes(32);
  return `{PBKDF2}10000$${salt.toString('base64')}$${pbkdf2Sync(password, salt, 10_000, 32, 'sha512').toString('base64')}`;
}

const alive = (pid) => { try { process.kill(pid, 0); return true; } catch (error) { return error.code === 'EPERM'; } };
const answer = (text) => { writeFileSync(`${answerFile}.new`, JSON.stringify(text)); renameSync(`${answerFile}.new`, answerFile); };
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** What must not outlive the run. */
const mine = { group: undefined, folder: undefined };
function end() {
  if (mine.group !== undefined) try { process.kill(-mine.group, 'SIGKILL'); } catch { /* it is gone */ }
  for (const path of [mine.folder, answerFile, `${answerFile}.new`, `${answerFile}.lock`]) if (path !== undefined) rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
process.on('exit', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(0));

async function run() {
  const java = findJava();
  if (java === undefined) return answer({ absent: `no JDK ${JAVA_MIN} or newer was found` });
  let home;
  try { home = unpacked(java); } catch (error) { return answer({ absent: `the Maven client did not bring ${ARTIFACT}: ${String(error.stderr ?? error.message).split('\n')[0]}` }); }
  const ports = [await freePort(), await freePort()], owner = process.getuid?.() === 0 ? NOBODY : undefined, folder = prepare(home, ports, owner), url = `http://127.0.0.1:${ports[0]}`;
  const command = [...(owner === undefined ? [] : ['setpriv', `--reuid=${owner}`, `--regid=${owner}`, '--clear-groups']), ...(process.env.CI ? [] : ['nice', '-n', '10']), join(home, 'bin', 'elasticsearch')];
  const [admin] = security?.users ?? [], first = admin === undefined ? {} : { authorization: `Basic ${Buffer.from(`${admin.name}:${admin.password}`).toString('base64')}` };
  let server, gone = false, again = false;
  const start = () => {
    gone = false;
    const child = server = spawn(command[0], command.slice(1), {
      cwd: folder, detached: true, stdio: 'ignore',
      env: { PATH: process.env.PATH, HOME: folder, ES_JAVA_HOME: java, ES_PATH_CONF: join(folder, 'config'), ES_TMPDIR: join(folder, 'tmp'), ES_JAVA_OPTS: `-Xms${HEAP_MB}m -Xmx${HEAP_MB}m` },
    });
    Object.assign(mine, { group: child.pid, folder });
    for (const event of ['error', 'exit']) child.on(event, () => { if (child === server) gone = true; });
  };
  // A test asks for the node to be killed, as by a power cut, and started again.
  process.on('SIGUSR2', () => { again = true; try { process.kill(-server.pid, 'SIGKILL'); } catch { /* it is gone */ } });
  for (let starts = 1; ; starts++) {
    again = false;
    start();
    for (const until = Date.now() + READY_MS; ; await pause(250)) {
      if (!alive(runPid)) return;
      if (gone || Date.now() > until) {
        const log = join(folder, 'logs'), told = readdirSync(log).filter((name) => name.endsWith('.log')).map((name) => readFileSync(join(log, name), 'utf8').slice(-1500)).join('\n');
        return answer({ absent: `the server did not start: ${told}` });
      }
      try { if ((await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`, { headers: first })).ok) break; } catch { /* not yet */ }
    }
    answer({ url, keeper: process.pid, starts });
    while (alive(runPid) && !gone) await pause(250);
    if (!again) return;
  }
}
await run();
while (alive(runPid)) await pause(500);
process.exit(0);
