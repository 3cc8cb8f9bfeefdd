// DuckDB as an engine without memory of its own: it reads sealed files and writes new ones, inside one folder, without network,
// extensions or settings that a query could change. At most a few questions run at once; the others wait their turn.
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { SqlRow } from './columns.js';

export interface EngineOptions { readonly memoryMegabytes?: number; readonly threads?: number; readonly questionsMax?: number }

export class Engine {
  private readonly idle: DuckDBConnection[] = [];
  private readonly ended: (() => void)[] = [];
  private readonly queue: ((connection: DuckDBConnection) => void)[] = [];

  private constructor(private readonly instance: DuckDBInstance, private readonly connections: readonly DuckDBConnection[]) {
    this.idle.push(...connections);
  }

  static async open(folder: string, { memoryMegabytes = 256, threads = 2, questionsMax = 3 }: EngineOptions = {}): Promise<Engine> {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${memoryMegabytes}MB`, threads: String(threads), autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', temp_directory: `${folder}/spill.tmp`,
      max_temp_directory_size: '4GB', preserve_insertion_order: 'false', allow_community_extensions: 'false',
    });
    const first = await instance.connect();
    for (const setting of [`allowed_directories = ['${folder.replaceAll("'", "''")}/']`, 'enable_external_access = false', 'lock_configuration = true']) await first.run(`set ${setting}`);
    const connections = [first];
    while (connections.length < questionsMax) connections.push(await instance.connect());
    return new Engine(instance, connections);
  }

  /** All rows of a question. */
  rows(sql: string): Promise<readonly SqlRow[]> {
    return this.using(async (connection) => rowsOf(await connection.runAndReadAll(sql)));
  }

  /** Rows a chunk at a time, for answers that may be long; stops when `take` says false. */
  stream(sql: string, take: (rows: readonly SqlRow[]) => boolean): Promise<void> {
    return this.using(async (connection) => {
      const result = await connection.stream(sql), names = result.columnNames();
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        if (!take(chunk.getRows().map((row) => rowOf(names, row)))) return;
      }
    });
  }

  async run(sql: string): Promise<void> {
    await this.using((connection) => connection.run(sql));
  }

  /** Waits for the questions that are being answered. */
  async close(): Promise<void> {
    while (this.idle.length < this.connections.length) await new Promise<void>((resolve) => this.ended.push(resolve));
    for (const connection of this.connections) connection.closeSync();
    this.instance.closeSync();
  }

  private async using<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = this.idle.pop() ?? await new Promise<DuckDBConnection>((resolve) => this.queue.push(resolve));
    try {
      return await work(connection);
    } finally {
      const waiting = this.queue.shift();
      if (waiting === undefined) this.idle.push(connection); else waiting(connection);
      for (const resolve of this.ended.splice(0)) resolve();
    }
  }
}

function rowsOf(result: { columnNames(): readonly string[]; getRows(): readonly (readonly unknown[])[] }): readonly SqlRow[] {
  const names = result.columnNames();
  return result.getRows().map((row) => rowOf(names, row));
}
function rowOf(names: readonly string[], values: readonly unknown[]): SqlRow {
  const row: Record<string, string | number | null> = {};
  names.forEach((name, i) => {
    const value = values[i];
    if (value !== null) row[name] = typeof value === 'bigint' ? Number(value) : value as string | number;
  });
  return row;
}
