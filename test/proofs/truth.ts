// Is a proof true? Its questions must be those leaves of the predicate that are true of the event and count for it, no more and no
// less; each must be true of the value it names alone; that value must be the event's; and its bytes must spell a part of it.
import type { ProofAtom } from '../../core/alert.js';
import type { Event } from '../../core/event.js';
import { fold, foldSearch } from '../../core/fold.js';
import { match } from '../../core/predicate/match.js';
import type { Predicate } from '../../core/predicate/predicate.js';
import { printPredicate } from '../../core/predicate/print.js';
import { resolve, scalarsOf, taggedMessage, textOf } from '../../core/predicate/values.js';

const ATOMS_MAX = 64;

/** What is wrong with the proof of a predicate that is true of the event, or not; undefined when nothing is. */
export function untruthOf(predicate: Predicate, event: Event, isMet: boolean, atoms: readonly ProofAtom[]): string | undefined {
  const expected = new Map<string, Predicate[]>();
  if (isMet) gather(predicate, event, truthOf(event), expected);
  const told = new Set(atoms.map(({ question }) => question));
  for (const question of told) if (!expected.has(question)) return `tells what is not so or does not count: ${question}`;
  if (atoms.length < ATOMS_MAX) for (const question of expected.keys()) if (!told.has(question)) return `does not tell: ${question}`;
  for (const atom of atoms) {
    const wrong = (expected.get(atom.question) as Predicate[]).map((part) => wrongWith(part, event, atom));
    if (!wrong.includes(undefined)) return `${String(wrong[0])}: ${JSON.stringify(atom)}`;
  }
  return undefined;
}

/** True parts that count: of `not`, a single question about a field that is there. */
function gather(part: Predicate, event: Event, isTrue: Truth, into: Map<string, Predicate[]>): void {
  if (part.kind === 'and' || part.kind === 'or') { for (const one of part.parts) if (isTrue(one)) gather(one, event, isTrue, into); return; }
  if (part.kind === 'constant' || (part.kind === 'not' && !('path' in part.part && resolve(event, part.part.path) !== undefined))) return;
  const question = printPredicate(part), known = into.get(question);
  if (known === undefined) into.set(question, [part]); else known.push(part);
}

type Truth = (part: Predicate) => boolean;
/** What `match` says of each part, asked once. */
function truthOf(event: Event): Truth {
  const known = new Map<Predicate, boolean>();
  return function isTrue(part): boolean {
    let answer = known.get(part);
    if (answer === undefined) {
      answer = part.kind === 'and' ? part.parts.every(isTrue) : part.kind === 'or' ? part.parts.some(isTrue) : part.kind === 'not' ? !isTrue(part.part) : match(part, event);
      known.set(part, answer);
    }
    return answer;
  };
}

function wrongWith(part: Predicate, event: Event, { field, value, start, end }: ProofAtom): string | undefined {
  if (part.kind === 'keyword' || part.kind === 'keywordRegex') {
    if (field === undefined || value === undefined) return 'names no field';
    if (!textsOf(event, field).includes(value) && !(field === 'event.original' && taggedMessage(event) === value)) return 'names a value that the event does not have';
    if (!match(part, { text: value })) return 'is not so of the value it names';
    return bytes(event, value, start, end);
  }
  const asked = part.kind === 'not' ? part.part : part;
  if (!('path' in asked)) return undefined;
  const held = resolve(event, asked.path);
  if (held === undefined) return field === undefined && value === undefined ? undefined : 'names a field that the event does not have';
  if (field !== held.field) return `expected the field ${held.field}`;
  const scalars = scalarsOf(held.value), texts = scalars.map(textOf);
  if (texts.length === 0) return value === undefined ? undefined : 'names a value that is not there';
  if (value === undefined || (!texts.includes(value) && texts.join(', ') !== value)) return 'names a value that the event does not have';
  const named = scalars[texts.indexOf(value)];
  if (part.kind !== 'not' && part.kind !== 'exists' && named !== undefined && !match(alone(part), { ...event, [ALONE]: named })) return 'is not so of the value it names';
  return bytes(event, value, start, end);
}

/** The same question, asked of the value named alone. */
const alone = (part: Predicate): Predicate => ('path' in part && part.path.length > 0 ? { ...part, path: [ALONE] } : part);
const ALONE = '\u0000';
const textsOf = (event: Event, field: string): string[] => scalarsOf(Object.hasOwn(event, field) ? event[field] : undefined).map(textOf);

function bytes(event: Event, value: string, start: number | undefined, end: number | undefined): string | undefined {
  if (start === undefined || end === undefined) return start === end ? undefined : 'has half a range';
  const frame = new TextEncoder().encode(String(event['event.original']));
  if (start < 0 || end <= start || end > frame.length) return 'points outside of the frame';
  const shown = new TextDecoder().decode(frame.subarray(start, end)), whole = new TextDecoder().decode(new TextEncoder().encode(value));
  const spelled = [shown, unescaped(shown)].some((text) => text !== undefined && (whole.includes(text) || fold(whole).includes(fold(text)) || foldSearch(whole).includes(foldSearch(text))));
  return spelled ? undefined : `points at ${JSON.stringify(shown)}, which is not of the value`;
}
function unescaped(text: string): string | undefined {
  try { return JSON.parse(`"${text}"`) as string; } catch { return undefined; }
}
