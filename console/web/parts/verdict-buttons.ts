// The five verdicts, each with its key. Fires `verdict` (name). `chosen` marks the one being given.
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { VerdictName } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import './verdict-mark.js';

export const VERDICTS: readonly VerdictName[] = ['true_positive', 'benign_expected', 'false_positive_rule', 'false_positive_data', 'undetermined'];

@customElement('verdict-buttons')
export class VerdictButtons extends Part {
  @property({ attribute: false }) chosen: VerdictName | null = null;
  /** Full words, one a line, and the stable names tests hold on to. */
  @property({ type: Boolean, reflect: true }) full = false;
  @property({ type: Boolean }) disabled = false;
  /** Which of them; all by default. */
  @property({ attribute: false }) only: readonly VerdictName[] = VERDICTS;

  override render() {
    const t = words();
    return html`<div role="group" aria-label=${t.incident.verdict}>${this.only.map((verdict) => html`<button class="button" type="button" ?disabled=${this.disabled} aria-pressed=${this.chosen === verdict ? 'true' : 'false'} title=${t.verdict[verdict]} data-testid=${this.full ? `incident-verdict-${verdict}` : nothing} @click=${() => this.fire('verdict', verdict)}><verdict-mark verdict=${verdict} .text=${''}></verdict-mark><span>${this.full ? t.verdict[verdict] : t.verdictShort[verdict]}</span><kbd>${VERDICTS.indexOf(verdict) + 1}</kbd></button>`)}</div>`;
  }

  static override styles = [sheet, css`
    div { display: flex; gap: 5px; flex-wrap: wrap; }
    .button { padding: 0 6px; gap: 5px; font-size: var(--type-small); font-weight: var(--weight-regular); flex: 1 1 auto; }
    :host([full]) .button { flex: 0 0 auto; height: 30px; padding: 0 10px; font-size: var(--type-body); }
  `];
}
