// The group and the value of a hit, read from its event. Called for every hit of every correlation, so the usual case (one field, one
// text) makes nothing but its answer.
import { read, type Event, type Value } from '../event.js';
import { numberOf } from '../predicate/numbers.js';
import type { Path } from '../predicate/predicate.js';
import { scalarsOf, textOf } from '../predicate/values.js';
import type { CompiledCorrelation } from './compiled.js';

/** The fields of a rule's events that any correlation looks at, by uid; of a rule that is not here, all of them. */
export function fieldsRead(correlations: readonly CompiledCorrelation[]): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, Set<string>>();
  for (const { reads } of correlations) for (const [uid, { group, values }] of reads) fields.set(uid, new Set([...(fields.get(uid) ?? []), ...group.flat(), ...values.flat()]));
  for (const { except } of correlations) for (const uid of except.keys()) fields.delete(uid);
  return new Map([...fields].map(([uid, names]) => [uid, [...names]]));
}

/** Names of an inner correlation's group values, beside the fields of the event that completed it. */
export const INNER = '\u0000';
export const NONE = Symbol('no value');

/** What tells groups apart. A hit without one of the fields belongs to no group: it is not pooled with others that lack it. */
export function groupKeyOf(paths: readonly Path[], event: Event): string | undefined {
  if (paths.length === 1) return textAt(paths[0] as Path, event);
  let key = '';
  for (const path of paths) {
    const text = textAt(path, event);
    if (text === undefined) return undefined;
    key += `${text.length}:${text}`;
  }
  return key;
}

/** Field as written in group-by -> value, of an event that has a group. */
export function groupOf(names: readonly string[], paths: readonly Path[], event: Event): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name, i) => [name, textAt(paths[i] ?? [], event) ?? '']));
}

/** What a value type counts or adds up; undefined for types that have no field, NONE where the event has no value. */
export function valueOf({ question: { type } }: CompiledCorrelation, paths: readonly Path[], event: Event): string | number | undefined | typeof NONE {
  switch (type) {
    case 'event_count': case 'temporal': case 'temporal_ordered': return undefined;
    case 'value_count': return groupKeyOf(paths, event) ?? NONE;
    default: return numberOf(firstAt(paths[0] ?? [], event)) ?? NONE;
  }
}

function valueAt(path: Path, event: Event): Value | undefined {
  for (let i = 0; i < path.length; i++) {
    const value = read(event, path[i] as string);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Several values are one text, in their order. */
function textAt(path: Path, event: Event): string | undefined {
  const value = valueAt(path, event);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const texts = scalarsOf(value).map(textOf);
  return texts.length <= 1 ? texts[0] : JSON.stringify(texts);
}

function firstAt(path: Path, event: Event): unknown {
  const value = valueAt(path, event);
  if (typeof value !== 'object') return value;
  const [first] = scalarsOf(value);
  return first === undefined ? undefined : textOf(first);
}
