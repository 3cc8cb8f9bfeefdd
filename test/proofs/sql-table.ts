// Events as a table of DuckDB, its columns as sealed files have them, and what SQL says of predicates there.
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../core/event.js';
import type { Predicate } from '../../core/predicate/predicate.js';
import { compileSql, type Sql } from '../../core/predicate/sql.js';
import { quote, type SqlShape } from '../../core/predicate/sql-values.js';
import { RowEncoder, typeOfColumn } from '../../core/store/embedded/columns.js';
import { stored } from '../../core/store/embedded/hot.js';
import { sqlShape } from '../../core/store/embedded/seal.js';
import { aRun } from '../../core/store/samples.js';
import { streamName } from '../../core/record.js';

export const STREAM = { collector: '0190f3a0-0000-7000-8000-0000000000bb', epoch: 2, tier: 3 };
export interface SqlAnswer { readonly exact: boolean; readonly found: readonly boolean[] }

export class SqlTable {
  private constructor(readonly tables: SqlTables, readonly events: readonly Event[], readonly opaque: ReadonlySet<number>, readonly shape: SqlShape) {}

  static async of(owner: SqlTables, given: readonly Event[], from: number): Promise<SqlTable> {
    const { events } = aRun(STREAM, from, given), encoder = new RowEncoder();
    const rows = events.map((event, i) => encoder.row(stored(event, streamName(STREAM), from + i, STREAM.tier))), shape = encoder.shape();
    writeFileSync(owner.file, rows.map((row) => JSON.stringify(row)).join('\n'));
    const columns = shape.columns.map((name) => `${quote(name)}: ${quote(typeOfColumn(name))}`).join(', ');
    await owner.db.run(`create or replace table t as select * from read_json(${quote(owner.file)}, format = 'newline_delimited', columns = {${columns}}, maximum_object_size = 4194304)`);
    return new SqlTable(owner, events, new Set(rows.flatMap((row, i) => (row['_opaque'] === undefined ? [] : [i]))), sqlShape(shape));
  }

  async ask(predicates: readonly Predicate[]): Promise<readonly SqlAnswer[]> {
    const compiled = predicates.map((predicate) => this.tables.compile(predicate, this.shape));
    try {
      return await this.answers(compiled);
    } catch (error) {
      // A pattern that DuckDB refuses spoils the whole question: then one by one, and that one is the matcher's.
      if (!(error instanceof Error) || !/^Invalid Input Error/.test(error.message)) throw error;
      if (compiled.length === 1) { this.tables.refused++; return [{ exact: false, found: this.events.map(() => true) }]; }
      const answers: SqlAnswer[] = [];
      for (const predicate of predicates) answers.push(...await this.ask([predicate]));
      return answers;
    }
  }

  private async answers(compiled: readonly Sql[]): Promise<readonly SqlAnswer[]> {
    const rows = (await this.tables.db.runAndReadAll(`select ${compiled.map(({ where }, i) => `${where} as q${i}`).join(', ')} from t order by _seq`)).getRows();
    this.tables.exact += compiled.filter(({ exact }) => exact).length;
    return compiled.map(({ exact, where }, i) => ({ exact, found: rows.map((row) => {
      if (typeof row[i] !== 'boolean') throw new Error(`expected yes or no, got ${String(row[i])} from ${where}`);
      return row[i] === true;
    }) }));
  }
}

export class SqlTables {
  /** Predicates of which DuckDB refused a pattern, and those of which SQL says all that there is to say. */
  refused = 0;
  exact = 0;
  compile: (predicate: Predicate, shape: SqlShape) => Sql = compileSql;
  private constructor(readonly db: DuckDBConnection, private readonly folder: string) {}
  get file(): string { return join(this.folder, 'rows.ndjson'); }

  static async open(): Promise<SqlTables> {
    return new SqlTables(await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect(), mkdtempSync(join(tmpdir(), 'haidang-proof-')));
  }
  close(): void { this.db.closeSync(); rmSync(this.folder, { recursive: true }); }
}
