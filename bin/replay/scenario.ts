// A scenario file: which lines which system sends, when. Original lines of ours with placeholders for what changes:
//   {{rfc3164}} {{iso}} {{utc}} {{clf}} {{apache}} {{nginx}} {{postgres}} {{date}} {{time}} {{epoch}} {{epochms}} {{epochns}} {{audit}}   the time of sending
//   {{pid}} {{port}} {{serial}}   drawn once for the lines of a step that go together     {{n}} which time the step is played, from 1
//   {{pick:a|b|c}} one of these   {{number:1-254}}   one of the play's own `values`, whose n-th is taken by its n-th run
// Parsing is pure and says file, line and what was expected.
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import type { Millis } from '../../core/event.js';
import type { Problem } from '../../core/problem.js';
import { PRINTERS } from './stamps.js';

const line = z.string().min(1);
const seconds = z.number().nonnegative();
const base = { system: z.string().min(1), title: z.string().min(1).optional(), titleEn: z.string().min(1).optional(), protocol: z.enum(['tcp', 'udp']).default('tcp'), startsAfterSeconds: seconds.default(0) };
const step = z.strictObject({ lines: z.array(line).default([]), times: z.number().int().positive().default(1), everySeconds: seconds.default(0), waitSeconds: seconds.default(0) });
const play = z.strictObject({ ...base, againSeconds: z.number().positive().optional(), values: z.record(z.string().regex(/^[a-zA-Z]\w*$/), z.array(z.string()).min(1)).default({}), steps: z.array(step).min(1) });
const noise = z.strictObject({ ...base, everySeconds: z.number().positive(), noise: z.array(line).min(1) });
const shape = z.strictObject({ plays: z.array(z.union([play, noise])).min(1) });

export type Play = z.infer<typeof play>;
export type Noise = z.infer<typeof noise>;
export type Part = Play | Noise;
export const isNoise = (part: Part): part is Noise => 'noise' in part;

/** The text of a scenario file -> its parts, and what is wrong with it. */
export function parseScenario(text: string, file: string): { parts: Part[]; problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    return { parts: [], problems: document.errors.map((error) => { const { line: at, col } = lines.linePos(error.pos[0]); return { code: 'scenario.yaml', file, line: at, column: col, message: `expected YAML, got: ${error.message.split('\n')[0] ?? ''}` }; }) };
  }
  const parsed = shape.safeParse(document.toJS());
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap((issue) => (issue.code === 'invalid_union' ? deepest(issue).map((one) => ({ ...one, path: [...issue.path, ...one.path] })) : [issue]));
    return { parts: [], problems: issues.map(({ path, message }) => ({ code: 'scenario.shape', file, ...placeOf(document, lines, path), message: `${path.join('.') || 'the file'}: ${message}` })) };
  }
  const problems = parsed.data.plays.flatMap((part, index) => unknownPlaceholders(part).map(({ path, name }): Problem => ({
    code: 'scenario.placeholder', file, ...placeOf(document, lines, ['plays', index, ...path]), message: `expected a placeholder of this program or a name under values, got {{${name}}}`,
  })));
  return { parts: problems.length > 0 ? [] : parsed.data.plays, problems };
}

export interface Drawing { readonly time: Millis; readonly n: number; readonly pid: number; readonly port: number; readonly serial: number; readonly values: Readonly<Record<string, string>>; readonly random: () => number }

/** A template with its placeholders filled. */
export function fill(template: string, drawing: Drawing): string {
  return template.replace(PLACEHOLDER, (whole, name: string, argument: string | undefined) => {
    if (argument !== undefined) return name === 'pick' ? one(argument.split('|'), drawing.random) : numberIn(argument, drawing.random);
    if (Object.hasOwn(drawing.values, name)) return drawing.values[name] as string;
    const printer = Object.hasOwn(PRINTERS, name) ? PRINTERS[name] : undefined;
    if (printer) return printer(drawing.time);
    return name === 'n' ? String(drawing.n) : name === 'pid' ? String(drawing.pid) : name === 'port' ? String(drawing.port) : name === 'serial' ? String(drawing.serial) : whole;
  });
}

/** One of these, at random. */
export const one = <T>(items: readonly T[], random: () => number): T => items[Math.min(items.length - 1, Math.floor(random() * items.length))] as T;

const PLACEHOLDER = /\{\{([a-zA-Z]\w*)(?::([^}]*))?\}\}/g;
const DRAWN = ['n', 'pid', 'port', 'serial'];
const RANGE = /^(\d+)-(\d+)$/;

function numberIn(range: string, random: () => number): string {
  const [, from = '0', to = '0'] = RANGE.exec(range) ?? [];
  return String(Number(from) + Math.floor(random() * (Number(to) - Number(from) + 1)));
}

function unknownPlaceholders(part: Part): { path: PropertyKey[]; name: string }[] {
  const lines = isNoise(part) ? part.noise.map((text, index) => ({ text, path: ['noise', index] }))
    : part.steps.flatMap((each, step) => each.lines.map((text, index) => ({ text, path: ['steps', step, 'lines', index] })));
  const own = isNoise(part) ? [] : Object.keys(part.values);
  return lines.flatMap(({ text, path }) => [...text.matchAll(PLACEHOLDER)].flatMap(([, name = '', argument]) => {
    const known = argument === undefined ? own.includes(name) || DRAWN.includes(name) || Object.hasOwn(PRINTERS, name)
      : name === 'pick' ? argument !== '' : name === 'number' && RANGE.test(argument);
    return known ? [] : [{ path, name: argument === undefined ? name : `${name}:${argument}` }];
  }));
}

// Of a union's two readings the one with fewer complaints is what the author meant.
function deepest(issue: z.core.$ZodIssueInvalidUnion): { path: PropertyKey[]; message: string }[] {
  const readings = issue.errors.filter((errors) => errors.length > 0).sort((a, b) => a.length - b.length);
  return (readings[0] ?? []).map(({ path, message }) => ({ path: [...path], message }));
}
function placeOf(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): { line?: number; column?: number } {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) { const { line: at, col } = lines.linePos(node.range[0]); return { line: at, column: col }; }
  }
  return {};
}
