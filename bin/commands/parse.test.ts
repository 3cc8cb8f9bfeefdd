import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import fc from 'fast-check';
import { runCommand } from '../../test/support/product.js';
import { linesOf, parseStream, printUnknown } from './parse.js';

async function rows(chunks: readonly Uint8Array[], form: 'lines' | 'json'): Promise<{ line: number; format: string | null; event: Record<string, unknown>; problems: { code: string }[] }[]> {
  let out = '';
  await parseStream(linesOf(Readable.from(chunks)), new Writable({ write(chunk: Buffer, _encoding, done) { out += chunk.toString(); done(); } }), form);
  return out.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as never);
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('one row for every line, in order, whatever the lines hold', async () => {
  const got = await rows([bytes('<38>Feb 17 13:40:03 web01 sshd[9]: Accepted password for an from 192.0.2.4 port 1 ssh2\r\n\nthird'), Uint8Array.of(0xff, 10), bytes('last')], 'lines');
  expect(got.map(({ line, format }) => [line, format])).toEqual([[1, 'linux.sshd'], [2, null], [3, null], [4, null]]);
  expect(got[0]?.event['event.original']).toBe('<38>Feb 17 13:40:03 web01 sshd[9]: Accepted password for an from 192.0.2.4 port 1 ssh2');
  expect(got[2]?.problems[0]?.code).toBe('line.encoding');
});

test('JSON input: text or bytes, receive time and zone', async () => {
  const input = [{ raw: 'Dec 31 23:59:00 h a: x', received: '2026-01-01T00:00:00Z', timezone: 'UTC' }, { raw_b64: Buffer.from('Dec 31 23:59:00 h a: x').toString('base64'), received: '2026-01-01T00:00:00Z' }, { raw: 'x', timezone: 'Mars/Olympus' }, { other: 1 }];
  const got = await rows([bytes(`${input.map((one) => JSON.stringify(one)).join('\n')}\nnot json\n`)], 'json');
  expect(got[0]?.event['@timestamp']).toBe('2025-12-31T23:59:00.000Z');
  expect(got[1]?.event['@timestamp']).toBe('2025-12-31T16:59:00.000Z');
  expect(got.slice(2).map(({ problems }) => problems[0]?.code)).toEqual(['line.timezone', 'input.json', 'input.json']);
});

test('lines do not depend on how a stream is cut', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), async (all, sizes) => {
    const chunks: Uint8Array[] = [];
    for (let at = 0, i = 0; at < all.length; i++) { const size = sizes[i % sizes.length] as number; chunks.push(all.subarray(at, at + size)); at += size; }
    const collect = async (parts: readonly Uint8Array[]): Promise<number[][]> => { const lines: number[][] = []; for await (const line of linesOf(Readable.from(parts))) lines.push([...line]); return lines; };
    expect(await collect(chunks)).toEqual(await collect(all.length === 0 ? [] : [all]));
  }));
});

test('each row says what the line was recognised by; the commonest unknown lines are templates', async () => {
  const lines = bytes('<38>Feb 17 13:40:03 web01 sshd[9]: Accepted password for an from 192.0.2.4 port 1 ssh2\nCEF:0|a|b|c|d|e|5|src=192.0.2.1\nDoor 3 opened\nDoor 17 opened\nsilence\n');
  const got = await rows([lines], 'lines') as readonly { why?: string }[];
  expect(got.map(({ why }) => why)).toEqual(['the program is sshd', 'the text begins with CEF:0|', 'no program and no look that a format knows', 'no program and no look that a format knows', 'no program and no look that a format knows']);
  let out = '';
  await printUnknown(linesOf(Readable.from([lines])), new Writable({ write(chunk: Buffer, _encoding, done) { out += chunk.toString(); done(); } }), 'lines');
  expect(out.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([{ text: 'Door <number> opened', count: 2, example: 'Door 17 opened' }, { text: 'silence', count: 1, example: 'silence' }, { lines: 5, unknown: 3 }]);
});

test('as the guide has it: a description, then the file of lines; several descriptions each behind an option of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parse-')), description = (name: string, start: string): string => `format: acme.${name}\nmatch: { starts: '${start}|' }\nread: { delimiter: '|', columns: [_, account] }\nfields: { user.name: account }\n`;
  try {
    for (const [name, text] of [['gate.yml', description('gate', 'GATE')], ['door.yml', description('door', 'DOOR')], ['sample.log', 'GATE|an\nDOOR|binh\nelse\n']] as const) await writeFile(join(folder, name), text);
    const formats = async (...args: readonly string[]): Promise<unknown> => { const { code, out, err } = await runCommand(['parse', ...args], { cwd: folder }); return [code, err, out.trim().split('\n').map((row) => (JSON.parse(row) as { format: unknown }).format)]; };
    expect(await formats('--format', 'gate.yml', 'sample.log')).toEqual([0, '', ['acme.gate', null, null]]);
    expect(await formats('--format', 'gate.yml', '--format', 'door.yml', 'sample.log')).toEqual([0, '', ['acme.gate', 'acme.door', null]]);
    await writeFile(join(folder, 'app.log'), '2026-11-23 09:15:02.120 ERROR [main] vn.example.A: x\njava.io.IOException: gone\n\tat a.B.c(B.java:1)\n2026-11-23 09:15:03.120 INFO [main] vn.example.A: y\n');
    expect(await formats('--multiline', '^\\d{4}-', 'app.log')).toEqual([0, '', ['application.log', 'application.log']]);
    expect((await runCommand(['parse', '--multiline', '^(', 'app.log'], { cwd: folder })).err).toContain('expected a regular expression in RE2 syntax');
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);
