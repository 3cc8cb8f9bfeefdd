// Lines that no format knows, grouped by what stays the same in them: `Door 3 opened by an` and `Door 17 opened by binh` are one template,
// `Door <number> opened by <*>`. Of each source the commonest are kept, so that an administrator sees what to describe next. Memory is bounded by
// the numbers below, whatever is sent; a template that comes rarely gives way to a new one.

export interface LineTemplate {
  /** Words, with `<number>`, `<ip>`, `<time>`, `<hex>`, `<*>` where they differ. */
  readonly text: string;
  readonly count: number;
  /** The latest line of it, cut at 500 characters. */
  readonly example: string;
}

const WORDS_MAX = 40, TEMPLATES_MAX = 60, EXAMPLE_MAX = 500, LINE_MAX = 2000, ALIKE = 0.6;

interface Group { words: string[]; count: number; example: string; touched: number }

/** The templates of one source. */
export class TemplateMiner {
  readonly #groups: Group[] = [];
  #lines = 0;

  constructor(readonly templatesMax = TEMPLATES_MAX) {}

  add(line: string): void {
    const words = wordsOf(line.length > LINE_MAX ? line.slice(0, LINE_MAX) : line), example = line.slice(0, EXAMPLE_MAX);
    this.#lines++;
    let best: Group | undefined, most = ALIKE;
    for (const group of this.#groups) {
      if (group.words.length !== words.length) continue;
      const alike = likeness(group.words, words);
      if (alike >= most) { best = group; most = alike; }
    }
    if (best !== undefined) {
      best.words = best.words.map((word, i) => (word === words[i] ? word : '<*>'));
      best.count++; best.example = example; best.touched = this.#lines;
      return;
    }
    if (this.#groups.length >= this.templatesMax) this.#forget();
    this.#groups.push({ words, count: 1, example, touched: this.#lines });
  }

  /** The commonest first. */
  top(most = 20): LineTemplate[] {
    return [...this.#groups].sort((a, b) => b.count - a.count || b.touched - a.touched).slice(0, most).map(({ words, count, example }) => ({ text: words.join(' '), count, example }));
  }

  /** The rarest goes, of equally rare ones the one that has not come for longest. */
  #forget(): void {
    let at = 0;
    for (let i = 1; i < this.#groups.length; i++) {
      const one = this.#groups[i] as Group, rarest = this.#groups[at] as Group;
      if (one.count < rarest.count || (one.count === rarest.count && one.touched < rarest.touched)) at = i;
    }
    this.#groups.splice(at, 1);
  }
}

/** Many sources, the latest that spoke kept. */
export class SourceTemplates {
  readonly #miners = new Map<string, TemplateMiner>();
  constructor(readonly sourcesMax = 200, readonly templatesMax = TEMPLATES_MAX) {}

  add(source: string, line: string): void {
    let miner = this.#miners.get(source);
    if (miner === undefined) {
      if (this.#miners.size >= this.sourcesMax) for (const oldest of this.#miners.keys()) { this.#miners.delete(oldest); break; }
      miner = new TemplateMiner(this.templatesMax);
    } else this.#miners.delete(source);
    this.#miners.set(source, miner);
    miner.add(line);
  }
  top(source: string, most?: number): LineTemplate[] { return this.#miners.get(source)?.top(most) ?? []; }
  sources(): string[] { return [...this.#miners.keys()]; }
}

/** The share of places where both have the same word; a place that already differs counts half. */
function likeness(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  for (let i = 0; i < a.length; i++) same += a[i] === b[i] ? 1 : a[i] === '<*>' ? 0.5 : 0;
  return a.length === 0 ? 1 : same / a.length;
}

/** Words, what changes from line to line masked; beyond the last place all are one. */
function wordsOf(line: string): string[] {
  const words = line.trim().split(/\s+/, WORDS_MAX + 1);
  if (words.length > WORDS_MAX) words[WORDS_MAX] = '<...>';
  return words.map(mask);
}

const MASKS: readonly (readonly [form: RegExp, name: string])[] = [
  [/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T:]\d{1,2}:\d{2}.{0,20})?$|^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?$/, '<time>'], [/^(?:\d{1,3}\.){3}\d{1,3}(?:[:/]\d{1,5})?$|^[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}$/, '<ip>'],
  [/^[+-]?\d[\d.,]{0,30}%?$/, '<number>'], [/^(?:0x[0-9a-fA-F]{1,32}|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{12,64})$/, '<hex>'],
];
/** `user=an,` is `user=<*>,`-like only after two lines differ; numbers and addresses are masked at once, marks around them kept. */
function mask(word: string): string {
  if (word.length > 200) return '<*>';
  for (const form of [BARE, KEYED]) {
    const inner = form.exec(word);
    if (inner === null) continue;
    const [, before = '', core = '', after = ''] = inner;
    for (const [value, name] of MASKS) if (value.test(core)) return `${before}${name}${after}`;
  }
  return /\d{3,}/.test(word) ? word.replace(/\d+/g, '<n>') : word;
}
const BARE = /^([([{"'<]{0,3})(.*?)([)\]}"'>,;:.]{0,4})$/s, KEYED = /^([([{"'<]{0,3}[\w.-]{1,40}[=:]["'[]{0,2})(.*?)([)\]}"'>,;:.]{0,4})$/s;
