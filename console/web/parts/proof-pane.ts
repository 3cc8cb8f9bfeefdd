// The pane beside the queue: why the chosen incident fired, what stood around it, what was decided before, and the decision itself.
// Fires `pane-move` (-1 or 1), `pane-close`, `pane-tab`, `take`, `note-save`, `verdict`, `verdict-save` {verdict, text}, `input-leave`.
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { assertNever } from '../../../core/assert.js';
import type { EventItem, IncidentFull, IncidentItem, VerdictName } from '../../api.js';
import type { ApiError } from '../client.js';
import { language, named, words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { incidentLink } from '../controllers/queue-filter.js';
import { link } from '../controllers/router.js';
import { sheet } from '../styles/sheet.js';
import { timeMs } from '../words/format.js';
import { icon } from './icon.js';
import { dueMark, sentence, systemWords } from './incident-words.js';
import { safeText, safeTextStyle } from './raw-line.js';
import { VERDICTS } from './verdict-buttons.js';
import './alert-proof.js';
import './similar-list.js';
import './state-view.js';
import './timeline-list.js';

export const TABS = ['why', 'context', 'similar', 'history', 'rule'] as const;
export type Tab = (typeof TABS)[number];
export type Asking = { readonly kind: 'note' } | { readonly kind: 'verdict'; readonly verdict: VerdictName };

@customElement('proof-pane')
export class ProofPane extends Part {
  @property({ attribute: false }) item!: IncidentItem;
  @property({ attribute: false }) full: IncidentFull | undefined;
  @property({ attribute: false }) error: ApiError | undefined;
  @property({ attribute: false }) context: readonly EventItem[] | undefined;
  @property({ attribute: false }) tab: Tab = 'why';
  @property({ attribute: false }) asking: Asking | undefined;
  @property({ attribute: false }) mayAct = false;
  @property({ attribute: false }) readsLogs = false;

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('asking') && this.asking) this.renderRoot.querySelector<HTMLInputElement>('#say')?.focus();
    if (changed.has('item') && changed.get('item')?.id !== this.item.id) this.renderRoot.querySelector('.content')?.scrollTo({ top: 0 });
  }

  override render() {
    const t = words(), { item } = this, status = item.status === 'assigned' && item.assignee !== null ? `${t.status.assigned}, ${item.assignee}` : item.assignee === null && item.status === 'new' ? `${t.status.new}, ${t.incident.unassigned}` : t.status[item.status];
    const square = (name: 'up' | 'down' | 'cross', label: string, act: () => void) => html`<button class="button quiet square" type="button" aria-label=${label} title=${label} @click=${act}>${icon(name)}</button>`;
    return html`
      <header>
        <div class="line"><severity-badge severity=${item.severity}></severity-badge><tier-mark tier=${item.tier}></tier-mark><span class="small soft">${item.number}</span>
          <span class="tools push">${square('up', t.proof.previous, () => this.fire('pane-move', -1))}${square('down', t.proof.next, () => this.fire('pane-move', 1))}<a class="button quiet square" href=${incidentLink(item)} aria-label=${t.proof.openPage} title=${t.proof.openPage}>${icon('outward')}</a>${square('cross', t.proof.closePane, () => this.fire('pane-close'))}</span></div>
        <h2>${sentence(item)}</h2>
        <div class="meta">${item.status === 'closed' || item.status === 'resolved' ? nothing : dueMark(item, false)}<span>${systemWords(item)}</span><span>${item.verdict === null ? status : html`<verdict-mark verdict=${item.verdict}></verdict-mark>`}</span></div>
      </header>
      <div class="tabs" role="tablist">${TABS.map((tab) => html`<button type="button" role="tab" id="tab-${tab}" aria-selected=${tab === this.tab ? 'true' : 'false'} aria-controls="content" tabindex=${tab === this.tab ? 0 : -1} @click=${() => this.fire('pane-tab', tab)} @keydown=${this.tabKey}>${t.proof[tab]}${tab === 'similar' && this.full && this.full.similar.length > 0 ? html`<span class="count">${this.full.similar.length}</span>` : nothing}</button>`)}</div>
      <div class="content" id="content" role="tabpanel" aria-labelledby="tab-${this.tab}" tabindex="0">${this.error ? html`<state-view .error=${this.error}></state-view>` : this.full ? this.content(this.full) : html`<state-view loading></state-view>`}</div>
      ${this.mayAct ? this.footer() : nothing}`;
  }

  private tabKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(this.tab) + step + TABS.length) % TABS.length] as Tab;
    this.fire('pane-tab', next);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
  }

  private content(full: IncidentFull): unknown {
    const t = words().proof, alert = full.alerts[0];
    switch (this.tab) {
      case 'why': return html`${alert ? html`<alert-proof .alert=${alert}></alert-proof>` : nothing}${full.alertCount > 1 ? html`<a class="small" href=${incidentLink(full)}>${t.allAlerts} (${full.alertCount})</a>` : nothing}
        ${full.similar.length > 0 ? html`<section><h3>${words().incident.precedent}</h3><similar-list .items=${full.similar.slice(0, 3)}></similar-list></section>` : nothing}`;
      case 'context': return this.contextView();
      case 'similar': return full.similar.length === 0 ? html`<p class="soft">${t.noSimilar}</p>` : html`<similar-list .items=${full.similar}></similar-list>`;
      case 'history': return html`<timeline-list .entries=${full.timeline}></timeline-list>`;
      case 'rule': return full.alerts.length === 0 ? nothing : this.ruleView(full);
      default: return assertNever(this.tab);
    }
  }

  private contextView() {
    const t = words();
    if (!this.readsLogs) return html`<p class="soft">${t.proof.noRead}</p>`;
    if (!this.context) return html`<state-view loading></state-view>`;
    if (this.context.length === 0) return html`<p class="soft">${t.proof.noContext}</p>`;
    return html`<p class="small faint">${t.proof.contextHint(15)}</p><ol class="context">${this.context.map((event) => html`<li><time>${timeMs(String(event['@timestamp']))}</time><span class="mono">${safeText(String(event['event.original'] ?? event.message ?? ''))}</span></li>`)}</ol>`;
  }

  private ruleView(full: IncidentFull) {
    const t = words(), seen = new Map(full.alerts.map((alert) => [alert.rule.id, alert.rule]));
    return [...seen.values()].map((rule) => html`<section><h3>${safeText(named(rule))}</h3><dl class="facts"><dt>${t.proof.level}</dt><dd><severity-badge severity=${rule.level}></severity-badge></dd><dt>${t.proof.version('')}</dt><dd class="mono">${rule.version.slice(0, 16)}</dd>${rule.author ? html`<dt>${t.proof.author}</dt><dd>${rule.author}</dd>` : nothing}${rule.license ? html`<dt>${t.proof.license}</dt><dd>${rule.license}</dd>` : nothing}</dl>
      <p class="small soft">${language() === 'vi' ? rule.descriptionVi ?? rule.description : rule.description}</p><p><a class="small" href=${link(`/rules/${encodeURIComponent(rule.id)}`)}>${t.proof.openRule}</a></p></section>`);
  }

  private footer() {
    const t = words(), closed = this.item.status === 'closed';
    if (this.asking) {
      const { asking } = this, label = asking.kind === 'note' ? t.incident.note : t.incident.verdictAs(t.verdict[asking.verdict]);
      return html`<footer><form class="stack" @submit=${this.submit}><label for="say" class="line">${asking.kind === 'note' ? html`<b class="medium">${label}</b>` : html`<verdict-mark verdict=${asking.verdict}></verdict-mark>`}<span class="small faint">${asking.kind === 'note' ? t.incident.noteHint : t.queue.verdictNote}</span></label>
        <div class="line"><input id="say" class="input" aria-label=${label} autocomplete="off" data-testid="pane-text" @keydown=${(event: KeyboardEvent) => { if (event.key === 'Escape' && !event.isComposing) { event.stopPropagation(); this.fire('input-leave'); } }}><button class="button main" type="submit">${t.save}<kbd>Enter</kbd></button><button class="button" type="button" @click=${() => this.fire('input-leave')}>${t.cancel}<kbd>Esc</kbd></button></div></form></footer>`;
    }
    return html`<footer><div class="line">
      <button class="button main" type="button" ?disabled=${closed} @click=${() => this.fire('take')}>${t.incident.take}<kbd>a</kbd></button>
      <button class="button" type="button" @click=${() => this.fire('note')}>${t.incident.note}<kbd>n</kbd></button>
      <verdict-buttons class="push" .only=${VERDICTS.slice(4)} ?disabled=${closed}></verdict-buttons></div>
      <verdict-buttons .only=${VERDICTS.slice(0, 4)} ?disabled=${closed}></verdict-buttons></footer>`;
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const text = (this.renderRoot.querySelector<HTMLInputElement>('#say')?.value ?? '').trim();
    if (this.asking?.kind === 'verdict') this.fire('verdict-save', { verdict: this.asking.verdict, text });
    else if (text !== '') this.fire('note-save', text);
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; grid-template-rows: auto auto minmax(0, 1fr) auto; grid-template-columns: minmax(0, 1fr); border-left: 1px solid var(--line); min-height: 0; background: var(--surface); }
    :host > header, header:first-of-type { padding: 6px var(--space-2) 8px var(--space-4); display: grid; gap: 4px; }
    h2 { font-weight: var(--weight-medium); line-height: 1.420; overflow-wrap: anywhere; padding-right: 8px; }
    .tools { display: flex; } .tools .button { text-decoration: none; }
    .meta { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: center; font-size: var(--type-small); color: var(--text-soft); }
    .content { padding: 10px var(--space-4) 14px; display: grid; gap: 12px; align-content: start; overflow: auto; grid-template-columns: minmax(0, 1fr); outline-offset: -2px; }
    section { display: grid; gap: 5px; }
    footer { border-top: 1px solid var(--line); padding: 8px var(--space-4); display: grid; gap: 6px; background: var(--surface-quiet); }
    .context li { display: grid; grid-template-columns: 86px minmax(0, 1fr); gap: 8px; padding: 3px 0; border-bottom: 1px solid var(--line); }
    .context time { font-size: var(--type-small); color: var(--text-soft); } .context .mono { overflow-wrap: anywhere; }
  `];
}
