// Sign in; and, when the password was given by someone else, the forced change before anything else is shown.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { SessionInfo } from '../../api.js';
import { ApiError, post, said } from '../client.js';
import { language, words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { icon, logo } from '../parts/icon.js';
import '../parts/language-switch.js';
import '../parts/password-form.js';
import '../parts/theme-switch.js';
import { sea } from '../parts/sea.js';

@customElement('page-signin')
export class PageSignin extends Part {
  @property({ attribute: false }) who: SessionInfo | null = null;
  /** The session ended while someone worked. */
  @property({ attribute: false }) ended = false;
  /** Why it could not be asked who is signed in. */
  @property({ attribute: false }) down: ApiError | undefined;
  @state() private error = '';
  @state() private busy = false;
  @state() private shown = false;

  protected override updated(): void { document.title = `${words().signin.title} · ${words().product}`; }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement), username = String(form.get('username') ?? '').trim(), password = String(form.get('password') ?? '');
    const t = words().signin;
    if (username === '' || password === '') { this.error = t.empty; return; }
    this.busy = true;
    this.error = '';
    try {
      this.fire('session-change', await post<SessionInfo>('/api/session', { username, password }, { quiet401: true }));
    } catch (error) {
      const { status, retryAfter, message } = ApiError.from(error);
      this.error = status === 401 ? t.wrong : status === 429 ? t.tooMany(retryAfter ?? 60) : status === 0 ? t.unreachable : message;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLInputElement>('#password')?.select();
    } finally {
      this.busy = false;
    }
  }

  override render() {
    const t = words();
    return html`${sea()}
      <div class="entry">
        <header><language-switch full class="push"></language-switch><theme-switch></theme-switch></header>
        <main>
          <div class="name">${logo()}<div><h1>${t.product}</h1><p class="soft">${t.tagline}</p></div></div>
          ${this.who?.mustChangePassword ? html`<p class="notice">${icon('lock')}<span>${t.signin.mustChange}</span></p><password-form wide @password-changed=${(event: CustomEvent<SessionInfo>) => this.fire('session-change', event.detail)} @password-submit=${this.change}></password-form>` : this.form()}
        </main>
        <footer><p>${t.signin.legal}</p></footer>
      </div>`;
  }

  private async change(event: CustomEvent<{ current: string; next: string; done: (error?: ApiError) => void }>): Promise<void> {
    const { current, next, done } = event.detail;
    try {
      const who = await post<SessionInfo>('/api/session/password', { current, next });
      done();
      this.fire('session-change', who);
    } catch (error) { done(ApiError.from(error)); }
  }

  private form() {
    const t = words().signin, hint = this.error !== '' ? this.error : this.down ? said(this.down) : '';
    return html`<form lang=${language()} @submit=${this.submit} novalidate>
      ${this.ended && this.error === '' ? html`<p class="notice warn">${icon('clock')}<span>${t.expired}</span></p>` : nothing}
      <div class="field"><label for="username">${t.username}</label><input id="username" class="input" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" autofocus data-testid="signin-username"></div>
      <div class="field"><label for="password">${t.password}</label><div class="password"><input id="password" class="input" name="password" type=${this.shown ? 'text' : 'password'} autocomplete="current-password" aria-invalid=${hint === '' ? 'false' : 'true'} aria-describedby=${hint === '' ? nothing : 'fault'} data-testid="signin-password"><button class="button quiet" type="button" aria-label=${this.shown ? t.hidePassword : t.showPassword} @click=${() => { this.shown = !this.shown; }}>${this.shown ? words().hide : words().show}</button></div>
        <p class="fault" id="fault" role="alert">${hint === '' ? nothing : html`${icon('error', 'small')}<span data-testid="signin-error">${hint}</span>`}</p></div>
      <button class="button main" type="submit" ?disabled=${this.busy} data-testid="signin-submit">${t.submit}</button>
      <p class="small soft">${t.forgot}</p></form>`;
  }

  static override styles = [sheet, css`
    :host { display: grid; grid-template-columns: minmax(0, 1fr) 520px; height: 100%; background: var(--surface); }
    .sea { min-height: 0; overflow: hidden; } .sea svg { display: block; width: 100%; height: 100%; background: var(--surface-sunken); }
    .entry { display: grid; grid-template-rows: auto 1fr auto; padding: 24px 72px 22px; overflow: auto; }
    header { display: flex; align-items: center; gap: 6px; }
    main { align-self: center; display: grid; gap: 16px; padding: 24px 0; }
    form { display: grid; gap: 14px; }
    h1 { font-size: 20px; }
    .input { height: 36px; } .button.main { height: 38px; font-size: var(--type-lead); }
    .name { display: flex; align-items: center; gap: 12px; } .logo { width: 36px; height: 36px; }
    .password { position: relative; } .password .input { padding-right: 64px; } .password button { position: absolute; right: 1px; top: 1px; height: 34px; font-size: var(--type-small); }
    .fault { min-height: 18px; }
    footer { font-size: var(--type-small); color: var(--text-faint); }
    @media (max-width: 900px) { :host { grid-template-columns: minmax(0, 1fr); } .entry { padding-inline: 24px; } }
  `];
}
