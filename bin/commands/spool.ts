// `haidang spool verify`, `export` and `repair`: care for a collector's spool. The first two only read; they work right after a crash,
// before anything has been recovered, and show what recovery will keep. The third puts a damaged one in order.
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { exportSpool, type ExportFormat } from '../../collector/spool/export.js';
import { FolderInUseError } from '../../collector/spool/lock.js';
import { repairSpool, type Repair } from '../../collector/spool/repair.js';
import { verifySpool, type SegmentReport } from '../../collector/spool/verify.js';

/** Where the spool lies when no folder is named. */
const defaultFolder = (): string => join(process.env['HAIDANG_DATA'] ?? 'data', 'spool');

export function registerSpool(program: Command): void {
  const spool = program.command('spool').description('look into a collector\'s spool: what arrived and may not be stored yet');

  spool.command('verify')
    .description('check every segment: records, streams, positions, damage. Exit code 1 when something is broken beyond a torn tail, 2 when there is no spool, 77 when it may not be read')
    .argument('[DIR]', 'the spool\'s folder (default: $HAIDANG_DATA/spool, else ./data/spool)')
    .option('--json', 'one JSON object a segment')
    .action(async (dir: string | undefined, { json = false }: { json?: boolean }) => {
      const folder = await existing(dir);
      if (folder === undefined) return;
      const total = { segments: 0, records: 0, torn: 0, broken: 0 };
      for await (const report of verifySpool(folder)) {
        total.segments++;
        total.records += report.records;
        total.torn += report.tornBytes;
        total.broken += report.broken.length;
        process.stdout.write(json ? `${JSON.stringify(report)}\n` : print(report));
      }
      if (!json) process.stdout.write(`${total.segments} segments, ${total.records} records, ${total.torn} bytes of torn tails, ${total.broken} broken\n${await advice(folder, total)}`);
      if (total.broken > 0) process.exitCode = 1;
    });

  spool.command('export')
    .description('print every record that opening the spool would keep')
    .argument('[DIR]', 'the spool\'s folder (default: $HAIDANG_DATA/spool, else ./data/spool)')
    .option('--format <format>', 'ndjson: one JSON a record; raw: the frames, one a line', parseFormat, 'ndjson')
    .action(async (dir: string | undefined, { format }: { format: ExportFormat }) => {
      const folder = await existing(dir);
      if (folder === undefined) return;
      process.stdout.on('error', (error: NodeJS.ErrnoException) => { process.exit(error.code === 'EPIPE' ? 0 : 74); });
      for await (const line of exportSpool(folder, format)) if (!process.stdout.write(line)) await once(process.stdout, 'drain');
    });

  spool.command('repair')
    .description('put a damaged spool in order while nothing runs on it: what is intact stays, what is not becomes a loss record, segments as they were stay beside it. Exit code 1 when something cannot be read, 2 when there is no spool, 75 when it is in use, 77 when it may not be read')
    .argument('[DIR]', 'the spool\'s folder (default: $HAIDANG_DATA/spool, else ./data/spool)')
    .action(async (dir: string | undefined) => {
      const folder = await existing(dir);
      if (folder === undefined) return;
      try {
        const repairs = await repairSpool(folder);
        for (const repair of repairs) process.stdout.write(printRepair(repair));
        process.stdout.write(repairs.length === 0 ? 'nothing to repair\n' : `${counted(repairs.length, 'segment')} repaired, ${counted(repairs.reduce((sum, { lost }) => sum + lost, 0), 'record')} lost\n`);
        if (repairs.some(({ done }) => done === 'unreadable')) process.exitCode = 1;
      } catch (error) {
        if (!(error instanceof FolderInUseError)) throw error;
        process.stderr.write(`haidang: ${error.message}\n`);
        process.exitCode = 75;
      }
    });
}

function printRepair({ segment, done, records, lost, kept }: Repair): string {
  const words = {
    recovered: 'what stood behind its last intact record was set aside', header: `its header was written anew: ${records} records`,
    rewritten: `written anew: ${records} records, ${lost} lost`, unreadable: 'cannot be read and was set aside whole',
  }[done];
  return `${segment}: ${words}${kept === undefined ? '' : `; as it was: ${kept}`}\n`;
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** What the figures mean, and what is to be done. */
async function advice(folder: string, { segments, torn, broken }: { segments: number; torn: number; broken: number }): Promise<string> {
  const aside = (await readdir(folder)).filter((name) => name.endsWith('.bad'));
  const bytes = (await Promise.all(aside.map(async (name) => (await stat(join(folder, name))).size))).reduce((sum, size) => sum + size, 0);
  return [
    segments === 0 ? 'Everything that came is stored: no segment waits.' : '',
    torn > 0 ? 'A torn tail is a write that was under way when the process ended (or is, where one runs): nobody was told it was taken. The next start sets it aside.' : '',
    broken > 0 ? `What is broken was whole once. Stop what uses the spool, then: haidang spool repair ${folder}` : '',
    aside.length > 0 ? `${counted(aside.length, 'file')} (${bytes} bytes) set aside earlier as .bad: nothing reads ${aside.length === 1 ? 'it' : 'them'} any more; look, keep a copy if need be, and delete.` : '',
  ].filter((line) => line !== '').map((line) => `${line}\n`).join('');
}

/** The spool's folder, or undefined after saying why there is none. */
async function existing(dir: string | undefined): Promise<string | undefined> {
  const folder = dir ?? defaultFolder();
  const refuse = (message: string, code: number): undefined => {
    process.stderr.write(`haidang: ${message}\n`);
    process.exitCode = code;
  };
  try {
    if (await isSpool(folder)) return folder;
    const inside = join(folder, 'spool');
    const hint = await isSpool(inside).catch(() => false) ? `Do you mean ${inside}?` : 'Name it, or set HAIDANG_DATA.';
    return refuse(`expected a spool in ${folder}, got a folder without segments and without epoch.json. ${hint}`, 2);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return refuse(`the spool in ${folder} may not be read by this user (${message}). Run the command as the user that runs Hải Đăng.`, 77);
    if (code === 'ENOENT' || code === 'ENOTDIR') return refuse(`expected a spool's folder at ${folder}, got none. Name it, or set HAIDANG_DATA.`, 2);
    throw error;
  }
}
const isSpool = async (folder: string): Promise<boolean> => (await readdir(folder)).some((name) => name === 'epoch.json' || name.endsWith('.seg') || name.endsWith('.bad'));

function parseFormat(text: string): ExportFormat {
  if (text === 'ndjson' || text === 'raw') return text;
  throw new InvalidArgumentError(`expected ndjson or raw, got ${text}`);
}

function print({ segment, sealed, records, bytes, streams, tornBytes, broken }: SegmentReport): string {
  const state = [sealed ? 'sealed' : 'open', ...(tornBytes > 0 ? [`${tornBytes} bytes of a torn tail`] : []), ...(broken.length > 0 ? ['BROKEN'] : [])].join(', ');
  return [
    `${segment}: ${records} records, ${bytes} bytes, ${state}`,
    ...streams.map(({ stream, first, last, count }) => `  ${stream}: ${first} to ${last}, ${count} records`),
    ...broken.map((words) => `  ${words}`),
  ].join('\n') + '\n';
}
