// Two ways to make text comparable. `fold` is the meaning of "case-insensitive" in Sigma: the same everywhere (matcher,
// stores, browser). `foldSearch` is for people who type without Vietnamese marks; it is for searching only.
import { isAscii } from './ascii.js';

/** Case folded code point by code point (so a final sigma does not depend on its neighbours) and NFC-normalized. */
export function fold(text: string): string {
  if (text.length < LONG) return folded(text);
  if (text !== last.text) last = { text, folded: folded(text) };
  return last.folded;
}
function folded(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text.normalize('NFC').replace(ALONE, (character) => FOLDED[character] as string).toLowerCase().normalize('NFC');
}
/** Long texts are folded for several who ask about them in turn. */
const LONG = 1_000;
let last = { text: '', folded: '' };

/** Characters whose lower case depends on their neighbours, is two characters (lengths by code point stay equal), or is not the one wanted. */
const ALONE = /[Σςſİ]/g;
const FOLDED: Readonly<Record<string, string>> = { Σ: 'σ', ς: 'σ', ſ: 's', İ: 'i' };

/** Case and marks removed: `Đăng nhập` = `dang nhap`. NFC and NFD give the same; Ð (U+00D0) counts as Đ. */
export function foldSearch(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐÐð]/g, 'd').toLowerCase();
}
