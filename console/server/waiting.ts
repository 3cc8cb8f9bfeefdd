// A console that starts while its store is away: it serves its pages, which say so, and refuses everything else until the store is
// there. The console itself then takes the port.
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import Koa from 'koa';
import { systemClock } from '../../core/process/clock.js';
import { headersFor, languageOf, serveFile } from './app.js';
import { problemOf } from './problem.js';
import { WebFiles } from './web-files.js';

export interface WaitingOptions { readonly host: string; readonly port: number; readonly webFolder: string; readonly tls?: { readonly certificate: string; readonly key: string } }

export async function startWaiting({ host, port, webFolder, tls }: WaitingOptions): Promise<{ stop(): Promise<void> }> {
  const app = new Koa({ proxy: false }), web = new WebFiles(webFolder, () => systemClock.monotonic());
  app.silent = true;
  app.use((ctx) => {
    ctx.set(headersFor(tls !== undefined));
    if (ctx.path === '/healthz') { ctx.status = 503; ctx.body = { status: 'unavailable' }; return; }
    try {
      if (ctx.path.startsWith('/api') || ctx.path === '/metrics' || !['GET', 'HEAD'].includes(ctx.method)) throw Object.assign(new Error('the store does not answer'), { name: 'StoreUnavailableError' });
      serveFile(ctx, web);
    } catch (error) {
      const { body, headers } = problemOf(error, languageOf(ctx));
      ctx.status = body.status;
      ctx.set(headers);
      ctx.body = JSON.stringify(body);
      ctx.type = 'application/problem+json; charset=utf-8';
    }
  });
  const handle = app.callback(), listener = (request: Parameters<typeof handle>[0], response: Parameters<typeof handle>[1]): void => { void handle(request, response); };
  const server = tls === undefined ? createHttp(listener) : createHttps({ cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' }, listener);
  await new Promise<void>((resolve, reject) => { server.once('error', reject); server.listen(port, host, () => resolve()); });
  return { stop: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }) };
}
