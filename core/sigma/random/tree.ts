// Rules and events as trees: printed for the readers under test, and cut down piece by piece when they fail.

/** A scalar by its source: a number with all its digits, an unquoted value of YAML. */
export class Raw { constructor(readonly text: string) {} }
export type Tree = string | boolean | null | Raw | readonly Tree[] | { readonly [name: string]: Tree };

const isMap = (tree: Tree): tree is { readonly [name: string]: Tree } => typeof tree === 'object' && tree !== null && !Array.isArray(tree) && !(tree instanceof Raw);

/** One line, JSON and YAML alike; `gap` stands behind commas and colons, `print` writes texts. */
export function printFlow(tree: Tree, gap = ' ', print: (text: string) => string = JSON.stringify): string {
  if (tree instanceof Raw) return tree.text;
  if (Array.isArray(tree)) return `[${(tree as readonly Tree[]).map((item) => printFlow(item, gap, print)).join(`,${gap}`)}]`;
  if (isMap(tree)) return `{${Object.keys(tree).map((name) => `${print(name)}:${gap}${printFlow(tree[name] as Tree, gap, print)}`).join(`,${gap}`)}}`;
  return typeof tree === 'string' ? print(tree) : JSON.stringify(tree);
}

/** Over several lines, as people write YAML: what stands behind `name:` or `-`. */
export function printBlock(tree: Tree, indent: string): string {
  if (Array.isArray(tree) && tree.length > 0) return (tree as readonly Tree[]).map((item) => `\n${indent}- ${printBlock(item, `${indent}  `).replace(/^\n */, '')}`).join('');
  if (isMap(tree) && Object.keys(tree).length > 0) return Object.keys(tree).map((name) => `\n${indent}${JSON.stringify(name)}: ${printBlock(tree[name] as Tree, `${indent}  `)}`).join('');
  return printFlow(tree);
}

/** Trees that are a little smaller, the boldest cuts first. */
export function* smaller(tree: Tree): Generator<Tree> {
  if (typeof tree === 'string') {
    if (tree === '') return;
    yield '';
    const points = [...tree];
    for (let size = points.length >> 1; size >= 1; size >>= 1) for (let at = 0; at < points.length; at += size) yield [...points.slice(0, at), ...points.slice(at + size)].join('');
  } else if (Array.isArray(tree)) {
    const items = tree as readonly Tree[];
    for (let size = items.length; size >= 1; size >>= 1) for (let at = 0; at < items.length; at += size) yield [...items.slice(0, at), ...items.slice(at + size)];
    if (items.length === 1) yield items[0] as Tree;
    for (const [i, item] of items.entries()) for (const less of smaller(item)) yield items.map((other, n) => (n === i ? less : other));
  } else if (isMap(tree)) {
    for (const name of Object.keys(tree)) yield without(tree, name);
    for (const name of Object.keys(tree)) for (const less of smaller(tree[name] as Tree)) yield withValue(tree, name, less);
  }
}

function without(tree: { readonly [name: string]: Tree }, gone: string): Tree {
  const rest = Object.create(null) as Record<string, Tree>;
  for (const name of Object.keys(tree)) if (name !== gone) rest[name] = tree[name] as Tree;
  return rest;
}
function withValue(tree: { readonly [name: string]: Tree }, changed: string, value: Tree): Tree {
  const copy = Object.create(null) as Record<string, Tree>;
  for (const name of Object.keys(tree)) copy[name] = name === changed ? value : tree[name] as Tree;
  return copy;
}

/** The smallest tree found that still fails. */
export async function shrink<T extends Tree>(tree: T, fails: (tree: T) => Promise<boolean>, triesMax: number): Promise<T> {
  let smallest = tree, tries = 0;
  for (let found = true; found;) {
    found = false;
    for (const less of smaller(smallest)) {
      if (tries++ >= triesMax) return smallest;
      if (await fails(less as T)) { smallest = less as T; found = true; break; }
    }
  }
  return smallest;
}
