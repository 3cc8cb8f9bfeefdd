// Reads the text of a PDF that pdfmake wrote, for tests: content streams, the fonts' ToUnicode maps, link targets. Enough of PDF for
// that and no more.
import { inflateSync } from 'node:zlib';

export interface PdfText { readonly pages: readonly string[]; readonly links: readonly string[] }

export function readPdf(bytes: Buffer): PdfText {
  const objects = new Map<number, { readonly head: string; readonly stream?: Buffer }>(), text = bytes.toString('latin1');
  for (const match of text.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const start = (match.index ?? 0) + match[0].length, end = text.indexOf('\nendobj', start), body = text.slice(start, end), at = body.indexOf('stream\n');
    const head = at < 0 ? body : body.slice(0, at);
    const raw = at < 0 ? undefined : bytes.subarray(start + at + 7, start + body.lastIndexOf('\nendstream'));
    objects.set(Number(match[1]), { head, stream: raw && (/FlateDecode/.test(head) ? inflateSync(raw) : raw) });
  }
  const fonts = new Map<number, ReadonlyMap<number, string>>();
  for (const [id, { head }] of objects) {
    const unicode = /\/ToUnicode (\d+) 0 R/.exec(head)?.[1], map = unicode === undefined ? undefined : objects.get(Number(unicode))?.stream?.toString('latin1');
    if (map !== undefined) fonts.set(id, readMap(map));
  }
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b(?!s)/.test(head)).map(({ head }) => {
    const resources = objects.get(Number(/\/Resources (\d+) 0 R/.exec(head)?.[1]))?.head ?? head, content = objects.get(Number(/\/Contents (\d+) 0 R/.exec(head)?.[1]))?.stream?.toString('latin1') ?? '';
    const names = new Map([...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map((match) => [match[1] as string, fonts.get(Number(match[2]))]));
    return readContent(content, names);
  });
  return { pages, links: [...objects.values()].flatMap(({ head }) => [...head.matchAll(/\/URI \(([^)]*)\)/g)].map((match) => match[1] as string)) };
}

function readMap(map: string): ReadonlyMap<number, string> {
  const glyphs = new Map<number, string>(), toText = (hex: string): string => Buffer.from(hex.replace(/\s/g, ''), 'hex').swap16().toString('utf16le');
  for (const range of map.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/gi)) {
    [...(range[3] as string).matchAll(/<([0-9a-f ]+)>/gi)].forEach((entry, i) => glyphs.set(parseInt(range[1] as string, 16) + i, toText(entry[1] as string)));
  }
  return glyphs;
}

function readContent(content: string, fonts: ReadonlyMap<string, ReadonlyMap<number, string> | undefined>): string {
  let font: ReadonlyMap<number, string> | undefined, text = '';
  for (const match of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ|\bBT\b/g)) {
    if (match[1] !== undefined) font = fonts.get(match[1]);
    else if (match[2] === undefined) text += '\n';
    else for (const piece of match[2].matchAll(/<([0-9a-f]+)>/gi)) for (const glyph of (piece[1] as string).match(/.{4}/g) ?? []) text += font?.get(parseInt(glyph, 16)) ?? '\ufffd';
  }
  return text;
}
/** One line, for looking up phrases that were broken over lines. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').normalize('NFC');
