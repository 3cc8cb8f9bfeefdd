// What stands for a position that cannot be read any more: a loss record of its own, so that a stream has no hole.
import { encodeRecord } from '../../core/record.js';

export function encodeLost(tier: number, seq: number, received: number, seed: number): Buffer {
  const day = new Date(received).toISOString().slice(0, 10);
  const frame = Buffer.from(JSON.stringify({ reason: 'spool_damaged', source: 'spool', count: 1, from: received, to: received }));
  return encodeRecord({ kind: 'loss', tier, seq, received, frame, arrival: { peer: '', listener: 'spool', system: 'unassigned', day, registry: 0 } }, seed);
}
