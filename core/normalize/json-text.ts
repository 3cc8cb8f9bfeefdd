// JSON out of log lines: whole, or cut off anywhere (then as far as it goes). Never throws; nesting is bounded.
import { codeAt } from '../text.js';

export interface JsonText {
  readonly value: unknown;
  /** False: the text ended before the value did, or went on in another language. */
  readonly whole: boolean;
}

const DEPTH_MAX = 64;

/** `whole` false: it is known that the text is no JSON as a whole. */
export function readJson(text: string, whole = true): JsonText | undefined {
  if (whole && mayBeWhole(text)) try { return { value: JSON.parse(text) as unknown, whole: true }; } catch { /* cut off, or not JSON at all */ }
  const reader = new Reader(text);
  const value = reader.value(0);
  return value === NOTHING ? undefined : { value, whole: false };
}

/** A text that begins with a bracket as an object; null where it is none as a whole. */
export function readWholeObject(text: string): object | null {
  if (mayBeWhole(text)) try { return JSON.parse(text) as object; } catch { /* cut off, or not JSON at all */ }
  return null;
}

/** An object's text ends in its bracket; being told so by an exception costs more than reading a short line. */
function mayBeWhole(text: string): boolean {
  if (codeAt(text, 0) !== 123) return true;
  let end = text.length - 1;
  while (codeAt(text, end) <= 32) end--;
  return codeAt(text, end) === 125;
}

const NOTHING = Symbol('nothing');

class Reader {
  #at = 0;
  constructor(readonly text: string) {}

  value(depth: number): unknown {
    this.#gap();
    const c = codeAt(this.text, this.#at);
    if (c === 123) return depth >= DEPTH_MAX ? NOTHING : this.#object(depth);
    if (c === 91) return depth >= DEPTH_MAX ? NOTHING : this.#array(depth);
    if (c === 34) return this.#string();
    const start = this.#at;
    while (this.#at < this.text.length && !ENDS.has(codeAt(this.text, this.#at))) this.#at++;
    const word = this.text.slice(start, this.#at);
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    const number = Number(word);
    return word !== '' && Number.isFinite(number) ? number : NOTHING;
  }

  #object(depth: number): unknown {
    const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    this.#at++;
    for (;;) {
      this.#gap();
      if (codeAt(this.text, this.#at) === 125) { this.#at++; return object; }
      if (codeAt(this.text, this.#at) !== 34) return this.#stop(object);
      const key = this.#string();
      this.#gap();
      if (codeAt(this.text, this.#at) !== 58) return this.#stop(object);
      this.#at++;
      const value = this.value(depth + 1);
      if (value === NOTHING) return this.#stop(object);
      object[key] = value;
      this.#gap();
      if (codeAt(this.text, this.#at) === 44) this.#at++;
    }
  }

  #array(depth: number): unknown {
    const items: unknown[] = [];
    this.#at++;
    for (;;) {
      this.#gap();
      if (codeAt(this.text, this.#at) === 93) { this.#at++; return items; }
      const value = this.value(depth + 1);
      if (value === NOTHING) return this.#stop(items);
      items.push(value);
      this.#gap();
      if (codeAt(this.text, this.#at) === 44) this.#at++;
    }
  }

  #string(): string {
    let value = '', from = ++this.#at;
    for (; this.#at < this.text.length; this.#at++) {
      const c = codeAt(this.text, this.#at);
      if (c === 34) { value += this.text.slice(from, this.#at++); return value; }
      if (c !== 92) continue;
      value += this.text.slice(from, this.#at);
      const escape = this.text.charAt(++this.#at);
      const code = escape === 'u' ? parseInt(this.text.slice(this.#at + 1, this.#at + 5), 16) : NaN;
      if (escape === 'u' && !Number.isNaN(code)) { value += String.fromCharCode(code); this.#at += 4; }
      else value += ESCAPES[escape] ?? escape;
      from = this.#at + 1;
    }
    return value + this.text.slice(Math.min(from, this.text.length));
  }

  #gap(): void {
    for (let c = codeAt(this.text, this.#at); c === 32 || c === 10 || c === 13 || c === 9; c = codeAt(this.text, this.#at)) this.#at++;
  }
  /** What cannot be read ends everything: the rest is not looked at. */
  #stop<T>(value: T): T {
    this.#at = this.text.length;
    return value;
  }
}

const ENDS = new Set([44, 93, 125, 32, 10, 13, 9, 58, 34]);
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
