// How much memory the threads' heaps may take before garbage is collected. On a machine with much memory Node lets a heap grow to a
// multiple of what is alive in it; five threads that each do so are a gigabyte of nothing. A box for small sites is asked for less.
import { setFlagsFromString } from 'node:v8';

/** A heap grows by this much beyond what was alive at the last collection; of every thread, from now on. */
const GROWTH_PERCENT = 40;

/** Call it before threads are started. Costs a few per cent of processor time. */
export function keepHeapsSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
