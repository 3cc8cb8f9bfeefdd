// What must be true, or the program has a bug and stops.

/** Stops the program's present work when `condition` is false: a bug, never a user's mistake. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

/** Ends every `switch` over a closed union: a new alternative does not compile until this place has answered it. */
export function assertNever(value: never): never {
  throw new Error(`assertion failed: unexpected ${JSON.stringify(value)}`);
}
