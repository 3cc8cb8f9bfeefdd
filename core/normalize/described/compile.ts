// A description made ready to read lines: a Format like those of our own modules. Parts that no field takes are kept under the description's
// own name (`acme.gate.kind`), so nothing that was parted is lost.
import { splitCsv } from '../csv.js';
import { putAccount } from '../account.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { readJson } from '../json-text.js';
import { readPairs } from '../pairs.js';
import { putTarget } from '../web/request.js';
import type { Problem } from '../../problem.js';
import { readDescription, type Description, type Reading } from './description.js';
import { atPath, readJsonPath, type JsonPath } from './json-path.js';
import { compilePattern } from './pattern.js';
import { timeReader } from './time-form.js';

/** A pattern looks no further into a text, so that a line of any length costs what this many characters cost. */
const PATTERN_CHARS_MAX = 8192;

export interface Described {
  readonly file: string;
  readonly description: Description;
  readonly format: Format;
  readonly place: (at: number) => { readonly line: number; readonly column: number };
}

/** The format that a file describes; undefined beside at least one problem. */
export function compileDescription(file: string, text: string): { readonly described?: Described; readonly problems: readonly Problem[] } {
  const { description, problems, place } = readDescription(file, text);
  if (description === undefined) return { problems };
  const found: Problem[] = [...problems];
  const parts = partReader(description.read, (code, message, at) => { found.push({ code, message, file, ...place(at) }); });
  const paths = new Map<string, JsonPath>();
  if (description.read.kind === 'json') for (const { from, at } of [...description.fields, ...[description.time, description.action].flatMap((one) => one === undefined ? [] : [{ from: one.from, at: 0 }])]) {
    const path = readJsonPath(from);
    if (path === undefined) found.push({ code: 'format.path', message: `expected a path such as $.actor.name or $.ips[0], got "${from}"`, file, ...place(at) });
    else paths.set(from, path);
  }
  const { read } = description, named = read.kind === 'pattern' ? compilePattern(read.pattern.value, read.patterns) : undefined;
  if (named !== undefined && 'pattern' in named) for (const { from, at } of description.fields) if (!named.pattern.names.includes(from)) found.push({ code: 'format.part', message: `expected a part of the pattern (${named.pattern.names.join(', ') || 'it names none'}), got "${from}"`, file, ...place(at) });
  if (parts === undefined || found.length > 0) return { problems: found };
  return { described: { file, description, place, format: formatOf(description, parts, paths) }, problems: [] };
}

/** The named parts of a text; a value by name, and all of them for what no field takes. */
interface Parts { readonly get: (from: string) => string | undefined; readonly all: () => Iterable<readonly [string, string]> }
type ReadParts = (text: string, paths: ReadonlyMap<string, JsonPath>) => Parts | undefined;

const ofMap = (values: ReadonlyMap<string, string>): Parts => ({ get: (from) => values.get(from), all: () => values });

function partReader(read: Reading, wrong: (code: string, message: string, at: number) => void): ReadParts | undefined {
  switch (read.kind) {
    case 'delimiter': return (text) => {
      const cells = splitCsv(text, read.separator);
      return cells.length < 2 ? undefined : ofMap(new Map(read.columns.flatMap((name, i) => { const cell = cells[i]?.trim(); return name === '_' || cell === undefined || cell === '' ? [] : [[name, cell] as const]; })));
    };
    case 'pairs': return (text) => {
      const pairs = readPairs(text, { separator: read.separator === ' ' ? undefined : read.separator, assign: read.assign, spacedValues: read.separator !== ' ' });
      return pairs.length === 0 ? undefined : ofMap(new Map(pairs));
    };
    case 'json': return (text, paths) => {
      const start = text.indexOf('{'), document = start < 0 ? undefined : readJson(text.slice(start))?.value;
      if (typeof document !== 'object' || document === null) return undefined;
      return { get: (from) => { const path = paths.get(from); return path === undefined ? undefined : atPath(document, path); }, all: () => Object.entries(document).flatMap(([key, value]) => (typeof value === 'object' || value === null ? [] : [[key, String(value)] as const])) };
    };
    case 'pattern': {
      const compiled = compilePattern(read.pattern.value, read.patterns);
      if ('reason' in compiled) { wrong('format.pattern', compiled.reason, read.pattern.at); return undefined; }
      const { names, match } = compiled.pattern;
      return (text) => {
        const values = match(text.slice(0, PATTERN_CHARS_MAX));
        return values === undefined ? undefined : ofMap(new Map(names.flatMap((name, i) => { const value = values[i]; return value === undefined || value === '' ? [] : [[name, value] as const]; })));
      };
    }
    default: return read satisfies never;
  }
}

function formatOf(description: Description, parts: ReadParts, paths: ReadonlyMap<string, JsonPath>): Format {
  const { name, programs, contains, starts, fields, time, action, set } = description;
  const toMillis = time === undefined ? undefined : timeReader(time.form), taken = new Set(fields.map(({ from }) => from.replace(/^\$\./, '')));
  const read = (draft: Draft): boolean => {
    const read = parts(draft.text, paths);
    if (read === undefined) return false;
    for (const { field, from } of fields) { const value = read.get(from); if (value !== undefined) putField(draft, field, value); }
    if (time !== undefined) { const at = toMillis?.(read.get(time.from) ?? '', draft.received, time.zone ?? draft.zone); if (at !== undefined) draft.time = at; else draft.notes.push('time_unreadable'); }
    if (action !== undefined) { const known = action.map.get((read.get(action.from) ?? '').toLowerCase()); if (known !== undefined) draft.act(known); }
    for (const [field, value] of set) draft.put(field, value);
    for (const [key, value] of read.all()) if (!taken.has(key) && KEY.test(key)) draft.fill(`${name}.${key}`, value);
    return true;
  };
  const detect = ({ program, text, head }: Draft): boolean => (programs.length === 0 || programs.includes(program)) && (starts.length === 0 || starts.some((start) => text.startsWith(start))) && (contains.length === 0 || contains.some((one) => head.includes(one)));
  return { name, detect, read };
}
const KEY = /^[A-Za-z_][\w.@-]{0,63}$/;

/** In the spelling its field has: accounts parted from their domains, addresses from ports, targets into their parts. */
function putField(draft: Draft, field: string, value: string): void {
  switch (field) {
    case 'user.name': putAccount(draft, 'user', value); return;
    case 'source.user.name': putAccount(draft, 'source.user', value); return;
    case 'destination.user.name': putAccount(draft, 'destination.user', value); return;
    case 'user.target.name': putAccount(draft, 'user.target', value); return;
    case 'url.original': putTarget(draft, value); return;
    default: putAs(draft, field, value);
  }
}
