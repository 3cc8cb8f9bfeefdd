// What happened to an incident, newest first: each change, who, when.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { assertNever } from '../../../core/assert.js';
import type { TimelineEntry } from '../../api.js';
import { named, words } from '../controllers/locale.js';
import { now } from '../controllers/now.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { dateTime, near } from '../words/format.js';
import { icon, type IconName } from './icon.js';
import { safeText, safeTextStyle } from './raw-line.js';

const SHOWN = 12;
type Kind = 'changes' | 'notes' | 'alerts';
const kindOf = (entry: TimelineEntry): Kind => (entry.kind === 'alerted' ? 'alerts' : entry.kind === 'noted' ? 'notes' : 'changes');

@customElement('timeline-list')
export class TimelineList extends Part {
  @property({ attribute: false }) entries: readonly TimelineEntry[] = [];
  /** With buttons that choose kinds. */
  @property({ type: Boolean }) filters = false;
  @property() detector = 'detector';
  /** Kinds left out. */
  @state() private left: ReadonlySet<Kind> = new Set();
  @state() private shown = SHOWN;

  override render() {
    const t = words().incident, kinds: readonly (readonly [Kind, string])[] = [['changes', t.kindChanges], ['notes', t.kindNotes], ['alerts', t.kindAlerts]];
    const all = [...this.entries].reverse().filter((entry) => !this.left.has(kindOf(entry))), shown = all.slice(0, this.shown);
    return html`${this.filters ? html`<div class="line kinds">${kinds.map(([kind, text]) => html`<button class="button slim" type="button" aria-pressed=${this.left.has(kind) ? 'false' : 'true'} @click=${() => this.toggle(kind)}>${text} ${this.entries.filter((entry) => kindOf(entry) === kind).length}</button>`)}</div>` : nothing}
      <ol>${shown.map((entry) => html`<li><time datetime=${entry.at} title=${dateTime(entry.at)}>${near(entry.at, now())}</time>${icon(shape(entry))}<span class="what">${say(entry)}</span><span class="by">${entry.kind === 'alerted' ? t.detector : entry.by}</span></li>`)}</ol>
      ${all.length > shown.length ? html`<button class="link small" type="button" @click=${() => { this.shown += 50; }}>${t.loadTimeline(all.length - shown.length)}</button>` : nothing}`;
  }

  private toggle(kind: Kind): void {
    const left = new Set(this.left);
    if (!left.delete(kind)) left.add(kind);
    this.left = left;
  }

  static override styles = [sheet, safeTextStyle, css`
    :host { display: grid; gap: 4px; justify-items: start; } ol { width: 100%; }
    li { display: grid; grid-template-columns: minmax(58px, auto) 14px minmax(0, 1fr) auto; gap: 0 10px; align-items: baseline; border-bottom: 1px solid var(--line); padding: 4px 0; }
    li:last-child { border-bottom: 0; }
    time { font-size: var(--type-small); color: var(--text-soft); text-align: right; white-space: nowrap; }
    li > .icon { width: 14px; height: 14px; align-self: start; margin-top: 3px; color: var(--text-faint); }
    .what { overflow-wrap: anywhere; white-space: pre-wrap; }
    .by { font-size: var(--type-small); color: var(--text-faint); white-space: nowrap; }
    .kinds { margin-bottom: 2px; }
  `];
}

function shape(entry: TimelineEntry): IconName {
  switch (entry.kind) {
    case 'alerted': return 'pulse';
    case 'assigned': return 'user';
    case 'noted': return 'note';
    case 'resolved': case 'closed': return 'check';
    case 'reopened': return 'undo';
    default: return assertNever(entry);
  }
}

/** One entry as a sentence. */
export function say(entry: TimelineEntry): unknown {
  const t = words(), e = t.incident.entry;
  const text = (said: string | undefined): unknown => (said === undefined || said.trim() === '' ? nothing : html`. ${safeText(said)}`);
  switch (entry.kind) {
    case 'alerted': return safeText(e.alerted(named(entry.rule), entry.count));
    case 'assigned': return entry.assignee === null ? e.released : entry.assignee === entry.by ? e.taken : e.assigned(entry.assignee);
    case 'noted': return safeText(entry.text);
    case 'resolved': return html`${e.resolved}${text(entry.text)}`;
    case 'reopened': return html`${e.reopened}${text(entry.text)}`;
    case 'closed': return html`${e.closed(t.verdict[entry.verdict])}${text(entry.text)}`;
    default: return assertNever(entry);
  }
}
