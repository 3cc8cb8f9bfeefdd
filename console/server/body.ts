// Reading what was sent: size first, then bytes, then depth, then JSON, then shape. Nothing walks a body before its depth is known, and
// names that reach into prototypes are refused wherever they stand.
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { InvalidBodyError } from './problem.js';
import { RefusedError } from './refused.js';
import type { Told } from './words/problem-words.js';

const BODY_BYTES_MAX = 256 * 1024, DEPTH_MAX = 32;
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > BODY_BYTES_MAX) throw tooLarge();
  if (type !== 'application/json') throw new RefusedError(415, 'media_type', `expected Content-Type application/json, got ${JSON.stringify(type ?? '')}`);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  return parseJson(Buffer.concat(chunks));
}
const tooLarge = (): RefusedError => new RefusedError(413, 'body_too_large', `expected a body of at most ${BODY_BYTES_MAX} bytes`, { Connection: 'close' });
const unreadable = (message: string): RefusedError => new RefusedError(400, 'body_unreadable', message);

export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try { text = new TextDecoder('utf-8', { fatal: true }).decode(bytes); } catch { throw unreadable('expected UTF-8, got other bytes'); }
  if (depthOf(text) > DEPTH_MAX) throw unreadable(`expected JSON at most ${DEPTH_MAX} levels deep`);
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (FORBIDDEN_NAMES.has(key)) throw new RangeError(key);
      return value;
    }) as unknown;
  } catch (error) {
    throw unreadable(error instanceof RangeError ? `expected no member named ${error.message}` : `expected JSON, got something else: ${(error as Error).message}`);
  }
}

/** How deep brackets nest, strings left out; the text need not be JSON. */
function depthOf(text: string): number {
  let depth = 0, deepest = 0, inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (inString) {
      if (char === 0x5c) i++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x5b || char === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (char === 0x5d || char === 0x7d) depth--;
  }
  return deepest;
}

/** The body in its expected shape, or everything that is wrong with it. */
export function parseBody<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InvalidBodyError(parsed.error.issues.map(tell));
}

/** An issue of a shape as a problem: its code, and the values that a sentence in another language needs. */
function tell(issue: z.core.$ZodIssue): Told {
  const { code, message, path } = issue, own = code === 'custom' ? issue.params?.['code'] as string | undefined : undefined;
  const params = Object.fromEntries(['expected', 'origin', 'minimum', 'maximum', 'values', 'keys'].flatMap((name) => {
    const value = (issue as unknown as Readonly<Record<string, unknown>>)[name];
    return value === undefined ? [] : [[name, typeof value === 'number' ? value : Array.isArray(value) ? value.join(', ') : String(value)]];
  }));
  return { code: own ?? code, message: message.replace(/^Invalid input: /, ''), params, ...(path.length === 0 ? {} : { field: path.join('.') }) };
}
