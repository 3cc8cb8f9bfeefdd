// Moves the times of a log file by one step, so that its last line stands at a chosen moment; what lies between the lines stays.
// Times with a year and times without are moved by a step each, because a time without one has no place of its own.
import type { Millis } from '../../core/event.js';
import { readLines } from './lines.js';
import { StampReader } from './stamps.js';

export interface Shift { readonly withYear: Millis; readonly withoutYear: Millis }

/** What to add to the file's times so that its last line stands at `target`. Reads the file once. */
export async function findShift(file: string, target: Millis): Promise<Shift> {
  const reader = new StampReader();
  let withYear: Millis | undefined, withoutYear: Millis | undefined;
  for await (const line of readLines(file)) {
    const found = reader.first(line.toString('latin1'));
    if (found?.hasYear === true) withYear = found.time;
    else if (found) withoutYear = found.time;
  }
  return { withYear: target - (withYear ?? target), withoutYear: target - (withoutYear ?? target) };
}

/** The lines of a file with their times moved. */
export async function* shiftedLines(file: string, shift: Shift): AsyncGenerator<Buffer> {
  const reader = new StampReader();
  for await (const line of readLines(file)) {
    yield Buffer.from(reader.rewrite(line.toString('latin1'), ({ time, hasYear }) => time + (hasYear ? shift.withYear : shift.withoutYear)), 'latin1');
  }
}
