// The reports that law asks for and how long is left for each; named by law, apart from the policy's clocks.
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { IncidentFull } from '../../api.js';
import { words } from '../controllers/locale.js';
import { now, Ticker } from '../controllers/now.js';
import { Part } from '../controllers/part.js';
import { styled } from '../controllers/styled.js';
import { sheet } from '../styles/sheet.js';
import { durationFull, shortDateTime } from '../words/format.js';

@customElement('legal-clocks')
export class LegalClocks extends Part {
  @property({ attribute: false }) clocks: IncidentFull['legalClocks'] = [];
  @property() from = '';
  protected readonly ticker = new Ticker(this, 30_000);

  override render() {
    const t = words().incident;
    if (this.clocks.length === 0) return html`<p class="small faint">${t.noLegal}</p>`;
    return html`<ul>${this.clocks.map(({ id, due, cite }) => {
      const start = Date.parse(this.from), end = Date.parse(due), leftMs = end - now(), part = Math.min(1, Math.max(0, (now() - start) / Math.max(1, end - start)));
      return html`<li><div class="line small"><span class="medium">${t[id]}</span><span class="push faint">${shortDateTime(due)}</span></div>
        <b class=${leftMs < 0 ? 'bad' : part > 0.75 ? 'warn' : ''}>${leftMs < 0 ? words().over(durationFull(leftMs)) : words().left(durationFull(leftMs))}</b>
        <div class="run" aria-hidden="true"><i ${styled({ width: `${(part * 100).toFixed(1)}%` })}></i></div><span class="small faint">${cite}</span></li>`;
    })}</ul><p class="small faint">${t.legalHint}</p>`;
  }

  static override styles = [sheet, css`
    :host { display: grid; gap: 6px; }
    ul { border: 1px solid var(--line); border-radius: var(--radius-pane); background: var(--surface); overflow: hidden; }
    li { padding: 7px 12px 8px; border-bottom: 1px solid var(--line); display: grid; gap: 1px; } li:last-child { border-bottom: 0; }
    b { font-size: var(--type-title); font-weight: var(--weight-strong); }
    .run { height: 4px; background: var(--line); border-radius: 2px; margin: 3px 0 2px; overflow: hidden; } .run i { display: block; height: 100%; background: var(--accent); }
  `];
}
