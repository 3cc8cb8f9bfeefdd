// Which rules a line is shown to, without reading more of it than the decision needs. The first line of a shape is decided as any event is,
// and which fields were looked at is noted: a later line of that shape in which they hold the same is decided the same.
import type { Event } from '../../event.js';
import { Kind, type JsonLine } from './json-line.js';
import type { Shape } from './shape.js';

interface Condition {
  readonly slot: number;
  /** What the slot holds; undefined: anything but a list of objects, in which a field could be found. */
  readonly bytes: Uint8Array | undefined;
  readonly kind: number;
}
export interface Route<T> { readonly conditions: readonly Condition[]; readonly decided: T }

/** Shapes whose values decide in more ways are not remembered. */
const ROUTES_MAX = 32;

export class Routes<T> {
  readonly #byShape = new WeakMap<Shape, Route<T>[]>();

  /** What was decided for a line like this; undefined: not yet, or it cannot be told. */
  find(line: JsonLine, shape: Shape): T | undefined {
    const routes = this.#byShape.get(shape);
    if (routes !== undefined) for (let i = 0; i < routes.length; i++) if (holds((routes[i] as Route<T>).conditions, line)) return (routes[i] as Route<T>).decided;
    return undefined;
  }

  /** Decides by the event that the line is, and remembers it if what was looked at stands in the line for all to compare. */
  decide(line: JsonLine, shape: Shape, event: Event, decide: (event: Event) => T): T {
    const asked = new Set<string>(), read = new Set<string>(), decided = decide(watched(event, asked, read)), conditions: Condition[] = [];
    const routes = this.#byShape.get(shape) ?? [];
    for (const name of asked) for (const slot of shape.listsAbove(name)) {
      if (line.kinds[slot] === Kind.nested) return decided;
      conditions.push({ slot, bytes: undefined, kind: 0 });
    }
    for (const name of read) {
      const slot = shape.slotOf.get(name);
      if (slot === undefined) continue;
      if (line.kinds[slot] === Kind.nested) return decided;
      conditions.push({ slot, bytes: line.bytes.slice(line.starts[slot], line.ends[slot]), kind: line.kinds[slot] as number });
    }
    if (routes.length < ROUTES_MAX) { routes.push({ conditions, decided }); this.#byShape.set(shape, routes); }
    return decided;
  }
}

function holds(conditions: readonly Condition[], line: JsonLine): boolean {
  for (let i = 0; i < conditions.length; i++) {
    const { slot, bytes, kind } = conditions[i] as Condition;
    if (bytes === undefined) { if (line.kinds[slot] === Kind.nested) return false; continue; }
    const start = line.starts[slot] as number;
    if (line.kinds[slot] !== kind || (line.ends[slot] as number) - start !== bytes.length) return false;
    for (let at = 0; at < bytes.length; at++) if (line.bytes[start + at] !== bytes[at]) return false;
  }
  return true;
}

/** The event, noting which fields somebody asks whether it has, and which he reads. */
function watched(event: Event, asked: Set<string>, read: Set<string>): Event {
  return new Proxy(event, {
    get: (_, name) => { asked.add(String(name)); read.add(String(name)); return event[String(name)]; },
    getOwnPropertyDescriptor: (_, name) => { asked.add(String(name)); return Object.getOwnPropertyDescriptor(event, name); },
    has: (_, name) => { asked.add(String(name)); return name in event; },
    ownKeys: () => { throw new Error('expected a decision by named fields, got one by all of them'); },
  });
}
