// What a process that reads held sockets is told about them: by whom the listeners were opened, where they are among its descriptors,
// and what an earlier reader had taken for good. It travels in one environment variable.
import type { ListenerKind } from '../options.js';

/** Positions of the spool at some moment: of one epoch, by tier. */
export interface Positions { readonly epoch: number; readonly tiers: Readonly<Record<string, number>> }

export interface HeldListener {
  readonly name: string;
  readonly kind: ListenerKind;
  readonly address: string;
  readonly port: number;
  /** The listening socket's descriptor; absent for datagrams, which come over the pipe. */
  readonly descriptor?: number;
  /** Of datagrams: what the kernel granted. */
  readonly bufferBytes?: number;
}
export interface Held {
  readonly listeners: readonly HeldListener[];
  /** The descriptor of the pipe to the process that holds the sockets. */
  readonly pipe: number;
  /** How often a reader was started again, and how often in a row without a good while between. */
  readonly restarts: number;
  readonly inRow: number;
  /** When the reader before this one ended, ms. */
  readonly endedAt?: number;
  /** Where the spool stood when it last said what it had taken. */
  readonly after?: Positions;
}

const VARIABLE = 'HAIDANG_HELD';
export const encodeHeld = (held: Held): Record<string, string> => ({ [VARIABLE]: JSON.stringify(held) });
/** Undefined in a process that opens its sockets itself. The variable is taken away: children of this process hold nothing. */
export function takeHeld(env: Record<string, string | undefined>): Held | undefined {
  const text = env[VARIABLE];
  delete env[VARIABLE];
  return text === undefined ? undefined : JSON.parse(text) as Held;
}
