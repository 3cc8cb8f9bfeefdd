// Ctrl K: a page by its name, an incident or events by words. Fires `close`; choosing goes there.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { foldSearch } from '../../../core/fold.js';
import type { SessionInfo } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { go, link } from '../controllers/router.js';
import { sheet } from '../styles/sheet.js';
import { icon, type IconName } from './icon.js';
import { mayOpen, PAGES } from './nav-rail.js';
import './modal-box.js';

interface Command { readonly icon: IconName; readonly text: string; readonly href: string }

@customElement('command-palette')
export class CommandPalette extends Part {
  @property({ attribute: false }) who!: SessionInfo;
  @state() private text = '';
  @state() private here = 0;

  override firstUpdated(): void { void this.updateComplete.then(() => this.renderRoot.querySelector('input')?.focus()); }

  private commands(): Command[] {
    const t = words(), text = this.text.trim(), folded = foldSearch(text);
    const pages = PAGES.flat().filter((item) => mayOpen(item, this.who)).map((item): Command => ({ icon: item.icon, text: t.nav[item.section], href: `/${item.section}` }));
    if (text === '') return pages;
    return [
      ...pages.filter((page) => foldSearch(page.text).includes(folded)),
      { icon: 'queue', text: t.palette.findIncidents(text), href: link('/queue', { q: text, status: 'any' }) },
      ...(this.who.readsLogs ? [{ icon: 'search' as const, text: t.palette.findEvents(text), href: link('/events', { q: text }) }] : []),
    ];
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const count = this.commands().length;
    if (event.key === 'ArrowDown') this.here = (this.here + 1) % count;
    else if (event.key === 'ArrowUp') this.here = (this.here + count - 1) % count;
    else if (event.key === 'Enter') { const chosen = this.commands()[this.here]; if (chosen) this.choose(chosen); } else return;
    event.preventDefault();
  }

  private choose({ href }: Command): void {
    this.fire('close');
    go(href);
  }

  override render() {
    const t = words().palette, commands = this.commands();
    return html`<modal-box label=${t.title}>
      <div class="ask">${icon('search')}<input role="combobox" aria-expanded="true" aria-controls="list" aria-activedescendant=${commands.length > 0 ? `c${this.here}` : nothing} aria-label=${t.title} placeholder=${t.hint} .value=${this.text} @keydown=${this.key} @input=${(event: InputEvent) => { this.text = (event.target as HTMLInputElement).value; this.here = 0; }}></div>
      <ul id="list" role="listbox" aria-label=${t.title}>${commands.map((command, index) => html`<li id="c${index}" role="option" aria-selected=${index === this.here ? 'true' : 'false'} @click=${() => this.choose(command)}>${icon(command.icon)}<span class="cut">${command.text}</span></li>`)}</ul></modal-box>`;
  }

  static override styles = [sheet, css`
    .ask { display: flex; align-items: center; gap: 8px; padding: 0 14px; border-bottom: 1px solid var(--line); color: var(--text-faint); }
    input { flex: 1; height: 42px; border: 0; background: none; outline: none; font-size: var(--type-lead); color: var(--text); }
    input::placeholder { color: var(--text-faint); opacity: 1; }
    ul { padding: 6px; max-height: 50vh; overflow: auto; }
    li { display: flex; align-items: center; gap: 10px; height: 30px; padding: 0 10px; border-radius: var(--radius-control); cursor: pointer; }
    li .icon { color: var(--text-faint); }
    li:hover { background: var(--surface-hover); } li[aria-selected='true'] { background: var(--surface-selected); }
  `];
}
