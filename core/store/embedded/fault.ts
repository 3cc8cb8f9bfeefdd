// Named points at which tests kill the process, to prove that what is left is all or nothing. `HAIDANG_FAULT=after-append:2` dies
// the second time that point is passed.

export type FaultPoint =
  | 'before-append' | 'half-append' | 'after-append' | 'after-fdatasync' | 'before-commit' | 'after-commit'
  | 'seal-written' | 'seal-synced' | 'seal-committed' | 'compact-written' | 'compact-synced' | 'compact-committed' | 'drop-committed';

const [wanted, nth = '1'] = (process.env['HAIDANG_FAULT'] ?? '').split(':');
let left = Number(nth);

/** Dies here, if this is the point. */
export function fault(point: FaultPoint): void {
  if (reached(point)) die();
}
/** Passes the point; true when it is the one to die at (for who must first do half of something). */
export const reached = (point: FaultPoint): boolean => point === wanted && --left === 0;
export const die = (): void => { process.kill(process.pid, 'SIGKILL'); };
