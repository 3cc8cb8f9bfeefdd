// SHA-256 of a text (UTF-8) as hex, FIPS 180-4, without any platform: for programs that bring none. Slower than the platform's.
const K = constants(64, 1 / 3), START = constants(8, 1 / 2);

export function sha256(text: string): string {
  const bytes = new TextEncoder().encode(text), padded = new Uint8Array(((bytes.length + 8) >> 6 << 6) + 64), view = new DataView(padded.buffer);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const state = [...START], w = new Int32Array(64);
  for (let at = 0; at < padded.length; at += 64) block(state, w, view, at);
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function block(state: number[], w: Int32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4);
  for (let i = 16; i < 64; i++) {
    const early = w[i - 15] as number, late = w[i - 2] as number;
    w[i] = (w[i - 16] as number) + (w[i - 7] as number) + (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)) + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (K[i] as number) + (w[i] as number)) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = ((state[i] as number) + word) | 0; });
}

const turn = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** The first 32 bits of the fractions of roots of the first primes. */
function constants(count: number, power: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    let isPrime = true;
    for (let by = 2; by * by <= n; by++) if (n % by === 0) { isPrime = false; break; }
    if (isPrime) found.push(((n ** power % 1) * 0x100000000) | 0);
  }
  return found;
}
