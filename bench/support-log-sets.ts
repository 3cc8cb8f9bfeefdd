// Every raw line of the sets in ../shared/logs with the product it is of: what bench/parse.ts measures and what comparisons of two versions
// of the parser read. Archives are read here (tar.gz by `tar`, zip by itself), nothing is copied into the project.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { projectRoot } from '../core/process/built.js';

export interface LogLine {
  readonly set: string;
  /** A folder or file of the set: `fortinet_fortigate`, `Postfix/postfix`, `OpenSSH`. */
  readonly product: string;
  readonly bytes: Uint8Array;
}

const logs = join(projectRoot, '..', 'shared', 'logs');
export const haveLogSets = (): boolean => existsSync(logs);

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const READERS: Readonly<Record<string, (folder: string) => Generator<Omit<LogLine, 'set'>>>> = {
  'elastic-integrations': elastic, 'sekoia-intake': sekoia, 'wazuh-ossec-ini': wazuh, 'loghub-2k': loghub, 'framing-and-fixtures': fixtures, 'syslog-messages': messages, 'otrf-security-datasets': otrf,
};

export function* logLines(): Generator<LogLine> {
  for (const [set, read] of Object.entries(READERS)) {
    const archive = join(logs, set, `${set}-shared.tar.gz`);
    if (!existsSync(archive)) { for (const line of read(join(logs, set))) yield { set, ...line }; continue; }
    const folder = mkdtempSync(join(tmpdir(), 'haidang-log-sets-'));
    try {
      execFileSync('tar', ['xzf', archive, '-C', folder]);
      for (const line of read(folder)) yield { set, ...line };
    } finally { rmSync(folder, { recursive: true, force: true }); }
  }
}

/** Input files line by line; of inputs that are no lines (JSON documents, several lines an event) what the expected documents call the original. */
function* elastic(folder: string): Generator<Omit<LogLine, 'set'>> {
  for (const path of filesOf(folder)) {
    const product = path.slice(folder.length + 1).split('/')[0] as string;
    if (path.endsWith('.log')) for (const bytes of linesOf(readFileSync(path))) yield { product, bytes };
    if (!path.endsWith('-expected.json')) continue;
    for (const document of (JSON.parse(readFileSync(path, 'utf8')) as { expected?: ({ event?: { original?: unknown } } | null)[] }).expected ?? []) {
      const raw = document?.event?.original;
      if (typeof raw === 'string' && (raw.includes('\n') || path.endsWith('.json-expected.json'))) yield { product, bytes: utf8(raw) };
    }
  }
}
function* sekoia(folder: string): Generator<Omit<LogLine, 'set'>> {
  for (const path of filesOf(folder)) {
    if (!path.endsWith('.json') || basename(path).startsWith('._')) continue;
    const { input } = JSON.parse(readFileSync(path, 'utf8')) as { input?: { message?: unknown } };
    if (typeof input?.message === 'string') yield { product: path.slice(folder.length + 1).split('/').slice(0, 2).join('/'), bytes: utf8(input.message) };
  }
}
function* wazuh(folder: string): Generator<Omit<LogLine, 'set'>> {
  for (const path of filesOf(folder)) if (path.endsWith('.ini')) for (const found of readFileSync(path, 'utf8').matchAll(/^log \d+ (?:pass|fail) ?= ?(.+)$/gm)) yield { product: basename(path, '.ini'), bytes: utf8(found[1] as string) };
}
function* loghub(folder: string): Generator<Omit<LogLine, 'set'>> {
  for (const path of filesOf(folder)) if (path.endsWith('.log')) for (const bytes of linesOf(readFileSync(path))) yield { product: basename(path, '_2k.log'), bytes };
}
function* fixtures(folder: string): Generator<Omit<LogLine, 'set'>> {
  for (const path of filesOf(folder)) if (!/\.(?:conf|md|yml|err)$/.test(path)) for (const bytes of linesOf(readFileSync(path))) yield { product: path.slice(folder.length + 1).split('/')[0] as string, bytes };
}
function* messages(folder: string): Generator<Omit<LogLine, 'set'>> {
  for (const path of filesOf(folder)) {
    if (!path.endsWith('.jsonl')) continue;
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line.trim() === '') continue;
      const { raw, raw_b64: base64 } = JSON.parse(line) as { raw?: string; raw_b64?: string };
      yield { product: basename(path, '.jsonl'), bytes: base64 === undefined ? utf8(raw ?? '') : Buffer.from(base64, 'base64') };
    }
  }
}
function* otrf(folder: string): Generator<Omit<LogLine, 'set'>> {
  for (const path of filesOf(folder)) {
    const product = basename(path).split('__')[0] as string;
    const contents = path.endsWith('.zip') ? unzipped(readFileSync(path)) : path.endsWith('.tar.gz') ? [spawnSync('tar', ['xzOf', path], { maxBuffer: 1 << 28 }).stdout] : []; // one archive lacks its end: what is there counts
    for (const content of contents) for (const bytes of linesOf(content)) yield { product, bytes };
  }
}

function* filesOf(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesOf(path); else yield path;
  }
}
function* linesOf(bytes: Buffer): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(10, start), end = found < 0 ? bytes.length : found;
    if (end > start) yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** The files of a zip archive, by its directory at the end: stored or deflated. */
function* unzipped(zip: Buffer): Generator<Buffer> {
  let at = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const count = zip.readUInt16LE(at + 10);
  at = zip.readUInt32LE(at + 16);
  for (let i = 0; i < count; i++) {
    const deflated = zip.readUInt16LE(at + 10) === 8, size = zip.readUInt32LE(at + 20), header = zip.readUInt32LE(at + 42);
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28), content = zip.subarray(start, start + size);
    if (size > 0) yield deflated ? inflateRawSync(content) : content;
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}
