// Regular expressions in linear time only: RE2 syntax, run by an automaton. A rule's author cannot make the program hang,
// and neither can a sender who knows the rule. Look-around and back references do not exist here.
import { RE2JS } from 're2js';
import { isAscii } from '../ascii.js';
import { fold } from '../fold.js';
import { bitRegex, type BitRegex, type Program } from './bit-regex.js';
import { nativeRegex, type NativeRegex } from './native-regex.js';

export interface Regex {
  /** Found anywhere in the text. */
  readonly test: (text: string) => boolean;
  /** Where it is found first. */
  readonly find: (text: string) => readonly [start: number, end: number] | undefined;
  /** What the groups of these names hold where it is found first. */
  readonly groups: (text: string, names: readonly string[]) => readonly (string | undefined)[] | undefined;
}

export type CompiledRegex = { readonly regex: Regex; /** What a character costs at most. */ readonly steps: number } | { readonly reason: string };

/** RE2 programs beyond this many bytes of source are refused: they cost memory, not insight. */
const SOURCE_MAX = 8192;
/** Instructions of a program. The largest public rule has 1,003. */
const PROGRAM_MAX = 2000;
/** Operations on words that a character of a text may cost (bit-regex.ts). The largest public rule has 98. */
export const STEPS_MAX = 128;
/** Length times the largest counted repetition: more would take long to compile only to be refused. */
const EXPANSION_MAX = 500_000;
/** Instructions times characters up to which the place of a match is looked for exactly. */
const EXACT_MAX = 100_000;
const REPETITION = /\{(\d+)(?:,(\d*))?\}/g;
const compiled = new Map<string, CompiledRegex>();
const COMPILED_MAX = 2000;

/** Compiles once per (source, flags); `flags` of `ims`. */
export function compileRegex(source: string, flags: string): CompiledRegex {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const fresh = compile(source, flags);
  if (compiled.size >= COMPILED_MAX) compiled.delete(compiled.keys().next().value as string);
  compiled.set(key, fresh);
  return fresh;
}

function compile(source: string, flags: string): CompiledRegex {
  if (source.length > SOURCE_MAX) return { reason: `a regular expression of at most ${SOURCE_MAX} characters, got ${source.length}` };
  const repeats = Math.max(1, ...[...source.matchAll(REPETITION)].map(([, least, most]) => Number(most || least)));
  if (repeats <= 1000 && repeats * source.length > EXPANSION_MAX) return { reason: `repetitions that expand to at most ${PROGRAM_MAX} instructions, got {${repeats}} in ${source.length} characters` };
  let mode = 0;
  if (flags.includes('i')) mode |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) mode |= RE2JS.MULTILINE;
  if (flags.includes('s')) mode |= RE2JS.DOTALL;
  try {
    const program = RE2JS.compile(source, mode), size = program.programSize();
    if (size > PROGRAM_MAX) return { reason: `a regular expression of at most ${PROGRAM_MAX} instructions, got ${size}: repetitions such as {1000} expand` };
    const bits = bitRegex(programOf(program));
    if (bits === undefined || bits.steps > STEPS_MAX) return { reason: `a regular expression of at most ${STEPS_MAX} steps a character, got ${bits?.steps ?? 'more'}: optional parts inside of repetitions, such as (a?){100}, may follow each other in too many ways` };
    return {
      steps: bits.steps,
      regex: {
        test: testOf(program, bits, nativeRegex(source, flags)),
        find: (text) => find(text, program, size, bits),
        groups: (text, names) => {
          const matcher = program.matcher(text);
          return matcher.find() ? names.map((name) => matcher.group(name) ?? undefined) : undefined;
        },
      },
    };
  } catch (error) {
    return { reason: `${error instanceof Error ? error.message : String(error)}${instead(source)}` };
  }
}

const programOf = (regex: RE2JS): Program => (regex as unknown as { readonly re2Input: { readonly prog: Program } }).re2Input.prog;

/** Characters that the platform's own engine may be made to look at: so many for each of a text, and so many more. */
const LOOKS_EACH = 24, LOOKS_MORE = 20_000;

/** By the platform's engine where that is surely cheap; by the automaton of re2js where it stays small; where a text could make it large, by bits. */
function testOf(program: RE2JS, bits: BitRegex, native: NativeRegex | undefined): (text: string) => boolean {
  let isSmall: boolean | undefined;
  const byAutomaton = (text: string): boolean => {
    isSmall ??= bits.isSmall();
    return isSmall ? program.test(text) : bits.test(text);
  };
  if (native === undefined) return byAutomaton;
  return (text) => {
    if (text.length < native.least) return false;
    const { lower, isPlain } = known(text);
    for (const part of native.required) if (!lower.includes(part)) return false;
    if (!isPlain) return byAutomaton(text);
    return native.cost(text.length) <= LOOKS_MORE + LOOKS_EACH * text.length ? native.test(text) : byAutomaton(text);
  };
}

/** Many expressions are asked about one text. */
let last = { text: '', lower: '', isPlain: true };
/** In `lower` stands every ASCII text, in lower case, that a case-insensitive RE2 finds in `text`: a long s is an s to it, the sign of the kelvin a k. */
function known(text: string): { readonly lower: string; readonly isPlain: boolean } {
  if (last.text !== text) {
    const isPlain = isAscii(text);
    last = { text, lower: isPlain ? fold(text) : text.toLowerCase().replaceAll('ſ', 's'), isPlain };
  }
  return last;
}

/** Exactly, or where that would take long the shortest stretch that ends where the first match ends. */
function find(text: string, program: RE2JS, size: number, bits: BitRegex): readonly [number, number] | undefined {
  if (size * text.length <= EXACT_MAX) {
    const matcher = program.matcher(text);
    return matcher.find() ? [matcher.start(), matcher.end()] : undefined;
  }
  const end = bits.endOf(text);
  if (end < 0) return undefined;
  let start = 0;
  for (let beyond = end + 1; beyond - start > 1;) { const middle = (start + beyond) >> 1; if (bits.test(text.slice(middle, end))) start = middle; else beyond = middle; }
  return [start, end];
}

/** What to write for what RE2 does not have. */
function instead(source: string): string {
  if (/\(\?<?[=!]/.test(source)) return ' (look-around: ask a second question in an item of its own, with "not" in the condition for what must not be there)';
  if (/\\[1-9]|\(\?P=|\\k/.test(source)) return ' (a back reference: write the spellings that may come twice as alternatives, or compare two fields with |fieldref)';
  if (/\(\?>|[*+?}]\+/.test(source)) return ' (atomic and possessive: leave it out, nothing here ever goes back)';
  return '';
}
