// How many of each value a window holds. Windows only slide, so what leaves is what came first: a queue of the values' places spares
// looking them up again. Places, counts and the queue are plain integers, which cost the collector of garbage nothing.

const QUEUE_LEAST = 16;

export class Tally<K> {
  /** Value -> its place among the counts. */
  readonly #places = new Map<K, number>();
  #counts = new Int32Array(QUEUE_LEAST);
  /** Places that a forgotten value left. */
  readonly #free: number[] = [];
  /** A ring of places, its length a power of two. */
  #queue = new Int32Array(QUEUE_LEAST);
  #head = 0;
  #length = 0;
  /** How many different values there are. */
  size = 0;

  has(key: K): boolean {
    const place = this.#places.get(key);
    return place !== undefined && (this.#counts[place] as number) > 0;
  }

  add(key: K): void {
    const place = this.#places.get(key) ?? this.#open(key);
    if ((this.#counts[place] as number) === 0) this.size++;
    this.#counts[place] = (this.#counts[place] as number) + 1;
    if (this.#length === this.#queue.length) this.#grow();
    this.#queue[(this.#head + this.#length++) & (this.#queue.length - 1)] = place;
  }

  removeFirst(): void {
    const place = this.#queue[this.#head] as number;
    this.#head = (this.#head + 1) & (this.#queue.length - 1);
    this.#length--;
    const left = (this.#counts[place] as number) - 1;
    this.#counts[place] = left;
    if (left > 0) return;
    this.size--;
    // Values that have left stay a while, because most come again.
    if (this.#places.size > 2 * this.size + 64) this.#forget();
  }

  #open(key: K): number {
    const place = this.#free.pop() ?? this.#places.size;
    this.#places.set(key, place);
    if (place >= this.#counts.length) {
      const counts = new Int32Array(2 * this.#counts.length);
      counts.set(this.#counts);
      this.#counts = counts;
    }
    return place;
  }

  #forget(): void {
    for (const [key, place] of this.#places) {
      if ((this.#counts[place] as number) > 0) continue;
      this.#places.delete(key);
      this.#free.push(place);
    }
  }

  #grow(): void {
    const queue = new Int32Array(2 * this.#length), start = this.#queue.subarray(this.#head);
    queue.set(start);
    queue.set(this.#queue.subarray(0, this.#head), start.length);
    this.#queue = queue;
    this.#head = 0;
  }
}
