// The rules as a console shows and publishes them where the detectors run apart: loaded from the same folders, matched by nobody here.
// How far a set is in force is read from what detectors decided.
import type { Config } from '../../core/process/config.js';
import { systemClock } from '../../core/process/clock.js';
import type { Log } from '../../core/process/log.js';
import { parseStreamName } from '../../core/record.js';
import type { RuleCatalog } from '../../core/rule-catalog.js';
import type { Store } from '../../core/store/store.js';
import { FieldWatch } from '../../detector/field-watch.js';
import { DeployedRules } from '../../detector/rules.js';
import { SourceWatch } from '../../detector/source-watch.js';
import { rulesFolders } from '../up/parts.js';

const LOOK_MS = 10_000;
export interface Catalog { readonly rules: RuleCatalog; stop(): Promise<void> }

export async function openCatalog(config: Config, folder: string, store: Store, log: Log): Promise<Catalog> {
  const clock = systemClock, sources = new SourceWatch(store, clock, log), inForce = new InForce(store, log);
  const fields = new FieldWatch(store.settings, clock, log);
  await fields.open();
  const rules = new DeployedRules({
    store, folders: rulesFolders(folder), placeholders: config.placeholders, log, clock, inForce: (n) => inForce.of(n), deploy: async () => undefined, feeds: () => sources.current(), seen: () => fields.current(),
  });
  await rules.start();
  inForce.start();
  sources.current();
  return { rules, async stop() { inForce.stop(); sources.stop(); await rules.stop(); } };
}

/** Which set each open stream was last decided under. */
class InForce {
  private sets: readonly number[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly store: Pick<Store, 'cursors' | 'ledger'>, private readonly log: Log) {}

  of(n: number): { readonly streams: number; readonly inForce: number } { return { streams: this.sets.length, inForce: this.sets.filter((one) => one === n).length }; }

  start(): void {
    const look = (): void => { this.look().catch((error: unknown) => { this.log.warn({ err: error }, 'it is not known which rules are in force'); }); };
    look();
    this.timer = setInterval(look, LOOK_MS);
  }
  stop(): void { clearInterval(this.timer); }

  private async look(): Promise<void> {
    const cursors = Object.entries(await this.store.cursors.all()), newest = new Map<string, number>();
    for (const [name] of cursors) { const { collector, epoch } = parseStreamName(name); newest.set(collector, Math.max(newest.get(collector) ?? 0, epoch)); }
    // Streams of older epochs get nothing more.
    const open = cursors.filter(([name]) => { const { collector, epoch } = parseStreamName(name); return newest.get(collector) === epoch; });
    const entries = await Promise.all(open.map(([name, position]) => this.store.ledger.entries(name, position, 1)));
    this.sets = entries.flatMap(([last]) => (last === undefined ? [] : [last.ruleSet]));
  }
}
