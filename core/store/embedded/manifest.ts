// Which files hold which events. In SQLite it moves with the commits; in memory it is a list that readers hold while they read, and
// a file that left the list is unlinked when its last reader is done.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Millis } from '../../event.js';
import type { Database, Row } from '../../process/sqlite.js';
import { HotEvents, type HotRun } from './hot.js';

/** What a sealed file's columns are like: what a question must look at. */
export interface Shape {
  readonly columns: readonly string[];
  /** Columns that also hold arrays, numbers or the like in encoded form. */
  readonly encoded: readonly string[];
  /** Number columns with values of another kind, which stand in the rest. */
  readonly strays: readonly string[];
  /** Events with a value that SQL cannot read as the matcher does. */
  readonly opaque: number;
  /** Events of the collector itself. */
  readonly own: number;
  readonly systems: readonly string[];
  /** All values of columns that have few; columns of codes only: see SqlShape. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  readonly codes: readonly string[];
}
export interface Range { readonly stream: string; readonly from: number; readonly to: number; readonly count: number }
export interface SealedFile {
  readonly name: string;
  readonly tier: number;
  /** Of receipt. */
  readonly day: string;
  /** 0 sealed, 1 and 2 compacted. */
  readonly level: number;
  readonly events: number;
  readonly bytes: number;
  /** Event time, both inclusive. */
  readonly fromTime: Millis;
  readonly toTime: Millis;
  readonly shape: Shape;
  readonly ranges: readonly Range[];
}

/** What a reader sees from beginning to end, whatever is committed or swapped meanwhile. */
export interface View {
  readonly runs: readonly HotRun[];
  readonly files: readonly SealedFile[];
  release(): void;
}

export class Manifest {
  readonly hot = new HotEvents();
  private sealed: readonly SealedFile[] = [];
  private readonly readers = new Map<string, number>();
  private readonly doomed = new Set<string>();

  constructor(private readonly db: Database, readonly folder: string) {
    this.sealed = db.prepare('select * from sealed_files order by to_time').all().map(fileOf);
  }

  get files(): readonly SealedFile[] { return this.sealed; }

  view(): View {
    const runs = [...this.hot.runs], files = this.sealed;
    for (const { name } of files) this.readers.set(name, (this.readers.get(name) ?? 0) + 1);
    let open = true;
    return {
      runs, files,
      release: () => {
        if (!open) return;
        open = false;
        for (const { name } of files) this.leave(name);
      },
    };
  }

  /** One transaction: `gone` and the event files leave, `come` are there. Then the same in memory; what left is unlinked when unread. */
  swap(come: readonly SealedFile[], gone: readonly SealedFile[], eventFiles: readonly string[] = []): void {
    this.db.transaction(() => {
      for (const { name } of gone) this.db.prepare('delete from sealed_files where name = ?').run(name);
      for (const file of come) {
        this.db.prepare('insert into sealed_files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
          .run(file.name, file.tier, file.day, file.level, file.events, file.bytes, file.fromTime, file.toTime, JSON.stringify(file.shape), JSON.stringify(file.ranges));
      }
      for (const eventFile of eventFiles) {
        this.db.prepare('delete from event_runs where file = ?').run(eventFile);
        this.db.prepare('delete from event_files where name = ?').run(eventFile);
      }
    });
    const names = new Set(gone.map(({ name }) => name));
    this.sealed = [...this.sealed.filter(({ name }) => !names.has(name)), ...come].sort((a, b) => a.toTime - b.toTime);
    this.hot.removeFiles(eventFiles);
  }

  /** After a swap: removes the files from the disk, now or when their last reader leaves. */
  unlink(names: readonly string[]): void {
    for (const name of names) {
      if (this.readers.has(name)) this.doomed.add(name);
      else rmSync(join(this.folder, name), { force: true });
    }
  }

  private leave(name: string): void {
    const left = (this.readers.get(name) ?? 1) - 1;
    if (left > 0) { this.readers.set(name, left); return; }
    this.readers.delete(name);
    if (this.doomed.delete(name)) rmSync(join(this.folder, name), { force: true });
  }
}

function fileOf(row: Row): SealedFile {
  return {
    name: String(row['name']), tier: Number(row['tier']), day: String(row['day']), level: Number(row['level']), events: Number(row['events']), bytes: Number(row['bytes']),
    fromTime: Number(row['from_time']), toTime: Number(row['to_time']), shape: JSON.parse(String(row['shape'])) as Shape, ranges: JSON.parse(String(row['ranges'])) as Range[],
  };
}
