// The time range of a search. Fires `range-change` {range, from, to}.
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { RANGES, type TimeRange } from '../controllers/time-range.js';
import { sheet } from '../styles/sheet.js';
import { fromInput, shortDateTime, toInput } from '../words/format.js';
import { icon } from './icon.js';
import type { PopOver } from './pop-over.js';
import './pop-over.js';

@customElement('range-picker')
export class RangePicker extends Part {
  @property({ attribute: false }) range: TimeRange = { name: 'h24', from: null, to: null };

  private choose(detail: { range: string | null; from: string | null; to: string | null }): void {
    this.renderRoot.querySelector<PopOver>('pop-over')?.close();
    this.fire('range-change', detail);
  }
  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement), end = (name: string): string | null => fromInput(String(data.get(name) ?? '')) ?? null;
    this.choose({ range: 'custom', from: end('from'), to: end('to') });
  }

  override render() {
    const t = words().eventsPage, { name, from, to } = this.range;
    const text = name === 'custom' ? `${from === null ? '…' : shortDateTime(from)} – ${to === null ? '…' : shortDateTime(to)}` : t.ranges[name];
    return html`<pop-over align="end" label="${t.range}: ${text}"><span slot="button" class="line">${icon('clock')}${text}${icon('down', 'small')}</span><div class="box">
      <ul>${RANGES.filter((one) => one !== 'custom').map((one) => html`<li><button type="button" data-testid="range-${one}" aria-pressed=${one === name ? 'true' : 'false'} @click=${() => this.choose({ range: one === 'h24' ? null : one, from: null, to: null })}>${t.ranges[one]}</button></li>`)}</ul>
      <form @submit=${this.submit}><div class="field"><label for="from">${t.from}</label><input class="input" id="from" name="from" type="datetime-local" step="1" .value=${from === null ? '' : toInput(from)}></div><div class="field"><label for="to">${t.to}</label><input class="input" id="to" name="to" type="datetime-local" step="1" .value=${to === null ? '' : toInput(to)}></div><button class="button" type="submit">${t.apply}</button></form></div></pop-over>`;
  }

  static override styles = [sheet, css`
    :host { --control-height: 32px; } .line { gap: 6px; }
    .box { display: grid; grid-template-columns: 150px 210px; --control-height: 28px; }
    ul { padding: 4px; border-right: 1px solid var(--line); }
    ul button { all: unset; display: block; width: 100%; box-sizing: border-box; height: 28px; line-height: 28px; padding: 0 8px; border-radius: var(--radius-control); cursor: pointer; } ul button:hover { background: var(--surface-hover); } ul button:focus-visible { outline: 2px solid var(--focus); outline-offset: -2px; } ul button[aria-pressed='true'] { background: var(--surface-selected); font-weight: var(--weight-medium); }
    form { display: grid; gap: 8px; padding: 8px 10px; } form .button { justify-self: start; }
  `];
}
