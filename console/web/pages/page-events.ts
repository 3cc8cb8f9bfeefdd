// Search over all events. The address holds query and span; a mistake keeps the last valid result on screen beneath it.
import { css, html, nothing } from 'lit';
import { customElement, query as find, state } from 'lit/decorators.js';
import type { EventHistogram, EventItem, List } from '../../api.js';
import { ApiError, get, said } from '../client.js';
import { withCondition } from '../controllers/event-query.js';
import { Keys } from '../controllers/keys.js';
import type { LiveMessage } from '../controllers/live.js';
import { Loader } from '../controllers/loader.js';
import { words } from '../controllers/locale.js';
import { now } from '../controllers/now.js';
import { Page, type PageHead } from '../controllers/page.js';
import { goQuery, place } from '../controllers/router.js';
import { session } from '../controllers/session.js';
import { readRange, type TimeRange } from '../controllers/time-range.js';
import type { Facet } from '../parts/facet-list.js';
import { fillBars, intervalText } from '../parts/histogram-bars.js';
import type { FieldName, Mistake, QueryBar } from '../parts/query-bar.js';
import { sheet } from '../styles/sheet.js';
import '../parts/docked-bar.js';
import '../parts/event-table.js';
import '../parts/facet-list.js';
import '../parts/histogram-bars.js';
import '../parts/query-bar.js';
import '../parts/range-picker.js';
import '../parts/raw-line.js';
import '../parts/state-view.js';

const ROWS = 100, BUCKETS = 80, FACET_FIELDS = ['haidang.system', 'host.name', 'event.action', 'event.outcome', 'source.ip', 'user.name'], FACET_VALUES = 6;
interface Asked { readonly query: string; readonly from: string | null; readonly to: string | null }

@customElement('page-events')
export class PageEvents extends Page {
  @state() private events: readonly EventItem[] = [];
  @state() private total: number | undefined;
  @state() private next: string | null = null;
  @state() private opened: ReadonlySet<string> = new Set();
  @state() private mistakes: readonly Mistake[] = [];
  @state() private more = false;
  @find('query-bar') private readonly bar!: QueryBar | null;
  private shown = '';
  private asked: Asked = { query: '', from: null, to: null };
  private readonly list = new Loader(this, (signal) => get<List<EventItem>>('/api/events', { ...this.asked, limit: ROWS }, signal));
  private readonly histogram = new Loader(this, (signal) => get<EventHistogram>('/api/events/histogram', { ...this.asked, buckets: BUCKETS }, signal));
  private readonly facets = new Loader(this, (signal) => Promise.all(FACET_FIELDS.map((field) => get<Facet>('/api/events/facets', { ...this.asked, field, limit: FACET_VALUES }, signal))));
  private readonly fields = new Loader(this, (signal) => get<{ items: FieldName[] }>('/api/fields', undefined, signal));
  protected readonly keys = new Keys(this, () => ({ Slash: () => this.bar?.focus() }));

  override connectedCallback(): void {
    super.connectedCallback();
    void this.fields.run();
    void this.search();
  }
  protected override placed(): void { if (place().path === '/events' && place().query.toString() !== this.shown) void this.search(); }

  protected override told({ kind }: LiveMessage): void { if (kind === 'resync' && this.mistakes.length > 0) void this.search(); }

  private async search(): Promise<void> {
    const { query } = place();
    this.shown = query.toString();
    const { from, to } = readRange(query, now());
    this.asked = { query: query.get('q') ?? '', from, to };
    await this.list.run();
    const { value, error } = this.list;
    if (error) { this.mistakes = error.status === 400 ? error.problem?.problems?.map(({ message, column }) => ({ message, column })) ?? [{ message: said(error) }] : []; return; }
    if (!value) return;
    this.mistakes = [];
    this.events = value.items; this.total = value.total; this.next = value.next;
    this.opened = new Set();
    await this.histogram.run();
    await this.facets.run();
  }

  private async loadMore(): Promise<void> {
    if (this.next === null || this.more) return;
    this.more = true;
    const asked = this.shown;
    try {
      const page = await get<List<EventItem>>('/api/events', { ...this.asked, limit: ROWS, cursor: this.next });
      if (asked !== this.shown) return;
      this.events = [...this.events, ...page.items];
      this.next = page.next;
    } catch (error) { this.list.error = ApiError.from(error); } finally { this.more = false; }
  }

  private toggle(id: string): void { const opened = new Set(this.opened); if (!opened.delete(id)) opened.add(id); this.opened = opened; }
  private value({ field, value, keep }: { field: string; value: string; keep: boolean }): void { goQuery({ q: withCondition(place().query.get('q') ?? '', field, value, keep) }, { replace: false }); }

  protected override head(): PageHead { return { title: words().eventsPage.title, summary: words().eventsPage.summary }; }

  override render() {
    const t = words().eventsPage, { query } = place(), range: TimeRange = readRange(query, now()), histogram = this.histogram.value, failed = this.list.error && this.mistakes.length === 0 ? this.list.error : undefined;
    if (!session()?.readsLogs) return html`<section class="blank"><h2>${t.title}</h2><p>${words().proof.noRead}</p></section>`;
    return html`<div class="hunt">
      <div class="ask"><query-bar .value=${query.get('q') ?? ''} .fields=${this.fields.value?.items ?? []} .mistakes=${this.mistakes} .busy=${this.list.pending} @query-run=${(event: CustomEvent<string>) => this.run(event.detail)}></query-bar><range-picker .range=${range} @range-change=${(event: CustomEvent<{ range: string | null; from: string | null; to: string | null }>) => goQuery(event.detail, { replace: false })}></range-picker></div>
      ${this.mistakes.length > 0 && this.total !== undefined ? html`<p class="small faint old">${t.stale}</p>` : nothing}
      ${failed ? html`<state-view .error=${failed} ?stale=${this.total !== undefined} @retry=${this.search}></state-view>` : nothing}
      <div class="sky"><div class="line legend"><b data-testid="events-total" aria-live="polite">${this.total === undefined ? ' ' : t.total(this.total)}</b><span class="faint">${t.ranges[range.name]}</span><span class="faint push">${histogram && histogram.buckets.length > 0 ? `${t.perInterval(intervalText(histogram.intervalMs))}. ${t.brushHint}` : nothing}</span></div>
        <histogram-bars label=${t.histogram} .bars=${histogram ? fillBars(histogram.buckets, histogram.intervalMs, histogram.from, histogram.to) : []} .intervalMs=${histogram?.intervalMs ?? 0} @brush=${(event: CustomEvent<{ from: string; to: string }>) => goQuery({ range: 'custom', ...event.detail }, { replace: false })}></histogram-bars></div>
      <div class="result"><aside class="scroll" tabindex="0" aria-label=${t.facets}>${this.facets.value ? html`<facet-list .facets=${this.facets.value.filter(({ items }) => items.length > 0)} @value=${(event: CustomEvent<{ field: string; value: string; keep: boolean }>) => this.value(event.detail)}></facet-list>` : nothing}</aside>
        <div class="scroll events" tabindex="0" role="region" aria-label=${t.results}>${this.table(range)}</div></div>
      <docked-bar .keys=${[[['/'], words().keys.query], [['Enter'], words().keys.expand], [['Ctrl K'], words().keys.palette], [['?'], words().keys.all]]}></docked-bar></div>`;
  }

  private run(q: string): void { if (q === (place().query.get('q') ?? '')) void this.search(); else goQuery({ q }, { replace: false }); }

  private table(range: TimeRange) {
    const t = words().eventsPage;
    if (this.total === undefined) return this.list.error ? nothing : html`<state-view loading></state-view>`;
    if (this.events.length === 0) return html`<div class="blank"><h2>${t.empty}</h2><p>${t.emptyHint}</p>${range.name === 'all' ? nothing : html`<button class="button" type="button" @click=${() => goQuery({ range: 'all', from: null, to: null })}>${t.allTime}</button>`}</div>`;
    return html`<event-table .events=${this.events} .opened=${this.opened} @event-toggle=${(event: CustomEvent<string>) => this.toggle(event.detail)} @value=${(event: CustomEvent<{ field: string; value: string; keep: boolean }>) => this.value(event.detail)}></event-table>
      ${this.next === null ? nothing : html`<p class="more"><button class="button" type="button" data-testid="events-more" ?disabled=${this.more} @click=${this.loadMore}>${t.loadMore}</button><span class="small faint">${t.shown(this.events.length, this.total)}</span></p>`}`;
  }

  static override styles = [sheet, css`
    :host { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    .hunt { display: flex; flex-direction: column; min-height: 0; }
    .ask { display: flex; gap: 8px; align-items: start; padding: 10px var(--space-4); } query-bar { flex: 1; min-width: 0; } .old { padding: 0 var(--space-4) 6px; }
    .sky { padding: 6px var(--space-4) 3px; border-block: 1px solid var(--line); } .legend { font-size: var(--type-small); margin-bottom: 4px; } .legend b { font-size: var(--type-body); font-weight: var(--weight-strong); }
    .result { flex: 1; min-height: 0; display: grid; grid-template: minmax(0, 1fr) / 226px minmax(0, 1fr); } aside { border-right: 1px solid var(--line); background: var(--surface-quiet); padding: 4px 0 16px; outline-offset: -2px; } .events { outline-offset: -2px; }
    .more { display: flex; align-items: center; gap: 12px; padding: 10px var(--space-4); }
  `];
}
