// The words of an event in the search index, for who looks for a text wherever it stands: `words` holds each word of the searched
// fields once, folded as a search folds, and a question runs over the different words of a week in place of its different texts, of
// which nearly every event has some of its own. A word is what stands between spaces, quotes and brackets: an address, a path, a name
// with its digits. A text without such a separator stands in a value exactly when it stands in a word. Pure: no Node API.

/** Ends a word. The server's `whitespace` analyzer separates by a part of these. */
const SEPARATORS = /[\s\0-\x20\x7f-\x85"'`,;|()[\]{}<>]+/;
/** The analyzer cuts words of more than 255 units: these stand in `longs`. */
export const WORD_UNITS_MAX = 200;

/** The words of a text that is folded already; `''` at an end that is a separator. */
export const splitWords = (folded: string): readonly string[] => folded.split(SEPARATORS);

/** Collects the words of one event. */
export class Words {
  private readonly met = new Set<string>();
  private joined = '';
  readonly longs: string[] = [];

  add(folded: string): void {
    // Most values are one word.
    if (SEPARATORS.test(folded)) for (const word of splitWords(folded)) this.addWord(word); else this.addWord(folded);
  }

  private addWord(word: string): void {
    if (word === '' || this.met.has(word)) return;
    this.met.add(word);
    if (word.length > WORD_UNITS_MAX) this.longs.push(word);
    else this.joined = this.joined === '' ? word : `${this.joined} ${word}`;
  }

  /** All but the long ones, a space between each two. */
  get words(): string { return this.joined; }
}
