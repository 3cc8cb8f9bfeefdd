// Two ways to make text comparable. `fold` is the meaning of "case-insensitive" in Sigma: the same everywhere (matcher,
// stores, browser). `foldSearch` is for people who type without Vietnamese marks; it is for searching only.

/** Case folded code point by code point (so a final sigma does not depend on its neighbours) and NFC-normalized. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const composed = text.normalize('NFC');
  if (!BY_POINT.test(composed)) return composed.toLowerCase().normalize('NFC');
  let folded = '';
  for (const point of composed) folded += foldPoint(point);
  return folded.normalize('NFC');
}
/** Characters whose lower case depends on their neighbours, is two characters, or is not the one wanted. */
const BY_POINT = /[Σςſİ]/;
const ASCII = /^[\x00-\x7f]*$/;
function foldPoint(point: string): string {
  const lower = point.toLowerCase();
  // U+0130 lowers to two code points: keep the base letter, so that lengths by code point stay equal.
  return lower === 'i̇' ? 'i' : lower === 'ς' ? 'σ' : lower === 'ſ' ? 's' : lower;
}

/** Case and marks removed: `Đăng nhập` = `dang nhap`. NFC and NFD give the same; Ð (U+00D0) counts as Đ. */
export function foldSearch(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐÐð]/g, 'd').toLowerCase();
}
