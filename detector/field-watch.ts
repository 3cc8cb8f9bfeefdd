// Which fields the events of each kind had in the last 7 days: told by the pipeline about once a minute, kept in the store's settings so
// that a restart does not forget, united there with what other detectors saw. Bounded in kinds and in fields.
import { z } from 'zod';
import type { Millis } from '../core/event.js';
import type { Clock } from '../core/process/clock.js';
import type { Log } from '../core/process/log.js';
import { SEEN_BEYOND, SEEN_FIELDS_MAX, SEEN_KINDS_MAX, type KnownKind, type SeenKind } from '../core/sigma/seen-fields.js';
import type { SettingStore } from '../core/store/store.js';
import { SOURCE_DAYS } from './source-watch.js';

const NAME = 'fields-seen', DAY_MS = 24 * 3_600_000, KEEP_EVERY_MS = 10 * 60_000;

/** `[names of fields, [[kind, [[day, events]], [[place of a name, day]], is full]]]` */
const pairs = z.array(z.tuple([z.number(), z.number()])), shape = z.tuple([z.array(z.string()), z.array(z.tuple([z.string(), pairs, pairs, z.boolean()]))]);

/** Of a kind: how many events on which day, and on which day each field was last there. Days count from 1970. */
interface Kind { readonly events: Map<number, number>; readonly fields: Map<string, number>; isFull: boolean }

export class FieldWatch {
  private readonly kinds = new Map<string, Kind>();
  private snapshot: { readonly at: Millis; readonly kinds: readonly KnownKind[] } | undefined;
  private keptAt: Millis;
  private keeping: Promise<void> | undefined;
  private isChanged = false;

  constructor(private readonly settings: SettingStore, private readonly clock: Clock, private readonly log: Log) { this.keptAt = clock.monotonic(); }

  /** What was known before the restart. */
  async open(): Promise<void> {
    try { this.unite(await this.settings.get(NAME)); } catch (error) { this.log.warn({ err: error }, 'which fields events have had is not known'); }
  }

  add(kinds: readonly SeenKind[]): void {
    const day = this.today();
    for (const { key, events, fields } of kinds) {
      const kind = this.kindOf(key);
      kind.events.set(day, (kind.events.get(day) ?? 0) + events);
      for (const field of fields) note(kind, field, day);
    }
    this.isChanged = true;
    const now = this.clock.monotonic();
    if (this.keeping !== undefined || now - this.keptAt < KEEP_EVERY_MS) return;
    this.keptAt = now;
    this.keeping = this.keep().finally(() => { this.keeping = undefined; });
  }

  /** The same list for some minutes: what it is asked for takes time over all rules. */
  current(): readonly KnownKind[] {
    const now = this.clock.monotonic();
    if (this.snapshot === undefined || now - this.snapshot.at >= KEEP_EVERY_MS) {
      this.forget();
      this.snapshot = { at: now, kinds: [...this.kinds].map(([key, { events, fields, isFull }]) => ({ key, events: [...events.values()].reduce((sum, count) => sum + count, 0), fields: isFull ? undefined : new Set(fields.keys()) })) };
    }
    return this.snapshot.kinds;
  }

  /** Writes what was not written yet. */
  async stop(): Promise<void> {
    await this.keeping;
    if (this.isChanged) await this.keep();
  }

  private async keep(): Promise<void> {
    try {
      this.unite(await this.settings.get(NAME), true);
      this.forget();
      this.isChanged = false;
      await this.settings.put(NAME, this.encode());
    } catch (error) { this.log.warn({ err: error }, 'which fields events have had is not kept'); }
  }

  private kindOf(key: string): Kind {
    const own = this.kinds.has(key) || this.kinds.size < SEEN_KINDS_MAX ? key : SEEN_BEYOND;
    const kind = this.kinds.get(own) ?? { events: new Map<number, number>(), fields: new Map<string, number>(), isFull: false };
    this.kinds.set(own, kind);
    return kind;
  }

  private forget(): void {
    const first = this.today() - SOURCE_DAYS;
    for (const [key, { events, fields }] of this.kinds) {
      for (const day of events.keys()) if (day < first) events.delete(day);
      for (const [field, day] of fields) if (day < first) fields.delete(field);
      if (events.size === 0) this.kinds.delete(key);
    }
  }

  private encode(): unknown {
    const places = new Map<string, number>(), place = (name: string): number => {
      let at = places.get(name);
      if (at === undefined) places.set(name, at = places.size);
      return at;
    };
    const kinds = [...this.kinds].map(([key, { events, fields, isFull }]) => [key, [...events], [...fields].map(([name, day]) => [place(name), day]), isFull]);
    return [[...places.keys()], kinds];
  }

  /** Counts are those of the detector that says the most: each knows its own streams, and enough is enough. */
  private unite(value: unknown, isShared = false): void {
    if (value === undefined) return;
    const [names, kinds] = shape.parse(value);
    for (const [key, events, fields, isFull] of kinds) {
      const kind = this.kindOf(key);
      for (const [day, count] of events) kind.events.set(day, isShared ? Math.max(kind.events.get(day) ?? 0, count) : count);
      for (const [place, day] of fields) note(kind, names[place] ?? '', day);
      kind.isFull ||= isFull;
    }
  }

  private today(): number { return Math.floor(this.clock.now() / DAY_MS); }
}

function note(kind: Kind, field: string, day: number): void {
  if (kind.fields.size >= SEEN_FIELDS_MAX && !kind.fields.has(field)) { kind.isFull = true; return; }
  kind.fields.set(field, Math.max(day, kind.fields.get(field) ?? 0));
}
