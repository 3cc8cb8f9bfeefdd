// Current password, new one twice. Fires `password-submit` {current, next, done}; the page sends it and calls `done` with the error, if any.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { passwordChars, PASSWORD_CHARS_MIN } from '../../../core/password-rule.js';
import { said, type ApiError } from '../client.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';

@customElement('password-form')
export class PasswordForm extends Part {
  @property({ type: Boolean }) wide = false;
  @state() private error = '';
  @state() private busy = false;

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement, data = new FormData(form), text = (name: string): string => String(data.get(name) ?? '');
    const t = words().signin;
    this.error = passwordChars(text('next')) < PASSWORD_CHARS_MIN ? t.tooShort(PASSWORD_CHARS_MIN) : text('next') !== text('again') ? t.differ : '';
    if (this.error !== '') return;
    this.busy = true;
    this.fire('password-submit', { current: text('current'), next: text('next'), done: (error?: ApiError) => {
      this.busy = false;
      this.error = error === undefined ? '' : said(error);
      if (error === undefined) form.reset();
    } });
  }

  override render() {
    const t = words().signin;
    const field = (name: 'current' | 'next' | 'again', label: string, complete: string, hint = '') => html`<div class="field"><label for=${name}>${label}</label><input class="input" id=${name} name=${name} type="password" autocomplete=${complete} required data-testid="password-${name}">${hint === '' ? nothing : html`<span class="hint">${hint}</span>`}</div>`;
    return html`<form @submit=${this.submit} novalidate>
      ${field('current', t.current, 'current-password')}${field('next', t.next, 'new-password', t.rule(PASSWORD_CHARS_MIN))}${field('again', t.again, 'new-password')}
      <p class="fault" role="alert">${this.error === '' ? nothing : html`${icon('error', 'small')}<span data-testid="password-error">${this.error}</span>`}</p>
      <div><button class="button main" type="submit" ?disabled=${this.busy} data-testid="password-submit">${t.change}</button></div></form>`;
  }

  static override styles = [sheet, css`form { display: grid; gap: 12px; max-width: 380px; } .fault { min-height: 18px; }`];
}
