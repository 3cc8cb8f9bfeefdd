// The keeper's reading back of receipts (reference protocol 2.6). One that is not whole is read again, later each time: a collector that is gone for
// good must not keep the keeper from the receipts of the others, nor have the cluster read the same events for ever.
import type { Shared } from './shared.js';

const RECEIPTS_MAX = 10_000, A_TIME = 50, FIRST_MS = 5_000, LAST_MS = 600_000;

export class ReadingBack {
  /** What was not whole when it was read last: how often, and when it is read again, by the monotonic clock. */
  private later = new Map<string, { readonly tries: number; readonly due: number }>();

  constructor(private readonly shared: Pick<Shared, 'openReceipts' | 'readBack'>, private readonly monotonic: () => number) {}

  /** Reads some of what is due, as long as it `goesOn`; returns how many are open then. */
  async round(goesOn: () => boolean): Promise<number> {
    const receipts = await this.shared.openReceipts(RECEIPTS_MAX), now = this.monotonic(), dueOf = (id: string): number => this.later.get(id)?.due ?? -Infinity;
    let open = receipts.length;
    this.later = new Map(receipts.flatMap(({ id }) => { const known = this.later.get(id); return known === undefined ? [] : [[id, known]]; }));
    // What was never read comes first.
    for (const receipt of receipts.filter(({ id }) => dueOf(id) <= now).sort((a, b) => (dueOf(a.id) < dueOf(b.id) ? -1 : dueOf(a.id) > dueOf(b.id) ? 1 : 0)).slice(0, A_TIME)) {
      if (!goesOn()) break;
      const tries = (this.later.get(receipt.id)?.tries ?? 0) + 1;
      this.later.set(receipt.id, { tries, due: this.monotonic() + Math.min(FIRST_MS * 2 ** (tries - 1), LAST_MS) });
      if (await this.shared.readBack(receipt)) open--;
    }
    return open;
  }
}
