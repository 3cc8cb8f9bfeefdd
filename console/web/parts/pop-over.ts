// A button and what it opens below itself. Escape and a press elsewhere close it; focus returns to the button.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';

@customElement('pop-over')
export class PopOver extends Part {
  @property() label = '';
  @property() kind: 'quiet' | 'plain' | 'main' = 'plain';
  @property({ reflect: true }) align: 'start' | 'end' = 'start';
  @state() private open = false;

  private readonly away = (event: Event): void => { if (!event.composedPath().includes(this)) this.close(false); };

  override disconnectedCallback(): void { super.disconnectedCallback(); removeEventListener('pointerdown', this.away, true); }

  close(refocus = true): void {
    if (!this.open) return;
    this.open = false;
    removeEventListener('pointerdown', this.away, true);
    if (refocus) this.renderRoot.querySelector('button')?.focus();
  }

  private toggle(): void {
    if (this.open) { this.close(); return; }
    this.open = true;
    addEventListener('pointerdown', this.away, true);
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !this.open) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  override render() {
    return html`<div @keydown=${this.key} @close-popover=${() => this.close()}>
      <button class="button ${this.kind}" type="button" aria-expanded=${this.open ? 'true' : 'false'} aria-haspopup="dialog" aria-label=${this.label === '' ? nothing : this.label} @click=${this.toggle}><slot name="button"></slot></button>
      ${this.open ? html`<div class="box" role="dialog" aria-label=${this.label}><slot></slot></div>` : nothing}</div>`;
  }

  static override styles = [sheet, css`
    :host { position: relative; flex: none; }
    .box { position: absolute; z-index: 15; top: calc(100% + 4px); left: 0; min-width: 216px; padding: 4px; background: var(--surface-raised); border: 1px solid var(--line); border-radius: var(--radius-pane); box-shadow: var(--shadow-popover); }
    :host([align='end']) .box { left: auto; right: 0; }
  `];
}
