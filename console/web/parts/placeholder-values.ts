// The values of one placeholder: shown to everybody, one a line for who may change them. Fires `placeholder-set` with the lines.
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PlaceholderItem } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { safeText, safeTextStyle } from './raw-line.js';

@customElement('placeholder-values')
export class PlaceholderValues extends Part {
  @property({ attribute: false }) item: PlaceholderItem | undefined;
  @property({ attribute: false }) editable = false;
  @property({ attribute: false }) busy = false;

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const text = String(new FormData(event.target as HTMLFormElement).get('values') ?? '');
    this.fire('placeholder-set', { name: this.item?.name ?? '', values: text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '') });
  }

  override render() {
    if (this.item === undefined) return nothing;
    const r = words().rulesPage, { name, values, from, rules } = this.item, id = `values-${name}`;
    return html`<form @submit=${this.submit} data-testid="placeholder-form"><label class="mono" for=${id}>%${safeText(name)}%</label>
      ${this.editable ? html`<textarea class="input mono" id=${id} name="values" rows="4" spellcheck="false" data-testid="placeholder-values" .value=${values.join('\n')}></textarea><button class="button" type="submit" ?disabled=${this.busy}>${words().save}</button>` : html`<p class="mono" id=${id}>${values.length === 0 ? r.noValues : values.map((value, at) => html`${at === 0 ? '' : ', '}${safeText(value)}`)}</p>`}
      <p class="small faint">${r.valuesFrom[from]}${rules.length > 1 ? ` ${r.valuesShared(rules.length)}` : ''}</p></form>`;
  }
  static override styles = [sheet, safeTextStyle, css`form { display: grid; gap: 6px; } .button { justify-self: start; } textarea { resize: vertical; min-height: 64px; } p { overflow-wrap: anywhere; }`];
}
