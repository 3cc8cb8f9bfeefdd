// Finds the format of a text and lets it read: first by the program that wrote it, then by what the text looks like, in the order
// of the table. Whatever no format knows stays searchable text under its header.
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { FORMATS } from './table.js';

const byProgram = new Map<string, Format[]>();
for (const format of FORMATS) for (const program of format.programs ?? []) byProgram.set(program, [...(byProgram.get(program) ?? []), format]);
const byLook = FORMATS.filter((format) => format.detect !== undefined);

/** The format's name, or null where none is known. */
export function normalize(draft: Draft): string | null {
  const named = byProgram.get(draft.program) ?? byProgram.get(draft.program.slice(draft.program.lastIndexOf('/') + 1));
  if (named !== undefined) for (const format of named) if (tried(format, draft)) return finish(draft, format.name);
  for (const format of byLook) if (format.detect?.(draft) === true && tried(format, draft)) return finish(draft, format.name);
  draft.fill('event.dataset', unixLike(draft) ? 'linux.syslog' : 'syslog.generic');
  finish(draft, null);
  return null;
}

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
