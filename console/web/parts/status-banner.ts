// The store is away, or what waited meanwhile is being evaluated: said above every page, with what goes on and since when. Nothing to
// say takes no room.
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Status } from '../../api.js';
import { words } from '../controllers/locale.js';
import { now, Ticker } from '../controllers/now.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { duration, near } from '../words/format.js';
import { icon } from './icon.js';

const TOLD_MS = 10 * 60_000;

/** How long the spool that is full first lasts; undefined where none is known to fill. */
export const shortest = ({ intakes }: Status): number | undefined => intakes.map(({ lastsMs }) => lastsMs).reduce<number | undefined>((least, one) => (one === null ? least : Math.min(one, least ?? Infinity)), undefined);

@customElement('status-banner')
export class StatusBanner extends Part {
  @property({ attribute: false }) status: Status | undefined;
  protected readonly ticker = new Ticker(this, 1_000);

  override render() {
    const { status } = this, t = words().statusPage;
    if (!status) return nothing;
    const { state, since, back, last } = status.store, at = now(), stopped = status.intakes.filter(({ reached, taking }) => reached && !taking);
    const full = stopped.length === 0 ? nothing : html`<p class="notice bad" role="alert" data-testid="intake-stopped">${icon('error')}<span><b class="medium">${t.stopped(stopped.map(({ name }) => name).join(', '))}.</b> ${t.stoppedHint}</span></p>`;
    if (state === 'away' && since) return html`<p class="notice bad" role="alert" data-testid="store-away">${icon('error')}<span><b class="medium">${t.away(near(since, at), duration(at - Date.parse(since)))}.</b> ${this.meanwhile(status)} ${t.nothingDecided}</span><a class="push" href="/status">${words().nav.status}</a></p>${full}`;
    if (state === 'catching_up' && back && since) return html`<p class="notice warn" role="status" data-testid="store-catching-up">${icon('clock')}<span><b class="medium">${t.catchingUp(near(since, at), near(back, at))}.</b> ${status.evaluation ? t.behindBy(duration(status.evaluation.lagMs)) : nothing}</span><a class="push" href="/status">${words().nav.status}</a></p>${full}`;
    if (last && at - Date.parse(last.caughtUp) < TOLD_MS) return html`<p class="notice" role="status" data-testid="store-caught-up">${icon('check')}<span>${t.caughtUp(near(last.since, at), near(last.back, at), near(last.caughtUp, at))}</span><a class="push" href="/status">${words().nav.status}</a></p>${full}`;
    return full;
  }

  private meanwhile(status: Status) {
    const t = words().statusPage, lasts = shortest(status), { intakes } = status;
    if (intakes.length === 0) return t.askCollectors;
    if (!intakes.some(({ reached, taking }) => reached && taking)) return nothing;
    return html`${t.acknowledged} ${lasts === undefined ? t.nothingComes : t.roomFor(duration(lasts))}`;
  }

  static override styles = [sheet, css`
    :host { display: grid; }
    .notice { border-width: 0 0 1px 3px; border-radius: 0; align-items: center; padding: 7px var(--space-4); } .notice > .icon { margin: 0; } .push { flex: none; }
  `];
}
