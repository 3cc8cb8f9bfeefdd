// The frequent values of some fields in the present result. Fires `value` {field, value, keep}.
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { styled } from '../controllers/styled.js';
import { sheet } from '../styles/sheet.js';
import { number } from '../words/format.js';
import { icon } from './icon.js';
import { safeText, safeTextStyle } from './raw-line.js';

export interface Facet { readonly field: string; readonly items: readonly { readonly value: unknown; readonly count: number }[] }

@customElement('facet-list')
export class FacetList extends Part {
  @property({ attribute: false }) facets: readonly Facet[] = [];

  override render() {
    const t = words().eventsPage;
    return html`${this.facets.map(({ field, items }) => {
      const most = Math.max(1, ...items.map(({ count }) => count));
      return html`<section><h2>${field}<span>${items.length === 0 ? t.facetEmpty : nothing}</span></h2><ul>${items.map(({ value, count }) => html`<li><i ${styled({ width: `${(count / most * 100).toFixed(1)}%` })}></i>
        <button class="name cut" type="button" title="${t.include}: ${String(value)}" @click=${() => this.fire('value', { field, value: String(value), keep: true })}>${safeText(String(value))}</button><span class="n">${number(count)}</span>
        <button class="not" type="button" aria-label="${t.exclude}: ${String(value)}" title=${t.exclude} @click=${() => this.fire('value', { field, value: String(value), keep: false })}>${icon('minus', 'small')}</button></li>`)}</ul></section>`;
    })}`;
  }

  static override styles = [sheet, safeTextStyle, css`
    section { padding: 6px 10px 6px 14px; } h2 { font-family: var(--font-log); font-weight: 400; font-size: var(--type-small); display: flex; gap: 6px; align-items: baseline; margin-bottom: 3px; } h2 span { margin-left: auto; font: var(--type-mark) var(--font-text); color: var(--text-faint); }
    li { position: relative; display: flex; align-items: center; gap: 6px; height: 23px; padding: 0 4px; margin: 0 -4px; font-size: var(--type-small); border-radius: 2px; } li:hover { background: var(--surface-hover); }
    i { position: absolute; left: 0; bottom: 1px; height: 2px; background: var(--bar-low); }
    button { all: unset; cursor: pointer; border-radius: 2px; } button:focus-visible { outline: 2px solid var(--focus); } .name { flex: 1; min-width: 0; } .name:hover { color: var(--accent); } .n { color: var(--text-soft); }
    .not { display: inline-flex; color: var(--text-faint); } .not:hover { color: var(--accent); }
  `];
}
