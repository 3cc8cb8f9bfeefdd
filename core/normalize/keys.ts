// What is known about the keys that products write, remembered by key: the name each is kept under, the field that the product's own table gives
// it, the field it commonly means. A key cut out of a line is a new string, and looking such strings up in several tables, or joining them
// with a prefix, costs more than reading the value; here one look tells all. Bounded.
import { ecsName } from './common-names.js';

export interface Key {
  /** The name it is kept under. */
  readonly native: string;
  /** The field that the product's table names. */
  readonly own: string | undefined;
  /** The field that such a key usually means. */
  readonly common: string | undefined;
}

export const KEYS_REMEMBERED_MAX = 4000;
/** For tables that the keys of all products meet. */
export const MANY_KEYS = 20_000;
const KEY_LENGTH_MAX = 80;

/** Remembers `work` by key. A full table begins anew, so that a flood of made-up keys does not keep the usual ones out. */
export function remembered<T>(work: (key: string) => T, keysMax = KEYS_REMEMBERED_MAX): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const fresh = work(key);
    if (key.length >= KEY_LENGTH_MAX) return fresh;
    if (known.size >= keysMax) known.clear();
    known.set(key, fresh);
    return fresh;
  };
}

/** The keys of a product: kept as `prefix.key`, read by its table. */
export const keyTable = (prefix: string, own: Readonly<Record<string, string | undefined>>): ((key: string) => Key) => remembered((key) => ({ native: `${prefix}.${key}`, own: own[key], common: ecsName(key) }));
