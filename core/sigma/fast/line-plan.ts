// How the rules of one kind of event read the lines of one shape: which slot is which field, worked out once.
import type { Path } from '../../predicate/predicate.js';
import { Kind, type JsonLine } from './json-line.js';
import type { Shape } from './shape.js';

export class LinePlan {
  /** Pairs of slot and field. */
  readonly steps: Int32Array;
  /** How many slots keywords look through: all or none. */
  readonly keywordSlots: number;
  /** Slots in which a list of objects would hold what a field is asked for. */
  readonly #plain: readonly number[];

  constructor(shape: Shape, paths: readonly Path[], hasKeywords: boolean) {
    const steps: number[] = [], plain = new Set<number>();
    paths.forEach((path, field) => {
      for (const name of path) {
        for (const slot of shape.listsAbove(name)) plain.add(slot);
        const slot = shape.slotOf.get(name);
        if (slot === undefined) continue;
        plain.add(slot);
        steps.push(slot, field);
        break;
      }
    });
    this.steps = Int32Array.from(steps);
    this.keywordSlots = hasKeywords ? shape.names.length : 0;
    this.#plain = [...plain];
  }

  /** No field that is asked for is in a list of objects. */
  allows(line: JsonLine): boolean { return this.#plain.every((slot) => line.kinds[slot] !== Kind.nested); }
}
