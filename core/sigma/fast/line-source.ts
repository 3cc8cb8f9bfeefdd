// A line of JSON for those who ask about single fields of it, or about the event that it is.
import type { Event, Value } from '../../event.js';
import type { EventSource } from '../../predicate/matcher.js';
import type { Path } from '../../predicate/predicate.js';
import { resolve } from '../../predicate/values.js';
import { eventFromJson } from '../events.js';
import { Kind, type JsonLine } from './json-line.js';

export class LineSource implements EventSource {
  #event: Event | undefined;

  constructor(readonly line: JsonLine) {}

  /** Another line is read. */
  forget(): void { this.#event = undefined; }

  event(): Event { return (this.#event ??= eventFromJson(this.line.text()) ?? {}); }

  valueOf(path: Path): Value | undefined {
    const { line } = this, { shape } = line;
    if (this.#event !== undefined || shape === undefined) return resolve(this.event(), path)?.value;
    for (const name of path) {
      const slot = shape.slotOf.get(name);
      if (line.hasNested && ((slot !== undefined && line.kinds[slot] === Kind.nested) || shape.listsAbove(name).some((above) => line.kinds[above] === Kind.nested))) return resolve(this.event(), path)?.value;
      if (slot !== undefined) return line.value(slot);
    }
    return undefined;
  }
}
