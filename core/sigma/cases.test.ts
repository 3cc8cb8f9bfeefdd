// The hand-written cases and the whole public corpus, in this process (the check runs the same through the command line).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../process/built.js';
import { isError, printProblem } from '../problem.js';
import { compileRules, type RuleSource } from './compile-rules.js';
import { Evaluation } from './evaluate.js';
import { eventFromObject } from './events.js';
import type { Placeholders } from './modifiers.js';

const shared = join(projectRoot, '..', 'shared', 'sigma');
const isThere = existsSync(shared);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface EdgeCase { readonly name: string; readonly rule: string; readonly error?: boolean; readonly placeholders?: Placeholders; readonly events?: readonly { readonly event: Record<string, unknown>; readonly match: boolean }[] }
interface CorrelationCase { readonly name: string; readonly rule: string; readonly error?: boolean; readonly events: readonly { readonly t: number; readonly event: Record<string, unknown> }[]; readonly alerts: readonly { readonly title: string; readonly at: number; readonly group?: Record<string, unknown> }[] }

if (!isThere) {
  test('cases of ../shared/sigma', () => {
    expect(process.env['CI']).toBeUndefined();
    process.stdout.write('not run: Sigma cases and corpus (../shared is absent)\n');
  });
} else {
  const load = <C>(name: string): C[] => JSON.parse(readFileSync(join(shared, name), 'utf8')) as C[];
  const refused = (rule: string): boolean => compileRules([{ file: 'r.yml', text: rule }], { sha256 }).problems.some(isError);

  test.each(load<EdgeCase>('edge-cases-sample.json').map((one) => [one.name, one] as const))('edge: %s', (_, { rule, error, placeholders = {}, events = [] }) => {
    if (error === true) { expect(refused(rule)).toBe(true); return; }
    const set = compileRules([{ file: 'r.yml', text: rule }], { sha256, placeholders });
    expect(set.problems.filter(isError)).toEqual([]);
    const evaluation = new Evaluation(set, { anyLogsource: true });
    expect(events.map(({ event }, i) => evaluation.take(i + 1, eventFromObject(event)).length > 0)).toEqual(events.map(({ match }) => match));
  });

  test.each(load<CorrelationCase>('correlation-cases-sample.json').map((one) => [one.name, one] as const))('correlation: %s', (_, { rule, error, events, alerts }) => {
    if (error === true) { expect(refused(rule)).toBe(true); return; }
    const evaluation = new Evaluation(compileRules([{ file: 'r.yml', text: rule }], { sha256 }), { anyLogsource: true });
    const key = (title: string, group: Record<string, unknown> = {}): string => JSON.stringify([title, Object.entries(group).map(([name, value]) => [name, String(value)]).sort()]);
    const first = new Map<string, number>();
    const note = (name: string, at: number): void => { if (!first.has(name)) first.set(name, at); };
    events.forEach(({ t, event }, i) => { for (const { rule: { title } } of evaluation.take(i + 1, eventFromObject({ '@timestamp': new Date(Date.UTC(2026, 0, 1) + t * 1000).toISOString(), ...event }))) note(key(title), i); });
    for (const { rule: { title }, group, line } of evaluation.finish()) note(key(title, group), line - 1);
    expect(Object.fromEntries(first)).toEqual(Object.fromEntries(alerts.map(({ title, group, at }) => [key(title, group), at])));
  });

  test('every rule of the public corpus loads; those without placeholder values say which', () => {
    const folder = mkdtempSync(join(tmpdir(), 'haidang-corpus-'));
    try {
      execFileSync('tar', ['xzf', join(shared, 'sigmahq-rules.tar.gz'), '-C', folder]);
      const sources: RuleSource[] = [];
      const walk = (path: string): void => {
        for (const name of readdirSync(path)) {
          const inner = join(path, name);
          if (statSync(inner).isDirectory()) walk(inner); else if (name.endsWith('.yml')) sources.push({ file: inner, text: readFileSync(inner, 'utf8') });
        }
      };
      walk(folder);
      const set = compileRules(sources, { sha256 });
      expect(set.problems.filter(isError).map(printProblem)).toEqual([]);
      expect(set.rules).toHaveLength(3780);
      expect(set.rules.filter(({ state, reason }) => state === 'placeholder_unset' && (reason ?? '').includes('%'))).toHaveLength(25);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
