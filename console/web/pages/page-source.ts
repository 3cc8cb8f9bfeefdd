// One source: its account of the last 24 hours, and with which encoding and time zone its lines are read.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { BalanceItem, List, ReadingTrial, SourceReading, Strips } from '../../api.js';
import { ApiError, get, post, put } from '../client.js';
import { condition } from '../controllers/event-query.js';
import { Loader } from '../controllers/loader.js';
import { words } from '../controllers/locale.js';
import { Page, type PageHead } from '../controllers/page.js';
import { link } from '../controllers/router.js';
import { hasRole, session } from '../controllers/session.js';
import type { ReadingChoice } from '../parts/source-reading.js';
import { sheet } from '../styles/sheet.js';
import type { Done } from '../parts/docked-bar.js';
import '../parts/docked-bar.js';
import '../parts/source-balance.js';
import '../parts/source-reading.js';
import '../parts/source-strip.js';
import '../parts/state-view.js';
import '../parts/tier-mark.js';
import './page-not-found.js';

const EVERY_MS = 5_000, MINUTE_MS = 60_000, DAY_MS = 86_400_000;
const daySince = (): string => new Date(Math.floor((Date.now() - DAY_MS) / MINUTE_MS) * MINUTE_MS).toISOString();

@customElement('page-source')
export class PageSource extends Page {
  /** `<system>/<sender>`. */
  @property() source = '';
  @state() private busy = false;
  @state() private error: ApiError | undefined;
  @state() private done: Done | undefined;
  private loaded = '';
  private choice: ReadingChoice | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly reading = new Loader(this, (signal) => get<SourceReading>('/api/sources/reading', { source: this.source }, signal));
  private readonly trial = new Loader(this, (signal) => post<ReadingTrial>('/api/sources/reading/try', { source: this.source, ...this.choice }, { signal }));
  private readonly balance = new Loader(this, async (signal) => ({ item: (await get<List<BalanceItem>>('/api/sources/balance', { source: this.source, from: daySince(), limit: 1 }, signal)).items[0] }));
  private readonly strips = new Loader(this, (signal) => get<Strips>('/api/sources/strips', { source: this.source, from: daySince(), limit: 1 }, signal));

  override connectedCallback(): void { super.connectedCallback(); this.timer = setInterval(() => { if (!document.hidden) void this.balance.run(); }, EVERY_MS); }
  override disconnectedCallback(): void { super.disconnectedCallback(); clearInterval(this.timer); }
  protected override willUpdate(): void { if (this.loaded !== this.source) { this.loaded = this.source; void this.load(); } }

  private async load(): Promise<void> {
    for (const loader of [this.reading, this.trial, this.balance, this.strips]) loader.value = undefined;
    this.error = undefined; this.done = undefined;
    void this.balance.run();
    void this.strips.run();
    await this.reading.run();
    if (this.reading.value) this.asKept(this.reading.value);
  }
  private asKept({ own, otherwise }: SourceReading): void { this.tryIt({ encoding: own.encoding ?? otherwise.encoding, timezone: own.timezone ?? otherwise.timezone }); }
  private tryIt(choice: ReadingChoice): void {
    this.choice = choice;
    if (session()?.readsLogs === true) void this.trial.run();
  }
  private async keep({ encoding, timezone }: { encoding: string | null; timezone: string | null }): Promise<void> {
    const seen = this.reading.value;
    if (!seen) return;
    this.busy = true; this.error = undefined; this.done = undefined;
    try {
      const kept = await put<SourceReading>('/api/sources/reading', { source: this.source, version: seen.version, encoding, timezone });
      this.reading.set(kept);
      this.asKept(kept);
      this.done = { text: words().readingPart.kept };
    } catch (error) {
      const problem = ApiError.from(error), conflict = problem.status === 409;
      if (conflict) await this.reading.run();
      this.error = conflict ? new ApiError(409, undefined, words().readingPart.conflict) : problem;
    } finally { this.busy = false; }
  }

  protected override head(): PageHead {
    const { value } = this.reading;
    return { title: value?.sender ?? '', above: { text: words().nav.sources, href: '/sources' }, summary: value ? html`${value.systemName} <tier-mark tier=${value.tier}></tier-mark>` : nothing };
  }

  override render() {
    const t = words().sourcesPage, { value, error } = this.reading, { item } = this.balance.value ?? {}, strip = this.strips.value?.items[0];
    if (!value) return error?.status === 404 ? html`<page-not-found></page-not-found>` : html`<state-view .error=${error} loading @retry=${() => this.load()}></state-view>`;
    return html`<div class="page"><div class="scroll body">
      <section><div class="line wrap"><h2>${t.balance}</h2>${session()?.readsLogs ? html`<a class="small push" href=${link('/events', { q: `${condition('haidang.system', value.system)} AND ${value.sender}` })}>${t.events}</a>` : nothing}</div>
        ${strip && this.strips.value ? html`<source-strip .stretches=${strip.stretches} from=${this.strips.value.from} to=${this.strips.value.to}></source-strip>` : nothing}
        ${item ? html`<source-balance .balance=${item}></source-balance>` : this.balance.error ? html`<state-view .error=${this.balance.error} @retry=${() => this.balance.run()}></state-view>` : this.balance.value ? html`<p class="small soft">${t.nothingSince}</p>` : nothing}</section>
      <section><h2>${words().readingPart.title}</h2>
        <source-reading .reading=${value} .rows=${this.trial.value?.rows} .error=${this.error ?? this.trial.error} ?editable=${hasRole('admin')} ?readable=${session()?.readsLogs === true} ?busy=${this.busy} @reading-try=${(event: CustomEvent<ReadingChoice>) => this.tryIt(event.detail)} @reading-set=${(event: CustomEvent<{ encoding: string | null; timezone: string | null }>) => void this.keep(event.detail)}></source-reading></section></div>
      <docked-bar .done=${this.done} @done-close=${() => { this.done = undefined; }}></docked-bar></div>`;
  }

  static override styles = [sheet, css`
    :host { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    .page { display: flex; flex-direction: column; min-height: 0; } .body { flex: 1; display: grid; align-content: start; grid-template-columns: minmax(0, 1fr); gap: 20px; padding: 12px var(--space-4) 24px; } section { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); }
  `];
}
