// Closing an incident: one of five verdicts and its grounds. Fires `close-save` {verdict, text} and `close-leave`.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { VerdictName } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';
import './verdict-buttons.js';

@customElement('close-form')
export class CloseForm extends Part {
  @property({ attribute: false }) verdict: VerdictName | null = null;
  @property({ attribute: false }) busy = false;
  @state() private asked = false;

  override firstUpdated(): void { if (this.verdict !== null) this.renderRoot.querySelector('textarea')?.focus(); else this.renderRoot.querySelector<HTMLElement>('verdict-buttons')?.focus(); }

  private submit(event: Event): void {
    event.preventDefault();
    if (this.verdict === null) { this.asked = true; return; }
    this.fire('close-save', { verdict: this.verdict, text: (this.renderRoot.querySelector('textarea')?.value ?? '').trim() });
  }

  override render() {
    const t = words().incident;
    return html`<form @submit=${this.submit} @keydown=${(event: KeyboardEvent) => { if (event.key === 'Escape' && !event.isComposing) { event.stopPropagation(); this.fire('close-leave'); } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.submit(event); }}>
      <div class="line"><h2>${t.closeTitle}</h2><span class="small faint">${t.closeHint}</span></div>
      <verdict-buttons full .chosen=${this.verdict} @verdict=${(event: CustomEvent<VerdictName>) => { this.verdict = event.detail; this.asked = false; void this.updateComplete.then(() => this.renderRoot.querySelector('textarea')?.focus()); }}></verdict-buttons>
      ${this.asked && this.verdict === null ? html`<p class="fault" role="alert">${icon('error', 'small')}${t.chooseVerdict}</p>` : nothing}
      <div class="line last"><textarea class="input" rows="2" maxlength="10000" aria-label=${t.closeText} placeholder=${t.closeText} data-testid="incident-close-text"></textarea>
        <button class="button main" type="submit" ?disabled=${this.busy} data-testid="incident-close-confirm">${t.closeConfirm}</button><button class="button" type="button" @click=${() => this.fire('close-leave')}>${words().cancel}<kbd>Esc</kbd></button></div></form>`;
  }

  static override styles = [sheet, css`
    :host { border-bottom: 1px solid var(--line); background: var(--surface-quiet); }
    form { display: grid; gap: 8px; padding: 10px var(--space-4) 12px; } .last { align-items: end; } .line { flex-wrap: wrap; } .last { flex-wrap: nowrap; }
  `];
}
