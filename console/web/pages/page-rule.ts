// One rule: its text with mistakes at their lines, and what this site changed: on or off, threshold, exceptions with owner and end.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Placeholders, RuleFull } from '../../api.js';
import { ApiError, get, patch, put, said } from '../client.js';
import type { LiveMessage } from '../controllers/live.js';
import { Loader } from '../controllers/loader.js';
import { language, named, words } from '../controllers/locale.js';
import { now } from '../controllers/now.js';
import { Page, type PageHead } from '../controllers/page.js';
import { link } from '../controllers/router.js';
import { hasRole } from '../controllers/session.js';
import type { Done } from '../parts/docked-bar.js';
import { icon } from '../parts/icon.js';
import { safeText, safeTextStyle } from '../parts/raw-line.js';
import { ruleState } from '../parts/rule-state.js';
import { sheet } from '../styles/sheet.js';
import { ago, date, dayStart, number, toInput } from '../words/format.js';
import '../parts/docked-bar.js';
import '../parts/exception-form.js';
import '../parts/placeholder-values.js';
import '../parts/severity-badge.js';
import '../parts/state-view.js';
import './page-not-found.js';

@customElement('page-rule')
export class PageRule extends Page {
  @property() rule = '';
  @state() private done: Done | undefined;
  @state() private error: string | undefined;
  @state() private busy = false;
  @state() private adding = false;
  private loaded = '';
  private readonly full = new Loader(this, async (signal) => {
    const full = await get<RuleFull>(`/api/rules/${encodeURIComponent(this.rule)}`, undefined, signal);
    if (full.placeholders.length > 0) this.values = await get<Placeholders>('/api/placeholders', undefined, signal);
    return full;
  });
  private values: Placeholders | undefined;

  protected override willUpdate(): void { if (this.loaded !== this.rule) { this.loaded = this.rule; this.full.value = undefined; void this.full.run(); } }
  protected override told({ kind }: LiveMessage): void { if (kind === 'rules' || kind === 'resync') void this.full.run(); }
  protected override head(): PageHead { return { title: this.full.value ? named(this.full.value) : '', above: { text: words().nav.rules, href: '/rules' } }; }

  private async change(change: object, text: string): Promise<boolean> {
    const seen = this.full.value;
    if (!seen) return false;
    this.busy = true; this.error = undefined;
    try {
      this.full.set(await patch<RuleFull>(`/api/rules/${encodeURIComponent(seen.id)}`, { version: seen.version, ...change }));
      this.done = { text };
      return true;
    } catch (error) {
      const problem = ApiError.from(error);
      if (problem.status === 409) await this.full.run();
      this.error = problem.status === 409 ? words().rulesPage.conflict : said(problem);
      return false;
    } finally { this.busy = false; }
  }

  private threshold(event: SubmitEvent): void {
    event.preventDefault();
    const text = String(new FormData(event.target as HTMLFormElement).get('threshold') ?? '').trim();
    void this.change({ threshold: text === '' ? null : Number(text) }, words().rulesPage.thresholdSaved);
  }
  private async setValues({ name, version, values }: { name: string; version: number; values: readonly string[] }): Promise<void> {
    this.busy = true; this.error = undefined; this.done = undefined;
    try {
      this.values = await put<Placeholders>(`/api/placeholders/${encodeURIComponent(name)}`, { version, values });
      this.done = { text: words().rulesPage.valuesSaved };
    } catch (error) {
      const problem = ApiError.from(error);
      this.error = problem.status === 409 ? words().rulesPage.valuesConflict : said(problem);
    }
    await this.full.run();
    this.busy = false;
  }
  private async addException({ field, value, reason, expires }: { field: string; value: string; reason: string; expires: string }): Promise<void> {
    if (await this.change({ exceptions: { add: { field, value, reason, expires: dayStart(expires, 1) } } }, words().rulesPage.exceptionAdded)) this.adding = false;
  }

  override render() {
    const { value, error } = this.full, t = words(), r = t.rulesPage;
    if (!value) return error?.status === 404 ? html`<page-not-found></page-not-found>` : html`<state-view .error=${error} loading @retry=${() => this.full.run()}></state-view>`;
    const description = language() === 'vi' ? value.descriptionVi ?? value.description : value.description, admin = hasRole('admin');
    return html`<div class="page"><div class="spread scroll">
      <div class="story">
        <header class="stack"><div class="line wrap"><severity-badge severity=${value.level}></severity-badge><h2>${safeText(named(value))}</h2>${value.kind === 'correlation' ? html`<span class="badge accent">${r.correlation}</span>` : nothing}${ruleState(value, true)}</div>
          ${description ? html`<p class="soft">${safeText(description)}</p>` : nothing}</header>
        ${value.problems.length > 0 ? html`<div class="notice bad">${icon('error')}<div><b class="medium">${r.problemsTitle}</b><ul>${value.problems.map(({ line, column, message, detail }) => html`<li>${line === undefined ? nothing : html`<b class="medium">${t.error.line(line)}${column === undefined ? '' : `, ${t.error.column(column).toLowerCase()}`}:</b> `}${safeText(message)}${detail === undefined ? nothing : html` <span class="small soft" lang="en">${safeText(detail)}</span>`}</li>`)}</ul></div></div>` : nothing}
        <section><h3>${r.text}</h3>${this.text(value)}</section></div>
      <aside>${this.error ? html`<p class="notice bad" role="alert">${icon('error')}<span>${this.error}</span></p>` : nothing}
        ${admin ? html`<section><button class="button ${value.enabled ? '' : 'main'}" type="button" data-testid="rule-toggle" ?disabled=${this.busy} @click=${() => this.change({ enabled: !value.enabled }, value.enabled ? r.turnedOff : r.turnedOn)}>${value.enabled ? r.turnOff : r.turnOn}</button></section>` : html`<p class="small faint">${r.readOnly}</p>`}
        <section><dl class="facts"><dt>${r.hits}</dt><dd><a href=${link('/queue', { rule: value.id, status: 'any' })}>${number(value.hits7d)}</a></dd><dt>${r.lastHit}</dt><dd>${value.lastHit === null ? r.never : ago(value.lastHit, now())}</dd><dt>${r.source}</dt><dd>${value.logsource}</dd><dt>${r.file}</dt><dd class="mono">${value.file}</dd>${value.author ? html`<dt>${t.proof.author}</dt><dd>${safeText(value.author)}</dd>` : nothing}${value.license ? html`<dt>${t.proof.license}</dt><dd>${value.license}</dd>` : nothing}${value.tags.length > 0 ? html`<dt>${r.tags}</dt><dd class="mono">${value.tags.join(', ')}</dd>` : nothing}</dl>
          <p class="small soft">${r.inForce(value.inForce.streams, value.inForce.of, value.inForce.ruleSet)}</p><p><a class="small" href=${link('/queue', { rule: value.id, status: 'any' })}>${r.incidents}</a></p></section>
        ${value.defaultThreshold === undefined ? nothing : html`<section><h3>${r.threshold}</h3><form class="line" @submit=${this.threshold}><input class="input" name="threshold" type="number" min="1" max="1000000" aria-label=${r.threshold} ?disabled=${!admin} .value=${String(value.threshold ?? value.defaultThreshold)}>${admin ? html`<button class="button" type="submit" ?disabled=${this.busy}>${t.save}</button>` : nothing}</form><p class="small faint">${r.thresholdHint(value.defaultThreshold)}</p></section>`}
        ${value.placeholders.length === 0 ? nothing : html`<section><h3>${r.values}</h3><p class="small faint">${r.valuesHint}</p>${value.placeholders.map((name) => html`<placeholder-values .item=${this.values?.items.find((one) => one.name === name)} .version=${this.values?.version ?? 0} .editable=${admin} .busy=${this.busy} @placeholder-set=${(event: CustomEvent<{ name: string; version: number; values: readonly string[] }>) => this.setValues(event.detail)}></placeholder-values>`)}</section>`}
        <section><h3>${r.exceptions}</h3><p class="small faint">${r.exceptionHint}</p>
          ${value.exceptionList.length === 0 ? html`<p class="small soft">${r.noExceptions}</p>` : html`<ul class="exceptions">${value.exceptionList.map((one) => html`<li class=${one.expired ? 'expired' : ''}><div class="line"><span class="mono"><span class="faint">${one.field}:</span>${safeText(one.value)}</span>${admin ? html`<button class="button quiet slim push" type="button" aria-label="${r.removeException} ${one.value}" ?disabled=${this.busy} @click=${() => this.change({ exceptions: { remove: one.id } }, r.exceptionRemoved)}>${t.remove}</button>` : nothing}</div><p class="small">${safeText(one.reason)}</p><p class="small faint">${r.exceptionOwner} ${one.owner}, ${r.exceptionExpires.toLowerCase()} ${date(one.expires)}${one.expired ? html` <span class="badge warn">${r.expired}</span>` : nothing}</p></li>`)}</ul>`}
          ${!admin ? nothing : this.adding ? html`<exception-form .busy=${this.busy} min=${toInput(now()).slice(0, 10)} @exception-add=${(event: CustomEvent<{ field: string; value: string; reason: string; expires: string }>) => this.addException(event.detail)} @exception-leave=${() => { this.adding = false; }}></exception-form>` : html`<button class="button" type="button" data-testid="exception-open" @click=${() => { this.adding = true; }}>${icon('plus')}${r.addException}</button>`}</section></aside></div>
      <docked-bar .done=${this.done} @done-close=${() => { this.done = undefined; }}></docked-bar></div>`;
  }

  private text({ text, problems }: RuleFull) {
    const wrong = new Set(problems.map(({ line }) => line));
    return html`<div class="code" tabindex="0" role="region" aria-label=${words().rulesPage.text}><ol>${text.replace(/\n$/, '').split('\n').map((line, index) => html`<li class=${wrong.has(index + 1) ? 'wrong' : ''}>${yamlLine(line)}</li>`)}</ol></div>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    .page { display: flex; flex-direction: column; min-height: 0; } .spread { flex: 1; display: grid; grid-template-columns: minmax(0, 1fr) 360px; }
    .story { padding: 12px var(--space-4) 24px; display: grid; gap: 14px; align-content: start; min-width: 0; } h2 { font-size: 17px; } .notice > div { display: grid; gap: 2px; }
    aside { border-left: 1px solid var(--line); background: var(--surface-quiet); padding: 14px; display: grid; gap: 18px; align-content: start; grid-template-columns: minmax(0, 1fr); } section { display: grid; gap: 6px; min-width: 0; } section > .button { justify-self: start; } form.line .input { width: 110px; } .facts dd { overflow-wrap: anywhere; }
    .code { border: 1px solid var(--line); border-radius: var(--radius-control); overflow: auto; font: var(--type-small)/20px var(--font-log); font-variant-ligatures: none; padding: 6px 0; }
    .code ol { counter-reset: line; width: max-content; min-width: 100%; } .code li { counter-increment: line; white-space: pre; padding: 0 12px 0 48px; position: relative; min-height: 20px; } .code li::before { content: counter(line); position: absolute; left: 0; width: 36px; text-align: right; color: var(--text-faint); } .code .wrong { background: var(--bad-soft); } .code .wrong::before { color: var(--bad); font-weight: 600; }
    .key { color: var(--accent); } .remark { color: var(--text-faint); } .string { color: var(--verdict-false); }
    .exceptions li { padding: 6px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; } .exceptions .expired { color: var(--text-faint); }
  `];
}

/** Colors for reading: key, value, remark. */
function yamlLine(line: string): unknown {
  const match = /^(\s*(?:- )?)([\w.|@-]+)(:)(\s.*|)$/.exec(line);
  if (/^\s*#/.test(line)) return html`<span class="remark">${safeText(line)}</span>`;
  if (!match) return html`<span class="string">${safeText(line)}</span>`;
  return html`${match[1]}<span class="key">${safeText(match[2] ?? '')}</span>${match[3]}<span class="string">${safeText(match[4] ?? '')}</span>`;
}
