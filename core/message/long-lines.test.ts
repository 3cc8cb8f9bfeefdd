// No reader is quadratic or worse: known lines of every format, one piece of each said again and again, must cost in proportion to their length.
// A line grows by a quarter until it has a thousand characters (whatever takes exponentially long shows while it still ends), then doubles.
// Every thirtieth piece up to 60 KB in `npm test`, all of them up to 240 KB by `npm run proofs -- parse`.
// Work is measured as processor time of this process, so other load on the machine counts little; what looks too slow is measured again.
import { FIXTURES } from '../normalize/fixtures/lines.js';
import { createParseContext, parseLine } from './parse-line.js';

const FULL = Number(process.env['HAIDANG_LINES'] ?? 0) >= 100_000;
const EVERY = FULL ? 1 : 30, LENGTH_MAX = FULL ? 240_000 : 60_000;
/** A step that costs less says nothing: one that is quadratic costs far more before the greatest length. */
const FLOOR_MS = 8;
/** Twice the text may cost three times as much. */
const GROWTH = Math.log2(3), TRIES = 6;
const received = Date.parse('2026-02-17T14:00:00Z');

interface Flood { readonly before: string; readonly piece: string; readonly after: string }
const textOf = ({ before, piece, after }: Flood, length: number): string => before + piece.repeat(Math.max(1, Math.ceil((length - before.length - after.length) / piece.length))) + after;

/** Each word of a line and each run of marks, alone and with what follows it, standing where it stood, many times. */
function* floods(line: string): Generator<Flood> {
  const seen = new Set<string>(), parts = [...line.matchAll(/\w+|[^\w]+/g)];
  for (const [i, { 0: part, index }] of parts.entries()) {
    for (const piece of [part, part + (parts[i + 1]?.[0] ?? ''), part[0] as string, (parts[i - 1]?.[0].slice(-1) ?? '') + part]) {
      if (seen.has(piece)) continue;
      seen.add(piece);
      yield { before: line.slice(0, index), piece, after: line.slice(index) };
    }
  }
  yield { before: '', piece: line, after: '' };
}

const context = createParseContext();
let lines = 0;
function costMs(raw: string): number {
  const before = process.cpuUsage();
  parseLine({ raw, received, source: '192.0.2.1', context });
  lines++;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** What grew too fast, for people; undefined: nothing did. */
function tooSlow(flood: Flood, costOf = costMs): string | undefined {
  let length = flood.before.length + flood.piece.length + flood.after.length, short = textOf(flood, length), shortMs = costOf(short);
  while (short.length < LENGTH_MAX) {
    length = Math.ceil(length * (length < 1000 ? 1.25 : 2));
    const long = textOf(flood, length), allowed = (long.length / short.length) ** GROWTH;
    let longMs = costOf(long);
    for (let tries = 0; longMs > FLOOR_MS && longMs > allowed * shortMs; tries++) {
      if (tries === TRIES) return `${short.length} characters ${shortMs.toFixed(1)} ms, ${long.length} characters ${longMs.toFixed(1)} ms: ${JSON.stringify(flood.before.slice(0, 300))}, then again and again ${JSON.stringify(flood.piece.slice(0, 300))}`;
      longMs = Math.min(longMs, costOf(long)); // the greater of what the shorter took: a lucky first measurement is none
      shortMs = Math.max(shortMs, costOf(short));
    }
    short = long; shortMs = longMs;
  }
  return undefined;
}

test('known lines in which a piece is repeated cost in proportion to their length, in every format', () => {
  let at = 0, floodCount = 0, dearest = 0, dearestOf = '';
  const wrong: string[] = [];
  for (const { format, raw } of FIXTURES) for (const flood of floods(raw)) {
    if (at++ % EVERY !== 0) continue;
    floodCount++;
    const found = tooSlow(flood);
    if (found !== undefined) wrong.push(`${format}: ${found}`);
    if (!FULL) continue;
    const ms = costMs(textOf(flood, LENGTH_MAX));
    if (ms > dearest) { dearest = ms; dearestOf = `${format}, ${JSON.stringify(flood.piece.slice(0, 60))}`; }
  }
  if (FULL) process.stdout.write(`${floodCount} pieces repeated, ${lines} lines of up to ${LENGTH_MAX} characters; the dearest took ${dearest.toFixed(0)} ms: ${dearestOf}\n`);
  expect(wrong).toEqual([]);
}, FULL ? 3_600_000 : 240_000);

/** Found by the full hunt, of which `npm test` asserts one piece in thirty: they stay asserted. */
const FOUND: readonly Flood[] = [
  { before: '<134>Feb 17 13:40:03 waf1 2026-02-17 13:40:03.123 +0700 waf1 WF ALER SQL_INJECTION_IN_PARAM 203.0.113.9 51122 rule1 GLOBAL DENY NONE', piece: ' [', after: ' GET /a' },
];
test('what the full hunt once found stays mended', () => {
  expect(FOUND.map((flood) => tooSlow(flood)).filter((found) => found !== undefined)).toEqual([]);
}, 60_000);

test('the hunt finds a reader that is quadratic, and one that takes exponentially long', () => {
  const flood = { before: 'a ', piece: 'bc', after: ' d' };
  expect(tooSlow(flood, (text) => text.length / 1000)).toBeUndefined();
  expect(tooSlow(flood, (text) => text.length * Math.log2(text.length) / 10_000)).toBeUndefined();
  expect(tooSlow(flood, (text) => text.length ** 2 / 1e7)).toContain('then again and again "bc"');
  expect(tooSlow(flood, (text) => 2 ** (text.length / 10) / 1000)).toMatch(/^\d\d\d? characters/);
});
