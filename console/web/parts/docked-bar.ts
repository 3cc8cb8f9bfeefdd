// The foot of a list: key hints, or what was just done with its undo. It covers nothing.
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { icon } from './icon.js';

export interface Done { readonly text: string; readonly failures?: readonly string[]; readonly undo?: () => void; readonly busy?: boolean }

@customElement('docked-bar')
export class DockedBar extends Part {
  @property({ attribute: false }) keys: readonly (readonly [readonly string[], string])[] = [];
  @property({ attribute: false }) done: Done | undefined;

  override render() {
    const t = words();
    return html`<div aria-live="polite">${this.done ? html`<div class="done">${icon(this.done.failures?.length ? 'warn' : this.done.busy ? 'clock' : 'check')}<span>${this.done.text}</span>
        ${this.done.failures?.length ? html`<span class="failures cut" title=${this.done.failures.join('\n')}>${t.queue.bulkFailed(this.done.failures.length)}: ${this.done.failures.join('; ')}</span>` : nothing}
        ${this.done.undo ? html`<button class="undo" type="button" @click=${this.done.undo}>${icon('undo')}<u>${t.queue.undo}</u><kbd>z</kbd></button>` : nothing}
        <button class="undo push" type="button" aria-label=${t.close} @click=${() => this.fire('done-close')}>${icon('cross')}</button></div>` : nothing}</div>
      ${this.done || this.keys.length === 0 ? nothing : html`<div class="keys">${this.keys.map(([names, text]) => html`<span>${names.map((name) => html`<kbd>${name}</kbd>`)} ${text}</span>`)}</div>`}`;
  }

  static override styles = [sheet, css`
    .keys { display: flex; align-items: center; gap: 14px; height: 34px; padding: 0 var(--space-4); border-top: 1px solid var(--line); background: var(--surface-quiet); color: var(--text-faint); font-size: var(--type-mark); white-space: nowrap; overflow: hidden; }
    .keys span { display: inline-flex; align-items: center; gap: 4px; }
    .done { display: flex; align-items: center; gap: var(--space-3); height: 34px; padding: 0 var(--space-4); background: var(--text); color: var(--surface); white-space: nowrap; }
    .failures { font-size: var(--type-small); }
    .undo { all: unset; cursor: pointer; display: inline-flex; align-items: center; gap: 6px; height: 26px; padding: 0 6px; font-weight: var(--weight-strong); border-radius: var(--radius-control); }
    .undo u { text-underline-offset: 3px; } .undo:focus-visible { outline: 2px solid currentColor; } .undo kbd { background: transparent; color: inherit; border-color: currentColor; }
  `];
}
