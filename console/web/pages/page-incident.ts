// One incident: why it fired with its lit bytes, what was done, what law wants when; take, assign, note, resolve, close, reopen. When
// somebody was faster, their change is shown first and ours is offered again: nothing is overwritten and nothing typed is lost.
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { AlertItem, ChangeRequest, IncidentFull, List, VerdictName } from '../../api.js';
import { ApiError, get, said } from '../client.js';
import { sendChange } from '../controllers/changes.js';
import { entityLink } from '../controllers/event-query.js';
import { Keys } from '../controllers/keys.js';
import type { LiveMessage } from '../controllers/live.js';
import { Loader } from '../controllers/loader.js';
import { words } from '../controllers/locale.js';
import { now, Ticker } from '../controllers/now.js';
import { Page, type PageHead } from '../controllers/page.js';
import { link } from '../controllers/router.js';
import { mayAct, session } from '../controllers/session.js';
import { icon } from '../parts/icon.js';
import { dueMark, precedentMark, sentence, systemWords } from '../parts/incident-words.js';
import type { NoteForm } from '../parts/note-form.js';
import { safeText, safeTextStyle } from '../parts/raw-line.js';
import { say } from '../parts/timeline-list.js';
import { VERDICTS } from '../parts/verdict-buttons.js';
import { sheet } from '../styles/sheet.js';
import { dateTime, duration, near, shortDateTime } from '../words/format.js';
import '../parts/alert-proof.js';
import '../parts/assign-menu.js';
import '../parts/clock-mark.js';
import '../parts/close-form.js';
import '../parts/legal-clocks.js';
import '../parts/note-form.js';
import '../parts/severity-badge.js';
import '../parts/similar-list.js';
import '../parts/state-view.js';
import '../parts/tier-mark.js';
import '../parts/timeline-list.js';
import '../parts/verdict-mark.js';
import './page-not-found.js';

const ALERTS_PAGE = 20;

@customElement('page-incident')
export class PageIncident extends Page {
  @property() incident = '';
  @state() private closing = false;
  @state() private verdict: VerdictName | null = null;
  @state() private busy = 0;
  @state() private error: ApiError | undefined;
  /** Somebody was faster: our change, and the version we had seen. */
  @state() private conflict: { readonly change: ChangeRequest; readonly entries: number } | undefined;
  @state() private moreAlerts: readonly AlertItem[] = [];
  @state() private nextAlerts: string | null | undefined;
  @query('note-form') private readonly noteForm!: NoteForm | null;
  private loaded = '';
  protected readonly ticker = new Ticker(this, 30_000);
  private readonly full = new Loader(this, (signal) => get<IncidentFull>(`/api/incidents/${encodeURIComponent(this.incident)}`, undefined, signal));
  private readonly people = new Loader(this, (signal) => get<{ items: { username: string; name: string }[] }>('/api/assignees', undefined, signal));
  protected readonly keys = new Keys(this, () => ({
    KeyA: () => void this.take(), KeyN: () => this.noteForm?.focus(), Escape: () => { this.closing = false; },
    ...Object.fromEntries(VERDICTS.map((verdict, index) => [`Digit${index + 1}`, () => this.startClosing(verdict)])),
  }));

  protected override willUpdate(): void {
    if (this.loaded === this.incident) return;
    this.loaded = this.incident;
    this.full.value = undefined; this.full.error = undefined; this.moreAlerts = []; this.nextAlerts = undefined; this.closing = false; this.conflict = undefined; this.error = undefined;
    void this.full.run();
    if (mayAct() && !this.people.value) void this.people.run();
  }

  protected override told(message: LiveMessage): void {
    if (message.kind === 'resync' || (message.kind === 'incidents' && message.incidents.ids.includes(this.incident))) void this.full.run();
  }

  private startClosing(verdict: VerdictName | null): void {
    if (!mayAct() || !this.full.value || this.full.value.status === 'closed') return;
    this.verdict = verdict;
    this.closing = true;
  }
  private async take(): Promise<void> { const me = session()?.username; if (me !== undefined && mayAct()) await this.send({ kind: 'assigned', assignee: me }); }

  /** True when it was done. */
  private async send(change: ChangeRequest): Promise<boolean> {
    const seen = this.full.value;
    if (!seen) return false;
    this.busy++;
    this.error = undefined;
    try {
      this.full.set(await sendChange(seen, change));
      this.conflict = undefined;
      if (change.kind === 'closed') this.closing = false;
      return true;
    } catch (error) {
      const problem = ApiError.from(error);
      if (problem.status === 409) { await this.full.run(); this.conflict = { change, entries: seen.timeline.length }; } else this.error = problem;
      return false;
    } finally { this.busy--; }
  }

  private async sendAgain(): Promise<void> { if (this.conflict && await this.send(this.conflict.change)) this.noteForm?.reset(); }
  private async note(text: string): Promise<void> { if (await this.send({ kind: 'noted', text })) this.noteForm?.reset(); }

  private async loadAlerts(): Promise<void> {
    try {
      const page = await get<List<AlertItem>>(`/api/incidents/${encodeURIComponent(this.incident)}/alerts`, { limit: ALERTS_PAGE, cursor: this.nextAlerts });
      const known = new Set([...(this.full.value?.alerts ?? []), ...this.moreAlerts].map(({ id }) => id));
      this.moreAlerts = [...this.moreAlerts, ...page.items.filter(({ id }) => !known.has(id))];
      this.nextAlerts = page.next;
      if (page.next !== null && page.items.every(({ id }) => known.has(id))) await this.loadAlerts();
    } catch (error) { this.error = ApiError.from(error); }
  }

  protected override head(): PageHead {
    const t = words(), full = this.full.value;
    return { title: full?.number ?? '', above: { text: t.nav.queue, href: '/queue' }, summary: full ? html`${t.incident.opened(duration(now() - Date.parse(full.created)))}, ${t.alerts(full.alertCount)}, ${full.distinctEvents === null ? t.incident.atMostEvents(full.eventCount) : t.events(full.distinctEvents)}` : nothing };
  }

  override render() {
    const full = this.full.value;
    if (!full) return this.full.error?.status === 404 ? html`<page-not-found></page-not-found>` : html`<state-view .error=${this.full.error} loading @retry=${() => this.full.run()}></state-view>`;
    return html`<div class="case">
      ${this.header(full)}
      ${this.full.error ? html`<state-view .error=${this.full.error} stale @retry=${() => this.full.run()}></state-view>` : nothing}
      ${this.error ? html`<div class="notice bad" role="alert">${icon('error')}<span><b class="medium">${words().error.notDone}.</b> ${said(this.error)}</span></div>` : nothing}
      ${this.conflictView(full)}
      ${this.closing && full.status !== 'closed' ? html`<close-form .verdict=${this.verdict} .busy=${this.busy > 0} @close-save=${(event: CustomEvent<{ verdict: VerdictName; text: string }>) => this.send({ kind: 'closed', verdict: event.detail.verdict, ...(event.detail.text === '' ? {} : { text: event.detail.text }) })} @close-leave=${() => { this.closing = false; }}></close-form>` : nothing}
      <div class="spread scroll"><div class="story">${this.why(full)}${this.timeline(full)}</div><aside>${this.side(full)}</aside></div></div>`;
  }

  private header(full: IncidentFull) {
    const t = words(), i = t.incident, open = full.status === 'new' || full.status === 'assigned', me = session()?.username;
    return html`<header>
      <div class="top"><h2 data-testid="incident-title">${sentence(full)}</h2>
        ${mayAct() ? html`<div class="line acts">
          ${full.status !== 'closed' && full.assignee !== me ? html`<button class="button ${full.assignee === null ? 'main' : ''}" type="button" data-testid="incident-take" @click=${this.take}>${full.assignee === null ? i.take : i.takeOver}<kbd>a</kbd></button>` : nothing}
          ${full.status === 'closed' ? nothing : html`<assign-menu .people=${this.people.value?.items ?? []} .assignee=${full.assignee} @assign=${(event: CustomEvent<string | null>) => this.send({ kind: 'assigned', assignee: event.detail })}></assign-menu>`}
          ${open ? html`<button class="button" type="button" data-testid="incident-resolve" @click=${() => this.send({ kind: 'resolved' })}>${i.resolve}</button>` : nothing}
          ${full.status === 'closed' ? nothing : html`<button class="button ${full.assignee === null ? '' : 'main'}" type="button" data-testid="incident-close-open" aria-expanded=${this.closing ? 'true' : 'false'} @click=${() => { if (this.closing) this.closing = false; else this.startClosing(null); }}>${i.closeIncident}${icon('down', 'small')}</button>`}
          ${open ? nothing : html`<button class="button" type="button" data-testid="incident-reopen" @click=${() => this.send({ kind: 'reopened' })}>${i.reopen}</button>`}
        </div>` : nothing}</div>
      <div class="facts-line">
        <severity-badge severity=${full.severity}></severity-badge><tier-mark tier=${full.tier} full></tier-mark>
        <span>${i.system} <b>${systemWords(full)}</b></span><span>${i.status} <b data-testid="incident-status">${t.status[full.status]}</b></span>
        ${full.verdict === null ? nothing : html`<verdict-mark verdict=${full.verdict}></verdict-mark>`}
        <span>${i.assignee} <b>${full.assignee ?? i.unassigned}</b></span>${open ? dueMark(full, false) : nothing}<span class="line">${i.precedent} ${precedentMark(full.precedent)}</span>
      </div></header>`;
  }

  private conflictView(full: IncidentFull) {
    if (!this.conflict) return nothing;
    const t = words().incident, theirs = full.timeline.slice(this.conflict.entries);
    return html`<div class="notice warn" role="alert" data-testid="incident-conflict">${icon('warn')}<div class="stack"><p><b class="medium">${t.conflict(String(full.version))}.</b> ${t.conflictHint}</p>
      <ul>${theirs.map((entry) => html`<li class="small"><span class="faint">${near(entry.at, now())} ${entry.by}:</span> ${say(entry)}</li>`)}</ul>
      <div class="line"><button class="button main" type="button" data-testid="incident-send-again" @click=${this.sendAgain}>${t.sendAgain}</button><button class="button" type="button" @click=${() => { this.conflict = undefined; }}>${t.drop}</button></div></div></div>`;
  }

  private why(full: IncidentFull) {
    const t = words(), alerts = [...full.alerts, ...this.moreAlerts], rest = full.alertCount - alerts.length, [first, ...others] = alerts;
    return html`<section id="why"><header><h2>${t.proof.why}</h2><span class="small faint">${t.alerts(full.alertCount)}</span></header>
      ${first ? html`<alert-proof page .alert=${first}></alert-proof>` : nothing}
      ${others.map((alert) => html`<details><summary><severity-badge severity=${alert.severity} terse></severity-badge><span class="cut">${safeText(t.incident.entry.alerted(alert.rule.titleVi !== undefined && document.documentElement.lang === 'vi' ? alert.rule.titleVi : alert.rule.title, alert.eventCount))}</span><span class="small faint push nowrap">${dateTime(alert.time)}</span></summary><alert-proof page .alert=${alert}></alert-proof></details>`)}
      ${rest > 0 && this.nextAlerts !== null ? html`<button class="button slim" type="button" @click=${this.loadAlerts}>${t.proof.moreAlerts} (${rest})</button>` : nothing}</section>`;
  }

  private timeline(full: IncidentFull) {
    const t = words().incident;
    return html`<section id="timeline"><header><h2>${t.timeline}</h2><span class="small faint">${t.timelineHint(full.timeline.length)}</span></header>
      ${mayAct() ? html`<note-form .busy=${this.busy > 0} @note-save=${(event: CustomEvent<string>) => this.note(event.detail)}></note-form>` : nothing}
      <timeline-list filters .entries=${full.timeline}></timeline-list></section>`;
  }

  private side(full: IncidentFull) {
    const t = words(), i = t.incident, mayRead = session()?.readsLogs ?? false;
    const dates = ([[i.first, full.firstSeen], [i.last, full.lastSeen], [i.created, full.created], [i.acknowledged, full.acknowledgedAt], [i.resolvedAt, full.resolvedAt], [i.closedAt, full.closedAt]] as const).filter(([, at]) => at !== null);
    return html`
      <section><header><h2>${i.legal}</h2><span class="small faint push">${full.legalClocks.length > 0 ? html`<span title=${dateTime(full.created)}>${i.legalFrom(shortDateTime(full.created))}</span>` : nothing}</span></header><legal-clocks .clocks=${full.legalClocks} from=${full.created}></legal-clocks></section>
      <section><header><h2>${i.entities}</h2></header><dl class="facts">${full.entities.map((entity) => html`<dt>${t.entity[entity.kind]}</dt><dd>${mayRead ? html`<a class="val" href=${entityLink(entity)}>${safeText(entity.value)}</a>` : html`<span class="val">${safeText(entity.value)}</span>`}</dd>`)}</dl></section>
      <section><header><h2>${i.rules}</h2></header><ul>${full.rules.map((rule) => html`<li><a class="small" href=${link(`/rules/${encodeURIComponent(rule.id)}`)}>${safeText(document.documentElement.lang === 'vi' && rule.titleVi ? rule.titleVi : rule.title)}</a></li>`)}</ul></section>
      <section><header><h2>${i.dates}</h2></header><dl class="facts">${dates.map(([label, at]) => html`<dt>${label}</dt><dd>${dateTime(at as string)}</dd>`)}${full.unit ? html`<dt>${i.unit}</dt><dd>${full.unit}</dd>` : nothing}</dl></section>
      <section><header><h2>${i.similar}</h2></header>${full.similar.length === 0 ? html`<p class="small faint">${t.proof.noSimilar}</p>` : html`<similar-list .items=${full.similar}></similar-list>`}</section>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    .case { display: flex; flex-direction: column; min-height: 0; }
    .case > header { padding: 10px var(--space-4); display: grid; gap: 5px; border-bottom: 1px solid var(--line); flex: none; }
    .top { display: flex; align-items: flex-start; gap: 16px; justify-content: space-between; } .top h2 { font-size: 17px; line-height: 1.350; overflow-wrap: anywhere; min-width: 0; } .acts { flex: none; }
    .facts-line { display: flex; flex-wrap: wrap; gap: 2px 16px; align-items: center; font-size: var(--type-small); color: var(--text-soft); } .facts-line b { font-weight: var(--weight-medium); color: var(--text); }
    .notice { margin: 10px var(--space-4) 0; flex: none; } .notice li { padding: 2px 0; } .notice .stack { gap: 6px; }
    .spread { flex: 1; display: grid; grid-template-columns: minmax(0, 1fr) 340px; align-items: stretch; }
    .story { padding: 12px var(--space-4) 24px; display: grid; gap: 20px; align-content: start; grid-template-columns: minmax(0, 1fr); }
    aside { border-left: 1px solid var(--line); background: var(--surface-quiet); padding: 12px 14px 24px; display: grid; gap: 18px; align-content: start; }
    section { display: grid; gap: 8px; min-width: 0; align-content: start; grid-template-columns: minmax(0, 1fr); } section > header { display: flex; align-items: baseline; gap: 8px; }
    section > .button { justify-self: start; }
    details { border-top: 1px solid var(--line); padding-top: 6px; } summary { display: flex; align-items: center; gap: 8px; cursor: pointer; min-height: 26px; } summary::before { content: '+'; color: var(--text-faint); width: 10px; } details[open] > summary::before { content: '−'; } details > alert-proof { padding: 8px 0 10px; }
    @media (min-width: 1600px) { .spread { grid-template-columns: minmax(0, 1fr) 400px; } .story { grid-template-columns: minmax(0, 1.150fr) minmax(0, 1fr); gap: 36px; padding-inline: 24px; } }
    @media (max-width: 1000px) { .spread { grid-template-columns: minmax(0, 1fr); } aside { border-left: 0; border-top: 1px solid var(--line); } .top { flex-wrap: wrap; } .acts { flex-wrap: wrap; } }
  `];
}
