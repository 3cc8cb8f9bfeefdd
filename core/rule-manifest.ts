// What `haidang rules import` leaves beside the rules it copied: where they came from, under which licence, and what each file held,
// so that the next import tells a file that the site edited from one that changed upstream. The detector reads the licence from it.
import { z } from 'zod';
import { ProblemError } from './problem.js';

export const MANIFEST_NAME = 'haidang-import.json';

const shape = z.object({
  /** The folder as it was named, and its commit when it was a checkout. */
  from: z.string(),
  commit: z.string().optional(),
  /** Of every rule in the folder that names none itself. */
  license: z.string().optional(),
  /** SHA-256 of what was copied, by path inside the folder. */
  files: z.record(z.string(), z.string()),
});
export type RuleManifest = Readonly<z.infer<typeof shape>>;

/** Throws ProblemError. */
export function parseManifest(text: string, file: string): RuleManifest {
  let value: unknown;
  try { value = JSON.parse(text); } catch (error) { throw new ProblemError([{ code: 'rules.manifest', file, message: `expected JSON as rules import writes it, got ${(error as Error).message}` }]); }
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new ProblemError([{ code: 'rules.manifest', file, message: `expected what rules import writes, got ${issue === undefined ? 'something else' : `at ${issue.path.join('.')}: ${issue.message}`}` }]);
}

export const printManifest = (manifest: RuleManifest): string => `${JSON.stringify(manifest, null, 1)}\n`;
