import type { Dossier, Tier } from '../../core/tier.js';
import { addIncident, openConsole, system, type Client, type TestConsole } from './console.test-helper.js';
import { oneLine, readPdf } from './report/pdf-text.test-helper.js';

// Sixteen systems with the statuses of reference domain 6.1, and one that counts in no share.
const TIERS: Record<string, Tier> = { DVC: 3, LGSP: 3, WEB: 2, APP: 2, QLVB: 2, RPT: 2, TEL: 2, IOC: 3, CAM: 3, SOC: 3, IAM: 3, MTG: 2, BOT: 2, CERT: 3, SIG: 3, NET: 3 };
const STAGES: Record<string, Dossier['stage']> = { APP: 'appraised', CAM: 'appraised', MTG: 'sent', BOT: 'draft', CERT: 'draft' };
const FULL = ['WEB', 'QLVB', 'RPT', 'TEL', 'IAM', 'SOC'], NONE = ['APP', 'MTG', 'BOT', 'CERT'];
const NOW = Date.parse('2026-12-20T10:00:00+07:00');

let console_: TestConsole, boss: Client;
beforeAll(async () => {
  console_ = await openConsole({ publicUrl: 'https://soc.example.vn' });
  console_.clock.offset = NOW - Date.now();
  for (const id of ['WEB', 'DVC']) await console_.store.systems.remove(id);
  for (const [id, tier] of Object.entries(TIERS)) {
    const stage = STAGES[id] ?? 'approved', done = (n: number): boolean => FULL.includes(id) || (n === 1 && !NONE.includes(id));
    const dossier: Dossier = {
      stage, criterion: 'NĐ 331/2026 Đ13', owner: 'UBND thành phố', operator: 'Sở', plan: [1, 2].map((n) => ({ id: `${n}`, title: 't', cite: 'c', done: done(n), ...(done(n) ? { date: '2026-11-30' } : {}) })),
      ...(stage === 'approved' ? { approvedDate: '2026-11-01', decision: `${id}-01/QĐ-UBND`, approvedBy: 'UBND thành phố', regulationDate: id === 'NET' ? '2026-11-20' : '2026-10-01' } : {}),
    };
    await console_.store.systems.put(system(id, tier, { dossier }), 0);
  }
  await console_.store.systems.put(system('LAB4', 4, { countedInNoShare: true, demo: true }), 0);
  const created = Date.parse('2026-12-02T08:00:00+07:00');
  await addIncident(console_.store, { tier: 3, system: 'NET', created, number: 'SC-2026-7001', changes: [{ kind: 'assigned', assignee: 'lan' }, { kind: 'closed', verdict: 'true_positive' }] });
  await addIncident(console_.store, { tier: 2, system: 'WEB', created, number: 'SC-2026-7002' });
  await addIncident(console_.store, { tier: 4, system: 'LAB4', created, number: 'SC-2026-7003' });
  boss = await console_.as('boss');
});
afterAll(() => console_.stop());

test('systems are called by the name of the asker\'s language, where they have one', async () => {
  const own = await openConsole();
  try {
    await own.store.systems.put(system('OLD', 2, { nameEn: undefined }), 0);
    const who = await own.as('boss'), names = async (): Promise<Record<string, string>> => Object.fromEntries((await who.get('/api/compliance')).body.systems.map(({ id, name }: { id: string; name: string }) => [id, name]));
    expect(await names()).toMatchObject({ WEB: 'System WEB', OLD: 'Hệ thống OLD' });
    await who.call('PATCH', '/api/session', { language: 'vi' });
    expect(await names()).toMatchObject({ WEB: 'Hệ thống WEB', OLD: 'Hệ thống OLD' });
  } finally { await own.stop(); }
});

test('the page has the shares of the fixture, each with its systems', async () => {
  const { status, body } = await boss.get('/api/compliance?month=2026-12&cutoff=2026-12-14');
  expect(status).toBe(200);
  expect(body).toMatchObject({ month: '2026-12', cutoff: '2026-12-14T17:00:00.000Z', shares: { approved: { count: 11, of: 16, percent: 68.8, target: 100 }, planFull: { count: 6, of: 16, percent: 37.5 } } });
  expect(body.shares.planFull.systems.sort()).toEqual([...FULL].sort());
  expect(body.systems).toHaveLength(16);
  expect(body.systems.find(({ id }: { id: string }) => id === 'NET').flags).toMatchObject([{ cite: 'NĐ 331/2026 Đ30.7' }]);
  expect(body.perTier.map(({ tier }: { tier: number }) => tier)).toEqual([3, 2]);
  expect(body.perTier[0]).toMatchObject({ tier: 3, incidents: { opened: 1, closed: 1, open: 0, medianAcknowledgeMinutes: 10, medianCloseMinutes: 20, acknowledgedInTime: { count: 1, of: 1 } } });
  expect(body.perTier[1]).toMatchObject({ tier: 2, incidents: { opened: 1, closed: 0, open: 1, acknowledgedInTime: { count: 0, of: 1, percent: 0 } } });
  expect(body.retention).toContainEqual({ tier: 4, requiredDays: 184, keptDays: 550, cite: 'TCVN 14423:2026 6.8.2.1a' });
  expect(body.policies).toContainEqual(expect.objectContaining({ key: 'silence', tier: 3, amount: 15, unit: 'minute', cite: expect.stringContaining('15 phút') }));
});

test('a manager of some tiers is shown those', async () => {
  const manager = await console_.as('manager');
  await console_.store.users.put({ ...(await console_.store.users.get('manager'))!, tiers: [1, 2] }, 2);
  const { body } = await manager.get('/api/compliance?month=2026-12');
  expect(body.shares.approved.of).toBe(7);
  expect(JSON.stringify(body)).not.toMatch(/DVC|SC-2026-7001/);
});

test('a month that has not begun, and words that are none, are refused', async () => {
  for (const query of ['month=2027-01', 'month=12/2026', 'month=2026-12&cutoff=2026-11-30', 'month=2026-12&cutoff=x']) expect((await boss.get(`/api/compliance?${query}`)).status).toBe(400);
  expect((await boss.get('/api/compliance/report?format=docx')).status).toBe(400);
});

async function download(query: string): Promise<{ bytes: Buffer; headers: Headers }> {
  const response = await fetch(`${console_.url}/api/compliance/report?${query}`, { headers: { Cookie: boss.cookie } });
  expect(response.status).toBe(200);
  return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers };
}

test('the PDF holds the figures, the national header, and links to the records they stand on', async () => {
  const { bytes, headers } = await download('month=2026-12&cutoff=2026-12-14&format=pdf&language=vi');
  expect(headers.get('content-type')).toBe('application/pdf');
  expect(headers.get('content-disposition')).toBe('attachment; filename="bao-cao-tuan-thu-2026-12.pdf"');
  const { pages, links } = readPdf(bytes), text = oneLine(pages.join('\n'));
  expect(pages.length).toBeGreaterThan(1);
  for (const phrase of ['CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'Độc lập - Tự do - Hạnh phúc', 'ngày 20 tháng 12 năm 2026', 'BÁO CÁO TUÂN THỦ AN NINH MẠNG', 'Tháng 12/2026', '14/12/2026 24:00', '11/16 = 68,8%', '6/16 = 37,5%', '6/11 = 54,5%', 'SC-2026-7001', 'SC-2026-7002', 'NĐ 331/2026 Đ30.7', 'TCVN 14423:2026 6.8.2.1a']) expect(text).toContain(phrase);
  expect(text).not.toContain('SC-2026-7003');
  expect(text).not.toContain('\ufffd');
  expect(oneLine(pages[0] ?? '').startsWith('1 ')).toBe(false);
  expect(oneLine(pages[1] ?? '')).toMatch(/(^| )2( |$)/);
  expect(links).toContain('https://soc.example.vn/systems/DVC');
  expect(links.some((link) => /^https:\/\/soc\.example\.vn\/incidents\/incident-\d+$/.test(link))).toBe(true);
});

test('the same in English', async () => {
  const { bytes } = await download('month=2026-12&cutoff=2026-12-14&format=pdf&language=en'), text = oneLine(readPdf(bytes).pages.join('\n'));
  for (const phrase of ['SOCIALIST REPUBLIC OF VIET NAM', 'CYBERSECURITY COMPLIANCE REPORT', '11/16 = 68.8%', '6/16 = 37.5%']) expect(text).toContain(phrase);
});

test('every Vietnamese letter is drawn', async () => {
  const letters = [...'aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ'].flatMap((letter) => [letter, letter.toUpperCase()]).join(''), before = await console_.store.systems.get('WEB');
  await console_.store.systems.put({ ...before!, name: letters }, before!.version);
  const { bytes } = await download('month=2026-12&format=pdf&language=vi');
  expect(readPdf(bytes).pages.join('').replace(/\s/g, '').normalize('NFC')).toContain(letters.normalize('NFC').slice(0, 12));
  const drawn = new Set(readPdf(bytes).pages.join('').normalize('NFC'));
  expect([...letters.normalize('NFC')].filter((letter) => !drawn.has(letter))).toEqual([]);
  await console_.store.systems.put({ ...before!, name: before!.name }, before!.version + 1);
});

test('the CSV has a BOM, semicolons, the figures, and no live formula', async () => {
  const before = await console_.store.systems.get('BOT');
  await console_.store.systems.put({ ...before!, id: 'BOT', unit: 'x', nameEn: undefined, name: '=cmd|calc' }, before!.version);
  const { bytes, headers } = await download('month=2026-12&cutoff=2026-12-14&format=csv&language=vi'), text = bytes.toString('utf8');
  expect(headers.get('content-disposition')).toContain('.csv');
  expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(text).toContain('1. Chỉ tiêu;;Hệ thống có cấp độ đã được phê duyệt;11/16 = 68,8%;');
  expect(text).toContain('11/16 = 68,8%');
  expect(text).toContain('6/16 = 37,5%');
  expect(text).toMatch(/incident-\d+\r\n/);
  expect(text.split(/[;\r\n]/).filter((cell) => /^"?[=+@]/.test(cell))).toEqual([]);
});

test('a download is in the audit trail', async () => {
  const { body } = await boss.get('/api/audit?action=report.download&limit=1');
  expect(body.items[0]).toMatchObject({ by: 'boss', object: 'compliance 2026-12', details: { format: 'csv', language: 'vi' } });
});
