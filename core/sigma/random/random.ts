// Chance that can be repeated: a seed gives the same choices everywhere.

export class Random {
  #state: number;
  constructor(seed: number) { this.#state = Math.imul(seed, 2_654_435_761) >>> 0; }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number { return least + Math.floor(this.next() * (most - least + 1)); }
  chance(share: number): boolean { return this.next() < share; }
  pick<T>(list: readonly T[]): T { return list[Math.floor(this.next() * list.length)] as T; }
  many<T>(least: number, most: number, make: () => T): T[] { return Array.from({ length: this.between(least, most) }, make); }

  /** One of the makers, by weight. */
  oneOf<T>(...makers: readonly (readonly [weight: number, make: () => T])[]): T {
    let at = this.next() * makers.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, make] of makers) if ((at -= weight) < 0) return make();
    return (makers[makers.length - 1] as (typeof makers)[number])[1]();
  }

  shuffled<T>(list: readonly T[]): T[] {
    return list.map((item) => ({ item, at: this.next() })).sort((a, b) => a.at - b.at).map(({ item }) => item);
  }
}
