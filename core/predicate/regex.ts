// Regular expressions in linear time only: RE2 syntax, run by an automaton. A rule's author cannot make the program hang,
// and neither can a sender who knows the rule. Look-around and back references do not exist here.
import { RE2JS } from 're2js';

export interface Regex {
  /** Found anywhere in the text. */
  readonly test: (text: string) => boolean;
  /** Where it is found first. */
  readonly find: (text: string) => readonly [start: number, end: number] | undefined;
  /** What the groups of these names hold where it is found first. */
  readonly groups: (text: string, names: readonly string[]) => readonly (string | undefined)[] | undefined;
}

export type CompiledRegex = { readonly regex: Regex } | { readonly reason: string };

/** RE2 programs beyond this many bytes of source are refused: they cost memory, not insight. */
const SOURCE_MAX = 8192;
/** Instructions of a program: what each character of a text may cost. The largest public rule has 1,003. */
const PROGRAM_MAX = 2000;
/** Length times the largest counted repetition: more would take long to compile only to be refused. */
const EXPANSION_MAX = 500_000;
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
    return {
      regex: {
        test: (text) => program.test(text),
        find: (text) => {
          const matcher = program.matcher(text);
          return matcher.find() ? [matcher.start(), matcher.end()] : undefined;
        },
        groups: (text, names) => {
          const matcher = program.matcher(text);
          return matcher.find() ? names.map((name) => matcher.group(name) ?? undefined) : undefined;
        },
      },
    };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
