// The queue's rows: each is a sentence. One line where there is room, two where the proof pane leaves less. Fires `row-open` (id),
// `row-pick` {id, on}, `pick-all` (on), `need-more`. Rows beyond a few hundred are drawn only near the eye.
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { IncidentItem } from '../../api.js';
import { words } from '../controllers/locale.js';
import { now, Ticker } from '../controllers/now.js';
import { Part } from '../controllers/part.js';
import { link } from '../controllers/router.js';
import { styled } from '../controllers/styled.js';
import { sheet } from '../styles/sheet.js';
import { dateTime, duration, number } from '../words/format.js';
import { dueMark, precedentMark, sentence, sentenceText, systemCode } from './incident-words.js';
import { safeTextStyle } from './raw-line.js';
import './clock-mark.js';
import './severity-badge.js';
import './tier-mark.js';
import './verdict-mark.js';

const DRAW_ALL_MAX = 500, OVERSCAN = 30, WIDE_PX = 900, ROW = 36, ROW_DOUBLE = 46;

@customElement('incident-list')
export class IncidentList extends Part {
  @property({ attribute: false }) rows: readonly IncidentItem[] = [];
  @property({ attribute: false }) cursor: string | null = null;
  @property({ attribute: false }) picked: ReadonlySet<string> = new Set();
  @property({ attribute: false }) fresh: ReadonlySet<string> = new Set();
  @property({ attribute: false }) more = false;
  @property({ attribute: false }) total = 0;
  @state() private top = 0;
  @state() private wide = false;
  protected readonly ticker = new Ticker(this, 20_000);
  private readonly sizes = new ResizeObserver(([entry]) => { this.wide = (entry?.contentRect.width ?? 0) >= WIDE_PX; });

  override connectedCallback(): void { super.connectedCallback(); this.sizes.observe(this); }
  override disconnectedCallback(): void { super.disconnectedCallback(); this.sizes.disconnect(); }
  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('cursor') && this.cursor !== null) this.renderRoot.querySelector('.row.here')?.scrollIntoView({ block: 'nearest' });
  }

  /** True when the list stands at its top: new rows may then be put in without moving what is read. */
  get atTop(): boolean { return this.top < 4; }
  toTop(): void { this.renderRoot.querySelector('.list')?.scrollTo({ top: 0 }); }

  private scrolled(event: Event): void {
    const list = event.target as HTMLElement;
    this.top = list.scrollTop;
    if (this.more && list.scrollTop + list.clientHeight > list.scrollHeight - 600) this.fire('need-more');
  }

  override render() {
    const t = words().queue, high = this.wide ? ROW : ROW_DOUBLE, all = this.rows.length <= DRAW_ALL_MAX;
    const first = all ? 0 : Math.max(0, Math.floor(this.top / high) - OVERSCAN), last = all ? this.rows.length : Math.min(this.rows.length, first + 2 * OVERSCAN + 60);
    const allPicked = this.rows.length > 0 && this.rows.every(({ id }) => this.picked.has(id));
    return html`<div class="list ${this.wide ? 'wide' : 'narrow'}" role="grid" aria-label=${t.list} aria-rowcount=${this.total + 1} tabindex="0" aria-activedescendant=${this.cursor === null ? nothing : `r-${this.cursor}`} @scroll=${this.scrolled}>
      <div class="row head" role="row" aria-rowindex="1">
        <span role="columnheader" class="pick"><input class="check" type="checkbox" tabindex="-1" aria-label=${t.pickAll} .checked=${allPicked} @change=${(event: Event) => this.fire('pick-all', (event.target as HTMLInputElement).checked)}></span>
        ${(['due', 'severity', 'tier', 'system', 'says', 'count', 'precedent', 'owner', 'age'] as const).map((name) => html`<span role="columnheader" class=${name}>${t.column[name]}</span>`)}
      </div>
      <div role="presentation" ${styled({ height: `${first * high}px` })}></div>
      ${repeat(this.rows.slice(first, last), ({ id }) => id, (row, index) => this.row(row, first + index))}
      <div role="presentation" ${styled({ height: `${(this.rows.length - last) * high}px` })}></div></div>`;
  }

  private row(row: IncidentItem, index: number) {
    const t = words(), here = row.id === this.cursor, picked = this.picked.has(row.id);
    const press = (event: MouseEvent): void => { if (event.composedPath().some((node) => node instanceof HTMLInputElement || node instanceof HTMLAnchorElement && (event.ctrlKey || event.metaKey))) return; event.preventDefault(); this.fire('row-open', row.id); };
    return html`<div class="row ${here ? 'here' : ''} ${picked ? 'picked' : ''} ${row.assignee === null && row.status === 'new' ? 'new' : ''} ${row.status === 'closed' ? 'done' : ''} ${this.fresh.has(row.id) ? 'fresh' : ''}" role="row" id="r-${row.id}" aria-rowindex=${index + 2} aria-selected=${here ? 'true' : 'false'} aria-label="${t.severity[row.severity]}, ${t.tierShort(row.tier)}, ${sentenceText(row)}" data-testid="queue-row" data-incident-id=${row.id} @click=${press} @dblclick=${() => this.fire('row-page', row.id)}>
      <span role="gridcell" class="pick"><input class="check" type="checkbox" tabindex="-1" aria-label=${t.queue.pickRow(row.number)} .checked=${picked} @change=${(event: Event) => this.fire('row-pick', { id: row.id, on: (event.target as HTMLInputElement).checked })}></span>
      <span role="gridcell" class="due">${row.status === 'closed' || row.status === 'resolved' ? html`<span class="small faint">${row.verdict === null ? t.status[row.status] : html`<verdict-mark verdict=${row.verdict} .text=${t.verdictShort[row.verdict]}></verdict-mark>`}</span>` : dueMark(row, true)}</span>
      <span role="gridcell" class="severity"><severity-badge severity=${row.severity} ?terse=${!this.wide}></severity-badge></span>
      <span role="gridcell" class="tier"><tier-mark tier=${row.tier}></tier-mark></span>
      <span role="gridcell" class="system cut" title=${row.systemName}>${systemCode(row.system)}</span>
      <span role="gridcell" class="says cut"><a href=${link(`/incidents/${encodeURIComponent(row.id)}`)} tabindex="-1">${sentence(row)}</a></span>
      <span role="gridcell" class="count">${this.wide ? number(row.alertCount) : t.alerts(row.alertCount)}</span>
      <span role="gridcell" class="precedent">${precedentMark(row.precedent)}</span>
      <span role="gridcell" class="owner cut" title=${row.assignee ?? ''}>${row.assignee ?? t.none}</span>
      <span role="gridcell" class="age" title=${dateTime(row.created)}>${duration(now() - Date.parse(row.created))}</span></div>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { min-height: 0; display: grid; }
    .list { overflow: auto; min-height: 0; outline-offset: -2px; position: relative; }
    .row { display: grid; align-items: center; border-bottom: 1px solid var(--line); border-left: 3px solid transparent; padding: 0 var(--space-3) 0 13px; cursor: default; }
    .row:hover { background: var(--surface-hover); } .row.picked { background: var(--accent-soft); }
    .row.here { background: var(--surface-selected); border-left-color: var(--accent); }
    .row.fresh .says { text-decoration: underline; text-decoration-color: var(--accent); text-underline-offset: 4px; }
    .row.new .says { font-weight: var(--weight-medium); } .row.done .says { color: var(--text-soft); }
    .says a { color: inherit; } .says a:hover { text-decoration: none; }
    .pick { grid-area: pick; display: inline-flex; } .due { grid-area: due; } .severity { grid-area: severity; } .tier { grid-area: tier; } .system { grid-area: system; } .says { grid-area: says; } .count { grid-area: count; } .precedent { grid-area: precedent; } .owner { grid-area: owner; } .age { grid-area: age; }
    .due, .severity, .tier, .precedent { display: flex; align-items: center; min-width: 0; }
    .system, .owner, .count, .age { font-size: var(--type-small); color: var(--text-soft); white-space: nowrap; } .count, .age { text-align: right; }
    .row.head { position: sticky; top: 0; z-index: 2; min-height: 27px; background: var(--surface-quiet); color: var(--text-faint); font-size: var(--type-small); }
    .row.head > * { font-size: var(--type-small); color: var(--text-faint); }
    .wide .row { height: 36px; column-gap: 10px; grid-template: 'pick due severity tier system says count precedent owner age' auto / 16px 92px 104px 46px 58px minmax(0, 1fr) 58px 112px 96px 72px; }
    .wide .row.head { height: 27px; }
    .narrow .row.head { display: none; }
    .narrow .row { height: 46px; padding-block: 3px; gap: 1px 8px; grid-template: 'pick due severity says says says owner' 19px 'pick age . tier system precedent count' 18px / 16px 92px 12px 44px 58px minmax(0, 1fr) minmax(72px, auto); }
    .narrow .age { text-align: left; padding-left: 17px; color: var(--text-faint); } .narrow .owner { text-align: right; max-width: 110px; justify-self: end; }
  `];
}
