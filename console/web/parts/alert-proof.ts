// Why an alert fired: the rule in words, when each event came, the deciding line with its lit bytes, and each condition that was true,
// numbered as in the line. `page` shows every copied event as a chain; the pane shows the deciding one.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AlertItem, ProofEventItem } from '../../api.js';
import { language, named, words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { link } from '../controllers/router.js';
import { styled } from '../controllers/styled.js';
import { sheet } from '../styles/sheet.js';
import { dateTime, duration, time } from '../words/format.js';
import { sayQuestion } from '../words/question.js';
import { icon } from './icon.js';
import { safeText, safeTextStyle } from './raw-line.js';
import './severity-badge.js';

const CHAIN_SHOWN = 4, LATE_MS = 5 * 60_000;

@customElement('alert-proof')
export class AlertProof extends Part {
  @property({ attribute: false }) alert!: AlertItem;
  @property({ type: Boolean }) page = false;
  @state() private shown = CHAIN_SHOWN;

  override render() {
    const t = words().proof, { rule, events, eventCount, group } = this.alert, last = events[events.length - 1];
    const description = language() === 'vi' ? rule.descriptionVi ?? rule.description : rule.description;
    return html`
      <header>
        <div class="line wrap">${this.page ? html`<severity-badge severity=${this.alert.severity}></severity-badge>` : nothing}<a class="title" href=${link(`/rules/${encodeURIComponent(rule.id)}`)}>${safeText(named(rule))}</a><span class="small faint push nowrap">${this.page ? dateTime(this.alert.time) : nothing}</span></div>
        <p class="small faint">${t.version(rule.version.slice(0, 8))}${eventCount > 1 ? html` · ${t.contributing(eventCount)}` : nothing}${this.late()}</p>
        ${description ? html`<p class="small soft">${description}</p>` : nothing}
        ${group && Object.keys(group).length > 0 ? html`<p class="small"><span class="faint">${t.group}</span> ${Object.entries(group).map(([field, value]) => html`<span class="group"><span class="mono faint">${field}</span> <span class="val">${safeText(value)}</span></span>`)}</p>` : nothing}
      </header>
      ${events.length > 1 ? this.ticks() : nothing}
      ${this.page ? this.chain() : last ? html`<section><header class="line"><h3>${t.line}</h3><span class="small faint push">${dateTime(last.time)}</span></header>${proof(last, true)}</section>` : nothing}`;
  }

  private late() {
    const { time: happened, received } = this.alert, lateMs = Date.parse(received) - Date.parse(happened);
    if (this.alert.late === true) return html` · <span class="warn">${words().proof.lateGap}</span>`;
    return lateMs > LATE_MS ? html` · <span class="warn">${words().proof.lateBy(duration(lateMs))}</span>` : nothing;
  }

  private ticks() {
    const { firstSeen, lastSeen, events } = this.alert, from = Date.parse(firstSeen), span = Math.max(1, Date.parse(lastSeen) - from);
    return html`<div class="ticks" role="img" aria-label="${words().proof.ticks}: ${dateTime(firstSeen)} – ${dateTime(lastSeen)}"><div class="track">${events.map((event, index) => html`<i class=${index === events.length - 1 ? 'last' : ''} ${styled({ left: `${Math.min(100, Math.max(0, (Date.parse(event.time) - from) / span * 100)).toFixed(2)}%` })}></i>`)}</div><div class="ends"><span>${time(firstSeen)}</span><span>${time(lastSeen)}</span></div></div>`;
  }

  private chain() {
    const t = words().proof, { events, eventCount } = this.alert, shown = events.slice(-this.shown), rest = events.length - shown.length;
    return html`${rest > 0 ? html`<button class="button slim more" type="button" @click=${() => { this.shown += 20; }}>${t.showLines(rest)}</button>` : nothing}
      <ol class="chain">${shown.map((event, index) => html`<li><time datetime=${event.time} title=${dateTime(event.time)}>${time(event.time)}</time><span class="knot ${index === shown.length - 1 ? 'last' : ''}" aria-hidden="true"></span><div>${proof(event, index === shown.length - 1)}</div></li>`)}</ol>
      ${eventCount > events.length ? html`<p class="small faint">${t.copied(events.length, eventCount)}</p>` : nothing}`;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; gap: 9px; grid-template-columns: minmax(0, 1fr); }
    header { display: grid; gap: 2px; } header.line { display: flex; }
    section { display: grid; gap: 5px; }
    .title { font-weight: var(--weight-strong); }
    .group { margin-left: 8px; white-space: nowrap; }
    .ticks .track { position: relative; height: 14px; border-bottom: 1px solid var(--line-strong); margin: 0 5px; }
    .ticks i { position: absolute; bottom: 0; width: 2px; height: 8px; margin-left: -1px; background: var(--text-soft); }
    .ticks i.last { width: 8px; height: 8px; margin-left: -4px; bottom: 3px; background: var(--severity-critical); transform: rotate(45deg); }
    .ends { display: flex; justify-content: space-between; font-size: var(--type-mark); color: var(--text-faint); margin-top: 2px; }
    .more { justify-self: start; }
    .chain > li { display: grid; grid-template-columns: 58px 14px minmax(0, 1fr); gap: 0 10px; position: relative; padding-bottom: 10px; }
    .chain > li:last-child { padding-bottom: 0; }
    .chain > li > time { font-size: var(--type-small); color: var(--text-soft); text-align: right; padding-top: 4px; }
    .knot { justify-self: center; width: 10px; height: 10px; margin-top: 9px; border-radius: 50%; background: var(--surface); border: 2px solid var(--accent); z-index: 1; }
    .knot.last { border-radius: 0; transform: rotate(45deg); width: 9px; height: 9px; background: var(--severity-critical); border-color: var(--severity-critical); }
    .chain > li:not(:last-child)::before { content: ''; position: absolute; left: 74px; top: 14px; bottom: -12px; width: 2px; background: var(--line); }
    summary.conditions { cursor: pointer; width: max-content; } 
    .conditions { margin: 4px 0 2px; font-size: var(--type-small); color: var(--text-soft); }
    .atom { display: grid; grid-template-columns: 14px minmax(0, 1fr) auto; gap: 0 8px; align-items: baseline; padding: 3px 0; border-bottom: 1px solid var(--line); font-size: var(--type-small); }
    .atom:last-child { border-bottom: 0; }
    .atom .icon { width: 13px; height: 13px; color: var(--good); align-self: center; }
    .atom .at { font-size: var(--type-mark); color: var(--text-faint); white-space: nowrap; }
    .atom .mono { overflow-wrap: anywhere; }
    .ref { display: inline-flex; align-items: center; justify-content: center; min-width: 14px; height: 14px; padding: 0 3px; font: var(--weight-strong) 9px/1 var(--font-text); background: var(--lamp-soft); color: var(--text-on-lamp); border-bottom: 2px solid var(--lamp-line); border-radius: 1px; margin-right: 5px; }
  `];
}

/** The line and its conditions; `open` shows them at once, else they wait behind their count. */
function proof({ original, atoms }: ProofEventItem, open: boolean) {
  const t = words(), line = original === '' ? html`<p class="small faint">${t.proof.noRead}</p>` : html`<raw-line .line=${original} .ranges=${atoms}></raw-line>`;
  if (atoms.length === 0) return line;
  const list = html`<ul>${atoms.map(({ question, ask, value, start, end }, index) => html`<li class="atom">${icon('check')}<span class="mono">${start === undefined ? nothing : html`<span class="ref">${index + 1}</span>`}${safeText(sayQuestion(ask, question, language()))}${value !== undefined && start === undefined && value !== ask?.text ? html` <span class="faint">(${safeText(value)})</span>` : nothing}</span><span class="at">${start === undefined || end === undefined ? t.proof.notInLine : t.bytes(start, end - 1)}</span></li>`)}</ul>`;
  return open ? html`${line}<p class="conditions">${t.proof.conditions(atoms.length)}</p>${list}` : html`${line}<details><summary class="conditions">${t.proof.conditions(atoms.length)}</summary>${list}</details>`;
}
