// Found events, newest first; a row opens to all its fields. Every value can be added to the query or left out of it. Fires `value`
// {field, value, keep} and `need-more`.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { EventItem } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { date, timeMs } from '../words/format.js';
import { icon } from './icon.js';
import { safeText, safeTextStyle } from './raw-line.js';

const DRAWN_CHARS_MAX = 600;
const text = (value: unknown): string => (value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
export const eventKey = (event: EventItem): string => text(event['event.id']);

@customElement('event-table')
export class EventTable extends Part {
  @property({ attribute: false }) events: readonly EventItem[] = [];
  @property({ attribute: false }) opened: ReadonlySet<string> = new Set();

  private toggle(id: string): void { this.fire('event-toggle', id); }

  override render() {
    const t = words().eventsPage;
    return html`<table class="table"><caption class="unseen">${t.results}</caption><thead><tr><th scope="col" class="arrow"><span class="unseen">${t.openRow}</span></th><th scope="col">${t.time}</th><th scope="col">${t.system}</th><th scope="col">${t.host}</th><th scope="col" class="rest">${t.message}</th></tr></thead>
      <tbody>${repeat(this.events, eventKey, (event, index) => this.row(event, index))}</tbody></table>`;
  }

  private row(event: EventItem, index: number) {
    const t = words().eventsPage, id = eventKey(event), open = this.opened.has(id), at = text(event['@timestamp']), before = this.events[index - 1];
    const newDay = before === undefined || date(text(before['@timestamp'])) !== date(at), original = text(event['event.original'] ?? event.message);
    return html`${newDay ? html`<tr class="group"><th colspan="5" scope="colgroup">${date(at)}</th></tr>` : nothing}
      <tr class=${open ? 'opened' : ''} data-testid="events-row" @click=${() => this.toggle(id)}><td class="arrow"><button class="link" type="button" aria-expanded=${open ? 'true' : 'false'} aria-label="${t.openRow} ${timeMs(at)}" @click=${(press: Event) => { press.stopPropagation(); this.toggle(id); }}>${icon(open ? 'down' : 'right', 'small')}</button></td>
        <td class="mono nowrap">${timeMs(at)}</td><td class="nowrap">${text(event['haidang.system'])}</td><td class="mono cut host">${safeText(text(event['host.name'] ?? event['log.syslog.hostname']))}</td><td class="mono cut rest">${safeText(original.slice(0, DRAWN_CHARS_MAX))}</td></tr>
      ${open ? html`<tr class="detail"><td colspan="5"><event-fields .event=${event}></event-fields></td></tr>` : nothing}`;
  }

  static override styles = [sheet, safeTextStyle, css`
    table { table-layout: fixed; } .arrow { width: 40px; } th:nth-child(2) { width: 108px; } th:nth-child(3) { width: 84px; } th:nth-child(4) { width: 130px; }
    .table td { height: 27px; padding-block: 1px; font-size: var(--type-small); } .table .group th { height: 24px; padding-left: var(--space-4); color: var(--text-soft); }
    tr { cursor: pointer; } .detail, .group { cursor: default; }
    .opened td { background: var(--surface-selected); border-bottom-color: transparent; } .table tbody .detail td { background: var(--surface-selected); padding: 0 16px 8px; height: auto; }
  `];
}

@customElement('event-fields')
export class EventFields extends Part {
  @property({ attribute: false }) event: EventItem = {};
  @state() private copied = false;

  override render() {
    const t = words().eventsPage, original = text(this.event['event.original']), fields = Object.entries(this.event).filter(([name]) => name !== 'event.original').sort(([a], [b]) => (a < b ? -1 : 1));
    return html`<div class="card"><div class="raw">${original === '' ? nothing : html`<raw-line .line=${original}></raw-line>`}<button class="button slim" type="button" @click=${() => void navigator.clipboard.writeText(original).then(() => { this.copied = true; })}>${this.copied ? words().copied : words().copy}</button></div>
      <dl aria-label=${t.fields}>${fields.flatMap(([name, value]) => (Array.isArray(value) ? value as unknown[] : [value]).map((one, index) => this.field(name, text(one), index === 0)))}</dl></div>`;
  }

  private field(name: string, value: string, first: boolean) {
    const t = words().eventsPage, act = (keep: boolean) => () => this.fire('value', { field: name, value, keep });
    return html`<div><dt>${first ? safeText(name) : nothing}</dt><dd><span class="is">${safeText(value.slice(0, 2_000))}</span><span class="acts"><button type="button" title=${t.include} aria-label="${t.include}: ${name}" @click=${act(true)}>${icon('plus', 'small')}</button><button type="button" title=${t.exclude} aria-label="${t.exclude}: ${name}" @click=${act(false)}>${icon('minus', 'small')}</button></span></dd></div>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    .card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius-control); cursor: default; }
    .raw { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 8px; align-items: start; padding: 6px; border-bottom: 1px solid var(--line); }
    dl { columns: 2; column-gap: 24px; padding: 6px 12px 8px; font-size: var(--type-small); line-height: 1.500; }
    dl > div { display: grid; grid-template-columns: minmax(120px, 38%) minmax(0, 1fr); gap: 10px; break-inside: avoid; padding: 2px 0; }
    dt { color: var(--text-faint); font-family: var(--font-log); letter-spacing: -0.01em; overflow-wrap: anywhere; } dd { font-family: var(--font-log); letter-spacing: -0.01em; font-variant-ligatures: none; display: flex; gap: 6px; min-width: 0; } .is { overflow-wrap: anywhere; min-width: 0; }
    .acts { flex: none; display: inline-flex; gap: 2px; opacity: 0.55; } dl > div:hover .acts, .acts:focus-within { opacity: 1; }
    .acts button { all: unset; cursor: pointer; display: inline-flex; align-items: center; justify-content: center; width: 18px; height: 18px; border-radius: 3px; color: var(--accent); } .acts button:hover { background: var(--accent-soft); } .acts button:focus-visible { outline: 2px solid var(--focus); }
  `];
}
