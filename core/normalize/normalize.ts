// Finds the format of a text and lets it read: first by the program that wrote it, then by what the text looks like, in the order
// of the table. Whatever no format knows stays searchable text under its header.
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { readSentence } from './sentences.js';
import { WHY_DESCRIBED, WHY_NONE, whyLook, whyProgram } from './signs.js';
import { FORMATS } from './table.js';

const byProgram = new Map<string, Format[]>(), byProgramLast = new Map<string, Format[]>();
for (const format of FORMATS) for (const program of format.programs ?? []) { const map = format.lastResort === true ? byProgramLast : byProgram; map.set(program, [...(map.get(program) ?? []), format]); }
const byLook = FORMATS.filter((format) => format.detect !== undefined), beforePrograms = byLook.filter((format) => format.beforePrograms === true);

export interface Recognition {
  /** The format's name, or null where none is known. */
  readonly name: string | null;
  /** What it was recognised by, for people. */
  readonly why: string;
}

export function normalize(draft: Draft): Recognition {
  for (const format of draft.context?.formats ?? NONE) if (format.detect?.(draft) !== false && tried(format, draft)) return finish(draft, format.name, WHY_DESCRIBED);
  for (const format of beforePrograms) if (format.detect?.(draft) === true && tried(format, draft)) return finish(draft, format.name, whyLook(format));
  for (const format of ofProgram(byProgram, draft.program)) if (tried(format, draft)) return finish(draft, format.name, whyProgram(draft.program));
  for (const format of byLook) if (format.detect?.(draft) === true && tried(format, draft)) return finish(draft, format.name, whyLook(format));
  for (const format of ofProgram(byProgramLast, draft.program)) if (tried(format, draft)) return finish(draft, format.name, whyProgram(draft.program));
  readSentence(draft, draft.text);
  draft.fill('event.dataset', unixLike(draft) ? 'linux.syslog' : 'syslog.generic');
  return finish(draft, null, WHY_NONE);
}

const NONE: readonly Format[] = [];
const ofProgram = (map: ReadonlyMap<string, readonly Format[]>, program: string): readonly Format[] => map.get(program) ?? map.get(program.slice(program.lastIndexOf('/') + 1)) ?? NONE;

function tried(format: Format, draft: Draft): boolean {
  if (!format.read(draft)) return false;
  draft.fill('event.dataset', format.name);
  return true;
}

function finish(draft: Draft, name: string | null, why: string): Recognition {
  const dataset = draft.getText('event.dataset') ?? 'syslog.generic';
  draft.fill('event.module', dataset.slice(0, dataset.indexOf('.')));
  draft.fill('event.kind', 'event');
  return { name, why };
}

/** `name[12]:` after a host, or a daemon's facility: a Unix-like system's own log. */
const unixLike = ({ event, program }: Draft): boolean => /^\d+$/.test(String(event['log.syslog.procid'] ?? '')) && program !== '' && !program.startsWith('%');
