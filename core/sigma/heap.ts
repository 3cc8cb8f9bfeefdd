// A binary heap of things that fall due: the earliest comes first.
import type { Millis } from '../event.js';

export class Heap<T> {
  readonly #items: { readonly due: Millis; readonly item: T }[] = [];
  get size(): number { return this.#items.length; }

  push(due: Millis, item: T): void {
    const items = this.#items;
    items.push({ due, item });
    for (let at = items.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if ((items[parent] as { due: Millis }).due <= (items[at] as { due: Millis }).due) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** The earliest item if it is due before `moment`. */
  popBelow(moment: Millis): T | undefined {
    const items = this.#items, first = items[0];
    if (first === undefined || first.due >= moment) return undefined;
    const last = items.pop() as { due: Millis; item: T };
    if (items.length > 0) { items[0] = last; this.#sink(); }
    return first.item;
  }

  #sink(): void {
    const items = this.#items, due = (at: number): Millis => items[at]?.due ?? Infinity;
    for (let at = 0; ;) {
      const left = 2 * at + 1, child = due(left + 1) < due(left) ? left + 1 : left;
      if (due(child) >= due(at)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(one: number, two: number): void {
    const items = this.#items, held = items[one] as { due: Millis; item: T };
    items[one] = items[two] as { due: Millis; item: T };
    items[two] = held;
  }
}
