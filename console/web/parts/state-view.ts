// Loading, failed, empty: said in words, in place. A failure says what still works and offers to try again (`retry`).
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { said, type ApiError } from '../client.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { styled } from '../controllers/styled.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';

@customElement('state-view')
export class StateView extends Part {
  @property({ attribute: false }) error: ApiError | undefined;
  /** Something older is still shown below. */
  @property({ type: Boolean }) stale = false;
  @property({ type: Boolean }) loading = false;

  override render() {
    const t = words();
    if (this.error) return html`<div class="notice bad" role="alert">${icon('error')}<div><p><b class="medium">${t.error.title}.</b> ${this.error.status === 403 && this.error.problem?.problems === undefined ? t.error.forbidden : said(this.error)} ${this.stale ? t.error.stale : nothing}</p></div><button class="button slim push" type="button" @click=${() => this.fire('retry')}>${t.retry}</button></div>`;
    if (this.loading) return html`<div class="skeleton" role="status" aria-label=${t.loading}>${[62, 78, 54, 70, 48].map((width) => html`<div><i class="mark"></i><i class="mark small"></i><i ${styled({ width: `${width}%` })}></i></div>`)}</div>`;
    return nothing;
  }

  static override styles = [sheet, css`
    .notice { margin: 10px var(--space-4); align-items: center; } .button { flex: none; }
    .skeleton div { height: var(--row-height); border-bottom: 1px solid var(--line); display: flex; align-items: center; gap: 12px; padding: 0 16px; }
    .skeleton i { display: block; height: 8px; border-radius: 2px; background: var(--line); } .skeleton .mark { width: 9%; } .skeleton .mark.small { width: 4%; }
  `];
}
