// One of the two shares a manager signs: the figure, what is missing to 100 %, and every system behind it. Fires `share-pick` (system).
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Share, SystemCompliance } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { styled } from '../controllers/styled.js';
import { sheet } from '../styles/sheet.js';
import { percent } from '../words/format.js';

export type CellState = 'full' | 'part' | 'none';

@customElement('share-panel')
export class SharePanel extends Part {
  @property() label = '';
  @property() testid = '';
  @property({ attribute: false }) share!: Share;
  @property({ attribute: false }) systems: readonly SystemCompliance[] = [];
  @property({ attribute: false }) state: (system: SystemCompliance) => CellState = () => 'none';
  @property({ attribute: false }) legend: readonly (readonly [CellState, string])[] = [];

  override render() {
    const t = words().compliancePage, { count, of, percent: value } = this.share, order: readonly CellState[] = ['full', 'part', 'none'];
    const cells = [...this.systems].sort((a, b) => order.indexOf(this.state(a)) - order.indexOf(this.state(b)) || b.tier - a.tier || (a.id < b.id ? -1 : 1));
    const word = (state: CellState): string => this.legend.find(([one]) => one === state)?.[1] ?? '';
    return html`<div class="share" data-testid=${this.testid}><div><h2>${this.label}</h2><div class="figure"><b>${percent(value)}</b><div><p>${t.of(count, of)}</p><p class=${count < of ? 'bad medium' : 'good medium'}>${count < of ? t.missing(of - count) : t.met}</p></div></div></div>
      <div class="bars"><div class="cells" ${styled({ 'grid-template-columns': `repeat(${Math.max(1, cells.length)},minmax(0,1fr))` })}>${cells.map((system) => html`<button type="button" class=${this.state(system)} title="${system.name}: ${word(this.state(system))}" aria-label="${system.id}, ${word(this.state(system))}" @click=${() => this.fire('share-pick', system.id)}>${system.id}</button>`)}</div>
        <div class="legend">${this.legend.map(([state, text]) => html`<span><i class=${state}></i>${text}</span>`)}${nothing}</div></div></div>`;
  }

  static override styles = [sheet, css`
    .share { padding: 11px 16px; display: grid; grid-template-columns: 262px minmax(0, 1fr); gap: 6px 16px; align-items: center; }
    h2 { font-size: var(--type-body); font-weight: var(--weight-medium); } .figure { display: flex; align-items: center; gap: 12px; margin-top: 3px; white-space: nowrap; } .figure b { font-size: var(--type-figure); line-height: 1.100; font-weight: var(--weight-strong); letter-spacing: -0.02em; }
    .bars { display: grid; gap: 6px; min-width: 0; } .cells { display: grid; gap: 2px; }
    .cells button { all: unset; height: 26px; line-height: 26px; font-size: 11px; text-align: center; letter-spacing: -0.02em; border-radius: 1px; overflow: hidden; cursor: pointer; white-space: nowrap; } .cells button:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
    button.full, i.full { background: var(--accent); color: var(--text-on-accent); } button.part, i.part { background: var(--accent-soft); color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent), inset 0 -5px 0 var(--tier-off); } .cells button.part { line-height: 21px; } button.none, i.none { background: var(--surface); color: var(--text-soft); box-shadow: inset 0 0 0 1px var(--line-strong); }
    .legend { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: var(--type-mark); color: var(--text-soft); } .legend span { display: inline-flex; align-items: center; gap: 5px; } i { width: 10px; height: 10px; border-radius: 1px; display: inline-block; } i.part { box-shadow: inset 0 0 0 1px var(--accent), inset 0 -3px 0 var(--tier-off); }
  `];
}
