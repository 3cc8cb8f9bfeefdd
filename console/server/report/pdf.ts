// The monthly report as PDF, laid out as official letters are (NĐ 30/2020): A4, national header, page number above from page 2 on,
// room for the signature. Every figure is followed by the records it stands on, each a link into the console.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SEVERITIES } from '../../../core/tier.js';
import type { ComplianceData, TierPart } from '../compliance.js';
import { incidentLink, monthWord, systemLink, Words, type About } from './words.js';

type Content = string | { readonly [name: string]: unknown } | readonly Content[];
interface PdfMake {
  setFonts(fonts: Readonly<Record<string, Readonly<Record<string, string>>>>): void;
  setUrlAccessPolicy(allow: (url: string) => boolean): void;
  setLocalAccessPolicy(allow: (path: string) => boolean): void;
  createPdf(definition: Readonly<Record<string, unknown>>): { getBuffer(): Promise<Buffer> };
}
const require = createRequire(import.meta.url);
const FONT_FOLDER = dirname(require.resolve('@expo-google-fonts/be-vietnam-pro/package.json'));
const font = (style: string): string => join(FONT_FOLDER, style, `BeVietnamPro_${style}.ttf`);
const FONTS = { BeVietnamPro: { normal: font('400Regular'), bold: font('700Bold'), italics: font('400Regular_Italic'), bolditalics: font('700Bold_Italic') } };
const MM = 72 / 25.4, RECORDS_SHOWN = 200;

/** The PDF's bytes. `compress: false` leaves its text streams readable, for tests. */
export async function printPdf(data: ComplianceData, about: About, compress = true): Promise<Buffer> {
  const words = new Words(about.language), pdfMake = require('pdfmake') as PdfMake, files = new Set(Object.values(FONTS.BeVietnamPro));
  pdfMake.setFonts(FONTS);
  pdfMake.setUrlAccessPolicy(() => false);
  pdfMake.setLocalAccessPolicy((path) => files.has(path));
  return pdfMake.createPdf({
    compress, pageSize: 'A4', pageMargins: [30 * MM, 22 * MM, 16 * MM, 20 * MM], defaultStyle: { font: 'BeVietnamPro', fontSize: 9.5, lineHeight: 1.15 },
    info: { title: `${words.say('title')} ${monthWord(data.month.month)}`, creator: 'Hải Đăng' },
    header: (page: number) => (page === 1 ? '' : { text: String(page), alignment: 'center', fontSize: 13, margin: [0, 10 * MM, 0, 0] }),
    content: [...head(data, about, words), ...shares(data, about, words), ...systems(data, about, words), ...incidents(data, about, words), ...silent(data, words), ...retention(data, words), ...policies(data, words), ...completeness(data, words), foot(words)],
    styles: { section: { bold: true, fontSize: 12, margin: [0, 12, 0, 5] }, th: { bold: true, fillColor: '#eef1f5' } },
  }).getBuffer();
}

function head({ month, demo }: ComplianceData, { made, by }: About, words: Words): readonly Content[] {
  const center = (text: string, more: object = {}): Content => ({ text, alignment: 'center', ...more });
  return [
    { columns: [
      { width: '42%', stack: [center(words.say('office'), { bold: true }), center('________')] },
      { width: '58%', stack: [center(words.say('country'), { bold: true }), center(words.say('motto'), { bold: true }), center('____________________'), center(words.letterDay(made), { italics: true, margin: [0, 6, 0, 0] })] },
    ] },
    center(words.say('title'), { bold: true, fontSize: 14, margin: [0, 18, 0, 2] }),
    center(`${words.say('month')} ${monthWord(month.month)}`, { bold: true, fontSize: 12 }),
    center(`${words.say('cutoff')} ${words.time(month.cutoff)} (+07:00). ${words.say('by')}: ${by}.`, { italics: true, margin: [0, 4, 0, 0] }),
    ...(demo ? [center(words.say('demo'), { bold: true, color: '#b3261e', margin: [0, 4, 0, 0] })] : []),
  ];
}

const section = (text: string): Content => ({ text, style: 'section', headlineLevel: 1 });
function table(widths: readonly (string | number)[], titles: readonly string[], rows: readonly (readonly Content[])[]): Content {
  return { table: { headerRows: 1, dontBreakRows: true, widths, body: [titles.map((text) => ({ text, style: 'th' })), ...rows] }, layout: { hLineWidth: () => 0.5, vLineWidth: () => 0.5, hLineColor: () => '#9aa4b2', vLineColor: () => '#9aa4b2' } };
}
/** Names with links, then how many more there are: a long list is never cut without a word. */
function links(records: readonly string[], link: (record: string) => string, words: Words): Content {
  if (records.length === 0) return words.say('none');
  const shown = records.slice(0, RECORDS_SHOWN), more = records.length - shown.length;
  return { text: [...shown.flatMap((record, i): Content[] => [...(i === 0 ? [] : [', ']), { text: record, link: link(record), color: '#0b57d0' }]), ...(more === 0 ? [] : [` + ${more}`])] };
}

function shares({ shares: all, totals }: ComplianceData, about: About, words: Words): readonly Content[] {
  const row = (word: 'approved' | 'planFull' | 'planFullOfApproved'): readonly Content[] => [
    words.say(word), { text: words.share(all[word]), bold: true, color: all[word].percent >= 100 ? '#146c2e' : '#b3261e' }, words.percent(100), links(all[word].records, (id) => systemLink(about, id), words)];
  return [
    section(words.say('shares')), table(['*', 72, 42, '*'], [words.say('indicator'), words.say('figure'), words.say('target'), words.say('records')], [row('approved'), row('planFull'), row('planFullOfApproved')]),
    { text: `${words.say('totals', totals.systems, totals.built, totals.appraised, totals.approved)} ${words.say('basis')}.`, margin: [0, 4, 0, 0] },
  ];
}

function systems({ states }: ComplianceData, about: About, words: Words): readonly Content[] {
  return [section(words.say('systems')), table([20, 34, '*', 34, 74, 86, '*'],
    [words.say('number'), words.say('id'), words.say('name'), words.say('tier'), words.say('stage'), words.say('plan'), words.say('flags')],
    states.map(({ system, stage, plan, planDone, planOf, flags }, i) => [
      String(i + 1), { text: system.id, link: systemLink(about, system.id), color: '#0b57d0' }, words.pick(system.name, system.nameEn ?? system.name), { text: String(system.tier), alignment: 'center' },
      { stack: [words.stage(stage), ...(stage === 'approved' && system.dossier?.decision !== undefined ? [{ text: system.dossier.decision, fontSize: 8 }] : [])] }, `${words.plan(plan)} (${planDone}/${planOf})`,
      flags.length === 0 ? '-' : { ul: flags.map((flag) => `${words.pick(flag.text, flag.textEn)} (${flag.cite})`), fontSize: 8 },
    ]))];
}

function incidents({ tiers, incidentIds }: ComplianceData, about: About, words: Words): readonly Content[] {
  const numbers = (records: readonly string[]): Content => links(records, (number) => incidentLink(about, incidentIds.get(number) ?? number), words);
  const rows = ({ tier, shares: ofTier, figures }: TierPart): readonly (readonly Content[])[] => [
    [{ text: `${words.say('tier')} ${tier}`, bold: true, colSpan: 3, fillColor: '#f6f8fa' }, '', ''],
    [words.say('approved'), words.share(ofTier.approved), links(ofTier.approved.records, (id) => systemLink(about, id), words)],
    [words.say('planFull'), words.share(ofTier.planFull), links(ofTier.planFull.records, (id) => systemLink(about, id), words)],
    [words.say('opened'), String(figures.opened.length), numbers(figures.opened)],
    [words.say('bySeverity'), '', [...SEVERITIES].reverse().map((severity) => `${words.severity(severity)}: ${figures.bySeverity[severity]}`).join('; ')],
    [words.say('closed'), String(figures.closed.length), numbers(figures.closed)],
    [words.say('open'), String(figures.open.length), numbers(figures.open)],
    [words.say('medianAcknowledge'), words.decimal(figures.medianAcknowledgeMinutes), ''],
    [words.say('medianClose'), words.decimal(figures.medianCloseMinutes), ''],
    [words.say('inTime'), words.share(figures.acknowledgedInTime), numbers(figures.acknowledgedInTime.records)],
  ];
  const all = tiers.flatMap(rows);
  return [section(words.say('incidents')), all.length === 0 ? words.say('none') : table(['*', 82, '*'], [words.say('indicator'), words.say('figure'), words.say('records')], all)];
}

function silent({ tiers }: ComplianceData, words: Words): readonly Content[] {
  const rows = tiers.flatMap(({ tier, silent: names }) => names.map((name) => [String(tier), name]));
  return [section(words.say('silent')), rows.length === 0 ? words.say('none') : table([46, '*'], [words.say('tier'), words.say('source')], rows)];
}

function retention({ retention: rows }: ComplianceData, words: Words): readonly Content[] {
  return [section(words.say('retention')), table([46, 90, 90, '*'], [words.say('tier'), words.say('required'), words.say('kept'), words.say('cite')],
    rows.map(({ tier, requiredDays, keptDays, cite }) => [String(tier), requiredDays === null ? words.say('notStated') : String(requiredDays), String(keptDays), cite]))];
}

function policies({ policies: rows }: ComplianceData, words: Words): readonly Content[] {
  return [section(words.say('policies')), table(['*', 46, 82, '*'], [words.say('requirement'), words.say('tier'), words.say('value'), words.say('cite')],
    rows.map(({ title, titleEn, tier, value }) => [words.pick(title, titleEn), String(tier), `${words.decimal(value.value)} ${words.unit(value.unit)}`, value.cite]))];
}

function completeness({ completeness: rows }: ComplianceData, words: Words): readonly Content[] {
  const right = (text: string): Content => ({ text, alignment: 'right' });
  return [section(words.say('completeness')), rows.length === 0 ? words.say('none') : table(['*', 62, 62, 62, 54, 54, 46], (['id', 'received', 'storedWord', 'evaluated', 'lost', 'missing', 'complete'] as const).map((word) => words.say(word)),
    rows.map(({ system, received, stored, evaluated, lost, missing, percent }) => [system, ...[received, stored, evaluated, lost, missing].map((value) => right(String(value))), right(words.percent(percent))])),
    { text: words.say('completenessHint'), fontSize: 8, margin: [0, 4, 0, 0] }];
}

const foot = (words: Words): Content => ({
  unbreakable: true, margin: [0, 18, 0, 0],
  columns: [{ width: '50%', stack: [{ text: words.say('recipients'), bold: true, italics: true }, words.say('archive')] }, { width: '50%', stack: [{ text: words.say('signer'), bold: true, alignment: 'center' }, { text: words.say('signHint'), italics: true, alignment: 'center' }] }],
});
