// Bytes of one line -> text. UTF-8 unless the sender's system has another encoding; UTF-16 also where a byte order mark, or every second
// byte being zero, says so. Where the text does not say the bytes (invalid ones show as U+FFFD, other encodings) they are kept as base64.
// The text is the line as it came; `nfc` is what values are read from. Never throws.
import { decoderOf, type Encoding } from './encoding.js';

export interface Decoded {
  /** The line as text, without its line end. */
  readonly text: string;
  /** The bytes, where the text does not say them all. */
  readonly base64?: string;
  /** What the bytes were read as, where that was not UTF-8. */
  readonly encoding?: Encoding;
  /** Some bytes are no characters of that encoding. */
  readonly invalid?: boolean;
  /** Each byte is one character, and ASCII. */
  readonly ascii?: boolean;
  /** No character of the text can be composed with another: it is in NFC as it stands. */
  readonly plain?: boolean;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

export function decodeLine(bytes: Uint8Array, chosen?: Encoding): Decoded {
  const encoding = wideEncoding(bytes) ?? chosen;
  if (encoding !== undefined && encoding !== 'utf-8' && (encoding.startsWith('utf-16') || !isAscii(bytes))) {
    const text = withoutLineEnd(decoderOf(encoding).decode(encoding.startsWith('utf-16') ? evened(bytes, encoding) : bytes));
    return { text, base64: toBase64(bytes), encoding, invalid: text.includes('\ufffd') ? true : undefined, plain: undefined, ascii: undefined };
  }
  const text = utf8.decode(bytes);
  const line = withoutLineEnd(text);
  if (!COMPOSABLE.test(text)) return { text: line, base64: undefined, encoding: undefined, invalid: undefined, plain: true, ascii: text.length === bytes.length ? true : undefined };
  const invalid = text.includes('\ufffd') && !sameBytes(encoder.encode(text), bytes);
  return { text: line, base64: invalid ? toBase64(withoutEndBytes(bytes)) : undefined, encoding: undefined, invalid: invalid ? true : undefined, plain: undefined, ascii: undefined };
}

/** One line end is not part of a line: LF, or CR LF. */
export function withoutLineEnd(text: string): string {
  if (text.charCodeAt(text.length - 1) !== 10) return text;
  return text.slice(0, text.charCodeAt(text.length - 2) === 13 ? -2 : -1);
}
function withoutEndBytes(bytes: Uint8Array): Uint8Array {
  if (bytes[bytes.length - 1] !== 10) return bytes;
  return bytes.subarray(0, bytes.length - (bytes[bytes.length - 2] === 13 ? 2 : 1));
}

/** NFC, at no cost for text that cannot be anything else. */
export function nfc(text: string): string {
  return COMPOSABLE.test(text) ? text.normalize('NFC') : text;
}
const COMPOSABLE = /[\u0300-\uffff]/;

export function toBase64(bytes: Uint8Array): string {
  const whole = bytes.length - bytes.length % 3, text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let to = 0;
  for (let at = 0; at < whole; at += 3) {
    const three = (bytes[at] as number) << 16 | (bytes[at + 1] as number) << 8 | bytes[at + 2] as number;
    text[to++] = DIGITS[three >> 18] as number; text[to++] = DIGITS[three >> 12 & 63] as number; text[to++] = DIGITS[three >> 6 & 63] as number; text[to++] = DIGITS[three & 63] as number;
  }
  if (whole < bytes.length) {
    const rest = (bytes[whole] as number) << 16 | (bytes[whole + 1] ?? 0) << 8;
    text[to++] = DIGITS[rest >> 18] as number; text[to++] = DIGITS[rest >> 12 & 63] as number; text[to++] = whole + 1 < bytes.length ? DIGITS[rest >> 6 & 63] as number : PAD; text[to++] = PAD;
  }
  return utf8.decode(text);
}
const DIGITS = encoder.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'), PAD = 61;

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) > 127) return false;
  return true;
}
/** Cutting a stream at the byte 10 leaves the other half of a two-byte line end at the next line's beginning (LE) or at this one's end (BE). */
function evened(bytes: Uint8Array, encoding: Encoding): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  if (encoding === 'utf-16le' && bytes[0] === 0) return bytes.subarray(1);
  return encoding === 'utf-16be' && bytes[bytes.length - 1] === 0 ? bytes.subarray(0, -1) : bytes;
}

function wideEncoding(bytes: Uint8Array): Encoding | undefined {
  if (bytes.length < 2) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes.length < 8 || bytes.length % 2 === 1) return undefined;
  if (zeros(bytes, 1) && !zeros(bytes, 0)) return 'utf-16le';
  return zeros(bytes, 0) && !zeros(bytes, 1) ? 'utf-16be' : undefined;
}
/** Every second byte of the first eight, from `from`, is zero. */
const zeros = (bytes: Uint8Array, from: number): boolean => bytes[from] === 0 && bytes[from + 2] === 0 && bytes[from + 4] === 0 && bytes[from + 6] === 0;

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
