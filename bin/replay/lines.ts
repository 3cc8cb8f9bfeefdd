// The lines of a log file as bytes: a line ends at LF, one CR before it belongs to the end too; the last line needs no end. Empty
// lines say nothing and are left out. A file is read in pieces, so its size does not matter.
import { createReadStream } from 'node:fs';

export async function* readLines(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
    const piece = chunk as Buffer;
    let start = 0;
    for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, start)) {
      const line = trim(rest.length === 0 ? piece.subarray(start, end) : Buffer.concat([...rest, piece.subarray(start, end)]));
      rest = [];
      start = end + 1;
      if (line.length > 0) yield line;
    }
    if (start < piece.length) rest.push(piece.subarray(start));
  }
  const last = trim(Buffer.concat(rest));
  if (last.length > 0) yield last;
}

const trim = (line: Buffer): Buffer => (line.at(-1) === 0x0d ? line.subarray(0, -1) : line);
