// How predicates read an event: which value a path leads to, which texts it holds, and what keywords look through.
import type { Event, Scalar, Value } from '../event.js';
import type { Path } from './predicate.js';

/** The first name of the path that the event has, with its value. */
export function resolve(event: Event, path: Path): { readonly field: string; readonly value: Value } | undefined {
  for (const field of path) {
    if (!Object.hasOwn(event, field)) continue;
    const value = event[field];
    if (value !== undefined) return { field, value };
  }
  return undefined;
}

/** Every scalar in a value that is not null: itself, or the members of an array. Objects are no values. */
export function scalarsOf(value: Value | undefined): readonly Exclude<Scalar, null>[] {
  if (value === undefined || value === null) return NONE;
  if (typeof value !== 'object') return [value];
  if (!Array.isArray(value)) return NONE;
  return (value as readonly Value[]).flatMap((member) => scalarsOf(member) as Exclude<Scalar, null>[]);
}
const NONE: readonly Exclude<Scalar, null>[] = [];

export const textOf = (scalar: Exclude<Scalar, null>): string => (typeof scalar === 'string' ? scalar : String(scalar));

/** The product's own numbers and times, and bytes as base64: who types a word or a number looks for what a source said. */
export const UNSEARCHED: readonly string[] = ['@timestamp', 'event.created', 'event.id', 'event.original_b64', 'haidang.collector', 'haidang.epoch', 'haidang.tier', 'haidang.seq'];
const unsearched: ReadonlySet<string> = new Set(UNSEARCHED);
/** The fields that words without a field's name are looked for in. */
export const searchedFields = (event: Event): readonly string[] => Object.keys(event).filter(isSearched);
export const isSearched = (field: string): boolean => !unsearched.has(field);

/** What an event of ours says about itself, its way here, and in our words: keywords look at the source's own. An error is the source's under these
 * names too: libraries that log in ECS write no other. */
const OURS = /^(?:event|haidang|log|host|observer|agent|ecs|process|user|group|source|destination|client|server|network|file|url|http|dns|email|service|rule|registry|related|threat|user_agent)\.|^(?:@timestamp|tags)$/;

/** The fields that keywords search: all of them, for events of ours the message and the fields under the source's own names. */
export function keywordFields(event: Event): readonly string[] {
  const fields = Object.keys(event);
  return Object.hasOwn(event, 'event.original') ? fields.filter((field) => !OURS.test(field)) : fields;
}

/**
 * `sshd[811]: text`: message with its tag, as a syslog file shows it and as keyword rules for syslog expect it. Always
 * a stretch of `event.original`, so that a search for it in the store finds the event.
 */
export function taggedMessage(event: Event): string | undefined {
  const original = event['event.original'], message = event['message'], program = event['log.syslog.appname'];
  if (typeof original !== 'string' || typeof message !== 'string' || typeof program !== 'string' || program === '') return undefined;
  const at = original.lastIndexOf(message);
  const tag = at < 0 ? -1 : original.lastIndexOf(program, at - 1);
  return tag < 0 || at - tag > 256 ? undefined : original.slice(tag);
}
