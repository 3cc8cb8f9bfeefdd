// XML, one pass from left to right: no document is built, and broken XML gives what stands before the break.
import { codeAt, codeInside } from '../../text.js';

/** `attributes` are names and values in turns; of `parents` the outermost stands first. Both are good for the call only. */
export type TakeElement = (name: string, attributes: readonly string[], text: string, parents: readonly string[]) => void;

const DEPTH_MAX = 32, ELEMENTS_MAX = 2000;

/** Gives the elements that hold text or attributes to `take`, in order. Broken XML gives what stands before the break. */
export function eachElement(xml: string, take: TakeElement): void {
  const names: string[] = [], attributes: (readonly string[])[] = [], starts: number[] = [];
  let p = 0, inner = false;
  for (let count = 0; count < ELEMENTS_MAX; count++) {
    const at = xml.indexOf('<', p);
    if (at < 0) break;
    const end = xml.indexOf('>', at);
    if (end < 0) break;
    p = end + 1;
    const c = codeAt(xml, at + 1);
    if (c === 63 || c === 33) continue;
    if (c === 47) {
      const name = names.pop(), own = attributes.pop() ?? NONE, from = starts.pop() ?? 0;
      if (name !== undefined && (!inner || own.length > 0)) take(name, own, inner ? '' : decode(xml.slice(from, at)), names);
      inner = true;
      continue;
    }
    const closed = codeAt(xml, end - 1) === 47, stop = closed ? end - 1 : end, nameStop = wordEnd(xml, at + 1, stop), name = xml.slice(at + 1, nameStop), own = nameStop === stop ? NONE : readAttributes(xml.slice(nameStop, stop));
    if (closed) { take(name, own, '', names); inner = true; continue; }
    if (names.length >= DEPTH_MAX) break;
    names.push(name); attributes.push(own); starts.push(p);
    inner = false;
  }
  const name = names.pop();
  if (name !== undefined && !inner) take(name, attributes.pop() ?? NONE, decode(xml.slice(starts.pop())), names);
}
const NONE: readonly string[] = [];

/** Where the first blank stands, or `end`. */
function wordEnd(text: string, from: number, end: number): number {
  for (let p = from; p < end; p++) { const c = codeInside(text, p); if (c <= 32 || c >= 128) { if (BLANK.test(text.charAt(p))) return p; } }
  return end;
}
const BLANK = /\s/;

function readAttributes(text: string): readonly string[] {
  const attributes: string[] = [];
  for (let p = 0; p < text.length;) {
    const equals = text.indexOf('=', p);
    if (equals < 0) break;
    const quote = codeAt(text, equals + 1), end = quote === 34 || quote === 39 ? text.indexOf(quote === 34 ? '"' : "'", equals + 2) : -1;
    if (end < 0) break;
    attributes.push(text.slice(p, equals).trim(), decode(text.slice(equals + 2, end)));
    p = end + 1;
  }
  return attributes;
}
/** The value of the attribute of that name, of several the last. */
export function attributeOf(attributes: readonly string[], name: string): string | undefined {
  for (let i = attributes.length - 2; i >= 0; i -= 2) if (attributes[i] === name) return attributes[i + 1];
  return undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
/** The text that entities stand for. */
export function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x?[0-9a-fA-F]{1,6}|[a-z]{2,4});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = name.startsWith('#x') ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
