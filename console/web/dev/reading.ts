// How made-up sources are read, and made-up lines read by the product's own parser, for the pages' tests.
import { createParseContext, parseLine } from '../../../core/message/parse-line.js';
import { knownEncoding } from '../../../core/message/encoding.js';
import { trySample } from '../../../core/message/reading.js';
import type { ReadingTrial, SourceReading } from '../../api.js';
import type { Data } from './data.js';

const versions = new WeakMap<Data, Map<string, number>>();
const versionsOf = (data: Data): Map<string, number> => { let known = versions.get(data); if (known === undefined) versions.set(data, known = new Map()); return known; };

export function readingOf(data: Data, name: string): SourceReading | undefined {
  const source = data.sources.find((one) => one.name === name);
  if (source === undefined) return undefined;
  return { source: name, system: source.system, systemName: source.systemName, sender: source.sender, tier: source.tier, version: versionsOf(data).get(source.system) ?? 1, own: data.readings.get(name) ?? { encoding: null, timezone: null }, otherwise: { encoding: 'utf-8', timezone: 'Asia/Ho_Chi_Minh' } };
}

export function keepReading(data: Data, reading: SourceReading, { encoding, timezone }: Readonly<Record<string, unknown>>): SourceReading {
  data.readings.set(reading.source, { encoding: encoding as string | null, timezone: timezone as string | null });
  versionsOf(data).set(reading.system, (reading.version ?? 0) + 1);
  return readingOf(data, reading.source) as SourceReading;
}

/** An application of ours that writes windows-1258 and its own clock's UTC, and one line that says all itself. */
export function tryReading(data: Data, { sender }: SourceReading, { encoding, timezone }: Readonly<Record<string, unknown>>): ReadingTrial {
  const now = Date.now(), hostile = data.session.name.includes('<script>') ? ' <script>alert(1)</script>' : '';
  const lines = Array.from({ length: 7 }, (_, at) => {
    const received = now - (at * 47 + 3) * 1000, told = new Date(received - 2000), [, day, month, clock] = /(\d\d) (\w{3}) \d{4} ([\d:]+)/.exec(told.toUTCString()) ?? [];
    const text = at === 3 ? `<13>1 ${told.toISOString()} ke-toan-01 so-cai 812 - - Sao luu xong${hostile}` : at === 5 ? 'app=so-cai sự kiện không ghi giờ' : `<13>${month} ${day} ${clock} ke-toan-01 so-cai[812]: Ng\u01b0\u1eddi d\u00f9ng k\u1ebf to\u00e1n 0${at} ghi s\u1ed5${hostile}`;
    return { received, bytes: at === 3 || at === 5 ? new TextEncoder().encode(text) : windows1258(text) };
  });
  const chosen = knownEncoding(String(encoding)) ?? 'utf-8', context = createParseContext();
  return { rows: lines.map(({ received, bytes }) => trySample(parseLine({ bytes, received }).event, { encoding: chosen, timezone: String(timezone), source: sender, context })) };
}

/** Vietnamese as old Windows applications write it: a letter, then its mark. */
const MARKS: Readonly<Record<string, number>> = { '\u0300': 0xcc, '\u0301': 0xec, '\u0303': 0xde, '\u0309': 0xd2, '\u0323': 0xf2 };
const LETTERS: Readonly<Record<string, number>> = { ă: 0xe3, â: 0xe2, đ: 0xf0, ê: 0xea, ô: 0xf4, ơ: 0xf5, ư: 0xfd };
function windows1258(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const letter of text.normalize('NFC')) {
    const parts = letter.normalize('NFD'), mark = [...parts].find((char) => MARKS[char] !== undefined), base = [...parts].filter((char) => char !== mark).join('').normalize('NFC');
    bytes.push(LETTERS[base] ?? base.charCodeAt(0) & 255);
    if (mark !== undefined) bytes.push(MARKS[mark] as number);
  }
  return Uint8Array.from(bytes);
}
