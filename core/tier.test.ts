import fc from 'fast-check';
import { Resolver, SEVERITIES, severityOf, TIERS, UNASSIGNED, type Registry, type System, type SystemMatch, type Tier } from './tier.js';

const system = (id: string, tier: Tier, match: SystemMatch[], part: Partial<System> = {}): System => ({ id, version: 1, name: id, tier, unit: 'Văn phòng', match, ...part });
const registry = (systems: System[], relays: string[] = []): Registry => ({ version: 1, systems, relays, unassignedTier: 3 });

test('the most specific match wins: certificate, host behind a relay, listener, longer prefix', () => {
  const resolver = new Resolver(registry([
    system('WIDE', 1, [{ address: '10.1.0.0/16' }]),
    system('NARROW', 2, [{ address: '10.1.2.0/24' }]),
    system('TCP', 3, [{ address: '10.1.0.0/16', listener: 'tcp' }]),
    system('HOST', 4, [{ address: '10.1.2.0/24', host: 'Gate-01' }]),
    system('CERT', 5, [{ address: '10.0.0.0/8', certificate: 'gate' }]),
  ], ['10.1.2.9']));
  const at = (part: object): string => resolver.resolve({ listener: 'udp', address: '10.1.2.3', ...part }).system;
  expect(at({ address: '10.1.9.9' })).toBe('WIDE');
  expect(at({})).toBe('NARROW');
  expect(at({ listener: 'tcp' })).toBe('TCP');
  expect(at({ address: '10.1.2.9', host: 'GATE-01' })).toBe('HOST');
  expect(at({ certificate: 'gate' })).toBe('CERT');
});

test('a host name counts only behind a relay', () => {
  const resolver = new Resolver(registry([system('HOST', 4, [{ address: '10.1.2.0/24', host: 'gate-01' }])], ['10.1.2.9/32']));
  expect(resolver.resolve({ listener: 'udp', address: '10.1.2.3', host: 'gate-01' }).system).toBe(UNASSIGNED);
  expect(resolver.resolve({ listener: 'udp', address: '10.1.2.9', host: 'gate-01' }).system).toBe('HOST');
  expect(resolver.isRelay('10.1.2.9')).toBe(true);
  expect(resolver.isRelay('10.1.2.10')).toBe(false);
});

test('what nobody claims is unassigned, at the tier set for that; a retired system claims nothing', () => {
  const resolver = new Resolver(registry([system('OLD', 1, [{ address: '10.1.0.0/16' }], { retired: '2026-01-01' })]));
  expect(resolver.resolve({ listener: 'udp', address: '10.1.2.3' })).toEqual({ system: UNASSIGNED, tier: 3 });
  expect(resolver.resolve({ listener: 'udp', address: 'not an address' })).toEqual({ system: UNASSIGNED, tier: 3 });
});

test('a sender is read as is set for it, in each part that is set; the others of its system as the system says', () => {
  const resolver = new Resolver(registry([system('A', 1, [{ address: '10.1.0.0/16' }], { timezone: 'Asia/Ho_Chi_Minh', encoding: 'utf-8', senders: [{ sender: '10.1.2.3', encoding: 'windows-1258' }, { sender: 'Gate-01', timezone: 'UTC' }] })], ['10.1.2.9']));
  const read = (part: object): string => { const { system: id, timezone, encoding } = resolver.resolve({ listener: 'udp', address: '10.1.2.4', ...part }); return `${id} ${timezone} ${encoding}`; };
  expect(read({})).toBe('A Asia/Ho_Chi_Minh utf-8');
  expect(read({ address: '10.1.2.3' })).toBe('A Asia/Ho_Chi_Minh windows-1258');
  expect(read({ address: '10.1.2.9', host: 'gate-01' })).toBe('A UTC utf-8');
  expect(read({ address: '10.1.2.4', host: 'gate-01' })).toBe('A Asia/Ho_Chi_Minh utf-8'); // only behind a relay
});

test('an answer remembered is the answer found', () => {
  const given = registry([system('A', 1, [{ address: '10.0.0.0/30' }]), system('B', 2, [{ address: '10.0.0.0/29', listener: 'tcp' }])]);
  const warm = new Resolver(given);
  fc.assert(fc.property(fc.array(fc.record({ listener: fc.constantFrom('udp', 'tcp'), address: fc.integer({ min: 0, max: 15 }).map((n) => `10.0.0.${n}`) })), (senders) => {
    for (const sender of senders) expect(warm.resolve(sender)).toEqual(new Resolver(given).resolve(sender));
  }));
});

test('severity rises by one step on tiers 4 and 5, and never beyond critical', () => {
  expect(TIERS.map((tier) => severityOf('high', tier))).toEqual(['high', 'high', 'high', 'critical', 'critical']);
  expect(severityOf('critical', 5)).toBe('critical');
  expect(severityOf('informational', 5)).toBe('informational');
  for (const level of SEVERITIES) for (const tier of TIERS) expect(SEVERITIES.indexOf(severityOf(level, tier))).toBeGreaterThanOrEqual(SEVERITIES.indexOf(level));
});
