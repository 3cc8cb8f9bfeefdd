// An event: one log message, normalized. Flat, dotted ECS names; vendors' own fields under their namespaces
// (`winlog.event_data.*`, `auditd.log.*`, `fortinet.firewall.*`); ours under `haidang.*`. Pure: the browser runs this too.
// Events come from outside, so a field may be called `__proto__` or `constructor`: read them with `read` only.

export type Scalar = string | number | boolean | null;
export type Value = Scalar | readonly Value[];
export type Event = Readonly<Record<string, Value>>;

/** Milliseconds since 1970 UTC, whole. */
export type Millis = number;

/** The value of `field`, or undefined: own properties only. */
export function read(event: Event, field: string): Value | undefined {
  return Object.hasOwn(event, field) ? event[field] : undefined;
}

/** Sets a field. A field that code names in its place is looked up anew for each of the thousand shapes that events have; this is not. */
export function write(event: Record<string, Value>, field: string, value: Value): void {
  event[field] = value;
}

/** An empty event to build on: no inherited names. */
export function emptyEvent(): Record<string, Value> {
  return new Empty();
}
/**
 * As free of inherited names as Object.create(null), but with a hidden class: filling and printing it takes half the time. The engine gives the objects
 * of a constructor as many places inside as the first of them fill, and eight more than it is seen to fill: with 16 of them few events need a list
 * beside the object, which grows by three at a time, and none of up to 32 fields becomes a hash table.
 */
const Empty = function (this: Record<string, Value>, full?: boolean) {
  if (full !== true) return;
  this['a'] = 1; this['b'] = 1; this['c'] = 1; this['d'] = 1; this['e'] = 1; this['f'] = 1; this['g'] = 1; this['h'] = 1;
  for (let i = 0; i < 8; i++) this[`i${String(i)}`] = 1;
} as unknown as new (full?: boolean) => Record<string, Value>;
(Empty as { prototype: unknown }).prototype = Object.create(null);
for (let i = 0; i < 8; i++) new Empty(true);

const DEPTH_MAX = 32;

/**
 * Nested objects become dotted names, arrays stay values (objects inside arrays are flattened into arrays of their
 * leaves' values under the dotted name, so that `any member` holds). A literal dotted key wins over a nested one.
 * Deeper than 32 levels is cut off: the value there is its JSON text.
 */
export function flatten(value: unknown, prefix = ''): Record<string, Value> {
  const plain = flattenedPlain(value, prefix);
  return plain === undefined ? flattenAny(value, prefix, emptyEvent(), 0) : asEvent(plain);
}

/** Names and what stands under each, in their order. */
export interface Flattened { readonly names: readonly Name[]; readonly values: readonly Value[] }

/** The same as a list. */
export function flattenNamed(value: unknown): Flattened {
  const plain = flattenedPlain(value, '');
  if (plain !== undefined) return plain;
  const flat = flattenAny(value, '', emptyEvent(), 0);
  return { names: Object.keys(flat).map(nameOf), values: Object.values(flat) };
}

export function asEvent({ names, values }: Flattened): Record<string, Value> {
  const event = emptyEvent();
  for (let i = 0; i < names.length; i++) event[(names[i] as Name).text] = values[i] as Value;
  return event;
}

function flattenedPlain(value: unknown, prefix: string): Flattened | undefined {
  const flat: Entries = { names: [], values: [] };
  return flattenPlain(value, nameOf(prefix), flat, 0) ? flat : undefined;
}
interface Entries { readonly names: Name[]; readonly values: Value[] }

/** The usual case, in which no two names can collide: no dots in names, no great depth. False when it is another. */
function flattenPlain(value: unknown, above: Name, into: Entries, depth: number): boolean {
  if (!isObject(value)) return true;
  if (depth > DEPTH_MAX) return false;
  const under = above.under ??= new Map<string, Name>();
  let before: Name | undefined;
  for (const key of Object.keys(value)) {
    const inner = (value as Readonly<Record<string, unknown>>)[key];
    let name = before === undefined ? above.first : before.next;
    if (name?.key !== key) {
      name = under.get(key) ?? remember(above.prefix, under, key);
      if (before === undefined) above.first = name; else before.next = name;
    }
    before = name;
    if (name.hasDot) return false;
    if (typeof inner !== 'object' || inner === null) { into.names.push(name); into.values.push(inner as Scalar); }
    else if (!Array.isArray(inner)) { if (!flattenPlain(inner, name, into, depth + 1)) return false; }
    else if (!inner.some(isObject)) { into.names.push(name); into.values.push(inner as Value); }
    else for (const [inside, list] of flattenArray(inner, name.text, depth)) { into.names.push(nameOf(inside)); into.values.push(list); }
  }
  return true;
}

/** A name and what has stood under it: joining texts anew for every event costs more than looking them up. */
export interface Name {
  readonly text: string;
  /** The last part of it. */
  readonly key: string;
  readonly hasDot: boolean;
  readonly prefix: string;
  under: Map<string, Name> | undefined;
  /** The first name under it, and the one behind it, as they stood last: objects of one sender have their names in one order. */
  first: Name | undefined;
  next: Name | undefined;
  /** What a reader knows of the name. */
  meaning: unknown;
}
const prefixes = new Map<string, Name>();
/** A site has some thousand; a flood of made-up ones begins anew here and takes a few megabytes. */
const NAMES_MAX = 30_000;
let nameCount = 0;

function nameOf(prefix: string): Name {
  const known = prefixes.get(prefix);
  if (known !== undefined && nameCount < NAMES_MAX) return known;
  if (nameCount >= NAMES_MAX) { prefixes.clear(); nameCount = 0; }
  const fresh = newName(prefix, prefix, false, prefix);
  prefixes.set(prefix, fresh);
  return fresh;
}

function remember(prefix: string, under: Map<string, Name>, key: string): Name {
  const text = prefix + key, fresh = newName(text, key, key.includes('.'), `${text}.`);
  under.set(key, fresh);
  return fresh;
}

function newName(text: string, key: string, hasDot: boolean, prefix: string): Name {
  nameCount++;
  return { text, key, hasDot, prefix, under: undefined, first: undefined, next: undefined, meaning: undefined };
}

function flattenAny(value: unknown, prefix: string, into: Record<string, Value>, depth: number): Record<string, Value> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return into;
  const nested: [string, object][] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) nested.push([prefix + key, inner as object]);
    else if (Array.isArray(inner) && inner.some(isObject)) { for (const [name, list] of flattenArray(inner, prefix + key, depth)) if (name === prefix + key || !Object.hasOwn(into, name)) into[name] = list; }
    else into[prefix + key] = inner as Value;
  }
  for (const [name, inner] of nested) {
    if (depth >= DEPTH_MAX) { into[name] = safeJson(inner); continue; }
    const inside = flattenAny(inner, `${name}.`, emptyEvent(), depth + 1);
    for (const key of Object.keys(inside)) if (!Object.hasOwn(into, key)) into[key] = inside[key] as Value;
  }
  return into;
}

/** The items that are no objects under the array's own name, and what the others hold under theirs. */
function flattenArray(items: readonly unknown[], name: string, depth: number): Map<string, Value[]> {
  const collected = new Map<string, Value[]>(), plain: Value[] = [];
  for (const item of items) {
    if (!isObject(item)) { plain.push(Array.isArray(item) ? safeJson(item) : (item as Scalar)); continue; }
    if (depth >= DEPTH_MAX) { plain.push(safeJson(item)); continue; }
    const flat: Entries = { names: [], values: [] }, prefix = `${name}.`;
    if (flattenPlain(item, nameOf(prefix), flat, depth + 1)) for (let i = 0; i < flat.names.length; i++) collect(collected, (flat.names[i] as Name).text, flat.values[i] as Value);
    else for (const [key, value] of Object.entries(flattenAny(item, prefix, emptyEvent(), depth + 1))) collect(collected, key, value);
  }
  return plain.length > 0 ? new Map([[name, plain], ...collected]) : collected;
}

function collect(into: Map<string, Value[]>, key: string, value: Value): void {
  const list = into.get(key);
  if (list === undefined) into.set(key, Array.isArray(value) ? [...value as Value[]] : [value]);
  else if (Array.isArray(value)) list.push(...(value as Value[])); else list.push(value);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
function safeJson(value: unknown): string {
  try { return JSON.stringify(value) ?? ''; } catch { return '[too deep]'; }
}
