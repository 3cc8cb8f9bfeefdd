// Starts the console: HTTP or HTTPS on one port, with everything its handlers work with. Configuration, store, clock and the other
// services' figures are passed in; the socket is opened here.
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Registry as MetricsRegistry } from 'prom-client';
import { policyOfNow, type PolicyPack } from '../core/policy.js';
import type { Clock } from '../core/process/clock.js';
import type { Control } from '../core/process/control.js';
import type { Log } from '../core/process/log.js';
import { loadPolicies } from '../core/process/policy-file.js';
import type { RuleCatalog } from '../core/rule-catalog.js';
import type { Store } from '../core/store/store.js';
import { Accounts } from './server/accounts.js';
import { createApp } from './server/app.js';
import { Audit } from './server/audit.js';
import { quietOf, Systems, type Deps, type SourceLive } from './server/deps.js';
import { ensureFirstAdmin } from './server/first-admin.js';
import { IncidentIndex } from './server/incident-index.js';
import { LiveNews } from './server/live-news.js';
import { LoginGate } from './server/login.js';
import { RetentionWatch } from './server/retention-watch.js';
import { ROUTES } from './server/routes.js';
import { Sessions } from './server/sessions.js';
import { StatusWatch, type FlowFigures } from './server/status-watch.js';
import { registerUserCommands } from './server/user-commands.js';
import { WebFiles } from './server/web-files.js';

export interface ConsoleOptions {
  readonly store: Store;
  readonly host: string;
  readonly port: number;
  /** The built web application. */
  readonly webFolder: string;
  /** What the collector knows of each sender now, frames under way included. */
  readonly sources: () => Promise<readonly SourceLive[]>;
  /** How far evaluation is, and how collectors stand; without it only the store is looked at. */
  readonly flow?: () => Promise<FlowFigures>;
  readonly ruleSets: RuleCatalog;
  readonly log: Log;
  readonly clock: Clock;
  readonly publicUrl?: string;
  /** PEM text. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly metrics?: MetricsRegistry;
  readonly version?: string;
  /** Without them, those the program ships. */
  readonly policies?: readonly PolicyPack[];
  /** Days kept by tier as the site set them. */
  readonly retentionDays?: Readonly<Partial<Record<number, number>>>;
  readonly adminPasswordFile?: string;
  /** Where the first administrator's one-time password is printed; standard error without it. */
  readonly print?: (line: string) => void;
  /** How long a request may take to arrive: its head, and the whole of it. */
  readonly waits?: { readonly headersMs?: number; readonly requestMs?: number };
  /** Commands of the command line about users come in here. */
  readonly control?: Control;
}
/** `url` is where it listens; people may know it by its public URL. */
export interface RunningConsole { readonly url: string; stop(): Promise<void> }

const HEADERS_MS = 10_000, REQUEST_MS = 30_000, CONNECTIONS_MAX = 1000, HEADER_BYTES_MAX = 16 * 1024, SWEEP_MS = 10 * 60_000;

/** Resolves when requests are answered. A port that is taken is an Error that names it. */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { store, host, port, log, clock, tls } = options;
  const packs = options.policies ?? loadPolicies(), secure = tls !== undefined;
  const sessions = new Sessions(store, clock), audit = new Audit(store, clock), systems = new Systems(store, clock), accounts = new Accounts(store, clock, sessions);
  const policy = policyOfNow(packs, () => clock.now());
  await ensureFirstAdmin(store, accounts, options.adminPasswordFile, options.print ?? ((line) => { process.stderr.write(`${line}\n`); }));

  const deps: { -readonly [K in keyof Deps]: Deps[K] } = {
    store, sources: options.sources, rules: options.ruleSets, policy, quiet: quietOf(store.accounts, clock), retentionDays: () => policy().retentionDays(options.retentionDays), packs, log, clock, metrics: options.metrics ?? new MetricsRegistry(),
    version: options.version ?? '0.0.0', publicUrl: options.publicUrl ?? '', secure, sessions, accounts, audit, gate: new LoginGate(store, audit, clock), systems,
    live: new LiveNews(store, sessions, systems, log), index: new IncidentIndex(store, log), status: new StatusWatch(store, options.flow ?? (async () => ({ intakes: [] })), clock), retention: new RetentionWatch(store, log),
  };
  const handle = createApp(deps, ROUTES, new WebFiles(options.webFolder, () => clock.monotonic())).callback();
  const { headersMs = HEADERS_MS, requestMs = REQUEST_MS } = options.waits ?? {};
  const limits = { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: Math.min(5000, headersMs) };
  const listener = (request: Parameters<typeof handle>[0], response: Parameters<typeof handle>[1]): void => { void handle(request, response); };
  const server: Server = tls === undefined ? createHttp(limits, listener) : createHttps({ ...limits, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' }, listener);
  server.maxConnections = CONNECTIONS_MAX;
  server.on('drop', () => log.warn({ connections: CONNECTIONS_MAX }, 'a connection was refused: too many are open'));

  deps.status.start();
  deps.retention.start();
  const release = async (): Promise<void> => {
    const ended = Promise.all([deps.status.stop(), deps.retention.stop()]);
    deps.live.stop();
    deps.index.stop();
    systems.stop();
    await ended;
  };
  try { await listen(server, host, port); } catch (error) {
    await release();
    throw error;
  }
  const { port: taken } = server.address() as AddressInfo, url = `${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${taken}`;
  deps.publicUrl = (options.publicUrl ?? url).replace(/\/+$/, '');
  if (options.control !== undefined) registerUserCommands(options.control, accounts);
  const sweep = setInterval(() => { sessions.removeExpired().catch((error: unknown) => log.warn({ err: error }, 'expired sessions were not removed')); }, SWEEP_MS);
  sweep.unref();
  return {
    url,
    async stop() {
      clearInterval(sweep);
      const released = release();
      const closed = new Promise<void>((resolve) => { server.close(() => resolve()); });
      server.closeIdleConnections();
      const force = setTimeout(() => server.closeAllConnections(), 5000);
      await closed;
      clearTimeout(force);
      await released;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE', denied = error.code === 'EACCES';
      reject(taken || denied
        ? new Error(`console: port ${port} on ${host} ${taken ? 'is in use by another program' : 'may not be opened by this user'}. Stop that program, or choose another port with HAIDANG_CONSOLE_PORT (console.port in haidang.yaml).`, { cause: error })
        : new Error(`console: could not listen on ${host}:${port}: ${error.message}`, { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}
