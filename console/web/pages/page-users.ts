// Users, for administrators: who may do what on which levels; add, edit, lock, reset a password, remove.
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { List, UserItem } from '../../api.js';
import { ApiError, said, get, patch, post, remove } from '../client.js';
import { Loader } from '../controllers/loader.js';
import { words } from '../controllers/locale.js';
import { now } from '../controllers/now.js';
import { Page, type PageHead } from '../controllers/page.js';
import { session } from '../controllers/session.js';
import type { Done } from '../parts/docked-bar.js';
import { icon } from '../parts/icon.js';
import { safeText, safeTextStyle } from '../parts/raw-line.js';
import type { UserDraft } from '../parts/user-form.js';
import { sheet } from '../styles/sheet.js';
import { ago } from '../words/format.js';
import '../parts/docked-bar.js';
import '../parts/state-view.js';
import '../parts/user-form.js';

@customElement('page-users')
export class PageUsers extends Page {
  /** A username, '' for a new one, undefined for none. */
  @state() private editing: string | undefined;
  @state() private error: string | undefined;
  @state() private busy = false;
  @state() private done: Done | undefined;
  private readonly list = new Loader(this, (signal) => get<List<UserItem>>('/api/users', { limit: 500 }, signal));

  override connectedCallback(): void { super.connectedCallback(); void this.list.run(); }
  protected override head(): PageHead { const t = words().usersPage; return { title: t.title, summary: this.list.value ? t.summary(this.list.value.total) : nothing }; }

  private async act(work: () => Promise<unknown>, text: string): Promise<void> {
    this.busy = true; this.error = undefined;
    try {
      await work();
      this.editing = undefined; this.done = { text };
    } catch (error) {
      this.error = said(ApiError.from(error));
    } finally { this.busy = false; }
    await this.list.run();
  }

  private save(user: UserItem | undefined, draft: UserDraft): void {
    const t = words().usersPage, { username, name, roles, tiers, readsLogs, disabled, password } = draft, given = password === '' ? {} : { password };
    if (!user) void this.act(() => post('/api/users', { username, ...(name === '' ? {} : { name }), roles, tiers, readsLogs, ...given }), t.added(username));
    else void this.act(() => patch(`/api/users/${encodeURIComponent(user.username)}`, { version: user.version, name, roles, tiers, readsLogs, disabled, ...given }), t.saved(user.username));
  }

  override render() {
    const { value, error } = this.list, t = words(), u = t.usersPage, edited = value?.items.find(({ username }) => username === this.editing);
    if (!value) return html`<state-view .error=${error} loading @retry=${() => this.list.run()}></state-view>`;
    return html`<div class="page"><div class="spread">
      <div class="scroll" tabindex="0" role="region" aria-label=${u.title}><table class="table"><thead><tr><th scope="col">${u.username}</th><th scope="col">${u.name}</th><th scope="col">${u.roles}</th><th scope="col">${u.tiers}</th><th scope="col">${u.readsLogs}</th><th scope="col">${u.state}</th><th scope="col">${u.lastLogin}</th><th scope="col"><span class="unseen">${t.actions}</span></th></tr></thead>
        <tbody>${value.items.map((user) => html`<tr class=${user.username === this.editing ? 'here' : ''}><td class="mono">${safeText(user.username)}${user.username === session()?.username ? html` <span class="badge">${u.own}</span>` : nothing}</td><td>${safeText(user.name)}</td><td>${user.roles.map((role) => t.role[role]).join(', ')}</td><td class="nowrap">${[...user.tiers].sort((a, b) => a - b).join(', ')}</td><td>${user.readsLogs ? t.yes : t.no}</td>
          <td>${user.disabled ? html`<span class="state bad">${icon('lock')}${u.disabled}</span>` : user.mustChangePassword ? html`<span class="state warn">${icon('clock')}${u.mustChange}</span>` : html`<span class="state good">${icon('check')}${u.active}</span>`}</td><td class="small">${user.lastLogin === null ? html`<span class="faint">${u.never}</span>` : ago(user.lastLogin, now())}</td>
          <td class="num"><button class="button quiet slim" type="button" aria-label="${t.edit} ${user.username}" @click=${() => { this.editing = user.username; this.error = undefined; }}>${icon('pencil', 'small')}${t.edit}</button></td></tr>`)}</tbody></table></div>
      <aside>${this.editing === undefined ? html`<button class="button main" type="button" data-testid="user-add" @click=${() => { this.editing = ''; this.error = undefined; }}>${icon('plus')}${u.add}</button>` : html`<user-form .user=${edited} .own=${edited?.username === session()?.username} .may=${session()?.tiers ?? []} .busy=${this.busy} .error=${this.error} @user-save=${(event: CustomEvent<UserDraft>) => this.save(edited, event.detail)} @user-remove=${() => { if (edited) void this.act(() => remove(`/api/users/${encodeURIComponent(edited.username)}`), u.removed(edited.username)); }} @user-leave=${() => { this.editing = undefined; }}></user-form>`}</aside></div>
      <docked-bar .done=${this.done} @done-close=${() => { this.done = undefined; }}></docked-bar></div>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    .page { display: flex; flex-direction: column; min-height: 0; } .spread { flex: 1; min-height: 0; display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr) 340px; } .scroll { outline-offset: -2px; }
    .table th { white-space: normal; } .badge { font-family: var(--font-text); letter-spacing: 0; }
    aside { border-left: 1px solid var(--line); background: var(--surface-quiet); padding: 14px; overflow: auto; }
  `];
}
