// A deadline: a pie of what is left, and words. Quiet until the last quarter or 15 minutes, then bold and warm, then a filled label.
import { css, html, svg, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { now, Ticker } from '../controllers/now.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { dateTime, duration } from '../words/format.js';

const NEAR_MS = 15 * 60_000;
export type ClockState = 'still' | 'quiet' | 'near' | 'over';

/** Pure: what the clock shows at `present`. */
export function clockState(at: string | null, limitMinutes: number, present: number): { readonly state: ClockState; readonly leftMs: number; readonly part: number } {
  if (at === null) return { state: 'still', leftMs: 0, part: 0 };
  const leftMs = Date.parse(at) - present, limitMs = limitMinutes * 60_000;
  const part = limitMs > 0 ? Math.min(1, Math.max(0, leftMs / limitMs)) : 1;
  return { state: leftMs < 0 ? 'over' : leftMs <= NEAR_MS || part <= 0.25 ? 'near' : 'quiet', leftMs, part };
}

@customElement('clock-mark')
export class ClockMark extends Part {
  @property() at: string | null = null;
  @property({ type: Number }) limit = 0;
  /** What is due, in words, before the time. */
  @property() label = '';
  /** `9 ph` instead of `còn 9 ph`. */
  @property({ type: Boolean }) terse = false;
  protected readonly ticker = new Ticker(this, 10_000);

  override render() {
    const t = words(), { state, leftMs, part } = clockState(this.at, this.limit, now());
    this.dataset.state = state;
    if (state === 'still') return html`<svg viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="4.600" fill="none" stroke="currentColor" stroke-width="1.300" stroke-dasharray="1.600 1.600"/></svg><span>${this.terse ? t.noDeadline : t.notRunning}</span>`;
    const left = duration(leftMs), text = state === 'over' ? t.over(left) : this.terse ? left : t.left(left);
    return html`<span class="base" title=${this.at === null ? '' : dateTime(this.at)}>${state === 'over' ? html`<b aria-hidden="true">!</b>` : pie(part)}<span>${this.label === '' ? nothing : `${this.label}: `}${text}</span></span>`;
  }

  static override styles = [sheet, css`
    :host { display: inline-flex; align-items: center; gap: 5px; font-size: var(--type-small); color: var(--text-soft); white-space: nowrap; vertical-align: middle; }
    .base { display: inline-flex; align-items: center; gap: 5px; }
    svg { width: 12px; height: 12px; flex: none; }
    :host([data-state='still']) { color: var(--text-faint); }
    :host([data-state='near']) { color: var(--warn); font-weight: var(--weight-strong); }
    :host([data-state='over']) .base { color: var(--text-on-fill); background: var(--bad); font-weight: var(--weight-strong); padding: 0 6px 0 7px; gap: 7px; border-radius: var(--radius-mark); }
  `];
}

function pie(part: number) {
  const angle = Math.min(part, 0.999) * 2 * Math.PI, x = 6 + 4.600 * Math.sin(angle), y = 6 - 4.600 * Math.cos(angle);
  return html`<svg viewBox="0 0 12 12" aria-hidden="true">${svg`<circle cx="6" cy="6" r="5.200" fill="none" stroke="currentColor" stroke-width="1.200"/><path d="M6 6V1.400A4.600 4.600 0 ${part > 0.5 ? 1 : 0} 1 ${x.toFixed(2)} ${y.toFixed(2)}z" fill="currentColor"/>`}</svg>`;
}
