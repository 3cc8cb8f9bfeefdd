// The account's equation as figures with their names: what differs between two sides stands there as a term of its own.
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Side, Term } from '../../../core/account/equation.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { number } from '../words/format.js';

/** Nowhere, where it should be; what waits is on its way. */
const OPEN: ReadonlySet<Term> = new Set(['not_read', 'not_stored']);

@customElement('account-equation')
export class AccountEquation extends Part {
  @property({ attribute: false }) sides: readonly Side[] = [];
  /** The page's own figures, not those of a row. */
  @property({ type: Boolean, reflect: true }) large = false;
  /** Said behind the first name: since when. */
  @property() since = '';

  override render() {
    return html`<p data-testid="equation">${this.sides.map(({ terms }, side) => html`${side > 0 ? html`<span class="sign">=</span>` : ''}${terms.map(({ term, count }, at) => html`${at > 0 ? html`<span class="sign">+</span>` : ''}<span class="term ${term === 'under_way' || term === 'not_evaluated' ? 'way' : OPEN.has(term) ? 'open' : ''}"><span class="name">${this.name(term)}${side === 0 && this.since !== '' ? `, ${this.since}` : ''}</span> <b>${number(count)}</b></span>`)}`)}</p>`;
  }

  private name(term: Term): string {
    const t = words().sourcesPage;
    switch (term) {
      case 'received': case 'parsed': case 'unparsed': case 'stored': case 'evaluated': return t[term];
      default: return t.term[term];
    }
  }

  static override styles = [sheet, css`
    p { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: baseline; } .name { font-size: var(--type-small); color: var(--text-soft); } .sign { color: var(--text-faint); }
    b { font-weight: var(--weight-strong); } .way b { color: var(--text-soft); font-weight: var(--weight-medium); } .open b { color: var(--bad); }
    :host([large]) p { align-items: end; gap: 4px 12px; } :host([large]) .term { display: grid; gap: 1px; } :host([large]) b, :host([large]) .sign { font-size: 18px; line-height: 1.300; }
  `];
}
