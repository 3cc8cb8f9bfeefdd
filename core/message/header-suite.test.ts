// The 29 odd messages of the collection study, with the header each must have. The wider score is ../shared/check/headers.mjs.
import { existsSync, readFileSync } from 'node:fs';
import { parseLine } from './parse-line.js';

const FILE = '../shared/logs/syslog-messages/header-29.json';
type Row = [raw: string, pri: number | '?' | null, host: string | '?' | null, app: string | '?' | null, time: string | null, start: string | null];

test('29 of 29 headers', () => {
  if (!existsSync(FILE)) { if (process.env['CI'] !== undefined) throw new Error(`${FILE} is absent`); process.stdout.write('not run: 29 of 29 headers (../shared is absent)\n'); return; }
  const wrong: unknown[] = [];
  for (const [raw, pri, host, app, time, start] of JSON.parse(readFileSync(FILE, 'utf8')) as Row[]) {
    const { event } = parseLine({ raw, received: Date.parse('2026-11-22T00:00:00Z'), timezone: 'UTC' });
    const equal = (want: unknown, field: string): boolean => want === '?' || (want === null ? event[field] === undefined : event[field] === want);
    const ok = equal(pri, 'log.syslog.priority') && equal(host, 'log.syslog.hostname') && equal(app, 'log.syslog.appname')
      && (time === null || String(event['@timestamp']).slice(0, 19).endsWith(time.replace(' ', 'T')))
      && (start === null || (start === '' ? (event['message'] ?? '') === '' : String(event['message']).startsWith(start.trimEnd())));
    if (!ok) wrong.push(raw);
  }
  expect(wrong).toEqual([]);
});
