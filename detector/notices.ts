// The mail about an incident: written once, when it opens or becomes graver, in Vietnamese and English. Text and date are frozen, so
// that the same notice is the same mail however often it is sent.
import type { RuleName } from '../core/alert.js';
import type { Millis } from '../core/event.js';
import type { Incident } from '../core/incident.js';
import type { Notice } from '../core/store/store.js';
import { SEVERITIES, type Severity } from '../core/tier.js';
import { noticeId } from './ids.js';

export interface Recipient {
  readonly to: string;
  readonly tiers: readonly number[];
  /** The least severity that is told. */
  readonly severity: Severity;
  readonly language: 'vi' | 'en';
}
export interface NoticeOptions {
  readonly recipients: readonly Recipient[];
  /** Where people reach the console, `https://soc.example.vn`. */
  readonly publicUrl?: string;
}

/** A change of an incident that people are told of, and the rule whose alert made it. */
export interface Told { readonly change: string; readonly why: 'opened' | 'raised'; readonly rule: RuleName }

/** What one change of an incident has to say, and to whom. */
export function noticesOf(incident: Incident, told: Told, created: Millis, { recipients, publicUrl }: NoticeOptions): readonly Notice[] {
  return recipients.filter(({ tiers, severity }) => tiers.includes(incident.tier) && atLeast(incident.severity, severity)).map(({ to, language }): Notice => {
    const parts = language === 'vi' ? [vietnamese(incident, told, publicUrl), english(incident, told, publicUrl)] : [english(incident, told, publicUrl), vietnamese(incident, told, publicUrl)];
    return {
      id: noticeId(incident.id, told.change, 'mail', to), incident: incident.id, channel: 'mail', recipient: to, subject: subjectOf(incident, told.why, language), text: `${parts.join('\n\n---\n\n')}\n`,
      created, state: 'waiting', tries: 0, due: created,
    };
  });
}

const atLeast = (severity: Severity, least: Severity): boolean => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);

const WORDS: Readonly<Record<Severity, { readonly vi: string; readonly en: string }>> = {
  informational: { vi: 'Thông tin', en: 'Informational' }, low: { vi: 'Thấp', en: 'Low' }, medium: { vi: 'Trung bình', en: 'Medium' }, high: { vi: 'Cao', en: 'High' }, critical: { vi: 'Nghiêm trọng', en: 'Critical' },
};

function subjectOf({ number, severity, title, titleVi }: Incident, why: 'opened' | 'raised', language: 'vi' | 'en'): string {
  const raised = why === 'opened' ? '' : language === 'vi' ? ' (tăng mức)' : ' (raised)';
  return oneLine(`[${number}] ${WORDS[severity][language]}${raised}: ${language === 'vi' ? titleVi ?? title : title}`, 200);
}

function vietnamese(incident: Incident, { why, rule }: Told, publicUrl: string | undefined): string {
  const { number, title, titleVi, severity, tier, system, unit, firstSeen, lastSeen, entities } = incident;
  return lines([
    why === 'opened' ? `Sự cố mới ${number}` : `Sự cố ${number} đã tăng mức`, oneLine(titleVi ?? title, 500), '',
    `Mức: ${WORDS[severity].vi}`, `Hệ thống: ${system} (cấp độ ${tier})`, unit === undefined ? undefined : `Đơn vị: ${unit}`,
    `Từ ${localTime(firstSeen)} đến ${localTime(lastSeen)} (giờ Việt Nam)`, `Đối tượng: ${entities.slice(0, 10).map(({ value }) => oneLine(value, 120)).join(', ')}`,
    `Luật: ${ruleLine(rule.titleVi ?? rule.title, [['tác giả', rule.author], ['giấy phép', rule.license]])}`,
    publicUrl === undefined ? undefined : `Mở: ${linkTo(publicUrl, incident)}`,
  ]);
}

function english(incident: Incident, { why, rule }: Told, publicUrl: string | undefined): string {
  const { number, title, severity, tier, system, unit, firstSeen, lastSeen, entities } = incident;
  return lines([
    why === 'opened' ? `New incident ${number}` : `Incident ${number} became graver`, oneLine(title, 500), '',
    `Severity: ${WORDS[severity].en}`, `System: ${system} (tier ${tier})`, unit === undefined ? undefined : `Unit: ${unit}`,
    `From ${localTime(firstSeen)} to ${localTime(lastSeen)} (Vietnam time)`, `Involved: ${entities.slice(0, 10).map(({ value }) => oneLine(value, 120)).join(', ')}`,
    `Rule: ${ruleLine(rule.title, [['author', rule.author], ['license', rule.license]])}`,
    publicUrl === undefined ? undefined : `Open: ${linkTo(publicUrl, incident)}`,
  ]);
}

/** With its author and licence: those of shared rules ask to be named wherever an alert is told. */
function ruleLine(title: string, credits: readonly (readonly [string, string | undefined])[]): string {
  const named = credits.flatMap(([word, value]) => (value === undefined || value === '' ? [] : [`${word}: ${oneLine(value, 300)}`]));
  return `${oneLine(title, 300)}${named.length === 0 ? '' : ` (${named.join('; ')})`}`;
}

const linkTo = (publicUrl: string, { id }: Incident): string => `${publicUrl.replace(/\/+$/, '')}/incidents/${id}`;
const lines = (parts: readonly (string | undefined)[]): string => parts.filter((part) => part !== undefined).join('\n');
/** Values come from logs: no line breaks or control characters of theirs reach a mail. */
const oneLine = (text: string, charsMax: number): string => text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ').slice(0, charsMax);
const localTime = (time: Millis): string => {
  const iso = new Date(time + 7 * 3_600_000).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
};
