// The only place that talks to the server: JSON in and out, problem+json as `ApiError`, 401 leads to sign-in.
import type { ApiProblem } from '../api.js';
import { words } from './controllers/locale.js';
import { learnServerTime } from './controllers/now.js';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(readonly status: number, readonly problem: ApiProblem | undefined, message: string, readonly retryAfter?: number) { super(message); }

  static from(error: unknown): ApiError {
    if (error instanceof ApiError) return error;
    return new ApiError(0, undefined, error instanceof Error ? error.message : String(error));
  }
}

/** What went wrong, in the reader's language: the problems the server named, else what kind of failure it was. `detail` is for programs. */
export function said(error: ApiError): string {
  const named = error.problem?.problems?.map(({ message }) => message) ?? [];
  return named.length > 0 ? named.join('. ') : error.status === 0 ? words().error.network : error.message;
}

type Query = Readonly<Record<string, string | number | null | undefined>>;
interface Options { readonly query?: Query; readonly signal?: AbortSignal; readonly quiet401?: boolean }

let onSignedOut: () => void = () => undefined;
/** What happens when the session has ended; set once, by the root. */
export function whenSignedOut(act: () => void): void { onSignedOut = act; }

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> => send<T>('GET', path, undefined, { query, signal });
export const post = <T>(path: string, body: unknown, options?: Options): Promise<T> => send<T>('POST', path, body, options);
export const patch = <T>(path: string, body: unknown): Promise<T> => send<T>('PATCH', path, body);
export const put = <T>(path: string, body: unknown): Promise<T> => send<T>('PUT', path, body);
export const remove = (path: string): Promise<void> => send<void>('DELETE', path, undefined);

export async function send<T>(method: string, path: string, body: unknown, { query, signal, quiet401 = false }: Options = {}): Promise<T> {
  const text = new URLSearchParams(Object.entries(query ?? {}).flatMap(([name, value]) => (value === null || value === undefined || value === '' ? [] : [[name, String(value)]]))).toString();
  const response = await fetch(text === '' ? path : `${path}?${text}`, {
    method, signal, credentials: 'same-origin',
    headers: method === 'GET' ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  learnServerTime(response.headers.get('date'));
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  if (response.status === 401 && !quiet401) onSignedOut();
  const problem = await readProblem(response);
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  throw new ApiError(response.status, problem, problem?.title ?? `${response.status} ${response.statusText}`, Number.isNaN(retryAfter) ? undefined : retryAfter);
}

async function readProblem(response: Response): Promise<ApiProblem | undefined> {
  if (!/json/.test(response.headers.get('content-type') ?? '')) return undefined;
  try {
    const problem = await response.json() as Partial<ApiProblem> | null;
    return typeof problem?.title === 'string' ? { ...problem, type: problem.type ?? 'about:blank', title: problem.title, status: response.status } : undefined;
  } catch {
    return undefined;
  }
}
