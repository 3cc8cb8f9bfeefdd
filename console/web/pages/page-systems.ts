// The systems of the province by security level; administrators edit them in place.
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { foldSearch } from '../../../core/fold.js';
import { DEFAULT_ZONE } from '../../../core/message/zone.js';
import type { List, SystemItem } from '../../api.js';
import { ApiError, get, put, said } from '../client.js';
import { condition } from '../controllers/event-query.js';
import { Loader } from '../controllers/loader.js';
import { language, words } from '../controllers/locale.js';
import { now } from '../controllers/now.js';
import { Page, type PageHead } from '../controllers/page.js';
import { link } from '../controllers/router.js';
import { hasRole, session } from '../controllers/session.js';
import { icon } from '../parts/icon.js';
import { safeText, safeTextStyle } from '../parts/raw-line.js';
import { encodingOptions, zoneOptions } from '../parts/reading-options.js';
import { sheet } from '../styles/sheet.js';
import { ago, number } from '../words/format.js';
import '../parts/docked-bar.js';
import '../parts/state-view.js';
import '../parts/tier-mark.js';

const TIERS = [5, 4, 3, 2, 1] as const;

@customElement('page-systems')
export class PageSystems extends Page {
  @state() private text = '';
  @state() private editing: string | undefined;
  @state() private error: ApiError | undefined;
  @state() private saved = '';
  private readonly list = new Loader(this, (signal) => get<List<SystemItem>>('/api/systems', { limit: 500 }, signal));

  override connectedCallback(): void { super.connectedCallback(); void this.list.run(); }
  protected override head(): PageHead { const t = words().systemsPage; return { title: t.title, summary: this.list.value ? t.summary(this.list.value.total) : nothing }; }

  private async save(event: SubmitEvent, system: SystemItem): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement), text = (name: string): string => String(data.get(name) ?? '').trim();
    const match = text('match').split(/\s*\n\s*/).filter((one) => one !== '').map((address) => system.match.find((one) => one.address === address) ?? { address });
    try {
      const { version, countedInNoShare } = system;
      await put<SystemItem>(`/api/systems/${encodeURIComponent(system.id)}`, { version, countedInNoShare, timezone: text('timezone'), encoding: text('encoding'), name: text('name'), ...(text('nameEn') === '' ? {} : { nameEn: text('nameEn') }), unit: text('unit'), tier: Number(text('tier')), match });
      this.editing = undefined; this.error = undefined; this.saved = words().systemsPage.saved(system.id);
      await this.list.run();
    } catch (error) { this.error = ApiError.from(error); }
  }

  override render() {
    const t = words().systemsPage, { value, error } = this.list;
    if (!value) return html`<state-view .error=${error} loading @retry=${() => this.list.run()}></state-view>`;
    const folded = foldSearch(this.text), shown = value.items.filter((system) => foldSearch(`${system.id} ${system.name} ${system.nameEn ?? ''} ${system.unit}`).includes(folded)), may = session()?.tiers ?? [];
    return html`<div class="page"><div class="filters"><input class="input" type="search" aria-label=${t.search} placeholder=${t.search} .value=${this.text} @input=${(event: Event) => { this.text = (event.target as HTMLInputElement).value; }}></div>
      <div class="scroll" tabindex="0" role="region" aria-label=${t.title}><table class="table"><thead><tr><th scope="col">${t.code}</th><th scope="col">${t.name}</th><th scope="col">${t.unit}</th><th scope="col">${t.match}</th><th scope="col" class="num">${t.open}</th><th scope="col" class="num">${t.lastSeen}</th><th scope="col"><span class="unseen">${words().actions}</span></th></tr></thead>
      ${TIERS.filter((tier) => may.includes(tier)).map((tier) => { const own = shown.filter((system) => system.tier === tier); return html`<tbody><tr class="group"><th colspan="7" scope="colgroup"><tier-mark tier=${tier} full></tier-mark> <span class="faint">${own.length === 0 && this.text === '' ? t.none : t.summary(own.length)}</span></th></tr>${own.map((system) => this.row(system))}</tbody>`; })}</table></div>
      <docked-bar .done=${this.saved === '' ? undefined : { text: this.saved }} @done-close=${() => { this.saved = ''; }}></docked-bar></div>`;
  }

  private row(system: SystemItem) {
    const t = words(), s = t.systemsPage, name = language() === 'en' && system.nameEn ? system.nameEn : system.name;
    return html`<tr class=${this.editing === system.id ? 'here' : ''}><td class="medium">${session()?.readsLogs ? html`<a href=${link('/events', { q: condition('haidang.system', system.id) })}>${system.id}</a>` : system.id}</td><td>${name}${system.countedInNoShare ? html` <span class="badge">${s.demoOnly}</span>` : nothing}</td><td>${system.unit}</td>
      <td class="small mono match">${system.match.length === 0 ? t.none : safeText(system.match.slice(0, 3).map(({ address, host }) => (host === undefined ? address : `${address} ${host}`)).join(', ') + (system.match.length > 3 ? `, +${system.match.length - 3}` : ''))}</td>
      <td class="num">${system.openIncidents === 0 ? html`<span class="faint">0</span>` : html`<a href=${link('/queue', { system: system.id })}>${number(system.openIncidents)}</a>`}</td><td class="num small">${system.lastSeen === null ? html`<span class="faint">${s.never}</span>` : ago(system.lastSeen, now())}</td>
      <td class="num">${hasRole('admin') ? html`<button class="button quiet slim" type="button" aria-expanded=${this.editing === system.id ? 'true' : 'false'} aria-label="${s.edit} ${system.id}" @click=${() => { this.editing = this.editing === system.id ? undefined : system.id; this.error = undefined; }}>${icon('pencil', 'small')}${t.edit}</button>` : nothing}</td></tr>
      ${this.editing === system.id ? html`<tr class="here"><td colspan="7">${this.form(system)}</td></tr>` : nothing}`;
  }

  private form(system: SystemItem) {
    const t = words(), s = t.systemsPage, field = (name: string, label: string, value: string) => html`<div class="field"><label for=${name}>${label}</label><input class="input" id=${name} name=${name} .value=${value}></div>`;
    return html`<form @submit=${(event: SubmitEvent) => this.save(event, system)}>
      ${field('name', s.name, system.name)}${field('nameEn', s.nameEn, system.nameEn ?? '')}${field('unit', s.unit, system.unit)}
      <div class="field"><label for="tier">${t.queue.tier}</label><select class="input" id="tier" name="tier">${TIERS.filter((tier) => session()?.tiers.includes(tier)).map((tier) => html`<option value=${tier} ?selected=${tier === system.tier}>${t.tier(tier)}</option>`)}</select><span class="hint">${s.tierHint}</span></div>
      <div class="field"><label for="encoding">${t.readingPart.encoding}</label><select class="input" id="encoding" name="encoding">${encodingOptions(system.encoding ?? 'utf-8')}</select></div>
      <div class="field"><label for="timezone">${t.readingPart.timezone}</label><select class="input" id="timezone" name="timezone">${zoneOptions(system.timezone ?? DEFAULT_ZONE)}</select><span class="hint">${s.readingHint}</span></div>
      <div class="field wide"><label for="match">${s.addresses}</label><textarea class="input mono" id="match" name="match" rows="3" .value=${system.match.map(({ address }) => address).join('\n')}></textarea></div>
      ${this.error ? html`<p class="fault wide" role="alert">${icon('error', 'small')}${said(this.error)}</p>` : nothing}
      <div class="line wide"><button class="button main" type="submit">${t.save}</button><button class="button" type="button" @click=${() => { this.editing = undefined; }}>${t.cancel}</button></div></form>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    .page { display: flex; flex-direction: column; min-height: 0; } .scroll { flex: 1; outline-offset: -2px; }
    .filters { padding: 8px var(--space-4); border-bottom: 1px solid var(--line); } .filters .input { width: 260px; }
    .match { max-width: 300px; overflow-wrap: anywhere; } .group th tier-mark { margin-right: 6px; }
    form { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 10px 12px; padding: 8px 0 12px; } .wide { grid-column: 1 / -1; }
  `];
}
