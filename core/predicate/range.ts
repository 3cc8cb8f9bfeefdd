// Where a field's value stands in the raw line, as bytes of the frame. A value may stand there as written, quoted behind its
// name, or escaped as JSON; a value that was decoded (hex, base64) stands nowhere, and then there is no range.
import type { Event } from '../event.js';

/** Bytes [start, end) of the frame that hold `text[from, to)`, the value of `field`; nothing when it is not to be found. */
export function rangeInOriginal(event: Event, field: string, text: string, [from, to]: readonly [number, number]): { start: number; end: number } | undefined {
  const original = event['event.original'];
  if (typeof original !== 'string' || to <= from) return undefined;
  const bytes = event['event.original_b64'];
  const frame = typeof bytes === 'string' ? binary(bytes) : undefined;
  const line = frame ?? original, spell = frame === undefined ? (part: string) => part : utf8;
  for (const escape of [(part: string) => part, inJson]) {
    const whole = spell(escape(text)), at = placeOf(line, field, whole);
    const before = spell(escape(text.slice(0, from))).length, part = spell(escape(text.slice(from, to)));
    if (at >= 0) return range(line, at + before, part.length, frame !== undefined);
  }
  for (const escape of [(part: string) => part, inJson]) {
    const part = spell(escape(text.slice(from, to))), at = part.length < 3 ? -1 : line.indexOf(part);
    if (at >= 0) return range(line, at, part.length, frame !== undefined);
  }
  return undefined;
}

/** Behind the field's own name if it is written there, else as a whole word, else (when long enough to mean something) anywhere. */
function placeOf(line: string, field: string, value: string): number {
  if (value === '') return -1;
  const name = field.slice(field.lastIndexOf('.') + 1);
  for (const lead of [`${name}=`, `${name}="`, `${name}='`, `"${name}":"`, `"${name}": "`, `"${name}":`, `"${name}": `, `${name}: `]) {
    const at = line.indexOf(lead + value);
    if (at >= 0 && (at === 0 || !/\w/.test(line[at - 1] as string))) return at + lead.length;
  }
  for (let at = line.indexOf(value); at >= 0; at = line.indexOf(value, at + 1)) {
    if (!touches(line, at, value) && !touches(line, at + value.length, value)) return at;
  }
  return value.length < 3 ? -1 : line.indexOf(value);
}

/** Is the place between two characters of one word? */
const touches = (line: string, at: number, value: string): boolean =>
  /\w/.test(line[at - 1] ?? ' ') && /\w/.test(line[at] ?? ' ') && value !== '';

const inJson = (part: string): string => JSON.stringify(part).slice(1, -1);

function range(line: string, at: number, length: number, isBinary: boolean): { start: number; end: number } {
  if (isBinary) return { start: at, end: at + length };
  const start = utf8Length(line, 0, at);
  return { start, end: start + utf8Length(line, at, at + length) };
}

function utf8Length(text: string, from: number, to: number): number {
  let bytes = 0;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    // Each half of a surrogate pair counts two of its four bytes; a lone half is written as U+FFFD, three.
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < text.length && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) { bytes += 4; i++; }
    else bytes += 3;
  }
  return bytes;
}

const binary = (base64: string): string | undefined => {
  try { return atob(base64); } catch { return undefined; }
};
const utf8 = (text: string): string => {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
};
