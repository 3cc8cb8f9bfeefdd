// A source's hours at a glance: complete, gap, silent. Shape as well as color: complete is a thin bar, a gap a tall hatched one, silence
// an outline; and in words for who does not see it.
import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { StripItem } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { duration, shortDateTime } from '../words/format.js';

/** So that one minute of a day is seen. */
const LEAST_PERCENT = 0.6;

@customElement('source-strip')
export class SourceStrip extends Part {
  @property({ attribute: false }) stretches: StripItem['stretches'] = [];
  @property() from = '';
  @property() to = '';

  override render() {
    const from = Date.parse(this.from), span = Math.max(1, Date.parse(this.to) - from);
    return html`<svg role="img" aria-label=${this.words()}><defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="4" height="4" class="ground"></rect><rect width="1.5" height="4" class="line"></rect></pattern></defs>
      ${this.stretches.map((one) => {
        const x = (Date.parse(one.from) - from) / span * 100, wide = (Date.parse(one.to) - Date.parse(one.from)) / span * 100, width = one.state === 'gap' ? Math.max(LEAST_PERCENT, wide) : wide;
        const [y, height] = one.state === 'complete' ? [5, 6] : one.state === 'gap' ? [0, 16] : [3.5, 9];
        return svg`<rect class=${one.state} x="${Math.min(x, 100 - width).toFixed(3)}%" width="${width.toFixed(3)}%" y=${y} height=${height}><title>${words().sourcesPage.stretch[one.state]} ${shortDateTime(one.from)} – ${shortDateTime(one.to)}</title></rect>`;
      })}</svg>${nothing}`;
  }

  private words(): string {
    const t = words().sourcesPage, of = (state: string) => this.stretches.filter((one) => one.state === state), silent = of('silent').reduce((sum, one) => sum + Date.parse(one.to) - Date.parse(one.from), 0), gaps = of('gap');
    return t.stripSays(gaps.map((one) => shortDateTime(one.from)).slice(0, 3), gaps.length, silent === 0 ? '' : duration(silent));
  }

  static override styles = [sheet, css`
    :host { display: block; min-width: 110px; } svg { display: block; width: 100%; height: 16px; overflow: hidden; }
    .complete { fill: var(--tier-off); } .gap { fill: url(#hatch); } .silent { fill: none; stroke: var(--warn); stroke-dasharray: 2 2; }
    .ground { fill: var(--bad-soft); } .line { fill: var(--bad); }
  `];
}
