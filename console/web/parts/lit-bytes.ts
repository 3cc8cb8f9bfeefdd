// From byte ranges to text pieces: which parts of a line to light, by which condition. Ranges are offsets into the line as UTF-8; a
// range may begin or end inside a character (a broken sender), may overlap another, may lie outside: the piece grows to whole
// characters, overlaps share their piece, the rest is ignored. Pure.
export interface Range { readonly start?: number; readonly end?: number }
export interface Piece {
  readonly text: string;
  /** Indices of the ranges that hold this piece; empty = not lit. */
  readonly by: readonly number[];
  /** Ranges that begin with this piece: where their reference number stands. */
  readonly ends: readonly number[];
}

export function litPieces(line: string, ranges: readonly Range[]): Piece[] {
  const spans = ranges.flatMap(({ start, end }, index) => (start === undefined || end === undefined || end <= start ? [] : [{ start, end, index }]));
  if (spans.length === 0) return line === '' ? [] : [{ text: line, by: [], ends: [] }];
  const pieces: { text: string; by: number[]; ends: number[] }[] = [];
  let at = 0, key = '';
  for (const character of line) {
    const size = utf8Size(character.codePointAt(0) as number);
    const by = spans.filter(({ start, end }) => start < at + size && end > at).map(({ index }) => index);
    const last = pieces[pieces.length - 1], nextKey = by.join();
    if (last && nextKey === key) last.text += character; else pieces.push({ text: character, by, ends: [] });
    key = nextKey;
    at += size;
  }
  for (const { index } of spans) [...pieces].reverse().find(({ by }) => by.includes(index))?.ends.push(index);
  return pieces;
}

// A lone surrogate is encoded as U+FFFD, three bytes.
const utf8Size = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);

/** Text cut where a character would be unseen or would reorder its neighbours: controls, bidi marks, zero width, byte order mark. */
export function visible(text: string): { readonly text: string; readonly hidden: boolean }[] {
  const parts: { text: string; hidden: boolean }[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), hidden: false });
    parts.push({ text: escaped(match[0]), hidden: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), hidden: false });
  return parts;
}
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;
const NAMES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0', '\u001b': '\\e' };
const escaped = (character: string): string => NAMES[character] ?? `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
