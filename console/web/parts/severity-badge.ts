// How bad it is: a shape and a word, then a color. Solid diamond, solid triangle, hollow square, small ring; informational has no shape.
import { css, html, svg, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SeverityName } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';

const shapes: Readonly<Record<SeverityName, unknown>> = {
  critical: svg`<path d="M6 .3 11.700 6 6 11.700 .3 6z" fill="currentColor"/>`,
  high: svg`<path d="M6 1 11.600 11.200H.4z" fill="currentColor"/>`,
  medium: svg`<rect x="1.800" y="1.800" width="8.400" height="8.400" fill="none" stroke="currentColor" stroke-width="2"/>`,
  low: svg`<circle cx="6" cy="6" r="3.300" fill="none" stroke="currentColor" stroke-width="1.600"/>`,
  informational: nothing,
};

@customElement('severity-badge')
export class SeverityBadge extends Part {
  @property({ reflect: true }) severity: SeverityName = 'low';
  /** Shape only; the word stays in the accessible name. */
  @property({ type: Boolean, reflect: true }) terse = false;

  override render() {
    const word = words().severity[this.severity];
    return html`${this.severity === 'informational' ? nothing : html`<svg viewBox="0 0 12 12" role=${this.terse ? 'img' : nothing} aria-label=${this.terse ? word : nothing} aria-hidden=${this.terse ? nothing : 'true'}>${shapes[this.severity]}</svg>`}${this.terse && this.severity !== 'informational' ? nothing : html`<span>${word}</span>`}`;
  }

  static override styles = [sheet, css`
    :host { display: inline-flex; align-items: center; gap: 6px; font-size: var(--type-small); font-weight: var(--weight-medium); white-space: nowrap; color: var(--text-soft); vertical-align: middle; }
    svg { width: 12px; height: 12px; flex: none; }
    :host([severity='critical']) { color: var(--severity-critical); font-weight: var(--weight-strong); }
    :host([severity='high']) { color: var(--severity-high); }
    :host([severity='medium']) { color: var(--severity-medium); }
    :host([severity='low']) { color: var(--severity-low); font-weight: var(--weight-regular); }
  `];
}
