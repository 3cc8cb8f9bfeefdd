// Field modifiers, left to right, each with the types it takes and what it refuses (specification/sigma-appendix-modifiers.md).
// What a modifier does not take is an error at its place; nothing is ever ignored.
import type { Comparison, DatePart, Pattern, PatternPart } from '../predicate/predicate.js';
import { simplify } from '../predicate/pattern.js';
import { compileRegex } from '../predicate/regex.js';
import { parseNetwork } from '../ip.js';
import { base64, utf16, utf8 } from './encode.js';
import { literal, parsePattern, text, type Operand } from './operand.js';
import { describe, Refused, type ScalarNode } from './yaml.js';

export type Placeholders = Readonly<Record<string, readonly (string | number)[]>>;
/** What `expand` may use, and where it notes what is missing. */
export interface Expansion { readonly placeholders: Placeholders; readonly used: Set<string>; readonly unset: Set<string>; /** Made so far, over all values of a rule: variants, and steps a character of its regular expressions. */ variants?: number; steps?: number }

type Apply = (operand: Operand, at: Situation) => Operand;
interface Situation { readonly modifier: string; readonly before: readonly string[]; /** All of the item but itself. */ readonly others: readonly string[]; readonly node: ScalarNode; readonly keyAt: number; readonly field: string | undefined; readonly expansion: Expansion }

const CHOICES_MAX = 20_000;
/** Of all values of a rule together: the largest public rule has 4,432. */
export const VARIANTS_MAX = 100_000;

/** What the regular expressions of a rule together may cost for each character of a text. */
export const RULE_STEPS_MAX = 2_000;

/** `all`, `neq` speak about the whole item and are not here. */
const MODIFIERS: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['contains', affix(true, true)], ['startswith', affix(false, true)], ['endswith', affix(true, false)],
  ['cased', cased], ['re', regex], ['cidr', cidr], ['exists', exists], ['fieldref', fieldref], ['expand', expand], ['windash', windash],
  ['base64', encodeBase64], ['base64offset', encodeBase64Offset],
  ['wide', widen('le')], ['utf16le', widen('le')], ['utf16be', widen('be')], ['utf16', widen('bom')],
  ...(['i', 'm', 's'] as const).map((flag): [string, Apply] => [flag, regexFlag(flag)]),
  ['ignorecase', regexFlag('i')], ['multiline', regexFlag('m')], ['dotall', regexFlag('s')],
  ...(['lt', 'lte', 'gt', 'gte'] as const).map((op): [string, Apply] => [op, compare(op)]),
  ...(['minute', 'hour', 'day', 'week', 'month', 'year'] as const).map((part): [string, Apply] => [part, datePart(part)]),
]);
export const MODIFIER_NAMES: readonly string[] = [...MODIFIERS.keys(), 'all', 'neq'];

/** These take a number by the text it was written with. */
const TEXT_FIRST = new Set(['contains', 'startswith', 'endswith', 're']);

/** Runs one value through the modifiers of its item. Throws Refused. */
export function applyModifiers(node: ScalarNode, modifiers: readonly string[], field: string | undefined, keyAt: number, expansion: Expansion): Operand {
  const values = modifiers.filter((modifier) => modifier !== 'all' && modifier !== 'neq');
  const isRegex = values[0] === 're';
  let operand = operandOf(node, values[0] !== undefined && TEXT_FIRST.has(values[0]), isRegex);
  modifiers.forEach((modifier, i) => {
    if (modifier === 'all' || modifier === 'neq') return;
    const apply = MODIFIERS.get(modifier);
    if (apply === undefined) throw new Refused('sigma.modifier.unknown', keyAt, unknown(modifier), 'a modifier of the specification', modifier);
    operand = each(operand, apply, { modifier, before: modifiers.slice(0, i), others: modifiers.filter((_, other) => other !== i), node, keyAt, field, expansion });
  });
  if (values.length > 0 && count(operand) > CHOICES_MAX) throw new Refused('sigma.modifier.choices', node.at, `expected at most ${CHOICES_MAX} variants of a value, got more`);
  expansion.variants = (expansion.variants ?? 0) + count(operand);
  if (expansion.variants > VARIANTS_MAX) throw new Refused('sigma.modifier.choices', node.at, `expected at most ${VARIANTS_MAX} variants of values in a rule, got more`);
  return operand;
}

export function unknown(modifier: string): string {
  const near = MODIFIER_NAMES.find((name) => name.length > 2 && [...name].sort().join('') === [...modifier].sort().join(''));
  return `expected a modifier (${MODIFIER_NAMES.join(', ')}), got ${modifier === '' ? 'none after "|"' : JSON.stringify(modifier)}${near === undefined ? '' : `: did you mean ${near}?`}`;
}

function operandOf(node: ScalarNode, asText: boolean, isRegex: boolean): Operand {
  if (isRegex && (typeof node.value === 'string' || typeof node.value === 'number')) return text([{ kind: 'text', text: node.source }]);
  if (typeof node.value === 'string') return text(parsePattern(node.value));
  if (typeof node.value === 'number') return asText ? text(parsePattern(node.source)) : { kind: 'number', value: node.value, text: node.source };
  return node.value === null ? { kind: 'null' } : { kind: 'truth', value: node.value };
}

function each(operand: Operand, apply: Apply, at: Situation): Operand {
  if (operand.kind === 'choice') return { kind: 'choice', of: operand.of.map((one) => each(one, apply, at)) };
  return apply(operand, at);
}
const count = (operand: Operand): number => (operand.kind === 'choice' ? operand.of.reduce((sum, one) => sum + count(one), 0) : 1);

function refuse({ modifier, node }: Situation, expected: string, got = describe(node)): never {
  throw new Refused(`sigma.modifier.${modifier}`, node.at, `expected ${expected} under |${modifier}, got ${got}`, expected, got);
}

function affix(front: boolean, back: boolean): Apply {
  return (operand, at) => {
    if (operand.kind === 'text') {
      const { pattern } = operand, star: PatternPart = { kind: 'any' };
      return { ...operand, pattern: simplify([...(front ? [star] : []), ...pattern, ...(back ? [star] : [])]) };
    }
    if (operand.kind === 'regex') {
      const { source } = operand;
      const lead = front && !source.startsWith('.*') && !source.startsWith('^') ? '.*' : '';
      const tail = back && !source.endsWith('.*') && !source.endsWith('$') ? '.*' : '';
      return { ...operand, source: `${lead}${source}${tail}` };
    }
    if (operand.kind === 'fieldref') return { ...operand, starts: operand.starts || back, ends: operand.ends || front };
    return refuse(at, 'text');
  };
}

function cased(operand: Operand, at: Situation): Operand {
  return operand.kind === 'text' ? { ...operand, cased: true } : refuse(at, 'text');
}

function regex(operand: Operand, at: Situation): Operand {
  if (at.before.length > 0) refuse(at, 'no modifier before it', at.before.map((modifier) => `|${modifier}`).join(''));
  if (operand.kind !== 'text') return refuse(at, 'a regular expression');
  const source = operand.pattern.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  checkRegex(source, '', at);
  return { kind: 'regex', source, flags: '' };
}

function checkRegex(source: string, flags: string, at: Situation): void {
  const compiled = compileRegex(source, flags);
  if ('reason' in compiled) throw new Refused('sigma.modifier.re', at.node.at, `expected a regular expression in RE2 syntax (no look-around, no back references), got ${JSON.stringify(source)}: ${compiled.reason}`, 'RE2 syntax', source);
  at.expansion.steps = (at.expansion.steps ?? 0) + compiled.steps;
  if (at.expansion.steps > RULE_STEPS_MAX) throw new Refused('sigma.modifier.re', at.node.at, `expected regular expressions that cost at most ${RULE_STEPS_MAX} steps a character in a rule, got more`);
}

function regexFlag(flag: 'i' | 'm' | 's'): Apply {
  return (operand, at) => {
    if (operand.kind !== 'regex') return refuse(at, '|re before it', at.before.length === 0 ? 'no |re' : `|${at.before.join('|')}`);
    return operand.flags.includes(flag) ? operand : { ...operand, flags: operand.flags + flag };
  };
}

function cidr(operand: Operand, at: Situation): Operand {
  if (at.before.length > 0) refuse(at, 'no modifier before it', `|${at.before.join('|')}`);
  if (operand.kind !== 'text') return refuse(at, 'a network, as in 10.0.0.0/8');
  const network = String(at.node.value);
  if (parseNetwork(network) === undefined) refuse(at, 'a network without host bits, as in 10.0.0.0/8 or 2001:db8::/32');
  return { kind: 'cidr', network };
}

function exists(operand: Operand, at: Situation): Operand {
  if (at.field === undefined) refuse(at, 'a field name', 'a keyword');
  if (at.others.length > 0) refuse(at, 'no other modifier', `|${at.others.join('|')}`);
  return operand.kind === 'truth' ? { kind: 'exists', value: operand.value } : refuse(at, 'true or false');
}

function fieldref(operand: Operand, at: Situation): Operand {
  if (operand.kind !== 'text') return refuse(at, 'the name of a field');
  const field = operand.pattern.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  if (operand.pattern.some((part) => part.kind !== 'text') || field === '') return refuse(at, 'the name of a field, without wildcards', at.before.length > 0 ? `a pattern after |${at.before.join('|')}` : describe(at.node));
  return { kind: 'fieldref', field, starts: false, ends: false, cased: operand.cased };
}

function compare(op: Comparison): Apply {
  return (operand, at) => {
    if (operand.kind === 'number') return { kind: 'compare', op, value: operand.value, text: operand.text };
    if (operand.kind === 'datepart' && operand.op === 'eq') return { ...operand, op };
    return refuse(at, 'a number');
  };
}

function datePart(part: DatePart): Apply {
  return (operand, at) => (operand.kind === 'number' && Number.isInteger(operand.value) ? { kind: 'datepart', part, op: 'eq', value: operand.value } : refuse(at, 'a whole number'));
}

function plainText(operand: Operand, at: Situation): { readonly text: string; readonly bytes: boolean } {
  if (operand.kind !== 'text') return refuse(at, 'text');
  if (operand.pattern.some((part) => part.kind !== 'text')) return refuse(at, 'text without wildcards', at.before.length > 0 ? `a pattern after |${at.before.join('|')}` : describe(at.node));
  return { text: operand.pattern.map((part) => (part.kind === 'text' ? part.text : '')).join(''), bytes: operand.bytes };
}
const bytesOf = ({ text: plain, bytes }: { text: string; bytes: boolean }): readonly number[] => (bytes ? [...plain].map((byte) => byte.charCodeAt(0)) : utf8(plain));

function encodeBase64(operand: Operand, at: Situation): Operand {
  return { kind: 'text', pattern: literal(base64(bytesOf(plainText(operand, at)))), cased: operand.kind === 'text' && operand.cased, bytes: false };
}

/** The value as base64 shows it at each of three positions in a longer text: only characters that it alone decides. */
function encodeBase64Offset(operand: Operand, at: Situation): Operand {
  const bytes = bytesOf(plainText(operand, at)), isCased = operand.kind === 'text' && operand.cased;
  const of = [0, 1, 2].map((shift): Operand => {
    const encoded = base64([...new Array<number>(shift).fill(32), ...bytes]);
    const start = [0, 2, 3][shift] as number, cut = [0, 3, 2][(bytes.length + shift) % 3] as number;
    return { kind: 'text', pattern: literal(encoded.slice(start, encoded.length - cut)), cased: isCased, bytes: false };
  });
  return { kind: 'choice', of };
}

function widen(form: 'le' | 'be' | 'bom'): Apply {
  return (operand, at) => {
    if (operand.kind !== 'text' || operand.bytes) return refuse(at, 'text');
    const encode = (plain: string): string => String.fromCharCode(...utf16(plain, form === 'be' ? 'be' : 'le'));
    const pattern = operand.pattern.map((part): PatternPart => (part.kind === 'text' ? { kind: 'text', text: encode(part.text) } : part));
    return { ...operand, pattern: simplify(form === 'bom' ? [{ kind: 'text', text: '\xff\xfe' }, ...pattern] : pattern), bytes: true };
  };
}

const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];
const DASHES_MAX = 6;

/** Any of the five that begins a word may be written as any other of them; each place on its own. */
function windash(operand: Operand, at: Situation): Operand {
  if (operand.kind !== 'text') return refuse(at, 'text');
  let variants: PatternPart[][] = [[]], places = 0;
  const extend = (parts: readonly PatternPart[]): void => { variants = variants.flatMap((variant) => parts.map((part) => [...variant, part])); };
  for (const part of operand.pattern) {
    if (part.kind !== 'text') { extend([part]); continue; }
    let plain = '';
    [...part.text].forEach((character, i, all) => {
      const starts = DASHES.includes(character) && !isWord(all[i - 1]) && isWord(all[i + 1]);
      if (!starts) { plain += character; return; }
      if (++places > DASHES_MAX) refuse(at, `at most ${DASHES_MAX} dashes that begin a word`);
      const lead = plain;
      plain = '';
      extend(DASHES.map((dash) => ({ kind: 'text', text: lead + dash })));
    });
    if (plain !== '') extend([{ kind: 'text', text: plain }]);
  }
  if (places === 0) return operand;
  return { kind: 'choice', of: variants.map((pattern) => ({ ...operand, pattern: simplify(pattern) })) };
}
const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}_]/u.test(character);

/** A name is anything without `%` and backslash that neither begins nor ends with a blank: in `100% of %b%` stands one placeholder. */
const PLACEHOLDER = /\\%|%([^%\\\s](?:[^%\\]*[^%\\\s])?)%/gu;

/** `%name%` becomes each of its values, several the cross product; `\%` is a plain percent sign. */
function expand(operand: Operand, at: Situation): Operand {
  if (operand.kind === 'regex') return expandRegex(operand, at);
  if (operand.kind !== 'text') return refuse(at, 'text');
  let variants: PatternPart[][] = [[]];
  const extend = (choices: readonly Pattern[]): void => {
    variants = variants.flatMap((variant) => choices.map((choice) => [...variant, ...choice]));
    if (variants.length > CHOICES_MAX) refuse(at, `at most ${CHOICES_MAX} combinations of placeholder values`, 'more');
  };
  for (const part of operand.pattern) {
    if (part.kind !== 'text') { extend([[part]]); continue; }
    let from = 0;
    for (const found of part.text.matchAll(PLACEHOLDER)) {
      if (found.index > from) extend([literal(part.text.slice(from, found.index))]);
      extend(found[1] === undefined ? [literal('%')] : valuesOf(found[1], at.expansion).map((value) => parsePattern(String(value))));
      from = found.index + found[0].length;
    }
    if (from < part.text.length) extend([literal(part.text.slice(from))]);
  }
  const of = variants.map((pattern): Operand => ({ ...operand, pattern: simplify(pattern) }));
  return of.length === 1 ? (of[0] as Operand) : { kind: 'choice', of };
}

function expandRegex(operand: Extract<Operand, { kind: 'regex' }>, at: Situation): Operand {
  let sources = [''], from = 0;
  const extend = (choices: readonly string[]): void => { sources = sources.flatMap((source) => choices.map((choice) => source + choice)); };
  for (const found of operand.source.matchAll(PLACEHOLDER)) {
    extend([operand.source.slice(from, found.index)]);
    extend(found[1] === undefined ? ['%'] : valuesOf(found[1], at.expansion).map((value) => parsePattern(String(value)).map((part) =>
      part.kind === 'any' ? '.*' : part.kind === 'one' ? '.' : part.text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('')));
    from = found.index + found[0].length;
  }
  extend([operand.source.slice(from)]);
  for (const source of sources) checkRegex(source, operand.flags, at);
  const of = sources.map((source): Operand => ({ ...operand, source }));
  return of.length === 1 ? (of[0] as Operand) : { kind: 'choice', of };
}

function valuesOf(name: string, { placeholders, used, unset }: Expansion): readonly (string | number)[] {
  used.add(name);
  const values = Object.hasOwn(placeholders, name) ? placeholders[name] : undefined;
  if (values !== undefined && values.length > 0) return values;
  unset.add(name);
  return [];
}
