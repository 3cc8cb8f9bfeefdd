// VI / EN, fires `language-choose`.
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { language, words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';

@customElement('language-switch')
export class LanguageSwitch extends Part {
  /** Whole words instead of two letters. */
  @property({ type: Boolean }) full = false;

  override render() {
    const t = words().shell;
    return html`<div role="group" aria-label=${t.language}>${(['vi', 'en'] as const).map((one) => {
      const name = one === 'vi' ? t.vietnamese : t.english;
      return html`<button type="button" lang=${one} data-testid="language-${one}" aria-pressed=${language() === one ? 'true' : 'false'} title=${name} @click=${() => this.fire('language-choose', one)}>${this.full ? name : html`${one.toUpperCase()}<span class="unseen">, ${name}</span>`}</button>`;
    })}</div>`;
  }

  static override styles = [sheet, css`
    :host { flex: none; }
    div { display: flex; }
    button { all: unset; cursor: pointer; font-size: var(--type-small); padding: 2px 6px; color: var(--text-faint); border-radius: var(--radius-mark); white-space: nowrap; }
    button:hover { color: var(--text); }
    button:focus-visible { outline: 2px solid var(--focus); }
    button[aria-pressed='true'] { color: var(--text); font-weight: var(--weight-strong); text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 4px; text-decoration-color: var(--accent); }
  `];
}
