// The security level: a tower of five floors, as many lit as the level, and the numeral. One hue, stronger with the level.
import { css, html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';

@customElement('tier-mark')
export class TierMark extends Part {
  @property({ type: Number, reflect: true }) tier = 0;
  @property({ type: Boolean }) full = false;

  override render() {
    const floors = [0, 1, 2, 3, 4].map((floor) => {
      const inset = 0.5 + floor * 0.650;
      return svg`<rect x=${inset} y=${11.500 - floor * 2.800} width=${12 - 2 * inset} height="2" fill=${floor < this.tier ? 'currentColor' : 'var(--tier-off)'}/>`;
    });
    const t = words();
    return html`<svg viewBox="0 0 12 14" aria-hidden="true">${floors}</svg><span>${this.full ? t.tier(this.tier) : t.tierShort(this.tier)}</span>`;
  }

  static override styles = [sheet, css`
    :host { display: inline-flex; align-items: center; gap: 5px; font-size: var(--type-small); font-weight: var(--weight-medium); white-space: nowrap; vertical-align: middle; color: var(--text); }
    svg { width: 12px; height: 14px; flex: none; color: var(--tier-3); }
    :host([tier='1']) svg { color: var(--tier-1); } :host([tier='2']) svg { color: var(--tier-2); } :host([tier='4']) svg { color: var(--tier-4); } :host([tier='5']) svg { color: var(--tier-5); }
  `];
}
