// One's own account: language, theme, password.
import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { SessionInfo } from '../../api.js';
import { ApiError, post } from '../client.js';
import { words } from '../controllers/locale.js';
import { Page, type PageHead } from '../controllers/page.js';
import { session } from '../controllers/session.js';
import { setTheme, theme, type Theme } from '../controllers/theme.js';
import { icon } from '../parts/icon.js';
import { sheet } from '../styles/sheet.js';
import { dateTime } from '../words/format.js';
import '../parts/language-switch.js';
import '../parts/password-form.js';

@customElement('page-settings')
export class PageSettings extends Page {
  @state() private changed = false;
  protected override head(): PageHead { return { title: words().settings.title }; }

  private async change(event: CustomEvent<{ current: string; next: string; done: (error?: ApiError) => void }>): Promise<void> {
    const { current, next, done } = event.detail;
    this.changed = false;
    try {
      const who = await post<SessionInfo>('/api/session/password', { current, next }, { quiet401: true });
      done();
      this.changed = true;
      this.fire('session-change', who);
    } catch (error) { done(ApiError.from(error)); }
  }

  override render() {
    const t = words(), who = session();
    if (!who) return html``;
    return html`<div class="scroll"><div class="sheet">
      <section class="panel"><header><h2>${t.settings.account}</h2></header><dl class="facts body"><dt>${t.signin.username}</dt><dd class="mono">${who.username}</dd><dt>${t.usersPage.name}</dt><dd>${who.name}</dd><dt>${t.shell.roles}</dt><dd>${who.roles.map((role) => t.role[role]).join(', ')}</dd><dt>${t.shell.tiers}</dt><dd>${who.tiers.join(', ')}</dd><dt>${t.usersPage.readsLogs}</dt><dd>${who.readsLogs ? t.yes : t.no}</dd><dt>${t.settings.expires}</dt><dd>${dateTime(who.expires)}</dd></dl></section>
      <section class="panel"><header><h2>${t.settings.language}</h2></header><div class="body stack"><language-switch full></language-switch><p class="small faint">${t.settings.languageHint}</p></div></section>
      <section class="panel"><header><h2>${t.settings.theme}</h2></header><div class="body stack"><div class="line" role="group" aria-label=${t.settings.theme}>${(['light', 'dark', 'system'] as const).map((one: Theme) => html`<button class="button" type="button" aria-pressed=${theme() === one ? 'true' : 'false'} @click=${() => { setTheme(one); this.requestUpdate(); }}>${t.shell[one]}</button>`)}</div><p class="small faint">${t.settings.themeHint}</p></div></section>
      <section class="panel"><header><h2>${t.settings.password}</h2></header><div class="body stack"><password-form @password-submit=${this.change}></password-form><p role="status" class="state good">${this.changed ? html`${icon('check')}${t.signin.changed}` : ''}</p></div></section>
    </div></div>`;
  }
  static override styles = [sheet, css`:host { display: grid; min-height: 0; background: var(--surface-sunken); } .sheet { padding: 12px var(--space-4) 24px; display: grid; gap: 12px; max-width: 620px; }`];
}
