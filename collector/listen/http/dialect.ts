// What an HTTP sender speaks: a dialect reads its bodies into frames and answers in its words. Pure; sockets, tokens, limits and the
// disk are the business of http-intake.ts, which sends `answer` only when every frame is durable.
export interface HttpRequest {
  readonly method: string;
  /** Without the query, one slash at its end left out. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
  /** What came, decompressed. */
  readonly body: Buffer;
}
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Outcome {
  /** In the order in which they stand in the body. */
  readonly frames: readonly Buffer[];
  readonly answer: Answer;
}
/** Why nothing of a request is taken. */
export interface Refused {
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 429 | 503;
  /** What was expected and what came. */
  readonly message: string;
}
export interface Dialect {
  /** Whether a request is of this dialect; asked in turn. */
  readonly speaks: (path: string, method: string) => boolean;
  readonly handle: (request: HttpRequest) => Outcome | Refused;
  /** The refusal as this dialect's senders read it. */
  readonly refuse: (refused: Refused, request: Omit<HttpRequest, 'body'>) => Answer;
}

export const isRefused = (outcome: Outcome | Refused): outcome is Refused => 'message' in outcome;
export const jsonAnswer = (status: number, value: unknown, headers?: Readonly<Record<string, string>>): Answer => ({ status, type: 'application/json', body: JSON.stringify(value), ...(headers === undefined ? {} : { headers }) });
export const said = (answer: Answer): Outcome => ({ frames: [], answer });

const LF = 10, CR = 13;

/** The lines of a body, without their ends; empty ones are none. */
export function linesOf(body: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const lf = body.indexOf(LF, at), end = lf < 0 ? body.length : lf, last = end > at && body[end - 1] === CR ? end - 1 : end;
    if (last > at) lines.push(body.subarray(at, last));
    at = end + 1;
  }
  return lines;
}
