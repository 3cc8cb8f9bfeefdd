// Finds the format of a text and lets it read: first by the program that wrote it, then by what the text looks like, in the order
// of the table. Whatever no format knows stays searchable text under its header.
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { readSentence } from './sentences.js';
import { FORMATS } from './table.js';

const byProgram = new Map<string, Format[]>(), byProgramLast = new Map<string, Format[]>();
for (const format of FORMATS) for (const program of format.programs ?? []) { const map = format.lastResort === true ? byProgramLast : byProgram; map.set(program, [...(map.get(program) ?? []), format]); }
const byLook = FORMATS.filter((format) => format.detect !== undefined), beforePrograms = byLook.filter((format) => format.beforePrograms === true);

/** The format's name, or null where none is known. */
export function normalize(draft: Draft): string | null {
  for (const format of beforePrograms) if (format.detect?.(draft) === true && tried(format, draft)) return finish(draft, format.name);
  for (const format of ofProgram(byProgram, draft.program)) if (tried(format, draft)) return finish(draft, format.name);
  for (const format of byLook) if (format.detect?.(draft) === true && tried(format, draft)) return finish(draft, format.name);
  for (const format of ofProgram(byProgramLast, draft.program)) if (tried(format, draft)) return finish(draft, format.name);
  readSentence(draft, draft.text);
  draft.fill('event.dataset', unixLike(draft) ? 'linux.syslog' : 'syslog.generic');
  finish(draft, null);
  return null;
}

const NONE: readonly Format[] = [];
const ofProgram = (map: ReadonlyMap<string, readonly Format[]>, program: string): readonly Format[] => map.get(program) ?? map.get(program.slice(program.lastIndexOf('/') + 1)) ?? NONE;

function tried(format: Format, draft: Draft): boolean {
  if (!format.read(draft)) return false;
  draft.fill('event.dataset', format.name);
  return true;
}

function finish(draft: Draft, name: string | null): string | null {
  const dataset = draft.getText('event.dataset') ?? 'syslog.generic';
  draft.fill('event.module', dataset.slice(0, dataset.indexOf('.')));
  draft.fill('event.kind', 'event');
  return name;
}

/** `name[12]:` after a host, or a daemon's facility: a Unix-like system's own log. */
const unixLike = ({ event, program }: Draft): boolean => /^\d+$/.test(String(event['log.syslog.procid'] ?? '')) && program !== '' && !program.startsWith('%');
