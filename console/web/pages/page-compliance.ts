// The manager's page: the two shares against 100 %, who owes what, incidents and their times per level, the month's report. Every figure
// leads to the records behind it.
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Compliance, SeverityName, SystemCompliance, TierCompliance } from '../../api.js';
import { get } from '../client.js';
import type { LiveMessage } from '../controllers/live.js';
import { Loader } from '../controllers/loader.js';
import { language, words } from '../controllers/locale.js';
import { now } from '../controllers/now.js';
import { Page, type PageHead } from '../controllers/page.js';
import { goQuery, link, place } from '../controllers/router.js';
import { icon } from '../parts/icon.js';
import { safeText, safeTextStyle } from '../parts/raw-line.js';
import type { CellState } from '../parts/share-panel.js';
import { sheet } from '../styles/sheet.js';
import { dateTime, dayStart, duration, monthOf, number, percent, twoDecimals } from '../words/format.js';
import '../parts/severity-badge.js';
import '../parts/share-panel.js';
import '../parts/state-view.js';
import '../parts/tier-mark.js';

const STAGES: readonly SystemCompliance['stage'][] = ['draft', 'sent', 'appraised', 'approved'], SEVERITIES: readonly SeverityName[] = ['critical', 'high', 'medium', 'low'];
const MINUTE_MS = 60_000;
const approvedCell = ({ stage }: SystemCompliance): CellState => (stage === 'approved' ? 'full' : 'none');
const planCell = ({ plan }: SystemCompliance): CellState => (plan === 'full' ? 'full' : plan === 'partly' ? 'part' : 'none');

@customElement('page-compliance')
export class PageCompliance extends Page {
  @state() private only: { readonly text: string; readonly ids: ReadonlySet<string> } | undefined;
  private shown = '';
  private readonly data = new Loader(this, (signal) => get<Compliance>('/api/compliance', { month: this.month }, signal));

  private get month(): string { const text = place().query.get('month'); return text !== null && /^\d{4}-\d{2}$/.test(text) ? text : monthOf(now()); }
  override connectedCallback(): void { super.connectedCallback(); void this.load(); }
  protected override placed(): void { if (place().path === '/compliance' && this.month !== this.shown) void this.load(); }
  protected override told({ kind }: LiveMessage): void { if (kind === 'resync') void this.load(); }
  private async load(): Promise<void> { this.shown = this.month; await this.data.run(); }
  protected override head(): PageHead { const t = words().compliancePage; return { title: t.title, summary: this.data.value ? t.summary(dateTime(this.data.value.cutoff)) : nothing }; }

  override render() {
    const { value, error } = this.data, failed = error ? html`<state-view .error=${error} ?stale=${value !== undefined} @retry=${this.load}></state-view>` : nothing;
    if (!value) return html`${failed}${error ? nothing : html`<state-view loading></state-view>`}`;
    return html`<div class="spread"><div class="scroll left" tabindex="0" role="region" aria-label=${words().compliancePage.title}>${failed}${this.shares(value)}${this.systems(value)}${this.tiers(value)}</div>${this.side(value)}</div>`;
  }

  private shares({ shares, systems }: Compliance) {
    const t = words().compliancePage, count = (of: (system: SystemCompliance) => boolean): number => systems.filter(of).length;
    const pick = (id: string): void => { this.only = { text: id, ids: new Set([id]) }; };
    return html`<div class="panel shares">
      <share-panel testid="compliance-approved" label=${t.approved} .share=${shares.approved} .systems=${systems} .state=${approvedCell} .legend=${[['full', t.isApproved], ['none', `${t.notApproved} ${number(count(({ stage }) => stage !== 'approved'))}`]]} @share-pick=${(event: CustomEvent<string>) => pick(event.detail)}></share-panel>
      <share-panel testid="compliance-plan" label=${t.planFull} .share=${shares.planFull} .systems=${systems} .state=${planCell} .legend=${[['full', t.full(count(({ plan }) => plan === 'full'))], ['part', t.partly(count(({ plan }) => plan === 'partly'))], ['none', t.nothing(count(({ plan }) => plan === 'none'))]]} @share-pick=${(event: CustomEvent<string>) => pick(event.detail)}></share-panel></div>`;
  }

  private systems({ systems, perTier }: Compliance) {
    const t = words(), c = t.compliancePage, { only } = this, owing = (system: SystemCompliance): boolean => system.stage !== 'approved' || system.plan !== 'full';
    const filter = (text: string, test: (system: SystemCompliance) => boolean) => { const ids = systems.filter(test).map(({ id }) => id); return html`<button class="button slim" type="button" aria-pressed=${only?.text === text ? 'true' : 'false'} @click=${() => { this.only = only?.text === text ? undefined : { text, ids: new Set(ids) }; }}>${text} ${number(ids.length)}</button>`; };
    return html`<div class="debt">${filter(c.notApprovedList, ({ stage }) => stage !== 'approved')}${filter(c.notFullList, ({ plan }) => plan !== 'full')}${filter(c.flags, ({ flags }) => flags.length > 0)}${only ? html`<span class="small soft">${c.onlyShare(only.text)}</span><button class="link small" type="button" @click=${() => { this.only = undefined; }}>${c.showAll}</button>` : nothing}</div>
      <table class="table owe"><thead><tr><th scope="col">${c.code}</th><th scope="col">${c.system}</th><th scope="col">${c.dossier}</th><th scope="col">${c.plan}</th><th scope="col">${c.decision}</th><th scope="col">${c.operator}</th><th scope="col">${c.flags}</th></tr></thead>
      ${[...perTier].sort((a, b) => b.tier - a.tier).map(({ tier }) => {
        const own = systems.filter((system) => system.tier === tier), rows = own.filter(({ id }) => only?.ids.has(id) ?? true).sort((a, b) => Number(owing(b)) - Number(owing(a)) || (a.id < b.id ? -1 : 1));
        return own.length === 0 || rows.length === 0 ? nothing : html`<tbody><tr class="group"><th colspan="7" scope="colgroup"><tier-mark tier=${tier} full></tier-mark> <span class="faint">${c.tierLine(own.length, own.filter(owing).length)}</span></th></tr>${rows.map((system) => this.system(system))}</tbody>`;
      })}</table>`;
  }

  private system(system: SystemCompliance) {
    const c = words().compliancePage, at = STAGES.indexOf(system.stage);
    return html`<tr><td class="medium">${system.id}</td><td title="${c.criterion}: ${system.criterion}">${system.name}</td>
      <td><span class="pips"><i aria-hidden="true">${STAGES.map((_, index) => html`<b class=${index <= at ? 'on' : ''}></b>`)}</i><span class=${system.stage === 'approved' ? '' : 'bad'}>${c.stages[system.stage]}</span></span></td>
      <td class="nowrap"><span class="box ${system.plan}" aria-hidden="true"></span> <span class=${system.plan === 'none' ? 'bad' : ''}>${c.plans[system.plan]}</span> <span class="small faint" title=${c.planItems(system.planDone, system.planOf)}>${number(system.planDone)}/${number(system.planOf)}</span></td>
      <td class="small decision">${system.decision ?? html`<span class="faint">${words().none}</span>`}</td><td title="${c.owner}: ${system.owner}">${system.operator}</td>
      <td class="small">${system.flags.map(({ text, textEn, cite }) => html`<span class="flag">${icon('warn', 'small')}<span>${safeText(language() === 'vi' ? text : textEn)} <span class="faint">${cite}</span></span></span>`)}</td></tr>`;
  }

  private tiers({ perTier, month }: Compliance) {
    const t = words(), c = t.compliancePage, from = dayStart(`${month}-01`), to = dayStart(nextMonth(month)), minutes = (value: number | null): string => (value === null ? t.none : duration(value * MINUTE_MS));
    const records = ({ tier }: TierCompliance, more: Record<string, string> = {}): string => link('/queue', { tier, status: 'any', from, to, ...more });
    return html`<section class="tiers"><h2>${c.perTier}</h2><table class="table"><thead><tr><th scope="col">${t.queue.tier}</th><th scope="col" class="num">${c.approved}</th><th scope="col" class="num">${c.planFull}</th><th scope="col" class="num">${c.opened}</th><th scope="col" class="num">${c.closed}</th><th scope="col" class="num">${c.openNow}</th><th scope="col">${c.severities}</th><th scope="col" class="num">${c.medianAck}</th><th scope="col" class="num">${c.medianClose}</th><th scope="col" class="num">${c.inTime}</th><th scope="col">${c.silent}</th></tr></thead><tbody>
      ${[...perTier].sort((a, b) => b.tier - a.tier).filter(({ systems, incidents }) => systems > 0 || incidents.opened > 0 || incidents.open > 0).map((one) => { const { incidents: i } = one; return html`<tr><td><tier-mark tier=${one.tier} full></tier-mark></td><td class="num">${one.approved.count}/${one.approved.of}</td><td class="num">${one.planFull.count}/${one.planFull.of}</td>
        <td class="num"><a href=${records(one)}>${number(i.opened)}</a></td><td class="num"><a href=${records(one, { status: 'closed' })}>${number(i.closed)}</a></td><td class="num"><a href=${link('/queue', { tier: one.tier })}>${number(i.open)}</a></td>
        <td><span class="counts">${SEVERITIES.map((severity) => html`<a class=${i.bySeverity[severity] === 0 ? 'zero' : ''} href=${records(one, { severity })}><severity-badge severity=${severity} terse></severity-badge> ${number(i.bySeverity[severity])}</a>`)}</span></td>
        <td class="num">${minutes(i.medianAcknowledgeMinutes)}</td><td class="num">${minutes(i.medianCloseMinutes)}</td><td class="num">${i.acknowledgedInTime.of === 0 ? t.none : html`${percent(i.acknowledgedInTime.percent)} <span class="small faint">${i.acknowledgedInTime.count}/${i.acknowledgedInTime.of}</span>`}</td>
        <td class="small">${one.silentSources.length === 0 ? html`<span class="faint">${c.noSilent}</span>` : html`<a class="warn" href="/sources">${safeText(one.silentSources.slice(0, 2).join(', '))}${one.silentSources.length > 2 ? ` +${one.silentSources.length - 2}` : ''}</a>`}</td></tr>`; })}</tbody></table></section>`;
  }

  private side({ month, completeness, retention, policies }: Compliance) {
    const t = words(), c = t.compliancePage, file = (format: string, lang: string): string => link('/api/compliance/report', { month, format, language: lang });
    const row = (lang: 'vi' | 'en', label: string) => html`<li><span>${label}</span>${(['pdf', 'csv'] as const).map((format) => html`<a class="button slim" download href=${file(format, lang)} data-testid="report-${format}-${lang}" aria-label="${c.download} ${c.report.toLowerCase()}, ${label}, ${format.toUpperCase()}">${icon('download', 'small')}${format.toUpperCase()}</a>`)}</li>`;
    return html`<aside class="scroll">
      <section><div class="field"><label for="month">${c.month}</label><input class="input" id="month" type="month" max=${monthOf(now())} .value=${this.month} @change=${(event: Event) => goQuery({ month: (event.target as HTMLInputElement).value })}></div></section>
      <section><h2>${c.report}</h2><ul class="files">${row('vi', c.reportVi)}${row('en', c.reportEn)}</ul><p class="small faint">${c.proofHint}</p></section>
      <section><h2>${c.retention}</h2><table class="plain"><thead><tr><th scope="col">${t.queue.tier}</th><th scope="col" class="num">${c.required}</th><th scope="col" class="num">${c.kept}</th></tr></thead><tbody>${[...retention].sort((a, b) => b.tier - a.tier).map(({ tier, requiredDays, keptDays, cite }) => html`<tr title=${cite}><td><tier-mark tier=${tier}></tier-mark></td><td class="num">${requiredDays === null ? html`<span class="faint">${c.noRequirement}</span>` : c.days(requiredDays)}</td><td class="num ${requiredDays !== null && keptDays < requiredDays ? 'bad strong' : ''}">${c.days(keptDays)}</td></tr>`)}</tbody></table>${[...new Set(retention.map(({ cite }) => cite))].map((cite) => html`<p class="small faint">${cite}</p>`)}</section>
      <section><h2>${c.completeness}</h2>${completeness.length === 0 ? html`<p class="small soft">${t.none}</p>` : html`<table class="plain whole"><thead><tr><th scope="col">${c.code}</th><th scope="col" class="num">${c.receivedCount}</th><th scope="col" class="num">${c.lostCount}</th><th scope="col" class="num">${c.missingCount}</th><th scope="col" class="num">${c.complete}</th></tr></thead><tbody>${[...completeness].sort((a, b) => a.percent - b.percent || (a.system < b.system ? -1 : 1)).map(({ system, received, lost, missing, percent: share }) => html`<tr><td><a class="medium" href=${link('/sources', { system })}>${system}</a></td><td class="num">${number(received)}</td><td class="num ${lost > 0 ? 'bad' : 'faint'}">${number(lost)}</td><td class="num ${missing > 0 ? 'bad' : 'faint'}">${number(missing)}</td><td class="num medium ${share === 100 ? '' : 'bad'}">${twoDecimals(share)}%</td></tr>`)}</tbody></table>`}<p class="small faint">${c.completenessHint}</p></section>
      <section><h2>${c.policies}</h2><ul class="policies">${policies.map(({ title, titleEn, tier, amount, unit, cite }) => html`<li><div class="line small"><tier-mark tier=${tier}></tier-mark><span class="cut" title=${language() === 'vi' ? title : titleEn}>${language() === 'vi' ? title : titleEn}</span><b class="push nowrap medium">${c.units[unit](amount)}</b></div><p class="faint">${cite}</p></li>`)}</ul></section></aside>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; min-height: 0; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
    .spread { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr) 300px; min-height: 0; }
    .left { padding: 12px 0 24px; display: flex; flex-direction: column; gap: 10px; outline-offset: -2px; } .shares { margin: 0 var(--space-4); flex: none; } share-panel + share-panel { border-top: 1px solid var(--line); }
    .debt { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; padding: 0 var(--space-4); }
    .owe td { height: 30px; padding-block: 2px; } .owe th { position: static; } .owe td, .owe th { padding-inline: 6px; } .decision { min-width: 84px; overflow-wrap: anywhere; } .owe td:nth-child(2) { min-width: 170px; } .group tier-mark { margin-right: 6px; }
    .pips { display: inline-flex; align-items: center; gap: 7px; white-space: nowrap; } .pips i { display: inline-flex; gap: 2px; } .pips i b { width: 9px; height: 5px; background: var(--tier-off); } .pips i b.on { background: var(--accent); }
    .box { display: inline-block; width: 10px; height: 10px; border: 1.500px solid var(--text-soft); vertical-align: -1px; } .box.partly { background: linear-gradient(to top, var(--text-soft) 50%, transparent 50%); } .box.full { background: var(--accent); border-color: var(--accent); } .box.none { border-color: var(--bad); }
    .flag { display: flex; gap: 5px; align-items: baseline; color: var(--warn); } .flag span { color: var(--text-soft); }
    .tiers { display: grid; gap: 8px; margin-top: 8px; overflow-x: auto; flex: none; } .tiers h2 { padding: 0 var(--space-4); } .tiers .table th { position: static; white-space: normal; line-height: 1.300; padding-block: 4px; vertical-align: bottom; }
    .counts { display: inline-flex; gap: 10px; } .counts a { display: inline-flex; align-items: center; gap: 4px; color: var(--text); } .counts .zero { color: var(--text-faint); } .counts .zero severity-badge { color: var(--text-faint); }
    aside { border-left: 1px solid var(--line); background: var(--surface-quiet); padding: 14px; display: flex; flex-direction: column; gap: 18px; } section { display: grid; gap: 8px; flex: none; }
    .files li { display: flex; align-items: center; gap: 6px; min-height: 34px; border-bottom: 1px solid var(--line); } .files li span { flex: 1; } .files .button { text-decoration: none; }
    .plain { font-size: var(--type-small); } .plain th { padding: 0; font-weight: var(--weight-regular); color: var(--text-faint); text-align: left; } .plain .num { text-align: right; } .plain td { padding: 2px 0; } .whole td, .whole th { padding-left: 8px; } .whole td:first-child, .whole th:first-child { padding-left: 0; }
    .policies li { padding: 4px 0; border-bottom: 1px solid var(--line); } .policies p { font-size: var(--type-mark); }
  `];
}

const nextMonth = (month: string): string => {
  const [year = 0, number_ = 0] = month.split('-').map(Number);
  return number_ === 12 ? `${year + 1}-01-01` : `${year}-${String(number_ + 1).padStart(2, '0')}-01`;
};
