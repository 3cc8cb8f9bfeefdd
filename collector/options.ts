// What a collector is told, and what it tells.
import type { Problem } from '../core/problem.js';
import type { RecordBatch } from '../core/pipeline/run.js';
import type { Registry } from '../core/tier.js';
import type { HttpLimits } from './listen/http/http-intake.js';
import type { Token } from './listen/http/tokens.js';
import type { Held } from './hold/held.js';
import type { StreamKind } from './listen/open-session.js';
import type { StreamFigures } from './spool/segment.js';
import type { FileInput, TailLimits } from './tail/tail.js';

/** `udp`, `tcp` and `tls` are syslog. */
export type ListenerKind = DatagramKind | StreamKind | 'http';
export type DatagramKind = 'udp' | 'gelf-udp';
export const isDatagram = (kind: ListenerKind): kind is DatagramKind => kind === 'udp' || kind === 'gelf-udp';

export interface ListenerOptions {
  /** `syslog-udp`: stands in records and in the registry's matches. */
  readonly name: string;
  readonly kind: ListenerKind;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What to set when the port is taken, e.g. `HAIDANG_SYSLOG_PORT`. */
  readonly setting?: string;
  /** Needed for `tls`, possible for the kinds over connections. */
  readonly tls?: TlsOptions;
  /** Addresses and networks of proxies that say in a PROXY header who connected; from others it is not read. */
  readonly proxies?: readonly string[];
  /** Of `http`: without one, anybody who reaches the port is heard. */
  readonly tokens?: readonly Token[];
}

export interface TlsOptions {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Who may have signed a client's certificate. */
  readonly caFile?: string;
  /** `optional`: one that is not trusted says nothing. `required`: without a trusted one the handshake fails. */
  readonly clientCertificates?: 'none' | 'optional' | 'required';
  readonly handshakeMs?: number;
  /** How often the files are looked at. */
  readonly lookMs?: number;
}

/** How far the reader has come, by stream name; as `CursorStore.all` gives it. */
export type Cursors = Readonly<Record<string, number>>;

export interface IntakeOptions {
  /** The spool's folder, e.g. `data/spool`. */
  readonly folder: string;
  readonly listeners: readonly ListenerOptions[];
  readonly registry: Registry;
  readonly cursors: Cursors;
  readonly frameBytesMax?: number;
  /** Marks of open streams that are silent for 10 s; only several collectors need them. */
  readonly marks?: boolean;
  readonly connectionsMax?: number;
  readonly connectionsPerSourceMax?: number;
  /** An unfinished line of a silent connection is a frame after this. */
  readonly idleMs?: number;
  /** Absent: 64 MB, less on a small disk. */
  readonly segmentBytes?: number;
  /** Intake stops below this. Absent: the larger of 3 segments and the smaller of 5 % and 2 GB. */
  readonly freeBytesMin?: number;
  readonly inFlightBytesMax?: number;
  /** A segment stays when all of it is committed, until `release` names it. */
  readonly keepSegments?: boolean;
  readonly receiveBufferBytes?: number;
  readonly http?: Partial<HttpLimits>;
  /** Files of this machine that are followed; their sender is 127.0.0.1. */
  readonly files?: readonly FileInput[];
  readonly tail?: Partial<TailLimits>;
  /** How often losses become records and the kernel's counters are read. */
  readonly lossMs?: number;
  /** The sockets are held by another process: they are not opened here. */
  readonly held?: Held;
}
export const LOSS_MS = 5000, RECEIVE_BUFFER_BYTES = 32 * 1024 * 1024;

export interface CollectorOptions extends IntakeOptions {
  /** Durable records, each stream's in order of position, older epochs' first. `committed` must follow. */
  readonly onBatch: (batch: RecordBatch) => void;
  readonly onProblem?: (problem: Problem) => void;
  /** With `keepSegments`: all of the segment is committed. Told once a run. */
  readonly onFinished?: (segment: FinishedSegment) => void;
  /** The collector cannot go on (the disk failed twice, a thread died); what is durable is safe. */
  readonly onFatal?: (error: Error) => void;
}

/** A sealed segment, and what it holds of each tier. */
export interface FinishedSegment {
  readonly path: string;
  readonly collector: string;
  readonly epoch: number;
  readonly number: number;
  readonly figures: readonly StreamFigures[];
}

export interface ListenerStats {
  readonly listener: string;
  readonly kind: ListenerKind | 'file' | 'spool';
  received: number;
  bytes: number;
  cut: number;
  /** Datagrams and connections that were not taken, by us or by the kernel. */
  dropped: number;
  connections: number;
  /** Datagrams without a byte in them: no records. */
  empty: number;
}
export interface SenderStats {
  readonly system: string;
  readonly sender: string;
  readonly tier: number;
  received: number;
  bytes: number;
  cut: number;
  dropped: number;
  lastReceived: number;
}
export interface CollectorStats {
  readonly epoch: number;
  readonly listeners: readonly ListenerStats[];
  readonly senders: readonly SenderStats[];
  readonly spool: {
    readonly segments: number; readonly bytes: number; readonly pendingBytes: number; readonly inFlightBytes: number; readonly undeliveredBytes: number;
    /** When the oldest segment with records that are not committed was begun, ms; absent when there is none. */
    readonly oldest?: number;
    /** What is appended a second, over the last minute; and how long the disk has room for it until intake stops, ms; absent while nothing comes in. */
    readonly bytesPerSecond: number; readonly lastsMs?: number;
    readonly syncs: number; readonly syncMsMean: number; readonly syncMsMax: number; readonly badBytes: number;
  };
  /** True while intake is stopped for want of space. */
  readonly full: boolean;
  readonly freeBytes: number;
  /** Intake stops below this. */
  readonly freeBytesMin: number;
}

export interface BoundAddress { readonly name: string; readonly kind: ListenerKind; readonly address: string; readonly port: number }
