// What a text must contain for a regular expression to be found in it: any of a few ASCII literals, without regard to case.
// Careful rather than clever: what is not surely read (RE2 syntax) requires nothing, and the regex itself is asked.

/** One of these stands in every ASCII text that the regex is found in; undefined when none is sure to. Lower case. */
export function requiredLiterals(source: string): readonly string[] | undefined {
  try {
    const reader = new Reader(source), found = reader.alternatives();
    return reader.isAtEnd && found !== undefined && found.length <= LITERALS_MAX ? found : undefined;
  } catch (error) {
    if (error instanceof Unread) return undefined;
    throw error;
  }
}
const LITERALS_MAX = 64;
const LITERAL_MAX = 64;
const DEPTH_MAX = 50;

class Unread extends Error {}
type Found = readonly string[] | undefined;

/** What is surer to be rare: longer at its shortest. */
const strength = (found: Found): number => (found === undefined ? 0 : Math.min(...found.map((text) => text.length)) - found.length / 16);
const better = (one: Found, two: Found): Found => (strength(two) > strength(one) ? two : one);

class Reader {
  #at = 0;
  #depth = 0;
  constructor(readonly source: string) {}
  get isAtEnd(): boolean { return this.#at === this.source.length; }

  alternatives(): Found {
    if (++this.#depth > DEPTH_MAX) throw new Unread();
    let all: string[] | undefined = [];
    do {
      const found = this.#sequence();
      all = all === undefined || found === undefined ? undefined : [...all, ...found];
    } while (this.#take('|'));
    this.#depth--;
    return all;
  }

  #sequence(): Found {
    let best: Found, run = '';
    const end = (): void => { if (run !== '') best = better(best, [run.slice(0, LITERAL_MAX)]); run = ''; };
    while (this.#at < this.source.length && this.source[this.#at] !== '|' && this.source[this.#at] !== ')') {
      const piece = this.#piece(), least = this.#repeat();
      if (typeof piece === 'string') {
        if (least === undefined) { run += piece; continue; }
        if (least > 0) run += piece;
        end();
      } else {
        end();
        if (least !== 0) best = better(best, piece);
      }
    }
    end();
    return best;
  }

  /** One character (as text), or what a group requires; undefined for what may be several things. */
  #piece(): string | Found {
    const character = this.source[this.#at++] as string;
    switch (character) {
      case '(': return this.#group();
      case '[': this.#skipClass(); return undefined;
      case '.': case '^': case '$': return undefined;
      case '*': case '+': case '?': throw new Unread();
      case '\\': return this.#escape();
      default: return character < '\x80' ? character.toLowerCase() : undefined;
    }
  }

  #group(): Found {
    if (this.#take('?')) {
      const head = /^(?:P?<\w+>|[imsU-]*([:)]))/.exec(this.source.slice(this.#at, this.#at + 80));
      if (head === null) throw new Unread();
      this.#at += head[0].length;
      if (head[1] === ')') { this.#noRepeat(); return undefined; }
    }
    const found = this.alternatives();
    if (!this.#take(')')) throw new Unread();
    return found;
  }

  #escape(): string | undefined {
    const character = this.source[this.#at++];
    if (character === undefined) throw new Unread();
    if (/[dDwWsSbBAztnrfva]/.test(character)) return undefined;
    if (/[0-9A-Za-z]/.test(character) || character >= '\x80') throw new Unread();
    return character;
  }

  #skipClass(): void {
    this.#take('^');
    for (let first = true; ; first = false) {
      const character = this.source[this.#at++];
      if (character === undefined) throw new Unread();
      if (character === ']' && !first) return;
      if (character === '\\' && this.source[this.#at++] === 'Q') throw new Unread();
      if (character === '[' && this.source[this.#at] === ':') {
        const close = this.source.indexOf(':]', this.#at + 1);
        if (close >= 0 && /^:\^?[a-z]+$/.test(this.source.slice(this.#at, close))) this.#at = close + 2;
      }
    }
  }

  /** How often at least the piece before must stand; undefined where nothing is said: once. */
  #repeat(): number | undefined {
    const next = this.source[this.#at];
    let least: number | undefined;
    if (next === '*' || next === '?') { least = 0; this.#at++; }
    else if (next === '+') { least = 1; this.#at++; }
    else if (next === '{') {
      const counts = /^\{(\d+)(?:,\d*)?\}/.exec(this.source.slice(this.#at, this.#at + 20));
      if (counts === null) return undefined;
      least = Number(counts[1]);
      this.#at += counts[0].length;
    }
    if (least !== undefined) { this.#take('?'); this.#noRepeat(); }
    return least;
  }

  /** What a repetition here would repeat is not what stands before it. */
  #noRepeat(): void {
    const next = this.source[this.#at];
    if (next === '*' || next === '+' || next === '?' || next === '{') throw new Unread();
  }

  #take(character: string): boolean {
    if (this.source[this.#at] !== character) return false;
    this.#at++;
    return true;
  }
}
