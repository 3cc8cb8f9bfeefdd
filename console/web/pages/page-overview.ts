// The shift's first look: one paragraph says what is overdue, silent, lost and due; then the levels, the flow, what nobody has yet.
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Overview, SeverityName, TierOverview } from '../../api.js';
import type { ApiError } from '../client.js';
import { words } from '../controllers/locale.js';
import { now, Ticker } from '../controllers/now.js';
import { Page, type PageHead } from '../controllers/page.js';
import { go, link } from '../controllers/router.js';
import { session } from '../controllers/session.js';
import { fillBars } from '../parts/histogram-bars.js';
import { icon } from '../parts/icon.js';
import { dueMark, sentence } from '../parts/incident-words.js';
import { safeText, safeTextStyle } from '../parts/raw-line.js';
import { sheet } from '../styles/sheet.js';
import { ago, dateTime, duration, number, weekday } from '../words/format.js';
import { incidentLink } from '../controllers/queue-filter.js';
import '../parts/clock-mark.js';
import '../parts/histogram-bars.js';
import '../parts/severity-badge.js';
import '../parts/state-view.js';
import '../parts/tier-mark.js';

const SEVERITIES: readonly SeverityName[] = ['critical', 'high', 'medium', 'low'];
const HOUR_MS = 3_600_000;

@customElement('page-overview')
export class PageOverview extends Page {
  @property({ attribute: false }) overview: Overview | undefined;
  @property({ attribute: false }) failed: ApiError | undefined;
  protected readonly ticker = new Ticker(this, 1_000);
  protected override head(): PageHead { return { title: words().overview.title, summary: `${weekday(now())}, ${dateTime(now())}` }; }

  override render() {
    const { overview } = this;
    if (!overview) return this.failed ? html`<state-view .error=${this.failed}></state-view>` : html`<state-view loading></state-view>`;
    return html`<div class="scroll">${this.failed ? html`<state-view stale .error=${this.failed}></state-view>` : nothing}<div class="watch">
      <div class="column">${this.say(overview)}${this.tiers(overview)}${this.flow(overview)}${this.silent(overview)}</div>
      <div class="column">${this.waiting(overview)}${this.rules(overview)}</div></div></div>`;
  }

  private say({ tiers, silentSources, lost24h }: Overview) {
    const t = words().overview.say, sum = (of: (tier: TierOverview) => number): number => tiers.reduce((all, tier) => all + of(tier), 0);
    const overdue = sum((tier) => tier.overdue), next = tiers.flatMap(({ nextDue }) => (nextDue === null ? [] : [nextDue])).sort()[0], first = silentSources[0];
    return html`<section class="panel say"><p>${overdue > 0 ? html`<a href="/queue"><b class="bad">${t.overdue(overdue)}</b></a>` : t.noOverdue}. <a href="/queue">${t.open(sum(({ open }) => open))}</a>, <a href="/queue?assignee=none">${t.unassigned(sum(({ unassigned }) => unassigned))}</a>.
      ${first ? html`<a href="/sources"><b class="warn">${t.silent(silentSources.length)}</b></a>: <span class="mono">${safeText(first.name)}</span>${silentSources.length > 1 ? ', …' : ''}` : t.noSilent}, ${lost24h > 0 ? html`<b>${t.lost(lost24h)}</b>` : t.noLost}.
      ${next === undefined ? nothing : html`${t.next(duration(Date.parse(next) - now()))}.`}</p></section>`;
  }

  private tiers({ tiers }: Overview) {
    const t = words(), o = t.overview, used = tiers.filter(({ systems, open }) => systems > 0 || open > 0).sort((a, b) => b.tier - a.tier), empty = tiers.filter((tier) => !used.includes(tier)).map(({ tier }) => tier).sort((a, b) => b - a);
    return html`<section class="panel"><header><h2>${o.byTier}</h2><span class="small faint">${o.byTierHint}</span></header><table class="table tiers">
      <thead><tr><th scope="col">${o.tier}</th><th scope="col" class="num">${o.systems}</th><th scope="col">${o.open}</th><th scope="col">${o.due}</th><th scope="col" class="num">${o.overdueCount}</th><th scope="col" class="num">${o.unassigned}</th><th scope="col" class="num">${o.silent}</th></tr></thead>
      <tbody>${used.map(({ tier, systems, open, bySeverity, unassigned, overdue, nextDue, silent }) => html`<tr>
        <td><a href=${link('/queue', { tier })}><tier-mark tier=${tier} full></tier-mark></a></td><td class="num"><a href="/systems">${number(systems)}</a></td>
        <td><span class="counts">${open === 0 ? html`<span class="faint">0</span>` : SEVERITIES.map((severity) => html`<a class=${bySeverity[severity] === 0 ? 'zero' : ''} href=${link('/queue', { tier, severity })}><severity-badge severity=${severity} terse></severity-badge> ${number(bySeverity[severity])}</a>`)}</span></td>
        <td>${nextDue === null ? html`<span class="faint">${t.none}</span>` : html`<clock-mark .at=${nextDue} limit="0" title=${dateTime(nextDue)}></clock-mark>`}</td>
        <td class="num ${overdue > 0 ? 'bad strong' : ''}">${number(overdue)}</td><td class="num"><a href=${link('/queue', { tier, assignee: 'none' })}>${number(unassigned)}</a></td><td class="num ${silent > 0 ? 'warn strong' : ''}">${number(silent)}</td></tr>`)}
        ${empty.length > 0 ? html`<tr><td colspan="7" class="faint">${o.noSystems(empty.join(', '))}</td></tr>` : nothing}</tbody></table></section>`;
  }

  private flow({ received24h, evaluated24h, lost24h, missing24h, perHour, now: at }: Overview) {
    const o = words().overview, behind = Math.max(0, received24h - evaluated24h);
    return html`<section class="panel"><header><h2>${o.flow}</h2><a class="small push" href="/sources">${words().nav.sources}</a></header><div class="body stack">
      <p class="medium">${o.flowEqual(number(received24h), number(evaluated24h))}<span class="small soft">${behind > 0 ? html`, <span class="warn">${o.underWay(behind)}</span>` : nothing}${lost24h > 0 ? html`, <span class="bad">${o.say.lost(lost24h)}</span>` : html`, ${o.say.noLost}`}${missing24h > 0 ? html`, <a class="warn" href="/sources">${o.missing(missing24h)}</a>` : nothing}</span></p>
      <p class="small faint">${o.perHour}</p><histogram-bars label=${o.perHour} .bars=${fillBars(perHour, HOUR_MS, Date.parse(at) - 24 * HOUR_MS, at)} .intervalMs=${HOUR_MS} @brush=${(event: CustomEvent<{ from: string; to: string }>) => { if (session()?.readsLogs) go(link('/events', { range: 'custom', ...event.detail })); }}></histogram-bars></div></section>`;
  }

  private silent({ silentSources }: Overview) {
    const t = words(), o = t.overview;
    return html`<section class="panel"><header><h2>${o.silentSources}</h2></header>${silentSources.length === 0 ? html`<p class="body soft">${o.noSilentSources}</p>` : html`<table class="table"><thead><tr><th scope="col">${o.source}</th><th scope="col">${t.sourcesPage.system}</th><th scope="col">${o.tier}</th><th scope="col">${o.lastSeen}</th><th scope="col">${o.limit}</th></tr></thead><tbody>${silentSources.map((source) => html`<tr><td class="mono">${safeText(source.sender)}</td><td>${source.systemName}</td><td><tier-mark tier=${source.tier}></tier-mark></td><td class="warn">${source.lastSeen === null ? t.sourcesPage.neverSeen : ago(source.lastSeen, now())}</td><td>${o.minutes(source.silenceLimitMinutes)}</td></tr>`)}</tbody></table>`}</section>`;
  }

  private waiting({ unassigned }: Overview) {
    const o = words().overview;
    return html`<section class="panel"><header><h2>${o.waiting}</h2><span class="small faint push">${o.waitingHint}</span></header>${unassigned.length === 0 ? html`<p class="body soft">${o.noWaiting}</p>` : html`<ul class="dues">${unassigned.map((item) => html`<li><div class="line"><severity-badge severity=${item.severity}></severity-badge><tier-mark tier=${item.tier}></tier-mark><span class="push">${dueMark(item, true)}</span></div><a href=${incidentLink(item)}>${sentence(item)}</a><span class="small faint">${item.number}, ${item.systemName}</span></li>`)}</ul><p class="body"><a href="/queue?assignee=none">${o.seeAll}</a></p>`}</section>`;
  }

  private rules({ ruleSet }: Overview) {
    const o = words().overview;
    return html`<section class="panel"><header><h2>${o.ruleSet}</h2><a class="small push" href="/rules">${words().nav.rules}</a></header><div class="body stack"><p>${o.ruleSetIs(ruleSet.n, ruleSet.rules)}</p><p class="state ${ruleSet.broken > 0 ? 'bad' : 'good'}">${icon(ruleSet.broken > 0 ? 'error' : 'check')}${ruleSet.broken > 0 ? html`<a class="bad" href="/rules?state=refused">${o.broken(ruleSet.broken)}</a>` : o.noBroken}</p><p class="state ${ruleSet.inForceStreams < ruleSet.streams ? 'warn' : 'good'}">${icon(ruleSet.inForceStreams < ruleSet.streams ? 'clock' : 'check')}${o.inForce(ruleSet.inForceStreams, ruleSet.streams)}</p></div></section>`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; min-height: 0; background: var(--surface-sunken); }
    .watch { padding: 12px var(--space-4) 20px; display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr) 372px; align-content: start; } .column { display: grid; gap: 12px; align-content: start; min-width: 0; }
    .say { padding: 12px 16px; font-size: 15px; } .say p a { color: inherit; }
    .tiers td { height: 40px; } .counts { display: inline-flex; gap: 12px; } .counts a { display: inline-flex; align-items: center; gap: 4px; color: var(--text); } .counts .zero { color: var(--text-faint); } .counts .zero severity-badge { color: var(--text-faint); }
    .dues li { display: grid; gap: 2px; padding: 8px 16px; border-bottom: 1px solid var(--line); } .dues a { color: var(--text); overflow-wrap: anywhere; } .dues a:hover { color: var(--accent); }
    @media (max-width: 1100px) { .watch { grid-template-columns: minmax(0, 1fr); } }
  `];
}
