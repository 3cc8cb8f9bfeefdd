// Random Sigma rules as their authors would write them: every modifier with the values it takes, lists, lists of maps, keywords, and
// conditions of all kinds. Some are refused (a value that its modifier does not take); those are counted and left out.
import type { Random } from './random.js';
import { nearText, NETWORKS, piece, plain, REGEXES, type Stock } from './stock.js';
import { printBlock, printFlow, Raw, type Tree } from './tree.js';

export interface RuleTree { readonly logsource: Tree; readonly detection: Tree; readonly condition: Tree; readonly inBlocks: Tree; readonly [name: string]: Tree }
type Make = (random: Random, stock: Stock) => Tree;

export function randomRule(random: Random, stock: Stock): RuleTree {
  const names = ['sel_a', ...random.pick([[], [], ['sel_b'], ['notsel', '_filter'], ['sel_b', 'orgs', '_filter']])], detection: Record<string, Tree> = {};
  for (const name of names) detection[name] = selection(random, stock);
  const condition = random.chance(0.05) ? random.many(1, 3, () => expression(random, names, 1)) : expression(random, names, random.pick([0, 0, 1, 2, 3]));
  return { logsource: random.pick(LOGSOURCES), detection, condition, inBlocks: random.chance(0.8) };
}
const LOGSOURCES: readonly Tree[] = [{ product: 'windows', category: 'process_creation' }, { product: 'windows' }, { category: 'webserver' }, { product: 'invented' }, { product: 'linux', service: 'auditd' }];

export function printRule({ logsource, detection, condition, inBlocks }: RuleTree): string {
  const print = inBlocks === true ? printBlock : (tree: Tree): string => printFlow(tree);
  return `title: random\nlogsource: ${print(logsource, '  ')}\ndetection:\n${Object.entries(detection as Record<string, Tree>).map(([name, tree]) => `  ${name}: ${print(tree, '    ')}\n`).join('')}  condition: ${print(condition, '    ')}\n`;
}

function expression(random: Random, names: readonly string[], depth: number): string {
  const inner = (): string => expression(random, names, depth - 1);
  const word = (text: string): string => (random.chance(0.05) ? text.toUpperCase() : text);
  return random.oneOf([4, () => random.pick(names)], [1.2, () => `${random.pick(['1', 'all', 'any'])} of ${random.pick(['them', 'sel_*', '*', '_filter*', 'sel_a', '*_b', 'nothing_*', 's*_*'])}`],
    ...(depth <= 0 ? [] : [[2, () => `${inner()} ${word('and')} ${inner()}`], [2, () => `${inner()} ${word('or')} ${inner()}`], [2, () => `${word('not')} ${inner()}`], [1, () => `(${inner()})`]] as const));
}

function selection(random: Random, stock: Stock): Tree {
  return random.oneOf<Tree>([7, () => map(random, stock)], [2, () => random.many(1, 3, () => map(random, stock))], [1.2, () => keywords(random, stock)], [0.2, () => [map(random, stock), ...random.many(1, 2, () => textOrNumber(random, stock))]]);
}

function map(random: Random, stock: Stock): Tree {
  const items = Object.create(null) as Record<string, Tree>;
  for (let count = random.pick([1, 1, 1, 1, 2, 2, 3]); count > 0; count--) {
    const [, chains, make] = choose(random), field = random.pick(stock.fields), one = (): Tree => make(random, stock);
    items[field + random.pick(chains)] = random.oneOf<Tree>([4, one], [2, () => random.many(1, 4, one)], [0.05, () => random.many(16, 24, one)]);
  }
  return items;
}

/** Modifiers, and the values that they take. */
const ITEMS: readonly (readonly [weight: number, chains: readonly string[], make: Make])[] = [
  [6, ['', '', '', '', '|neq', '|all'], scalar],
  [1, ['|cased'], pattern],
  [7, ['|contains', '|startswith', '|endswith', '|contains|all', '|contains|cased', '|cased|startswith', '|endswith|cased', '|contains|neq', '|startswith|neq', '|endswith|all', '|all|contains', '|contains|all|neq'], textOrNumber],
  [3, ['|re', '|re|i', '|re|m', '|re|i|s', '|re|all', '|re|neq', '|re|contains', '|re|i|m|s', '|re|startswith'], regex],
  [1, ['|windash', '|contains|windash', '|windash|contains', '|windash|contains|all', '|windash|neq'], of('-a', '/a -b', ' --x', '-s*', 'x/y', '-')],
  [1, ['|base64', '|base64|contains', '|base64offset|contains', '|wide|base64offset|contains', '|utf16|base64', '|utf16be|base64|contains', '|base64offset|contains|all'], (random, stock) => plain(random, stock, 1, 3).replace(/[\\*?\0]/g, 'z')],
  [1.3, ['|cidr', '|cidr', '|cidr|neq', '|cidr|all'], of(...NETWORKS)],
  [1.3, ['|exists'], (random) => random.chance(0.5)],
  [2.5, ['|lt', '|lte', '|gt', '|gte', '|gte|neq'], number],
  [1, ['|hour', '|day', '|minute', '|week', '|month', '|year', '|hour|gte', '|month|lt'], (random) => new Raw(random.pick(['1', '2', '10', '12', '13', '23', '29', '31', '45', '53', '2026']))],
  [2, ['|fieldref', '|fieldref|contains', '|fieldref|startswith', '|fieldref|endswith', '|fieldref|neq', '|cased|fieldref'], (random, { fields }) => random.pick(fields)],
  [0.8, ['|expand', '|contains|expand', '|expand|endswith', '|expand|cased'], of('%names%', '%names%%ends%', 'x%ends%', '\\%names%', '%ends%*')],
];
const TOTAL = ITEMS.reduce((sum, [weight]) => sum + weight, 0);
function choose(random: Random): (typeof ITEMS)[number] {
  let at = random.next() * TOTAL;
  return ITEMS.find(([weight]) => (at -= weight) < 0) ?? (ITEMS[0] as (typeof ITEMS)[number]);
}
function of(...values: readonly string[]): Make { return (random) => random.pick(values); }

function scalar(random: Random, stock: Stock): Tree {
  return random.oneOf<Tree>([5, () => pattern(random, stock)], [1.5, () => number(random, stock)], [1.5, () => random.pick<Tree>([true, false, null, null, '', []])]);
}
function textOrNumber(random: Random, stock: Stock): Tree {
  return random.oneOf<Tree>([5, () => pattern(random, stock)], [0.7, () => random.pick([...stock.addresses, ...stock.dates])], [1, () => number(random, stock)]);
}
function number(random: Random, { numbers }: Stock): Tree {
  return new Raw(random.chance(0.03) ? '0x10' : random.pick(numbers));
}
function regex(random: Random, stock: Stock): Tree {
  const escaped = (text: string): string => [...text].map((point) => (/[\\^$.*+?()[\]{}|]/.test(point) ? `\\${point}` : random.chance(0.1) ? '.' : point)).join('');
  // A few letters of a text in the other case: only flags tell whether they are found.
  const letters = (text: string): string => { const some = /[a-z]{1,3}/i.exec(text)?.[0] ?? 'a'; return some === some.toLowerCase() ? some.toUpperCase() : some.toLowerCase(); };
  const one = (): string => escaped(nearText(random, stock));
  return random.oneOf([4, () => random.pick(REGEXES)], [4, one], [2, () => letters(random.pick(stock.texts))],
    [2, () => random.many(2, 4, one).join('|')], [1, () => `${random.chance(0.5) ? '(?i)' : ''}${random.pick(['', '^', '\\b', '.*'])}(?:${random.many(2, 3, one).join('|')})${random.pick(['', '', '+', '$', '\\s'])}`]);
}

/** A text of the stock, whole or in part, some of its characters behind wildcards, stars of its own escaped or not. */
function pattern(random: Random, stock: Stock): string {
  const points = [...nearText(random, stock)], from = random.between(0, points.length), to = random.between(from, points.length);
  const escaped = (part: readonly string[]): string => part.join('').replace(/[*?]/g, '\\$&').replace(/\\(?![*?])/g, (one) => (random.chance(0.5) ? '\\\\' : one));
  return random.oneOf([4, () => escaped(points)], [0.7, () => points.join('')], [1, () => `*${escaped(points.slice(from, to))}*`], [0.7, () => `*${escaped(points.slice(from))}`], [0.7, () => `${escaped(points.slice(0, to))}*`], [1, () => `${escaped(points.slice(0, from))}*${escaped(points.slice(to))}`],
    [1, () => `${escaped(points.slice(0, from))}?${escaped(points.slice(from + 1))}`], [0.5, () => random.many(0, 5, () => (random.chance(0.4) ? random.pick(['*', '?', '\\*', '\\?', '\\\\', '\\']) : piece(random, stock))).join('')]);
}

function keywords(random: Random, stock: Stock): Tree {
  return random.oneOf<Tree>([2, () => random.many(1, 3, () => textOrNumber(random, stock))], [1, () => random.many(1, 2, () => number(random, stock))],
    [2, () => ({ [random.pick(['|all', '|contains', '|cased|all', '|endswith', '|contains|windash', '|cased', '|neq'])]: random.many(1, 3, () => pattern(random, stock)) })],
    [1, () => ({ [random.pick(['|re', '|re|i', '|re|all'])]: random.many(1, 2, () => regex(random, stock)) })]);
}
