// What happens to events after their commit: event files become sealed files, small ones large ones, old days go. One job at a time,
// beside the commits; each ends in one manifest transaction, and files are unlinked only after it.
import { setImmediate as turn } from 'node:timers/promises';
import { quote, valuesOf } from '../../predicate/sql-values.js';
import { planCompaction } from './compaction.js';
import { isPlainText } from './columns.js';
import type { Engine } from './engine.js';
import { fault } from './fault.js';
import { space } from './folder.js';
import { decode, type HotRun } from './hot.js';
import type { Manifest, SealedFile } from './manifest.js';
import { mergeFiles, sqlShape, Staging } from './seal.js';
import type { Writer } from './writer.js';

const DAY_MS = 86_400_000;
const SEAL_EVENTS = 20_000;
const SEAL_AGE_MS = 60_000;
const FILE_EVENTS_MAX = 200_000;
const EVENTS_A_TURN = 250;

export const dayOf = (received: number): string => new Date(received).toISOString().slice(0, 10);

export class Keeper {
  private jobs: Promise<unknown> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;
  private sealedAt = Date.now();
  private busy = false;
  private closed = false;
  /** Why sealing waits, for the health report. */
  problem: string | undefined;

  constructor(private readonly manifest: Manifest, private readonly writer: Writer, private readonly engine: Engine, private readonly now: () => number = Date.now) {
    this.timer = setInterval(() => this.tick(), 1_000);
  }

  sealAll(): Promise<void> {
    return this.alone(() => this.seal());
  }

  /** Joins small sealed files. */
  compact(): Promise<void> {
    return this.alone(async () => {
      for (let plan = planCompaction(this.manifest.files, dayOf(this.now())); plan !== undefined && !this.closed; plan = planCompaction(this.manifest.files, dayOf(this.now()))) {
        if (!this.roomFor(plan.files.reduce((sum, { bytes }) => sum + bytes, 0))) return;
        await this.rewrite(plan.files, plan.level);
      }
    });
  }

  dropDay(tier: number, day: string): Promise<{ readonly events: number }> {
    return this.alone(async () => {
      await this.seal();
      const gone = this.manifest.files.filter((file) => file.tier === tier && file.day === day);
      this.manifest.swap([], gone);
      fault('drop-committed');
      this.manifest.unlink(gone.map(({ name }) => name));
      return { events: gone.reduce((sum, { events }) => sum + events, 0) };
    });
  }

  dropSystems(systems: readonly string[]): Promise<{ readonly events: number }> {
    return this.alone(async () => {
      await this.seal();
      let events = 0;
      for (const file of this.manifest.files.filter(({ shape }) => systems.some((system) => shape.systems.includes(system)))) {
        events += await this.rewrite([file], file.level, `NOT ${isOfSystems(file, systems)}`, systems);
      }
      return { events };
    });
  }

  /** Seals, compacts, and drops days of receipt that ended more than their tier's days ago. */
  async keep(retentionDays: Readonly<Record<number, number>>, now: number): Promise<{ readonly dropped: readonly { readonly tier: number; readonly day: string; readonly events: number }[] }> {
    await this.sealAll();
    const dropped: { tier: number; day: string; events: number }[] = [];
    for (const { tier, day } of uniqueDays(this.manifest.files)) {
      const days = retentionDays[tier];
      if (days !== undefined && Date.parse(day) + DAY_MS * (days + 1) <= now) dropped.push({ tier, day, events: (await this.dropDay(tier, day)).events });
    }
    await this.compact();
    return { dropped };
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.jobs.catch(() => undefined);
  }

  private tick(): void {
    const { count } = this.manifest.hot, due = count >= SEAL_EVENTS || (count > 0 && Date.now() - this.sealedAt >= SEAL_AGE_MS);
    if (this.busy || !due) return;
    this.busy = true;
    this.sealAll().then(() => this.compact()).then(() => { this.problem = undefined; }, (error: unknown) => { this.problem = `sealing failed: ${(error as Error).message}`; })
      .finally(() => { this.busy = false; });
  }

  private async seal(): Promise<void> {
    if (this.manifest.hot.count === 0) { this.sealedAt = Date.now(); return; }
    if (!this.roomFor(this.manifest.hot.bytes)) return;
    this.writer.rotate();
    const runs = this.manifest.hot.runs.filter(({ file }) => file !== this.writer.active), files = [...new Set(runs.map(({ file }) => file))];
    const come = await this.sealRuns(runs);
    this.manifest.swap(come, [], files);
    fault('seal-committed');
    this.manifest.unlink(files);
    this.sealedAt = Date.now();
  }

  private async sealRuns(runs: readonly HotRun[]): Promise<readonly SealedFile[]> {
    const open = new Map<string, Staging>(), done: SealedFile[] = [];
    const finish = async (key: string, staging: Staging): Promise<void> => {
      done.push(await staging.seal(this.engine));
      staging.close();
      open.delete(key);
    };
    try {
      let since = 0;
      for (const run of runs) {
        // Decoded anew where nobody has asked for them: kept events would stay in memory until the swap.
        for (const one of run.events ?? decode(run)) {
          const day = dayOf(one.received), key = `${one.tier} ${day}`;
          let staging = open.get(key);
          if (staging === undefined) open.set(key, staging = new Staging(this.manifest.folder, this.newName(one.tier, day), one.tier, day));
          staging.add(one);
          if (staging.events >= FILE_EVENTS_MAX) await finish(key, staging);
          if (++since % EVENTS_A_TURN === 0) await turn();
        }
      }
      for (const [key, staging] of [...open]) await finish(key, staging);
      return done;
    } catch (error) {
      for (const staging of open.values()) staging.close();
      throw error;
    }
  }

  // Returns how many events did not come along.
  private async rewrite(files: readonly SealedFile[], level: number, keep?: string, without: readonly string[] = []): Promise<number> {
    const [first] = files;
    if (first === undefined) return 0;
    const file = await mergeFiles(this.engine, this.manifest.folder, this.newName(first.tier, first.day), level, files, keep);
    const come = file === undefined ? [] : [{ ...file, shape: { ...file.shape, systems: file.shape.systems.filter((system) => !without.includes(system)) } }];
    this.manifest.swap(come, files);
    fault('compact-committed');
    this.manifest.unlink(files.map(({ name }) => name));
    return files.reduce((sum, { events }) => sum + events, 0) - (file?.events ?? 0);
  }

  private roomFor(bytes: number): boolean {
    const { free } = space(this.manifest.folder);
    this.problem = free >= 2 * bytes ? undefined : `sealing waits: expected ${2 * bytes} bytes free, found ${free}`;
    return this.problem === undefined;
  }

  private newName(tier: number, day: string): string {
    return `t${tier}-${day}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}.parquet`;
  }

  private alone<T>(job: () => Promise<T>): Promise<T> {
    const result = this.jobs.catch(() => undefined).then(job);
    this.jobs = result;
    return result;
  }
}

function isOfSystems({ shape }: SealedFile, systems: readonly string[]): string {
  const values = valuesOf('haidang.system', sqlShape(shape));
  const plain = values.any((x) => `${x} IN (${systems.map(quote).join(', ')})`);
  const odd = systems.filter((system) => !isPlainText(system) && shape.systems.includes(system));
  return odd.length === 0 ? plain : `(${plain} OR coalesce(json_extract_string(_opaque, '/haidang.system') IN (${odd.map(quote).join(', ')}), FALSE))`;
}

function uniqueDays(files: readonly SealedFile[]): readonly { readonly tier: number; readonly day: string }[] {
  return [...new Map(files.map(({ tier, day }) => [`${tier} ${day}`, { tier, day }])).values()];
}
