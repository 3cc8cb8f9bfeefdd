// Who shall have the incident. Fires `assign` (username, or null to give it back to the queue).
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import type { PopOver } from './pop-over.js';
import './pop-over.js';

@customElement('assign-menu')
export class AssignMenu extends Part {
  @property({ attribute: false }) people: readonly { readonly username: string; readonly name: string }[] = [];
  @property({ attribute: false }) assignee: string | null = null;

  private choose(username: string | null): void {
    this.renderRoot.querySelector<PopOver>('pop-over')?.close();
    this.fire('assign', username);
  }

  override render() {
    const t = words().incident;
    return html`<pop-over align="end" label=${t.assignTo}><span slot="button">${t.assign}</span><ul>
      ${this.people.map(({ username, name }) => html`<li><button type="button" aria-pressed=${username === this.assignee ? 'true' : 'false'} @click=${() => this.choose(username)}>${name}<span class="mono faint push">${username}</span></button></li>`)}
      ${this.assignee === null ? nothing : html`<li class="apart"><button type="button" @click=${() => this.choose(null)}>${t.release}</button></li>`}</ul></pop-over>`;
  }

  static override styles = [sheet, css`
    ul { min-width: 240px; max-height: 320px; overflow: auto; }
    button { all: unset; display: flex; gap: 12px; align-items: center; width: 100%; box-sizing: border-box; height: 28px; padding: 0 8px; border-radius: var(--radius-control); cursor: pointer; white-space: nowrap; }
    button:hover { background: var(--surface-hover); } button:focus-visible { outline: 2px solid var(--focus); outline-offset: -2px; } button[aria-pressed='true'] { background: var(--surface-selected); }
    .apart { border-top: 1px solid var(--line); margin-top: 4px; padding-top: 4px; }
  `];
}
