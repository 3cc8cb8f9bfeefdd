// The values of one placeholder: shown to everybody, one a line for who may change them. Fires `placeholder-set` with the lines and the version
// they were written over. What is being written stays while values are loaded anew; what somebody else saved meanwhile stands under it.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PlaceholderItem } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';
import { safeText, safeTextStyle } from './raw-line.js';

const lines = (text: string): readonly string[] => text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '');
const same = (a: readonly string[], b: readonly string[]): boolean => a.join('\n') === b.join('\n');
const listed = (values: readonly string[]) => values.map((value, at) => html`${at === 0 ? '' : ', '}${safeText(value)}`);

@customElement('placeholder-values')
export class PlaceholderValues extends Part {
  @property({ attribute: false }) item: PlaceholderItem | undefined;
  @property({ attribute: false }) version = 0;
  @property({ attribute: false }) editable = false;
  @property({ attribute: false }) busy = false;
  /** What is being written, over which version and values; undefined while it is what is saved. */
  @state() private draft: { readonly text: string; readonly version: number; readonly over: readonly string[] } | undefined;
  private sent = false;

  protected override willUpdate(seen: Map<PropertyKey, unknown>): void {
    if (this.draft && seen.has('item') && same(lines(this.draft.text), this.item?.values ?? [])) this.draft = undefined;
    if (!this.sent || !seen.has('busy') || this.busy) return;
    this.sent = false; // answered, and if refused he has been told what is saved now: the next attempt is over that
    if (this.draft) this.draft = { ...this.draft, version: this.version };
  }

  private write(text: string, { values }: PlaceholderItem): void {
    const { version, over } = this.draft ?? { version: this.version, over: values };
    this.draft = text === values.join('\n') ? undefined : { text, version, over };
  }
  private submit(event: SubmitEvent): void {
    event.preventDefault();
    if (!this.draft || this.item === undefined) return;
    this.sent = true;
    this.fire('placeholder-set', { name: this.item.name, version: this.draft.version, values: lines(this.draft.text) });
  }

  override render() {
    if (this.item === undefined) return nothing;
    const r = words().rulesPage, { name, values, from, rules } = this.item, id = `values-${name}`, says = html`${r.valuesFrom[from]}${rules.length > 1 ? ` ${r.valuesShared(rules.length)}` : ''}`;
    return html`<form @submit=${this.submit} data-testid="placeholder-form"><label class="mono medium" for=${id}>%${safeText(name)}%</label>
      <p class="small ${from === 'none' ? 'warn line' : 'faint'}">${from === 'none' ? icon('warn', 'small') : nothing}<span>${says}</span></p>
      ${this.editable ? this.form(this.item, id) : html`<p class="mono" id=${id}>${values.length === 0 ? r.noValues : listed(values)}</p>`}</form>`;
  }
  private form(item: PlaceholderItem, id: string) {
    const { values } = item, { draft } = this, t = words(), r = t.rulesPage;
    return html`<textarea class="input mono" id=${id} name="values" rows=${Math.min(8, Math.max(2, values.length + 1))} spellcheck="false" data-testid="placeholder-values" .value=${draft?.text ?? values.join('\n')} @input=${(event: Event) => this.write((event.target as HTMLTextAreaElement).value, item)}></textarea>
      ${draft && !same(draft.over, values) ? html`<p class="small warn line" data-testid="placeholder-other">${icon('warn', 'small')}<span>${r.valuesNow} ${values.length === 0 ? r.noValues : html`<span class="mono">${listed(values)}</span>`}</span></p>` : nothing}
      <div class="line"><button class="button" type="submit" data-testid="placeholder-save" ?disabled=${this.busy || !draft}>${t.save}</button>${draft ? html`<button class="button" type="button" data-testid="placeholder-leave" ?disabled=${this.busy} @click=${() => { this.draft = undefined; }}>${t.cancel}</button>` : nothing}</div>`;
  }
  static override styles = [sheet, safeTextStyle, css`form { display: grid; gap: 4px; padding: 4px 0 8px; } textarea { resize: vertical; min-height: 44px; } p { overflow-wrap: anywhere; }`];
}
