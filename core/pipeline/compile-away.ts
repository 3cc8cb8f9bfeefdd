// Compiles many rules in a thread of its own, once: the thread that serves people and the one that reads events get the set as bytes and
// only unpack it. Few rules are compiled where one stands.
import { Worker } from 'node:worker_threads';
import { builtUrl } from '../process/built.js';
import type { RuleSet } from '../sigma/compiled.js';
import { compileSet, unpackRules, type RuleSetInput } from './engine.js';

export interface CompiledSet {
  readonly rules: RuleSet;
  /** The same, for other threads. */
  readonly packed?: SharedArrayBuffer;
}

/** Texts of so many characters compile in some tens of milliseconds. */
const HERE_CHARS_MAX = 400_000;

export async function compileAway(input: Omit<RuleSetInput, 'n' | 'packed'>, hereCharsMax = HERE_CHARS_MAX): Promise<CompiledSet> {
  if (input.sources.reduce((sum, { text }) => sum + text.length, 0) <= hereCharsMax) return { rules: compileSet(input) };
  const packed = await new Promise<SharedArrayBuffer>((resolve, reject) => {
    const worker = new Worker(builtUrl(import.meta.url, './compile-worker.js'), { workerData: input });
    worker.once('message', resolve);
    worker.once('error', (error) => reject(error));
    worker.once('exit', (code) => reject(new Error(`expected compiled rules from the thread, got its end with code ${code}`)));
  });
  return { rules: unpackRules(packed), packed };
}
