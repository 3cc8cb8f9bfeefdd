// Why an incident was closed: filled tick, hollow tick, cross, dashed cross, empty box; a word beside it.
import { css, html, svg, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { VerdictName } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';

const TICK = 'm3.200 6.200 2 2L8.900 4.200', CROSS = 'm4 4 4 4M8 4 4 8';
const box = (dashed: boolean, mark: string) => svg`<rect x="1.200" y="1.200" width="9.600" height="9.600" rx="1.500" fill="none" stroke="currentColor" stroke-width="1.400" stroke-dasharray=${dashed ? '2 1.400' : 'none'}/><path d=${mark} fill="none" stroke="currentColor" stroke-width="1.400"/>`;
const shapes: Readonly<Record<VerdictName, unknown>> = {
  true_positive: svg`<rect x=".6" y=".6" width="10.800" height="10.800" rx="1.500" fill="currentColor"/><path d=${TICK} fill="none" stroke="var(--surface)" stroke-width="1.700"/>`,
  benign_expected: box(false, TICK),
  false_positive_rule: box(false, CROSS),
  false_positive_data: box(true, CROSS),
  undetermined: box(false, ''),
};

@customElement('verdict-mark')
export class VerdictMark extends Part {
  @property({ reflect: true }) verdict: VerdictName = 'undetermined';
  /** Other words than the verdict's own: "2/3 thật". An empty text leaves the mark alone. */
  @property() text: string | undefined;

  override render() {
    const text = this.text ?? words().verdict[this.verdict];
    return html`<svg viewBox="0 0 12 12" aria-hidden="true">${shapes[this.verdict]}</svg>${text === '' ? nothing : html`<span>${text}</span>`}`;
  }

  static override styles = [sheet, css`
    :host { display: inline-flex; align-items: center; gap: 5px; font-size: var(--type-small); white-space: nowrap; vertical-align: middle; color: var(--verdict-open); }
    svg { width: 12px; height: 12px; flex: none; }
    :host([verdict='true_positive']) { color: var(--verdict-true); }
    :host([verdict='benign_expected']) { color: var(--verdict-benign); }
    :host([verdict='false_positive_rule']), :host([verdict='false_positive_data']) { color: var(--verdict-false); }
  `];
}
