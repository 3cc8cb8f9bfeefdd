// A log line as it arrived, with the bytes that decided lit and numbered. Log content is hostile: text only, and characters that
// hide or reorder others are shown by their code.
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { litPieces, visible, type Range } from './lit-bytes.js';

const hidden = (name: string): TemplateResult => html`<span class="hidden-character" title=${words().proof.hidden(name)}>${name}</span>`;
/** Text of a machine, hidden characters shown by code. */
export const safeText = (text: string): unknown => visible(text).map((part) => (part.hidden ? hidden(part.text) : part.text));
/** The same, a new line where one begins: a stack trace is read line by line. */
const rawText = (text: string): unknown => visible(text).map((part) => (part.hidden ? html`${hidden(part.text)}${part.text === '\\n' ? html`<br>` : nothing}` : part.text));

export const safeTextStyle = css`.hidden-character { font-family: var(--font-text); font-size: 9px; font-weight: var(--weight-strong); letter-spacing: 0; color: var(--text-soft); border: 1px solid var(--line-strong); border-radius: 2px; padding: 0 2px; margin: 0 1px; vertical-align: 1px; white-space: nowrap; }`;

/** Longer messages, or of more lines, scroll in their box, which then takes the keyboard. */
const LONG = 1_500, MANY = 15;
const isLong = (text: string): boolean => text.length > LONG || text.split('\n', MANY + 1).length > MANY;

@customElement('raw-line')
export class RawLine extends Part {
  @property() line = '';
  @property({ attribute: false }) ranges: readonly Range[] = [];
  /** Number of the first condition, minus one: lines of one chain count on. */
  @property({ type: Number }) offset = 0;

  override render(): TemplateResult {
    const pieces = litPieces(this.line, this.ranges), long = isLong(this.line);
    return html`<div class="raw ${long ? 'long' : ''}" data-testid="raw-line" tabindex=${long ? 0 : nothing}>${pieces.map(({ text, by, ends }) => (by.length === 0 ? rawText(text) : html`<mark data-n=${ends.length === 0 ? nothing : ends.map((index) => index + 1 + this.offset).join(',')}>${rawText(text)}</mark>`))}</div>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    .raw { font: var(--type-small)/1.800 var(--font-log); font-variant-ligatures: none; letter-spacing: -0.01em; background: var(--surface-quiet); border: 1px solid var(--line); border-radius: var(--radius-control); padding: 4px 10px 5px; overflow-wrap: anywhere; white-space: pre-wrap; color: var(--text); }
    .long { max-height: 320px; overflow: auto; }
    mark { background: var(--lamp-soft); color: var(--text-on-lamp); border-bottom: 2px solid var(--lamp-line); padding: 1px 1px 0; border-radius: 1px; }
    mark[data-n]::after { content: attr(data-n); font: var(--weight-strong) 9px/1 var(--font-text); margin-left: 1px; vertical-align: 4px; }
  `];
}
