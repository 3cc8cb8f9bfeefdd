// The intake's thread: TCP, framing, registry, spool. What it says to the main thread is bytes and figures (messages.ts).
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { assertNever } from '../../core/assert.js';
import { Socket } from 'node:net';
import { HeldDatagrams } from '../hold/held-datagrams.js';
import type { FromUdp, ToUdp } from '../listen/udp-batch.js';
import { Intake, ListenError } from './intake.js';
import type { Failure, FromIntake, IntakeWorkerData, ToIntake } from './messages.js';

const { options, udp } = workerData as IntakeWorkerData;
const parent = parentPort as MessagePort;
const tell = (message: FromIntake, transfer: ArrayBuffer[] = []): void => { parent.postMessage(message, transfer); };

function failureOf(error: unknown): Failure {
  const { name, message, code } = error as NodeJS.ErrnoException;
  return error instanceof ListenError ? { name, message, code: error.cause.code, listener: error.listener } : { name, message, code };
}

// Told now and then: waking a thread costs more than a datagram.
const TOLD_BYTES = 1024 * 1024;
let taken = 0;
function tookDatagrams(bytes: number): void {
  taken += bytes;
  if (taken < TOLD_BYTES) return;
  const done: ToUdp = { kind: 'done', bytes: taken };
  udp.postMessage(done);
  taken = 0;
}

let held: HeldDatagrams | undefined;
let udpEnded: () => void;
const udpEnd = new Promise<void>((resolve) => { udpEnded = resolve; });

try {
  const intake = await Intake.open(options, {
    onDelivery: ({ stream, from, to, seed, bytes }) => { tell({ kind: 'batch', batch: { stream, from, to, seed, bytes } }, [bytes.buffer as ArrayBuffer]); },
    onProblem: (problem) => { tell({ kind: 'problem', problem }); },
    onFinished: (segment) => { tell({ kind: 'finished', segment }); },
    onFatal: (error) => { tell({ kind: 'fatal', failure: failureOf(error) }); },
    onLossesWritten: () => { held?.lossesWritten(); },
  });
  udp.on('message', (message: FromUdp) => {
    switch (message.kind) {
      case 'datagrams': {
        const { length } = message.bytes;
        intake.takeUdp(message, () => { tookDatagrams(length); });
        return;
      }
      case 'dropped': intake.dropUdp(message); return;
      case 'ended': udpEnded(); return;
      default: assertNever(message);
    }
  });
  parent.on('message', (message: ToIntake) => { void answer(intake, message); });
  try {
    const addresses = await intake.listen();
    if (options.held !== undefined) held = new HeldDatagrams(new Socket({ fd: options.held.pipe }), intake);
    tell({ kind: 'started', addresses, olderStreams: intake.olderStreams });
  } catch (error) {
    await intake.stop();
    throw error;
  }
} catch (error) {
  tell({ kind: 'failed', failure: failureOf(error) });
  parent.close();
  udp.close();
}

async function answer(intake: Intake, message: ToIntake): Promise<void> {
  switch (message.kind) {
    case 'committed': await intake.committed(message.cursors); return;
    case 'release': await intake.release(message.paths); return;
    case 'registry': intake.setRegistry(message.registry); return;
    case 'stats': tell({ kind: 'stats', id: message.id, stats: intake.stats() }); return;
    case 'durable':
      await intake.durable().then(() => { tell({ kind: 'durable', id: message.id }); }, (error: unknown) => { tell({ kind: 'durable', id: message.id, failure: failureOf(error) }); });
      return;
    case 'stop': {
      if (message.udpEnds) await udpEnd;
      await held?.end();
      const failure = await intake.stop().then(() => undefined, failureOf);
      await held?.close(failure === undefined);
      tell({ kind: 'stopped', failure });
      parent.close();
      udp.close();
      return;
    }
    default: assertNever(message);
  }
}
