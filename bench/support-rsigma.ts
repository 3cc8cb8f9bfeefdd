// rsigma (MIT), the fastest engine we know, as a child process: its library from the Rust registry, newest version, behind a
// harness of our own (bench/rsigma), built with the cargo that is there. Where there is none, the comparison is left out and says so.
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../core/process/built.js';

const FOLDER = join(projectRoot, 'bench', '.work', 'rsigma');

/** Builds (minutes the first time) and starts it, or says why not. */
export function openRsigma(): Rsigma | string {
  if (spawnSync('cargo', ['--version']).status !== 0) return 'cargo is not installed';
  mkdirSync(FOLDER, { recursive: true });
  cpSync(join(projectRoot, 'bench', 'rsigma'), FOLDER, { recursive: true, preserveTimestamps: true }); // else cargo would build it anew each time
  process.stderr.write('building the newest rsigma (minutes the first time)\n');
  let error = build({});
  // What the newest one needs may be newer than the compiler: the newest that it can build, then.
  if (error !== undefined) error = build({ CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS: 'fallback' });
  if (error !== undefined) return error;
  const version = /name = "rsigma-eval"\nversion = "([^"]+)"/.exec(readFileSync(join(FOLDER, 'Cargo.lock'), 'utf8'))?.[1];
  return new Rsigma(version ?? 'unknown');
}

function build(environment: Readonly<Record<string, string>>): string | undefined {
  rmSync(join(FOLDER, 'Cargo.lock'), { force: true });
  const { status, stderr } = spawnSync('cargo', ['build', '--release', '--quiet', '--ignore-rust-version'], { cwd: FOLDER, env: { ...process.env, ...environment }, encoding: 'utf8' });
  return status === 0 ? undefined : `cargo build ended with ${String(status)}: ${stderr.trim().split('\n').slice(-3).join(' ')}`;
}

/** Commands and answers are lines: see bench/rsigma/src/main.rs. */
export class Rsigma {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;

  constructor(readonly version: string) {
    this.#child = spawn(join(FOLDER, 'target', 'release', 'haidang-bench-rsigma'));
    this.#child.stderr.pipe(process.stderr);
    this.#answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  async load(folder: string): Promise<{ readonly rules: number; readonly refused: number; readonly ms: number }> {
    const [rules = 0, refused = 0, ms = 0] = await this.#numbers(`rules ${folder}`);
    return { rules, refused, ms };
  }

  async route(isRouted: boolean): Promise<void> { await this.#ask(`routing ${isRouted ? 'on' : 'off'}`); }

  /** Events a second of processor time. */
  async time(file: string, events: number): Promise<number> {
    const [nanoseconds = 0] = await this.#numbers(`time ${file}`);
    return events / nanoseconds * 1e9;
  }

  /** The ids of the rules that each line meets. */
  async match(file: string): Promise<string[][]> {
    const out = `${file}.rsigma`;
    await this.#ask(`match ${file} ${out}`);
    return readFileSync(out, 'utf8').split('\n').slice(0, -1).map((line) => line.split(' ').filter((id) => id !== ''));
  }

  async memoryMb(): Promise<number> { return ((await this.#numbers('memory'))[0] ?? 0) * 1024 / 1e6; }

  close(): void { this.#child.stdin.end(); }

  async #numbers(command: string): Promise<number[]> { return (await this.#ask(command)).split(' ').map(Number); }

  async #ask(command: string): Promise<string> {
    this.#child.stdin.write(`${command}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error(`expected an answer to "${command}", but rsigma ended`);
    return value;
  }
}
