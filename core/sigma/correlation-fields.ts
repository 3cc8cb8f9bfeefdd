// The group and the value of a hit, read from its event.
import type { Event } from '../event.js';
import { numberOf } from '../predicate/numbers.js';
import type { Path } from '../predicate/predicate.js';
import { resolve, scalarsOf, textOf } from '../predicate/values.js';
import type { CompiledCorrelation } from './compiled.js';

/** Names of an inner correlation's group values, beside the fields of the event that completed it. */
export const INNER = '\u0000';
export const NONE = Symbol('no value');

/** A hit without one of the fields belongs to no group: it is not pooled with others that lack it. */
export function groupOf(names: readonly string[], paths: readonly Path[], event: Event): Readonly<Record<string, string>> | undefined {
  const values: [string, string][] = [];
  for (let i = 0; i < names.length; i++) {
    const texts = scalarsOf(resolve(event, paths[i] ?? [])?.value).map(textOf);
    if (texts.length === 0) return undefined;
    values.push([names[i] as string, texts.length === 1 ? (texts[0] as string) : JSON.stringify(texts)]);
  }
  return Object.fromEntries(values);
}

export function valueOf({ question }: CompiledCorrelation, paths: readonly Path[], event: Event): string | number | undefined | typeof NONE {
  if (!question.type.startsWith('value_')) return undefined;
  const held = paths.map((path) => scalarsOf(resolve(event, path)?.value).map(textOf));
  if (held.some((texts) => texts.length === 0)) return NONE;
  if (question.type !== 'value_count') return numberOf(held[0]?.[0]) ?? NONE;
  return held.length === 1 && held[0]?.length === 1 ? (held[0][0]) : JSON.stringify(held);
}
