// What could not be taken, added up per reason and source until it becomes a record: nothing is lost without a position that says so.
export type LossReason =
  /** The kernel's socket buffer was full. */
  | 'kernel_drop'
  /** Datagrams came faster than the intake took them. */
  | 'overrun'
  /** The disk was at its limit: datagrams were dropped (TCP waits). */
  | 'spool_full'
  /** A connection more than are allowed, one without a handshake, a request without its token. */
  | 'refused'
  /** A connection or a request whose bytes were not the listener's protocol: closed. */
  | 'protocol'
  /** A body, or a compressed message, longer than the limit: `frames` of them. */
  | 'too_large'
  /** Requests that were told to come again, since nothing could be stored. */
  | 'busy'
  /** A message in pieces of which some never came. */
  | 'incomplete'
  /** Numbers that a sender gave and passed over: lost before they came here. */
  | 'sequence_gap'
  /** A sender announced `frames` that had not come when the connection broke off: it was not told that it has arrived, and sends it again. */
  | 'unfinished'
  /** A followed file was truncated before these bytes of it were read, and no copy was found. */
  | 'file_truncated'
  /** Frames longer than the limit: kept, cut; `count` is 0, `frames` says how many, `bytes` what was cut off. */
  | 'cut'
  /** Intake stood still from `from` to `to`. */
  | 'intake_stopped';

export interface Loss {
  readonly reason: LossReason;
  readonly listener: string;
  /** The sender's address where it is known, else ''. */
  readonly peer: string;
  readonly port?: number;
  /** Frames that are nowhere. */
  readonly count: number;
  readonly frames?: number;
  readonly bytes?: number;
  /** Received times, ms. */
  readonly from: number;
  readonly to: number;
}

const KEYS_MAX = 1000;

export class Losses {
  private readonly losses = new Map<string, Loss>();

  add(loss: Loss): void {
    let key = `${loss.reason} ${loss.listener} ${loss.peer}`, peer = loss.peer;
    if (!this.losses.has(key) && this.losses.size >= KEYS_MAX) { key = `${loss.reason} ${loss.listener} `; peer = ''; }
    const before = this.losses.get(key);
    this.losses.set(key, before === undefined ? { ...loss, peer } : {
      ...before, count: before.count + loss.count, to: Math.max(before.to, loss.to), from: Math.min(before.from, loss.from),
      frames: sum(before.frames, loss.frames), bytes: sum(before.bytes, loss.bytes),
    });
  }

  /** Takes all there are. */
  take(): Loss[] {
    const all = [...this.losses.values()];
    this.losses.clear();
    return all;
  }
}
const sum = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0));

/** The frame of a loss record. */
export function printLoss({ reason, listener, peer, count, frames, bytes, from, to }: Loss): Buffer {
  return Buffer.from(JSON.stringify({ reason, source: peer === '' ? listener : peer, count, frames, bytes, from, to }));
}
