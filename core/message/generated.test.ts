// What holds for every line, over lines that nobody wrote: made of the fixtures by cutting, gluing, swapping and breaking. 4,000 of them in
// `npm test`, 200,000 by `npm run proofs -- parse`; HAIDANG_SEED repeats a run.
import { FIXTURES } from '../normalize/fixtures/lines.js';
import { createParseContext, parseLine } from './parse-line.js';

const LINES = Number(process.env['HAIDANG_LINES'] ?? 4000), SEED = Number(process.env['HAIDANG_SEED'] ?? 20260217);
const received = Date.parse('2026-02-17T14:00:00Z'), lines = FIXTURES.map(({ raw }) => raw);
const ODD = ['<34>1 ', '<13>', '{"a":', '}', '"', "'", '\\', '\\"', '\0', '=', '|', ',', ';', ':', '[', ']', '(', ')', ' -> ', ' from ', '#011', '#012', '%ASA-6-302013: ', 'type=EXECVE msg=audit(1.1:1): ', '__proto__=1 constructor=2', '\ud800', '1.2.3.4', '::', '%{', '\u1ea1', '<Event>', 'CEF:0|', '\n', '\t'];

/** Numbers that a seed repeats (xorshift). */
function numbers(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => { state ^= state << 13; state ^= state >>> 17; state ^= state << 5; return (state >>> 0) % below; };
}
function lineOf(pick: (below: number) => number): string {
  const one = (): string => (pick(4) === 0 ? ODD[pick(ODD.length)] : lines[pick(lines.length)]) as string;
  let text = '';
  for (let parts = pick(3) + 1; parts > 0; parts--) {
    const part = one(), from = pick(2) === 0 ? 0 : pick(part.length), to = pick(2) === 0 ? part.length : pick(part.length + 1);
    text += from < to ? part.slice(from, to) : part;
  }
  for (let breaks = pick(3); breaks > 0 && text.length > 0; breaks--) { const at = pick(text.length); text = text.slice(0, at) + (pick(2) === 0 ? ODD[pick(ODD.length)] as string : String.fromCharCode(pick(0x2ff))) + text.slice(at + 1); }
  return text;
}

test('no generated line makes the parser throw; each has its times, its dataset and its original; what is read is plain values', () => {
  const pick = numbers(SEED), context = createParseContext(), utf8 = new TextEncoder(), wellFormed = new TextDecoder('utf-8', { ignoreBOM: true });
  let bytes = 0;
  const before = process.cpuUsage().user;
  for (let i = 0; i < LINES; i++) {
    const raw = lineOf(pick);
    bytes += raw.length;
    const { event } = parseLine(i % 3 === 0 ? { bytes: utf8.encode(raw), received, context, source: '192.0.2.1' } : { raw, received, context, source: '192.0.2.1' });
    const told = (what: string): string => `${what}: seed ${SEED}, line ${i}: ${JSON.stringify(raw)}`;
    const whole = raw.replace(/\r?\n$/, '');
    if (i % 3 !== 0 && event['event.original'] !== whole) throw new Error(told('another original'));
    if (i % 3 === 0 && event['event.original_b64'] === undefined && event['event.original'] !== wellFormed.decode(utf8.encode(whole))) throw new Error(told('another original of bytes'));
    for (const name of ['@timestamp', 'event.created', 'event.dataset', 'event.original']) if (typeof event[name] !== 'string') throw new Error(told(`no ${name}`));
    if (typeof event['message'] !== 'string') throw new Error(told('no message'));
    if (Number.isNaN(Date.parse(event['@timestamp'] as string))) throw new Error(told('no time'));
    for (const key of Object.keys(event)) { const value = event[key]; if (typeof value === 'function' || value === undefined || (typeof value === 'number' && !Number.isFinite(value))) throw new Error(told(`no plain value in ${key}`)); }
  }
  if (LINES >= 100_000) process.stdout.write(`${LINES} lines, ${(bytes / 1e6).toFixed(1)} MB, ${((process.cpuUsage().user - before) / 1000 / (bytes / 1e6)).toFixed(0)} ms CPU a MB\n`);
}, 600_000);
