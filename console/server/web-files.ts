// The web application's files. Only names that were found in the folder are served, so a path in a request never becomes a path on
// disk. Files with a hash in their name are kept for a year; every page of the application is index.html.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.woff': 'font/woff', '.txt': 'text/plain; charset=utf-8', '.webmanifest': 'application/manifest+json',
};
const TEXT = /^(text|application)\/|svg/, HASHED = /[.-][\w-]{8,}\.\w+$/, RESCAN_MS = 1000;

export interface WebFile { readonly bytes: Buffer; readonly gzip?: Buffer; readonly type: string; readonly etag: string; readonly cache: string }

export class WebFiles {
  private files = new Map<string, string>();
  private readonly read = new Map<string, { readonly file: WebFile; readonly mtimeMs: number }>();
  private scannedAt = -Infinity;
  constructor(private readonly folder: string, private readonly monotonic: () => number) {}

  /** The file of a URL path; index.html for a page of the application; undefined for anything else. */
  find(path: string): WebFile | undefined {
    // A source is named by its sender's address or name, which may end like a file's.
    const page = path === '/' || path.startsWith('/sources/') || (!/\.[A-Za-z0-9]{1,12}$/.test(path) && !path.startsWith('/api/'));
    const name = page ? '/index.html' : path;
    if (!this.files.has(name)) this.scan();
    const file = this.files.get(name);
    return file === undefined ? undefined : this.load(name, file);
  }

  private load(name: string, path: string): WebFile | undefined {
    if (!existsSync(path)) { this.files.delete(name); return undefined; }
    const { mtimeMs } = statSync(path), known = this.read.get(name);
    if (known?.mtimeMs === mtimeMs) return known.file;
    const bytes = readFileSync(path), type = TYPES[extname(name)] ?? 'application/octet-stream';
    const file: WebFile = {
      bytes, type, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`, ...(TEXT.test(type) && bytes.length > 1024 ? { gzip: gzipSync(bytes) } : {}),
      cache: name.startsWith('/assets/') && HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    };
    this.read.set(name, { file, mtimeMs });
    return file;
  }

  private scan(): void {
    const now = this.monotonic();
    if (now - this.scannedAt < RESCAN_MS) return;
    this.scannedAt = now;
    this.files = new Map(existsSync(this.folder) ? [...walk(this.folder, '')] : []);
  }
}

function* walk(folder: string, prefix: string): Generator<[string, string]> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* walk(join(folder, entry.name), `${prefix}/${entry.name}`);
    else if (entry.isFile() && extname(entry.name) !== '.map') yield [`${prefix}/${entry.name}`, join(folder, entry.name)];
  }
}
