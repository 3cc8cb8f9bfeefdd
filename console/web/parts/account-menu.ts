// Who is signed in, with what rights; settings and sign out.
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SessionInfo } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';
import './pop-over.js';

@customElement('account-menu')
export class AccountMenu extends Part {
  @property({ attribute: false }) who!: SessionInfo;

  override render() {
    const t = words(), { name, username, roles, tiers, version } = this.who;
    return html`<pop-over kind="quiet" align="end" label="${t.shell.account}: ${name}">
      <span slot="button" class="line">${icon('user')}<span class="name cut">${name}</span>${icon('down', 'small')}</span>
      <div class="box">
        <dl class="facts"><dt>${t.signin.username}</dt><dd class="mono">${username}</dd><dt>${t.shell.roles}</dt><dd>${roles.map((role) => t.role[role]).join(', ')}</dd><dt>${t.shell.tiers}</dt><dd>${tiers.join(', ')}</dd></dl>
        <a class="item" href="/settings">${icon('settings')}${t.nav.settings}</a>
        <button class="item" type="button" data-testid="sign-out" @click=${() => this.fire('sign-out')}>${icon('outward')}${t.shell.signOut}</button>
        <p class="small faint">${t.shell.version(version)}</p>
      </div>
    </pop-over>`;
  }

  static override styles = [sheet, css`
    :host { flex: none; }
    .name { max-width: 170px; font-weight: var(--weight-regular); }
    .line { gap: 6px; }
    .box { padding: 6px; display: grid; gap: 2px; min-width: 240px; }
    .facts { padding: 2px 6px 8px; border-bottom: 1px solid var(--line); margin-bottom: 4px; }
    .item { all: unset; display: flex; align-items: center; gap: 8px; height: 28px; padding: 0 6px; border-radius: var(--radius-control); cursor: pointer; color: var(--text); }
    .item:hover { background: var(--surface-selected); } .item:focus-visible { outline: 2px solid var(--focus); }
    p { padding: 4px 6px 0; }
  `];
}
