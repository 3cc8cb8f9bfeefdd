import { openIncident, type Incident } from '../incident.js';
import { addWorkingDays, dueOf, officialDay, Policy, tightens, type PolicyPack } from '../policy.js';
import { ProblemError } from '../problem.js';
import { loadPolicies, parsePolicy } from './policy-file.js';

const packs = loadPolicies();
const at = (text: string): number => Date.parse(text);
const policy = new Policy(packs, at('2026-12-14T12:00:00+07:00'));
const incident = (part: Partial<Incident>): Incident => ({
  ...openIncident({ id: 'i', number: 'SC-2026-0001', key: 'k', family: 'f', title: 't', tier: 3, system: 'DVC', created: at('2026-12-10T09:00:00+07:00') }), ...part,
});
const iso = (millis: number | undefined): string => new Date(millis ?? NaN).toISOString();

test('the shipped pack has a citation for every value', () => {
  const all = policy.all();
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter(({ value }) => value.cite.length < 5)).toEqual([]);
});

test('retention: the least that is asked, and what is kept', () => {
  expect([1, 2, 3, 4, 5].map((tier) => policy.retentionRequired(tier)?.days)).toEqual([undefined, 31, 92, 184, 366]);
  expect(policy.retentionDays()).toEqual({ 1: 92, 2: 184, 3: 366, 4: 550, 5: 731 });
  expect(policy.retentionDays({ 3: 10, 4: 400 })).toMatchObject({ 3: 92, 4: 400 });
});

test('an override may tighten and not loosen', () => {
  expect(tightens(policy, 'retention.minimum', 4, 3)).toBe(false);
  expect(tightens(policy, 'retention.minimum', 4, 9)).toBe(true);
  expect(tightens(policy, 'silence', 3, 20)).toBe(false);
});

test('a limit is that of a critical incident, times 4 for high, times 16 for medium, none for low', () => {
  const created = at('2026-12-10T09:00:00+07:00');
  const minutes = (severity: Incident['severity']): number | undefined => {
    const due = dueOf(incident({ severity }), policy);
    return due && (due.at - created) / 60_000;
  };
  expect([minutes('critical'), minutes('high'), minutes('medium'), minutes('low'), minutes('informational')]).toEqual([15, 60, 240, undefined, undefined]);
});

test('acknowledge, then triage, then contain, then nothing', () => {
  const entry = { id: 'e', at: 1, by: 'lan' };
  expect(dueOf(incident({ severity: 'critical' }), policy)?.kind).toBe('acknowledge');
  expect(dueOf(incident({ severity: 'critical', acknowledgedAt: 1, status: 'assigned' }), policy)?.kind).toBe('triage');
  expect(dueOf(incident({ severity: 'critical', acknowledgedAt: 1, status: 'assigned', timeline: [{ ...entry, kind: 'noted', text: 'x' }] }), policy)).toMatchObject({ kind: 'contain', limitMinutes: 240 });
  expect(dueOf(incident({ severity: 'critical', status: 'resolved' }), policy)).toBeUndefined();
});

test('tier 1 counts office hours, and nothing waits more than five working days', () => {
  const friday = at('2026-12-11T16:00:00+07:00');
  expect(iso(policy.limit('acknowledge', 1, 'critical', friday)?.at)).toBe(iso(at('2026-12-14T16:00:00+07:00')));
  expect(iso(policy.limit('contain', 2, 'medium', friday)?.at)).toBe(iso(at('2026-12-18T16:00:00+07:00')));
});

test('report clocks run through holidays: T0 = 31/12 23:30', () => {
  const clocks = policy.reportClocks(at('2026-12-31T23:30:00+07:00'));
  expect(clocks.map(({ id, due }) => [id, iso(due)])).toEqual([
    ['now', iso(at('2027-01-01T00:30:00+07:00'))], ['h24', iso(at('2027-01-01T23:30:00+07:00'))], ['h72', iso(at('2027-01-03T23:30:00+07:00'))],
  ]);
});

test('fifteen working days from Friday 25/12/2026 end on 18/01/2027', () => {
  expect(addWorkingDays('2026-12-25', 15, policy.working)).toBe('2027-01-18');
});

test('of two packs in force the strictest value wins, and a pack ends on its day', () => {
  const own: PolicyPack = {
    ...(packs[0] as PolicyPack), pack: 'site', effectiveFrom: '2026-09-01', effectiveTo: '2027-06-30',
    requirements: [
      { key: 'silence', title: '', titleEn: '', strictest: 'min', values: { 3: { value: 5, unit: 'minute', cite: 'site', basis: 'default' }, 4: { value: 60, unit: 'minute', cite: 'site', basis: 'default' } } },
    ],
  };
  const on = (day: string): Policy => new Policy([...packs, own], at(`${day}T12:00:00+07:00`));
  expect([on('2027-06-30').silenceMinutes(3), on('2027-06-30').silenceMinutes(4)]).toEqual([5, 10]);
  expect(on('2027-07-01').silenceMinutes(3)).toBe(15);
});

test('days are official days', () => expect(officialDay(at('2026-12-14T17:00:00Z'))).toBe('2026-12-15'));

test('a pack that is not understood is refused with its line', () => {
  const wrong = (): PolicyPack => parsePolicy('pack: x\nversion: "1"\neffectiveFrom: soon\neffectiveTo: null\n', 'x.yaml');
  expect(wrong).toThrow(ProblemError);
  expect(wrong).toThrow(/x\.yaml:3:16: effectiveFrom/);
});
