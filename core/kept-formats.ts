// Descriptions of sources that an administrator keeps in the console, beside the files of `data/formats`: one small document of the settings,
// with a version, so that who was faster is seen. Who reads lines takes them from there without a restart.
import { z } from 'zod';
import type { Millis } from './event.js';

export const FORMATS_SETTING = 'formats.kept';

const shape = z.object({ version: z.number().int().min(0), of: z.array(z.object({ name: z.string(), text: z.string(), by: z.string(), at: z.number() })) });
export interface KeptFormat { readonly name: string; readonly text: string; readonly by: string; readonly at: Millis }
export interface KeptFormats { readonly version: number; readonly of: readonly KeptFormat[] }
export const FORMATS_KEPT_MAX = 200;

/** What the settings hold; a document that cannot be read counts as none. */
export function readKeptFormats(stored: unknown): KeptFormats {
  const read = shape.safeParse(stored);
  return read.success ? read.data : { version: 0, of: [] };
}

/** A description in the place of what its name had; without a text it is gone. */
export function withKeptFormat({ version, of }: KeptFormats, kept: KeptFormat): KeptFormats {
  const others = of.filter(({ name }) => name !== kept.name);
  return { version: version + 1, of: kept.text === '' ? others : [...others, kept].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}
