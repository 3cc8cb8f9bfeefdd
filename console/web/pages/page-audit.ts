// The audit trail: who did what to what, from where; filters by person, action and day.
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { AuditItem, List } from '../../api.js';
import { ApiError, get } from '../client.js';
import { Loader } from '../controllers/loader.js';
import { words } from '../controllers/locale.js';
import { Page, type PageHead } from '../controllers/page.js';
import { goQuery, place } from '../controllers/router.js';
import { safeText, safeTextStyle } from '../parts/raw-line.js';
import { sheet } from '../styles/sheet.js';
import { dateTime, dayStart, number } from '../words/format.js';
import '../parts/state-view.js';

const ROWS = 100, DETAIL_CHARS = 400;

@customElement('page-audit')
export class PageAudit extends Page {
  @state() private items: readonly AuditItem[] = [];
  @state() private next: string | null = null;
  private shown = '';
  private readonly list = new Loader(this, (signal) => get<List<AuditItem>>('/api/audit', { ...this.filter(), limit: ROWS }, signal));

  override connectedCallback(): void { super.connectedCallback(); void this.load(); }
  protected override placed(): void { if (place().path === '/audit' && place().query.toString() !== this.shown) void this.load(); }
  protected override head(): PageHead { const t = words().auditPage; return { title: t.title, summary: this.list.value ? t.summary(this.list.value.total) : nothing }; }

  private filter(): Record<string, string | undefined> {
    const { query } = place(), day = (name: string, plus: number): string | undefined => { const text = query.get(name); return text === null ? undefined : dayStart(text, plus); };
    return { by: query.get('by') ?? undefined, action: query.get('action') ?? undefined, from: day('from', 0), to: day('to', 1) };
  }
  private async load(): Promise<void> {
    this.shown = place().query.toString();
    await this.list.run();
    if (this.list.value && !this.list.error) { this.items = this.list.value.items; this.next = this.list.value.next; }
  }
  private async more(): Promise<void> {
    try {
      const page = await get<List<AuditItem>>('/api/audit', { ...this.filter(), limit: ROWS, cursor: this.next });
      this.items = [...this.items, ...page.items]; this.next = page.next;
    } catch (error) { this.list.error = ApiError.from(error); this.requestUpdate(); }
  }

  override render() {
    const t = words().auditPage, { query } = place(), { value, error } = this.list;
    const input = (name: string, label: string, type: string) => html`<label class="line small soft">${label}<input class="input" type=${type} .value=${query.get(name) ?? ''} @change=${(event: Event) => goQuery({ [name]: (event.target as HTMLInputElement).value.trim() })}></label>`;
    return html`<div class="page"><div class="filters">${input('by', t.filterBy, 'search')}<label class="line small soft">${t.filterAction}<select class="input" @change=${(event: Event) => goQuery({ action: (event.target as HTMLSelectElement).value })}><option value="" ?selected=${query.get('action') === null}>${t.anyAction}</option>${Object.entries(t.actions).map(([code, text]) => html`<option value=${code} ?selected=${query.get('action') === code}>${text}</option>`)}</select></label>${input('from', t.from, 'date')}${input('to', t.to, 'date')}</div>
      ${error ? html`<state-view .error=${error} ?stale=${value !== undefined} @retry=${this.load}></state-view>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label=${t.title}>${!value ? html`<state-view loading></state-view>` : this.items.length === 0 ? html`<p class="blank soft">${t.empty}</p>` : html`<table class="table"><thead><tr><th scope="col" class="num">${t.seq}</th><th scope="col">${t.at}</th><th scope="col">${t.by}</th><th scope="col">${t.action}</th><th scope="col">${t.object}</th><th scope="col">${t.details}</th><th scope="col">${t.address}</th></tr></thead>
        <tbody>${this.items.map((item) => html`<tr><td class="num faint small">${number(item.seq)}</td><td class="nowrap small">${dateTime(item.at)}</td><td class="medium">${safeText(item.by)}</td><td class="nowrap" title=${item.action}>${Object.hasOwn(t.actions, item.action) ? (t.actions as Readonly<Record<string, string>>)[item.action] : html`<span class="mono">${safeText(item.action)}</span>`}</td><td class="mono object">${safeText(item.object)}</td><td class="mono details">${item.details ? safeText(JSON.stringify(item.details).slice(0, DETAIL_CHARS)) : nothing}</td><td class="mono faint">${safeText(item.address ?? '')}</td></tr>`)}</tbody></table>
        ${this.next === null ? nothing : html`<p class="more"><button class="button" type="button" @click=${this.more}>${words().more}</button></p>`}`}</div></div>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    .page { display: flex; flex-direction: column; min-height: 0; } .scroll { flex: 1; outline-offset: -2px; }
    .filters { display: flex; flex-wrap: wrap; gap: 8px 16px; padding: 8px var(--space-4); border-bottom: 1px solid var(--line); } .filters .input { width: 150px; color: var(--text); }
    .object, .details { overflow-wrap: anywhere; max-width: 340px; } .details { color: var(--text-soft); } .more { padding: 10px var(--space-4); }
  `];
}
