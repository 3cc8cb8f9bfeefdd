// Writes the documents of a run one after the other into one piece of memory, which the next run uses again.
import type { Event } from '../event.js';
import { searchDocument, type SearchDocument } from '../predicate/query-dsl-document.js';
import { streamName, type Stream } from '../record.js';
import type { RunDocuments } from './run.js';

let room: Buffer = Buffer.allocUnsafeSlow(1024 * 1024);

export class DocumentWriter {
  private readonly made: SearchDocument[] = [];
  private readonly name: string;

  constructor(private readonly stream: Stream) { this.name = streamName(stream); }

  /** Documents come in any order; `at` is the place in the run, from 0. */
  put(at: number, event: Event, seq: number): void { this.made[at] = searchDocument(event, this.name, this.stream.tier, seq); }

  documents(): RunDocuments {
    const ends: number[] = [], days: { day: string; count: number }[] = [];
    let at = 0;
    for (const { day, text } of this.made) {
      const last = days.at(-1);
      if (last?.day === day) last.count++; else days.push({ day, count: 1 });
      // Three bytes a unit at most.
      if (room.length - at < text.length * 3) room = grown(room, at, text.length * 3);
      at += room.write(text, at);
      ends.push(at);
    }
    return { bytes: new Uint8Array(room.subarray(0, at)), ends: Uint32Array.from(ends), days };
  }
}

function grown(old: Buffer, used: number, more: number): Buffer {
  const next = Buffer.allocUnsafeSlow(Math.max(old.length * 2, used + more));
  next.set(old.subarray(0, used));
  return next;
}
