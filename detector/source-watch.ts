// Which log sources still speak: what kinds of events are stored of the last 7 days. Asked when somebody looks at the rules, at most
// once a minute and beside everything else; until the store holds some hours nothing is said. What an event's kind leaves open
// (Windows categories, appliances that name their service in each message) counts as there, so a rule is never called idle by mistake.
import type { Event, Millis } from '../core/event.js';
import { ALWAYS } from '../core/predicate/predicate.js';
import type { Clock } from '../core/process/clock.js';
import type { Log } from '../core/process/log.js';
import { contentExamples } from '../core/sigma/logsource-contents.js';
import { isCovered, sourcesOf } from '../core/sigma/logsource.js';
import { WINDOWS_CATEGORIES } from '../core/sigma/logsource-windows.js';
import type { LogSource } from '../core/sigma/rule.js';
import { EVERYTHING, type EventQuery, type Store } from '../core/store/store.js';

export type Feeds = (logsource: LogSource) => boolean;

export const SOURCE_DAYS = 7;
const DAY_MS = 24 * 3_600_000, HELD_MS = 6 * 3_600_000, ASK_EVERY_MS = 60_000, KINDS_MAX = 2_000;

export class SourceWatch {
  private feeds: Feeds | undefined;
  private asked: Millis | undefined;
  private asking: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly store: { readonly events: Pick<Store['events'], 'facets'>; readonly sources: Pick<Store['sources'], 'list'> }, private readonly clock: Clock, private readonly log: Log) {}

  /** What is known now; undefined: nothing yet. Asks anew in the background when that is a minute old. */
  current(): Feeds | undefined {
    const now = this.clock.monotonic();
    if (!this.stopped && this.asking === undefined && (this.asked === undefined || now - this.asked >= ASK_EVERY_MS)) {
      this.asked = now;
      this.asking = this.ask().catch((error: unknown) => { if (!this.stopped) this.log.warn({ err: error }, 'which log sources are silent cannot be told'); }).finally(() => { this.asking = undefined; });
    }
    return this.feeds;
  }

  /** Asks no more, and waits for no answer. */
  stop(): void { this.stopped = true; }

  /** Resolves when no question is under way. */
  async settled(): Promise<void> { await this.asking; }

  private async ask(): Promise<void> {
    const { events, sources } = this.store, now = this.clock.now();
    const since = (await sources.list()).reduce((least, { firstSeen }) => Math.min(least, firstSeen), Infinity);
    if (now - since < HELD_MS) { this.feeds = undefined; return; }
    const query: EventQuery = { predicate: ALWAYS, from: now - SOURCE_DAYS * DAY_MS, scope: EVERYTHING };
    const [datasets, channels] = await Promise.all(['event.dataset', 'winlog.channel'].map((field) => events.facets(query, field, KINDS_MAX)));
    this.feeds = feedsOf((datasets ?? []).map(({ value }) => value), (channels ?? []).map(({ value }) => value));
  }
}

/** Can events of these kinds be of a log source? */
export function feedsOf(datasets: readonly string[], channels: readonly string[]): Feeds {
  const sources = [...datasets.flatMap(eventsOf), ...channels.flatMap(windowsEvents), ...datasets.flatMap((name) => contentExamples(name.toLowerCase()))].flatMap((event) => sourcesOf(event).sources);
  const open = new Set(datasets.flatMap((name) => OPEN.filter(([start]) => name.toLowerCase().startsWith(start)).flatMap(([, products]) => products)));
  const saysItself = datasets.some((name) => isUntold(name.toLowerCase()));
  return (logsource) => {
    const product = logsource.product?.toLowerCase();
    return isCovered(logsource, sources) || (product !== undefined && open.has(product)) || (saysItself && logsource.category !== undefined && (product === 'windows' || product === 'linux'));
  };
}

/** Vendors whose events name their service in the message. */
const OPEN: readonly (readonly [string, readonly string[]])[] = [
  ['fortinet', ['fortigate', 'fortios']], ['cisco.', ['cisco']], ['huawei.', ['huawei']], ['juniper.', ['juniper']],
];

const isUntold = (dataset: string): boolean => dataset === '' || dataset.startsWith('generic.') || dataset === 'cef.log' || dataset === 'leef.log';

/** Events that a data set may hold, as far as their log sources differ. */
function eventsOf(name: string): readonly Event[] {
  const dataset = name.toLowerCase(), event: Event = { 'event.dataset': dataset };
  if (dataset.startsWith('linux.') || dataset.startsWith('system.') || dataset === 'syslog.generic') {
    return ['', 'sshd', 'sudo', 'cron', 'vsftpd', 'guacd', 'clamd'].map((program) => ({ ...event, 'log.syslog.appname': program, 'log.syslog.facility.code': 10 }));
  }
  if (dataset === 'auditd.log') return [{ ...event, 'auditd.log.record_type': 'EXECVE', 'process.executable': '/' }];
  if (dataset.startsWith('fortinet')) return ['traffic', 'event'].map((type) => ({ ...event, 'fortinet.firewall.type': type }));
  return isUntold(dataset) ? [event, ...UNTOLD.map((fields) => ({ ...fields, ...event }))] : [event];
}
const UNTOLD: readonly Event[] = [
  { _path: 'dns' }, { eventSource: 's', eventName: 'n', eventVersion: '1' }, { 'cs-method': 'GET', 'cs-uri': '/' }, { 'c-uri': '/' }, { query: 'q', record_type: 'A' }, { Signature: 's', Filename: 'f' },
  { verb: 'get', 'objectRef.resource': 'pods' }, { logtype: 1, node_id: 'n', dst_port: 1 }, { eventType: 't', 'actor.alternateId': 'a' }, { 'destination.ip': '192.0.2.1', 'source.ip': '192.0.2.2' },
];

function windowsEvents(channel: string): readonly Event[] {
  const event: Event = { 'winlog.channel': channel, 'event.dataset': 'windows.', 'event.original': '' };
  const ids = WINDOWS_CATEGORIES.filter(({ channels }) => channels.some((one) => one.toLowerCase() === channel.toLowerCase()))
    .flatMap(({ eventIds, eventTypes = [''] }) => eventIds.flatMap((id) => eventTypes.map((type): Event => ({ ...event, 'winlog.event_id': String(id), EventType: type }))));
  return [event, ...ids];
}
