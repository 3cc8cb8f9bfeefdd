// How the store's thread is spoken to: a role and a method by name, arguments and answers as plain data, errors with their class.
import { ConflictError, ForbiddenError, InvalidError, NotFoundError, type Params } from '../../errors.js';
import type { Store, StoreNews } from '../store.js';

/** Store roles whose methods are called through; the rest are methods of the store itself. */
export const ROLES = [
  'events', 'alerts', 'incidents', 'ledger', 'cursors', 'sources', 'accounts', 'outbox', 'tunings', 'deployments', 'systems', 'users', 'sessions', 'audit', 'deadLetters', 'settings',
] as const satisfies readonly (keyof Store)[];
export type Role = (typeof ROLES)[number];
export const OWN_METHODS = ['commit', 'health', 'keep', 'removeDemo', 'close'] as const satisfies readonly (keyof Store)[];
export type OwnMethod = (typeof OWN_METHODS)[number];

export interface Request { readonly id: number; readonly role: Role | undefined; readonly method: string; readonly args: readonly unknown[] }
export type Reply =
  | { readonly kind: 'opened' }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number | undefined; readonly error: SentError }
  | { readonly kind: 'news'; readonly news: StoreNews };

export interface SentError { readonly name: string; readonly message: string; readonly stack?: string; readonly field?: string; readonly code?: string; readonly params?: Params; readonly cause?: SentError }

export function sendError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const field = error instanceof InvalidError ? error.field : undefined;
  const said = error instanceof InvalidError || error instanceof ConflictError || error instanceof ForbiddenError ? { code: error.code, params: error.params } : {};
  return { name: error.name, message: error.message, stack: error.stack, field, ...said, cause: error.cause === undefined ? undefined : sendError(error.cause) };
}

export function receiveError({ name, message, stack, field, code, params, cause }: SentError): Error {
  const error = make(name, message, field, code, params);
  if (stack !== undefined) error.stack = stack;
  if (cause !== undefined) error.cause = receiveError(cause);
  return error;
}
function make(name: string, message: string, field: string | undefined, code: string | undefined, params: Params | undefined): Error {
  switch (name) {
    case 'NotFoundError': return new NotFoundError(message);
    case 'ConflictError': return new ConflictError(message, code, params);
    case 'InvalidError': return new InvalidError(message, field, code, params);
    case 'ForbiddenError': return new ForbiddenError(message, code, params);
    default: return new Error(message);
  }
}
