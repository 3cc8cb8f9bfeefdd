// One node of a real Elasticsearch for tests. The minimal distribution comes from Maven Central through the Maven client, is unpacked once
// per machine, and runs with a small heap on free ports of the loopback, never as root. What a node writes lies in a folder of its own,
// which goes with it.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VERSION = '9.4.3', ARTIFACT = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${VERSION}:zip`;
const JAVA_MIN = 21, NOBODY = 65534;

/** Where the program and a JDK for it are; throws an Error that says why there is none. */
export function findProgram() {
  const java = findJava();
  if (java === undefined) throw new Error(`no JDK ${JAVA_MIN} or newer was found`);
  try { return { java, home: unpacked(java) }; } catch (error) { throw new Error(`the Maven client did not bring ${ARTIFACT}: ${String(error.stderr ?? error.message).split('\n')[0]}`, { cause: error }); }
}

/** A JDK that is new enough, by the environment or where systems keep them. */
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

export const freePort = () => new Promise((resolve, reject) => {
  const server = createServer();
  server.once('error', reject).listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

/** Memory where there is enough of it: a test server syncs its disk for every request, and nobody cuts its power. */
function scratch() {
  try { const { bavail, bsize } = statfsSync('/dev/shm'); return bavail * bsize > 4e9 ? '/dev/shm' : tmpdir(); } catch { return tmpdir(); }
}

/** As the server's file realm keeps passwords. */
function hashed(password) {
  const salt = randomBytes(32);
  return `{PBKDF2}10000$${salt.toString('base64')}$${pbkdf2Sync(password, salt, 10_000, 32, 'sha512').toString('base64')}`;
}

export class Node {
  /**
   * `security`: {roles, users: [{name, password, roles}]}, switched on with these in the file realm; the first is a superuser. `asServed`: with
   * the compiler, the collector and the way to its files that a server has, and no less processor time than others, so that it can be measured.
   */
  constructor({ java, home }, { ports: [http, transport], settings = {}, security, heapMb = 512, asServed = false }) {
    Object.assign(this, { java, home, heapMb, asServed, url: `http://127.0.0.1:${http}`, owner: process.getuid?.() === 0 ? NOBODY : undefined, child: undefined, gone: true });
    const folder = this.folder = mkdtempSync(join(scratch(), 'haidang-elasticsearch-run-')), config = join(folder, 'config');
    mkdirSync(config);
    for (const name of ['log4j2.properties', 'roles.yml', 'role_mapping.yml', 'users', 'users_roles']) cpSync(join(home, 'config', name), join(config, name), { recursive: true });
    writeFileSync(join(config, 'elasticsearch.yml'), Object.entries({
      'network.host': '127.0.0.1', 'http.port': http, 'transport.port': transport, 'xpack.security.enabled': security !== undefined, 'action.auto_create_index': false,
      'path.data': join(folder, 'data'), 'path.logs': join(folder, 'logs'), 'path.repo': join(folder, 'snapshots'), 'cluster.routing.allocation.disk.threshold_enabled': false, 'cluster.max_shards_per_node': 5000,
      ...(security === undefined ? {} : { 'xpack.security.authc.password_hashing.algorithm': 'pbkdf2', 'xpack.security.transport.ssl.enabled': false, 'xpack.security.http.ssl.enabled': false }),
      // The small collector leaves what is free already to be counted as used.
      'indices.breaker.total.use_real_memory': false, 'node.store.allow_mmap': asServed, ...settings,
    }).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`).join(''));
    if (security !== undefined) {
      writeFileSync(join(config, 'roles.yml'), security.roles);
      writeFileSync(join(config, 'users'), security.users.map(({ name, password }) => `${name}:${hashed(password)}\n`).join(''));
      const held = new Map();
      for (const { name, roles } of security.users) for (const role of roles) held.set(role, [...held.get(role) ?? [], name]);
      writeFileSync(join(config, 'users_roles'), [...held].map(([role, names]) => `${role}:${names.join(',')}\n`).join(''));
    }
    // A server that lives for minutes: the quick compiler and the small collector start and serve sooner.
    const options = readFileSync(join(home, 'config', 'jvm.options'), 'utf8').replace(/^-Xlog:gc.*$/m, '');
    writeFileSync(join(config, 'jvm.options'), asServed ? options : options.replace(/^-XX:\+UseG1GC$/m, '-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1'));
    for (const name of ['data', 'logs', 'snapshots', 'tmp']) mkdirSync(join(folder, name));
    if (this.owner !== undefined) for (const path of [folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, name))]) chownSync(path, this.owner, this.owner);
  }

  start() {
    const { folder, owner, java, heapMb } = this;
    const command = [...(owner === undefined ? [] : ['setpriv', `--reuid=${owner}`, `--regid=${owner}`, '--clear-groups']), ...(process.env.CI || this.asServed ? [] : ['nice', '-n', '10']), join(this.home, 'bin', 'elasticsearch')];
    this.gone = false;
    const child = this.child = spawn(command[0], command.slice(1), {
      cwd: folder, detached: true, stdio: 'ignore',
      env: { PATH: process.env.PATH, HOME: folder, ES_JAVA_HOME: java, ES_PATH_CONF: join(folder, 'config'), ES_TMPDIR: join(folder, 'tmp'), ES_JAVA_OPTS: `-Xms${heapMb}m -Xmx${heapMb}m` },
    });
    this.ended = new Promise((resolve) => { for (const event of ['error', 'exit']) child.on(event, () => { if (child === this.child) this.gone = true; resolve(); }); });
  }

  /** As by a power cut. */
  kill() { if (this.child !== undefined) try { process.kill(-this.child.pid, 'SIGKILL'); } catch { /* it is gone */ } }

  /** Nothing of it stays. */
  end() {
    this.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  /** The last lines of what it logged. */
  told() {
    const logs = join(this.folder, 'logs');
    return readdirSync(logs).filter((name) => name.endsWith('.log')).map((name) => readFileSync(join(logs, name), 'utf8').slice(-1500)).join('\n');
  }
}
