// A line of JSON read where it stands: its shape, and where each value is. Strings, numbers and objects are not made. Everything that
// events.ts treats in a way of its own, and everything that is no JSON, is left to it: `read` then says no. So it is with what is rare.
import type { Value } from '../../event.js';
import { Place, Shape, SLOTS_MAX } from './shape.js';

/** What stands in a slot. */
export const Kind = {
  /** Of ASCII characters that stand for themselves. */
  text: 1,
  /** With escapes of one character. */
  escaped: 2,
  /** Any other string. */
  other: 3,
  /** A whole number of at most 15 digits, written as JavaScript writes it. */
  whole: 4,
  decimal: 5,
  true: 6,
  false: 7,
  null: 8,
  /** Without objects and lists in it. */
  list: 9,
  /** A list that has some. */
  nested: 10,
} as const;

const QUOTE = 34, BACKSLASH = 92, COMMA = 44, COLON = 58, OPEN = 123, CLOSE = 125, OPEN_LIST = 91, CLOSE_LIST = 93;
const DEPTH_MAX = 12, PLACES_MAX = 20_000, DIGITS_MAX = 15;

/** What a character in a string is: 0 itself, 1 the end, 2 an escape, 3 beyond ASCII, 4 not allowed. */
const IN_STRING = Uint8Array.from({ length: 256 }, (_, byte) => (byte === QUOTE ? 1 : byte === BACKSLASH ? 2 : byte >= 128 ? 3 : byte < 32 ? 4 : 0));
/** Escapes of one character, by the character behind the stroke. */
const ESCAPES = new Uint8Array(256);
for (const [name, code] of [['"', 34], ['\\', 92], ['/', 47], ['b', 8], ['f', 12], ['n', 10], ['r', 13], ['t', 9]] as const) ESCAPES[name.charCodeAt(0)] = code;
/** The highest bit of each of four bytes. */
const HIGH = 0x80808080 | 0;
const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;
const isHex = (byte: number | undefined): boolean => byte !== undefined && (isDigit(byte) || (byte | 32) >= 97 && (byte | 32) <= 102);

export class JsonLine {
  bytes: Uint8Array = new Uint8Array(0);
  from = 0;
  to = 0;
  shape: Shape | undefined;
  /** By slot. Of a string without its quotes. */
  readonly kinds = new Uint8Array(SLOTS_MAX);
  readonly starts = new Int32Array(SLOTS_MAX);
  readonly ends = new Int32Array(SLOTS_MAX);
  /** Does a list hold objects? */
  hasNested = false;
  #root = Place.root();
  #places = 0;
  #kind = 0;
  #unescapedSlot = -1;
  #unescapedLength = 0;
  /** By slot: values that were asked for. */
  readonly #made = new Map<number, Value>();
  #words: DataView = new DataView(new ArrayBuffer(0));
  readonly #objects: Place[] = [];
  readonly #decoder = new TextDecoder();
  #scratch = new DataView(new ArrayBuffer(1024));
  /** What `unescape` has written. */
  unescaped = new Uint8Array(this.#scratch.buffer);

  /** False: read it another way. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#words.buffer !== bytes.buffer) this.#words = new DataView(bytes.buffer);
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.hasNested = false;
    this.#unescapedSlot = -1;
    if (this.#made.size > 0) this.#made.clear();
    this.shape = this.#read();
    return this.shape?.isOdd === false;
  }

  #read(): Shape | undefined {
    const { bytes, to, kinds, starts, ends } = this, objects = this.#objects;
    let place = this.#root, at = this.#blanks(this.from), mayClose = true;
    if (bytes[at++] !== OPEN) return undefined;
    objects.length = 0;
    for (;;) {
      if (isBlank(bytes[at])) at = this.#blanks(at);
      if (bytes[at] === CLOSE && mayClose) {
        at++;
      } else {
        const named = this.#name(place, at);
        if (named === undefined) return undefined;
        place = named;
        at += place.quoted.length;
        if (isBlank(bytes[at])) at = this.#blanks(at);
        if (bytes[at++] !== COLON) return undefined;
        if (isBlank(bytes[at])) at = this.#blanks(at);
        if (bytes[at] === OPEN) {
          if (objects.push(place) > DEPTH_MAX) return undefined;
          place = place.enter();
          at++;
          mayClose = true;
          continue;
        }
        const { slot } = place, start = at;
        at = this.#value(at, 0);
        if (at < 0 || at > to || slot >= SLOTS_MAX) return undefined;
        const kind = this.#kind, quotes = kind <= Kind.other ? 1 : 0;
        kinds[slot] = kind;
        starts[slot] = start + quotes;
        ends[slot] = at - quotes;
        if (bytes[at] === COMMA) { at++; mayClose = false; continue; }
        at = this.#blanks(at);
        if (bytes[at] === COMMA) { at++; mayClose = false; continue; }
        if (bytes[at++] !== CLOSE) return undefined;
      }
      // An object has ended, and with it maybe those around it.
      for (;;) {
        const object = objects.pop();
        if (object === undefined) return this.#blanks(at) === to ? (place.shape ??= new Shape(place)) : undefined;
        place = place.leave(object);
        at = this.#blanks(at);
        const byte = bytes[at++];
        if (byte === COMMA) { mayClose = false; break; }
        if (byte !== CLOSE) return undefined;
      }
    }
  }

  /** The place behind the name at `at`; undefined when it is no plain name. */
  #name(place: Place, at: number): Place | undefined {
    const { bytes } = this, { next } = place;
    if (next !== undefined) {
      const { quoted, fours } = next, words = this.#words, start = bytes.byteOffset + at;
      let i = 0;
      if (at + quoted.length <= this.to) while (i < fours.length && words.getInt32(start + i * 4) === fours[i]) i++;
      if (i === fours.length) {
        i *= 4;
        while (i < quoted.length && bytes[at + i] === quoted[i]) i++;
        if (i === quoted.length) return next;
      }
    }
    if (bytes[at] !== QUOTE) return undefined;
    const end = this.#string(at + 1);
    if (end < at + 3 || end > this.to || this.#kind !== Kind.text) return undefined;
    const key = this.#decoder.decode(bytes.subarray(at + 1, end - 1));
    let named = place.names.get(key);
    if (named === undefined) {
      if (++this.#places > PLACES_MAX) { this.#root = Place.root(); this.#places = 0; return undefined; }
      named = place.follow(key, bytes.slice(at, end));
    }
    place.next = named;
    return named;
  }

  /** The position behind the value; -1 where none begins. Its kind is in #kind. */
  #value(at: number, depth: number): number {
    switch (this.bytes[at]) {
      case QUOTE: return this.#string(at + 1);
      case OPEN_LIST: return this.#list(at + 1, depth);
      case 116: return this.#word(at, 'true', Kind.true);
      case 102: return this.#word(at, 'false', Kind.false);
      case 110: return this.#word(at, 'null', Kind.null);
      default: return this.#number(at);
    }
  }

  #string(from: number): number {
    const { bytes, to } = this, words = this.#words, offset = bytes.byteOffset, safe = to - 4;
    let at = from, kind: number = Kind.text;
    for (; at < to; at++) {
      // Four at a time while each is itself: no quote, no stroke, none below 32 or above 127.
      for (; at <= safe; at += 4) {
        const four = words.getInt32(offset + at), quote = four ^ 0x22222222, stroke = four ^ 0x5c5c5c5c;
        if (((four | (four - 0x20202020) | (quote - 0x01010101) | (stroke - 0x01010101)) & HIGH) !== 0) break;
      }
      if (at >= to) break;
      const what = IN_STRING[bytes[at] as number] as number;
      if (what === 0) continue;
      if (what === 1) { this.#kind = kind; return at + 1; }
      if (what === 3) { kind = Kind.other; continue; }
      if (what === 4) return -1;
      const next = bytes[++at] as number;
      if (next === 117) {
        for (let i = 1; i <= 4; i++) if (!isHex(bytes[at + i])) return -1;
        at += 4;
        kind = Kind.other;
      } else if (ESCAPES[next] === 0) return -1;
      else if (kind === Kind.text) kind = Kind.escaped;
    }
    return -1;
  }

  #number(from: number): number {
    const { bytes } = this, first = bytes[from] === 45 ? from + 1 : from;
    let at = first;
    while (isDigit(bytes[at])) at++;
    if (at === first || at - first > DIGITS_MAX || (bytes[first] === 48 && (at - first > 1 || first > from))) return -1;
    this.#kind = Kind.whole;
    if (bytes[at] === 46) {
      const point = at++;
      while (isDigit(bytes[at])) at++;
      if (at === point + 1 || at - first > DIGITS_MAX) return -1;
      this.#kind = Kind.decimal;
    }
    return bytes[at] === 101 || bytes[at] === 69 ? -1 : at;
  }

  #word(at: number, word: string, kind: number): number {
    for (let i = 1; i < word.length; i++) if (this.bytes[at + i] !== word.charCodeAt(i)) return -1;
    this.#kind = kind;
    return at + word.length;
  }

  /** Checked, and not remembered: lists are few. */
  #list(from: number, depth: number): number {
    const { bytes } = this;
    let at = this.#blanks(from), kind: number = Kind.list;
    if (bytes[at] === CLOSE_LIST) { this.#kind = kind; return at + 1; }
    for (;;) {
      at = this.#blanks(at);
      if (bytes[at] === OPEN || bytes[at] === OPEN_LIST) { kind = Kind.nested; this.hasNested = true; }
      at = bytes[at] === OPEN ? this.#object(at + 1, depth + 1) : this.#value(at, depth + 1);
      if (at < 0 || depth > DEPTH_MAX) return -1;
      at = this.#blanks(at);
      if (bytes[at] === CLOSE_LIST) { this.#kind = kind; return at + 1; }
      if (bytes[at++] !== COMMA) return -1;
    }
  }

  #object(from: number, depth: number): number {
    const { bytes } = this;
    let at = this.#blanks(from);
    if (bytes[at] === CLOSE) return at + 1;
    for (;;) {
      at = this.#blanks(at);
      if (bytes[at] !== QUOTE) return -1;
      at = this.#string(at + 1);
      if (at < 0) return -1;
      at = this.#blanks(at);
      if (bytes[at++] !== COLON) return -1;
      at = this.#blanks(at);
      at = bytes[at] === OPEN ? this.#object(at + 1, depth + 1) : this.#value(at, depth + 1);
      if (at < 0 || depth > DEPTH_MAX) return -1;
      at = this.#blanks(at);
      if (bytes[at] === CLOSE) return at + 1;
      if (bytes[at++] !== COMMA) return -1;
    }
  }

  #blanks(from: number): number {
    let at = from;
    while (at < this.to && isBlank(this.bytes[at])) at++;
    return at;
  }

  /** An `escaped` string as it is meant, in bytes that hold until the next one is asked for; its length. */
  unescape(slot: number): number {
    if (slot === this.#unescapedSlot) return this.#unescapedLength;
    const { bytes } = this, end = this.ends[slot] as number;
    let at = this.starts[slot] as number, length = 0;
    if (end - at > this.#scratch.byteLength) this.#grow((end - at) * 2);
    const into = this.#scratch, words = this.#words, offset = bytes.byteOffset, safe = end - 4;
    for (; at < end; at++) {
      for (; at <= safe; at += 4, length += 4) {
        const four = words.getInt32(offset + at), stroke = four ^ 0x5c5c5c5c;
        if (((stroke - 0x01010101) & ~stroke & HIGH) !== 0) break;
        into.setInt32(length, four);
      }
      if (at >= end) break;
      const byte = bytes[at] as number;
      into.setUint8(length++, byte === BACKSLASH ? ESCAPES[bytes[++at] as number] as number : byte);
    }
    this.#unescapedSlot = slot;
    return (this.#unescapedLength = length);
  }

  #grow(size: number): void {
    this.#scratch = new DataView(new ArrayBuffer(size));
    this.unescaped = new Uint8Array(this.#scratch.buffer);
  }

  /** What JSON.parse makes of the value in a slot. */
  value(slot: number): Value {
    const made = this.#made.get(slot);
    if (made !== undefined) return made;
    const value = this.#make(slot);
    this.#made.set(slot, value);
    return value;
  }

  #make(slot: number): Value {
    const kind = this.kinds[slot] as number, start = this.starts[slot] as number, end = this.ends[slot] as number;
    switch (kind) {
      case Kind.text: return this.#decoder.decode(this.bytes.subarray(start, end));
      case Kind.escaped: { const length = this.unescape(slot); return this.#decoder.decode(this.unescaped.subarray(0, length)); }
      case Kind.other: return JSON.parse(this.#decoder.decode(this.bytes.subarray(start - 1, end + 1))) as Value;
      default: return JSON.parse(this.#decoder.decode(this.bytes.subarray(start, end))) as Value;
    }
  }

  /** The line, for those who read it another way. */
  text(): string { return this.#decoder.decode(this.bytes.subarray(this.from, this.to)); }
}
