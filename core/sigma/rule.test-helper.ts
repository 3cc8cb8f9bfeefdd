// A rule in a few words, asked through both engines: what tests of the language share.
import { hash } from 'node:crypto';
import { isError, printProblem } from '../problem.js';
import { compileRules, type CompileOptions } from './compile-rules.js';
import type { RuleSet } from './compiled.js';
import { eventFromObject } from './events.js';
import { openEngine } from './fast/engine.js';

export const sha256 = (text: string): string => hash('sha256', text, 'hex');
export const compileText = (text: string, options: Partial<CompileOptions> = {}): RuleSet => compileRules([{ file: 'r.yml', text }], { sha256, ...options });
export const HEAD = 'title: t\nlogsource: {category: test_events}\n';

/** `f|contains: x` as the one item of a rule; more lines are more items. */
export const withItems = (items: string): string => `${HEAD}detection:\n  s:\n${items.split('\n').map((line) => `    ${line}\n`).join('')}  condition: s\n`;
/** Selections as `name: …` lines, and a condition. */
export const withSelections = (selections: string, condition: string): string => `${HEAD}detection:\n${selections.split('\n').map((line) => `  ${line}\n`).join('')}  condition: ${condition}\n`;

/** Which events some rule of the text is met by. The two engines must agree. */
export function answers(text: string, events: readonly Readonly<Record<string, unknown>>[], options: Partial<CompileOptions> = {}): boolean[] {
  const set = compileText(text, options), flat = events.map((event) => eventFromObject(event));
  expect(set.problems.filter(isError).map(printProblem)).toEqual([]);
  const [fast, reference] = [false, true].map((isReference) => {
    const engine = openEngine(set, { anyLogsource: true }, { reference: isReference });
    return flat.map((event) => engine.evaluate(event).length > 0);
  }) as [boolean[], boolean[]];
  expect(fast).toEqual(reference);
  return fast;
}

/** Every error, as a person reads it. */
export const errorsOf = (text: string, options: Partial<CompileOptions> = {}): string[] => compileText(text, options).problems.filter(isError).map(printProblem);
export const warningsOf = (text: string, options: Partial<CompileOptions> = {}): string[] => compileText(text, options).problems.filter((problem) => !isError(problem)).map(printProblem);
