// What an incident says in one sentence, and what its precedent was: shared by the row, the pane and the page.
import { html, nothing, type TemplateResult } from 'lit';
import type { IncidentItem, VerdictName } from '../../api.js';
import { named, words } from '../controllers/locale.js';
import { safeText } from './raw-line.js';

const ENTITIES_SHOWN = 3;
type Sayable = Pick<IncidentItem, 'title' | 'titleVi' | 'entities'>;

/** The rule's words, then who and where, in mono. */
export function sentence(incident: Sayable): TemplateResult {
  const title = named(incident), shown = incident.entities.filter(({ value }) => !title.includes(value)).slice(0, ENTITIES_SHOWN);
  return html`${safeText(title)}${shown.map(({ value }, index) => html`${index === 0 ? ': ' : ', '}<span class="val">${safeText(value)}</span>`)}`;
}
export const sentenceText = (incident: Sayable): string => [named(incident), ...incident.entities.slice(0, ENTITIES_SHOWN).map(({ value }) => value)].join(', ');

export function precedentMark(precedent: IncidentItem['precedent']): TemplateResult {
  const t = words().queue;
  if (precedent === null || precedent.total === 0) return html`<span class="faint small">${t.noPrecedent}</span>`;
  const { total, truePositive, benign, falsePositive } = precedent;
  const [verdict, text]: [VerdictName, string] = truePositive >= benign && truePositive >= falsePositive ? ['true_positive', t.precedentTrue(truePositive, total)]
    : benign >= falsePositive ? ['benign_expected', t.precedentBenign(benign, total)] : ['false_positive_rule', t.precedentFalse(falsePositive, total)];
  return html`<verdict-mark verdict=${verdict} .text=${text}></verdict-mark>`;
}

export const dueMark = ({ due }: Pick<IncidentItem, 'due'>, terse: boolean): TemplateResult => html`<clock-mark .at=${due?.at ?? null} .limit=${due?.limitMinutes ?? 0} .label=${due && !terse ? words().due[due.kind] : ''} ?terse=${terse} title=${due?.cite ?? nothing}></clock-mark>`;
