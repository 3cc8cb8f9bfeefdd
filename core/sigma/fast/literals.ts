// The literals of one field, made ready for automata. One that is asked for at the start begins with a mark that no text holds, so
// that where it stands is part of what it is. Of a long literal only its head goes into the automaton, as far as it differs from all
// others; its tail is compared where the head is met. That keeps tables small: most characters of most literals are tails.

export type Where = 'inside' | 'start' | 'end' | 'whole';
/** `text` is folded and not empty; `atom` is told when it stands where it is asked for. */
export interface Literal { readonly text: string; readonly where: Where; readonly atom: number }

/** Literals of one text: those to tell wherever it stands, those to tell where a text ends with it. */
export interface Key {
  readonly isAtStart: boolean;
  readonly text: string;
  readonly atoms: readonly number[];
  readonly endAtoms: readonly number[];
  /** Characters in the automaton, the mark of the start included. */
  readonly head: number;
}

/** Stands for the start of a text. */
export const START = -1;
export const lengthOf = ({ isAtStart, text }: Pick<Key, 'isAtStart' | 'text'>): number => text.length + (isAtStart ? 1 : 0);
export function codeAt({ isAtStart, text }: Pick<Key, 'isAtStart' | 'text'>, at: number): number {
  if (!isAtStart) return text.charCodeAt(at);
  return at === 0 ? START : text.charCodeAt(at - 1);
}

/** A head can be met at every so many places of a text at most, so that texts made to meet heads cost little. */
const PERIOD_MIN = 6;
const TAIL_MIN = 3;
const TAIL_MAX = 64;

/** Sorted, equal texts joined, with their heads. */
export function keysOf(literals: readonly Literal[]): Key[] {
  const byText = new Map<string, { isAtStart: boolean; text: string; atoms: number[]; endAtoms: number[] }>();
  for (const { text, where, atom } of literals) {
    const isAtStart = where === 'start' || where === 'whole', id = (isAtStart ? '^' : ' ') + text;
    let key = byText.get(id);
    if (key === undefined) byText.set(id, key = { isAtStart, text, atoms: [], endAtoms: [] });
    (where === 'inside' || where === 'start' ? key.atoms : key.endAtoms).push(atom);
  }
  const sorted = [...byText.values()].sort((one, two) => Number(two.isAtStart) - Number(one.isAtStart) || (one.text < two.text ? -1 : 1));
  return sorted.map((key, i) => {
    const before = sorted[i - 1], after = sorted[i + 1];
    return { ...key, head: headOf(key, Math.max(before === undefined ? 0 : sharedPrefix(before, key), after === undefined ? 0 : sharedPrefix(key, after)) + 1) };
  });
}

export function sharedPrefix(one: Pick<Key, 'isAtStart' | 'text'>, two: Pick<Key, 'isAtStart' | 'text'>): number {
  if (one.isAtStart !== two.isAtStart) return 0;
  let i = 0;
  while (i < one.text.length && i < two.text.length && one.text.charCodeAt(i) === two.text.charCodeAt(i)) i++;
  return i + (one.isAtStart ? 1 : 0);
}

/** At least `least` characters, so many more that it does not overlap itself closely, and all of it where little would be left. */
function headOf(key: Pick<Key, 'isAtStart' | 'text'>, least: number): number {
  const length = lengthOf(key), borders = new Uint16Array(Math.min(length, 0xffff));
  let border = 0;
  for (let end = 1; end <= length; end++) {
    if (end > 1) {
      while (border > 0 && codeAt(key, border) !== codeAt(key, end - 1)) border = borders[border - 1] as number;
      if (codeAt(key, border) === codeAt(key, end - 1)) border++;
      borders[end - 1] = border;
    }
    if (length - end < TAIL_MIN) return length;
    if (end >= least && end - border >= PERIOD_MIN && length - end <= TAIL_MAX) return end;
  }
  return length;
}
