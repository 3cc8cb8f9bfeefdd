// The character sets that a system's senders may use beside UTF-8, by the names that browsers and Node give them. Chosen for a system in the
// registry (`encoding: windows-1258`), never guessed: only a byte order mark, or UTF-16 that shows by its zero bytes, speaks for itself.
export const ENCODINGS = ['utf-8', 'windows-1258', 'windows-1252', 'gb18030', 'big5', 'shift_jis', 'euc-kr', 'windows-1251', 'utf-16le', 'utf-16be'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** The encoding of that name, in any case; undefined when we have no such one. */
export function knownEncoding(name: string | undefined): Encoding | undefined {
  if (name === undefined) return undefined;
  const lower = name.toLowerCase();
  return ENCODINGS.find((encoding) => encoding === lower);
}

const decoders = new Map<Encoding, TextDecoder>();
export function decoderOf(encoding: Encoding): TextDecoder {
  let decoder = decoders.get(encoding);
  if (decoder === undefined) decoders.set(encoding, decoder = new TextDecoder(encoding, { ignoreBOM: true }));
  return decoder;
}
