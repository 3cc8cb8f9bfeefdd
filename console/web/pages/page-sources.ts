// Source health: received = stored = evaluated, or the gap with its numbers; who is silent and since when.
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { equationOf } from '../../../core/account/equation.js';
import type { BalanceItem, List, SourceItem, Strips } from '../../api.js';
import { get } from '../client.js';
import type { LiveMessage } from '../controllers/live.js';
import { Loader } from '../controllers/loader.js';
import { words } from '../controllers/locale.js';
import { now, Ticker } from '../controllers/now.js';
import { Page, type PageHead } from '../controllers/page.js';
import { goQuery, place } from '../controllers/router.js';
import { icon } from '../parts/icon.js';
import { safeText, safeTextStyle } from '../parts/raw-line.js';
import { sheet } from '../styles/sheet.js';
import { dateTime, duration, number } from '../words/format.js';
import '../parts/account-equation.js';
import '../parts/source-balance.js';
import '../parts/source-strip.js';
import '../parts/state-view.js';
import '../parts/tier-mark.js';

const EVERY_MS = 5_000, STRIPS_EVERY = 6, MINUTE_MS = 60_000, DAY_MS = 86_400_000;
const daySince = (): string => new Date(Math.floor((Date.now() - DAY_MS) / MINUTE_MS) * MINUTE_MS).toISOString();
const needsLook = (source: SourceItem): boolean => source.silent || source.lost > 0 || source.missing > 0;
const rank = ({ lost, missing, silent, stored, evaluated }: SourceItem): number => (silent ? 0 : lost > 0 || missing > 0 ? 1 : stored !== evaluated ? 2 : 3);

@customElement('page-sources')
export class PageSources extends Page {
  @state() private onlyAttention = false;
  @state() private opened: string | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  protected readonly ticker = new Ticker(this, 1_000);
  private readonly list = new Loader(this, (signal) => get<List<SourceItem>>('/api/sources', { limit: 500 }, signal));

  private readonly strips = new Loader(this, (signal) => get<Strips>('/api/sources/strips', { from: daySince(), limit: 500 }, signal));
  private readonly listeners = new Loader(this, (signal) => get<List<BalanceItem>>('/api/sources/balance', { system: 'listener', from: daySince(), limit: 500 }, signal));
  private readonly balance = new Loader(this, async (signal) => ({ of: this.opened, item: (await get<List<BalanceItem>>('/api/sources/balance', { source: this.opened, from: daySince(), limit: 1 }, signal)).items[0] }));

  override connectedCallback(): void {
    super.connectedCallback();
    this.read(true);
    let ticks = 0;
    this.timer = setInterval(() => { if (!document.hidden) this.read(++ticks % STRIPS_EVERY === 0); }, EVERY_MS);
  }
  private read(all: boolean): void {
    void this.list.run();
    if (this.opened !== undefined) void this.balance.run();
    if (all) { void this.strips.run(); void this.listeners.run(); }
  }
  private toggle(name: string): void {
    this.opened = this.opened === name ? undefined : name;
    if (this.opened !== undefined) void this.balance.run();
  }
  override disconnectedCallback(): void { super.disconnectedCallback(); clearInterval(this.timer); }
  protected override told({ kind }: LiveMessage): void { if (kind === 'sources' || kind === 'resync') void this.list.run(); }

  protected override head(): PageHead {
    const t = words().sourcesPage, sources = this.list.value;
    return { title: t.title, summary: sources ? t.summary(sources.total, new Set(sources.items.map(({ system }) => system)).size) : nothing };
  }

  override render() {
    const { value, error } = this.list, failed = error ? html`<state-view .error=${error} ?stale=${value !== undefined} @retry=${() => this.list.run()}></state-view>` : nothing;
    if (!value) return html`${failed}${error ? nothing : html`<state-view loading></state-view>`}`;
    const t = words().sourcesPage;
    if (value.items.length === 0) return html`<div class="blank"><h2>${t.empty}</h2><p>${t.emptyHint}</p></div>`;
    const system = place().query.get('system'), items = value.items.filter((source) => system === null || source.system === system), shown = items.filter((source) => !this.onlyAttention || needsLook(source)).sort((a, b) => rank(a) - rank(b) || b.tier - a.tier || (a.name < b.name ? -1 : 1));
    return html`<div class="health">${this.equation(items)}${failed}
      <div class="filters"><button class="button slim" type="button" aria-pressed=${this.onlyAttention ? 'false' : 'true'} @click=${() => { this.onlyAttention = false; }}>${t.all} ${number(items.length)}</button><button class="button slim" type="button" aria-pressed=${this.onlyAttention ? 'true' : 'false'} @click=${() => { this.onlyAttention = true; }}>${t.attention} ${number(items.filter(needsLook).length)}</button>${system === null ? nothing : html`<span class="chip on">${t.system}: ${safeText(system)}<button type="button" aria-label=${words().clear} @click=${() => goQuery({ system: null })}>${icon('cross', 'small')}</button></span>`}<a class="button slim" href="/sources/unknown" data-testid="sources-unknown">${words().unknownPage.title}</a>${(['complete', 'gap', 'silent'] as const).map((state, index) => html`<span class="legend small faint ${index === 0 ? 'push' : ''}"><i class=${state}></i>${t.stretch[state]}</span>`)}</div>
      ${this.ours()}<div class="scroll" tabindex="0" role="region" aria-label=${t.title}><table class="table"><thead><tr><th scope="col">${t.source}</th><th scope="col">${t.system}</th><th scope="col">${t.tier}</th><th scope="col">${t.state}</th><th scope="col">${t.strip}</th><th scope="col" class="num">${t.received}</th><th scope="col" class="num">${t.stored}</th><th scope="col" class="num">${t.evaluated}</th><th scope="col" class="num">${t.lost}</th><th scope="col" class="num">${t.missing}</th><th scope="col" class="num">${t.unparsed}</th><th scope="col" class="num" title=${t.limit}>${t.lastSeenOf}</th></tr></thead>
      <tbody>${shown.map((source) => this.row(source))}</tbody></table></div></div>`;
  }

  /** What our own listeners lost, of nobody knows whom. */
  private ours() {
    const lost = (this.listeners.value?.items ?? []).filter(({ gaps }) => gaps.some(({ count, frames }) => count > 0 || frames > 0));
    return lost.length === 0 ? nothing : html`<details class="ours"><summary>${words().sourcesPage.ours(lost.reduce((sum, one) => sum + one.lost, 0))}</summary>${lost.map((one) => html`<source-balance listener .balance=${one}></source-balance>`)}</details>`;
  }

  private equation(sources: readonly SourceItem[]) {
    const t = words().sourcesPage, sum = (of: (source: SourceItem) => number): number => sources.reduce((all, source) => all + of(source), 0);
    const [received, underWay, stored, evaluated, lost, missing] = [sum((one) => one.received), sum((one) => one.underWay), sum((one) => one.stored), sum((one) => one.evaluated), sum((one) => one.lost), sum((one) => one.missing)], equal = underWay === 0 && stored === evaluated;
    return html`<div class="equation"><account-equation large .sides=${equationOf({ received, underWay, stored, evaluated })} since=${t.since}></account-equation>
      <div class="rest"><span class="state ${equal ? 'good' : 'soft'}">${icon(equal ? 'check' : 'clock')}${equal ? t.equal : t.notEqual}</span>${lost > 0 ? html`<p class="small bad">${t.lostTotal(lost)}</p>` : nothing}${missing > 0 ? html`<p class="small warn">${t.missingTotal(missing)}</p>` : nothing}${lost + missing === 0 ? html`<p class="small soft">${t.noLost}</p>` : nothing}</div></div>`;
  }

  private row(source: SourceItem) {
    const t = words(), s = t.sourcesPage, quiet = source.lastSeen === null ? undefined : now() - Date.parse(source.lastSeen), behind = source.underWay + source.stored - source.evaluated;
    const state = source.silent ? html`<span class="state warn">${icon('silent')}${quiet === undefined ? s.neverSeen : s.silentFor(duration(quiet))}</span>` : source.lost > 0 ? html`<span class="state bad">${icon('warn')}${s.lostCount(source.lost)}</span>` : source.missing > 0 ? html`<span class="state bad">${icon('warn')}${s.missingCount(source.missing)}</span>` : behind > 0 ? html`<span class="state soft">${icon('clock')}${s.behind(behind)}</span>` : html`<span class="state good">${icon('check')}${s.match}</span>`;
    const open = this.opened === source.name, strip = this.strips.value?.items.find(({ name }) => name === source.name), balance = open && this.balance.value?.of === source.name ? this.balance.value.item : undefined;
    return html`<tr class=${open ? 'here' : ''}><td class="mono nowrap"><span class="sender"><button class="button quiet slim square" type="button" data-testid="source-open" aria-expanded=${open ? 'true' : 'false'} aria-label=${open ? s.closeBalance(source.sender) : s.openBalance(source.sender)} @click=${() => { this.toggle(source.name); }}>${icon(open ? 'down' : 'right')}</button><a href=${`/sources/${encodeURIComponent(source.system)}/${encodeURIComponent(source.sender)}`} data-testid="source-link">${safeText(source.sender)}</a></span></td><td><div class="cut system" title=${source.systemName}>${source.system === 'unassigned' ? nothing : html`<span class="medium">${source.system}</span> `}<span class="soft">${source.systemName}</span></div></td><td><tier-mark tier=${source.tier}></tier-mark></td><td>${state}</td>
      <td>${strip && this.strips.value ? html`<source-strip .stretches=${strip.stretches} from=${this.strips.value.from} to=${this.strips.value.to}></source-strip>` : nothing}</td><td class="num">${number(source.received)}</td><td class="num">${number(source.stored)}</td><td class="num">${number(source.evaluated)}</td><td class="num ${source.lost > 0 ? 'bad strong' : 'faint'}">${number(source.lost)}</td><td class="num ${source.missing > 0 ? 'bad strong' : 'faint'}">${number(source.missing)}</td><td class="num ${source.unparsed > 0 ? '' : 'faint'}">${number(source.unparsed)}</td>
      <td class="num ${source.silent ? 'warn' : ''}" title=${source.lastSeen === null ? '' : dateTime(source.lastSeen)}>${quiet === undefined ? s.neverSeen : duration(Math.max(0, quiet))} <span class="faint">/ ${duration(source.silenceLimitMinutes * MINUTE_MS)}</span></td></tr>
      ${open ? html`<tr class="detail"><td colspan="12"><h2 class="small">${s.balance}</h2>${balance ? html`<source-balance .balance=${balance}></source-balance>` : this.balance.error ? html`<state-view .error=${this.balance.error} @retry=${() => this.balance.run()}></state-view>` : this.balance.pending ? html`<state-view loading></state-view>` : html`<p class="small soft">${s.nothingSince}</p>`}</td></tr>` : nothing}`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; min-height: 0; align-content: start; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    .health { display: flex; flex-direction: column; min-height: 0; } .scroll { flex: 1; outline-offset: -2px; }
    .equation { display: flex; gap: 12px; align-items: end; padding: 12px var(--space-4); border-bottom: 1px solid var(--line); }
    .rest { margin-left: auto; display: grid; gap: 1px; justify-items: end; text-align: right; }
    .filters { display: flex; align-items: center; gap: 6px; padding: 8px var(--space-4); border-bottom: 1px solid var(--line); }
    .legend { display: inline-flex; align-items: center; gap: 5px; margin-left: 8px; } .legend.push { margin-left: auto; } .legend i { width: 10px; height: 10px; }
    .legend .complete { background: var(--tier-off); height: 6px; } .legend .gap { background: repeating-linear-gradient(-45deg, var(--gap) 0 1.5px, var(--gap-soft) 1.5px 4px); } .legend .silent { border: 1px dashed var(--warn); }
    .system { max-width: 150px; } @media (min-width: 1600px) { .system { max-width: 320px; } } .sender { display: inline-flex; align-items: center; gap: 4px; }
    .ours { padding: 6px var(--space-4); border-bottom: 1px solid var(--line); } .ours summary { cursor: pointer; font-size: var(--type-small); color: var(--bad); }
    .detail > td { background: var(--surface-quiet); padding: 8px var(--space-4); } .table tbody tr.detail:hover { background: none; }
    td.num { font-size: var(--type-small); }
  `];
}
