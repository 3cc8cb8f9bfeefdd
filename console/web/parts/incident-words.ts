// What an incident says in one sentence, and what its precedent was: shared by the row, the pane and the page.
import { html, nothing, type TemplateResult } from 'lit';
import type { IncidentItem, VerdictName } from '../../api.js';
import { named, words } from '../controllers/locale.js';
import { safeText } from './raw-line.js';
import { wholeWord } from './whole-word.js';

const ENTITIES_SHOWN = 3;
type Sayable = Pick<IncidentItem, 'title' | 'titleVi' | 'entities'>;

/** The title with its values in mono; who and where are added only where the title names nobody. */
export function sentence(incident: Sayable): TemplateResult {
  const title = named(incident), values = valuesIn(title, incident);
  if (values.length > 0) return html`${cutAt(title, values).map(({ text, value }) => (value ? html`<span class="val">${safeText(text)}</span>` : safeText(text)))}`;
  return html`${safeText(title)}${incident.entities.slice(0, ENTITIES_SHOWN).map(({ value }, index) => html`${index === 0 ? ': ' : ', '}<span class="val">${safeText(value)}</span>`)}`;
}
export const sentenceText = (incident: Sayable): string => {
  const title = named(incident);
  return valuesIn(title, incident).length > 0 ? title : [title, ...incident.entities.slice(0, ENTITIES_SHOWN).map(({ value }) => value)].join(', ');
};

/** The incident's own values that stand in its title, the longest first. */
const valuesIn = (title: string, { entities }: Sayable): string[] => [...new Set(entities.map(({ value }) => value))].filter((value) => value.length > 2 && wholeWord(value).test(title)).sort((x, y) => y.length - x.length);

function cutAt(text: string, values: readonly string[]): { readonly text: string; readonly value: boolean }[] {
  const [value, ...rest] = values;
  if (value === undefined || text === '') return text === '' ? [] : [{ text, value: false }];
  return text.split(wholeWord(value)).flatMap((piece, index) => [...(index === 0 ? [] : [{ text: value, value: true }]), ...cutAt(piece, rest)]);
}

export function precedentMark(precedent: IncidentItem['precedent']): TemplateResult {
  const t = words().queue;
  if (precedent === null || precedent.total === 0) return html`<span class="faint small">${t.noPrecedent}</span>`;
  const { total, truePositive, benign, falsePositive } = precedent;
  const [verdict, text]: [VerdictName, string] = truePositive >= benign && truePositive >= falsePositive ? ['true_positive', t.precedentTrue(truePositive, total)]
    : benign >= falsePositive ? ['benign_expected', t.precedentBenign(benign, total)] : ['false_positive_rule', t.precedentFalse(falsePositive, total)];
  return html`<verdict-mark verdict=${verdict} .text=${text}></verdict-mark>`;
}

/** A system's name and code; a sender of none yet has no code. */
export const systemWords = ({ system, systemName }: Pick<IncidentItem, 'system' | 'systemName'>): string => (system === 'unassigned' ? systemName : `${systemName} (${system})`);

/** A system's code; in words where the sender is of none yet. */
export const systemCode = (id: string): string => (id === 'unassigned' ? words().queue.noSystem : id);

export const dueMark = ({ due }: Pick<IncidentItem, 'due'>, terse: boolean): TemplateResult => html`<clock-mark .at=${due?.at ?? null} .limit=${due?.limitMinutes ?? 0} .label=${due && !terse ? words().due[due.kind] : ''} ?terse=${terse} title=${due?.cite ?? nothing}></clock-mark>`;
