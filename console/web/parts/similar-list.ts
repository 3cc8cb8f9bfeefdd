// Incidents like this one, with what was decided about them.
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { IncidentItem } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { incidentLink } from '../controllers/queue-filter.js';
import { sheet } from '../styles/sheet.js';
import { date } from '../words/format.js';
import { sentence } from './incident-words.js';
import { safeTextStyle } from './raw-line.js';
import './verdict-mark.js';

@customElement('similar-list')
export class SimilarList extends Part {
  @property({ attribute: false }) items: readonly IncidentItem[] = [];
  override render() {
    const t = words();
    return html`<ul>${this.items.map((item) => html`<li><div class="line"><a href=${incidentLink(item)}>${item.number}</a>${item.verdict === null ? html`<span class="small soft">${t.status[item.status]}</span>` : html`<verdict-mark verdict=${item.verdict}></verdict-mark>`}<span class="small faint push">${date(item.lastSeen)}</span></div><p class="small soft">${sentence(item)}</p></li>`)}</ul>`;
  }
  static override styles = [sheet, safeTextStyle, css`li { padding: 5px 0; border-bottom: 1px solid var(--line); } li:last-child { border-bottom: 0; } p { overflow-wrap: anywhere; }`];
}
