// The values of one placeholder: shown to everybody, one a line for who may change them. Fires `placeholder-set` with the lines.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PlaceholderItem } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';
import { safeText, safeTextStyle } from './raw-line.js';

@customElement('placeholder-values')
export class PlaceholderValues extends Part {
  @property({ attribute: false }) item: PlaceholderItem | undefined;
  @property({ attribute: false }) editable = false;
  @property({ attribute: false }) busy = false;
  @state() private changed = false;

  protected override willUpdate(seen: Map<PropertyKey, unknown>): void { if (seen.has('item')) this.changed = false; }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const text = String(new FormData(event.target as HTMLFormElement).get('values') ?? '');
    this.fire('placeholder-set', { name: this.item?.name ?? '', values: text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '') });
  }

  override render() {
    if (this.item === undefined) return nothing;
    const r = words().rulesPage, { name, values, from, rules } = this.item, id = `values-${name}`, says = html`${r.valuesFrom[from]}${rules.length > 1 ? ` ${r.valuesShared(rules.length)}` : ''}`;
    return html`<form @submit=${this.submit} data-testid="placeholder-form"><label class="mono medium" for=${id}>%${safeText(name)}%</label>
      <p class="small ${from === 'none' ? 'warn line' : 'faint'}">${from === 'none' ? icon('warn', 'small') : nothing}<span>${says}</span></p>
      ${this.editable ? html`<textarea class="input mono" id=${id} name="values" rows=${Math.min(8, Math.max(2, values.length + 1))} spellcheck="false" data-testid="placeholder-values" .value=${values.join('\n')} @input=${(event: Event) => { this.changed = (event.target as HTMLTextAreaElement).value !== values.join('\n'); }}></textarea><button class="button" type="submit" ?disabled=${this.busy || !this.changed}>${words().save}</button>` : html`<p class="mono" id=${id}>${values.length === 0 ? r.noValues : values.map((value, at) => html`${at === 0 ? '' : ', '}${safeText(value)}`)}</p>`}</form>`;
  }
  static override styles = [sheet, safeTextStyle, css`form { display: grid; gap: 4px; padding: 4px 0 8px; } .button { justify-self: start; } textarea { resize: vertical; min-height: 44px; } p { overflow-wrap: anywhere; }`];
}
