// HTTP around the routes: headers, origin, session, rights, body, failures, each in one place and in this order. Handlers see a Call and
// give a Reply; nothing else in the console knows Koa.
import Router from '@koa/router';
import Koa, { type Context, type Middleware } from 'koa';
import { Histogram } from 'prom-client';
import type { Language } from '../api.js';
import { ForbiddenError } from '../../core/errors.js';
import { readJson } from './body.js';
import { COOKIE } from './cookie.js';
import type { Deps } from './deps.js';
import { isUnavailable, problemOf } from './problem.js';
import { RefusedError } from './refused.js';
import { allows, readsLogs, type Asker, type Call, type Reply, type Route } from './route.js';
import { ABSOLUTE_MS } from './sessions.js';
import type { WebFiles } from './web-files.js';

const SAFE = new Set(['GET', 'HEAD']);
const CSP = "default-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export function createApp(deps: Deps, routes: readonly Route[], web: WebFiles): Koa {
  const app = new Koa({ proxy: false });
  app.silent = true;
  app.on('error', (error: Error & { code?: string }) => {
    // A browser that went away is no news.
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') deps.log.error({ err: error }, 'a reply was not sent');
  });
  const router = new Router();
  for (const route of routes) router.register(route.path, [route.method], async (ctx) => answer(ctx, deps, route, ctx.params));
  app.use(measured(deps)).use(guarded(deps)).use(router.routes()).use(static_(web, routes));
  return app;
}

function measured({ metrics }: Deps): Middleware {
  const name = 'haidang_http_request_seconds';
  const seconds = (metrics.getSingleMetric(name) as Histogram | undefined) ?? new Histogram({ name, help: 'Time to answer a request', labelNames: ['method', 'route', 'status'], buckets: [0.005, 0.02, 0.1, 0.5, 2, 10], registers: [metrics] });
  return async (ctx, next) => {
    const start = performance.now();
    try { await next(); } finally { seconds.observe({ method: ctx.method, route: (ctx.state as { route?: string }).route ?? 'other', status: String(ctx.status) }, (performance.now() - start) / 1000); }
  };
}

/** For every reply. */
export const headersFor = (secure: boolean): Record<string, string> => ({
  'Content-Security-Policy': CSP, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'X-Frame-Options': 'DENY', 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store', ...(secure ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
});

/** Headers for every reply, and every failure turned into problem+json. */
function guarded(deps: Deps): Middleware {
  return async (ctx, next) => {
    ctx.set(headersFor(deps.secure));
    try {
      if (!SAFE.has(ctx.method)) checkOrigin(ctx, deps);
      await next();
    } catch (error) {
      const { body, headers, bug } = problemOf(error, (ctx.state as { language?: Language }).language ?? languageOf(ctx));
      if (bug) deps.log.error({ err: error, method: ctx.method, route: (ctx.state as { route?: string }).route }, 'a request failed');
      else if (body.status >= 500) deps.log.warn({ err: error, method: ctx.method }, 'a request was not served');
      ctx.status = body.status;
      ctx.set({ 'Cache-Control': 'no-store', ...headers });
      ctx.body = JSON.stringify(body);
      ctx.type = 'application/problem+json; charset=utf-8';
    }
  };
}

/**
 * What changes something must come from our own pages. Browsers say where a request comes from; a program that says nothing is no
 * browser, and has no cookie it was not given.
 */
function checkOrigin(ctx: Context, { publicUrl }: Deps): void {
  const site = ctx.get('Sec-Fetch-Site'), origin = ctx.get('Origin');
  if (site === 'same-origin' || site === 'none') return;
  // Older browsers, and all on plain HTTP, say the origin only.
  const host = hostOf(origin);
  if (site === '' && (origin === '' || (host !== undefined && (host === ctx.get('Host') || host === hostOf(publicUrl))))) return;
  throw new RefusedError(403, 'cross_origin', `expected a request from this site, got one from ${origin || site}`);
}
const hostOf = (url: string): string | undefined => { try { return new URL(url).host; } catch { return undefined; } };

async function answer(ctx: Context, deps: Deps, route: Route, params: Readonly<Record<string, string>>): Promise<void> {
  const state = ctx.state as { language?: Language; route?: string }, token = ctx.cookies.get(COOKIE);
  state.route = route.path;
  // A HEAD would do all the work, audit entries and open streams included, and throw the answer away.
  if (ctx.method === 'HEAD' && route.path.startsWith('/api/')) throw new RefusedError(405, 'method', `HEAD is not a method of ${route.path}`, { Allow: route.method });
  const call: Call = { deps, params, query: new URLSearchParams(ctx.querystring), body: undefined, language: languageOf(ctx), address: ctx.req.socket.remoteAddress ?? '', headers: ctx.headers, ...(token === undefined ? {} : { token }) };
  let asker: Asker | undefined;
  if (route.roles !== 'anyone') {
    asker = await askerOf(deps, token, route.withoutStore === true);
    state.language = asker.user.language;
    if (!route.roles.includes('signed_in')) {
      if (asker.user.mustChangePassword) throw new RefusedError(403, 'password_change_required', 'expected the one-time password to be changed first');
      if (!allows(route.roles, asker.user)) throw new ForbiddenError(`expected one of the roles ${route.roles.join(', ')}`);
    }
  }
  const body = SAFE.has(ctx.method) || ctx.method === 'DELETE' ? undefined : await readJson(ctx.req);
  const reply = route.roles === 'anyone' ? await route.handle({ ...call, body }) : await route.handle({ ...call, body, language: asker?.user.language ?? call.language, asker: asker as Asker });
  send(ctx, deps, reply);
}

async function askerOf({ sessions, systems }: Deps, token: string | undefined, withoutStore: boolean): Promise<Asker> {
  try {
    const found = token === undefined ? undefined : await sessions.find(token);
    if (found === undefined) throw new RefusedError(401, 'signed_out', 'expected a session that still runs');
    return { ...found, scope: await systems.scopeOf(found.user), readsLogs: readsLogs(found.user) };
  } catch (error) {
    const known = withoutStore && isUnavailable(error) ? sessions.remembered(token ?? '') : undefined;
    if (known === undefined) throw error;
    return { ...known, scope: { tiers: [], hiddenSystems: [] }, readsLogs: readsLogs(known.user) };
  }
}

function send(ctx: Context, { secure }: Deps, { status, body, headers, token }: Reply): void {
  if (token !== undefined) {
    const rest = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
    ctx.append('Set-Cookie', token === null ? `${COOKIE}=; Max-Age=0; ${rest}` : `${COOKIE}=${token}; Max-Age=${ABSOLUTE_MS / 1000}; ${rest}`);
  }
  ctx.status = status ?? (body === undefined ? 204 : 200);
  if (body !== undefined) ctx.body = typeof body === 'object' && !Buffer.isBuffer(body) && !isStream(body) ? JSON.stringify(body) : body;
  if (body !== undefined && headers?.['Content-Type'] === undefined) ctx.type = 'application/json; charset=utf-8';
  if (headers !== undefined) ctx.set(headers);
}
const isStream = (body: unknown): boolean => typeof (body as { pipe?: unknown } | null)?.pipe === 'function';

/** The application's own files, and a plain word for what is not there. */
function static_(web: WebFiles, routes: readonly Route[]): Middleware {
  const known = routes.map(({ method, path }) => ({ method, path: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}$`) }));
  return async (ctx, next) => {
    if (ctx.body !== undefined && ctx.body !== null || (ctx.state as { route?: string }).route !== undefined) return next();
    if (ctx.path.startsWith('/api/') || ctx.path === '/api' || !SAFE.has(ctx.method)) {
      const allowed = ctx.path.startsWith('/api') ? known.filter(({ path }) => path.test(ctx.path)).map(({ method }) => method) : ['GET', 'HEAD'];
      if (allowed.length > 0) throw new RefusedError(405, 'method', `${ctx.method} is not a method of ${ctx.path}`, { Allow: [...new Set(allowed)].join(', ') });
      throw new RefusedError(404, 'no_route', 'expected an address of the API');
    }
    serveFile(ctx, web);
  };
}

export function serveFile(ctx: Context, web: WebFiles): void {
  const file = web.find(ctx.path);
  if (file === undefined) throw new RefusedError(404, 'no_route', 'expected a page or a file of the application');
  ctx.set({ ETag: file.etag, 'Cache-Control': file.cache, Vary: 'Accept-Encoding' });
  ctx.status = 200;
  ctx.type = file.type;
  if (hasTag(ctx.get('If-None-Match'), file.etag)) { ctx.status = 304; return; }
  const gzip = file.gzip !== undefined && ctx.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (gzip) ctx.set('Content-Encoding', 'gzip');
  ctx.body = gzip ? file.gzip : file.bytes;
}

/** RFC 9110 13.1.2: a list of tags, each perhaps weak, or `*`. */
const hasTag = (header: string, etag: string): boolean => header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);

export const languageOf = (ctx: Context): Language => (/^\s*en\b/i.test(ctx.get('Accept-Language')) ? 'en' : 'vi');
