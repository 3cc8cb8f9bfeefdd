// Writes the documents of a run one after the other into one piece of memory, which the next run uses again.
import type { Event } from '../event.js';
import { searchDocument } from '../predicate/query-dsl-document.js';
import { streamName, type Stream } from '../record.js';
import type { RunDocuments } from './run.js';

let room: Buffer = Buffer.allocUnsafeSlow(1024 * 1024);

export class DocumentWriter {
  private readonly ends: number[] = [];
  private readonly days: { day: string; count: number }[] = [];
  private readonly name: string;
  private at = 0;

  constructor(private readonly stream: Stream) { this.name = streamName(stream); }

  add(event: Event, seq: number): void {
    const { day, text } = searchDocument(event, this.name, this.stream.tier, seq), last = this.days.at(-1);
    if (last?.day === day) last.count++; else this.days.push({ day, count: 1 });
    // Three bytes a unit at most.
    if (room.length - this.at < text.length * 3) room = grown(room, this.at, text.length * 3);
    this.at += room.write(text, this.at);
    this.ends.push(this.at);
  }

  documents(): RunDocuments { return { bytes: new Uint8Array(room.subarray(0, this.at)), ends: Uint32Array.from(this.ends), days: this.days }; }
}

function grown(old: Buffer, used: number, more: number): Buffer {
  const next = Buffer.allocUnsafeSlow(Math.max(old.length * 2, used + more));
  next.set(old.subarray(0, used));
  return next;
}
