// A small server on the loopback between a store and a real Elasticsearch, which does to requests and answers what a real server and a
// real network do only now and then.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen { readonly method: string; readonly path: string; readonly body: string }
export type Fault =
  /** Answered at once, not passed on. */
  | { readonly kind: 'refuse'; readonly status: number }
  /** Neither passed on nor answered. */
  | { readonly kind: 'silence' }
  /** The connection is cut and nothing was passed on. */
  | { readonly kind: 'cut' }
  /** Passed on; the connection is cut in place of the answer. */
  | { readonly kind: 'lose' }
  /** The connection is cut now; passed on when `release` is called. */
  | { readonly kind: 'hold' }
  /** Passed on with another body, and answered with another one. */
  | { readonly kind: 'change'; readonly request?: (body: string) => string; readonly answer?: (body: string) => string };

export class Proxy {
  /** What to do to a request; undefined: nothing. */
  fault: (seen: Seen) => Fault | undefined = () => undefined;
  private readonly held: (() => Promise<unknown>)[] = [];
  private server: Server | undefined;
  url = '';

  constructor(private readonly target: string) {}

  async open(): Promise<this> {
    this.server = createServer((request, response) => { this.serve(request, response).catch(() => response.destroy()); });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  /** What was held back arrives now. Returns the statuses of the answers that nobody waits for. */
  async release(): Promise<readonly unknown[]> {
    return Promise.all(this.held.splice(0).map((send) => send()));
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => { this.server?.close(() => resolve()); });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8'), { method = 'GET', url: path = '/' } = request, fault = this.fault({ method, path, body });
    const send = (text: string): Promise<Response> => fetch(`${this.target}${path}`, { method, headers: { 'content-type': request.headers['content-type'] ?? 'application/json', accept: request.headers.accept ?? '*/*' }, ...(text === '' ? {} : { body: text }) });
    switch (fault?.kind) {
      case 'refuse': response.writeHead(fault.status, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }).end(JSON.stringify({ error: { reason: `refused by the test with ${fault.status}` } })); return;
      case 'silence': return;
      case 'cut': response.destroy(); return;
      case 'lose': await (await send(body)).text(); response.destroy(); return;
      case 'hold': this.held.push(async () => { const answer = await send(body); await answer.text(); return answer.status; }); response.destroy(); return;
      case 'change': case undefined: {
        const answer = await send(fault?.request?.(body) ?? body), text = await answer.text();
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json', 'x-elastic-product': 'Elasticsearch' }).end(fault?.answer?.(text) ?? text);
      }
    }
  }
}
