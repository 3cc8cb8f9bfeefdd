// A user, new or known. Fires `user-save` (UserDraft), `user-remove`, `user-leave`.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { passwordChars, PASSWORD_CHARS_MIN } from '../../../core/password-rule.js';
import type { RoleName, UserItem } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';

export interface UserDraft { readonly username: string; readonly name: string; readonly roles: readonly RoleName[]; readonly tiers: readonly number[]; readonly readsLogs: boolean; readonly disabled: boolean; readonly password: string }
const ROLES: readonly RoleName[] = ['analyst', 'admin', 'manager'];

@customElement('user-form')
export class UserForm extends Part {
  @property({ attribute: false }) user: UserItem | undefined;
  @property({ attribute: false }) own = false;
  /** Levels that may be given. */
  @property({ attribute: false }) may: readonly number[] = [];
  @property({ attribute: false }) busy = false;
  @property({ attribute: false }) error: string | undefined;
  @state() private wrong = '';
  @state() private sure = false;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void { if (changed.has('user') && (changed.get('user') as UserItem | undefined)?.username !== this.user?.username) { this.wrong = ''; this.sure = false; } }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement), text = (name: string): string => String(data.get(name) ?? '').trim(), t = words();
    const draft: UserDraft = { username: this.user?.username ?? text('username'), name: text('name'), roles: ROLES.filter((role) => data.has(`role-${role}`)), tiers: [1, 2, 3, 4, 5].filter((tier) => data.has(`tier-${tier}`)), readsLogs: data.has('readsLogs'), disabled: data.has('disabled'), password: String(data.get('password') ?? '') };
    this.wrong = !/^[a-z0-9][a-z0-9._-]{0,63}$/.test(draft.username) && !this.user ? t.usersPage.needName : draft.roles.length === 0 ? t.usersPage.needRole : draft.tiers.length === 0 ? t.usersPage.needTier : (draft.password !== '' || !this.user) && passwordChars(draft.password) < PASSWORD_CHARS_MIN ? t.signin.tooShort(PASSWORD_CHARS_MIN) : '';
    if (this.wrong === '') this.fire('user-save', draft);
  }

  override render() {
    const t = words(), u = t.usersPage, { user } = this, key = user?.username ?? '';
    const box = (name: string, label: string, on: boolean, off = false) => html`<label class="choice"><input class="check" type="checkbox" name=${name} .checked=${on} ?disabled=${off}>${label}</label>`;
    return html`<form data-user=${key} @submit=${this.submit} novalidate><h2>${user ? u.editTitle(user.username) : u.add}</h2>
      ${user ? nothing : html`<div class="field"><label for="username">${u.username}</label><input class="input" id="username" name="username" autocomplete="off" autocapitalize="none" spellcheck="false" data-testid="user-username"></div>`}
      <div class="field"><label for="name">${u.name}</label><input class="input" id="name" name="name" autocomplete="off" maxlength="120" .value=${user?.name ?? ''}></div>
      <fieldset><legend>${u.roles}</legend>${ROLES.map((role) => box(`role-${role}`, t.role[role], user?.roles.includes(role) ?? role === 'analyst'))}</fieldset>
      <fieldset class="tiers"><legend>${u.tiers}</legend>${[1, 2, 3, 4, 5].map((tier) => box(`tier-${tier}`, t.tierShort(tier), user?.tiers.includes(tier) ?? false, !this.may.includes(tier)))}</fieldset>
      <fieldset>${box('readsLogs', u.readsLogs, user?.readsLogs ?? false)}${user ? box('disabled', u.disable, user.disabled, this.own) : nothing}</fieldset>
      <div class="field"><label for="password">${user ? u.passwordReset : u.password}</label><input class="input" id="password" name="password" type="password" autocomplete="new-password" .value=${''} data-testid="user-password"><span class="hint">${u.passwordHint} ${t.signin.rule(PASSWORD_CHARS_MIN)}.</span></div>
      ${this.wrong !== '' || this.error ? html`<p class="fault" role="alert">${icon('error', 'small')}${this.wrong === '' ? this.error : this.wrong}</p>` : nothing}
      <div class="line"><button class="button main" type="submit" ?disabled=${this.busy} data-testid="user-save">${t.save}</button><button class="button" type="button" @click=${() => this.fire('user-leave')}>${t.cancel}</button>
        ${user && !this.own ? html`<button class="button quiet push ${this.sure ? 'danger' : ''}" type="button" ?disabled=${this.busy} @click=${() => { if (this.sure) this.fire('user-remove'); this.sure = !this.sure; }}>${this.sure ? u.removeSure : u.removeUser}</button>` : nothing}</div></form>`;
  }

  static override styles = [sheet, css`
    form { display: grid; gap: 14px; } fieldset { display: grid; gap: 5px; } .tiers { grid-template-columns: repeat(5, auto); justify-content: start; gap: 5px 14px; } legend { margin-bottom: 4px; }
  `];
}
