// What holds for every line, over lines that nobody wrote (fixtures/generated-lines.ts): 20,000 of them in `npm test`, 200,000 by
// `npm run proofs -- parse`; HAIDANG_SEED repeats a run.
import { generatedLine, generatedText, numbers } from '../normalize/fixtures/generated-lines.js';
import { createParseContext, parseLine } from './parse-line.js';

const LINES = Number(process.env['HAIDANG_LINES'] ?? 20_000), SEED = Number(process.env['HAIDANG_SEED'] ?? 20260217);
const received = Date.parse('2026-02-17T14:00:00Z');

/** A line end is not the line's; the parser takes one off. */
function withoutEnd(bytes: Uint8Array): Buffer {
  const end = bytes.at(-1) !== 10 ? bytes.length : bytes.length - (bytes.at(-2) === 13 ? 2 : 1);
  return Buffer.from(bytes.buffer, bytes.byteOffset, end);
}

test('no generated line makes the parser throw; each gives its bytes back, has its times and its dataset; what is read is plain values', () => {
  const pick = numbers(SEED), context = createParseContext();
  let bytes = 0;
  const before = process.cpuUsage().user;
  for (let i = 0; i < LINES; i++) {
    const raw = i % 3 === 0 ? generatedText(pick) : undefined, line = raw === undefined ? generatedLine(pick) : undefined;
    bytes += raw?.length ?? line?.bytes.length ?? 0;
    const told = (what: string): string => `${what}: seed ${SEED}, line ${i}: ${JSON.stringify(raw ?? Buffer.from(line?.bytes ?? []).toString('latin1'))}`;
    const { event } = parseLine({ ...(line === undefined ? { raw: raw ?? '' } : line), received, context, source: '192.0.2.1' });
    if (raw !== undefined && event['event.original'] !== raw.replace(/\r?\n$/, '')) throw new Error(told('another original'));
    if (line !== undefined) {
      const kept = event['event.original_b64'], original = kept === undefined ? Buffer.from(event['event.original'] as string, 'utf8') : Buffer.from(kept as string, 'base64');
      if (!original.equals(withoutEnd(line.bytes)) && !original.equals(Buffer.from(line.bytes))) throw new Error(told('other bytes'));
    }
    for (const name of ['@timestamp', 'event.created', 'event.dataset', 'event.original']) if (typeof event[name] !== 'string') throw new Error(told(`no ${name}`));
    if (typeof event['message'] !== 'string') throw new Error(told('no message'));
    if (Number.isNaN(Date.parse(event['@timestamp'] as string))) throw new Error(told('no time'));
    for (const key of Object.keys(event)) { const value = event[key]; if (typeof value === 'function' || value === undefined || (typeof value === 'number' && !Number.isFinite(value))) throw new Error(told(`no plain value in ${key}`)); }
  }
  if (LINES >= 100_000) process.stdout.write(`${LINES} lines, ${(bytes / 1e6).toFixed(1)} MB, ${((process.cpuUsage().user - before) / 1000 / (bytes / 1e6)).toFixed(0)} ms CPU a MB, checks and generation included\n`);
}, 600_000);
