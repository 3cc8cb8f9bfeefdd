// The edge of a pane: drag it, or move it with the arrow keys. Fires `resize-to` (pixels).
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';

const MIN = 360, MAX = 900, STEP = 32;

@customElement('resize-grip')
export class ResizeGrip extends Part {
  @property() label = '';
  @state() private width = 448;
  private get now(): number { return this.parentElement?.getBoundingClientRect().width ?? this.width; }
  private set(width: number): void { this.width = Math.round(Math.min(MAX, Math.max(MIN, width))); this.fire('resize-to', this.width); }

  override firstUpdated(): void { this.width = Math.round(this.now); }
  override render() {
    return html`<div role="separator" tabindex="0" aria-orientation="vertical" aria-label=${this.label} aria-valuemin=${MIN} aria-valuemax=${MAX} aria-valuenow=${this.width}
      @pointerdown=${(event: PointerEvent) => (event.currentTarget as Element).setPointerCapture(event.pointerId)}
      @pointermove=${(event: PointerEvent) => { if ((event.currentTarget as Element).hasPointerCapture(event.pointerId)) this.set(innerWidth - event.clientX); }}
      @keydown=${(event: KeyboardEvent) => { const step = event.key === 'ArrowLeft' ? STEP : event.key === 'ArrowRight' ? -STEP : 0; if (step !== 0) { event.preventDefault(); this.set(this.now + step); } }}></div>`;
  }
  static override styles = [sheet, css`:host { position: absolute; left: -4px; top: 0; bottom: 0; width: 8px; z-index: 3; } div { height: 100%; cursor: col-resize; } div:hover { background: var(--accent-soft); }`];
}
