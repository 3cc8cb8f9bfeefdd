// Encodings that Sigma modifiers speak of, on plain arrays of bytes: no Node, no browser API beyond TextEncoder.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export const utf8 = (text: string): readonly number[] => [...new TextEncoder().encode(text)];

export function utf16(text: string, order: 'le' | 'be'): readonly number[] {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i), low = unit & 0xff, high = unit >> 8;
    if (order === 'le') bytes.push(low, high); else bytes.push(high, low);
  }
  return bytes;
}

/** RFC 4648 section 4, with padding. */
export function base64(bytes: readonly number[]): string {
  let encoded = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i] as number, bytes[i + 1], bytes[i + 2]];
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    encoded += `${ALPHABET[word >> 18]}${ALPHABET[(word >> 12) & 63]}${b === undefined ? '=' : ALPHABET[(word >> 6) & 63]}${c === undefined ? '=' : ALPHABET[word & 63]}`;
  }
  return encoded;
}
