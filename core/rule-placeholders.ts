// Values for placeholders (`|expand`) that people set in the console; they stand before those of the configuration file. Kept as one small
// document of the settings, with a version, so that who was faster is seen.
import { z } from 'zod';
import type { Millis } from './event.js';
import type { Placeholders } from './sigma/modifiers.js';

export const PLACEHOLDERS_SETTING = 'rules.placeholders';

const shape = z.object({ version: z.number().int().min(0), of: z.array(z.object({ name: z.string(), values: z.array(z.string()), by: z.string(), at: z.number() })) });
export interface SetPlaceholder { readonly name: string; readonly values: readonly string[]; readonly by: string; readonly at: Millis }
export interface SitePlaceholders { readonly version: number; readonly of: readonly SetPlaceholder[] }
const NONE: SitePlaceholders = { version: 0, of: [] };

/** What the settings hold; a document that cannot be read counts as none. */
export function readPlaceholders(stored: unknown): SitePlaceholders {
  const read = shape.safeParse(stored);
  return read.success ? read.data : NONE;
}

/** A name with these values, in the place of what it had; without values it is the configuration's again. */
export function withPlaceholder({ version, of }: SitePlaceholders, set: SetPlaceholder): SitePlaceholders {
  const others = of.filter(({ name }) => name !== set.name);
  return { version: version + 1, of: set.values.length === 0 ? others : [...others, set].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

export function placeholdersInForce(configured: Placeholders, { of }: SitePlaceholders): Placeholders {
  return Object.fromEntries([...Object.entries(configured), ...of.map(({ name, values }) => [name, values] as const)]);
}

/** A placeholder with its values, as the console shows it. */
export interface PlaceholderState {
  readonly name: string;
  readonly values: readonly string[];
  /** Who says so; none: the rules that use it are off. */
  readonly from: 'site' | 'configuration' | 'none';
  /** Uids of the rules that use it. */
  readonly rules: readonly string[];
  readonly by?: string;
  readonly at?: Millis;
}

/** Every name that a rule uses or somebody has set. */
export function placeholderStates(configured: Placeholders, { of }: SitePlaceholders, used: ReadonlyMap<string, readonly string[]>): readonly PlaceholderState[] {
  const set = new Map(of.map((one) => [one.name, one])), names = new Set([...used.keys(), ...Object.keys(configured), ...set.keys()]);
  return [...names].sort().map((name): PlaceholderState => {
    const own = set.get(name), rules = used.get(name) ?? [], values = Object.hasOwn(configured, name) ? configured[name] ?? [] : [];
    if (own !== undefined) return { name, values: own.values, from: 'site', rules, by: own.by, at: own.at };
    return { name, values: values.map(String), from: values.length > 0 ? 'configuration' : 'none', rules };
  });
}
