// Bugs planted for the proof to find: it is worth what it catches. A fault is a misreading of one kind of question, put into one way
// alone: what its compiler would do if it had that bug.
import { explain } from '../../core/predicate/explain.js';
import { match } from '../../core/predicate/match.js';
import type { Path, Pattern, Predicate } from '../../core/predicate/predicate.js';
import { and, not } from '../../core/predicate/predicate.js';
import { printPredicate } from '../../core/predicate/print.js';
import { compileSql } from '../../core/predicate/sql.js';
import { sqlWay, type Explain, type Verdicts, type Way } from './paths.js';
import type { SqlTables } from './sql-table.js';

type Misread = (part: Predicate) => Predicate;
const onPattern = (change: (pattern: Pattern) => Pattern): Misread => (part) => (part.kind === 'string' || part.kind === 'keyword' ? { ...part, pattern: change(part.pattern) } : part);
const isText = (part: Pattern[number] | undefined): boolean => part?.kind === 'text';
const onPath = (change: (path: Path) => Path): Misread => (part) => ('path' in part ? { ...part, path: change(part.path) } : part);

export const MISREADINGS: Readonly<Record<string, Misread>> = {
  'case is ignored for ASCII only': (part) => (part.kind === 'string' && part.pattern.some((one) => one.kind === 'text' && /[^\0-\x7f]/.test(one.text)) ? { ...part, cased: true } : part),
  'case always counts': (part) => (part.kind === 'string' ? { ...part, cased: true } : part),
  'case never counts': (part) => (part.kind === 'string' || part.kind === 'fieldref' ? { ...part, cased: false } : part),
  'an ending is taken for a beginning': onPattern((pattern) => (pattern.length === 2 && pattern[0]?.kind === 'any' && isText(pattern[1]) ? [...pattern].reverse() : pattern)),
  '? is nothing': onPattern((pattern) => pattern.filter(({ kind }) => kind !== 'one')),
  '? is any run': onPattern((pattern) => pattern.map((one) => (one.kind === 'one' ? { kind: 'any' } : one))),
  'an escaped star is a wildcard': onPattern((pattern) => pattern.flatMap((one): Pattern => (one.kind === 'text' ? one.text.split('*').flatMap((text, i): Pattern => (i === 0 ? [{ kind: 'text', text }] : [{ kind: 'any' }, { kind: 'text', text }])) : [one]))),
  'not of a missing field is false': (part) => (part.kind === 'not' && 'path' in part.part && part.part.path.length > 0 && part.part.kind !== 'null' ? and([{ kind: 'exists', path: part.part.path }, part]) : part),
  'null is a missing field only': (part) => (part.kind === 'null' ? not({ kind: 'exists', path: part.path }) : part),
  'a field that holds null is missing': (part) => (part.kind === 'exists' ? not({ kind: 'null', path: part.path }) : part),
  'numbers are doubles': (part) => (part.kind === 'number' ? { ...part, text: String(part.value) } : part),
  'at most is less': (part) => (part.kind === 'number' && part.op === 'lte' ? { ...part, op: 'lt' } : part),
  'a number equals what comes to the same': (part) => (part.kind === 'number' && part.op === 'eq' ? { kind: 'and', parts: [{ ...part, op: 'gte' }, { ...part, op: 'lte' }] } : part),
  'a regex speaks of the whole value': (part) => (part.kind === 'regex' ? { ...part, source: `^(?:${part.source})$` } : part),
  'a regex ignores case': (part) => (part.kind === 'regex' ? { ...part, flags: 'i' } : part),
  'a network is a beginning of text': (part) => (part.kind === 'cidr' ? { kind: 'string', path: part.path, cased: false, pattern: [{ kind: 'text', text: part.network.split(/[.:/]/)[0] ?? '' }, { kind: 'any' }] } : part),
  'a reference to a missing field holds': (part) => (part.kind === 'fieldref' ? { kind: 'or', parts: [part, { kind: 'null', path: part.other }] } : part),
  'only the first name of a field is read': onPath((path) => path.slice(0, 1)),
  'the last name of a field is read first': onPath((path) => [...path].reverse()),
  'the last of a list is forgotten': (part) => (part.kind === 'or' && part.parts.length > 1 ? { ...part, parts: part.parts.slice(0, -1) } : part),
  'and is or': (part) => (part.kind === 'and' ? { ...part, kind: 'or' } : part),
  'a number keyword is found inside words': (part) => (part.kind === 'keyword' ? { ...part, wholeToken: false } : part),
  'keywords are whole values': (part) => (part.kind === 'keyword' ? { kind: 'string', path: ['message'], pattern: part.pattern, cased: part.cased } : part),
  'the day begins an hour later': (part) => (part.kind === 'datepart' ? { ...part, value: part.value + 1 } : part),
};
/** What widens a question is no fault where the matcher is asked again. */
export const WIDER_IS_ALLOWED = ['a number keyword is found inside words', 'a reference to a missing field holds', 'the day begins an hour later', 'numbers are doubles'];

function misread(predicate: Predicate, how: Misread): Predicate {
  if (predicate.kind === 'and' || predicate.kind === 'or') return how({ ...predicate, parts: predicate.parts.map((part) => misread(part, how)) });
  return how(predicate.kind === 'not' ? { kind: 'not', part: misread(predicate.part, how) } : predicate);
}

/** An engine that compiles rules so. */
export const planted = (way: Way, how: Misread): Way => ({
  name: way.name,
  verdicts: (batch) => way.verdicts({ ...batch, rules: batch.rules.map((rule) => ({ ...rule, predicate: misread(rule.predicate, how) })) }),
});

/** SQL compiled so; the matcher that is asked again knows better. Rules that are read as before need no asking. */
export function plantedInSql(tables: SqlTables, how: Misread): Way {
  const sql = sqlWay(tables, 'sql', (predicate, shape) => compileSql(misread(predicate, how), shape));
  return {
    name: sql.name,
    async verdicts({ rules, meant, ...events }) {
      const changed = rules.flatMap(({ predicate }, i) => (JSON.stringify(misread(predicate, how)) === JSON.stringify(predicate) ? [] : [i]));
      if (changed.length === 0) return meant;
      const verdicts = await sql.verdicts({ ...events, rules: changed.map((i) => rules[i] as (typeof rules)[number]), meant: changed.map((i) => meant[i] as readonly boolean[]) });
      return meant.map((row, i) => verdicts[changed.indexOf(i)] ?? row);
    },
  };
}

/** Engines that keep something, or lose something, between events. */
export const FORGETTINGS: Readonly<Record<string, (verdicts: Verdicts) => Verdicts>> = {
  'what the event before met is met': (verdicts) => verdicts.map((row) => row.map((verdict, n) => verdict === true || row[n - 1] === true)),
  'the last rule that is met is left out': (verdicts) => verdicts.map((row, i) => row.map((verdict, n) => verdict === true && verdicts.slice(i + 1).some((other) => other[n] === true))),
};
export const plantedAfter = (way: Way, how: (verdicts: Verdicts) => Verdicts): Way => ({ name: way.name, verdicts: async (batch) => how(await way.verdicts(batch)) });

/** Proofs that are not true. */
export const UNTRUTHS: Readonly<Record<string, Explain>> = {
  'tells what was false': (predicate, event) => [...explain(predicate, event), ...falseParts(predicate, event).map((part) => ({ question: printPredicate(part) }))],
  'explains what was not met': (predicate, event) => (match(predicate, event) || predicate.kind !== 'and' ? explain(predicate, event) : predicate.parts.flatMap((part) => explain(part, event))),
  'leaves the last one out': (predicate, event) => explain(predicate, event).slice(0, -1),
  'names a neighbor': (predicate, event) => explain(predicate, event).map((atom) => ({ ...atom, field: Object.keys(event).find((name) => name !== atom.field) })),
  'shows the value folded': (predicate, event) => explain(predicate, event).map((atom) => (atom.value === undefined ? atom : { ...atom, value: atom.value.toLowerCase() })),
  'counts characters for bytes': (predicate, event) => explain(predicate, event).map((atom) => (atom.start === undefined ? atom : { ...atom, start: Buffer.from(String(event['event.original'])).subarray(0, atom.start).toString().length })),
  'points one byte too far': (predicate, event) => explain(predicate, event).map((atom) => (atom.start === undefined || atom.end === undefined ? atom : { ...atom, start: atom.start + 1, end: atom.end + 1 })),
};
function falseParts(predicate: Predicate, event: Parameters<Explain>[1]): readonly Predicate[] {
  if (predicate.kind === 'or' && match(predicate, event)) return predicate.parts.filter((part) => !match(part, event) && part.kind !== 'and' && part.kind !== 'or');
  return [];
}
