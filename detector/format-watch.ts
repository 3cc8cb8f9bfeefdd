// Descriptions of sources as they are now: the files of `data/formats` and those kept in the console, looked at every two seconds. What changed
// is handed on once; the next lines are read by it.
import { compileFormats, formatTexts, type FormatText } from '../core/process/format-files.js';
import type { Log } from '../core/process/log.js';
import { FORMATS_SETTING, readKeptFormats } from '../core/kept-formats.js';
import { printProblem } from '../core/problem.js';
import type { Store } from '../core/store/store.js';

const EVERY_MS = 2_000;

/** Files first: a description kept under the name of a file's is left out and told. */
export async function formatsNow(store: Pick<Store, 'settings'>, folder: string | undefined): Promise<readonly FormatText[]> {
  const kept = readKeptFormats(await store.settings.get(FORMATS_SETTING)).of.map(({ name, text }) => ({ file: `console: ${name}`, text }));
  return [...(folder === undefined ? [] : formatTexts(folder)), ...kept];
}

export class FormatWatch {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly store: Pick<Store, 'settings'>, private readonly folder: string | undefined, private known: readonly FormatText[], private readonly changed: (formats: readonly FormatText[]) => void, private readonly log: Log) {
    this.tell(known);
  }

  start(): void {
    this.timer = setInterval(() => { this.looking = this.looking.then(() => this.look()); }, EVERY_MS);
    this.timer.unref();
  }
  async stop(): Promise<void> { clearInterval(this.timer); await this.looking; }

  /** Looks now; tests and the timer call it. */
  async look(): Promise<void> {
    try {
      const now = await formatsNow(this.store, this.folder);
      if (now.length === this.known.length && now.every(({ file, text }, i) => this.known[i]?.file === file && this.known[i].text === text)) return;
      this.known = now;
      this.tell(now);
      this.changed(now);
    } catch (error) { this.log.warn({ err: error }, 'the descriptions of sources could not be read; those in force stay'); }
  }

  private tell(formats: readonly FormatText[]): void {
    for (const problem of compileFormats(formats).problems) this.log.error({ code: problem.code }, printProblem(problem));
  }
}
