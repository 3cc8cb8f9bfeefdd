// The frame around every page: rail, top bar, work area. Properties in, events out.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Overview, SessionInfo, Status } from '../../api.js';
import { Keys } from '../controllers/keys.js';
import { words } from '../controllers/locale.js';
import type { PageHead } from '../controllers/page.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';
import './account-menu.js';
import './command-palette.js';
import './key-sheet.js';
import './language-switch.js';
import './nav-rail.js';
import './status-banner.js';
import './theme-switch.js';

@customElement('app-shell')
export class AppShell extends Part {
  @property({ attribute: false }) who!: SessionInfo;
  @property({ attribute: false }) path = '';
  @property({ attribute: false }) query = new URLSearchParams();
  @property({ attribute: false }) head: PageHead = { title: '' };
  @property({ attribute: false }) overview: Overview | undefined;
  @property({ attribute: false }) status: Status | undefined;
  @property({ attribute: false }) liveLost = false;
  @state() private palette = false;
  @state() private sheet = false;
  protected readonly keys = new Keys(this, () => ({ 'Control+KeyK': () => { this.palette = true; }, 'Shift+Slash': () => { this.sheet = true; } }));

  override render() {
    const t = words(), { title, above, summary } = this.head;
    return html`
      <nav class="skip" aria-label=${t.shell.skip}><a href="#work" @click=${this.skip}>${t.shell.skip}</a></nav>
      <nav-rail .who=${this.who} .path=${this.path} .query=${this.query} .overview=${this.overview} .status=${this.status} .liveLost=${this.liveLost}></nav-rail>
      <header class="bar">
        <h1 class="cut">${above ? html`<a class="above" href=${above.href}>${above.text}</a><span class="slash" aria-hidden="true">/</span>` : nothing}${title}</h1>
        <p class="summary cut">${summary ?? nothing}</p>
        <button class="finder" type="button" @click=${() => { this.palette = true; }}>${icon('search')}<span>${t.shell.find}</span><kbd>Ctrl K</kbd></button>
        ${this.who.demo ? html`<span class="demo">${t.shell.demo}</span>` : nothing}
        <language-switch></language-switch>
        <theme-switch></theme-switch>
        <account-menu .who=${this.who}></account-menu>
      </header>
      <status-banner .status=${this.status}></status-banner>
      <main id="work" tabindex="-1"><slot></slot></main>
      ${this.palette ? html`<command-palette .who=${this.who} @close=${() => { this.palette = false; }}></command-palette>` : nothing}
      ${this.sheet ? html`<key-sheet @close=${() => { this.sheet = false; }}></key-sheet>` : nothing}`;
  }

  private skip(event: Event): void {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  }

  static override styles = [sheet, css`
    :host { display: grid; grid-template: var(--bar-height) auto minmax(0, 1fr) / var(--rail-width) minmax(0, 1fr); height: 100%; }
    nav-rail { grid-area: 1 / 1 / 4 / 2; } .bar { grid-area: 1 / 2; } status-banner { grid-area: 2 / 2; } main { grid-area: 3 / 2; }
    .skip { position: absolute; left: 0; top: 0; white-space: nowrap; }
    .skip a { position: absolute; left: 8px; top: -60px; z-index: 20; background: var(--accent); color: var(--text-on-accent); padding: 6px 12px; border-radius: var(--radius-control); }
    .skip a:focus { top: 8px; }
    .bar { display: flex; align-items: center; gap: var(--space-3); padding: 0 var(--space-3) 0 var(--space-4); border-bottom: 1px solid var(--line); background: var(--surface); min-width: 0; }
    h1 { flex: none; max-width: 40%; }
    .above { color: var(--text-soft); font-weight: var(--weight-regular); } .slash { color: var(--text-faint); margin: 0 6px; font-weight: var(--weight-regular); }
    .summary { flex: 1 1 auto; color: var(--text-soft); }
    .finder { display: flex; align-items: center; gap: 6px; height: var(--control-height); min-width: 176px; flex: none; padding: 0 5px 0 8px; border: 1px solid var(--line-strong); border-radius: var(--radius-control); background: var(--surface); color: var(--text-faint); cursor: text; white-space: nowrap; }
    .finder kbd { margin-left: auto; }
    .demo { flex: none; font-size: var(--type-mark); line-height: 18px; padding: 0 6px; color: var(--text-soft); border: 1px dashed var(--line-strong); border-radius: var(--radius-mark); white-space: nowrap; }
    main { min-height: 0; min-width: 0; display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); background: var(--surface); outline: none; }
    ::slotted(*) { min-height: 0; min-width: 0; }
    @media (max-width: 1100px) { .summary, .finder span { display: none; } .finder { min-width: 0; } }
    @media print { :host { display: block; height: auto; } nav-rail, .bar { display: none; } main { display: block; } }
  `];
}
