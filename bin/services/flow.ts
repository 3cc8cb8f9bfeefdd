// How the flow stands where services run apart, for the console: detectors say it with their sign of life in the store, collectors at
// their /metrics, where the configuration names them. Who does not move is gone, on this process's clock.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FlowFigures, IntakeFigures } from '../../console/server/status-watch.js';
import type { Clock } from '../../core/process/clock.js';
import type { Shared } from '../../core/store/shared.js';
import { GONE_MS } from '../../detector/members.js';

/** `url` of its health port; `tokenFile` where that is asked for. */
export interface CollectorPlace { readonly url: string; readonly tokenFile?: string | undefined }
const METRICS_MS = 3_000, WAITING_MS = 5_000;

export class ApartFlow {
  private readonly beats = new Map<string, { beat: number; at: number }>();

  constructor(private readonly shared: Pick<Shared, 'members'>, private readonly collectors: readonly CollectorPlace[], private readonly clock: Clock) {}

  async now(): Promise<FlowFigures> {
    const [evaluation, intakes] = await Promise.all([this.evaluation().catch(() => undefined), Promise.all(this.collectors.map(intakeOf))]);
    return { intakes, ...(evaluation === undefined ? {} : { evaluation }) };
  }

  private async evaluation(): Promise<NonNullable<FlowFigures['evaluation']>> {
    const now = this.clock.monotonic(), there = (await this.shared.members()).filter(({ id, beat }) => {
      const known = this.beats.get(id);
      if (known?.beat !== beat) this.beats.set(id, { beat, at: known === undefined ? now - GONE_MS / 2 : now });
      return beat >= 0 && now - (this.beats.get(id)?.at ?? now) < GONE_MS;
    });
    const streams = there.flatMap(({ figures }) => figures?.streams ?? []), problem = there.flatMap(({ figures }) => figures?.problem ?? [])[0];
    return { lagMs: Math.max(0, ...streams.map(({ lagMs }) => lagMs)), detectors: there.length, streams, ...(problem === undefined ? {} : { problem }) };
  }
}

async function intakeOf({ url, tokenFile }: CollectorPlace): Promise<IntakeFigures> {
  const name = new URL(url).host, gone: IntakeFigures = { name, reached: false, taking: false, spoolBytes: 0, bytesPerSecond: 0, waiting: false };
  try {
    const token = tokenFile === undefined ? undefined : readFileSync(resolve(tokenFile), 'utf8').split(/\r?\n/)[0];
    const answer = await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(METRICS_MS), headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
    return answer.ok ? readIntake(name, await answer.text()) : gone;
  } catch { return gone; }
}

/** A collector's /metrics as figures. */
export function readIntake(name: string, text: string): IntakeFigures {
  const of = (gauge: string): number => Number(new RegExp(`^haidang_${gauge} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN), lasts = of('spool_lasts_seconds');
  return {
    name, reached: true, taking: of('intake_stopped') === 0, spoolBytes: of('spool_bytes') || 0, bytesPerSecond: of('spool_fill_bytes_per_second') || 0, ...(lasts >= 0 ? { lastsMs: lasts * 1000 } : {}),
    waiting: of('shipping_ready') === 0 || of('shipping_lag_ms') > WAITING_MS,
  };
}
