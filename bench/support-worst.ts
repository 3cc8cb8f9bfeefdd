// Rules as hostile as they are accepted, each on an event of 8 KB made for it: what one rule can cost.
import type { Event } from '../core/event.js';
import { FastEngine } from '../core/sigma/fast/engine.js';
import { compile } from './support-rules.js';

const SIZE = 8192;
const fill = (piece: string): string => piece.repeat(Math.ceil(SIZE / piece.length)).slice(0, SIZE);

/** Items of a selection, and the text that they are asked about. */
const CASES: readonly (readonly [name: string, items: string, text: string])[] = [
  ['many stars', `f: '${'*a'.repeat(60)}*b'`, fill('a')],
  ['many question marks', `f: '*${'?'.repeat(60)}b*c'`, fill('a')],
  ['stars and marks', `f: '${'*a?'.repeat(40)}*z'`, fill('aä')],
  ['nested repetition', "f|re: '(a+)+$'", `${fill('a').slice(1)}b`],
  ['counted repetition', "f|re: '(a|b)*a(a|b){12}c'", fill('abba')],
  ['long counted repetition', "f|re: '.{900}x'", fill('ab')],
  ['alternatives, any case', `f|re|i: '${Array.from({ length: 60 }, (_, i) => `w${i}[a-z]+q`).join('|')}'`, fill('w1abc w22xyz ')],
  ['classes of all scripts', "f|re: '\\p{L}{3,20}\\d+\\p{Lu}'", fill('ỗÉĐaß1')],
  ['case folding', "f|contains: 'ỗÉĐx'", fill('ỗÉĐ')],
  ['literals that nearly stand', `f|contains: [${Array.from({ length: 200 }, (_, i) => `'${'abcdefgh'.repeat(12)}${i}'`).join(', ')}]`, fill('abcdefgh')],
  ['all literals of one letter', `f|contains|all: [${Array.from({ length: 100 }, (_, i) => `'${'a'.repeat(i + 1)}'`).join(', ')}]`, fill('a')],
];

/** Microseconds an event: the median of many, and the first one, which also builds what is built late. */
export function worstRules(): readonly { readonly name: string; readonly median: number; readonly first: number; readonly refused: string | undefined }[] {
  return CASES.map(([name, items, text]) => {
    const set = compile([{ file: 'worst.yml', text: `title: t\nlogsource: {product: linux}\ndetection:\n  s:\n    ${items}\n  condition: s\n` }]), engine = new FastEngine(set, { anyLogsource: true });
    const refused = set.refused[0]?.problems[0]?.expected, event: Event = { f: text };
    const took = (): number => { const started = performance.now(); engine.evaluate(event); return (performance.now() - started) * 1000; };
    const first = took(), times = Array.from({ length: 101 }, took).sort((one, two) => one - two);
    return { name, first, median: times[50] as number, refused: refused === undefined ? undefined : `refused: expected ${refused}` };
  });
}
