// SQLite behind one small interface: `node:sqlite` where Node has it, `libsql` (prebuilt, same calls) on Node 20. Synchronous: for
// worker threads. Opened for control data: WAL, synchronous=FULL, so a transaction that returned is on the disk.
import { createRequire } from 'node:module';

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;
export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number };
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): readonly Row[];
}
export interface Database {
  /** Prepared once for each text. */
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** All of `work` or nothing; inside another transaction it is a part of that one. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** What both drivers offer, as far as we use it. */
interface Driver {
  prepare(sql: string): { run(...values: SqlValue[]): { changes: number | bigint }; get(...values: SqlValue[]): unknown; all(...values: SqlValue[]): unknown };
  exec(sql: string): unknown;
  close(): void;
}

export interface DatabaseOptions {
  /** Milliseconds to wait for another connection's lock. */
  readonly busyTimeoutMs?: number;
  /** False: the rollback journal, for a file that is only a lock. */
  readonly wal?: boolean;
  /** Asked when the disk is full: true says that room was made and the write is worth another try. */
  readonly whenFull?: () => boolean;
}

export function openDatabase(file: string, { busyTimeoutMs = 5_000, wal = true, whenFull = () => false }: DatabaseOptions = {}): Database {
  const driver = openDriver(file);
  driver.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
  if (wal) driver.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory');
  return new Connection(driver, whenFull);
}

/** True when SQLite could not write because the disk is full. */
export function isDiskFull(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT' || errcode === 13;
}

/** True when another process or connection holds the lock. */
export function isBusy(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) || (typeof errcode === 'number' && (errcode & 0xff) === 5);
}

/** libsql puts its timing into each row that `get` gives; no column of ours has that name. */
function asRow(value: unknown): Row | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const row = value as Record<string, Row[string]>;
  delete row['_metadata'];
  return row;
}

class Connection implements Database {
  private readonly statements = new Map<string, Statement>();
  private depth = 0;

  constructor(private readonly driver: Driver, private readonly whenFull: () => boolean) {}

  prepare(sql: string): Statement {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.driver.prepare(sql);
    const statement: Statement = {
      run: (...values) => this.trying(() => ({ changes: Number(prepared.run(...values).changes) })),
      get: (...values) => asRow(prepared.get(...values)),
      all: (...values) => prepared.all(...values) as readonly Row[],
    };
    this.statements.set(sql, statement);
    return statement;
  }

  exec(sql: string): void {
    this.driver.exec(sql);
  }

  transaction<T>(work: () => T): T {
    if (this.depth > 0) return work();
    return this.trying(() => this.transact(work));
  }

  // Inside a transaction the whole of it is tried again, not its last step.
  private trying<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (this.depth > 0 || !isDiskFull(error) || !this.whenFull()) throw error;
      return work();
    }
  }

  private transact<T>(work: () => T): T {
    this.driver.exec('begin immediate');
    this.depth = 1;
    try {
      const result = work();
      this.driver.exec('commit');
      return result;
    } catch (error) {
      // A full disk may have rolled the transaction back already.
      try { this.driver.exec('rollback'); } catch { /* nothing is open */ }
      throw error;
    } finally {
      this.depth = 0;
    }
  }

  close(): void {
    this.statements.clear();
    this.driver.close();
  }
}

const require = createRequire(import.meta.url);
function openDriver(file: string): Driver {
  const builtin = nodeSqlite();
  if (builtin !== undefined) return new builtin.DatabaseSync(file);
  const Libsql = require('libsql') as new (file: string) => Driver;
  return new Libsql(file);
}
function nodeSqlite(): { DatabaseSync: new (file: string) => Driver } | undefined {
  const [major = 0] = process.versions.node.split('.').map(Number);
  // Before 24 it is there behind a warning or a flag; libsql is the quieter choice.
  return major >= 24 ? (process.getBuiltinModule('node:sqlite') as unknown as { DatabaseSync: new (file: string) => Driver }) : undefined;
}
