// Who sent a frame: its system and tier by the registry, its arrival data ready to be written, its counters. Asked once a frame, so
// the answer is kept per sender until the registry or the day changes.
import { encodeArrival, type Arrival } from '../../core/record.js';
import { Resolver, type Registry } from '../../core/tier.js';
import type { ListenerStats, SenderStats } from '../options.js';
import { hostOf } from './relay-host.js';

/** Everything about one sender (behind a relay: one host) under one registry on one day. */
export interface Place {
  readonly tier: number;
  readonly arrival: Arrival;
  readonly encoded: Buffer;
  readonly stats: SenderStats;
}

export interface Sender {
  readonly listener: string;
  readonly peer: string;
  readonly port: number;
  /** Who its certificate says it is. */
  readonly names: readonly string[];
  readonly listenerStats: ListenerStats;
  /** Kept by `Senders`. */
  place?: Place;
  generation: number;
  relay: boolean;
  hosts?: Map<string, Place>;
}

const SENDERS_MAX = 20_000, HOSTS_MAX = 5_000, DAY_MS = 86_400_000;

export class Senders {
  private resolver: Resolver;
  /** Every certificate name the registry asks for. */
  private asked: ReadonlySet<string>;
  private generation = 1;
  private dayFrom = 0;
  private day = '';
  private readonly known = new Map<string, Sender>();
  private readonly statistics = new Map<string, SenderStats>();

  constructor(registry: Registry, private readonly statsOf: (listener: string) => ListenerStats) {
    this.resolver = new Resolver(registry);
    this.asked = certificatesOf(registry);
  }

  get registry(): Registry { return this.resolver.registry; }

  setRegistry(registry: Registry): void {
    this.resolver = new Resolver(registry);
    this.asked = certificatesOf(registry);
    this.generation++;
  }

  sender(listener: string, peer: string, port: number, names: readonly string[] = []): Sender {
    const key = `${listener}\0${peer}\0${port}\0${names.join('\0')}`;
    let sender = this.known.get(key);
    if (sender !== undefined) return sender;
    sender = { listener, peer, port, names, listenerStats: this.statsOf(listener), generation: 0, relay: false };
    if (this.known.size >= SENDERS_MAX) this.known.clear();
    this.known.set(key, sender);
    return sender;
  }

  /** Where this frame belongs. The day is that of its receipt. */
  place(sender: Sender, frame: Buffer, received: number): Place {
    this.onDay(received);
    if (sender.generation !== this.generation) {
      sender.generation = this.generation;
      sender.relay = this.resolver.isRelay(sender.peer);
      sender.place = undefined;
      sender.hosts = undefined;
    }
    const host = sender.relay ? hostOf(frame) : undefined;
    if (host === undefined) return sender.place ??= this.find(sender, undefined);
    sender.hosts ??= new Map();
    let place = sender.hosts.get(host);
    if (place !== undefined) return place;
    place = this.find(sender, host);
    if (sender.hosts.size >= HOSTS_MAX) sender.hosts.clear();
    sender.hosts.set(host, place);
    return place;
  }

  /** Arrival data of the collector's own records about a listener. */
  own(listener: string, received: number): { tier: number; encoded: Buffer } {
    this.onDay(received);
    const { unassignedTier, version } = this.resolver.registry;
    return { tier: unassignedTier, encoded: encodeArrival({ peer: '', listener, system: 'unassigned', day: this.day, registry: version }) };
  }

  stats(): SenderStats[] { return [...this.statistics.values()]; }

  private onDay(received: number): void {
    if (received >= this.dayFrom && received < this.dayFrom + DAY_MS) return;
    this.dayFrom = Math.floor(received / DAY_MS) * DAY_MS;
    this.day = new Date(this.dayFrom).toISOString().slice(0, 10);
    this.generation++;
  }

  private find({ listener, peer, port, names }: Sender, host: string | undefined): Place {
    const certificate = names.find((name) => this.asked.has(name));
    const { system, tier, unit, timezone, encoding } = this.resolver.resolve({ listener, address: peer, host, certificate });
    const arrival: Arrival = { peer, port, listener, system, unit, timezone, encoding, day: this.day, registry: this.resolver.registry.version, host };
    const name = host ?? peer, key = `${system}\0${name}`;
    let stats = this.statistics.get(key);
    if (stats === undefined || stats.tier !== tier) {
      if (this.statistics.size >= SENDERS_MAX && stats === undefined) { // beyond it, all others of a system together
        stats = this.statistics.get(`${system}\0`);
        if (stats === undefined) this.statistics.set(`${system}\0`, stats = { system, sender: '', tier, received: 0, bytes: 0, cut: 0, dropped: 0, lastReceived: 0 });
      } else {
        stats = { received: 0, bytes: 0, cut: 0, dropped: 0, lastReceived: 0, ...stats, system, sender: name, tier };
        this.statistics.set(key, stats);
      }
    }
    return { tier, arrival, encoded: encodeArrival(arrival), stats };
  }
}

const certificatesOf = ({ systems }: Registry): ReadonlySet<string> => new Set(systems.flatMap(({ match }) => match.flatMap(({ certificate }) => certificate ?? [])));
