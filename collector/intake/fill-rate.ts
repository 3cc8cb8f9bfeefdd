// How fast the spool fills at present, and so how long its disk lasts while nothing is let go: counted by what is appended, since
// segments that are freed meanwhile say nothing about what comes in.
export const RATE_WINDOW_MS = 60_000;

export class FillRate {
  private readonly samples: { readonly at: number; readonly bytes: number }[] = [];

  constructor(private readonly windowMs = RATE_WINDOW_MS) {}

  /** `bytes` appended in all by the monotonic time `at`; told about once a second. */
  note(at: number, bytes: number): void {
    this.samples.push({ at, bytes });
    while (this.samples.length > 2 && (this.samples[1]?.at ?? at) <= at - this.windowMs) this.samples.shift();
  }

  /** Bytes a second over the window; 0 while too little is known. */
  get perSecond(): number {
    const first = this.samples[0], last = this.samples[this.samples.length - 1];
    return first === undefined || last === undefined || last.at <= first.at ? 0 : ((last.bytes - first.bytes) / (last.at - first.at)) * 1000;
  }
}

/** How long until intake must stop, at this rate; undefined where nothing comes in. */
export const lastsMs = (freeBytes: number, freeBytesMin: number, bytesPerSecond: number): number | undefined =>
  (bytesPerSecond <= 0 ? undefined : Math.round((Math.max(0, freeBytes - freeBytesMin) / bytesPerSecond) * 1000));
