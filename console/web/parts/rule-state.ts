// What a rule's state is: a word, a mark, and the reason where there is one.
import { html, nothing, type TemplateResult } from 'lit';
import type { RuleItem } from '../../api.js';
import { words } from '../controllers/locale.js';
import { icon, type IconName } from './icon.js';
import { safeText } from './raw-line.js';

export const RULE_STATES: readonly RuleItem['state'][] = ['alive', 'disabled', 'refused', 'placeholder_unset', 'source_missing', 'field_missing'];
const looks: Readonly<Record<RuleItem['state'], readonly [icon: IconName, tone: string]>> = { alive: ['check', 'good'], disabled: ['minus', 'soft'], refused: ['error', 'bad'], placeholder_unset: ['warn', 'warn'], source_missing: ['silent', 'soft'], field_missing: ['silent', 'warn'] };

/** A rule in force that had to give up hits is not well. */
export function ruleState({ state, reason, hitsDropped }: Pick<RuleItem, 'state' | 'reason' | 'hitsDropped'>, withReason = false): TemplateResult {
  const [shape, tone] = state === 'alive' && hitsDropped !== undefined ? looks.placeholder_unset : looks[state];
  return html`<span class="state ${tone}" title=${reason ?? ''}>${icon(shape)}${words().rulesPage.states[state]}</span>${withReason && reason ? html` <span class="small soft">${safeText(reason)}</span>` : nothing}`;
}
