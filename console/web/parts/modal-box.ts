// A native modal dialog: focus stays inside, Escape closes, focus returns. For overlays only; verdicts are given in place.
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';

@customElement('modal-box')
export class ModalBox extends Part {
  @property() label = '';

  override firstUpdated(): void { this.renderRoot.querySelector('dialog')?.showModal(); }
  override render() {
    return html`<dialog aria-label=${this.label} @close=${() => this.fire('close')} @click=${(event: Event) => { if (event.target === event.currentTarget) this.fire('close'); }}><div><slot></slot></div></dialog>`;
  }
  static override styles = [sheet, css`
    dialog { padding: 0; border: 1px solid var(--line); border-radius: var(--radius-pane); background: var(--surface-raised); color: var(--text); box-shadow: var(--shadow-dialog); width: 560px; max-width: calc(100vw - 32px); margin-top: 12vh; }
    dialog::backdrop { background: rgb(10 25 34 / 45%); }
  `];
}
