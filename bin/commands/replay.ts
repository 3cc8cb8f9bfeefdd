// haidang replay FILE…: sends log files, or scenarios, over real sockets. Exit codes: 0 all sent, 1 could not send, 2 wrong words or
// an unreadable file.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { accessSync, constants, statSync } from 'node:fs';
import { parseAddress } from '../../core/ip.js';
import { printProblem, ProblemError } from '../../core/problem.js';
import { readLines } from '../replay/lines.js';
import { pace } from '../replay/pace.js';
import { loadScenarios, playParts } from '../replay/play.js';
import { showProgress, type Progress } from '../replay/progress.js';
import { openSender, SendError, type Protocol, type Sender } from '../replay/sender.js';
import { findShift, shiftedLines } from '../replay/shift.js';

export type ShiftTo = { readonly kind: 'none' } | { readonly kind: 'now' } | { readonly kind: 'at'; readonly time: number };
export interface ReplayOptions {
  readonly to: { readonly host: string; readonly port: number };
  readonly protocol?: Protocol;
  readonly rate?: number;
  readonly shift: ShiftTo;
  readonly from?: string;
  readonly loop?: boolean;
}

/** Datagrams are not held back by the other side, so without `--rate` they go out at a pace any collector keeps. */
const UDP_RATE = 2000;
const SCENARIO = /\.ya?ml$/i;

export function registerReplay(program: Command): void {
  const defaultPort = Number(process.env['HAIDANG_SYSLOG_PORT'] || 5514);
  program.command('replay')
    .description('send log files or scenarios (.yaml) to a collector, over real sockets')
    .argument('<files...>', 'plain log files, or scenario files')
    .addOption(new Option('--to <host:port>', 'where the collector listens').argParser(parseTarget).default({ host: '127.0.0.1', port: defaultPort }, `127.0.0.1:${defaultPort}`))
    .option('--protocol <udp|tcp>', 'how to send (default: tcp; a scenario says it itself)', parseProtocol)
    .option('--rate <n>', `lines a second (default: tcp as fast as they are taken, udp ${UDP_RATE})`, parseRate)
    .addOption(new Option('--shift <now|none|time>', 'move the times in the lines so that the last line stands at this moment (ISO time, or now)').argParser(parseShift).default({ kind: 'none' }, 'none'))
    .option('--from <address>', 'send from this address of the machine (a scenario: instead of each system\'s own)', parseFrom)
    .option('--loop', 'begin again at the end, until stopped')
    .addHelpText('after', '\nWithout --shift the bytes of a line go out as they stand in the file. Times without a zone are read as Asia/Ho_Chi_Minh.\nExit codes: 0 all sent; 1 could not send; 2 wrong words or an unreadable file.')
    .exitOverride((error) => { process.exit(error.exitCode === 0 ? 0 : 2); })
    .action(async (files: string[], options: ReplayOptions) => { process.exitCode = await replay(files, options); });
}

/** Sends the files one after the other; the exit code. */
export async function replay(files: readonly string[], options: ReplayOptions, signal: AbortSignal = interrupted(), say: (text: string) => void = (text) => { process.stderr.write(text); }): Promise<number> {
  const wrong = unreadable(files);
  if (wrong !== undefined) { say(`haidang replay: ${wrong}\n`); return 2; }
  const scenarios = files.filter((file) => SCENARIO.test(file));
  if (scenarios.length > 0 && (scenarios.length < files.length || options.rate !== undefined)) {
    say(`haidang replay: expected ${options.rate !== undefined ? 'no --rate with a scenario: it keeps its own pace' : 'either log files or scenario files, got both'}\n`);
    return 2;
  }
  try {
    if (scenarios.length > 0) await replayScenarios(scenarios, options, signal, say);
    else await replayFiles(files, options, signal, say);
    return 0;
  } catch (error) {
    if (error instanceof ProblemError) { for (const problem of error.problems) say(`haidang replay: ${printProblem(problem)}\n`); return 2; }
    if (error instanceof SendError) { say(`haidang replay: ${error.message}\n`); return 1; }
    throw error;
  }
}

async function replayFiles(files: readonly string[], options: ReplayOptions, signal: AbortSignal, say: (text: string) => void): Promise<void> {
  const protocol = options.protocol ?? 'tcp', { host, port } = options.to;
  const sender = await openSender({ host, port, protocol, from: options.from });
  const progress = showProgress(`to ${protocol} ${host}:${port}`, say);
  const turns = pace(options.rate ?? (protocol === 'udp' ? UDP_RATE : undefined), signal);
  try {
    do {
      for (const file of files) await sendFile(await linesOf(file, options.shift), sender, turns, progress, signal);
    } while (options.loop === true && !signal.aborted);
    await sender.close();
  } catch (error) {
    await sender.close(0).catch(() => undefined);
    throw error;
  } finally {
    progress.end();
  }
}

async function sendFile(lines: AsyncGenerator<Buffer>, sender: Sender, turns: ReturnType<typeof pace>, progress: Progress, signal: AbortSignal): Promise<void> {
  for await (const line of lines) {
    const wait = turns.turn();
    if (wait) await wait;
    if (signal.aborted) return;
    await sender.send(line);
    progress.count(line.length);
  }
}

async function linesOf(file: string, shift: ShiftTo): Promise<AsyncGenerator<Buffer>> {
  if (shift.kind === 'none') return readLines(file);
  return shiftedLines(file, await findShift(file, shift.kind === 'now' ? Date.now() : shift.time));
}

async function replayScenarios(files: readonly string[], options: ReplayOptions, signal: AbortSignal, say: (text: string) => void): Promise<void> {
  const { to, protocol, from, shift, loop } = options;
  const playing = playParts(loadScenarios(files), {
    ...to, signal, protocol, from, once: loop !== true,
    clockOffsetMs: shift.kind === 'at' ? shift.time - Date.now() : 0,
    log: (message) => say(`${message}\n`),
  });
  const started = performance.now();
  const timer = setInterval(() => say(`${playing.sent()} lines sent, ${Math.round((performance.now() - started) / 1000)} s\n`), 10_000);
  try { await playing.done; } finally { clearInterval(timer); }
  say(`sent ${playing.sent()} lines to ${to.host}:${to.port}, ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

function unreadable(files: readonly string[]): string | undefined {
  for (const file of files) {
    try {
      accessSync(file, constants.R_OK);
      if (!statSync(file).isFile()) return `expected a file, got ${file}, which is none`;
    } catch (error) {
      return `expected a readable file, got ${file} (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`;
    }
  }
  return undefined;
}

/** Aborted at Ctrl-C: what was sent is then let drain. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

export function parseTarget(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) throw new InvalidArgumentError('expected host:port, such as 127.0.0.1:5514 or [::1]:5514.');
  return { host, port: Number(port) };
}
function parseProtocol(text: string): Protocol {
  if (text !== 'udp' && text !== 'tcp') throw new InvalidArgumentError('expected udp or tcp.');
  return text;
}
function parseRate(text: string): number {
  const rate = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text)?.[1]);
  if (!(rate > 0)) throw new InvalidArgumentError('expected lines a second, a number above 0.');
  return rate;
}
export function parseShift(text: string): ShiftTo {
  if (text === 'none' || text === 'now') return { kind: text };
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('expected now, none or an ISO time such as 2026-11-22T08:00:00Z.');
  return { kind: 'at', time };
}
function parseFrom(text: string): string {
  if (parseAddress(text) === undefined) throw new InvalidArgumentError('expected an address of this machine.');
  return text;
}
