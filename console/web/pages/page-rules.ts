// Detection rules: what is in force, what each costs, what did not load. Administrators turn them on and off here.
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { foldSearch } from '../../../core/fold.js';
import type { List, RuleFull, RuleItem, RuleProblem } from '../../api.js';
import { ApiError, get, patch, said } from '../client.js';
import { Keys } from '../controllers/keys.js';
import type { LiveMessage } from '../controllers/live.js';
import { Loader } from '../controllers/loader.js';
import { named, words } from '../controllers/locale.js';
import { now } from '../controllers/now.js';
import { Page, type PageHead } from '../controllers/page.js';
import { goQuery, link, place } from '../controllers/router.js';
import { hasRole } from '../controllers/session.js';
import type { Done } from '../parts/docked-bar.js';
import { icon } from '../parts/icon.js';
import { safeText, safeTextStyle } from '../parts/raw-line.js';
import { RULE_STATES, ruleState } from '../parts/rule-state.js';
import { sheet } from '../styles/sheet.js';
import { ago, dateTime, number } from '../words/format.js';
import '../parts/docked-bar.js';
import '../parts/severity-badge.js';
import '../parts/state-view.js';

const PAGE_ROWS = 500;

@customElement('page-rules')
export class PageRules extends Page {
  @state() private done: Done | undefined;
  @state() private busy: string | undefined;
  private readonly list = new Loader(this, async (signal) => {
    const items: RuleItem[] = [];
    for (let cursor: string | null = null; ;) {
      const page: List<RuleItem> = await get<List<RuleItem>>('/api/rules', { limit: PAGE_ROWS, cursor }, signal);
      items.push(...page.items);
      if (page.next === null) return items;
      cursor = page.next;
    }
  });
  private readonly problems = new Loader(this, (signal) => get<{ items: (RuleProblem & { readonly file: string })[] }>('/api/rules/problems', undefined, signal));
  protected readonly keys = new Keys(this, () => ({ Slash: () => this.renderRoot.querySelector<HTMLInputElement>('#find')?.focus() }));

  override connectedCallback(): void { super.connectedCallback(); void this.load(); }
  private async load(): Promise<void> { await Promise.all([this.list.run(), this.problems.run()]); }
  protected override told({ kind }: LiveMessage): void { if (kind === 'rules' || kind === 'resync') void this.load(); }
  protected override head(): PageHead { const t = words().rulesPage, rules = this.list.value; return { title: t.title, summary: rules ? t.summary(rules.length, rules.filter(({ state: one }) => one === 'alive').length) : nothing }; }

  private async toggle(rule: RuleItem, enabled: boolean): Promise<void> {
    this.busy = rule.id;
    try {
      const next = await patch<RuleFull>(`/api/rules/${encodeURIComponent(rule.id)}`, { version: rule.version, enabled });
      this.list.set((this.list.value ?? []).map((one) => (one.id === next.id ? next : one)));
      this.done = { text: `${enabled ? words().rulesPage.turnedOn : words().rulesPage.turnedOff}: ${named(rule)}`, undo: () => void this.toggle(next, !enabled) };
    } catch (error) {
      const failure = ApiError.from(error);
      this.done = { text: failure.status === 409 ? words().rulesPage.conflict : said(failure), failures: [] };
      await this.list.run();
    } finally { this.busy = undefined; }
  }

  override render() {
    const { value, error } = this.list, t = words(), r = t.rulesPage, { query } = place(), text = query.get('q') ?? '', wanted = query.get('state');
    if (!value) return html`<state-view .error=${error} loading @retry=${this.load}></state-view>`;
    const folded = foldSearch(text), shown = value.filter((rule) => (wanted === null || rule.state === wanted) && foldSearch(`${rule.title} ${rule.titleVi ?? ''} ${rule.id} ${rule.logsource} ${rule.tags.join(' ')}`).includes(folded)).sort((a, b) => Number(a.state === 'alive') - Number(b.state === 'alive') || b.hits7d - a.hits7d || named(a).localeCompare(named(b)));
    return html`<div class="page">
      <div class="filters"><input class="input" id="find" type="search" aria-label=${r.search} placeholder=${r.search} .value=${text} @input=${(event: Event) => goQuery({ q: (event.target as HTMLInputElement).value })}>
        ${([null, ...RULE_STATES] as const).map((one) => { const count = one === null ? value.length : value.filter((rule) => rule.state === one).length; return count === 0 ? nothing : html`<button class="button slim" type="button" aria-pressed=${wanted === one ? 'true' : 'false'} @click=${() => goQuery({ state: one })}>${one === null ? r.anyState : r.states[one]} ${number(count)}</button>`; })}</div>
      ${error ? html`<state-view .error=${error} stale @retry=${this.load}></state-view>` : nothing}${this.problemsView()}
      <div class="scroll" tabindex="0" role="region" aria-label=${r.title}>${shown.length === 0 ? html`<p class="blank soft">${r.empty}</p>` : html`<table class="table"><thead><tr><th scope="col">${r.level}</th><th scope="col">${r.name}</th><th scope="col">${r.source}</th><th scope="col">${r.state}</th><th scope="col" class="num">${r.hits}</th><th scope="col" class="num">${r.lastHit}</th><th scope="col" class="num">${r.exceptions}</th>${hasRole('admin') ? html`<th scope="col">${r.enabled}</th>` : nothing}</tr></thead>
        <tbody>${shown.map((rule) => this.row(rule))}</tbody></table>`}</div>
      <docked-bar .done=${this.done} .keys=${[[['/'], t.keys.query], [['Ctrl K'], t.keys.palette], [['?'], t.keys.all]]} @done-close=${() => { this.done = undefined; }}></docked-bar></div>`;
  }

  private row(rule: RuleItem) {
    const r = words().rulesPage;
    return html`<tr data-testid="rules-row" data-rule-id=${rule.id}><td><severity-badge severity=${rule.level}></severity-badge></td><td><a class="name" href=${link(`/rules/${encodeURIComponent(rule.id)}`)}>${safeText(named(rule))}</a>${rule.kind === 'correlation' ? html` <span class="badge accent">${r.correlation}</span>` : nothing}</td>
      <td class="small soft">${rule.logsource}</td><td>${ruleState(rule)}</td><td class="num">${rule.hits7d === 0 ? html`<span class="faint">0</span>` : html`<a href=${link('/queue', { rule: rule.id, status: 'any' })}>${number(rule.hits7d)}</a>`}</td>
      <td class="num small" title=${rule.lastHit === null ? '' : dateTime(rule.lastHit)}>${rule.lastHit === null ? html`<span class="faint">${r.never}</span>` : ago(rule.lastHit, now())}</td><td class="num">${rule.exceptions === 0 ? html`<span class="faint">0</span>` : number(rule.exceptions)}</td>
      ${hasRole('admin') ? html`<td><input class="check" type="checkbox" role="switch" aria-label=${r.enable(named(rule))} data-testid="rule-toggle" .checked=${rule.enabled} ?disabled=${this.busy === rule.id || rule.state === 'refused'} @change=${(event: Event) => this.toggle(rule, (event.target as HTMLInputElement).checked)}></td>` : nothing}</tr>`;
  }

  private problemsView() {
    const items = this.problems.value?.items ?? [], t = words();
    if (items.length === 0) return nothing;
    return html`<details class="notice bad" open>${html`<summary>${icon('error')}<b class="medium">${t.rulesPage.problems(items.length)}</b></summary>`}<ul>${items.map(({ file, line, column, message, detail }) => html`<li class="small"><span class="mono">${safeText(file)}${line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`}</span> ${safeText(message)}${detail === undefined ? nothing : html` <span class="soft" lang="en">${safeText(detail)}</span>`}</li>`)}</ul></details>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    .page { display: flex; flex-direction: column; min-height: 0; } .scroll { flex: 1; outline-offset: -2px; }
    .filters { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; padding: 8px var(--space-4); border-bottom: 1px solid var(--line); } .filters .input { width: 240px; }
    .name { font-weight: var(--weight-medium); color: var(--text); } .name:hover { color: var(--accent); }
    .notice { display: block; margin: 10px var(--space-4); flex: none; max-height: 160px; overflow: auto; } summary { display: flex; gap: 8px; align-items: center; cursor: pointer; } summary .icon { color: var(--bad); } .notice li { padding: 2px 0 2px 24px; }
    .check { width: 16px; height: 16px; }
  `];
}
