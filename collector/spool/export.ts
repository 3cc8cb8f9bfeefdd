// Records as lines, for people and other programs: exactly those that opening the spool would keep, in the order it took them.
import { isUtf8 } from 'node:buffer';
import { decodeRecord, eventId, recordBody, streamName } from '../../core/record.js';
import { keptRecords } from './folder.js';

export type ExportFormat = 'ndjson' | 'raw';

/** `raw`: the frames as they came, each with a line feed, without the collector's own records. */
export async function* exportSpool(folder: string, format: ExportFormat): AsyncGenerator<string | Uint8Array> {
  for await (const { stream, seq, bytes, seed } of keptRecords(folder)) {
    const record = decodeRecord(bytes, 0, seed)?.record;
    if (record === undefined) continue;
    if (format === 'raw') {
      if (record.kind === 'frame') yield Buffer.concat([record.frame, LF]);
      continue;
    }
    const { kind, tier, received, arrival: { peer, port, listener, system, unit, day, trueLength, host }, frame } = record;
    const text = isUtf8(frame) ? { original: Buffer.from(frame).toString() } : { original_b64: Buffer.from(frame).toString('base64') };
    yield `${JSON.stringify({
      stream: streamName(stream), seq, id: eventId(stream, seq, recordBody(bytes)), received: new Date(received).toISOString(), peer, port, listener, system, unit, tier, day, kind,
      host, trueLength, ...text,
    })}\n`;
  }
}
const LF = Buffer.from('\n');
