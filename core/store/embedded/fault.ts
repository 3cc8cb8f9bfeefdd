// Named points at which tests kill the process, to prove that what is left is all or nothing. `HAIDANG_FAULT=after-append:2` dies
// the second time that point is passed.

export type FaultPoint =
  | 'before-append' | 'half-append' | 'after-append' | 'after-fdatasync' | 'before-commit' | 'after-commit'
  | 'seal-written' | 'seal-synced' | 'seal-committed' | 'compact-written' | 'compact-synced' | 'compact-committed' | 'drop-committed';

const [wanted, nth = '1'] = (process.env['HAIDANG_FAULT'] ?? '').split(':');
let left = Number(nth);

export function fault(point: FaultPoint): void {
  if (point === wanted && --left === 0) process.kill(process.pid, 'SIGKILL');
}
export const faultWanted = (point: FaultPoint): boolean => point === wanted && left === 1;
