// Follows files: lines are taken as they are written, through rotation by renaming, by copying and truncating, and through restarts.
// How far a file was read is noted only when everything before is on the spool's disk, so a crash reads lines again rather than not
// at all. A file that was renamed is read to its end; of one that was truncated the rest is looked for in the copy beside it.
import { constants, open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { compileRegex } from '../../core/predicate/regex.js';
import type { Problem } from '../../core/problem.js';
import { replaceFile } from '../spool/files.js';
import { LineCutter, MessageCutter, type Cutter } from './line-cutter.js';
import { filesOf, siblingsOf } from './paths.js';
import { isSame, placeAt, type Place } from './place.js';

export interface FileInput {
  readonly name: string;
  /** A file, or with * and ? in its last part several of one folder. */
  readonly path: string;
  /** Of files that stand there at the first start ever: `end` leaves out what they hold. */
  readonly from?: 'beginning' | 'end';
  /** A message begins at the lines that this regular expression (RE2) finds something in; the others belong to the one before. Without it each line is one. */
  readonly multiline?: string | undefined;
}
export interface TailEvents {
  readonly onLine: (input: string, line: Buffer, trueLength?: number) => void;
  /** Bytes of a file that were seen and are gone before they could be read. */
  readonly onLost: (input: string, bytes: number) => void;
  readonly durable: () => Promise<void>;
  readonly busy: () => boolean;
  readonly onProblem: (problem: Problem) => void;
}
export interface TailLimits {
  readonly frameBytesMax: number;
  readonly pollMs: number;
  readonly rotatedMs: number;
  /** A message of several lines has ended when nothing was written for so long. */
  readonly pausedMs: number;
}
export const TAIL_LIMITS = { pollMs: 250, rotatedMs: 5000, pausedMs: 1000 } as const;

interface Followed {
  path: string;
  readonly file: FileHandle;
  readonly cutter: Cutter;
  /** What stood before `read` when it was read last: how the file is known again. */
  place: Place;
  /** Up to here its bytes are read; the unfinished line's among them. */
  read: number;
  size: number;
  /** The most it was seen to have, while nothing could be taken too. */
  seen: number;
  /** When it was last seen to grow, monotonic ms. */
  grewAt: number;
  /** Another file has its name, or none. */
  rotated: boolean;
}

const TURN_BYTES = 1024 * 1024, FILES_MAX = 1000;
/** Read of one file before others have a turn. */
const TURNS_MAX = 8;
type Noted = Readonly<Record<string, readonly Place[]>>;

export class Tail {
  private readonly followed = new Map<string, Followed[]>();
  private readonly troubled = new Set<string>();
  private readonly buffer = Buffer.allocUnsafeSlow(TURN_BYTES);
  private written = '';
  private running: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private polling = false;
  private stopping: Promise<void> | undefined;

  private constructor(private readonly folder: string, private readonly inputs: readonly FileInput[], private readonly limits: TailLimits, private readonly events: TailEvents) {}

  /** `folder`: where it notes how far it is. */
  static async open(folder: string, inputs: readonly FileInput[], limits: TailLimits, events: TailEvents): Promise<Tail> {
    const tail = new Tail(folder, inputs, limits, events), noted = await tail.readNotes();
    for (const input of inputs) await tail.resume(input, noted?.[input.name]);
    tail.poll(); // not before: a file that is resumed must not be found as a new one
    tail.timer = setInterval(() => { if (!tail.polling) tail.poll(); }, limits.pollMs);
    return tail;
  }

  /** Reads nothing more and notes how far everything is. */
  stop(): Promise<void> { return this.stopping ??= this.end(); }

  private async end(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    await this.note().catch(() => undefined);
    for (const { file } of [...this.followed.values()].flat()) await file.close();
  }

  private poll(): void {
    this.polling = true;
    this.running = this.round().catch((error: unknown) => { this.trouble('files', error as Error); }).finally(() => { this.polling = false; });
  }

  private async round(): Promise<void> {
    for (const input of this.inputs) {
      await this.find(input);
      for (const each of [...this.followed.get(input.name) ?? []]) {
        if (this.events.busy()) each.seen = Math.max(each.seen, (await each.file.stat()).size);
        else await this.readOn(input, each);
      }
    }
    await this.note();
  }

  // --- which files ---------------------------------------------------------------------------------------------------------------
  // What was followed in an earlier life: by its inode wherever it is now, or its copy.
  private async resume(input: FileInput, places: readonly Place[] | undefined): Promise<void> {
    this.followed.set(input.name, []);
    if (places === undefined) {
      if (input.from === 'end') for (const path of await filesOf(input.path)) await this.follow(input, path, 'end');
      return;
    }
    const candidates = [...new Set([...await filesOf(input.path), ...await siblingsOf(input.path)])];
    for (const place of places) {
      const path = await this.findAgain(candidates, place);
      if (path !== undefined) await this.follow(input, path, place);
      else if (place.offset > 0) this.events.onProblem({ code: 'collector.tail.gone', severity: 'warning', file: input.path, message: `${input.name}: a file that was read up to byte ${place.offset} is not there any more; what it had behind that is not known` });
    }
  }

  private async findAgain(paths: readonly string[], place: Place, not?: FileHandle): Promise<string | undefined> {
    let copy: { path: string; changed: number } | undefined;
    const own = await not?.stat();
    for (const path of paths) {
      const file = await openFile(path);
      if (file === undefined) continue;
      try {
        const { dev, ino, mtimeMs } = await file.stat();
        if ((own !== undefined && own.ino === ino && own.dev === dev) || !(await isSame(file, place))) continue;
        if (dev === place.device && ino === place.inode) return path;
        if (place.offset > 0 && (copy === undefined || mtimeMs > copy.changed)) copy = { path, changed: mtimeMs };
      } finally {
        await file.close();
      }
    }
    return copy?.path;
  }

  // New files begin to be followed; of each followed one it is known whether its name is still its own.
  private async find(input: FileInput): Promise<void> {
    const known = this.followed.get(input.name) as Followed[], named = new Set<Followed>();
    for (const path of await filesOf(input.path)) {
      const file = await openFile(path, (error) => { this.trouble(path, error); });
      if (file === undefined) continue;
      const { dev, ino } = await file.stat();
      await file.close();
      const same = known.find(({ place }) => place.device === dev && place.inode === ino);
      if (same !== undefined) { same.path = path; named.add(same); continue; }
      const fresh = await this.follow(input, path, 0);
      if (fresh !== undefined) named.add(fresh);
    }
    for (const each of known) each.rotated = !named.has(each);
  }

  private async follow(input: FileInput, path: string, from: Place | 'end' | 0): Promise<Followed | undefined> {
    const known = this.followed.get(input.name) as Followed[];
    if (known.length >= FILES_MAX) { this.trouble(input.path, new Error(`expected at most ${FILES_MAX} files`)); return undefined; }
    const file = await openFile(path, (error) => { this.trouble(path, error); });
    if (file === undefined) return undefined;
    const { size } = await file.stat(), offset = from === 'end' ? size : from === 0 ? 0 : from.offset;
    const followed: Followed = { path, file, cutter: cutterOf(input, this.limits.frameBytesMax), place: await placeAt(file, offset), read: offset, size, seen: size, grewAt: performance.now(), rotated: false };
    known.push(followed);
    return followed;
  }

  // --- what is in them -------------------------------------------------------------------------------------------------------------
  private async readOn(input: FileInput, each: Followed): Promise<void> {
    const { size } = await each.file.stat(), now = performance.now();
    if (size !== each.size) each.grewAt = now;
    if (size < each.read || (size !== each.size && !(await isSame(each.file, each.place)))) await this.beginAnew(input, each, size);
    each.size = each.seen = size;
    for (let turns = 0; turns < TURNS_MAX && each.read < size && !this.events.busy(); turns++) await this.readTurn(input, each, each.file, size);
    if (each.read < size) return;
    if (now - each.grewAt >= this.limits.pausedMs) await this.pause(input, each);
    if (!each.rotated || now - each.grewAt < this.limits.rotatedMs) return;
    each.cutter.end((line, trueLength) => { this.events.onLine(input.name, line, trueLength); });
    await this.events.durable();
    await each.file.close();
    const known = this.followed.get(input.name) as Followed[];
    known.splice(known.indexOf(each), 1);
  }

  private async readTurn(input: FileInput, each: Followed, file: FileHandle, size: number): Promise<void> {
    const { bytesRead } = await file.read(this.buffer, 0, Math.min(TURN_BYTES, size - each.read), each.read);
    if (bytesRead === 0) return;
    each.cutter.push(this.buffer.subarray(0, bytesRead), (line, trueLength) => { this.events.onLine(input.name, line, trueLength); });
    each.read += bytesRead;
    await this.events.durable();
    each.place = await placeAt(file, each.read - each.cutter.unfinishedBytes);
  }

  private async pause(input: FileInput, each: Followed): Promise<void> {
    const before = each.cutter.unfinishedBytes;
    each.cutter.pause((message, trueLength) => { this.events.onLine(input.name, message, trueLength); });
    if (each.cutter.unfinishedBytes === before) return;
    await this.events.durable();
    each.place = await placeAt(each.file, each.read - each.cutter.unfinishedBytes);
  }

  // The file was truncated or written anew. What it had behind our place stands in its copy, where there is one.
  private async beginAnew(input: FileInput, each: Followed, size: number): Promise<void> {
    const copy = await this.findAgain(await siblingsOf(each.path), each.place, each.file), file = copy === undefined ? undefined : await openFile(copy);
    if (file !== undefined) {
      const { size: whole } = await file.stat();
      while (each.read < whole) { const before = each.read; await this.readTurn(input, each, file, whole); if (each.read === before) break; }
      await file.close();
    } else if (each.seen > each.read) {
      this.events.onLost(input.name, each.seen - each.read);
    }
    each.cutter.end((line, trueLength) => { this.events.onLine(input.name, line, trueLength); });
    each.read = 0;
    each.size = size;
    each.place = await placeAt(each.file, 0);
  }

  // --- how far ---------------------------------------------------------------------------------------------------------------------
  private async note(): Promise<void> {
    const noted: Noted = Object.fromEntries([...this.followed].map(([name, files]) => [name, files.map(({ place }) => place)])), text = JSON.stringify(noted);
    if (text === this.written) return;
    await replaceFile(join(this.folder, 'tail.json'), text);
    this.written = text;
  }

  private async readNotes(): Promise<Noted | undefined> {
    const text = await readFile(join(this.folder, 'tail.json'), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    try { return JSON.parse(text) as Noted; } catch { return undefined; }
  }

  private trouble(what: string, { message }: Error): void {
    if (this.troubled.has(what)) return;
    this.troubled.add(what);
    this.events.onProblem({ code: 'collector.tail', severity: 'warning', file: what, message: `${what} cannot be followed: ${message}. It is tried again.` });
  }
}

function cutterOf({ multiline }: FileInput, frameBytesMax: number): Cutter {
  if (multiline === undefined) return new LineCutter(frameBytesMax);
  const compiled = compileRegex(multiline, '');
  if ('reason' in compiled) throw new Error(`expected a regular expression in RE2 syntax: ${compiled.reason}`);
  return new MessageCutter(frameBytesMax, compiled.regex.test);
}

/** Undefined where there is no regular file that can be read. Opening never waits, whatever stands there. */
async function openFile(path: string, onError: (error: Error) => void = () => undefined): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onError(error as Error);
  }
  await file?.close();
  return undefined;
}
