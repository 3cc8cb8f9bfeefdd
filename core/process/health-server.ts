// What a service that runs apart says about itself over HTTP: `/healthz` to anybody, 200 when it does its work and else 503 with the
// reason; `/metrics` to this machine, and to others only with the token.
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ServiceName = 'collector' | 'detector' | 'console';

export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  /** Why the service does not do its work at present; undefined when it does. */
  readonly problem: () => Promise<string | undefined>;
  readonly metrics: () => Promise<string>;
  readonly token?: string;
}
export interface HealthServer { readonly url: string; stop(): Promise<void> }

export async function startHealthServer({ host, port, problem, metrics, token }: HealthServerOptions): Promise<HealthServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('?')[0], say = (status: number, body: string, type = 'application/json'): void => { response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body); };
    if (request.method !== 'GET' && request.method !== 'HEAD') { say(405, '{"error":"expected GET"}'); return; }
    if (path === '/healthz') {
      const why = await problem();
      say(why === undefined ? 200 : 503, JSON.stringify(why === undefined ? { status: 'ready' } : { status: 'not ready', problem: why }));
    } else if (path === '/metrics') {
      if (isLoopback(request.socket.remoteAddress ?? '') || hasToken(request, token)) say(200, await metrics(), 'text/plain; version=0.0.4; charset=utf-8');
      else say(token === undefined ? 403 : 401, '{"error":"expected the token of health.tokenFile, or a request from this machine"}');
    } else say(404, '{"error":"expected /healthz or /metrics"}');
  };
  const server = createServer({ maxHeaderSize: 8 * 1024, headersTimeout: 5_000, requestTimeout: 5_000 }, (request, response) => { answer(request, response).catch(() => response.destroy()); });
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code === 'EADDRINUSE' ? `health: port ${port} on ${host} is in use by another program. Choose another with HAIDANG_HEALTH_PORT (health.port in haidang.yaml).` : `health: could not listen on ${host}:${port}: ${error.message}`, { cause: error })));
    server.listen(port, host, () => resolve());
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    stop: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}

const isLoopback = (address: string): boolean => /^(?:::ffff:)?127\./.test(address) || address === '::1';
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const hasToken = ({ headers }: IncomingMessage, token: string | undefined): boolean => token !== undefined && token !== '' && timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`));
