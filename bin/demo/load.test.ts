import { demoSystems, parseDemoSystems, planState } from './load.js';

const NOW = Date.parse('2026-11-22T03:00:00Z');

test('the demo province has the systems, stages and plans of the acceptance fixture, and so its shares', () => {
  const all = demoSystems(NOW), counted = all.filter((one) => !one.countedInNoShare);
  expect(counted).toHaveLength(16);
  const stage = (name: string): string[] => counted.filter(({ dossier }) => dossier?.stage === name).map(({ id }) => id).sort();
  expect(stage('approved')).toEqual(['DVC', 'IAM', 'IOC', 'LGSP', 'NET', 'QLVB', 'RPT', 'SIG', 'SOC', 'TEL', 'WEB']);
  expect(stage('appraised')).toEqual(['APP', 'CAM']);
  expect(stage('sent')).toEqual(['MTG']);
  expect(stage('draft')).toEqual(['BOT', 'CERT']);
  const plan = (state: string): string[] => counted.filter(({ dossier }) => planState(dossier?.plan ?? []) === state).map(({ id }) => id).sort();
  expect(plan('full')).toEqual(['IAM', 'QLVB', 'RPT', 'SOC', 'TEL', 'WEB']);
  expect(plan('partly')).toEqual(['CAM', 'DVC', 'IOC', 'LGSP', 'NET', 'SIG']);
  expect(plan('none')).toEqual(['APP', 'BOT', 'CERT', 'MTG']);
});

test('levels are the first ones the catalogue names; the laboratories are levels 1 and 4, demo only, in no share', () => {
  const tiers = Object.fromEntries(demoSystems(NOW).map(({ id, tier }) => [id, tier]));
  expect(tiers).toEqual({ DVC: 3, LGSP: 3, WEB: 2, APP: 2, QLVB: 2, RPT: 2, TEL: 2, IOC: 3, CAM: 3, SOC: 3, IAM: 3, MTG: 2, BOT: 2, CERT: 3, SIG: 3, NET: 3, LAB1: 1, LAB4: 4 });
  expect(demoSystems(NOW).filter((one) => one.countedInNoShare).map(({ id }) => id)).toEqual(['LAB1', 'LAB4']);
  expect(demoSystems(NOW).every((one) => one.demo === true)).toBe(true);
});

test('each system sends from its own address, and its plan is the seven parts with a citation and a date', () => {
  const all = demoSystems(NOW);
  expect(all.map(({ match }) => match[0]?.address)).toEqual(all.map((_, index) => `127.0.16.${index + 1}`));
  for (const { dossier } of all) for (const item of dossier?.plan ?? []) {
    expect(item.cite).toBe(`NĐ 331/2026 Đ29.2.${item.id}`);
    expect(item.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(item.date! < '2026-11-22').toBe(item.done);
  }
});

test('whenever the demo is loaded, what is done lies before that day, in the order the law asks', () => {
  for (const now of ['2026-01-01T00:10:00Z', '2026-12-31T18:00:00Z', '2028-02-29T12:00:00Z'].map(Date.parse)) {
    const today = new Date(now + 7 * 3_600_000).toISOString().slice(0, 10);
    for (const { dossier } of demoSystems(now)) {
      if (!dossier) continue;
      const dates = [dossier.sentDate, dossier.appraisedDate, dossier.approvedDate].filter((date) => date !== undefined);
      expect(dates).toHaveLength({ draft: 0, sent: 1, appraised: 2, approved: 3 }[dossier.stage]);
      expect([...dates, today]).toEqual([...dates, today].sort());
      if (dossier.stage === 'approved') expect(dossier.regulationDate! <= dossier.approvedDate!).toBe(true);
    }
  }
});

test('a broken systems file says where', () => {
  expect(parseDemoSystems('plan: [', NOW).problems[0]).toMatchObject({ code: 'demo.yaml', line: 1 });
  const text = 'plan: [{id: a, title: A, titleEn: A, cite: X}]\nsystems:\n  - id: ONE\n    name: One\n    nameEn: One\n    tier: 9\n    unit: U\n    address: 127.0.16.1\n';
  expect(parseDemoSystems(text, NOW).problems[0]).toMatchObject({ line: 6 });
  const missing = text.replace('tier: 9', 'tier: 2') + '    dossier: {stage: draft, criterion: C, owner: O, operator: P, plan: {}}\n';
  expect(parseDemoSystems(missing, NOW).problems[0]?.message).toContain('part a of the plan in done or in due, got it in neither');
});
