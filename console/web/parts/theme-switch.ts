// One press: light or dark. The settings page also offers the system's choice.
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { setTheme, shownTheme } from '../controllers/theme.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';

@customElement('theme-switch')
export class ThemeSwitch extends Part {
  override render() {
    const t = words().shell, next = shownTheme() === 'dark' ? 'light' : 'dark', name = `${t.theme}: ${t[next]}`;
    return html`<button class="button quiet square" type="button" aria-label=${name} title=${name} @click=${() => { setTheme(next); this.requestUpdate(); }}>${icon('theme')}</button>`;
  }
  static override styles = [sheet, css`:host { flex: none; }`];
}
