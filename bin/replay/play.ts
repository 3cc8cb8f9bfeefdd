// Plays scenarios over real sockets, each system from its own address: noise at a steady rate, attacks in their order. A connection
// that breaks is opened again and the line sent once more; the play ends when the signal is aborted, or, asked to, when every attack
// has been played once.
import { setMaxListeners } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProblemError, type Problem } from '../../core/problem.js';
import { demoFolder, demoSystems } from '../demo/load.js';
import { sleep } from './pace.js';
import { fill, isNoise, one, parseScenario, type Drawing, type Noise, type Part, type Play } from './scenario.js';
import { openSender, SendError, type Protocol, type Sender } from './sender.js';

export interface PlayOptions {
  readonly host: string;
  readonly port: number;
  readonly signal: AbortSignal;
  /** Told what happens, in one sentence each. */
  readonly log?: (message: string) => void;
  readonly protocol?: Protocol;
  /** Everything from this one address instead of each system's own. */
  readonly from?: string;
  /** End when every attack has been played once. */
  readonly once?: boolean;
  /** Added to the clock for the times in the lines, in ms. */
  readonly clockOffsetMs?: number;
  readonly random?: () => number;
}
export interface Playing {
  /** Settles when the play has ended and its connections are closed. */
  readonly done: Promise<void>;
  sent(): number;
}

/** Plays the demo's own scenarios: what `up --demo` starts. */
export function startScenario(options: PlayOptions): Playing {
  return playParts(loadScenarios(demoScenarioFiles()), options);
}

export function demoScenarioFiles(): string[] {
  const folder = join(demoFolder, 'scenarios');
  return readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort().map((name) => join(folder, name));
}

/** The parts of these files; throws ProblemError with all that is wrong. */
export function loadScenarios(files: readonly string[]): Part[] {
  const known = new Set(demoSystems(Date.now()).map(({ id }) => id));
  const problems: Problem[] = [], parts: Part[] = [];
  for (const file of files) {
    const parsed = parseScenario(readFileSync(file, 'utf8'), file);
    problems.push(...parsed.problems);
    for (const part of parsed.parts) {
      if (known.has(part.system)) parts.push(part);
      else problems.push({ code: 'scenario.system', file, message: `expected a system of the demo (${[...known].join(', ')}), got ${part.system}` });
    }
  }
  if (problems.length > 0) throw new ProblemError(problems);
  return parts;
}

export function playParts(parts: readonly Part[], options: PlayOptions): Playing {
  const addresses = new Map(demoSystems(Date.now()).map(({ id, match }) => [id, match[0]?.address]));
  const ending = new AbortController();
  setMaxListeners(0, ending.signal); // every part sleeps on it
  const stop = (): void => ending.abort();
  options.signal.addEventListener('abort', stop, { once: true });
  if (options.signal.aborted) stop();
  const lanes = new Map<string, Lane>();
  let sent = 0;
  const laneOf = (part: Part): Lane => {
    const from = options.from ?? addresses.get(part.system), protocol = options.protocol ?? part.protocol, key = `${protocol} ${from ?? ''}`;
    const known = lanes.get(key);
    if (known) return known;
    const lane = new Lane(() => openSender({ host: options.host, port: options.port, protocol, from }), ending.signal, options.log ?? (() => undefined));
    lanes.set(key, lane);
    return lane;
  };
  const send = async (part: Part, lines: readonly string[], drawing: Drawing): Promise<void> => {
    for (const template of lines) if (await laneOf(part).send(fill(template, drawing))) sent++;
  };
  const player: Player = { ...options, signal: ending.signal, once: options.once === true, random: options.random ?? Math.random, now: () => Date.now() + (options.clockOffsetMs ?? 0), send };
  const plays = parts.filter((part) => !isNoise(part)), noises = parts.filter(isNoise);
  const background = Promise.all(noises.map((part) => playNoise(part, player)));
  const attacks = Promise.all(plays.map((part) => playAttack(part as Play, player)));
  const done = (async () => {
    await attacks;
    if (options.once === true && plays.length > 0) stop();
    await background;
    options.signal.removeEventListener('abort', stop);
    await Promise.all([...lanes.values()].map((lane) => lane.close()));
  })();
  return { done, sent: () => sent };
}

interface Player {
  readonly signal: AbortSignal;
  readonly once: boolean;
  readonly random: () => number;
  readonly log?: (message: string) => void;
  now(): number;
  send(part: Part, lines: readonly string[], drawing: Drawing): Promise<void>;
}

async function playNoise(part: Noise, player: Player): Promise<void> {
  // Systems do not speak in step: each begins somewhere inside its first interval.
  await sleep((part.startsAfterSeconds + player.random() * part.everySeconds) * 1000, player.signal);
  for (let n = 1; !player.signal.aborted; n++) {
    await player.send(part, [one(part.noise, player.random)], draw(player, n, {}));
    await sleep(part.everySeconds * (0.6 + 0.8 * player.random()) * 1000, player.signal);
  }
}

async function playAttack(part: Play, player: Player): Promise<void> {
  await sleep(part.startsAfterSeconds * 1000, player.signal);
  for (let run = 0; !player.signal.aborted; run++) {
    const values = Object.fromEntries(Object.entries(part.values).map(([name, list]) => [name, list[run % list.length] as string]));
    if (part.titleEn !== undefined) player.log?.(`${part.system}: ${part.titleEn}`);
    for (const step of part.steps) {
      await sleep(step.waitSeconds * 1000, player.signal);
      for (let n = 1; n <= step.times && !player.signal.aborted; n++) {
        await player.send(part, step.lines, draw(player, n, values));
        if (n < step.times) await sleep(step.everySeconds * 1000, player.signal);
      }
    }
    if (player.once || part.againSeconds === undefined) return;
    await sleep(part.againSeconds * 1000, player.signal);
  }
}

function draw({ random, now }: Player, n: number, values: Readonly<Record<string, string>>): Drawing {
  const between = (from: number, to: number): number => from + Math.floor(random() * (to - from));
  return { time: now(), n, values, random, pid: between(1000, 60_000), port: between(32_768, 60_999), serial: between(1000, 9_999_999) };
}

const RETRY_MS = 1000;
const CLOSE_WAIT_MS = 2000;

/** One connection from one address. Lines go out one after the other, also when several parts share it. */
class Lane {
  private sender: Sender | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private complained = '';

  constructor(private readonly open: () => Promise<Sender>, private readonly signal: AbortSignal, private readonly log: (message: string) => void) {}

  /** True when the line went out, false when the play ended first. */
  send(line: string): Promise<boolean> {
    const turn = this.last.then(() => this.deliver(Buffer.from(line, 'utf8')));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.last;
    await this.sender?.close(CLOSE_WAIT_MS).catch(() => undefined);
  }

  private async deliver(line: Buffer): Promise<boolean> {
    while (!this.signal.aborted) {
      try {
        this.sender ??= await this.open();
        await this.sender.send(line);
        this.complained = '';
        return true;
      } catch (error) {
        if (!(error instanceof SendError)) throw error;
        if (this.complained !== error.message) this.log(error.message);
        this.complained = error.message;
        await this.sender?.close(CLOSE_WAIT_MS).catch(() => undefined);
        this.sender = undefined;
        await sleep(RETRY_MS, this.signal);
      }
    }
    return false;
  }
}
