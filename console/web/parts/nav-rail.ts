// The rail: pages by role, the scope by security level with its nearest deadline, views of the queue, and the state of the flow.
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Overview, RoleName, SessionInfo, Status, TierOverview } from '../../api.js';
import { words } from '../controllers/locale.js';
import { now, Ticker } from '../controllers/now.js';
import { Part } from '../controllers/part.js';
import { link } from '../controllers/router.js';
import { sheet } from '../styles/sheet.js';
import { duration, number } from '../words/format.js';
import { icon, logo, type IconName } from './icon.js';
import './tier-mark.js';

type Section = 'overview' | 'status' | 'queue' | 'events' | 'rules' | 'sources' | 'systems' | 'compliance' | 'audit' | 'users' | 'settings';
interface Item { readonly section: Section; readonly icon: IconName; readonly roles: readonly RoleName[]; readonly readsLogs?: boolean }
const LATE_MS = 30_000, ANYONE: readonly RoleName[] = ['analyst', 'admin', 'manager'];
export const PAGES: readonly (readonly Item[])[] = [
  [{ section: 'overview', icon: 'overview', roles: ANYONE }, { section: 'queue', icon: 'queue', roles: ANYONE }, { section: 'events', icon: 'search', roles: ANYONE, readsLogs: true }],
  [{ section: 'rules', icon: 'rules', roles: ANYONE }, { section: 'sources', icon: 'sources', roles: ANYONE }, { section: 'systems', icon: 'systems', roles: ANYONE }, { section: 'status', icon: 'pulse', roles: ANYONE }],
  [{ section: 'compliance', icon: 'compliance', roles: ['manager', 'admin'] }, { section: 'audit', icon: 'audit', roles: ['manager', 'admin'] }, { section: 'users', icon: 'users', roles: ['admin'] }, { section: 'settings', icon: 'settings', roles: ANYONE }],
];
export const mayOpen = ({ roles, readsLogs = false }: Item, who: SessionInfo): boolean => roles.some((role) => who.roles.includes(role)) && (!readsLogs || who.readsLogs);

@customElement('nav-rail')
export class NavRail extends Part {
  @property({ attribute: false }) who!: SessionInfo;
  @property({ attribute: false }) path = '';
  @property({ attribute: false }) query = new URLSearchParams();
  @property({ attribute: false }) overview: Overview | undefined;
  @property({ attribute: false }) status: Status | undefined;
  @property({ attribute: false }) liveLost = false;
  protected readonly ticker = new Ticker(this, 30_000);

  override render() {
    const t = words(), open = this.overview?.tiers.reduce((sum, tier) => sum + tier.open, 0);
    return html`
      <nav aria-label=${t.nav.main}><a class="brand" href="/">${logo()}${t.product}</a>
        ${PAGES.map((group) => {
          const items = group.filter((item) => mayOpen(item, this.who));
          return items.length === 0 ? nothing : html`<ul>${items.map((item) => this.item(item, item.section === 'queue' ? open : item.section === 'sources' ? this.overview?.silentSources.length || undefined : undefined))}</ul>`;
        })}
        ${this.tiers(open)}${this.views()}
      </nav>
      ${this.footer()}`;
  }

  private item({ section, icon: shape }: Item, count: number | undefined) {
    const here = this.path === `/${section}` || this.path.startsWith(`/${section}/`) || (section === 'queue' && this.path.startsWith('/incidents/'));
    return html`<li><a class="item" href="/${section}" aria-current=${here ? 'page' : nothing}>${icon(shape)}${words().nav[section]}${count === undefined ? nothing : section === 'sources' ? html`<span class="count warn" title=${words().shell.silent(count)}>${icon('silent', 'small')} ${number(count)}<span class="unseen"> ${words().shell.silent(count)}</span></span>` : html`<span class="count">${number(count)}</span>`}</a></li>`;
  }

  private tiers(open: number | undefined) {
    const t = words(), tiers = this.overview?.tiers ?? [], used = [...tiers].filter(({ systems, open: count }) => systems > 0 || count > 0).sort((a, b) => b.tier - a.tier);
    const empty = [...this.who.tiers].sort((a, b) => b - a).filter((tier) => !used.some((one) => one.tier === tier));
    const chosen = this.path === '/queue' ? this.query.get('tier') : null;
    return html`<h2>${t.nav.tiers}</h2><ul class="picks">
      <li><a class="item" href=${this.scope(null)} aria-current=${this.path === '/queue' && chosen === null ? 'true' : nothing}>${t.nav.allTiers}${open === undefined ? nothing : html`<span class="count">${number(open)}</span>`}</a></li>
      ${used.map((tier) => html`<li><a class="item" href=${this.scope(tier.tier)} aria-current=${chosen === String(tier.tier) ? 'true' : nothing}><tier-mark tier=${tier.tier} full></tier-mark>${due(tier)}<span class="count">${number(tier.open)}</span></a></li>`)}
      ${empty.length > 0 && this.overview ? html`<li class="none">${t.nav.emptyTiers(empty.join(', '))}</li>` : nothing}</ul>`;
  }

  private scope(tier: number | null): string {
    const rest = this.path === '/queue' ? Object.fromEntries(this.query) : {};
    return link('/queue', { ...rest, tier });
  }

  private views() {
    const t = words().nav, here = (test: (query: URLSearchParams) => boolean) => (this.path === '/queue' && test(this.query) ? 'true' : nothing);
    const plain = (query: URLSearchParams): boolean => !query.has('assignee') && !query.has('status');
    return html`<h2>${t.views}</h2><ul class="picks">
      <li><a class="item" href="/queue" aria-current=${here(plain)}>${t.viewOpen}</a></li>
      ${this.who.readsLogs ? html`<li><a class="item" href="/queue?assignee=me" aria-current=${here((query) => query.get('assignee') === 'me')}>${t.viewMine}</a></li>` : nothing}
      <li><a class="item" href="/queue?assignee=none" aria-current=${here((query) => query.get('assignee') === 'none')}>${t.viewFree}</a></li>
      <li><a class="item" href="/queue?status=closed&sort=updated" aria-current=${here((query) => query.get('status') === 'closed')}>${t.viewClosed}</a></li></ul>`;
  }

  private footer() {
    const t = words().shell, { received24h = 0, evaluated24h = 0, lost24h = 0 } = this.overview ?? {};
    const behind = Math.max(0, received24h - evaluated24h), lagMs = this.status?.evaluation?.lagMs ?? 0, away = this.status?.store.state === 'away';
    return html`<footer>
      ${this.liveLost ? html`<p class="harbor">${icon('warn')}<span><b class="warn">${t.liveLost}</b><small>${t.liveLostHint}</small></span></p>` : nothing}
      ${away || lagMs > LATE_MS ? html`<a class="harbor" href="/status" data-testid="rail-lag">${icon('warn')}<span><b class="warn">${away ? t.storeAway : t.lagging(duration(lagMs))}</b></span></a>` : nothing}
      ${this.overview ? html`<a class="harbor" href="/sources"><span class=${lost24h > 0 ? 'warn' : 'good'}>${icon('pulse')}</span><span>${behind === 0 ? t.flowEven : t.flowBehind(behind)}<small>${lost24h > 0 ? t.flowLost(lost24h) : t.flowNoLoss}</small></span></a>` : nothing}</footer>`;
  }

  static override styles = [sheet, css`
    :host { display: flex; flex-direction: column; border-right: 1px solid var(--line); min-height: 0; background: var(--surface-sunken); }
    .brand { display: flex; align-items: center; gap: 9px; height: var(--bar-height); padding: 0 8px; font-size: 15px; font-weight: var(--weight-strong); color: var(--text); flex: none; }
    .brand:hover { text-decoration: none; } .logo { width: 24px; height: 24px; flex: none; margin-left: -2px; }
    nav { padding: 0 6px 8px; overflow: auto; flex: 1; min-height: 0; }
    ul + ul { margin-top: 6px; padding-top: 6px; border-top: 1px solid var(--line); }
    .item { display: flex; align-items: center; gap: 9px; height: 27px; padding: 0 8px; border-radius: var(--radius-control); color: var(--text-soft); white-space: nowrap; }
    .item:hover { background: var(--surface-hover); text-decoration: none; color: var(--text); }
    .item .icon { color: var(--text-faint); }
    .item[aria-current='page'] { background: var(--surface); color: var(--text); font-weight: var(--weight-medium); box-shadow: inset 2px 0 0 var(--accent), 0 0 0 1px var(--line); }
    .item[aria-current='page'] .icon { color: var(--accent); }
    .picks .item[aria-current] { color: var(--text); font-weight: var(--weight-strong); box-shadow: inset 2px 0 0 var(--accent); border-radius: 0; }
    .count { margin-left: auto; font-size: var(--type-small); color: var(--text-faint); display: inline-flex; align-items: center; gap: 4px; }
    .count.warn, .count.warn .icon { color: var(--warn); }
    .due { font-size: var(--type-mark); color: var(--text-faint); margin-left: auto; } .due.over { color: var(--bad); font-weight: var(--weight-strong); }
    .due + .count { margin-left: 0; min-width: 18px; justify-content: flex-end; color: var(--text); }
    h2 { font-size: var(--type-mark); font-weight: var(--weight-medium); color: var(--text-faint); padding: 10px 8px 3px; }
    .none { padding: 2px 8px; font-size: var(--type-mark); color: var(--text-faint); }
    footer { flex: none; border-top: 1px solid var(--line); padding: 6px; display: grid; gap: 1px; }
    .harbor { display: grid; grid-template-columns: 16px minmax(0, 1fr); gap: 9px; padding: 4px 8px; border-radius: var(--radius-control); color: var(--text); font-size: var(--type-small); line-height: 1.350; }
    a.harbor:hover { background: var(--surface-hover); text-decoration: none; }
    .harbor small { display: block; color: var(--text-faint); font-size: var(--type-mark); } .harbor > .icon { color: var(--warn); }
  `];
}

function due({ nextDue, overdue }: TierOverview) {
  if (overdue > 0) return html`<span class="due over">${words().queue.overdue(overdue)}</span>`;
  return nextDue === null ? nothing : html`<span class="due">${duration(Date.parse(nextDue) - now())}</span>`;
}
