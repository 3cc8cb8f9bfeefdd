// Regular expressions in RE2 syntax as trees over ASCII, as far as they are surely read: what is not understood here gives no tree, and
// others run the expression. Each character stands for the set of ASCII characters that it means, flags and classes applied.

/** By code: is it one of them? */
export type CharacterSet = Uint8Array;

export type RegexTree =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'edge'; readonly source: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'sequence' | 'either'; readonly parts: readonly RegexTree[] }
  | { readonly kind: 'repeat'; readonly part: RegexTree; readonly least: number; /** Infinity: any number. */ readonly most: number };

const DEPTH_MAX = 50;

class Unread extends Error {}

/** Undefined: not read. Flags of `ims`. */
export function readRegex(source: string, flags: string): RegexTree | undefined {
  const inline = /^\(\?([ims]+)\)/.exec(source), all = flags + (inline?.[1] ?? '');
  try {
    return new Reader(source.slice(inline?.[0].length ?? 0), all).read();
  } catch (error) {
    if (error instanceof Unread) return undefined;
    throw error;
  }
}

class Reader {
  #at = 0;
  #depth = 0;
  readonly #isFolded: boolean;

  constructor(readonly source: string, readonly flags: string) { this.#isFolded = flags.includes('i'); }

  read(): RegexTree {
    const tree = this.#either();
    if (this.#at < this.source.length) throw new Unread();
    return tree;
  }

  #either(): RegexTree {
    if (++this.#depth > DEPTH_MAX) throw new Unread();
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    this.#depth--;
    return parts.length === 1 ? parts[0] as RegexTree : { kind: 'either', parts };
  }

  #sequence(): RegexTree {
    const parts: RegexTree[] = [];
    while (this.#at < this.source.length && this.source[this.#at] !== '|' && this.source[this.#at] !== ')') parts.push(this.#repeated(this.#one()));
    return parts.length === 1 ? parts[0] as RegexTree : { kind: 'sequence', parts };
  }

  #repeated(part: RegexTree): RegexTree {
    const counts = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/.exec(this.source.slice(this.#at, this.#at + 20));
    if (counts === null) return part;
    if (part.kind === 'edge') throw new Unread();
    this.#at += counts[0].length;
    this.#take('?');
    if (/^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(this.source.slice(this.#at, this.#at + 20))) throw new Unread();
    const [sign, least, comma, most] = counts;
    if (sign === '*') return { kind: 'repeat', part, least: 0, most: Infinity };
    if (sign === '+') return { kind: 'repeat', part, least: 1, most: Infinity };
    if (sign === '?') return { kind: 'repeat', part, least: 0, most: 1 };
    return { kind: 'repeat', part, least: Number(least), most: comma === undefined ? Number(least) : most === '' ? Infinity : Number(most) };
  }

  #one(): RegexTree {
    const character = this.source[this.#at++] as string;
    switch (character) {
      case '(': return this.#group();
      case '[': return { kind: 'set', set: this.#class() };
      case '.': return { kind: 'set', set: setOf((code) => this.flags.includes('s') || code !== 10) };
      case '^': case '$': if (this.flags.includes('m')) throw new Unread(); return { kind: 'edge', source: character };
      case '*': case '+': case '?': throw new Unread();
      case '\\': return this.#escape();
      default: return { kind: 'set', set: this.#folded(this.#single(character)) };
    }
  }

  #group(): RegexTree {
    if (this.#take('?')) {
      const head = /^(?::|P?<\w+>)/.exec(this.source.slice(this.#at, this.#at + 80));
      if (head === null) throw new Unread();
      this.#at += head[0].length;
    }
    const tree = this.#either();
    if (!this.#take(')')) throw new Unread();
    return tree;
  }

  #escape(): RegexTree {
    const character = this.source[this.#at];
    switch (character) {
      case 'b': this.#at++; return { kind: 'edge', source: '\\b' };
      case 'B': this.#at++; return { kind: 'edge', source: '\\B' };
      case 'A': this.#at++; return { kind: 'edge', source: '^' };
      case 'z': this.#at++; return { kind: 'edge', source: '$' };
      default: return { kind: 'set', set: this.#folded(this.#escaped()) };
    }
  }

  /** Behind the stroke, in a class or outside. */
  #escaped(): CharacterSet {
    const character = this.source[this.#at++];
    if (character === undefined) throw new Unread();
    const named = NAMED[character.toLowerCase()];
    if (named !== undefined && /[dDwWsS]/.test(character)) return character === character.toLowerCase() ? named.slice() : setOf((code) => named[code] === 0);
    const control = CONTROLS[character];
    if (control !== undefined) return this.#single(String.fromCharCode(control));
    if (character === 'x') {
      const digits = /^[0-7][0-9A-Fa-f]/.exec(this.source.slice(this.#at, this.#at + 2));
      if (digits === null) throw new Unread();
      this.#at += 2;
      return this.#single(String.fromCharCode(parseInt(digits[0], 16)));
    }
    if (/[0-9A-Za-z]/.test(character)) throw new Unread();
    return this.#single(character);
  }

  #class(): CharacterSet {
    const isNegated = this.#take('^'), set = new Uint8Array(128);
    for (let isFirst = true; ; isFirst = false) {
      const character = this.source[this.#at++];
      if (character === undefined || (character === '[' && this.source[this.#at] === ':')) throw new Unread();
      if (character === ']' && !isFirst) break;
      const from = character === '\\' ? this.#escaped() : this.#single(character);
      if (this.source[this.#at] === '-' && this.source[this.#at + 1] !== ']') {
        this.#at++;
        const end = this.source[this.#at++], to = end === undefined || end === '[' ? new Uint8Array(128) : end === '\\' ? this.#escaped() : this.#single(end);
        const low = this.#codeOf(from), high = this.#codeOf(to);
        if (low > high) throw new Unread();
        for (let code = low; code <= high; code++) set[code] = 1;
      } else from.forEach((has, code) => { if (has === 1) set[code] = 1; });
    }
    if (this.#isFolded) foldCase(set);
    return isNegated ? setOf((code) => set[code] === 0) : set;
  }

  /** The one character that a set was made of, for the bounds of a range. */
  #codeOf(set: CharacterSet): number {
    const codes = [...set.keys()].filter((code) => set[code] === 1);
    if (codes.length !== 1) throw new Unread();
    return codes[0] as number;
  }

  #single(character: string): CharacterSet {
    const code = character.charCodeAt(0);
    if (code >= 128) throw new Unread();
    return setOf((one) => one === code);
  }

  #folded(set: CharacterSet): CharacterSet {
    if (this.#isFolded) foldCase(set);
    return set;
  }

  #take(character: string): boolean {
    if (this.source[this.#at] !== character) return false;
    this.#at++;
    return true;
  }
}

export const setOf = (has: (code: number) => boolean): CharacterSet => Uint8Array.from({ length: 128 }, (_, code) => (has(code) ? 1 : 0));
const isWord = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
const NAMED: Readonly<Record<string, CharacterSet | undefined>> = {
  d: setOf((code) => code >= 48 && code <= 57), w: setOf(isWord), s: setOf((code) => code === 9 || code === 10 || code === 12 || code === 13 || code === 32),
};
const CONTROLS: Readonly<Record<string, number | undefined>> = { t: 9, n: 10, r: 13, f: 12, v: 11, a: 7 };

function foldCase(set: CharacterSet): void {
  for (let lower = 97; lower <= 122; lower++) if (set[lower] === 1 || set[lower - 32] === 1) set[lower] = set[lower - 32] = 1;
}
