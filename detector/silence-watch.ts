// Sources that fell silent become incidents, by their level: looked at every minute, on the monotonic clock, and never while the
// detector is behind (what is not committed yet has not been heard of). When nothing at all arrives, or most sources fall silent
// together, that is one incident about us, not one for each. When a source is heard again its incident says so; people close it.
//
// An alarm's id is made of the source and when it was last heard, so looking again, or after a restart, alarms nobody twice.
import type { Hit } from '../core/alert.js';
import { learnSince, Quiet } from '../core/account/silence.js';
import { ConflictError } from '../core/errors.js';
import type { Millis } from '../core/event.js';
import { apply, type Incident } from '../core/incident.js';
import { withDue, type Policy } from '../core/policy.js';
import type { Clock } from '../core/process/clock.js';
import type { Log } from '../core/process/log.js';
import { EVERYTHING, type SourceRow, type Store } from '../core/store/store.js';
import { UNASSIGNED, type Severity, type System } from '../core/tier.js';
import type { Finding } from './alerts.js';
import { group, incidentKey, yearOf } from './group.js';
import { changeId, silenceAlertId } from './ids.js';
import type { NoticeOptions } from './notices.js';

export interface SilenceOptions {
  readonly store: Pick<Store, 'commit'> & { readonly accounts: Pick<Store['accounts'], 'quiet'>; readonly sources: Pick<Store['sources'], 'list'>; readonly systems: Pick<Store['systems'], 'list'>; readonly alerts: Pick<Store['alerts'], 'states'>; readonly incidents: Pick<Store['incidents'], 'byKey' | 'lastNumber' | 'list' | 'put'> };
  readonly policy: () => Policy;
  readonly notices: NoticeOptions;
  readonly clock: Clock;
  readonly log: Log;
  /** What was received is not all committed: nothing can be said now. */
  readonly behind: () => boolean;
  readonly onNotices?: () => void;
}

export const SILENCE_RULE = 'haidang.silence', SILENCE_ALL_RULE = 'haidang.silence.all';
const LOOK_EVERY_MS = 60_000, LEARN_EVERY_MS = 3_600_000, MINUTE_MS = 60_000, FORGOTTEN_MS = 30 * 86_400_000, PAGE = 200, DAY_MS = 86_400_000;
/** So many, and half of those that speak, fallen silent within this of each other, fell silent together. */
const TOGETHER_MIN = 5, TOGETHER_MS = 3_600_000;
/** A silence is unusual for a source that may be silent at most this many times as long. */
const UNUSUAL = 4;

interface Watched { readonly row: SourceRow; readonly system: System; readonly limitMs: number; readonly silentMs: number }

export class SilenceWatch {
  /** When, on the monotonic clock, each source was seen to have spoken. */
  private readonly heard = new Map<string, { readonly lastSeen: Millis; readonly at: number }>();
  private quiet = new Quiet([], 0);
  private learned = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly options: SilenceOptions) {}

  start(): void {
    void this.look();
    this.timer = setInterval(() => { void this.look(); }, LOOK_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.looking;
  }

  look(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.looking ??= this.sweep().catch((error: unknown) => {
      if (!this.stopped) this.options.log.warn({ err: error }, 'whether sources are silent could not be looked at; it is tried again');
    }).finally(() => { this.looking = undefined; });
    return this.looking;
  }

  private async sweep(): Promise<void> {
    const { store, clock, behind } = this.options;
    if (behind()) return;
    await this.learn();
    const rows = await store.sources.list(), systems = new Map((await store.systems.list()).map((system) => [system.id, system])), at = clock.monotonic();
    for (const { system, sender, lastSeen } of rows) if (this.heard.get(`${system}/${sender}`)?.lastSeen !== lastSeen) this.heard.set(`${system}/${sender}`, { lastSeen, at });
    if (behind()) return;
    const watched = rows.flatMap((row): Watched[] => this.watch(row, systems.get(row.system), at)), silent = watched.filter(({ silentMs, limitMs }) => silentMs > limitMs);
    const findings = await this.fresh(this.findingsOf(watched, silent, rows, at));
    for (let attempt = 1; findings.length > 0 && !await this.alarm(findings); attempt++) if (attempt === 5) throw new Error('somebody else was quicker five times');
    await this.noteHeard(rows);
  }

  private async learn(): Promise<void> {
    const { store, clock } = this.options;
    if (clock.monotonic() - this.learned < LEARN_EVERY_MS) return;
    this.quiet = new Quiet(await store.accounts.quiet(learnSince(clock.now())), clock.now());
    this.learned = clock.monotonic();
  }

  /** Sources that the registry knows and that spoke for as long as they may be silent: a single test line promises nothing. */
  private watch(row: SourceRow, system: System | undefined, at: number): Watched[] {
    if (system === undefined || system.demo === true || system.retired !== undefined) return [];
    const limitMs = this.quiet.limitMinutes(row, this.options.policy().silenceMinutes(system.tier)) * MINUTE_MS;
    if (row.lastSeen - row.firstSeen < limitMs || this.options.clock.now() - row.lastSeen > FORGOTTEN_MS) return [];
    return [{ row, system, limitMs, silentMs: at - (this.heard.get(`${row.system}/${row.sender}`)?.at ?? at) }];
  }

  /** One finding about all where it is not a source that fell silent, but we do not hear; else one each. */
  private findingsOf(watched: readonly Watched[], silent: readonly Watched[], rows: readonly SourceRow[], at: number): readonly Finding[] {
    const quietest = Math.max(0, ...silent.map(({ silentMs }) => silentMs)), last = Math.max(0, ...silent.map(({ row }) => row.lastSeen));
    // Nothing arrives, and of several sources it is not usual: those that may be silent for hours say nothing here.
    const unusual = watched.filter(({ limitMs }) => limitMs <= quietest * UNUSUAL);
    if (unusual.length >= 2 && silent.length > 0 && rows.every(({ system, sender }) => at - (this.heard.get(`${system}/${sender}`)?.at ?? at) >= quietest - LOOK_EVERY_MS)) return [aboutAll(unusual, true)];
    const together = silent.filter(({ row }) => row.lastSeen >= last - TOGETHER_MS), spoke = watched.filter(({ row }) => row.lastSeen >= last - DAY_MS);
    if (together.length < TOGETHER_MIN || together.length * 2 < spoke.length) return silent.map(aboutOne);
    return [aboutAll(together, false), ...silent.filter((one) => !together.includes(one)).map(aboutOne)];
  }

  /** Those not told before. */
  private async fresh(findings: readonly Finding[]): Promise<readonly Finding[]> {
    if (findings.length === 0) return [];
    const told = new Set((await this.options.store.alerts.states(findings.map(({ id }) => ({ id, eventIds: [] })))).map(({ head }) => head.id));
    return findings.filter(({ id }) => !told.has(id));
  }

  private async alarm(findings: readonly Finding[]): Promise<boolean> {
    const { store, clock, notices, policy, onNotices, log } = this.options, now = clock.now(), year = yearOf(now);
    const timed = findings.map((finding) => ({ ...finding, completing: { ...finding.completing, received: now } })), keys = [...new Set(timed.map(incidentKey))];
    const [inUse, number] = await Promise.all([Promise.all(keys.map((key) => store.incidents.byKey(key))), store.incidents.lastNumber(year)]);
    const decided = group(timed, { alerts: new Map(), incidents: new Map(), byKey: new Map(inUse.filter((one) => one !== undefined).map((one) => [one.key, one])), numbers: new Map([[year, number]]), now, notices, policy: policy(), demoSystems: new Set() });
    try {
      await store.commit({ runs: [], ...decided });
    } catch (error) {
      if (error instanceof ConflictError) return false;
      throw error;
    }
    if (decided.notices.length > 0) onNotices?.();
    log.warn({ incidents: decided.incidents.length }, 'sources fell silent');
    return true;
  }

  /** What is open about a source that was heard since says so, once. */
  private async noteHeard(rows: readonly SourceRow[]): Promise<void> {
    const { store } = this.options;
    for (const rule of [SILENCE_RULE, SILENCE_ALL_RULE]) {
      for (let cursor: string | undefined; ;) {
        const page = await store.incidents.list({ scope: EVERYTHING, rule, statuses: ['new', 'assigned', 'resolved'], sort: 'oldest' }, { limit: PAGE, cursor });
        for (const incident of page.items) await this.noteOne(incident, rule === SILENCE_ALL_RULE ? rows : rows.filter(({ system, sender }) => system === incident.system && incident.entities.some(({ value }) => value === sender)));
        if (page.next === null) break;
        cursor = page.next;
      }
    }
  }

  private async noteOne(incident: Incident, rows: readonly SourceRow[]): Promise<void> {
    const heard = Math.max(0, ...rows.map(({ lastSeen }) => lastSeen)), id = changeId(incident.id, `heard ${incident.lastSeen}`);
    if (heard <= incident.lastSeen || incident.timeline.some((entry) => entry.id === id)) return;
    const minutes = Math.round((heard - incident.lastSeen) / MINUTE_MS), text = `Đã nhận lại nhật ký lúc ${localTime(heard)} (giờ Việt Nam), sau ${minutes} phút im lặng.\nHeard again at ${localTime(heard)} (Vietnam time), after ${minutes} minutes of silence.`;
    try {
      await this.options.store.incidents.put(withDue(apply(incident, { kind: 'noted', text }, this.options.clock.now(), 'detector', id), this.options.policy()), incident.version, []);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error; // the next look says it
    }
  }
}

const localTime = (at: Millis): string => new Date(at + 7 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

function finding(rule: { uid: string; level: Severity; title: string; titleVi: string }, about: { id: string; system: string; tier: number; unit?: string; since: Millis; senders: readonly string[] }): Finding {
  const { since, system, tier, unit, senders } = about, name = { ...rule, version: '1' };
  const completing: Hit = {
    rule: name, stream: '', seq: 0, eventId: about.id, time: since, received: since, system, tier, reports: true, atoms: [],
    event: { ...(unit === undefined ? {} : { 'haidang.unit': unit }), ...(senders.length === 1 ? { 'haidang.sender': senders[0] as string } : {}) },
  };
  return { id: about.id, rule: { name, family: rule.uid, entity: [['haidang.sender']] }, completing, hits: [], whole: [] };
}

function aboutOne({ row, system }: Watched): Finding {
  return finding({ uid: SILENCE_RULE, level: 'medium', title: 'Log source silent', titleVi: 'Nguồn nhật ký im lặng' }, { id: silenceAlertId(row.system, row.sender, row.lastSeen), system: row.system, tier: system.tier, unit: system.unit, since: row.lastSeen, senders: [row.sender] });
}

function aboutAll(silent: readonly Watched[], nothing: boolean): Finding {
  const since = Math.max(...silent.map(({ row }) => row.lastSeen));
  return finding(
    { uid: SILENCE_ALL_RULE, level: 'high', title: nothing ? 'No log source is heard: check collector and network' : 'Many log sources fell silent together: check collector and network', titleVi: nothing ? 'Không nhận được nhật ký từ nguồn nào: kiểm tra bộ thu thập và mạng' : 'Nhiều nguồn nhật ký cùng im lặng: kiểm tra bộ thu thập và mạng' },
    { id: silenceAlertId('', '', since), system: UNASSIGNED, tier: Math.max(...silent.map(({ system }) => system.tier)), since, senders: [] },
  );
}
