// The failures that mean something to a caller; the console turns each into one HTTP status, in one place.

/** Values of a failure as words in any language need them; the failure's code says which sentence they belong to. */
export type Params = Readonly<Record<string, string | number>>;

/** There is no such thing, or the asker may not know that there is. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/** Somebody else changed it first: read again, then decide again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  constructor(message: string, readonly code = 'conflict', readonly params: Params = {}) {
    super(message);
  }
}

/** What was sent cannot be done as it stands; `field` names the part that is wrong, `code` the sentence that says so in other languages. */
export class InvalidError extends Error {
  override readonly name = 'InvalidError';
  constructor(message: string, readonly field?: string, readonly code = 'invalid', readonly params: Params = {}) {
    super(message);
  }
}

/** The asker is known and may not do this. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
  constructor(message: string, readonly code = 'forbidden', readonly params: Params = {}) {
    super(message);
  }
}
