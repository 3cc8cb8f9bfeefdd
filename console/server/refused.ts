// Refusals that only HTTP knows: everything else is one of core/errors.ts. problem.ts turns both into replies.

export type RefusalCode =
  | 'signed_out' | 'session.wrong' | 'session.limited' | 'password_change_required' | 'cross_origin' | 'media_type' | 'body_too_large' | 'body_unreadable' | 'not_ready' | 'streams_limited' | 'no_route' | 'method';

export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(readonly status: number, readonly code: RefusalCode, message: string, readonly headers: Readonly<Record<string, string>> = {}) {
    super(message);
  }
}
