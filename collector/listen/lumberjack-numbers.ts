// What a connection's Lumberjack numbers prove to be missing, and no more. Inside a window they rise by one: what is passed over was
// numbered and never sent. Between windows there are two kinds of sender. Beats begin each window at 1, and then nothing can be concluded;
// others count on, and once a connection has shown that it does, what it passes over between windows is missing too.
/** Farther ahead it is another counter. */
const JUMP_MAX = 10_000;

export class LumberjackNumbers {
  private last = 0;
  private within = false;
  /** Each window begins at 1, or goes on where the one before ended; undefined: not seen yet. */
  private kind: 'anew' | 'on' | undefined;

  /** A window begins. */
  begin(): void { this.within = false; }

  /** How many numbers this one passes over. 0 is no number. */
  take(number: number): number {
    if (number === 0) return 0;
    const { last, within } = this;
    this.last = number;
    this.within = true;
    if (within) return passed(last, number);
    if (last > 0) this.kind = number === 1 ? 'anew' : number === last + 1 ? this.kind ?? 'on' : this.kind;
    return this.kind === 'on' ? passed(last, number) : this.kind === 'anew' ? passed(0, number) : 0;
  }
}

const passed = (last: number, number: number): number => (number - last - 1 > 0 && number - last - 1 <= JUMP_MAX ? number - last - 1 : 0);
