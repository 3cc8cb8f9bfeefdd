// The failures that mean something to a caller; the console turns each into one HTTP status, in one place.

/** There is no such thing, or the asker may not know that there is. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/** Somebody else changed it first: read again, then decide again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** What was sent cannot be done as it stands; `field` names the part that is wrong. */
export class InvalidError extends Error {
  override readonly name = 'InvalidError';
  constructor(message: string, readonly field?: string) {
    super(message);
  }
}

/** The asker is known and may not do this. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
}
