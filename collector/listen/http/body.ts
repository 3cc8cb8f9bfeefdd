// Reads a request's body, decompressed, into memory that is counted: no body is longer than the limit, whatever it unpacks to, one
// source has no more than its part of what all may have, and who is slow is cut off.
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { Refused } from './dialect.js';

/** Bytes of bodies in memory, of all requests and of each source. */
export class BodyBudget {
  private bytes = 0;
  private readonly perSource = new Map<string, number>();

  constructor(private readonly bytesMax: number, private readonly perSourceMax: number) {}

  /** False when there is no room. */
  take(source: string, bytes: number): boolean {
    const ofSource = (this.perSource.get(source) ?? 0) + bytes;
    if (this.bytes + bytes > this.bytesMax || ofSource > this.perSourceMax) return false;
    this.bytes += bytes;
    this.perSource.set(source, ofSource);
    return true;
  }

  give(source: string, bytes: number): void {
    this.bytes -= bytes;
    const left = (this.perSource.get(source) ?? 0) - bytes;
    if (left > 0) this.perSource.set(source, left); else this.perSource.delete(source);
  }
}

export interface BodyLimits {
  readonly bodyBytesMax: number;
  /** From the request's head to the end of its body. */
  readonly bodyMs: number;
}
export interface ReadBody { readonly body: Buffer; readonly release: () => void }

/** The body and what gives its memory back, or why it is not taken. Throws when the sender went away. */
export function readBody(request: IncomingMessage, source: string, budget: BodyBudget, { bodyBytesMax, bodyMs }: BodyLimits): Promise<ReadBody | Refused> {
  const tooLong: Refused = { status: 413, message: `expected at most ${bodyBytesMax} bytes, decompressed` };
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase(), stream = decompress(request, encoding);
  if (stream === undefined) return Promise.resolve({ status: 415, message: `expected Content-Encoding gzip, deflate, br or none, got ${encoding}` });
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) return Promise.resolve(tooLong);
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const end = (): void => {
      clearTimeout(timer);
      stream.off('data', take).off('end', whole).off('error', failed);
      request.off('close', gone).unpipe();
      if (stream === request) { request.pause(); return; }
      stream.on('error', () => undefined).destroy();
    };
    const refuse = (refused: Refused): void => { end(); budget.give(source, bytes); resolve(refused); };
    const leave = (cause: Error): void => { end(); budget.give(source, bytes); reject(cause); };
    const take = (part: Buffer): void => {
      if (bytes + part.length > bodyBytesMax) { refuse(tooLong); return; }
      if (!budget.take(source, part.length)) { refuse({ status: 429, message: 'expected fewer or shorter bodies at once' }); return; }
      bytes += part.length;
      parts.push(part);
    };
    const whole = (): void => {
      end();
      resolve({ body: parts.length === 1 ? parts[0] as Buffer : Buffer.concat(parts), release: () => { budget.give(source, bytes); bytes = 0; } });
    };
    const failed = (cause: Error): void => {
      if (stream === request) leave(cause); else refuse({ status: 400, message: `the ${encoding} body cannot be decompressed: ${cause.message}` });
    };
    const gone = (): void => { if (!request.complete) leave(new Error('the sender went away')); };
    const timer = setTimeout(() => { refuse({ status: 408, message: `expected the whole body within ${bodyMs} ms` }); }, bodyMs);
    stream.on('data', take).on('end', whole).on('error', failed);
    request.on('close', gone);
  });
}

function decompress(request: IncomingMessage, encoding: string): Readable | undefined {
  switch (encoding) {
    case 'identity': return request;
    case 'gzip': case 'x-gzip': case 'deflate': return request.pipe(createUnzip());
    case 'snappy': return /^\/(?:loki\/api\/v1|api\/prom)\/push(?:[?/]|$)/.test(request.url ?? '') ? request : undefined; // of a push it is the body's own form (loki.ts)
    case 'br': return request.pipe(createBrotliDecompress());
    default: return undefined;
  }
}
