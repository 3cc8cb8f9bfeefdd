// Writing sealed files: rows go to a temporary NDJSON file, DuckDB sorts them by time into zstd Parquet, file and folder are synced.
// Nothing here is visible before the manifest names the result.
import { closeSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { column, quote, type SqlShape } from '../../predicate/sql-values.js';
import { KNOWN_VALUES_MAX, RowEncoder, typeOfColumn } from './columns.js';
import type { Engine } from './engine.js';
import { fault } from './fault.js';
import { syncFile, syncFolder } from './folder.js';
import type { StoredEvent } from './hot.js';
import type { Range, SealedFile, Shape } from './manifest.js';

const ORDER = 'order by _time, _stream, _seq';
const format = (level: number): string => `(format parquet, compression zstd, compression_level ${level}, row_group_size 61440, parquet_version v2)`;

/** A sealed file in the making: events of one tier and day, a few at a time, none of them kept in memory. */
export class Staging {
  private readonly encoder = new RowEncoder();
  private readonly path: string;
  private readonly handle: number;
  private readonly ranges = new Map<string, { stream: string; from: number; to: number; count: number }>();
  private text = '';
  private longest = 0;
  private fromTime = Infinity;
  private toTime = -Infinity;
  events = 0;

  constructor(private readonly folder: string, private readonly name: string, readonly tier: number, readonly day: string) {
    this.path = join(folder, `${name}.rows.tmp`);
    this.handle = openSync(this.path, 'w');
  }

  add(one: StoredEvent): void {
    const line = JSON.stringify(this.encoder.row(one)), { stream, seq, time } = one, range = this.ranges.get(stream);
    this.text += `${line}\n`;
    this.longest = Math.max(this.longest, line.length);
    this.events++;
    if (range === undefined) this.ranges.set(stream, { stream, from: seq, to: seq, count: 1 });
    else { range.from = Math.min(range.from, seq); range.to = Math.max(range.to, seq); range.count++; }
    this.fromTime = Math.min(this.fromTime, time);
    this.toTime = Math.max(this.toTime, time);
    if (this.text.length > STAGING_CHARS) this.flush();
  }

  /** The finished file, synced. */
  async seal(engine: Engine): Promise<SealedFile> {
    this.flush();
    const shape = this.encoder.shape(), columns = shape.columns.map((one) => `${quote(one)}: ${quote(typeOfColumn(one))}`).join(', ');
    const source = `read_json(${quote(this.path)}, format = 'newline_delimited', columns = {${columns}}, maximum_object_size = ${Math.max(1 << 20, this.longest * 4)})`;
    await engine.run(`copy (select * from ${source} ${ORDER}) to ${quote(join(this.folder, this.name))} ${format(3)}`);
    const { name, tier, day, events, fromTime, toTime } = this;
    return finish(this.folder, { name, tier, day, level: 0, shape, events, fromTime, toTime, ranges: [...this.ranges.values()] }, 'seal');
  }

  close(): void {
    closeSync(this.handle);
    rmSync(this.path, { force: true });
  }

  private flush(): void {
    writeFileSync(this.handle, this.text);
    this.text = '';
  }
}
const STAGING_CHARS = 1 << 20;

/** One sealed file for several of one tier and day, or what `keep` (SQL) leaves of them; undefined when nothing is left. */
export async function mergeFiles(engine: Engine, folder: string, name: string, level: number, files: readonly SealedFile[], keep = 'TRUE'): Promise<SealedFile | undefined> {
  const [first] = files;
  if (first === undefined) return undefined;
  const source = parquet(folder, files), target = join(folder, name);
  const ranges = (await engine.rows(`select _stream, min(_seq) as low, max(_seq) as high, count(*) as n, min(_time) as t0, max(_time) as t1 from ${source} where ${keep} group by 1`));
  if (ranges.length === 0) return undefined;
  await engine.run(`copy (select * from ${source} where ${keep} ${ORDER}) to ${quote(target)} ${format(level === 2 ? 9 : 3)}`);
  const numbers = (of: string): number[] => ranges.map((row) => Number(row[of]));
  return finish(folder, {
    name, tier: first.tier, day: first.day, level, shape: merged(files.map(({ shape }) => shape)), events: numbers('n').reduce((a, b) => a + b, 0),
    fromTime: Math.min(...numbers('t0')), toTime: Math.max(...numbers('t1')),
    ranges: ranges.map((row): Range => ({ stream: String(row['_stream']), from: Number(row['low']), to: Number(row['high']), count: Number(row['n']) })),
  }, 'compact');
}

/** The rows of several files as one table, columns that a file lacks NULL. */
export const parquet = (folder: string, files: readonly SealedFile[]): string =>
  `read_parquet([${files.map(({ name }) => quote(join(folder, name))).join(', ')}], union_by_name = true)`;
export const columnsOf = (files: readonly SealedFile[]): readonly string[] => [...new Set(files.flatMap(({ shape }) => shape.columns))];
export const selectList = (columns: readonly string[]): string => columns.map(column).join(', ');

export function merged(shapes: readonly Shape[]): Shape {
  const all = (of: (shape: Shape) => readonly string[]): readonly string[] => [...new Set(shapes.flatMap(of))];
  const sum = (of: (shape: Shape) => number): number => shapes.reduce((total, shape) => total + of(shape), 0);
  return { ...learned(shapes), columns: all(({ columns }) => columns), encoded: all(({ encoded }) => encoded), strays: all(({ strays }) => strays), systems: all(({ systems }) => systems), opaque: sum(({ opaque }) => opaque), own: sum(({ own }) => own) };
}

// A column is known where each file either knows it or lacks it.
function learned(shapes: readonly Shape[]): Pick<Shape, 'known' | 'codes'> {
  const known: Record<string, readonly string[]> = {}, codes: string[] = [];
  for (const name of new Set(shapes.flatMap(({ columns }) => columns))) {
    const having = shapes.filter(({ columns }) => columns.includes(name));
    if (having.every((shape) => shape.codes.includes(name))) codes.push(name);
    if (!having.every((shape) => Object.hasOwn(shape.known, name))) continue;
    const values = [...new Set(having.flatMap((shape) => shape.known[name] ?? []))];
    if (values.length <= KNOWN_VALUES_MAX) known[name] = values;
  }
  return { known, codes };
}

/** How a question sees files of this shape. */
export const sqlShape = ({ columns, encoded, strays, known, codes }: Shape): SqlShape =>
  ({ columns: new Set(columns), encoded: new Set(encoded), strays: new Set(strays), known: new Map(Object.entries(known)), codes: new Set(codes) });

function finish(folder: string, file: Omit<SealedFile, 'bytes'>, what: 'seal' | 'compact'): SealedFile {
  fault(`${what}-written`);
  syncFile(join(folder, file.name));
  syncFolder(folder);
  fault(`${what}-synced`);
  return { ...file, bytes: statSync(join(folder, file.name)).size };
}
