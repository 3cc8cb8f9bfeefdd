// The balance of a source: the equation with its figures, and each gap with its cause, its owner, when and which numbers.
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { equationOf } from '../../../core/account/equation.js';
import type { BalanceItem, GapItem } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { number, shortDateTime, twoDecimals } from '../words/format.js';
import { icon } from './icon.js';
import { safeText, safeTextStyle } from './raw-line.js';
import './account-equation.js';

const RANGES_SHOWN = 5;

@customElement('source-balance')
export class SourceBalance extends Part {
  @property({ attribute: false }) balance!: BalanceItem;
  /** A listener of ours: it has losses, and no messages of its own. */
  @property({ type: Boolean }) listener = false;

  override render() {
    const t = words().sourcesPage, { received, underWay, complete, gaps } = this.balance;
    return html`${this.listener ? nothing : html`<div class="top"><account-equation .sides=${equationOf({ ...this.balance, received: received + underWay })}></account-equation><span class="state ${complete ? 'good' : 'bad'}">${icon(complete ? 'check' : 'warn')}${t.completeness(`${twoDecimals(this.balance.percent)}%`)}</span></div>`}
      ${gaps.length === 0 ? html`<p class="small soft">${t.noLost}</p>` : html`<table class="table"><thead><tr><th scope="col">${t.gapCause}</th><th scope="col" class="num">${t.gapCount}</th><th scope="col">${t.gapOwner}</th><th scope="col">${t.gapWhen}</th><th scope="col">${t.gapWhere}</th></tr></thead><tbody>${gaps.map((gap) => this.gap(gap))}</tbody></table>`}`;
  }

  private gap({ cause, owner, count, frames, from, to, parts }: GapItem) {
    const t = words().sourcesPage, when = from === null || to === null ? words().none : shortDateTime(from) === shortDateTime(to) ? shortDateTime(from) : `${shortDateTime(from)} – ${shortDateTime(to)}`;
    return html`<tr><td>${t.cause[cause]}</td><td class="num ${count > 0 && cause !== 'under_way' ? 'bad strong' : ''}">${number(count)}${frames > 0 ? html` <span class="faint small">(${t.gapFrames(frames)})</span>` : nothing}</td><td>${t.owner[owner]}</td><td class="nowrap small">${when}</td>
      <td class="small">${parts.map(({ name, missing }) => html`<div>${safeText(name)}${missing.length === 0 ? nothing : html` <span class="mono faint">${missing.slice(-RANGES_SHOWN).map(([first, last]) => (first === last ? String(first) : `${first}–${last}`)).join(', ')}${missing.length > RANGES_SHOWN ? ', …' : ''}</span>`}</div>`)}</td></tr>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; gap: 8px; padding: 8px 0; }
    .top { display: flex; gap: 16px; align-items: center; } .top .state { margin-left: auto; flex: none; }
    .table td { height: 28px; } .table th, .table td:first-child, .table th:first-child { padding-left: var(--space-2); background: transparent; }
  `];
}
