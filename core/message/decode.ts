// Bytes of one line -> text. UTF-8 with invalid bytes as U+FFFD (then the bytes are kept as base64), UTF-16 with a byte order
// mark or with every second byte zero. The text is the line as it came; `nfc` is what values are read from. Never throws.

export interface Decoded {
  /** The line as text, without its line end. */
  readonly text: string;
  /** The bytes, where the text does not say them all. */
  readonly base64?: string;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf16le = new TextDecoder('utf-16le', { ignoreBOM: true });
const utf16be = new TextDecoder('utf-16be', { ignoreBOM: true });
const encoder = new TextEncoder();

export function decodeLine(bytes: Uint8Array): Decoded {
  const wide = wideDecoder(bytes);
  if (wide !== undefined) return { text: withoutLineEnd(wide.decode(bytes)), base64: toBase64(bytes) };
  const text = utf8.decode(bytes);
  const line = withoutLineEnd(text);
  return text.includes('\ufffd') && !sameBytes(encoder.encode(text), bytes) ? { text: line, base64: toBase64(withoutEndBytes(bytes)) } : { text: line };
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
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

function wideDecoder(bytes: Uint8Array): TextDecoder | undefined {
  if (bytes.length < 2) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16le;
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16be;
  if (bytes.length < 8 || bytes.length % 2 === 1) return undefined;
  if (zeros(bytes, 1) && !zeros(bytes, 0)) return utf16le;
  return zeros(bytes, 0) && !zeros(bytes, 1) ? utf16be : undefined;
}
/** Every second byte of the first eight, from `from`, is zero. */
const zeros = (bytes: Uint8Array, from: number): boolean => bytes[from] === 0 && bytes[from + 2] === 0 && bytes[from + 4] === 0 && bytes[from + 6] === 0;

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
