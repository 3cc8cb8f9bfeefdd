// A note for the timeline. Fires `note-save` (text). What was typed stays until it is saved (`reset`).
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';

@customElement('note-form')
export class NoteForm extends Part {
  @property({ attribute: false }) busy = false;
  @state() private text = '';

  reset(): void { this.text = ''; }
  override focus(): void { this.renderRoot.querySelector('textarea')?.focus(); }
  private save(): void { if (this.text.trim() !== '') this.fire('note-save', this.text.trim()); }

  override render() {
    const t = words().incident;
    return html`<form @submit=${(event: Event) => { event.preventDefault(); this.save(); }}>
      <textarea rows="2" maxlength="10000" aria-label=${t.note} placeholder=${t.notePlaceholder} data-testid="incident-note-text" .value=${this.text} @input=${(event: Event) => { this.text = (event.target as HTMLTextAreaElement).value; }} @keydown=${(event: KeyboardEvent) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.save(); } }}></textarea>
      <footer><span>${t.noteHint}</span><button class="button push" type="submit" ?disabled=${this.busy || this.text.trim() === ''} data-testid="incident-note-save">${t.noteSave}<kbd>Ctrl Enter</kbd></button></footer></form>`;
  }

  static override styles = [sheet, css`
    form { border: 1px solid var(--line-strong); border-radius: var(--radius-control); background: var(--surface); }
    form:focus-within { outline: 2px solid var(--focus); outline-offset: 1px; }
    textarea { border: 0; width: 100%; padding: 7px 10px 0; background: transparent; display: block; resize: vertical; outline: none; line-height: var(--leading-body); } textarea::placeholder { color: var(--text-faint); opacity: 1; }
    footer { display: flex; align-items: center; gap: 8px; padding: 3px 5px 5px 10px; font-size: var(--type-small); color: var(--text-faint); }
  `];
}
