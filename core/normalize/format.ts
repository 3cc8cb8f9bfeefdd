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
  /**
   * Texts of which at least one stands in the head of all that `detect` takes (candidates.ts): `^` before one means the head's beginning, where a
   * blank may precede it, `0` any digit. Without it the format is asked about every text.
   */
  readonly holds?: readonly string[];
  /** `detect` may also say yes by the program's name alone, by structured data, or by a PAM module behind the name: it is then asked whatever the text. */
  readonly likePrograms?: RegExp;
  readonly ofStructured?: boolean;
  readonly ofModule?: boolean;
  /** `detect` says no where the header names a program. */
  readonly unnamed?: boolean;
  /** Looks at `draft.head`, `draft.program` and what the header gave; must be cheap and may be wrong. */
  readonly detect?: (draft: Draft) => boolean;
  /** Adds what the text says. False: it is not of this format after all, and nothing was added. */
  readonly read: (draft: Draft) => boolean;
}
