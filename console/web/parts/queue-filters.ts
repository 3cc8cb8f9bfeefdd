// The filter line of the queue: what is set stands as chips that can be taken away, the rest waits in one box. Fires `filter-change`
// {name: value or null} and `sort-change`.
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RuleRef, SeverityName, StatusName } from '../../api.js';
import { named, words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { FILTERS, SORTS, type FilterName, type QueueFilter } from '../controllers/queue-filter.js';
import { sheet } from '../styles/sheet.js';
import { fromInput, shortDateTime, toInput } from '../words/format.js';
import { icon } from './icon.js';
import './pop-over.js';

const SEVERITIES: readonly SeverityName[] = ['critical', 'high', 'medium', 'low', 'informational'];
const STATUSES: readonly StatusName[] = ['new', 'assigned', 'resolved', 'closed'];
type Option = readonly [value: string, text: string];

/** The filter in words, for chips and for an empty list. */
export function filterText(name: FilterName, value: string, rules: readonly RuleRef[] = []): string {
  const t = words(), q = t.queue, list = (print: (one: string) => string): string => value.split(',').map(print).join(', ');
  switch (name) {
    case 'status': return `${q.status}: ${value === 'any' ? q.anyStatus : list((one) => (t.status as Record<string, string>)[one] ?? one)}`;
    case 'severity': return `${q.severity}: ${list((one) => (t.severity as Record<string, string>)[one] ?? one)}`;
    case 'tier': return list((one) => t.tier(Number(one)));
    case 'system': return `${q.system}: ${value}`;
    case 'assignee': return `${q.assignee}: ${value === 'me' ? q.me : value === 'none' ? q.nobody : value}`;
    case 'rule': { const rule = rules.find(({ id }) => id === value); return `${q.rule}: ${rule ? named(rule) : value}`; }
    case 'q': return `${q.text}: ${value}`;
    case 'from': return `${t.eventsPage.from} ${shortDateTime(value)}`;
    case 'to': return `${t.eventsPage.to} ${shortDateTime(value)}`;
  }
}

@customElement('queue-filters')
export class QueueFilters extends Part {
  @property({ attribute: false }) filter: QueueFilter = { sort: 'urgency' };
  @property({ attribute: false }) tiers: readonly number[] = [];
  @property({ attribute: false }) systems: readonly { readonly id: string; readonly name: string }[] = [];
  @property({ attribute: false }) assignees: readonly { readonly username: string; readonly name: string }[] = [];
  @property({ attribute: false }) rules: readonly RuleRef[] = [];

  focusText(): void { this.renderRoot.querySelector<HTMLInputElement>('#q')?.focus(); }
  private set(name: FilterName, value: string | null): void { this.fire('filter-change', { [name]: value }); }

  override render() {
    const t = words(), q = t.queue, set = FILTERS.flatMap((name) => { const value = this.filter[name]; return value === undefined || name === 'q' ? [] : [[name, value] as const]; });
    return html`<div class="filters">
      <input class="input find" id="q" type="search" aria-label=${q.text} placeholder="${q.text}…" .value=${this.filter.q ?? ''} @change=${(event: Event) => this.set('q', (event.target as HTMLInputElement).value.trim())}>
      ${this.filter.status === undefined ? html`<span class="chip on">${q.status}: ${q.open}</span>` : nothing}
      ${set.map(([name, value]) => html`<span class="chip on"><span class="cut">${filterText(name, value, this.rules)}</span><button type="button" aria-label="${t.remove} ${filterText(name, value, this.rules)}" @click=${() => this.set(name, null)}>${icon('cross', 'small')}</button></span>`)}
      <pop-over kind="quiet" label=${q.addFilter}><span slot="button" class="line">${icon('filter')}<span>${q.addFilter}</span></span>${this.box()}</pop-over>
      <label class="sort push"><span>${q.sort}:</span><select class="input" @change=${(event: Event) => this.fire('sort-change', (event.target as HTMLSelectElement).value)}>${SORTS.map((sort) => html`<option value=${sort} ?selected=${sort === this.filter.sort}>${q.sorts[sort]}</option>`)}</select></label></div>`;
  }

  private box() {
    const t = words(), q = t.queue;
    const select = (name: FilterName, label: string, first: string, options: readonly Option[]) => html`<div class="field"><label for=${name}>${label}</label><select class="input" id=${name} @change=${(event: Event) => this.set(name, (event.target as HTMLSelectElement).value)}><option value="" ?selected=${this.filter[name] === undefined}>${first}</option>${options.map(([value, text]) => html`<option value=${value} ?selected=${this.filter[name] === value}>${text}</option>`)}</select></div>`;
    const time = (name: 'from' | 'to', label: string) => html`<div class="field"><label for=${name}>${label}</label><input class="input" id=${name} type="datetime-local" .value=${this.filter[name] === undefined ? '' : toInput(this.filter[name])} @change=${(event: Event) => this.set(name, fromInput((event.target as HTMLInputElement).value) ?? null)}></div>`;
    return html`<div class="box">
      ${select('status', q.status, q.open, [...STATUSES.map((one): Option => [one, t.status[one]]), ['any', q.anyStatus]])}
      ${select('severity', q.severity, t.all, [['critical,high', `${t.severity.critical}, ${t.severity.high}`], ...SEVERITIES.map((one): Option => [one, t.severity[one]])])}
      ${select('tier', q.tier, t.nav.allTiers, this.tiers.map((tier): Option => [String(tier), t.tier(tier)]))}
      ${select('system', q.system, t.all, this.systems.map(({ id, name }): Option => [id, `${id}, ${name}`]))}
      ${select('assignee', q.assignee, q.anyone, [['me', q.me], ['none', q.nobody], ...this.assignees.map(({ username, name }): Option => [username, name])])}
      ${select('rule', q.rule, t.all, this.rules.map((rule): Option => [rule.id, named(rule)]))}
      ${time('from', t.eventsPage.from)}${time('to', t.eventsPage.to)}
      <button class="button quiet" type="button" @click=${() => this.fire('filter-change', Object.fromEntries(FILTERS.map((name) => [name, null])))}>${t.clear}</button></div>`;
  }

  static override styles = [sheet, css`
    .filters { display: flex; align-items: center; gap: 6px; flex-wrap: wrap; }
    .find { width: 150px; }
    .chip { max-width: 240px; }
    .sort { display: inline-flex; align-items: center; gap: 6px; font-size: var(--type-small); color: var(--text-soft); white-space: nowrap; } .sort .input { width: auto; color: var(--text); }
    .box { display: grid; grid-template-columns: 1fr 1fr; gap: 10px 12px; padding: 8px; width: 420px; }
  `];
}
