// Lines that no format knows, grouped by what stays the same in them, and the description of a source: written beside its sample lines, tried
// on them, kept with its tests. What is kept reads lines within seconds.
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { EventTemplates, FormatList, FormatTrial, List, SourceItem } from '../../api.js';
import { ApiError, get, post, put, said } from '../client.js';
import { condition } from '../controllers/event-query.js';
import { Loader } from '../controllers/loader.js';
import { words } from '../controllers/locale.js';
import { Page, type PageHead } from '../controllers/page.js';
import { hasRole, session } from '../controllers/session.js';
import { icon } from '../parts/icon.js';
import { safeText, safeTextStyle } from '../parts/raw-line.js';
import { sheet } from '../styles/sheet.js';
import { dateTime, number } from '../words/format.js';
import '../parts/state-view.js';

const START = "format: don-vi.nguon\nmatch: { starts: 'GATE|' }\nread: { delimiter: '|', columns: [_, when, account, from, what] }\nfields:\n  user.name: account\n  source.ip: from\ntime: { from: when, form: 'dd/MM/yyyy HH:mm:ss', zone: Asia/Ho_Chi_Minh }\naction: { from: what, map: { VAO: login, TU CHOI: login_failed } }\ntests:\n  - line: 'GATE|17/02/2026 13:40:03|an|203.0.113.9|VAO'\n    expect: { user.name: an, event.action: login }\n";
/** What a trial shows of a line: what is always there says nothing. */
const USUAL = /^(?:event\.(?:original|created|kind|module)|message|tags$|log\.syslog\.)/;

@customElement('page-unknown')
export class PageUnknown extends Page {
  @state() private source = '';
  @state() private text = START;
  @state() private samples = '';
  @state() private trial: FormatTrial | undefined;
  @state() private saidText: string | undefined;
  @state() private error: string | undefined;
  @state() private busy = false;
  private readonly sources = new Loader(this, (signal) => get<List<SourceItem>>('/api/sources', { limit: 500 }, signal));
  private readonly templates = new Loader(this, (signal) => get<EventTemplates>('/api/events/templates', { limit: 50, query: this.query() }, signal));
  private readonly kept = new Loader(this, (signal) => get<FormatList>('/api/formats', undefined, signal));

  override connectedCallback(): void {
    super.connectedCallback();
    void this.sources.run();
    if (session()?.readsLogs === true) void this.templates.run();
    if (hasRole('admin')) void this.kept.run();
  }

  protected override head(): PageHead { const t = words(); return { title: t.unknownPage.title, above: { text: t.nav.sources, href: '/sources' } }; }

  private query(): string | undefined {
    const chosen = this.sources.value?.items.find(({ name }) => name === this.source);
    return chosen === undefined ? undefined : `${condition('haidang.system', chosen.system)} AND ${condition('log.source.address', chosen.sender)}`;
  }
  private choose(source: string): void { this.source = source; void this.templates.run(); }

  private async act(work: () => Promise<void>): Promise<void> {
    this.busy = true; this.error = undefined; this.saidText = undefined;
    try { await work(); } catch (error) {
      const problem = ApiError.from(error);
      if (problem.status === 409) await this.kept.run();
      this.error = problem.status === 409 ? words().unknownPage.conflict : said(problem);
    } finally { this.busy = false; }
  }
  private try(): Promise<void> {
    return this.act(async () => { this.trial = await post<FormatTrial>('/api/formats/try', { text: this.text, lines: this.samples.split('\n').filter((line) => line.trim() !== '').slice(0, 200) }); });
  }
  private keep(name: string, text: string): Promise<void> {
    return this.act(async () => {
      this.kept.set(await put<FormatList>(`/api/formats/${encodeURIComponent(name)}`, { version: this.kept.value?.version ?? 0, text }));
      this.saidText = text === '' ? words().unknownPage.removed(name) : words().unknownPage.keptNow(name);
    });
  }

  override render() {
    return html`<div class="page"><div class="two">${this.unknown()}${hasRole('admin') ? this.describing() : nothing}</div></div>`;
  }

  private unknown() {
    const t = words().unknownPage, { value, error } = this.templates, unread = this.sources.value?.items.filter(({ unparsed }) => unparsed > 0) ?? [];
    if (session()?.readsLogs !== true) return html`<section class="stack"><h2>${t.templates}</h2><p class="soft">${t.notYours}</p></section>`;
    return html`<section class="stack"><div class="line wrap"><h2>${t.templates}</h2><label class="line small">${t.source} <select class="input slim" data-testid="unknown-source" .value=${this.source} @change=${(event: Event) => this.choose((event.target as HTMLSelectElement).value)}><option value="">${t.allSources}</option>${unread.map(({ name, unparsed }) => html`<option value=${name}>${name} (${number(unparsed)})</option>`)}</select></label></div>
      ${error ? html`<state-view .error=${error} ?stale=${value !== undefined} @retry=${() => this.templates.run()}></state-view>` : nothing}
      ${value === undefined ? (error ? nothing : html`<state-view loading></state-view>`) : value.items.length === 0 ? html`<p class="soft">${t.none}</p>` : html`<p class="small soft">${t.looked(value.read, value.total)}</p>
      <ol class="templates">${value.items.map(({ text, count, example }) => html`<li><div class="line"><b class="count">${number(count)}</b><code class="mono">${safeText(text)}</code></div>
        <div class="line"><span class="small soft mono example">${safeText(example)}</span>${hasRole('admin') ? html`<button class="button slim" type="button" @click=${() => { this.samples = `${this.samples === '' ? '' : `${this.samples.replace(/\n$/, '')}\n`}${example.replaceAll('\n', ' ')}`; }}>${t.useSample}</button>` : nothing}</div></li>`)}</ol>`}</section>`;
  }

  private describing() {
    const t = words().unknownPage, name = /^format:\s*(\S+)/m.exec(this.text)?.[1] ?? '';
    return html`<section class="stack"><h2>${t.describe}</h2><p class="small soft">${t.hint}</p>
      <label class="stack"><span class="small">${t.description}</span><textarea class="input mono" rows="14" spellcheck="false" data-testid="unknown-text" .value=${this.text} @input=${(event: Event) => { this.text = (event.target as HTMLTextAreaElement).value; }}></textarea></label>
      <label class="stack"><span class="small">${t.samples}</span><textarea class="input mono" rows="5" spellcheck="false" data-testid="unknown-samples" .value=${this.samples} @input=${(event: Event) => { this.samples = (event.target as HTMLTextAreaElement).value; }}></textarea></label>
      <div class="line"><button class="button" type="button" data-testid="unknown-try" ?disabled=${this.busy} @click=${() => void this.try()}>${t.tryIt}</button><button class="button primary" type="button" data-testid="unknown-keep" ?disabled=${this.busy || name === ''} @click=${() => void this.keep(name, this.text)}>${t.keep}</button></div>
      <div role="status">${this.error === undefined ? nothing : html`<p class="bad">${safeText(this.error)}</p>`}${this.saidText === undefined ? nothing : html`<p class="good">${safeText(this.saidText)}</p>`}</div>
      ${this.trial === undefined ? nothing : this.tried(this.trial)}
      <h3>${t.keptTitle}</h3>${(this.kept.value?.items.length ?? 0) === 0 ? html`<p class="small soft">${t.keptNone}</p>` : html`<ul class="plain">${this.kept.value?.items.map((one) => html`<li class="line wrap"><span class="mono">${safeText(one.name)}</span><span class="small soft">${dateTime(one.at)}</span><button class="button slim" type="button" @click=${() => { this.text = one.text; }}>${t.edit}</button><button class="button slim" type="button" ?disabled=${this.busy} @click=${() => void this.keep(one.name, '')}>${t.remove}</button></li>`)}</ul>`}</section>`;
  }

  private tried({ problems, rows }: FormatTrial) {
    const t = words(), u = t.unknownPage;
    return html`<div class="stack" data-testid="unknown-result">${problems.length === 0 ? html`<p class="good line">${icon('check')}${u.noProblem}</p>` : html`<ul>${problems.map(({ message, line, column }) => html`<li>${line === undefined ? nothing : html`<b>${t.error.line(line)}${column === undefined ? '' : `, ${t.error.column(column).toLowerCase()}`}:</b> `}<span lang="en">${safeText(message)}</span></li>`)}</ul>`}
      ${rows.map(({ format, event }, index) => html`<div class="stack"><b class="small">${u.line(index + 1)}: ${format === null ? u.unread : safeText(format)}</b><dl>${Object.entries(event).filter(([field]) => !USUAL.test(field)).map(([field, value]) => html`<div><dt class="mono small">${safeText(field)}</dt><dd class="mono small">${safeText(Array.isArray(value) ? value.join(', ') : String(value))}</dd></div>`)}</dl></div>`)}</div>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: block; overflow: auto; min-height: 0; height: 100%; }
    .two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: var(--space-4); padding: var(--space-4); align-items: start; } .stack { display: grid; gap: 8px; min-width: 0; } .line { display: flex; gap: 8px; align-items: center; min-width: 0; } .wrap { flex-wrap: wrap; }
    .templates { display: grid; gap: 8px; margin: 0; padding: 0; list-style: none; } .templates li { display: grid; gap: 4px; padding: 8px; border: 1px solid var(--line); border-radius: 6px; } code { overflow-wrap: anywhere; } .count { min-width: 40px; text-align: right; }
    .example { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .plain { list-style: none; margin: 0; padding: 0; display: grid; gap: 6px; } textarea { width: 100%; resize: vertical; }
    dl { margin: 0; display: grid; gap: 2px; } dl > div { display: grid; grid-template-columns: minmax(120px, 1fr) 2fr; gap: 8px; } dt { color: var(--text-soft); } dd { margin: 0; overflow-wrap: anywhere; }
  `];
}
