// What lines of JSON have in common: the same names in the same order. A source writes a few such shapes over and over, so the names of a
// line are compared with those of the line before instead of being read, and what follows from a shape is worked out once.

/** A place in a line: behind a name and its value, inside an object that stands there, or behind such an object. */
export class Place {
  /** The name that follows, as it was last time. */
  next: Place | undefined;
  /** All names that have followed. */
  readonly names = new Map<string, Place>();
  inside: Place | undefined;
  behind: Place | undefined;
  /** Of the lines that end here. */
  shape: Shape | undefined;

  private constructor(
    /** The name in its quotes; of the other places nothing. */
    readonly quoted: Uint8Array,
    /** Dotted. */
    readonly name: string,
    /** What stands before the names that follow on this level. */
    readonly prefix: string,
    /** Values before the one that stands here. */
    readonly slot: number,
    /** Values up to here. */
    readonly count: number,
    readonly before: Place | undefined,
  ) {
    const view = new DataView(quoted.buffer, quoted.byteOffset);
    this.fours = Int32Array.from({ length: quoted.length >> 2 }, (_, i) => view.getInt32(i * 4));
  }
  /** `quoted`, four bytes at a time, as far as that goes. */
  readonly fours: Int32Array;

  static root(): Place { return new Place(NOTHING, '', '', 0, 0, undefined); }

  follow(key: string, quoted: Uint8Array): Place {
    const place = new Place(quoted, this.prefix + key, this.prefix, this.count, this.count + 1, this);
    this.names.set(key, place);
    return place;
  }
  /** An object begins where the value would stand. */
  enter(): Place { return (this.inside ??= new Place(NOTHING, '', `${this.name}.`, this.slot, this.slot, this)); }
  /** The object that stands at `object` ends. */
  leave(object: Place): Place { return (this.behind ??= new Place(NOTHING, '', object.prefix, this.count, this.count, this)); }
}
const NOTHING = new Uint8Array(0);

/** More values in a line are read the other way. */
export const SLOTS_MAX = 512;

/** The names of the values of a line, in order. */
export class Shape {
  readonly names: readonly string[];
  readonly slotOf: ReadonlyMap<string, number>;
  /** Is it more than names and values: names that fall together, or that are read in a way of their own (events.ts)? */
  readonly isOdd: boolean;

  constructor(end: Place) {
    const names: string[] = [], keys: string[] = [], all = new Set<string>();
    let isNested = false, isOdd = false;
    for (let place: Place | undefined = end, after: Place | undefined; place !== undefined; after = place, place = place.before) {
      if (place.name === '') { if (place.before !== undefined) isNested = true; continue; }
      keys.push(place.name.slice(place.prefix.length));
      all.add(place.name);
      if (after === undefined || after !== place.inside) names.push(place.name);
    }
    this.names = names.reverse();
    this.slotOf = new Map(this.names.map((name, slot) => [name, slot]));
    isOdd ||= all.size < keys.length || keys.some((key) => key === '' || key === '__proto__' || key.includes(' '));
    if (isNested) isOdd ||= keys.some((key) => key.includes('.') || key === 'Event');
    this.isOdd = isOdd;
  }

  /** Slots whose value, if it is a list of objects, may hold something under this name. */
  listsAbove(name: string): readonly number[] {
    let above = this.#above.get(name);
    if (above === undefined) this.#above.set(name, above = this.names.flatMap((list, slot) => (name.startsWith(`${list}.`) ? [slot] : [])));
    return above;
  }
  readonly #above = new Map<string, readonly number[]>();
}
