// The commit: events to the event file, fdatasync, one SQLite transaction for everything else. Recovery is the same read backwards:
// what the manifest does not name was never committed.
import { readFileSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../../assert.js';
import type { EvaluatedRun } from '../../pipeline/run.js';
import { isDiskFull, type Database } from '../../process/sqlite.js';
import { streamName } from '../../record.js';
import type { Commit } from '../store.js';
import { putAccount } from './accounts.js';
import { EventFile } from './event-file.js';
import { fault } from './fault.js';
import { syncFile, syncFolder } from './folder.js';
import { countLines, tierOf, type HotRun } from './hot.js';
import { checkIncident, putAlerts, putIncident } from './incidents.js';
import { cursorOf, putClosed, putRun } from './ledger.js';
import type { Manifest } from './manifest.js';
import { putNotices } from './outbox.js';

export class Writer {
  private file: EventFile | undefined;
  private next: number;
  /** Why the last commit was refused, for the health report. */
  problem: string | undefined;

  constructor(private readonly db: Database, private readonly manifest: Manifest) {
    this.next = recover(db, manifest) + 1;
  }

  /** The event file that commits append to, if it holds anything. */
  get active(): string | undefined { return this.file?.name; }

  /** Everything or nothing. Returns the runs that were new. */
  commit(commit: Commit): readonly EvaluatedRun[] {
    const runs = this.newRuns(commit.runs);
    for (const { incident, seen } of commit.incidents) checkIncident(this.db, incident, seen);
    const written = runs.filter(({ events }) => events.length > 0);
    const hot = this.append(written);
    try {
      this.db.transaction(() => {
        const file = this.file?.name ?? '';
        if (hot.length > 0) this.db.prepare('insert or ignore into event_files values (?)').run(file);
        const insert = this.db.prepare('insert into event_runs values (?, ?, ?, ?, ?, ?)');
        for (const { run, start } of hot) insert.run(file, start, run.bytes.length, run.stream, run.from, run.to);
        putAccount(this.db, runs);
        for (const run of runs) putRun(this.db, run);
        putAlerts(this.db, commit.alerts);
        for (const { incident, seen } of commit.incidents) putIncident(this.db, incident, seen);
        putNotices(this.db, commit.notices);
        if (commit.closed !== undefined) putClosed(this.db, commit.closed);
        fault('before-commit');
      });
    } catch (error) {
      // Whether a transaction that failed on the disk is there after a crash cannot be known: its bytes stay until recovery decides.
      this.file?.close();
      this.file = undefined;
      throw error;
    }
    fault('after-commit');
    this.problem = undefined;
    this.file?.keep(hot.reduce((sum, { run }) => sum + run.bytes.length, 0));
    for (const { run } of hot) this.manifest.hot.add(run);
    return runs;
  }

  /** Later commits go to a new event file; the one left behind never changes again. */
  rotate(): string | undefined {
    const name = this.file?.name;
    if (this.file?.length === 0) return undefined;
    this.file?.close();
    this.file = undefined;
    return name;
  }

  close(): void {
    this.file?.close();
  }

  // Runs already committed are skipped; the others must follow their stream's cursor without a gap.
  private newRuns(runs: readonly EvaluatedRun[]): readonly EvaluatedRun[] {
    const cursors = new Map<string, number>();
    return runs.filter((run) => {
      const stream = streamName(run.stream), cursor = cursors.get(stream) ?? cursorOf(this.db, stream);
      if (run.to <= cursor) return false;
      assert(run.from === cursor + 1, `expected a run of ${stream} from ${cursor + 1}, got one from ${run.from} to ${run.to}`);
      const lines = countLines(run.events);
      assert(lines === run.to - run.from + 1, `expected ${run.to - run.from + 1} events in a run of ${stream} from ${run.from}, got ${lines}`);
      cursors.set(stream, run.to);
      return true;
    });
  }

  private append(runs: readonly EvaluatedRun[]): readonly { readonly run: HotRun; readonly start: number }[] {
    if (runs.length === 0) return [];
    const parts = runs.map(({ events }) => events);
    let starts: readonly number[];
    try {
      this.file ??= this.newFile();
      starts = this.file.append(parts);
    } catch (error) {
      this.abandon();
      const readOnly = (error as NodeJS.ErrnoException).code === 'EROFS';
      if (readOnly || isDiskFull(error)) {
        this.problem = `the disk of ${this.manifest.folder} is ${readOnly ? 'read-only' : 'full'}: nothing of this commit was stored`;
        throw new Error(this.problem, { cause: error });
      }
      // After a failed fdatasync the same file's pages count as clean: only a new file tells the truth.
      this.file = this.newFile();
      try {
        starts = this.file.append(parts);
      } catch (again) {
        this.abandon();
        throw new Error('cannot write events, twice in a row', { cause: again });
      }
    }
    const file = this.file.name;
    return runs.map((run, i) => {
      const stream = streamName(run.stream);
      return { start: starts[i] as number, run: { file, stream, tier: run.stream.tier, from: run.from, to: run.to, bytes: run.events } };
    });
  }

  private abandon(): void {
    try { this.file?.forget(); } catch { /* recovery cuts it */ }
    try { this.file?.close(); } catch { /* it is of no use any more */ }
    this.file = undefined;
  }

  private newFile(): EventFile {
    return new EventFile(this.manifest.folder, `events-${String(this.next++).padStart(8, '0')}.ndjson`);
  }
}

/** Cuts event files to what the manifest names, removes what it does not name, loads the rest. Returns the highest file number seen. */
function recover(db: Database, manifest: Manifest): number {
  const { folder } = manifest, listed = new Set(db.prepare('select name from event_files').all().map((row) => String(row['name'])));
  const sealed = new Set(manifest.files.map(({ name }) => name));
  let highest = 0;
  for (const name of readdirSync(folder)) {
    highest = Math.max(highest, Number(/^events-(\d+)\.ndjson$/.exec(name)?.[1] ?? 0));
    if (!listed.has(name) && !sealed.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
  for (const { name, bytes } of manifest.files) {
    const size = sizeOf(join(folder, name));
    if (size !== bytes) throw new Error(`expected ${bytes} bytes in ${join(folder, name)}, found ${size ?? 'no such file'}: restore it from a backup`);
  }
  for (const name of [...listed].sort()) {
    highest = Math.max(highest, Number(/^events-(\d+)\.ndjson$/.exec(name)?.[1] ?? 0));
    const rows = db.prepare('select * from event_runs where file = ? order by offset').all(name), last = rows[rows.length - 1];
    const length = last === undefined ? 0 : Number(last['offset']) + Number(last['bytes']), path = join(folder, name), size = sizeOf(path) ?? 0;
    if (size < length) throw new Error(`expected ${length} bytes in ${path}, found ${size}: committed events are missing, restore it from a backup`);
    if (size > length) { truncateSync(path, length); syncFile(path); }
    const content = readFileSync(path);
    for (const row of rows) {
      const stream = String(row['stream']), offset = Number(row['offset']);
      manifest.hot.add({ file: name, stream, tier: tierOf(stream), from: Number(row['from_seq']), to: Number(row['to_seq']), bytes: content.subarray(offset, offset + Number(row['bytes'])) });
    }
  }
  syncFolder(folder);
  return highest;
}
function sizeOf(path: string): number | undefined {
  try { return statSync(path).size; } catch { return undefined; }
}
