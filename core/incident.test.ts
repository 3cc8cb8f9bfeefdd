import fc from 'fast-check';
import { InvalidError } from './errors.js';
import { apply, openIncident, STORM_ALERTS, VERDICTS, withAlerts, type AlertedEntry, type AlertSummary, type Change, type Incident } from './incident.js';
import { SEVERITIES } from './tier.js';

const start: Incident = openIncident({ id: 'i1', number: 'SC-2026-0001', key: 'k', family: 'f', title: 'Failed sign-ins: 203.0.113.9', tier: 2, system: 'PORTAL', created: 1_000 });
const summary = (alert: string, part: Partial<AlertSummary> = {}): AlertSummary => ({
  alert, rule: { id: 'r1', title: 'Failed sign-ins' }, severity: 'medium', firstSeen: 100, lastSeen: 200, received: 300, entities: [{ kind: 'ip', value: '203.0.113.9' }], count: 5, ...part,
});
const alerted = (alert: string, part: Partial<AlertSummary> = {}): Change => ({ kind: 'alerted', summary: summary(alert, part) });
let steps = 0;
const after = (incident: Incident, ...changes: Change[]): Incident => changes.reduce((now, change) => apply(now, change, 2_000, 'an', `c${++steps}`), incident);

test('an alert is counted once, however often it is told, and a grown one anew', () => {
  const incident = after(start, alerted('a'), alerted('a'), alerted('b', { count: 2 }), alerted('a', { count: 9, lastSeen: 900 }));
  expect(incident).toMatchObject({ alerts: ['a', 'b'], eventCount: 11, counts: { a: 9, b: 2 }, firstSeen: 100, lastSeen: 900, version: 4 });
  expect(incident.timeline).toHaveLength(2);
});

test('severity and tier only rise', () => {
  const incident = after(start, alerted('a', { severity: 'high', tier: 4 }), alerted('b', { severity: 'low', tier: 1 }));
  expect(incident).toMatchObject({ severity: 'high', tier: 4 });
});

test('from the 101st alert of a rule on the timeline stays as it is, and nothing is miscounted', () => {
  const incident = after(start, ...Array.from({ length: STORM_ALERTS + 20 }, (_, n) => alerted(`a${n}`, { count: 1 })), alerted('other', { rule: { id: 'r2', title: 'Another' }, count: 1 }));
  expect(incident.alerts).toHaveLength(STORM_ALERTS + 21);
  expect(incident.eventCount).toBe(STORM_ALERTS + 21);
  expect(incident.timeline).toHaveLength(STORM_ALERTS + 1);
});

test('many alerts in one pass are the same as one after the other', () => {
  const entry = fc.record({
    alert: fc.constantFrom('a', 'b', 'c', '__proto__', 'd'), count: fc.integer({ min: 1, max: 50 }), severity: fc.constantFrom(...SEVERITIES),
    firstSeen: fc.nat(1000), lastSeen: fc.nat(1000), received: fc.nat(1000), tier: fc.integer({ min: 1, max: 5 }), rule: fc.constantFrom({ id: 'r1', title: 'One' }, { id: 'r2', title: 'Two' }),
    entities: fc.array(fc.record({ kind: fc.constant('ip' as const), value: fc.ipV4() }), { maxLength: 3 }),
  });
  fc.assert(fc.property(fc.array(entry, { maxLength: 30 }), (summaries) => {
    const entries = summaries.map((one, n): AlertedEntry => ({ kind: 'alerted', summary: one, id: `c${n}`, at: 5, by: 'detector' }));
    const oneByOne = entries.reduce((now, { id, at, by, ...change }) => apply(now, change, at, by, id), start);
    expect(withAlerts(start, entries)).toEqual(oneByOne);
  }));
});

test('assigning acknowledges; taking it back does not undo that', () => {
  const assigned = after(start, { kind: 'assigned', assignee: 'lan' });
  expect(assigned).toMatchObject({ status: 'assigned', assignee: 'lan', acknowledgedAt: 2_000 });
  expect(after(assigned, { kind: 'assigned', assignee: null })).toMatchObject({ status: 'new', assignee: null, acknowledgedAt: 2_000 });
});

test('resolved, closed, reopened', () => {
  const resolved = after(start, { kind: 'assigned', assignee: 'lan' }, { kind: 'resolved' });
  expect(resolved).toMatchObject({ status: 'resolved', resolvedAt: 2_000 });
  const closed = after(resolved, { kind: 'closed', verdict: 'true_positive', text: 'blocked at the border' });
  expect(closed).toMatchObject({ status: 'closed', verdict: 'true_positive', closedAt: 2_000 });
  expect(after(closed, { kind: 'reopened' })).toMatchObject({ status: 'assigned', verdict: null, closedAt: null, resolvedAt: null });
});

test.each<[string, Change[], Change]>([
  ['assigning a closed incident', [{ kind: 'closed', verdict: 'undetermined' }], { kind: 'assigned', assignee: 'lan' }],
  ['resolving a closed incident', [{ kind: 'closed', verdict: 'undetermined' }], { kind: 'resolved' }],
  ['closing it twice', [{ kind: 'closed', verdict: 'undetermined' }], { kind: 'closed', verdict: 'undetermined' }],
  ['closing it without a class', [], { kind: 'closed', verdict: 'whatever' as never }],
  ['reopening an open one', [], { kind: 'reopened' }],
  ['an empty note', [], { kind: 'noted', text: '  ' }],
])('%s is refused and changes nothing', (_, before, change) => {
  const incident = after(start, ...before);
  const copy = structuredClone(incident);
  expect(() => apply(incident, change, 3_000, 'an', 'x')).toThrow(InvalidError);
  expect(incident).toEqual(copy);
});

test('a closed incident takes a late alert without opening again', () => {
  const incident = after(start, alerted('a'), { kind: 'closed', verdict: 'benign_expected' }, alerted('b'));
  expect(incident).toMatchObject({ status: 'closed', alerts: ['a', 'b'] });
});

test('whatever people do, versions count the changes and the timeline tells each of them', () => {
  const change = fc.oneof(
    fc.constantFrom<Change>({ kind: 'assigned', assignee: 'lan' }, { kind: 'assigned', assignee: null }, { kind: 'resolved' }, { kind: 'reopened' }, { kind: 'noted', text: 'looked at it' }),
    fc.constantFrom(...VERDICTS).map((verdict): Change => ({ kind: 'closed', verdict })),
  );
  fc.assert(fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
    let incident = start, applied = 0;
    for (const one of changes) {
      try { incident = apply(incident, one, 10, 'an', `c${applied}`); applied++; } catch (error) { expect(error).toBeInstanceOf(InvalidError); }
      expect(incident.version).toBe(applied);
      expect(incident.timeline).toHaveLength(applied);
      expect(incident.status === 'closed').toBe(incident.closedAt !== null);
      expect(incident.verdict !== null).toBe(incident.status === 'closed');
    }
  }));
});
