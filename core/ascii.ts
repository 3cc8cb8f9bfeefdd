// Are all characters of a text ASCII? Asked of nearly every text, and long ones are best asked of the platform's encoder.
const PLAIN = /^[\x00-\x7f]*$/;
const ENCODE_MIN = 60, PIECE = 16_384;
const encoder = new TextEncoder(), written = new Uint8Array(PIECE);

export function isAscii(text: string): boolean {
  if (text.length < ENCODE_MIN) return PLAIN.test(text);
  for (let from = 0; from < text.length; from += PIECE) {
    const piece = text.length <= PIECE ? text : text.slice(from, from + PIECE), done = encoder.encodeInto(piece, written);
    // What does not fit is not read: both must be all of it.
    if (done.read !== piece.length || done.written !== piece.length) return false;
  }
  return true;
}
