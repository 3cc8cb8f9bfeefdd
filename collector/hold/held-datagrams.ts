// The intake's end of the pipe to the process that holds the sockets: takes batches and drops, and says what is on the disk.
import type { Duplex } from 'node:stream';
import { assertNever } from '../../core/assert.js';
import type { UdpBatch, UdpDropped } from '../listen/udp-batch.js';
import type { Positions } from './held.js';
import { MessageReader, writeMessage, type FromHolder, type ToHolder } from './pipe.js';

export interface DatagramTaker {
  /** `done` is called when every datagram of the batch has its record or is a loss that will have one. */
  takeUdp(batch: UdpBatch, done: () => void, again: boolean): void;
  dropUdp(dropped: UdpDropped, again: boolean): void;
  /** True while datagrams were lost here that have no record yet. */
  readonly owesRecords: boolean;
  /** Gives losses their records now, where the disk has room. */
  writeLosses(): void;
  positions(): Positions;
  durable(): Promise<void>;
}

const END_MS = 3000;

export class HeldDatagrams {
  private readonly seen = { batches: 0, drops: 0 };
  private readonly told = { batches: 0, drops: 0 };
  private dropsRecorded = 0;
  /** What may be said when the disk has it: numbers and the positions they stand at or before. */
  private taken: { readonly batches: number; readonly drops: number; readonly after: Positions } | undefined;
  /** `again`: what comes was told to an earlier reader. Until all of it has its records nothing is said: the next reader, should this one die, must look behind the old positions. */
  private phase: 'again' | 'caught-up' | 'new' = 'again';
  private againUnderWay = 1; // until the holder says that this is all
  private saying: Promise<void> | undefined;
  private ended: (() => void) | undefined;

  constructor(private readonly pipe: Duplex, private readonly taker: DatagramTaker) {
    const reader = new MessageReader<FromHolder>();
    pipe.on('error', () => undefined).on('close', () => { this.ended?.(); });
    pipe.on('data', (chunk: Buffer) => { reader.push(chunk, (message, bytes) => { this.hear(message, bytes); }); });
    this.tell({ kind: 'begun', after: taker.positions() });
  }

  /** Losses got their records. */
  lossesWritten(): void {
    this.dropsRecorded = this.seen.drops;
    if (this.phase === 'caught-up') this.phase = 'new';
    this.say();
  }

  /** Asks for what there is and resolves when it has come. */
  async end(): Promise<void> {
    const ended = new Promise<void>((resolve) => { this.ended = resolve; setTimeout(resolve, END_MS).unref(); });
    this.tell({ kind: 'stopping' });
    await ended;
  }

  /** The last word: all that was taken is on the disk, or it is not. */
  async close(durable: boolean): Promise<void> {
    await this.saying;
    if (durable && this.phase === 'new' && !this.taker.owesRecords) this.tell({ kind: 'taken', ...this.seen, after: this.taker.positions() });
    await new Promise<void>((resolve) => { this.pipe.end(resolve); this.pipe.once('close', resolve); });
    this.pipe.destroy();
  }

  private hear(message: FromHolder, bytes: Buffer): void {
    switch (message.kind) {
      case 'datagrams':
        if (message.again) this.againUnderWay++;
        this.taker.takeUdp({ ...message, bytes }, () => {
          this.seen.batches = message.number;
          if (message.again) this.endAgain(); else this.say();
        }, message.again);
        return;
      case 'dropped':
        this.taker.dropUdp(message, message.again);
        this.seen.drops = message.number;
        return;
      case 'caught-up': this.endAgain(); return;
      case 'ended': this.ended?.(); return;
      default: assertNever(message);
    }
  }

  private endAgain(): void {
    if (--this.againUnderWay > 0) return;
    this.phase = 'caught-up';
    this.taker.writeLosses();
  }

  // While something is owed nothing new may be said: positions would stand behind records of batches that come again.
  private say(): void {
    if (this.taker.owesRecords || this.phase !== 'new') return;
    this.taken = { batches: this.seen.batches, drops: this.dropsRecorded, after: this.taker.positions() };
    this.saying ??= this.sayDurable();
  }

  private async sayDurable(): Promise<void> {
    await Promise.resolve(); // `saying` is set before it is taken back, and taken back in the turn that found nothing to say
    for (let saying = this.taken; saying !== undefined && (this.told.batches < saying.batches || this.told.drops < saying.drops); saying = this.taken) {
      if (!(await this.taker.durable().then(() => true, () => false))) break; // the disk failed: the next reader gets it again
      this.tell({ kind: 'taken', ...saying });
      Object.assign(this.told, { batches: saying.batches, drops: saying.drops });
    }
    this.saying = undefined;
  }

  private tell(message: ToHolder): void {
    writeMessage(this.pipe, message);
  }
}
