// Numbers in order, to ask which stands at a rank. In blocks of bounded length, and with a finger on the block that was asked about last,
// because the ranks that a sliding window asks for move by a place or two: what one number costs does not grow with how many there are.
const BLOCK_MAX = 512;

export class SortedNumbers {
  #blocks: number[][] = [];
  /** The block under the finger, and how many numbers stand before it. */
  #at = 0;
  #before = 0;
  size = 0;

  add(value: number): void {
    const blocks = this.#blocks, b = this.#blockOf(value), block = blocks[b];
    this.size++;
    if (block === undefined) { blocks.push([value]); return; }
    block.splice(placeIn(block, value), 0, value);
    if (b < this.#at) this.#before++;
    if (block.length <= BLOCK_MAX) return;
    blocks.splice(b + 1, 0, block.splice(BLOCK_MAX / 2));
    if (b < this.#at) this.#at++;
  }

  /** Takes out a number that was added. */
  remove(value: number): void {
    const blocks = this.#blocks, b = this.#blockOf(value), block = blocks[b] as number[];
    this.size--;
    block.splice(placeIn(block, value), 1);
    if (b < this.#at) this.#before--;
    if (block.length === 0) {
      blocks.splice(b, 1);
      if (b < this.#at) this.#at--;
    }
    if (blocks.length > 16 + (4 * this.size) / BLOCK_MAX || this.#at >= blocks.length) this.#arrange();
  }

  /** The number at a rank, from 0. */
  at(rank: number): number {
    const blocks = this.#blocks;
    while (rank < this.#before) this.#before -= (blocks[--this.#at] as number[]).length;
    for (let block = blocks[this.#at] as number[]; rank >= this.#before + block.length; block = blocks[++this.#at] as number[]) this.#before += block.length;
    return (blocks[this.#at] as number[])[rank - this.#before] as number;
  }

  /** The first block that reaches up to the value, else the last. */
  #blockOf(value: number): number {
    const blocks = this.#blocks;
    let low = 0, high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1, block = blocks[middle] as number[];
      if ((block[block.length - 1] as number) < value) low = middle + 1; else high = middle;
    }
    return low;
  }

  /** Blocks that have become small are put together. */
  #arrange(): void {
    const all = this.#blocks.flat();
    this.#blocks = [];
    for (let from = 0; from < all.length; from += BLOCK_MAX / 2) this.#blocks.push(all.slice(from, from + BLOCK_MAX / 2));
    this.#at = 0;
    this.#before = 0;
  }
}

/** The first place at which nothing smaller stands. */
function placeIn(block: readonly number[], value: number): number {
  let low = 0, high = block.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((block[middle] as number) < value) low = middle + 1; else high = middle;
  }
  return low;
}
