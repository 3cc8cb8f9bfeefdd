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
  private triedLines: readonly string[] = [];
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
    const lines = this.samples.split('\n').filter((line) => line.trim() !== '').slice(0, 200);
    return this.act(async () => {
      this.trial = await post<FormatTrial>('/api/formats/try', { text: this.text, lines });
      this.triedLines = lines;
      await this.updateComplete;
      this.renderRoot.querySelector('[data-testid=unknown-result]')?.scrollIntoView({ block: 'nearest' });
    });
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
    return html`<section class="stack" tabindex="0" role="region" aria-label=${t.templates}><div class="line wrap head"><h2>${t.templates}</h2><label class="line small">${t.source} <select class="input slim" data-testid="unknown-source" .value=${this.source} @change=${(event: Event) => this.choose((event.target as HTMLSelectElement).value)}><option value="">${t.allSources}</option>${unread.map(({ name, unparsed }) => html`<option value=${name}>${name} (${number(unparsed)})</option>`)}</select></label></div>
      ${error ? html`<state-view .error=${error} ?stale=${value !== undefined} @retry=${() => this.templates.run()}></state-view>` : nothing}
      ${value === undefined ? (error ? nothing : html`<state-view loading></state-view>`) : value.items.length === 0 ? html`<p class="soft">${t.none}</p>` : html`<p class="small soft">${t.looked(value.read, value.total)}</p>
      <ol class="templates">${value.items.map(({ text, count, example }) => html`<li><div class="line"><b class="count">${number(count)}</b><code class="mono">${safeText(text)}</code></div>
        <div class="line"><span class="small soft mono example">${safeText(example)}</span>${hasRole('admin') ? html`<button class="button slim" type="button" @click=${() => { this.samples = `${this.samples === '' ? '' : `${this.samples.replace(/\n$/, '')}\n`}${example.replaceAll('\n', ' ')}`; }}>${t.useSample}</button>` : nothing}</div></li>`)}</ol>`}</section>`;
  }

  private describing() {
    const t = words().unknownPage, name = /^format:\s*(\S+)/m.exec(this.text)?.[1] ?? '';
    return html`<section class="stack" tabindex="0" role="region" aria-label=${t.describe}><div class="line head"><h2>${t.describe}</h2></div><p class="small soft">${t.hint}</p>
      <label class="stack"><span class="small">${t.description}</span><textarea class="input mono" rows="14" spellcheck="false" data-testid="unknown-text" .value=${this.text} @input=${(event: Event) => { this.text = (event.target as HTMLTextAreaElement).value; }}></textarea></label>
      <label class="stack"><span class="small">${t.samples}</span><textarea class="input mono" rows="5" spellcheck="false" data-testid="unknown-samples" .value=${this.samples} @input=${(event: Event) => { this.samples = (event.target as HTMLTextAreaElement).value; }}></textarea></label>
      <div class="line"><button class="button" type="button" data-testid="unknown-try" ?disabled=${this.busy} @click=${() => void this.try()}>${t.tryIt}</button><button class="button main" type="button" data-testid="unknown-keep" ?disabled=${this.busy || name === ''} @click=${() => void this.keep(name, this.text)}>${t.keep}</button></div>
      <div role="status">${this.error === undefined ? nothing : html`<p class="bad">${safeText(this.error)}</p>`}${this.saidText === undefined ? nothing : html`<p class="good">${safeText(this.saidText)}</p>`}</div>
      ${this.trial === undefined ? nothing : this.tried(this.trial)}
      <h3 class="kept">${t.keptTitle}</h3>${(this.kept.value?.items.length ?? 0) === 0 ? html`<p class="small soft">${t.keptNone}</p>` : html`<ul class="plain">${this.kept.value?.items.map((one) => html`<li class="line wrap"><span class="mono">${safeText(one.name)}</span><span class="small soft">${dateTime(one.at)}</span><button class="button slim" type="button" @click=${() => { this.text = one.text; }}>${t.edit}</button><button class="button slim" type="button" ?disabled=${this.busy} @click=${() => void this.keep(one.name, '')}>${t.remove}</button></li>`)}</ul>`}</section>`;
  }

  private tried({ problems, rows }: FormatTrial) {
    const t = words(), u = t.unknownPage, { triedLines } = this;
    return html`<div class="stack" data-testid="unknown-result"><h3>${u.result}</h3>${problems.length === 0 ? html`<p class="notice good">${icon('check')}<span>${u.noProblem}</span></p>` : html`<div class="notice bad" role="alert">${icon('error')}<ul>${problems.map(({ message, line, column }) => html`<li>${line === undefined ? nothing : html`<b class="medium">${t.error.line(line)}${column === undefined ? '' : `, ${t.error.column(column).toLowerCase()}`}:</b> `}${safeText(message)}</li>`)}</ul></div>`}
      ${rows.map(({ format, event }, index) => {
        const fields = Object.entries(event).filter(([field]) => !USUAL.test(field));
        return html`<div class="row"><div class="line"><b class="small medium nowrap">${u.line(index + 1)}</b>${format === null ? html`<span class="state warn">${icon('warn')}${u.unread}</span>` : html`<span class="state good">${icon('check')}<span class="mono">${safeText(format)}</span></span>`}</div><p class="mono soft example">${safeText(triedLines[index] ?? '')}</p>${fields.length === 0 ? nothing : html`<dl class="facts">${fields.map(([field, value]) => html`<dt class="mono">${safeText(field)}</dt><dd class="mono">${safeText(Array.isArray(value) ? value.join(', ') : String(value))}</dd>`)}</dl>`}</div>`;
      })}</div>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 1fr); } .page { min-height: 0; display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    .two { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(0, 1fr); min-height: 0; } .two > section { overflow: auto; min-height: 0; padding: 10px var(--space-4) 24px; outline-offset: -2px; } .two > section + section { border-left: 1px solid var(--line); background: var(--surface-quiet); } .two > section:only-child { grid-column: 1 / -1; }
    .stack { display: grid; gap: 8px; min-width: 0; align-content: start; grid-template-columns: minmax(0, 1fr); } .head { min-height: 28px; }
    .templates { display: grid; margin: 0; padding: 0; list-style: none; } .templates li { display: grid; gap: 2px; padding: 6px 0; border-top: 1px solid var(--line); } .templates .line { align-items: baseline; } code { overflow-wrap: anywhere; } .count { min-width: 40px; text-align: right; flex: none; }
    .example { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .templates .example { margin-left: 48px; } .plain { list-style: none; margin: 0; padding: 0; display: grid; gap: 6px; } textarea { width: 100%; resize: vertical; }
    .notice ul { display: grid; gap: 2px; } .notice.good { border-left-color: var(--good); } .notice.good > .icon { color: var(--good); } .row { display: grid; gap: 4px; padding-top: 8px; border-top: 1px solid var(--line); min-width: 0; } .facts dd { overflow-wrap: anywhere; } .kept { margin-top: 12px; }
  `];
}
