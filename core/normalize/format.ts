// A format: how to tell that a text is of it, cheaply, and how to read it. One format, one module, one line in table.ts.
import type { Draft } from './draft.js';

export interface Format {
  /** `event.dataset`, unless `read` sets another. */
  readonly name: string;
  /** Programs (syslog tags, lower-case) that write it: looked up before anything else. */
  readonly programs?: readonly string[];
  /** Its programs write other formats too: the text's look decides first, the program last. */
  readonly lastResort?: boolean;
  /** Its look is surer than a program's name: it is asked first (Junos writes structured data under the names of common daemons). */
  readonly beforePrograms?: boolean;
  /** Characters without which `detect` says no (candidates.ts): it is then not asked. Not for a `detect` that may say yes by the program alone. */
  readonly needs?: string;
  /** What the text begins with, if `detect` depends on it, in the words of candidates.ts: `0`, `A`, `a`, a mark, or a space for all others. */
  readonly begins?: string;
  /** Looks at `draft.head`, `draft.program` and what the header gave; must be cheap and may be wrong. */
  readonly detect?: (draft: Draft) => boolean;
  /** Adds what the text says. False: it is not of this format after all, and nothing was added. */
  readonly read: (draft: Draft) => boolean;
}
