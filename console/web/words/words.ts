// The shape of the word tables: Vietnamese is written first, English must have the same keys, arguments included.
import type { vi } from './messages.vi.js';

export type Words = typeof vi;
