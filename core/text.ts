// The characters of texts, read as fast whatever kind of string a text is. An engine keeps strings in many kinds (flat, a part of another, joined,
// interned; of one or two bytes a character); code that has met more than four of them looks up `text.charCodeAt` anew for each character, six
// times as slow, and a place beyond the end ends its compiled form. Readers of whole lines meet them all. Pure.

/** The code at a place that is inside the text; the caller knows where the text ends. */
export const codeInside: (text: string, at: number) => number = Function.prototype.call.bind(String.prototype.charCodeAt) as (text: string, at: number) => number;

/** The code at `at`, NaN beyond the end, as `charCodeAt` has it. */
export const codeAt = (text: string, at: number): number => (at >>> 0 < text.length ? codeInside(text, at) : NaN);

/** The last place of a character, -1 where there is none; for short texts. */
export function lastOf(text: string, code: number): number {
  for (let p = text.length - 1; p >= 0; p--) if (codeInside(text, p) === code) return p;
  return -1;
}
