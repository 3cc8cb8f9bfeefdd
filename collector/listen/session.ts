// One connection's protocol, apart from its socket: bytes in, frames out, answers back. The socket, its limits and its pauses are
// the business of connections.ts, so a session is tested with bytes alone.
export interface Session {
  /** Bytes that came. Throws `ProtocolError` when they are not this protocol: the connection is closed. */
  push(chunk: Buffer): void;
  /** The connection ends: what is unfinished is taken or left to the sender, as the protocol promises. */
  end(): void;
  /** Called now and then: no byte came for `silentMs` (0 while we do not read); `now` is monotonic. */
  idle(silentMs: number, now: number): void;
  /** Bytes kept of something unfinished. */
  readonly keptBytes: number;
}

/** What a session may do. */
export interface Wire {
  /** A frame; `trueLength` where it was cut. */
  readonly take: (frame: Buffer, trueLength?: number) => void;
  /** Resolves when everything taken so far is on the disk; an acknowledgement may follow, never go before. */
  readonly durable: () => Promise<void>;
  /** What the sender's own numbers, or its announcements, show not to have come: `count` messages, or `frames` that it will send again. */
  readonly lack: (why: Lack, count: number, frames?: number) => void;
  readonly write: (bytes: Buffer) => void;
  /** Bytes are read no more, then again: a sender with too many transactions under way waits. */
  readonly hold: (held: boolean) => void;
  /** Writes what waits to be written, then closes. */
  readonly close: () => void;
}

/** Numbers that were passed over; what was announced when the connection broke off, not acknowledged. */
export type Lack = 'sequence_gap' | 'unfinished';

/** An unfinished transaction of a silent sender is given up after this: it was not acknowledged and comes again. */
export const PARTIAL_MS = 60_000;

/** What came is not the protocol of the listener. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
