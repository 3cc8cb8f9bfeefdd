// A new exception: field, value, why, until when; its owner is who adds it. Fires `exception-add` and `exception-leave`.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';

@customElement('exception-form')
export class ExceptionForm extends Part {
  @property({ attribute: false }) busy = false;
  /** The earliest day it may end. */
  @property() min = '';
  @state() private missing = false;

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement), text = (name: string): string => String(data.get(name) ?? '').trim();
    const detail = { field: text('field'), value: text('value'), reason: text('reason'), expires: text('expires') };
    this.missing = Object.values(detail).some((one) => one === '');
    if (!this.missing) this.fire('exception-add', detail);
  }

  override render() {
    const t = words(), r = t.rulesPage, field = (name: string, label: string, type = 'text') => html`<div class="field"><label for=${name}>${label}</label><input class="input" id=${name} name=${name} type=${type} min=${type === 'date' ? this.min : nothing} autocomplete="off" data-testid="exception-${name}"></div>`;
    return html`<form @submit=${this.submit} novalidate>${field('field', r.exceptionField)}${field('value', r.exceptionValue)}${field('reason', r.exceptionReason)}${field('expires', r.exceptionExpires, 'date')}
      ${this.missing ? html`<p class="fault" role="alert">${icon('error', 'small')}${r.required}</p>` : nothing}
      <div class="line"><button class="button main" type="submit" ?disabled=${this.busy} data-testid="exception-add">${r.addException}</button><button class="button" type="button" @click=${() => this.fire('exception-leave')}>${t.cancel}</button></div></form>`;
  }
  static override styles = [sheet, css`form { display: grid; gap: 8px; padding: 10px; border: 1px solid var(--line); border-radius: var(--radius-control); background: var(--surface); }`];
}
