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
/** As free of inherited names as Object.create(null), but with a hidden class: filling and printing it takes half the time. */
const Empty = function () { /* nothing of its own */ } as unknown as new () => Record<string, Value>;
(Empty as { prototype: unknown }).prototype = Object.create(null);

const DEPTH_MAX = 32;

/**
 * Nested objects become dotted names, arrays stay values (objects inside arrays are flattened into arrays of their
 * leaves' values under the dotted name, so that `any member` holds). A literal dotted key wins over a nested one.
 * Deeper than 32 levels is cut off: the value there is its JSON text.
 */
export function flatten(value: unknown, prefix = ''): Record<string, Value> {
  return flattenNamed(value, prefix).flat;
}

/** The same with the names of all that it holds, in its order; without them where names collide. */
export function flattenNamed(value: unknown, prefix = ''): { readonly flat: Record<string, Value>; readonly names: readonly Name[] | undefined } {
  const flat = emptyEvent(), names: Name[] = [];
  return flattenPlain(value, nameOf(prefix), flat, 0, names) ? { flat, names } : { flat: flattenAny(value, prefix, emptyEvent(), 0), names: undefined };
}

/** The usual case, in which no two names can collide: no dots in names, no great depth. False when it is another. */
function flattenPlain(value: unknown, above: Name, into: Record<string, Value>, depth: number, names: Name[]): boolean {
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
    if (typeof inner !== 'object' || inner === null) { into[name.text] = inner as Scalar; names.push(name); }
    else if (!Array.isArray(inner)) { if (!flattenPlain(inner, name, into, depth + 1, names)) return false; }
    else if (!inner.some(isObject)) { into[name.text] = inner as Value; names.push(name); }
    else flattenArray(inner, name.text, into, depth, names);
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
    else if (Array.isArray(inner) && inner.some(isObject)) flattenArray(inner, prefix + key, into, depth);
    else into[prefix + key] = inner as Value;
  }
  for (const [name, inner] of nested) {
    if (depth >= DEPTH_MAX) { into[name] = safeJson(inner); continue; }
    const inside = flattenAny(inner, `${name}.`, emptyEvent(), depth + 1);
    for (const key of Object.keys(inside)) if (!Object.hasOwn(into, key)) into[key] = inside[key] as Value;
  }
  return into;
}

function flattenArray(items: readonly unknown[], name: string, into: Record<string, Value>, depth: number, names?: Name[]): void {
  const collected = new Map<string, Value[]>();
  const plain: Value[] = [];
  for (const item of items) {
    if (!isObject(item)) { plain.push(Array.isArray(item) ? safeJson(item) : (item as Scalar)); continue; }
    if (depth >= DEPTH_MAX) { plain.push(safeJson(item)); continue; }
    for (const [key, value] of Object.entries(flattenItem(item, `${name}.`, depth + 1))) {
      const list = collected.get(key) ?? [];
      if (Array.isArray(value)) list.push(...(value as Value[])); else list.push(value);
      collected.set(key, list);
    }
  }
  if (plain.length > 0) { into[name] = plain; names?.push(nameOf(name)); }
  for (const [key, list] of collected) if (!Object.hasOwn(into, key)) { into[key] = list; names?.push(nameOf(key)); }
}

function flattenItem(item: object, prefix: string, depth: number): Record<string, Value> {
  const event = emptyEvent();
  return flattenPlain(item, nameOf(prefix), event, depth, []) ? event : flattenAny(item, prefix, emptyEvent(), depth);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
function safeJson(value: unknown): string {
  try { return JSON.stringify(value) ?? ''; } catch { return '[too deep]'; }
}
