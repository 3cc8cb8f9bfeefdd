// Reads policy packs from their YAML files. A pack that is not understood stops the start, with file and what was expected: a policy
// half read would be a promise half kept.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { PolicyPack, Requirement } from '../policy.js';
import { ProblemError } from '../problem.js';
import { projectRoot } from './built.js';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a day such as 2026-08-19');
const unit = z.enum(['day', 'month', 'minute', 'working_minute', 'second', 'percent']);
const basis = z.enum(['law', 'standard', 'default']);
const value = z.strictObject({ value: z.number().positive(), unit: unit.optional(), basis: basis.optional(), cite: z.string().min(1) });
const shape = z.strictObject({
  pack: z.string().min(1), version: z.string().min(1), effectiveFrom: day, effectiveTo: day.nullable(),
  working: z.strictObject({ days: z.array(z.number().int().min(1).max(7)).min(1), hours: z.array(z.string().regex(/^\d\d:\d\d-\d\d:\d\d$/, 'expected hours such as 08:00-12:00')).min(1), holidays: z.array(day) }),
  severityFactors: z.partialRecord(z.enum(['informational', 'low', 'medium', 'high', 'critical']), z.number().positive()),
  capWorkingDays: z.number().positive(),
  clocks: z.array(z.strictObject({ id: z.enum(['now', 'h24', 'h72']), minutes: z.number().positive(), cite: z.string().min(1), title: z.string().min(1), titleEn: z.string().min(1) })),
  requirements: z.array(z.strictObject({
    key: z.string().min(1), title: z.string().min(1), titleEn: z.string().min(1), strictest: z.enum(['max', 'min']), unit, basis,
    values: z.partialRecord(z.enum(['1', '2', '3', '4', '5']), value),
  })),
});

/** All packs of a folder; without one, those the program ships. Throws ProblemError. */
export function loadPolicies(folder: string = join(projectRoot, 'rules', 'policy')): readonly PolicyPack[] {
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (names.length === 0) throw new ProblemError([{ code: 'policy.none', file: folder, message: 'expected at least one policy pack here, found none' }]);
  return names.map((name) => parsePolicy(readFileSync(join(folder, name), 'utf8'), join(folder, name)));
}

/** The text of one pack. Throws ProblemError. */
export function parsePolicy(text: string, file: string): PolicyPack {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new ProblemError(document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { code: 'policy.yaml', file, line, column: col, message: `not readable as YAML: ${error.message.split('\n')[0] ?? ''}` };
    }));
  }
  const parsed = shape.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) {
    throw new ProblemError(parsed.error.issues.map(({ path, message }) => {
      const node = document.getIn(path.map((part) => (typeof part === 'number' ? part : /^[1-5]$/.test(String(part)) ? Number(part) : String(part))), true) as { range?: [number, number, number] } | undefined;
      const place = node?.range === undefined ? undefined : lines.linePos(node.range[0]);
      return { code: 'policy.shape', file, line: place?.line, column: place?.col, message: `${path.join('.') || 'the pack'}: ${message}` };
    }));
  }
  const { working, requirements, ...rest } = parsed.data;
  return {
    ...rest,
    working: { ...working, hours: working.hours.map((hours) => { const [from, to] = hours.split('-').map(minuteOfDay); return [from as number, to as number] as const; }) },
    requirements: requirements.map(({ unit: unitOfAll, basis: basisOfAll, values, ...requirement }): Requirement => ({
      ...requirement, values: Object.fromEntries(Object.entries(values).map(([tier, one]) => [tier, { unit: unitOfAll, basis: basisOfAll, ...one }])),
    })),
  };
}
const minuteOfDay = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
