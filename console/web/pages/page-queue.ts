// The analyst's queue. The address holds the filter; the list stands still while someone works in it: new incidents wait in a bar and
// rows only change their words. While no row is chosen, a new incident is put in at once, so that whoever watches sees it.
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { AlertHistogram, EventItem, IncidentFull, IncidentItem, List, Overview, RuleItem, SystemItem, VerdictName } from '../../api.js';
import { get } from '../client.js';
import { Keys } from '../controllers/keys.js';
import type { LiveMessage } from '../controllers/live.js';
import { Loader } from '../controllers/loader.js';
import { words } from '../controllers/locale.js';
import { now } from '../controllers/now.js';
import { Page, type PageHead } from '../controllers/page.js';
import { apiQuery, FILTERS, incidentLink, readFilter } from '../controllers/queue-filter.js';
import { go, goQuery, place } from '../controllers/router.js';
import { mayAct, session } from '../controllers/session.js';
import { styled } from '../controllers/styled.js';
import { Undoable } from '../controllers/undoable.js';
import { icon } from '../parts/icon.js';
import { sentence } from '../parts/incident-words.js';
import type { IncidentList } from '../parts/incident-list.js';
import { TABS, type Asking, type Tab } from '../parts/proof-pane.js';
import { filterText, type QueueFilters } from '../parts/queue-filters.js';
import { VERDICTS } from '../parts/verdict-buttons.js';
import { safeTextStyle } from '../parts/raw-line.js';
import { sheet } from '../styles/sheet.js';
import { fillBars, intervalText } from '../parts/histogram-bars.js';
import '../parts/bulk-bar.js';
import '../parts/docked-bar.js';
import '../parts/incident-list.js';
import '../parts/proof-pane.js';
import '../parts/queue-filters.js';
import '../parts/resize-grip.js';
import '../parts/state-view.js';

const PAGE_ROWS = 200, HISTOGRAM_HOURS = 24, HISTOGRAM_BUCKETS = 96, RELOAD_GAP_MS = 700, CONTEXT_MS = 15 * 60_000, INSERTED_SHOWN_MS = 20_000;

@customElement('page-queue')
export class PageQueue extends Page {
  @property({ attribute: false }) overview: Overview | undefined;
  @state() private rows: readonly IncidentItem[] = [];
  @state() private total = 0;
  @state() private next: string | null = null;
  @state() private waiting: readonly IncidentItem[] = [];
  @state() private inserted: readonly IncidentItem[] = [];
  @state() private cursor: string | null = null;
  @state() private picked: ReadonlySet<string> = new Set();
  @state() private tab: Tab = 'why';
  @state() private asking: Asking | undefined;
  @state() private bulkVerdict: VerdictName | undefined;
  @state() private paneWidth = 0;
  @query('incident-list') private readonly listPart!: IncidentList | null;
  @query('queue-filters') private readonly filtersPart!: QueueFilters | null;
  private shownQuery = '';
  private loadedOnce = false;
  private reloadTimer: ReturnType<typeof setTimeout> | undefined;
  private lastReload = 0;
  private readonly undoable = new Undoable(this, (incident) => this.merge(incident));
  private readonly list = new Loader(this, (signal) => get<List<IncidentItem>>('/api/incidents', { ...apiQuery(readFilter(place().query)), limit: PAGE_ROWS }, signal));
  private readonly full = new Loader(this, (signal) => get<IncidentFull>(`/api/incidents/${encodeURIComponent(this.cursor ?? '')}`, undefined, signal));
  private readonly context = new Loader(this, (signal) => this.loadContext(signal));
  private readonly histogram = new Loader(this, (signal) => get<AlertHistogram>('/api/incidents/histogram', { from: new Date(now() - HISTOGRAM_HOURS * 3_600_000).toISOString(), to: new Date(now()).toISOString(), buckets: HISTOGRAM_BUCKETS }, signal));
  private readonly systems = new Loader(this, (signal) => get<List<SystemItem>>('/api/systems', { limit: 500 }, signal));
  private readonly rules = new Loader(this, (signal) => get<List<RuleItem>>('/api/rules', { limit: 500 }, signal));
  private readonly assignees = new Loader(this, (signal) => get<{ items: { username: string; name: string }[] }>('/api/assignees', undefined, signal));
  protected readonly keys = new Keys(this, () => this.keyMap());

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
    void this.histogram.run(); void this.systems.run(); void this.rules.run(); void this.assignees.run();
  }
  override disconnectedCallback(): void { super.disconnectedCallback(); clearTimeout(this.reloadTimer); }

  protected override placed(): void { if (place().path === '/queue' && place().query.toString() !== this.shownQuery) void this.load(); }

  protected override told(message: LiveMessage): void {
    if (message.kind !== 'incidents' && message.kind !== 'resync') return;
    if (this.cursor !== null && (message.kind === 'resync' || message.incidents.ids.includes(this.cursor))) void this.loadFull();
    // At once when quiet, then at most once a moment: a storm must not become a storm of requests.
    const wait = Math.max(0, this.lastReload + RELOAD_GAP_MS - Date.now());
    this.reloadTimer ??= setTimeout(() => { this.reloadTimer = undefined; this.lastReload = Date.now(); void this.refresh(); void this.histogram.run(); }, wait);
  }

  /** Loads anew for another filter: the list may change as a whole. */
  private async load(): Promise<void> {
    this.shownQuery = place().query.toString();
    await this.list.run();
    if (!this.list.value || this.list.error) return;
    this.take(this.list.value);
    this.loadedOnce = true;
    if (this.cursor !== null && !this.rows.some(({ id }) => id === this.cursor)) this.leavePane();
  }

  private take({ items, total, next }: List<IncidentItem>): void { this.rows = items; this.total = total; this.next = next; this.waiting = []; this.inserted = []; this.picked = new Set([...this.picked].filter((id) => items.some((item) => item.id === id))); }

  /** Loads the same filter again: rows on screen keep their place, new ones wait unless nobody is working in the list. */
  private async refresh(): Promise<void> {
    if (!this.loadedOnce) return this.load();
    const asked = this.shownQuery, known = new Set(this.rows.map(({ id }) => id));
    await this.list.run();
    const value = this.list.value;
    if (!value || this.list.error || asked !== this.shownQuery) return;
    const fresh = value.items.filter(({ id }) => !known.has(id));
    if (this.cursor === null && this.picked.size === 0 && (this.listPart?.atTop ?? true)) {
      const before = this.inserted.filter(({ id }) => value.items.some((item) => item.id === id));
      this.take(value);
      this.inserted = [...fresh, ...before];
      if (fresh.length > 0) setTimeout(() => { this.inserted = this.inserted.filter((item) => !fresh.includes(item)); }, INSERTED_SHOWN_MS);
      return;
    }
    const byId = new Map(value.items.map((item) => [item.id, item]));
    this.rows = this.rows.map((row) => byId.get(row.id) ?? row);
    this.waiting = fresh;
    this.total = value.total;
  }

  private async showFresh(): Promise<void> {
    const first = this.waiting[0] ?? this.inserted[0];
    if (this.waiting.length > 0) { this.waiting = []; await this.load(); }
    if (first && this.rows.some(({ id }) => id === first.id) && this.cursor === null) this.open(first.id);
    else this.listPart?.toTop();
  }

  private async loadMore(): Promise<void> {
    if (this.next === null || this.list.pending) return;
    const cursor = this.next, asked = this.shownQuery;
    this.next = null;
    try {
      const page = await get<List<IncidentItem>>('/api/incidents', { ...apiQuery(readFilter(place().query)), limit: PAGE_ROWS, cursor });
      if (asked !== this.shownQuery) return;
      const known = new Set(this.rows.map(({ id }) => id));
      this.rows = [...this.rows, ...page.items.filter(({ id }) => !known.has(id))];
      this.next = page.next;
    } catch { this.next = cursor; }
  }

  private async loadContext(signal: AbortSignal): Promise<readonly EventItem[]> {
    const alert = this.full.value?.alerts[0], item = this.full.value;
    if (!alert || !item || !session()?.readsLogs) return [];
    const at = Date.parse(alert.time);
    return (await get<List<EventItem>>('/api/events', { query: `haidang.system:"${item.system}"`, from: new Date(at - CONTEXT_MS).toISOString(), to: new Date(at + CONTEXT_MS).toISOString(), limit: 60 }, signal)).items;
  }

  private async loadFull(): Promise<void> {
    await this.full.run();
    if (this.full.value) this.merge(this.full.value);
    if (this.tab === 'context') await this.context.run();
  }

  /** A newer state of an incident, in its row and in the pane. */
  private merge(incident: IncidentFull): void {
    this.rows = this.rows.map((row) => (row.id === incident.id ? { ...row, ...incident } : row));
    if (this.cursor === incident.id) this.full.set(incident);
  }

  private open(id: string): void {
    if (this.cursor === id) return;
    this.cursor = id;
    this.asking = undefined;
    this.full.value = undefined; this.full.error = undefined; this.context.value = undefined;
    void this.loadFull();
  }
  private leavePane(): void { this.cursor = null; this.asking = undefined; if (this.waiting.length > 0) void this.refresh(); }
  private move(step: number): void {
    const at = this.rows.findIndex(({ id }) => id === this.cursor), next = this.rows[Math.min(this.rows.length - 1, Math.max(0, at + step))];
    if (next) this.open(next.id);
  }
  private get current(): IncidentItem | undefined { return this.rows.find(({ id }) => id === this.cursor); }
  private get mayAct(): boolean { return mayAct(); }
  private get targets(): IncidentItem[] { return this.picked.size > 0 ? this.rows.filter(({ id }) => this.picked.has(id)) : this.current ? [this.current] : []; }

  private async takeThem(): Promise<void> {
    const me = session()?.username, targets = this.targets.filter(({ status }) => status !== 'closed');
    if (!this.mayAct || me === undefined || targets.length === 0) return;
    await this.undoable.run(targets, () => ({ kind: 'assigned', assignee: me }), (count) => words().queue.took(count), (was) => ({ kind: 'assigned', assignee: was.assignee }));
    this.picked = new Set();
  }
  private ask(verdict: VerdictName): void {
    if (!this.mayAct || this.targets.length === 0) return;
    if (this.picked.size > 0) this.bulkVerdict = verdict; else if (this.current?.status !== 'closed') this.asking = { kind: 'verdict', verdict };
  }
  private async closeThem(verdict: VerdictName, text: string): Promise<void> {
    const targets = this.targets.filter(({ status }) => status !== 'closed'), single = this.picked.size === 0;
    this.asking = undefined; this.bulkVerdict = undefined;
    if (single) this.move(1);
    this.picked = new Set();
    await this.undoable.run(targets, () => ({ kind: 'closed', verdict, ...(text === '' ? {} : { text }) }), (count) => words().queue.closed(count, words().verdict[verdict]), () => ({ kind: 'reopened' }));
  }
  private async saveNote(text: string): Promise<void> {
    const { current } = this;
    this.asking = undefined;
    if (current) await this.undoable.run([current], () => ({ kind: 'noted', text }), () => words().queue.noted);
  }

  private pick(id: string, on: boolean): void { const picked = new Set(this.picked); if (on) picked.add(id); else picked.delete(id); this.picked = picked; }
  private scope(step: number): void {
    const tiers = [...(session()?.tiers ?? [])].sort((a, b) => b - a).map(String), all = ['', ...tiers], at = all.indexOf(place().query.get('tier') ?? '');
    goQuery({ tier: all[(at + step + all.length) % all.length] });
  }

  private keyMap() {
    const verdicts = Object.fromEntries(VERDICTS.map((verdict, index) => [`Digit${index + 1}`, () => this.ask(verdict)]));
    return {
      ...verdicts,
      KeyJ: () => this.move(1), KeyK: () => this.move(-1), ArrowDown: () => this.move(1), ArrowUp: () => this.move(-1),
      Enter: () => { if (this.cursor === null) this.move(1); else go(incidentLink({ id: this.cursor })); },
      'Shift+Enter': () => { if (this.cursor !== null) go(incidentLink({ id: this.cursor })); },
      KeyX: () => { if (this.cursor !== null) this.pick(this.cursor, !this.picked.has(this.cursor)); },
      'Shift+Digit8': () => { this.picked = new Set(this.rows.map(({ id }) => id)); },
      KeyA: () => void this.takeThem(), KeyN: () => { if (this.mayAct && this.current) this.asking = { kind: 'note' }; },
      KeyZ: () => this.undoable.undo(), Period: () => void this.showFresh(), Slash: () => this.filtersPart?.focusText(),
      BracketLeft: () => this.scope(-1), BracketRight: () => this.scope(1),
      KeyT: () => this.showTab(TABS[(TABS.indexOf(this.tab) + 1) % TABS.length] as Tab),
      Escape: () => { if (this.picked.size > 0) { this.picked = new Set(); this.bulkVerdict = undefined; } else this.leavePane(); },
    };
  }
  private showTab(tab: Tab): void { this.tab = tab; if (tab === 'context' && !this.context.value) void this.context.run(); }

  protected override head(): PageHead {
    const t = words().queue, tiers = this.overview?.tiers ?? [], sum = (of: (tier: Overview['tiers'][number]) => number): number => tiers.reduce((all, tier) => all + of(tier), 0);
    const overdue = sum(({ overdue: count }) => count);
    return { title: t.title, summary: this.overview ? html`${t.summary(sum(({ open }) => open))}: <b class=${overdue > 0 ? 'bad' : ''}>${t.overdue(overdue)}</b>, ${t.unassigned(sum(({ unassigned }) => unassigned))}` : nothing };
  }

  override render() {
    const { current } = this, filter = readFilter(place().query), wide = current === undefined;
    return html`<div class="desk" ${styled(wide ? { 'grid-template-columns': 'minmax(0,1fr)' } : this.paneWidth > 0 ? { 'grid-template-columns': `minmax(0,1fr) ${this.paneWidth}px` } : {})}>
      <section class="center" aria-label=${words().queue.list}>
        ${this.picked.size > 0 ? html`<bulk-bar .count=${this.picked.size} .asking=${this.bulkVerdict} .mayAct=${this.mayAct} @take=${this.takeThem} @verdict=${(event: CustomEvent<VerdictName>) => this.ask(event.detail)} @verdict-save=${(event: CustomEvent<{ verdict: VerdictName; text: string }>) => this.closeThem(event.detail.verdict, event.detail.text)} @unpick=${() => { this.picked = new Set(); this.bulkVerdict = undefined; }}></bulk-bar>`
          : html`<queue-filters .filter=${filter} .tiers=${session()?.tiers ?? []} .systems=${this.systems.value?.items ?? []} .assignees=${this.assignees.value?.items ?? []} .rules=${this.rules.value?.items ?? []} @filter-change=${(event: CustomEvent<Record<string, string | null>>) => goQuery(event.detail)} @sort-change=${(event: CustomEvent<string>) => goQuery({ sort: event.detail === 'urgency' ? null : event.detail })}></queue-filters>`}
        ${this.sky(filter.from ?? null, filter.to ?? null)}
        ${this.freshBar()}
        ${this.list.error ? html`<state-view .error=${this.list.error} ?stale=${this.rows.length > 0} @retry=${this.load}></state-view>` : nothing}
        ${this.rows.length === 0 ? this.blank() : html`<incident-list .rows=${this.rows} .cursor=${this.cursor} .picked=${this.picked} .fresh=${new Set(this.inserted.map(({ id }) => id))} .more=${this.next !== null} .total=${this.total}
          @row-open=${(event: CustomEvent<string>) => this.open(event.detail)} @row-page=${(event: CustomEvent<string>) => go(incidentLink({ id: event.detail }))} @row-pick=${(event: CustomEvent<{ id: string; on: boolean }>) => this.pick(event.detail.id, event.detail.on)} @pick-all=${(event: CustomEvent<boolean>) => { this.picked = event.detail ? new Set(this.rows.map(({ id }) => id)) : new Set(); }} @need-more=${this.loadMore}></incident-list>`}
        <docked-bar .keys=${this.keyHints()} .done=${this.undoable.done} @done-close=${() => this.undoable.clear()}></docked-bar>
      </section>
      ${current ? html`<div class="side"><resize-grip label=${words().queue.resizePane} @resize-to=${(event: CustomEvent<number>) => { this.paneWidth = event.detail; }}></resize-grip><proof-pane aria-label=${words().proof.pane} role="region" .item=${current} .full=${this.full.value} .error=${this.full.error} .context=${this.context.value} .tab=${this.tab} .asking=${this.asking} .mayAct=${this.mayAct} .readsLogs=${session()?.readsLogs ?? false}
        @pane-move=${(event: CustomEvent<number>) => this.move(event.detail)} @pane-close=${this.leavePane} @pane-tab=${(event: CustomEvent<Tab>) => this.showTab(event.detail)} @take=${this.takeThem} @note=${() => { this.asking = { kind: 'note' }; }} @verdict=${(event: CustomEvent<VerdictName>) => this.ask(event.detail)} @verdict-save=${(event: CustomEvent<{ verdict: VerdictName; text: string }>) => this.closeThem(event.detail.verdict, event.detail.text)} @note-save=${(event: CustomEvent<string>) => this.saveNote(event.detail)} @input-leave=${() => { this.asking = undefined; }} @retry=${this.loadFull}></proof-pane></div>` : nothing}</div>`;
  }

  private sky(from: string | null, to: string | null) {
    const t = words(), histogram = this.histogram.value, present = new Set((histogram?.buckets ?? []).flatMap(({ counts }) => Object.entries(counts).filter(([, count]) => count > 0).map(([name]) => name)));
    return html`<div class="sky"><div class="legend"><span>${histogram ? t.queue.perInterval(intervalText(histogram.intervalMs)) : ' '}</span><span class="push"></span>${(['critical', 'high', 'medium', 'low'] as const).filter((name) => present.has(name)).map((name) => html`<severity-badge severity=${name}></severity-badge>`)}${histogram?.deployments.length ? html`<span class="line">${icon('flag', 'small')}${t.queue.ruleChange}</span>` : nothing}</div>
      <histogram-bars label=${t.queue.histogram} .bars=${histogram ? fillBars(histogram.buckets, histogram.intervalMs, now() - HISTOGRAM_HOURS * 3_600_000, now()) : []} .intervalMs=${histogram?.intervalMs ?? 0} .flags=${(histogram?.deployments ?? []).map(({ at, n, by }) => ({ at, text: t.queue.deployment(n, by) }))} .from=${from} .to=${to} @brush=${(event: CustomEvent<{ from: string; to: string }>) => goQuery(event.detail)}></histogram-bars></div>`;
  }

  private freshBar() {
    const t = words().queue, fresh = this.waiting.length > 0 ? this.waiting : this.inserted, first = fresh[0];
    if (!first) return nothing;
    return html`<button class="fresh" type="button" data-testid="queue-new-bar" title=${t.freshShow} @click=${this.showFresh}>${icon('up', 'small')}<b>${t.fresh(fresh.length)}</b><span class="cut" aria-live="polite">${sentence(first)}</span><span class="faint cut">${this.waiting.length > 0 ? t.held : t.inserted}</span><kbd>.</kbd></button>`;
  }

  private blank() {
    const t = words(), filter = readFilter(place().query), set = FILTERS.flatMap((name) => { const value = filter[name]; return value === undefined ? [] : [filterText(name, value, this.rules.value?.items)]; });
    if (!this.loadedOnce) return this.list.error ? html`<div></div>` : html`<state-view loading></state-view>`;
    return html`<div class="blank"><h2>${set.length > 0 ? t.queue.empty : t.queue.emptyAll}</h2><p>${set.length > 0 ? t.queue.filters(set.join(', ')) : nothing} ${t.queue.emptyHint}</p>${set.length > 0 ? html`<a class="button" href="/queue">${t.clear}</a>` : nothing}</div>`;
  }

  private keyHints(): readonly (readonly [readonly string[], string])[] {
    const k = words().keys;
    return [[['j', 'k'], k.move], [['Enter'], k.open], ...(this.mayAct ? [[['x'], k.select], [['a'], k.take], [['1–5'], k.verdict], [['n'], k.note], [['z'], k.undo]] as const : []), [['?'], k.all]];
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; min-height: 0; }
    .desk { display: grid; grid-template-columns: minmax(0, 1fr) var(--pane-width); grid-template-rows: minmax(0, 1fr); min-height: 0; }
    .center { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
    incident-list { flex: 1; min-height: 0; } .blank, state-view[loading] { flex: 1; }
    queue-filters, bulk-bar { padding: 8px var(--space-4) 0; flex: none; }
    .sky { padding: 8px var(--space-4) 3px; border-bottom: 1px solid var(--line); flex: none; }
    .legend { display: flex; align-items: center; gap: var(--space-3); font-size: var(--type-mark); color: var(--text-faint); white-space: nowrap; margin-bottom: 5px; min-height: 16px; } .legend severity-badge { font-size: var(--type-mark); font-weight: var(--weight-regular); }
    .fresh { all: unset; box-sizing: border-box; display: flex; align-items: center; gap: 8px; height: 27px; flex: none; padding: 0 var(--space-4); border-bottom: 1px solid var(--line); background: var(--accent-soft); color: var(--accent); font-size: var(--type-small); cursor: pointer; }
    .fresh:focus-visible { outline: 2px solid var(--focus); outline-offset: -2px; } .fresh b { white-space: nowrap; } .fresh kbd { margin-left: auto; } .fresh .faint { flex: none; color: var(--text-soft); }
    .side { display: grid; min-height: 0; min-width: 0; position: relative; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    docked-bar { flex: none; }
  `];
}
