// A console over a real embedded store in a folder of its own, with two systems of tiers 2 and 4, an incident each, and users of
// every kind. For tests only.
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Alert } from '../../core/alert.js';
import { apply, openIncident, type Change, type Incident } from '../../core/incident.js';
import { Policy, withDue } from '../../core/policy.js';
import type { Clock } from '../../core/process/clock.js';
import { hashPassword } from '../../core/process/password.js';
import { loadPolicies } from '../../core/process/policy-file.js';
import type { CatalogRule, RuleCatalog } from '../../core/rule-catalog.js';
import { placeholderStates, PLACEHOLDERS_SETTING, readPlaceholders, type SitePlaceholders } from '../../core/rule-placeholders.js';
import { openStore } from '../../core/store/open.js';
import type { Role, Store, User } from '../../core/store/store.js';
import type { System, Tier } from '../../core/tier.js';
import { startConsole, type ConsoleOptions, type RunningConsole } from '../main.js';
import type { SourceLive } from './deps.js';

export const PASSWORD = 'mật khẩu thử nghiệm';
export class TestClock implements Clock {
  offset = 0;
  now(): number { return Date.now() + this.offset; }
  monotonic(): number { return performance.now() + this.offset; }
}

export class TestCatalog implements RuleCatalog {
  readonly redeployed: string[] = [];
  list: CatalogRule[] = [
    { id: 'rule-a', title: 'Failed logins', titleVi: 'Đăng nhập thất bại', level: 'high', kind: 'correlation', logsource: 'linux / sshd', file: 'linux/ssh.yml', text: 'title: Failed logins\n', tags: ['attack.t1110'], defaultThreshold: 10, state: 'alive', problems: [], description: 'Many failures' },
    { id: 'rule-b', title: 'Web shell', level: 'critical', kind: 'rule', logsource: 'webserver', file: 'web/shell.yml', text: 'title: Web shell\n', tags: [], state: 'alive', problems: [] },
  ];
  rules(): readonly CatalogRule[] { return this.list; }
  problems() { return [{ code: 'sigma.yaml', message: 'expected a mapping, got a list', file: 'bad.yml', line: 3, column: 1 }]; }
  /** As the settings were when the rules were last deployed. */
  site: SitePlaceholders = readPlaceholders(undefined);
  constructor(private readonly settings?: () => Promise<unknown>) {}
  placeholders() { return { version: this.site.version, of: placeholderStates({}, this.site, new Map([['admins', ['rule-b']]])) }; }
  deployed() { return { n: 7 + this.redeployed.length, streams: 2, inForce: 2 }; }
  async redeploy(by: string): Promise<void> { this.redeployed.push(by); this.site = readPlaceholders(await this.settings?.()); }
}

export interface Reply { readonly status: number; readonly body: any; readonly headers: Headers } // eslint-disable-line @typescript-eslint/no-explicit-any
export class Client {
  cookie = '';
  constructor(readonly url: string) {}
  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(`${this.url}${path}`, {
      method, redirect: 'manual', headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...(this.cookie === '' ? {} : { Cookie: this.cookie }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = /event-stream/.test(response.headers.get('content-type') ?? '') ? '' : await response.text();
    const set = response.headers.getSetCookie()[0];
    if (set !== undefined) this.cookie = set.split(';')[0] ?? '';
    if (text === '') await response.body?.cancel().catch(() => undefined);
    return { status: response.status, headers: response.headers, body: /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : text };
  }
  get(path: string): Promise<Reply> { return this.call('GET', path); }
  signIn(username: string, password = PASSWORD): Promise<Reply> { return this.call('POST', '/api/session', { username, password }); }
}

export interface TestConsole {
  readonly store: Store;
  readonly url: string;
  readonly clock: TestClock;
  readonly catalog: TestCatalog;
  readonly folder: string;
  readonly printed: string[];
  live: SourceLive[];
  as(username: string): Promise<Client>;
  anonymous(): Client;
  stop(): Promise<void>;
}

export const system = (id: string, tier: Tier, part: Partial<System> = {}): Omit<System, 'version'> => ({ id, tier, name: `Hệ thống ${id}`, nameEn: `System ${id}`, unit: 'UBND', match: [{ address: '192.0.2.0/24' }], ...part });

export async function addUser(store: Store, id: string, roles: readonly Role[], tiers: readonly number[], part: Partial<User> = {}): Promise<User> {
  return store.users.put({ id, name: id, roles, tiers, passwordHash: await HASH, mustChangePassword: false, disabled: false, readsLogs: false, language: 'en', created: 0, ...part }, 0);
}
const HASH = hashPassword(PASSWORD), POLICY = new Policy(loadPolicies(), Date.now());

let serial = 0;
/** An incident with one alert whose frame says `SECRET-LINE`, committed as the detector does. */
export async function addIncident(store: Store, part: { tier: number; system: string; created?: number; rule?: string; ip?: string; severity?: Incident['severity']; number?: string; changes?: readonly Change[] }): Promise<Incident> {
  const n = ++serial, created = part.created ?? Date.now() - 60_000, rule = part.rule ?? 'rule-a', ip = part.ip ?? '203.0.113.7', severity = part.severity ?? 'high';
  const alert: Alert = {
    id: `alert-${n}`, rule: { uid: rule, version: 'v', title: 'Failed logins', level: 'high' }, severity, tier: part.tier, system: part.system, time: created, received: created, created, firstSeen: created, lastSeen: created,
    group: { 'source.ip': ip }, entities: [{ kind: 'ip', value: ip }], incident: `incident-${n}`, eventCount: 1, eventIds: [`event-${n}`],
    events: [{ id: `event-${n}`, rule, time: created, received: created, system: part.system, original: `SECRET-LINE of ${ip}`, atoms: [{ question: 'x', field: 'message', value: 'SECRET-LINE', start: 0, end: 11 }], fields: { 'source.ip': ip } }],
  };
  const opened = openIncident({ id: `incident-${n}`, number: part.number ?? `SC-2026-${String(n).padStart(4, '0')}`, key: `key-${n}`, family: 'ssh', title: `Failed logins from ${ip}`, tier: part.tier, system: part.system, created });
  let incident = apply(opened, { kind: 'alerted', summary: { alert: alert.id, rule: { id: rule, title: 'Failed logins' }, severity, firstSeen: created, lastSeen: created, received: created, entities: alert.entities, count: 1 } }, created, 'detector', `entry-${n}`);
  (part.changes ?? []).forEach((change, i) => { incident = apply(incident, change, created + (i + 1) * 10 * 60_000, 'lan', `entry-${n}-${i}`); });
  await store.commit({ runs: [], alerts: [{ kind: 'whole', alert }], incidents: [{ incident: withDue(incident, POLICY), seen: 0 }], notices: [] });
  return incident;
}

/** Events of one system as the pipeline commits them; returns their ids. */
export async function addEvents(store: Store, part: { tier: number; system: string; lines: readonly string[]; time?: number; fields?: Record<string, string> }): Promise<readonly string[]> {
  const stream = { collector: randomUUID(), epoch: 1, tier: part.tier }, time = part.time ?? Date.now() - 5000, name = `${stream.collector}.1.${part.tier}`;
  const events = part.lines.map((line, i) => ({
    '@timestamp': new Date(time + i).toISOString(), 'event.id': `${name}.${i + 1}.${String(i).padStart(16, '0')}`, 'event.created': new Date(time + i).toISOString(), 'event.original': line, message: line, 'event.dataset': 'test',
    'haidang.system': part.system, 'haidang.tier': part.tier, 'haidang.collector': stream.collector, 'haidang.epoch': 1, 'haidang.seq': i + 1, 'log.source.address': '192.0.2.9', ...part.fields,
  }));
  await store.commit({
    runs: [{
      stream, from: 1, to: events.length, receivedFrom: time, receivedTo: time + events.length, ruleSet: 7, count: events.length, events: Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join('')), hits: new Uint8Array(), xor: '0000000000000000',
      sources: [{ system: part.system, sender: '192.0.2.9', tier: part.tier, count: events.length, lost: 0, unparsed: 0, lastReceived: time }],
      account: { numbers: [], minutes: [{ minute: Math.floor(time / 60_000) * 60_000, system: part.system, sender: '192.0.2.9', tier: part.tier, received: events.length, parsed: events.length, unparsed: 0, stored: events.length, evaluated: events.length, own: 0, losses: [] }] },
    }], alerts: [], incidents: [], notices: [],
  });
  return events.map((event) => event['event.id']);
}

export async function openConsole(options: Partial<ConsoleOptions> = {}, seed = true): Promise<TestConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-console-')), webFolder = join(folder, 'web');
  mkdirSync(join(webFolder, 'assets'), { recursive: true });
  writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>Hải Đăng</title>');
  writeFileSync(join(webFolder, 'assets', 'app-0123abcd.js'), 'export {};\n'.repeat(200));
  const store = await openStore({ folder: join(folder, 'data') }), clock = new TestClock(), catalog = new TestCatalog(() => store.settings.get(PLACEHOLDERS_SETTING)), printed: string[] = [];
  if (seed) {
    await store.systems.put(system('WEB', 2), 0);
    await store.systems.put(system('DVC', 4), 0);
    await addUser(store, 'analyst', ['analyst'], [1, 2, 3]);
    await addUser(store, 'analyst4', ['analyst'], [1, 2, 3, 4, 5]);
    await addUser(store, 'manager', ['manager'], [1, 2, 3]);
    await addUser(store, 'admin', ['admin'], [1, 2, 3]);
    await addUser(store, 'root', ['admin'], [1, 2, 3, 4, 5], { readsLogs: true });
    await addUser(store, 'boss', ['manager'], [1, 2, 3, 4, 5]);
    await addUser(store, 'new', ['analyst'], [1, 2, 3], { mustChangePassword: true });
  }
  const state: { live: SourceLive[] } = { live: [] };
  let running: RunningConsole;
  try {
    running = await startConsole({
      store, host: '127.0.0.1', port: 0, webFolder, sources: async () => state.live, ruleSets: catalog, log: pino({ level: process.env['HAIDANG_TEST_LOG'] ?? 'silent' }), clock, print: (line) => { printed.push(line); }, version: '0.1.0', ...options,
    });
  } catch (error) {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    store, url: running.url, clock, catalog, folder, printed,
    get live() { return state.live; }, set live(live) { state.live = live; },
    async as(username) {
      const client = new Client(running.url), { status, body } = await client.signIn(username);
      if (status !== 200) throw new Error(`sign-in of ${username}: ${status} ${JSON.stringify(body)}`);
      return client;
    },
    anonymous: () => new Client(running.url),
    async stop() {
      await running.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
