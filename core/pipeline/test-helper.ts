// Batches of records for tests, written as the spool writes them.
import { encodeRecord, type Arrival, type RecordKind, type Stream } from '../record.js';
import type { Millis } from '../event.js';
import type { RecordBatch } from './run.js';

export interface TestRecord {
  readonly line: string | Uint8Array;
  readonly kind?: RecordKind;
  readonly received?: Millis;
  readonly arrival?: Partial<Arrival>;
}
export const SEED = 7;
export const testStream = (part: Partial<Stream> = {}): Stream => ({ collector: '0192a3b4-0000-7000-8000-000000000001', epoch: 4_294_967_297, tier: 2, ...part });
export const NOON = Date.UTC(2026, 10, 22, 5);

export function batchOf(records: readonly TestRecord[], from = 1, stream: Stream = testStream()): RecordBatch {
  const parts = records.map(({ line, kind = 'frame', received, arrival }, i) => encodeRecord({
    kind, tier: stream.tier, seq: from + i, received: received ?? NOON + i,
    arrival: { peer: '192.0.2.10', port: 514, listener: 'udp', system: 'PORTAL', unit: 'Văn phòng', timezone: 'Asia/Ho_Chi_Minh', day: '2026-11-22', registry: 1, ...arrival },
    frame: typeof line === 'string' ? Buffer.from(line) : line,
  }, SEED));
  return { stream, from, to: from + records.length - 1, seed: SEED, bytes: Buffer.concat(parts) };
}

/** `Nov 22 12:00:00 web-01 sshd[7]: ...`, time as Vietnam's clocks show it. */
export function sshdLine(text: string, time: Millis = NOON, host = 'web-01'): string {
  const local = new Date(time + 7 * 3_600_000).toISOString(), month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][Number(local.slice(5, 7)) - 1] as string;
  return `<38>${month} ${local.slice(8, 10).replace(/^0/, ' ')} ${local.slice(11, 19)} ${host} sshd[812]: ${text}`;
}
