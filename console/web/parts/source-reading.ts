// With which encoding and time zone a source is read: chosen, seen at once on its latest lines, then kept. Fires `reading-try` {encoding,
// timezone} at each choice, and `reading-set` {encoding, timezone}, null where its system decides.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ReadingTrial, SourceReading } from '../../api.js';
import { said, type ApiError } from '../client.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { dateTime, duration } from '../words/format.js';
import { icon } from './icon.js';
import { safeText, safeTextStyle } from './raw-line.js';
import { encodingName, encodingOptions, zoneOptions } from './reading-options.js';

export interface ReadingChoice { readonly encoding: string; readonly timezone: string }
const MINUTE = 60_000, HALF_HOUR = 30 * MINUTE;
/** So far ahead of its receipt no line was written; a difference of whole half hours looks like a zone. */
const looksWrong = (ms: number): boolean => ms > 5 * MINUTE || (ms <= -HALF_HOUR + 2 * MINUTE && Math.abs(ms - Math.round(ms / HALF_HOUR) * HALF_HOUR) < 2 * MINUTE);

@customElement('source-reading')
export class SourceReadingForm extends Part {
  @property({ attribute: false }) reading!: SourceReading;
  @property({ attribute: false }) rows: ReadingTrial['rows'] | undefined;
  @property({ attribute: false }) error: ApiError | undefined;
  /** May set it; may see lines. */
  @property({ type: Boolean }) editable = false;
  @property({ type: Boolean }) readable = false;
  @property({ type: Boolean }) busy = false;
  /** '': as its system says. */
  @state() private encoding = '';
  @state() private timezone = '';

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('reading') || (changed.get('reading') as SourceReading | undefined)?.version === this.reading.version) return;
    this.encoding = this.reading.own.encoding ?? '';
    this.timezone = this.reading.own.timezone ?? '';
  }
  private choose(choice: Partial<ReadingChoice>): void {
    ({ encoding: this.encoding, timezone: this.timezone } = { encoding: this.encoding, timezone: this.timezone, ...choice });
    const { otherwise } = this.reading;
    this.fire('reading-try', { encoding: this.encoding || otherwise.encoding, timezone: this.timezone || otherwise.timezone });
  }
  private submit(event: SubmitEvent): void {
    event.preventDefault();
    this.fire('reading-set', { encoding: this.encoding === '' ? null : this.encoding, timezone: this.timezone === '' ? null : this.timezone });
  }

  override render() {
    const t = words(), r = t.readingPart, { own, otherwise, version } = this.reading, changed = this.encoding !== (own.encoding ?? '') || this.timezone !== (own.timezone ?? ''), fixed = !this.editable || version === null;
    return html`<form @submit=${this.submit} data-testid="reading-form">
        <div class="field"><label for="encoding">${r.encoding}</label><select class="input" id="encoding" data-testid="reading-encoding" .value=${this.encoding} @change=${(event: Event) => this.choose({ encoding: (event.target as HTMLSelectElement).value })}><option value="">${r.asSystem(encodingName(otherwise.encoding))}</option>${encodingOptions(this.encoding)}</select></div>
        <div class="field"><label for="timezone">${r.timezone}</label><select class="input" id="timezone" data-testid="reading-timezone" .value=${this.timezone} @change=${(event: Event) => this.choose({ timezone: (event.target as HTMLSelectElement).value })}><option value="">${r.asSystem(otherwise.timezone)}</option>${zoneOptions(this.timezone)}</select></div>
        ${fixed ? nothing : html`<button class="button main" type="submit" data-testid="reading-save" ?disabled=${this.busy || !changed}>${t.save}</button>`}
        ${changed ? html`<button class="button" type="button" data-testid="reading-leave" @click=${() => this.choose({ encoding: own.encoding ?? '', timezone: own.timezone ?? '' })}>${t.cancel}</button>` : nothing}</form>
      <p class="small soft">${version === null ? r.unassigned : this.editable ? r.hint : r.readOnly}</p>
      ${this.error ? html`<p class="fault" role="alert">${icon('error', 'small')}${said(this.error)}</p>` : nothing}
      ${this.preview(changed)}`;
  }

  private preview(changed: boolean) {
    const r = words().readingPart, { rows } = this;
    if (!this.readable) return html`<p class="small soft">${r.notYours}</p>`;
    if (rows === undefined) return nothing;
    if (rows.length === 0) return html`<p class="small soft">${r.noLines}</p>`;
    const invalid = rows.filter((row) => row.invalid).length, wrong = rows.filter(({ time, received }) => time !== null && looksWrong(Date.parse(time) - Date.parse(received))).length;
    return html`<div class="head"><h3>${changed ? r.preview : r.asNow}</h3><span class="verdicts" role="status">${invalid > 0 ? html`<span class="state warn" data-testid="reading-invalid">${icon('warn')}${r.invalid(invalid, rows.length)}</span>` : html`<span class="state good">${icon('check')}${r.allLetters}</span>`}${wrong > 0 ? html`<span class="state warn" data-testid="reading-skewed">${icon('warn')}${r.skewed(wrong, rows.length)}</span>` : nothing}</span></div>
      <div class="scroll" tabindex="0" role="region" aria-label=${r.preview}><table class="table"><thead><tr><th scope="col">${r.received}</th><th scope="col">${r.told}</th><th scope="col" class="num">${r.difference}</th><th scope="col">${r.line}</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr data-testid="reading-row"><td class="nowrap small">${dateTime(row.received)}</td><td class="nowrap small">${row.time === null ? html`<span class="faint">${r.noTime}</span>` : html`${dateTime(row.time)}${row.zoned ? html` <span class="faint">${r.zoned}</span>` : nothing}`}</td><td class="num small">${row.time === null ? nothing : this.difference(Date.parse(row.time) - Date.parse(row.received))}</td><td class="mono text"><div>${lettered(row.text)}</div></td></tr>`)}</tbody></table></div>`;
  }

  private difference(ms: number) {
    const r = words().readingPart, unit = Math.abs(ms) < MINUTE ? 1000 : MINUTE, size = Math.round(Math.abs(ms) / unit) * unit, text = size === 0 ? r.atOnce : ms > 0 ? r.ahead(duration(size)) : r.before(duration(size));
    return looksWrong(ms) ? html`<span class="warn medium">${text}</span>` : html`<span class="soft">${text}</span>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); }
    form { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; } .field { width: 270px; } .head { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; margin-top: 8px; } .verdicts { display: inline-flex; gap: 16px; }
    .scroll { border: 1px solid var(--line); border-radius: var(--radius-control); outline-offset: -2px; } .table th, .table th:first-child { padding-left: var(--space-2); } .table td:first-child { padding-left: var(--space-2); } .table td { vertical-align: baseline; } .text { overflow-wrap: anywhere; white-space: pre-wrap; min-width: 320px; width: 100%; } .text > div { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; } .lost { color: var(--bad); font-weight: var(--weight-strong); }
  `];
}

/** What is no character of the encoding is marked. */
const lettered = (text: string): unknown => text.split(/(\ufffd+)/).map((part) => (part.startsWith('\ufffd') ? html`<span class="lost">${part}</span>` : safeText(part)));
