// What is wrong with something a person wrote or a machine sent: where, what was expected, what came.
// One shape everywhere: rules, configuration, queries, requests, log lines.

import type { Params } from './errors.js';

export interface Problem {
  /** Stable word for programs, e.g. `sigma.modifier.unknown`. */
  readonly code: string;
  /** One English sentence for people: what was expected and what came. */
  readonly message: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in UTF-16 units. */
  readonly column?: number;
  readonly expected?: string;
  readonly got?: string;
  /** What `message` was made of besides words, for the same sentence in another language. */
  readonly params?: Params;
  /** A warning is shown and stops nothing; absent = error. */
  readonly severity?: 'error' | 'warning';
}

export const isError = (problem: Problem): boolean => problem.severity !== 'warning';

/** `FILE:LINE:COLUMN: message`, parts left out that are unknown. */
export function printProblem({ file, line, column, message }: Problem): string {
  const place = [file, line, line === undefined ? undefined : (column ?? 1)].filter((part) => part !== undefined).join(':');
  return place === '' ? message : `${place}: ${message}`;
}

/** Thrown by edges that cannot go on without good input (configuration, command line). */
export class ProblemError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(printProblem).join('\n'));
    this.name = 'ProblemError';
  }
}
