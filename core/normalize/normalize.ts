// Finds the format of a text and lets it read: first by the program that wrote it, then by what the text looks like, in the order
// of the table. Whatever no format knows stays searchable text under its header.
import { write } from '../event.js';
import { Candidates } from './candidates.js';
import { ecsName, putAs } from './common-names.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { json } from './json.js';
import { remembered } from './keys.js';
import { loginRole, putLogin, type LoginMember } from './login-members.js';
import { readLogin, tellsOfLogin } from './login-words.js';
import { loggedAs, putLogged } from './logging-libraries.js';
import { readSentence } from './sentences.js';
import { hasLines, putError } from './stack-trace.js';
import { WHY_DESCRIBED, WHY_NONE, whyLook, whyProgram } from './signs.js';
import { FORMATS } from './table.js';

const byProgram = new Map<string, { readonly first: Format[]; readonly last: Format[] }>();
for (const format of FORMATS) for (const program of format.programs ?? []) {
  const known = byProgram.get(program) ?? { first: [], last: [] };
  byProgram.set(program, known);
  (format.lastResort === true ? known.last : known.first).push(format);
}
const byLook = FORMATS.filter((format) => format.detect !== undefined), whyByLook = byLook.map(whyLook), beforePrograms = byLook.filter((format) => format.beforePrograms === true), candidates = new Candidates(byLook);
/** The formats that a program writes, and those that its name alone may mean, remembered: few programs write most lines. */
const ofProgram = remembered((program) => {
  const { first, last } = byProgram.get(program) ?? byProgram.get(OF_DEVICE.test(program) ? '' : program.slice(program.lastIndexOf('/') + 1)) ?? { first: [], last: [] };
  return { first, last, likely: candidates.likely(program) };
});
/** A device's module, level and message stand in the program's place, which are no path. */
const OF_DEVICE = /^\w+\/[0-7]\/\w+$/;
const NO_PROGRAM = ofProgram('');

export interface Recognition {
  /** The format's name, or null where none is known. */
  readonly name: string | null;
  /** What it was recognised by, for people. */
  readonly why: string;
}

export function normalize(draft: Draft): Recognition {
  for (const format of draft.context?.formats ?? NONE) if (format.detect?.(draft) !== false && tried(format, draft)) return finish(draft, format.name, WHY_DESCRIBED);
  // A line that is one object is no text in which to look for words: what stands in its members is read for itself.
  if (draft.json !== undefined && draft.json !== null && tried(json, draft)) return finish(draft, json.name, whyLook(json));
  const { first, last, likely } = draft.program === '' ? NO_PROGRAM : ofProgram(draft.program);
  if (first.length > 0) {
    for (const format of beforePrograms) if (format.detect?.(draft) === true && tried(format, draft)) return finish(draft, format.name, whyLook(format));
    for (const format of first) if (tried(format, draft)) return finish(draft, format.name, whyProgram(draft.program));
    candidates.look(draft, likely);
  } else {
    candidates.look(draft, likely);
    for (let i = candidates.next(-1); i >= 0; i = candidates.next(i)) { const format = byLook[i] as Format; if (format.beforePrograms === true && format.detect?.(draft) === true && tried(format, draft)) return finish(draft, format.name, whyByLook[i] as string); }
  }
  for (let i = candidates.next(-1); i >= 0; i = candidates.next(i)) { const format = byLook[i] as Format; if (format.detect?.(draft) === true && tried(format, draft)) return finish(draft, format.name, whyByLook[i] as string); }
  for (const format of last) if (tried(format, draft)) return finish(draft, format.name, whyProgram(draft.program));
  putStructured(draft);
  if (tellsOfLogin(draft.text)) readLogin(draft, draft.text); else readSentence(draft, draft.text);
  if (hasLines(draft.text)) putError(draft, draft.text); // a program's own words, then a stack
  say(draft, 'event.dataset', unixLike(draft) ? 'linux.syslog' : 'syslog.generic');
  return finish(draft, null, WHY_NONE);
}

/** Of a text that no format knows the header's structured data says what its names usually mean. */
function putStructured(draft: Draft): void {
  if (draft.structured === undefined) return;
  const logins: LoginMember[] = [];
  for (const [name, value] of draft.structured) {
    const param = OWN_PARAM.exec(name)?.[1], login = param === undefined ? undefined : loginRole(param), field = param === undefined ? undefined : ecsName(param), logged = param === undefined ? undefined : loggedAs(param);
    if (field !== undefined) putAs(draft, field, value);
    if (logged !== undefined) putLogged(draft, logged, value);
    if (login !== undefined) logins.push([login, value]);
  }
  putLogin(draft, logins);
}
/** A parameter of an element that a sender named (`login@32473.user`), not of a registered one (RFC 5424 7). */
const OWN_PARAM = /^[^@]{1,32}@[\d.]{1,40}\.([^.].{0,31})$/;

const NONE: readonly Format[] = [];

function tried(format: Format, draft: Draft): boolean {
  if (!format.read(draft)) return false;
  say(draft, 'event.dataset', format.name);
  return true;
}

function finish(draft: Draft, name: string | null, why: string): Recognition {
  const dataset = draft.getText('event.dataset') ?? 'syslog.generic';
  say(draft, 'event.module', moduleOf(dataset));
  say(draft, 'event.kind', 'event');
  return { name, why };
}

/** Fills a field that holds any word. */
function say(draft: Draft, field: string, value: string): void { if (value !== '' && value !== '-' && !draft.has(field)) write(draft.event, field, value); }

const moduleOf = remembered((dataset) => dataset.split('.', 1)[0] as string);

/** `name[12]:` after a host, or a daemon's facility: a Unix-like system's own log. */
const unixLike = (draft: Draft): boolean => draft.program !== '' && /^\d+$/.test(draft.getText('log.syslog.procid') ?? '') && !draft.program.startsWith('%');
