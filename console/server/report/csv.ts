// The monthly report as CSV that a Vietnamese Excel opens by a double click: UTF-8 with BOM, semicolons, formulas made harmless. One
// figure a line: section, object, indicator, value, the records it stands on, a link.
import { stringify } from 'csv-stringify/sync';
import { SEVERITIES } from '../../../core/tier.js';
import type { ComplianceData } from '../compliance.js';
import { incidentLink, monthWord, systemLink, Words, type About } from './words.js';

type Line = readonly [section: string, object: string, indicator: string, value: string, records: string, link: string];

export function printCsv(data: ComplianceData, about: About): string {
  const words = new Words(about.language), { say } = { say: words.say.bind(words) };
  const lines: Line[] = [];
  const put = (section: string, object: string, indicator: string, value: string, records: readonly string[] = [], link = ''): void => { lines.push([section, object, indicator, value, records.join(' '), link]); };
  const { month, shares, totals, states, tiers, completeness, retention, policies } = data;
  put(say('title'), `${say('month')} ${monthWord(month.month)}`, say('cutoff'), words.time(month.cutoff));
  put(say('title'), `${say('month')} ${monthWord(month.month)}`, say('made'), words.time(about.made));
  if (data.demo) put(say('title'), '', '', say('demo'));
  put(say('shares'), '', say('approved'), words.share(shares.approved), shares.approved.records, `${about.publicUrl}/compliance`);
  put(say('shares'), '', say('planFull'), words.share(shares.planFull), shares.planFull.records, `${about.publicUrl}/compliance`);
  put(say('shares'), '', say('planFullOfApproved'), words.share(shares.planFullOfApproved), shares.planFullOfApproved.records);
  put(say('shares'), '', say('basis'), say('totals', totals.systems, totals.built, totals.appraised, totals.approved));
  for (const { system, stage, plan, planDone, planOf, flags } of states) {
    const object = `${system.id} ${words.pick(system.name, system.nameEn ?? system.name)}`, link = systemLink(about, system.id), section = say('systems');
    put(section, object, say('tier'), String(system.tier), [], link);
    put(section, object, say('stage'), words.stage(stage), [], link);
    put(section, object, say('decision'), stage === 'approved' ? system.dossier?.decision ?? '' : '', [], link);
    put(section, object, say('plan'), `${words.plan(plan)} (${planDone} : ${planOf})`, [], link);
    for (const flag of flags) put(section, object, say('flags'), `${words.pick(flag.text, flag.textEn)} (${flag.cite})`, [], link);
  }
  for (const { tier, shares: ofTier, figures, silent } of tiers) {
    const object = `${say('tier')} ${tier}`, section = say('incidents');
    put(section, object, say('approved'), words.share(ofTier.approved), ofTier.approved.records);
    put(section, object, say('planFull'), words.share(ofTier.planFull), ofTier.planFull.records);
    put(section, object, say('opened'), String(figures.opened.length), figures.opened);
    put(section, object, say('closed'), String(figures.closed.length), figures.closed);
    put(section, object, say('open'), String(figures.open.length), figures.open);
    for (const severity of [...SEVERITIES].reverse()) put(section, object, words.severity(severity), String(figures.bySeverity[severity]));
    put(section, object, say('medianAcknowledge'), words.decimal(figures.medianAcknowledgeMinutes));
    put(section, object, say('medianClose'), words.decimal(figures.medianCloseMinutes));
    put(section, object, say('inTime'), words.share(figures.acknowledgedInTime), figures.acknowledgedInTime.records);
    for (const name of silent) put(say('silent'), object, say('source'), name, [], `${about.publicUrl}/sources`);
  }
  for (const number of [...new Set(tiers.flatMap(({ figures }) => [...figures.opened, ...figures.closed, ...figures.open]))].sort()) put(say('incidents'), number, say('link'), '', [], incidentLink(about, data.incidentIds.get(number) ?? number));
  for (const { tier, requiredDays, keptDays, cite } of retention) {
    put(say('retention'), `${say('tier')} ${tier}`, say('required'), requiredDays === null ? say('notStated') : String(requiredDays), [cite]);
    put(say('retention'), `${say('tier')} ${tier}`, say('kept'), String(keptDays));
  }
  for (const { title, titleEn, tier, value } of policies) {
    put(say('policies'), `${say('tier')} ${tier}`, words.pick(title, titleEn), `${words.decimal(value.value)} ${words.unit(value.unit)}`, [value.cite]);
  }
  for (const { system, received, stored, evaluated, lost, missing, percent } of completeness) {
    for (const [indicator, value] of [['received', received], ['storedWord', stored], ['evaluated', evaluated], ['lost', lost], ['missing', missing]] as const) put(say('completeness'), system, say(indicator), String(value), [], `${about.publicUrl}/sources`);
    put(say('completeness'), system, say('complete'), words.percent(percent), [], `${about.publicUrl}/sources`);
  }
  const header: Line = [say('section'), say('object'), say('indicator'), say('value'), say('records'), say('link')];
  return stringify([header, ...lines].map((line) => [...line]), { bom: true, delimiter: ';', escape_formulas: true, record_delimiter: '\r\n' });
}
