// One line of separated values; quotes doubled inside quotes (RFC 4180), a backslash before a quote too.
import { codeAt } from '../text.js';

const CELLS_MAX = 1000;

export function splitCsv(text: string, separator: string): string[] {
  const cells: string[] = [];
  let p = 0;
  while (cells.length < CELLS_MAX) {
    if (codeAt(text, p) === 34) {
      let cell = '', from = ++p;
      for (; p < text.length; p++) {
        const c = codeAt(text, p);
        if (c === 92 && codeAt(text, p + 1) === 34 && text.charAt(p + 2) !== separator) { cell += text.slice(from, p); from = ++p; }
        else if (c === 34) {
          if (codeAt(text, p + 1) !== 34) break;
          cell += text.slice(from, ++p);
          from = p + 1;
        }
      }
      cells.push(cell + text.slice(from, p));
      const next = text.indexOf(separator, p);
      if (next < 0) return cells;
      p = next + 1;
      continue;
    }
    const end = text.indexOf(separator, p);
    if (end < 0) { cells.push(text.slice(p)); return cells; }
    cells.push(text.slice(p, end));
    p = end + 1;
  }
  return cells;
}
