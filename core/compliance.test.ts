import { counted, incidentFigures, median, monthOf, sharesOf, systemStates, totalsOf, type Flag } from './compliance.js';
import { openIncident, type Incident } from './incident.js';
import { officialStart, Policy, type PolicyPack } from './policy.js';
import type { Dossier, DossierStage, PlanState, System, Tier } from './tier.js';

// The sixteen systems of reference domain 2.1 with the invented statuses of 6.1, at 14/12/2026 24:00 (+07:00).
const CUTOFF = officialStart('2026-12-15') as number;
const TIER: Record<string, Tier> = { DVC: 3, LGSP: 3, WEB: 2, APP: 2, QLVB: 2, RPT: 2, TEL: 2, IOC: 3, CAM: 3, SOC: 3, IAM: 3, MTG: 2, BOT: 2, CERT: 3, SIG: 3, NET: 3 };
const STAGE: Record<string, DossierStage> = { APP: 'appraised', CAM: 'appraised', MTG: 'sent', BOT: 'draft', CERT: 'draft' };
const FULL = ['WEB', 'QLVB', 'RPT', 'TEL', 'IAM', 'SOC'], NONE = ['APP', 'MTG', 'BOT', 'CERT'];

function province(change: (id: string) => Partial<Dossier> = () => ({}), more: (id: string) => Partial<System> = () => ({})): readonly System[] {
  return Object.entries(TIER).map(([id, tier]): System => {
    const stage = STAGE[id] ?? 'approved', plan: PlanState = FULL.includes(id) ? 'full' : NONE.includes(id) ? 'none' : 'partly';
    const item = (n: number, done: boolean): Dossier['plan'][number] => ({ id: `${n}`, title: `Biện pháp ${n}`, cite: 'NĐ 331/2026 Đ29.2', done, ...(done ? { date: '2026-11-30' } : {}) });
    return {
      id, version: 1, name: id, tier, unit: 'UBND', match: [],
      dossier: {
        stage, criterion: 'NĐ 331/2026 Đ13', owner: 'UBND thành phố', operator: 'Văn phòng UBND', plan: [item(1, plan !== 'none'), item(2, plan === 'full')],
        ...(stage === 'draft' ? {} : { sentDate: '2026-09-01' }), ...(stage === 'appraised' || stage === 'approved' ? { appraisedDate: '2026-10-01' } : {}),
        ...(stage === 'approved' ? { approvedDate: '2026-11-01', decision: `${id}/QĐ-UBND`, approvedBy: 'UBND thành phố', regulationDate: '2026-10-15' } : {}), ...change(id),
      },
      ...more(id),
    };
  });
}
const only = (wanted: string, part: Partial<Dossier>) => (id: string): Partial<Dossier> => (id === wanted ? part : {});
const figures = (systems: readonly System[], cutoff = CUTOFF): string => {
  const { approved, planFull } = sharesOf(systemStates(systems, cutoff));
  return `${approved.count}/${approved.of} ${approved.percent} ${planFull.count}/${planFull.of} ${planFull.percent}`;
};

test('the two shares of the fixture: 11/16 = 68.8 %, 6/16 = 37.5 %, of the approved 6/11 = 54.5 %', () => {
  const shares = sharesOf(systemStates(province(), CUTOFF));
  expect(figures(province())).toBe('11/16 68.8 6/16 37.5');
  expect(shares.planFullOfApproved).toMatchObject({ count: 6, of: 11, percent: 54.5 });
  expect([...shares.planFull.records].sort()).toEqual([...FULL].sort());
});

test('totals of form 08: 16 systems, 14 dossiers built, 13 appraised, 11 approved', () => {
  expect(totalsOf(systemStates(province(), CUTOFF))).toEqual({ systems: 16, built: 14, appraised: 13, approved: 11 });
});

test('a system approved on 15/12/2026 counts in the next window; one approved on 14/12 in this', () => {
  const approvedOn = (approvedDate: string): readonly System[] => province(only('APP', { stage: 'approved', approvedDate, decision: '9/QĐ' }));
  expect(figures(approvedOn('2026-12-15T09:00:00+07:00'))).toBe('11/16 68.8 6/16 37.5');
  expect(figures(approvedOn('2026-12-15'))).toBe('11/16 68.8 6/16 37.5');
  expect(figures(approvedOn('2026-12-14'))).toBe('12/16 75 6/16 37.5');
  expect(figures(approvedOn('2026-12-15'), officialStart('2026-12-16'))).toBe('12/16 75 6/16 37.5');
});

test('a retired system is out from its day on, one counted in no share always', () => {
  expect(figures(province(undefined, (id) => (id === 'BOT' ? { retired: '2026-12-10' } : {})))).toBe('11/15 73.3 6/15 40');
  expect(figures(province(undefined, (id) => (id === 'BOT' ? { retired: '2026-12-20' } : {})))).toBe('11/16 68.8 6/16 37.5');
  const laboratory: System = { id: 'LAB4', version: 1, name: 'LAB4', tier: 4, unit: '', match: [], countedInNoShare: true };
  expect(counted([...province(), laboratory], CUTOFF)).toHaveLength(16);
});

test('an approval without a date does not count, and is flagged', () => {
  const systems = province(only('DVC', { approvedDate: undefined }));
  expect(figures(systems)).toBe('10/16 62.5 6/16 37.5');
  expect(systemStates(systems, CUTOFF).find(({ system }) => system.id === 'DVC')).toMatchObject({ stage: 'appraised', flags: [{ code: 'no_decision' }] });
});

test('a measure done after the cut-off is not done', () => {
  const later = [{ id: '1', title: 'x', cite: 'c', done: true, date: '2026-11-30' }, { id: '2', title: 'y', cite: 'c', done: true, date: '2026-12-20' }];
  const state = systemStates(province(only('WEB', { plan: later })), CUTOFF).find(({ system }) => system.id === 'WEB');
  expect(state).toMatchObject({ plan: 'partly', planDone: 1, planOf: 2 });
});

test('reviewers see a regulation dated after the approval, and a level 3 approved by the wrong authority', () => {
  const flags = (part: Partial<Dossier>, id = 'DVC'): readonly Pick<Flag, 'code' | 'cite'>[] =>
    (systemStates(province(only(id, part)), CUTOFF).find(({ system }) => system.id === id)?.flags ?? []).map(({ code, cite }) => ({ code, cite }));
  expect(flags({})).toEqual([]);
  expect(flags({ regulationDate: '2026-11-02' })).toEqual([{ code: 'regulation_after_approval', cite: 'NĐ 331/2026 Đ30.7' }]);
  expect(flags({ approvedBy: 'Đơn vị chuyên trách về an ninh mạng' })).toEqual([{ code: 'wrong_authority', cite: 'NĐ 331/2026 Đ18.2' }]);
  expect(flags({ approvedBy: 'Đơn vị chuyên trách về an ninh mạng' }, 'WEB')).toEqual([]);
});

test('a month is official time; one that runs is cut off now, one to come is none', () => {
  const now = Date.parse('2026-12-31T16:59:00Z');
  expect(monthOf('2026-12', now)).toEqual({ month: '2026-12', start: Date.parse('2026-11-30T17:00:00Z'), cutoff: now });
  expect(monthOf('2026-11', now)?.cutoff).toBe(Date.parse('2026-11-30T17:00:00Z'));
  expect([monthOf('2027-01', now), monthOf('2026-13', now), monthOf('now', now)]).toEqual([undefined, undefined, undefined]);
});

const at = (text: string): number => Date.parse(`${text}+07:00`);
const PACK: PolicyPack = {
  pack: 'p', version: '1', effectiveFrom: '2026-01-01', effectiveTo: null, clocks: [], working: { days: [1, 2, 3, 4, 5], hours: [[480, 960]], holidays: [] }, severityFactors: { critical: 1, high: 4 }, capWorkingDays: 5,
  requirements: [{ key: 'respond.acknowledge', title: '', titleEn: '', strictest: 'min', values: { 3: { value: 15, unit: 'minute', cite: 'c', basis: 'default' } } }],
};
const incident = (number: string, created: string, part: Partial<Incident> = {}): Incident => ({ ...openIncident({ id: number, number, key: number, family: 'f', title: 't', tier: 3, system: 'DVC', created: at(created) }), severity: 'high', ...part });

test('incidents of a month: opened, closed, open, times, acknowledged in time', () => {
  const month = monthOf('2026-12', at('2026-12-31T12:00:00'));
  if (month === undefined) throw new Error('expected a month');
  const incidents = [
    incident('old', '2026-11-20T08:00:00', { acknowledgedAt: at('2026-11-20T09:00:00'), closedAt: at('2026-12-02T08:00:00') }),
    incident('quick', '2026-12-01T08:00:00', { acknowledgedAt: at('2026-12-01T08:30:00'), closedAt: at('2026-12-01T10:00:00') }),
    incident('late', '2026-12-01T08:00:00', { acknowledgedAt: at('2026-12-01T09:30:00') }),
    incident('never', '2026-12-05T08:00:00', { severity: 'critical' }),
    incident('fresh', '2026-12-31T11:50:00'),
    incident('low', '2026-12-03T08:00:00', { severity: 'low' }),
    incident('next', '2027-01-01T08:00:00'),
  ];
  const result = incidentFigures(incidents, month, (when) => new Policy([PACK], when));
  expect(result).toMatchObject({
    opened: ['fresh', 'late', 'low', 'never', 'quick'], closed: ['old', 'quick'], open: ['fresh', 'late', 'low', 'never'],
    bySeverity: { critical: 1, high: 3, low: 1, medium: 0, informational: 0 }, medianAcknowledgeMinutes: 60, medianCloseMinutes: 8700,
    acknowledgedInTime: { count: 1, of: 3, percent: 33.3, records: ['quick'] },
  });
});

test('a median of nothing is nothing', () => expect([median([]), median([3]), median([1, 2]), median([5, 1, 3])]).toEqual([null, 3, 1.5, 3]));
