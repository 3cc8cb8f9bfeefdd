// Runs a compiled RE2 program with one bit for each of its states: every character of a text costs the same few operations on words,
// counted before the program is accepted, whatever the text. (RE2's own automata are as fast on most texts, but there are texts of 8 KB on
// which they need hundreds of milliseconds for a rule that loads without a word.)
//
// States are the instructions that read a character, in program order. After each character: states that were on and whose character it
// was turn on what follows them. Mostly that is the next state, a shift of all bits at once; the rest is kept by groups of states that
// turn on the same ones. What follows may depend on the place in the text (^, $, \b), so there is a table for each kind of place.

/** An instruction as re2js compiles it. */
interface Instruction { readonly op: number; readonly out: number; readonly arg: number; readonly runes: ArrayLike<number>; matchRune(code: number): boolean }
export interface Program { readonly start: number; readonly inst: readonly Instruction[] }
export interface BitRegex {
  readonly test: (text: string) => boolean;
  /** Where the match that ends first ends; -1: there is none. */
  readonly endOf: (text: string) => number;
  /** Do its states come together in a few ways only, whatever the text? Then an automaton of these ways is small, and faster. */
  readonly isSmall: () => boolean;
  /** Operations on words that a character costs at most, in any text. */
  readonly steps: number;
}

const ALT = 1, ALT_MATCH = 2, CAPTURE = 3, EMPTY_WIDTH = 4, FAIL = 5, MATCH = 6, NOP = 7, RUNE = 8, RUNE1 = 9, ANY = 10, ANY_NOT_NL = 11;
const BEGIN_LINE = 1, END_LINE = 2, BEGIN_TEXT = 4, END_TEXT = 8, BOUNDARY = 16, NO_BOUNDARY = 32;
const FOLD_CASE = 1, NEWLINE = 10, HIGHEST = 0x10ffff;

/** Undefined: a kind of instruction that is not known here, or a table of more than `bitsMax` bits. */
export function bitRegex(program: Program, bitsMax = 8_000_000): BitRegex | undefined {
  const { inst } = program, states = inst.flatMap(({ op }, pc) => (op >= RUNE && op <= ANY_NOT_NL ? [pc] : []));
  if (inst.some(({ op }) => op < ALT || op > ANY_NOT_NL) || states.length ** 2 > bitsMax) return undefined;
  const tables = new Tables(program, states);
  let made: Classes | undefined;
  const classes = (): Classes => (made ??= new Classes(inst, states));
  const endOf = (text: string): number => run(text, tables, classes());
  return { endOf, test: (text) => endOf(text) >= 0, isSmall: () => comesTogether(tables, classes()), steps: tables.steps() };
}

function run(text: string, tables: Tables, classes: Classes): number {
  const { words, uses } = tables;
  let code = codeAt(text, 0), at = 0, table = tables.of(placeOf(-1, code));
  if (table.startAccepts) return 0;
  let now = Int32Array.from(table.start), next = new Int32Array(words);
  while (code >= 0) {
    at += code > 0xffff ? 2 : 1;
    const following = codeAt(text, at);
    if (uses !== 0) table = tables.of(placeOf(code, following));
    if (step(now, next, classes.maskOf(code), table) || table.startAccepts) return at;
    const before = now;
    now = next;
    next = before;
    code = following;
  }
  return -1;
}

/** Reads a character: `next` is what is on after it, `now` what of it was read. True: the program has matched. */
function step(now: Int32Array, next: Int32Array, mask: Int32Array, { start, chain, accept, groups }: Table): boolean {
  let carry = 0, isLive = 0;
  for (let word = 0; word < now.length; word++) {
    const live = (now[word] as number) & (mask[word] as number), moved = live & (chain[word] as number);
    if ((live & (accept[word] as number)) !== 0) return true;
    now[word] = live;
    isLive |= live;
    next[word] = (start[word] as number) | (moved << 1) | carry;
    carry = moved >>> 31;
  }
  if (isLive === 0) return false;
  for (const { members, rest } of groups) {
    for (let i = 0; i < members.length; i += 2) {
      if (((now[members[i] as number] as number) & (members[i + 1] as number)) === 0) continue;
      for (let j = 0; j < rest.length; j += 2) next[rest[j] as number] = (next[rest[j] as number] as number) | (rest[j + 1] as number);
      break;
    }
  }
  return false;
}

const WAYS_MAX = 256, LOOKS_MAX = 20_000;

/** Follows every way in which states can be on together, up to a limit. */
function comesTogether(tables: Tables, classes: Classes): boolean {
  const places = tables.uses === 0 ? [0] : PLACES, masks = classes.all(), known = new Set<string>(), waiting: Int32Array[] = [];
  let looks = 0;
  const meet = (bits: Int32Array): void => {
    const key = bits.join();
    if (known.has(key)) return;
    known.add(key);
    waiting.push(bits);
  };
  for (const place of places) meet(Int32Array.from(tables.of(place).start));
  for (let bits = waiting.pop(); bits !== undefined; bits = waiting.pop()) {
    for (const mask of masks) for (const place of places) {
      if (++looks > LOOKS_MAX || known.size > WAYS_MAX) return false;
      const next = new Int32Array(tables.words);
      if (!step(Int32Array.from(bits), next, mask, tables.of(place))) meet(next);
    }
  }
  return true;
}

/** A code point, a lone surrogate as itself, -1 at the end. */
const codeAt = (text: string, at: number): number => text.codePointAt(at) ?? -1;
const isWord = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);

/** What is true between two characters; -1 is the begin or the end of the text. */
function placeOf(before: number, after: number): number {
  return (before === -1 ? BEGIN_TEXT | BEGIN_LINE : before === NEWLINE ? BEGIN_LINE : 0) | (after === -1 ? END_TEXT | END_LINE : after === NEWLINE ? END_LINE : 0)
    | (isWord(before) === isWord(after) ? NO_BOUNDARY : BOUNDARY);
}

/** Every kind of place: what is before, what is behind. */
const PLACES: readonly number[] = [...new Set([-1, NEWLINE, 97, 32].flatMap((before) => [-1, NEWLINE, 97, 32].map((after) => placeOf(before, after))))];

interface Table {
  readonly start: Int32Array;
  readonly startAccepts: boolean;
  /** States that turn on the one behind them. */
  readonly chain: Int32Array;
  /** States behind which the program has matched. */
  readonly accept: Int32Array;
  /** Pairs of word and bits. */
  readonly groups: readonly { readonly members: Int32Array; readonly rest: Int32Array }[];
}

class Tables {
  readonly words: number;
  /** The places that the program asks about. */
  readonly uses: number;
  readonly #tables = new Map<number, Table>();
  readonly #numberOf: Int32Array;
  /** When an instruction was last looked at. */
  readonly #seen: Int32Array;
  #look = 0;

  constructor(readonly program: Program, readonly states: readonly number[]) {
    this.words = Math.max(1, Math.ceil(states.length / 32));
    this.uses = program.inst.reduce((uses, { op, arg }) => (op === EMPTY_WIDTH ? uses | arg : uses), 0);
    this.#numberOf = new Int32Array(program.inst.length).fill(-1);
    this.#seen = new Int32Array(program.inst.length);
    states.forEach((pc, number) => { this.#numberOf[pc] = number; });
  }

  of(place: number): Table {
    const key = place & this.uses;
    let table = this.#tables.get(key);
    if (table === undefined) this.#tables.set(key, table = this.#make(key));
    return table;
  }

  /** Of the place where most follows: every ^, $ and \b holds. */
  steps(): number {
    const { groups } = this.#make(-1);
    return 3 * this.words + groups.reduce((sum, { members, rest }) => sum + (members.length + rest.length) / 2, 0);
  }

  #make(place: number): Table {
    const { words, states, program } = this, bits = (numbers: readonly number[] = []): Int32Array => {
      const all = new Int32Array(words);
      for (const number of numbers) set(all, number);
      return all;
    };
    const begin = this.#follow(program.start, place), chain = bits(), accept = bits(), groups = new Map<string, { readonly members: number[]; readonly rest: readonly number[] }>();
    states.forEach((pc, number) => {
      const { on, matches } = this.#follow((program.inst[pc] as Instruction).out, place), rest = on.filter((one) => one !== number + 1);
      if (matches) set(accept, number);
      if (rest.length < on.length) set(chain, number);
      if (rest.length === 0) return;
      const key = rest.join(), group = groups.get(key);
      if (group === undefined) groups.set(key, { members: [number], rest }); else group.members.push(number);
    });
    return { start: bits(begin.on), startAccepts: begin.matches, chain, accept, groups: [...groups.values()].map(({ members, rest }) => ({ members: pairs(bits(members)), rest: pairs(bits(rest)) })) };
  }

  /** The states that `pc` leads to without a character, in the same order for the same ones; whether it leads to a match. */
  #follow(pc: number, place: number): { readonly on: readonly number[]; readonly matches: boolean } {
    const { inst } = this.program, stack = [pc], on: number[] = [], look = ++this.#look;
    let matches = false;
    while (stack.length > 0) {
      const next = stack.pop() as number, { op, out, arg } = inst[next] as Instruction;
      if (this.#seen[next] === look) continue;
      this.#seen[next] = look;
      if (op === MATCH) matches = true;
      else if (op === ALT || op === ALT_MATCH) stack.push(arg, out);
      else if (op === CAPTURE || op === NOP) stack.push(out);
      else if (op === EMPTY_WIDTH) { if ((arg & ~place) === 0) stack.push(out); }
      else if (op !== FAIL) on.push(this.#numberOf[next] as number);
    }
    return { on: on.sort((one, other) => one - other), matches };
  }
}

const set = (bits: Int32Array, number: number): void => { bits[number >> 5] = (bits[number >> 5] as number) | (1 << (number & 31)); };
const pairs = (bits: Int32Array): Int32Array => Int32Array.from([...bits].flatMap((word, i) => (word === 0 ? [] : [i, word])));

/** Which states a character is for. Characters that no state tells apart share the answer. */
class Classes {
  readonly #kinds = new Map<string, { readonly instruction: Instruction; readonly bits: Int32Array }>();
  /** Where another class begins, ascending; the first is 0. */
  readonly #bounds: Int32Array;
  readonly #masks: (Int32Array | undefined)[];
  readonly #ascii: (Int32Array | undefined)[] = new Array<Int32Array | undefined>(128).fill(undefined);
  readonly #words: number;

  constructor(inst: readonly Instruction[], states: readonly number[]) {
    this.#words = Math.max(1, Math.ceil(states.length / 32));
    const bounds = new Set([0, NEWLINE, NEWLINE + 1]), shared = new Map<ArrayLike<number>, string>();
    states.forEach((pc, number) => {
      const instruction = inst[pc] as Instruction, { op, arg, runes } = instruction;
      let key = shared.get(runes);
      if (key === undefined) shared.set(runes, key = Array.prototype.join.call(runes));
      key = `${op === RUNE1 ? RUNE : op} ${arg & FOLD_CASE} ${key}`;
      let kind = this.#kinds.get(key);
      if (kind === undefined) {
        this.#kinds.set(key, kind = { instruction, bits: new Int32Array(this.#words) });
        for (const [from, to] of rangesOf(instruction)) { bounds.add(from); bounds.add(to + 1); }
      }
      set(kind.bits, number);
    });
    this.#bounds = Int32Array.from([...bounds].sort((one, other) => one - other));
    this.#masks = new Array<Int32Array | undefined>(this.#bounds.length).fill(undefined);
  }

  maskOf(code: number): Int32Array {
    if (code >= 128) return this.#find(code);
    return this.#ascii[code] ?? (this.#ascii[code] = this.#find(code));
  }

  /** The answers for all characters there are. */
  all(): readonly Int32Array[] { return [...new Map([...this.#bounds].filter((code) => code <= HIGHEST).map((code) => { const mask = this.#find(code); return [mask.join(), mask]; })).values()]; }

  #find(code: number): Int32Array {
    let low = 0;
    for (let high = this.#bounds.length; high - low > 1;) { const middle = (low + high) >> 1; if ((this.#bounds[middle] as number) <= code) low = middle; else high = middle; }
    return this.#masks[low] ?? (this.#masks[low] = this.#make(code));
  }

  #make(code: number): Int32Array {
    const mask = new Int32Array(this.#words);
    for (const { instruction, bits } of this.#kinds.values()) if (reads(instruction, code)) bits.forEach((word, i) => { mask[i] = (mask[i] as number) | word; });
    return mask;
  }
}

function reads(instruction: Instruction, code: number): boolean {
  switch (instruction.op) {
    case ANY: return true;
    case ANY_NOT_NL: return code !== NEWLINE;
    default: return instruction.matchRune(code);
  }
}

function rangesOf({ op, arg, runes }: Instruction): (readonly [number, number])[] {
  if (op === ANY || op === ANY_NOT_NL) return [];
  if (runes.length === 1) {
    const code = runes[0] as number;
    return ((arg & FOLD_CASE) === 0 ? [code] : casesOf(code)).map((one) => [one, one]);
  }
  return Array.from({ length: runes.length / 2 }, (_, i) => [runes[2 * i] as number, Math.min(HIGHEST, runes[2 * i + 1] as number)]);
}

let cases: ReadonlyMap<string, readonly number[]> | undefined;
/** Characters that may differ from this one by case alone, and itself. */
function casesOf(code: number): readonly number[] {
  cases ??= allCases();
  const character = String.fromCodePoint(code), forms = [character, character.toLowerCase(), character.toUpperCase(), character.toUpperCase().toLowerCase(), character.toLowerCase().toUpperCase()];
  return [...new Set([code, ...forms.flatMap((form) => cases?.get(form) ?? []), ...forms.flatMap((form) => ([...form].length === 1 ? [form.codePointAt(0) as number] : []))])];
}

function allCases(): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (let code = 0; code < 0x20000; code++) {
    const character = String.fromCodePoint(code);
    for (const form of new Set([character.toLowerCase(), character.toUpperCase(), character.toUpperCase().toLowerCase()])) {
      if (form === character) continue;
      const known = found.get(form);
      if (known === undefined) found.set(form, [code]); else known.push(code);
    }
  }
  return found;
}
