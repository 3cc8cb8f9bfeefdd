// What may be done to the selected incidents. Fires `take`, `verdict`, `verdict-save` {verdict, text}, `unpick`.
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { VerdictName } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import './verdict-buttons.js';

@customElement('bulk-bar')
export class BulkBar extends Part {
  @property({ attribute: false }) count = 0;
  @property({ attribute: false }) asking: VerdictName | undefined;
  @property({ attribute: false }) mayAct = false;

  protected override updated(changed: PropertyValues<this>): void { if (changed.has('asking') && this.asking) this.renderRoot.querySelector<HTMLInputElement>('#say')?.focus(); }

  override render() {
    const t = words();
    return html`<div class="line wrap"><b class="medium">${t.queue.picked(this.count)}</b>
      ${this.asking && this.mayAct ? html`<form class="line" @submit=${this.submit}><verdict-mark verdict=${this.asking}></verdict-mark><input id="say" class="input" aria-label=${t.queue.bulkNote(this.count)} placeholder=${t.queue.bulkNote(this.count)} autocomplete="off" @keydown=${(event: KeyboardEvent) => { if (event.key === 'Escape') this.fire('unpick'); }}><button class="button main" type="submit">${t.incident.closeIncident}<kbd>Enter</kbd></button></form>`
        : this.mayAct ? html`<button class="button push" type="button" @click=${() => this.fire('take')}>${t.incident.take}<kbd>a</kbd></button><verdict-buttons></verdict-buttons>` : nothing}
      <button class="button quiet" type="button" @click=${() => this.fire('unpick')}>${t.queue.unpick}<kbd>Esc</kbd></button></div>`;
  }
  private submit(event: SubmitEvent): void {
    event.preventDefault();
    this.fire('verdict-save', { verdict: this.asking, text: (this.renderRoot.querySelector<HTMLInputElement>('#say')?.value ?? '').trim() });
  }
  static override styles = [sheet, css`form { flex: 1; } verdict-mark { flex: none; }`];
}
