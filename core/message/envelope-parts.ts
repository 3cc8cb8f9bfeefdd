// What readers of envelopes share: the envelope itself, and looking into an object that nobody vouches for.
import type { Draft } from '../normalize/draft.js';

export interface Envelope {
  readonly name: 'gelf.message' | 'hec.event' | 'otlp.log' | 'loki.entry' | 'docker.log' | 'cri.log';
  /** The line inside. */
  readonly text: string;
  /** Who wrote it, where the envelope says. */
  readonly program?: string;
  /** The machine that the envelope names. */
  readonly host?: string;
  /** Adds what the envelope says to what the text said. */
  readonly put: (draft: Draft) => void;
}

export type Members = Readonly<Record<string, unknown>>;
export const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined);
/** Objects of all kinds come by here, and a name that stands in its place is looked up anew for each kind. */
export const own = (object: Members, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);
