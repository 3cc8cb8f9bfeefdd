// A table to look names up in that come from a log: it holds what it was given and nothing that objects inherit (`constructor`, `toString`).
export type Lookup<T> = Readonly<Record<string, T | undefined>>;

export const lookup = <T>(entries: Readonly<Record<string, T>>): Lookup<T> => Object.assign(Object.create(null) as Record<string, T>, entries);
