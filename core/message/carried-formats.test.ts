// Every known line with a priority of its own, behind the header of a relay that did not read it, and in the record of a shipper: it is read as without.
import { FIXTURES } from '../normalize/fixtures/lines.js';
import { parseLine } from './parse-line.js';

const received = Date.parse('2026-02-17T14:00:00Z'), LINES = FIXTURES.filter(({ raw }) => raw.startsWith('<') && /^<\d/.test(raw) && !raw.includes('\n'));
const WAYS: readonly (readonly [string, (raw: string) => string])[] = [
  ['RFC 3164', (raw) => `<134>Feb 17 20:41:00 relay-1 ${raw}`],
  ['RFC 5424', (raw) => `<134>1 2026-02-17T13:41:00Z relay-1 - - - - ${raw}`],
  ['a tag', (raw) => `<134>Feb 17 20:41:00 relay-1 fwd: ${raw}`],
  ['Filebeat', (raw) => JSON.stringify({ '@timestamp': '2026-02-17T13:41:00.000Z', message: raw, log: { offset: 1, file: { path: '/var/log/remote.log' } }, input: { type: 'filestream' }, agent: { type: 'filebeat' }, host: { name: 'relay-1' } })],
];

/** Whose own name stands where only their format finds it: what named the relay stands in its place already. */
const NAMED_IN_TEXT = new Set(['watchguard.firebox', 'netapp.ontap', 'dell.powerscale']);

test.each(WAYS)('behind %s', (_name, around) => {
  const lost: string[] = [];
  for (const { format, raw, want } of LINES) {
    const read = parseLine({ raw: around(raw), received });
    if (read.format !== format) { lost.push(`${format} -> ${String(read.format)}: ${raw.slice(0, 140)}`); continue; }
    for (const [field, value] of Object.entries(want)) if (field !== 'tags' && !(field === 'host.name' && NAMED_IN_TEXT.has(format)) && JSON.stringify(read.event[field]) !== JSON.stringify(value)) { lost.push(`${format} ${field}: ${JSON.stringify(value)} -> ${JSON.stringify(read.event[field])}: ${raw.slice(0, 140)}`); break; }
  }
  expect(lost).toEqual([]);
});
