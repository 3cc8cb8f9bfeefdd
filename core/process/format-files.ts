// Descriptions of sources as files: `data/formats/*.yml`, and those named on a command line. A file that cannot be used is told and left out,
// the others hold.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileDescription, type Described } from '../normalize/described/compile.js';
import { runTests } from '../normalize/described/tests.js';
import type { Problem } from '../problem.js';

export interface FormatFiles {
  readonly formats: readonly Described[];
  /** Of files that cannot be used, and of tests that fail (their files are used all the same). */
  readonly problems: readonly Problem[];
}
/** A file's name and text, as they are handed to a thread of ours. */
export interface FormatText { readonly file: string; readonly text: string }

const FILES_MAX = 500;

/** The descriptions in a folder, by name; none when there is no such folder. */
export function formatTexts(folder: string): readonly FormatText[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)).sort().slice(0, FILES_MAX).map((name) => ({ file: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
}

export function compileFormats(texts: readonly FormatText[]): FormatFiles {
  const formats: Described[] = [], problems: Problem[] = [];
  for (const { file, text } of texts) {
    const { described, problems: found } = compileDescription(file, text);
    problems.push(...found);
    if (described === undefined) continue;
    const twin = formats.find(({ description }) => description.name === described.description.name);
    if (twin !== undefined) { problems.push({ code: 'format.twice', message: `expected a name of its own, got ${described.description.name}, which ${twin.file} describes`, file, line: 1 }); continue; }
    formats.push(described);
    problems.push(...runTests(described));
  }
  return { formats, problems };
}

export function readFormatFiles(files: readonly string[]): FormatFiles {
  const texts: FormatText[] = [], problems: Problem[] = [];
  for (const file of files) {
    try { texts.push({ file, text: readFileSync(file, 'utf8') }); } catch (error) { problems.push({ code: 'format.file', message: `expected a file that can be read, got: ${(error as Error).message}`, file }); }
  }
  const read = compileFormats(texts);
  return { formats: read.formats, problems: [...problems, ...read.problems] };
}
