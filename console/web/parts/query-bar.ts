// The query line: colors while typing, field names offered, a mistake underlined at its column. Fires `query-run` (text).
import { css, html, nothing } from 'lit';
import { customElement, property, query as find, state } from 'lit/decorators.js';
import { foldSearch } from '../../../core/fold.js';
import { language, words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { styled } from '../controllers/styled.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';
import { fieldAt, tokens, type Completion } from './query-text.js';

export interface FieldName { readonly name: string; readonly type: string; readonly vi: string; readonly en: string }
export interface Mistake { readonly message: string; readonly column?: number }
const OFFERED = 8;

@customElement('query-bar')
export class QueryBar extends Part {
  @property() value = '';
  @property({ attribute: false }) fields: readonly FieldName[] = [];
  @property({ attribute: false }) mistakes: readonly Mistake[] = [];
  @property({ attribute: false }) busy = false;
  @state() private text = '';
  @state() private completion: Completion | undefined;
  @state() private here = -1;
  @state() private scrolled = 0;
  @find('input') private readonly input!: HTMLInputElement;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void { if (changed.has('value')) { this.text = this.value; this.completion = undefined; } }
  override focus(): void { this.input.focus(); this.input.select(); }

  private get offers(): FieldName[] {
    if (!this.completion) return [];
    const typed = foldSearch(this.completion.typed), name = (field: FieldName): string => foldSearch(field.name);
    return this.fields.filter((field) => (name(field).includes(typed) || foldSearch(field[language()]).includes(typed)) && name(field) !== typed).sort((a, b) => Number(name(b).startsWith(typed)) - Number(name(a).startsWith(typed))).slice(0, OFFERED);
  }

  private typed(): void {
    this.text = this.input.value;
    this.completion = fieldAt(this.text, this.input.selectionStart ?? this.text.length);
    this.here = -1;
    this.scrolled = this.input.scrollLeft;
  }

  private choose({ name }: FieldName): void {
    const { completion } = this;
    if (!completion) return;
    const after = this.text.slice(completion.to), joint = after.startsWith(':') ? '' : ':';
    this.text = this.text.slice(0, completion.from) + name + joint + after;
    this.completion = undefined;
    const caret = completion.from + name.length + 1;
    void this.updateComplete.then(() => { this.input.focus(); this.input.setSelectionRange(caret, caret); });
  }

  private run(): void { this.completion = undefined; this.fire('query-run', this.text.trim()); }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const { offers } = this;
    if (offers.length > 0 && event.key === 'ArrowDown') this.here = (this.here + 1) % offers.length;
    else if (offers.length > 0 && event.key === 'ArrowUp') this.here = (this.here + offers.length) % (offers.length + 1) - (this.here <= 0 ? 1 : 0);
    else if (offers.length > 0 && (event.key === 'Tab' && !event.shiftKey || event.key === 'Enter' && this.here >= 0)) this.choose(offers[Math.max(0, this.here)] as FieldName);
    else if (event.key === 'Enter') this.run();
    else if (event.key === 'Escape' && this.completion) { this.completion = undefined; event.stopPropagation(); }
    else return;
    event.preventDefault();
  }

  override render() {
    const t = words(), { offers } = this, wrong = this.mistakes.length > 0;
    return html`<div class="line top"><div class="box ${wrong ? 'wrong' : ''}">
        <div class="mirror" aria-hidden="true"><span ${styled({ transform: `translateX(${-this.scrolled}px)` })}>${this.mirror()}</span></div>
        <input role="combobox" aria-label=${t.eventsPage.query} aria-expanded=${offers.length > 0 ? 'true' : 'false'} aria-controls="offers" aria-autocomplete="list" aria-activedescendant=${this.here >= 0 ? `o${this.here}` : nothing} aria-invalid=${wrong ? 'true' : 'false'} aria-describedby=${wrong ? 'faults' : nothing} autocomplete="off" autocapitalize="none" spellcheck="false" placeholder=${t.eventsPage.placeholder} data-testid="events-query" .value=${this.text} @input=${this.typed} @scroll=${() => { this.scrolled = this.input.scrollLeft; }} @keydown=${this.key} @blur=${() => { this.completion = undefined; }}>
        <ul id="offers" role="listbox" aria-label=${t.eventsPage.suggestions} ?hidden=${offers.length === 0}>${offers.map((field, index) => html`<li id="o${index}" role="option" aria-selected=${index === this.here ? 'true' : 'false'} @pointerdown=${(event: Event) => { event.preventDefault(); this.choose(field); }}><span class="mono">${field.name}</span><span class="small faint push">${field[language()]}</span></li>`)}</ul></div>
      <button class="button main" type="button" ?disabled=${this.busy} data-testid="events-run" @click=${this.run}>${icon('search')}${t.eventsPage.run}<kbd>Enter</kbd></button></div>
      ${wrong ? html`<ul id="faults" role="alert">${this.mistakes.map(({ column, message }) => html`<li>${icon('error')}<span>${column === undefined ? nothing : html`<b class="medium">${t.error.column(column)}:</b> `}${message}</span></li>`)}</ul>` : nothing}`;
  }

  /** The text again, colored, behind the transparent input; the mistake's piece underlined while it still stands there. */
  private mirror() {
    const wrong = this.text === this.value ? this.mistakes.flatMap(({ column }) => (column === undefined ? [] : [column - 1])) : [];
    return tokens(this.text).map(({ kind, text, start }) => html`<i class="${kind} ${wrong.some((at) => at >= start && at < start + text.length) ? 'fault' : ''}">${text}</i>`);
  }

  static override styles = [sheet, css`
    .top { align-items: stretch; }
    .box { position: relative; flex: 1; min-width: 0; height: 32px; border: 1px solid var(--line-strong); border-radius: var(--radius-control); background: var(--surface); }
    .box:focus-within { outline: 2px solid var(--focus); outline-offset: 1px; } .box.wrong { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
    .mirror, input { font: 13px/30px var(--font-log); font-variant-ligatures: none; letter-spacing: 0; white-space: pre; }
    .mirror { position: absolute; inset: 0 10px; overflow: hidden; pointer-events: none; } .mirror span { display: inline-block; } i { font-style: normal; }
    input { position: absolute; inset: 0; width: 100%; height: 30px; padding: 0 10px; border: 0; background: none; outline: none; color: transparent; caret-color: var(--text); }
    input::placeholder { color: var(--text-faint); opacity: 1; } input::selection { background: var(--surface-selected); color: transparent; }
    .field { display: inline; color: var(--accent); } .word { color: var(--text); font-weight: 600; } .sign { color: var(--text-faint); } .value { color: var(--verdict-false); }
    .fault { display: inline; font-size: inherit; text-decoration: underline wavy var(--bad) 1.500px; text-underline-offset: 4px; background: var(--bad-soft); }
    .button { height: 32px; }
    #offers { position: absolute; z-index: 10; left: -1px; top: calc(100% + 4px); min-width: 420px; max-width: 100%; padding: 4px; background: var(--surface-raised); border: 1px solid var(--line); border-radius: var(--radius-pane); box-shadow: var(--shadow-popover); }
    #offers li { display: flex; align-items: center; gap: 16px; height: 26px; padding: 0 8px; border-radius: var(--radius-control); cursor: pointer; } #offers li:hover { background: var(--surface-hover); } #offers li[aria-selected='true'] { background: var(--surface-selected); }
    #faults { display: grid; gap: 2px; margin-top: 6px; } #faults li { display: flex; gap: 8px; align-items: center; } #faults .icon { color: var(--bad); }
  `];
}
