// Events as a table of DuckDB, its columns as sealed files have them, and what SQL says of predicates there.
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../core/event.js';
import type { Predicate } from '../../core/predicate/predicate.js';
import type { compileSql, Sql } from '../../core/predicate/sql.js';
import { quote, type SqlShape } from '../../core/predicate/sql-values.js';
import { streamName } from '../../core/record.js';
import { RowEncoder, typeOfColumn } from '../../core/store/embedded/columns.js';
import { stored } from '../../core/store/embedded/hot.js';
import { sqlShape } from '../../core/store/embedded/seal.js';
import { STREAM } from './batch.js';

export interface SqlAnswer { readonly exact: boolean; readonly found: readonly boolean[] }

export class SqlTables {
  /** Predicates of which SQL says all that there is to say, and those of which DuckDB refused a pattern; events that SQL says nothing of. */
  exact = 0;
  refused = 0;
  opaque = 0;
  private loaded: { readonly events: readonly Event[]; readonly table: SqlTable } | undefined;
  private constructor(readonly db: DuckDBConnection, private readonly folder: string) {}

  /**
   * Planning takes far longer than the few rows of a batch do; `isPlannedWhole` has it as in the store, otherwise those two
   * optimizers stay away that take most of its time.
   */
  static async open(isPlannedWhole: boolean): Promise<SqlTables> {
    const db = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
    if (!isPlannedWhole) await db.run(`set disabled_optimizers = 'common_subexpressions,expression_rewriter'`);
    return new SqlTables(db, mkdtempSync(join(tmpdir(), 'haidang-proof-')));
  }
  close(): void { this.db.closeSync(); rmSync(this.folder, { recursive: true }); }

  /** The table of these events; there is one at a time. */
  async load(events: readonly Event[]): Promise<SqlTable> {
    if (this.loaded?.events === events) return this.loaded.table;
    this.loaded = undefined;
    const encoder = new RowEncoder(), rows = events.map((event, i) => encoder.row(stored(event, streamName(STREAM), i + 1, STREAM.tier))), shape = encoder.shape(), file = join(this.folder, 'rows.ndjson');
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    const columns = shape.columns.map((name) => `${quote(name)}: ${quote(typeOfColumn(name))}`).join(', ');
    await this.db.run(`create or replace table t as select * from read_json(${quote(file)}, format = 'newline_delimited', columns = {${columns}}, maximum_object_size = 4194304)`);
    const table = new SqlTable(this, new Set(rows.flatMap((row, i) => (row['_opaque'] === undefined ? [] : [i]))), sqlShape(shape), events.map(() => true));
    this.opaque += table.opaque.size;
    this.loaded = { events, table };
    return table;
  }
}

class SqlTable {
  constructor(private readonly tables: SqlTables, readonly opaque: ReadonlySet<number>, private readonly shape: SqlShape, private readonly everything: readonly boolean[]) {}

  async ask(predicates: readonly Predicate[], compile: typeof compileSql): Promise<readonly SqlAnswer[]> {
    return this.put(predicates.map((predicate) => compile(predicate, this.shape)));
  }

  private async put(compiled: readonly Sql[]): Promise<readonly SqlAnswer[]> {
    try {
      return await this.answers(compiled);
    } catch (error) {
      // A pattern that DuckDB refuses spoils the whole question: then one by one, and that one is the matcher's.
      if (!(error instanceof Error) || !/^Invalid Input Error/.test(error.message)) throw error;
      if (compiled.length === 1) { this.tables.refused++; return [{ exact: false, found: this.everything }]; }
      const answers: SqlAnswer[] = [];
      for (const one of compiled) answers.push(...await this.put([one]));
      return answers;
    }
  }

  private async answers(compiled: readonly Sql[]): Promise<readonly SqlAnswer[]> {
    if (compiled.length === 0) return [];
    const columns = (await this.tables.db.runAndReadAll(`select ${compiled.map(({ where }, i) => `${where} as q${i}`).join(', ')} from t order by _seq`)).getColumns();
    this.tables.exact += compiled.filter(({ exact }) => exact).length;
    return compiled.map(({ exact, where }, i) => ({ exact, found: (columns[i] ?? []).map((found) => {
      if (typeof found !== 'boolean') throw new Error(`expected yes or no, got ${String(found)} from ${where}`);
      return found;
    }) }));
  }
}
