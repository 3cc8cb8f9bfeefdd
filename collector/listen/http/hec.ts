// Splunk's HTTP event collector. An event's frame is its object as it came, envelope (time, host, source) and all; `raw` is lines. An
// answer with 200 says that the events are on the disk, so an acknowledgement number, which senders with a channel get and ask for
// again, is true as soon as it was given: numbers begin at the present microsecond, and so those of an earlier run stay true.
//
//   POST /services/collector[/event[/1.0]]   {"time":..., "host":..., "event":...}{...}   -> {"text":"Success","code":0[,"ackId":n]}
//   POST /services/collector/raw[/1.0]       lines
//   POST /services/collector/ack             {"acks":[n, ...]} -> {"acks":{"n":true}}
//   GET  /services/collector/health[/1.0]
import { jsonAnswer, linesOf, said, type Dialect, type HttpRequest, type Outcome, type Refused } from './dialect.js';
import { valuesOf } from './json-values.js';

const BRACE = 123;
/** No number of ours is smaller (1 January 2020); another server's, counted from 0, is never taken for one. */
const LEAST = 1_577_836_800_000_000;

export class Hec implements Dialect {
  private next: number;

  constructor(now: number) { this.next = Math.max(LEAST, Math.floor(now) * 1000); }

  speaks(path: string): boolean { return path === '/services/collector' || path.startsWith('/services/collector/'); }

  handle(request: HttpRequest): Outcome | Refused {
    const { method, path, body } = request, what = /^\/services\/collector(?:\/(event|raw|ack|health))?(?:\/1\.0)?$/.exec(path);
    if (what === null) return { status: 404, message: `expected event, raw, ack or health, got ${path}` };
    if (what[1] === 'health') return said(jsonAnswer(200, { text: 'HEC is healthy', code: 17 }));
    if (method !== 'POST') return { status: 405, message: `expected POST, got ${method}` };
    if (what[1] === 'ack') return this.acknowledged(body);
    const frames = what[1] === 'raw' ? linesOf(body) : valuesOf(body);
    if (frames === undefined || (what[1] !== 'raw' && frames.some((frame) => frame[0] !== BRACE))) return { status: 400, message: 'Invalid data format' };
    if (frames.length === 0) return { status: 400, message: 'No data' };
    return { frames, answer: jsonAnswer(200, { text: 'Success', code: 0, ...(hasChannel(request) ? { ackId: this.next++ } : {}) }) };
  }

  refuse({ status, message }: Refused): ReturnType<Dialect['refuse']> {
    if (status === 401) return jsonAnswer(401, { text: 'Token is required', code: 2 });
    if (status === 403) return jsonAnswer(403, { text: 'Invalid token', code: 4 });
    if (status === 429 || status === 503) return jsonAnswer(503, { text: 'Server is busy', code: 9 }); // senders know 503 here, not 429
    return jsonAnswer(status, { text: message, code: message === 'No data' ? 5 : 6 });
  }

  private acknowledged(body: Buffer): Outcome | Refused {
    const asked = readAcks(body);
    if (asked === undefined) return { status: 400, message: 'Invalid data format' };
    return said(jsonAnswer(200, { acks: Object.fromEntries(asked.map((id) => [String(id), id >= LEAST && id < this.next])) }));
  }
}

const hasChannel = ({ header, query }: HttpRequest): boolean => (header('x-splunk-request-channel') ?? query.get('channel') ?? '') !== '';

function readAcks(body: Buffer): number[] | undefined {
  try {
    const { acks } = JSON.parse(body.toString()) as { acks?: unknown };
    return Array.isArray(acks) && acks.length <= 10_000 && acks.every((id) => Number.isSafeInteger(id)) ? acks as number[] : undefined;
  } catch {
    return undefined;
  }
}
