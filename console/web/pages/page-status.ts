// How the flow stands, in the order of a message's way: collectors and their spools, the store, evaluation. Answered by the console
// itself, so that it can be read while the store is away.
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { EvaluationStatus, IntakeStatus, Status } from '../../api.js';
import { ApiError, post } from '../client.js';
import { words } from '../controllers/locale.js';
import { now, Ticker } from '../controllers/now.js';
import { Page, type PageHead } from '../controllers/page.js';
import { hasRole } from '../controllers/session.js';
import { icon, type IconName } from '../parts/icon.js';
import { sheet } from '../styles/sheet.js';
import { dateTime, duration, near, number, size } from '../words/format.js';
import '../parts/state-view.js';

const LATE_MS = 30_000;

@customElement('page-status')
export class PageStatus extends Page {
  @property({ attribute: false }) status: Status | undefined;
  @property({ attribute: false }) failed: ApiError | undefined;
  @state() private released = false;
  @state() private refused: ApiError | undefined;
  protected readonly ticker = new Ticker(this, 1_000);
  protected override head(): PageHead { return { title: words().statusPage.title, summary: words().statusPage.summary }; }

  override render() {
    const { status, failed } = this;
    if (!status) return failed ? html`<state-view .error=${failed}></state-view>` : html`<state-view loading></state-view>`;
    return html`<div class="scroll" tabindex="0"><div class="flow">${failed ? html`<state-view stale .error=${failed}></state-view>` : nothing}${this.intakes(status)}${this.store(status)}${this.evaluation(status.evaluation)}${this.retention(status)}</div></div>`;
  }

  private retention({ retention }: Status) {
    const t = words().statusPage;
    if (retention === null) return nothing;
    return html`<section class="panel" data-testid="status-retention"><header><h2>${t.retention}</h2></header><div class="body stack"><p class="state warn">${icon('warn')}${t.retentionHeld(near(retention.heldSince, now()))}</p><p>${t.retentionReason[retention.reason]} ${t.retentionHint(dateTime(retention.horizon))}</p>
      ${hasRole('admin') ? html`<p class="line"><button class="button danger" type="button" ?disabled=${this.released} @click=${this.release} data-testid="retention-release">${t.clockIsRight}</button><span role="status" class="small soft">${this.released ? t.released : ''}</span></p>` : nothing}${this.refused ? html`<state-view .error=${this.refused}></state-view>` : nothing}</div></section>`;
  }

  private readonly release = async (): Promise<void> => {
    try {
      await post('/api/retention/release', { clockIsRight: true });
      this.released = true;
      this.refused = undefined;
    } catch (error) { this.refused = ApiError.from(error); }
  };

  private store({ store }: Status) {
    const t = words().statusPage, at = now(), { state, since, back, last, problem } = store;
    const [tone, shape, text] = ({ ready: ['good', 'check', t.ready], away: ['bad', 'error', t.away(near(since ?? '', at), duration(at - Date.parse(since ?? '')))], catching_up: ['warn', 'clock', t.catchingUp(near(since ?? '', at), near(back ?? '', at))] } satisfies Record<typeof state, readonly [string, IconName, string]>)[state];
    return html`<section class="panel"><header><h2>${t.store}</h2><span class="small faint push">${store.kind === 'elasticsearch' ? 'Elasticsearch' : t.embedded}</span></header><div class="body stack">
      <p class="state ${tone}" data-testid="status-store">${icon(shape)}${text}</p>
      ${state === 'away' ? html`<p>${t.nothingDecided}</p>` : nothing}
      ${problem ? html`<p class="mono soft" data-testid="status-problem">${problem}</p>` : nothing}
      ${last ? html`<p class="small soft">${t.caughtUp(near(last.since, at), near(last.back, at), near(last.caughtUp, at))}</p>` : nothing}</div></section>`;
  }

  private intakes({ intakes, store }: Status) {
    const t = words().statusPage;
    return html`<section class="panel"><header><h2>${t.intake}</h2></header>${intakes.length === 0 ? html`<p class="body soft">${store.state === 'away' ? t.askCollectors : t.noCollectors}</p>` : html`<table class="table">
      <thead><tr><th scope="col">${t.collector}</th><th scope="col">${t.state}</th><th scope="col" class="num">${t.spool}</th><th scope="col" class="num">${t.rate}</th><th scope="col" class="num">${t.lasts}</th></tr></thead>
      <tbody>${intakes.map((one) => this.intake(one))}</tbody></table><p class="body small faint">${t.lastsHint}</p>`}</section>`;
  }

  private intake({ name, reached, taking, spoolBytes, bytesPerSecond, lastsMs }: IntakeStatus) {
    const t = words().statusPage, none = html`<span class="faint">${words().none}</span>`;
    const state = !reached ? html`<span class="state warn">${icon('silent')}${t.unreached}</span>` : taking ? html`<span class="state good">${icon('check')}${t.taking}</span>` : html`<span class="state bad">${icon('error')}${t.stoppedShort}</span>`;
    return html`<tr data-testid="status-intake"><td class="mono">${name}</td><td>${state}</td><td class="num">${reached ? size(spoolBytes) : none}</td><td class="num">${reached ? t.perSecond(size(bytesPerSecond)) : none}</td><td class="num">${lastsMs === null ? none : duration(lastsMs)}</td></tr>`;
  }

  private evaluation(evaluation: EvaluationStatus | null) {
    const t = words().statusPage;
    if (evaluation === null) return html`<section class="panel"><header><h2>${t.evaluation}</h2></header><p class="body soft">${t.nothingKnown}</p></section>`;
    const { lagMs, detectors, streams, asOf } = evaluation, late = lagMs > LATE_MS;
    return html`<section class="panel"><header><h2>${t.evaluation}</h2><span class="small faint push">${t.asOf(near(asOf, now()))}</span></header><div class="body stack">
      <p class="state ${late ? 'warn' : 'good'}" data-testid="status-lag">${icon(late ? 'clock' : 'check')}${lagMs < 1_000 ? t.noLag : t.behindBy(duration(lagMs))}</p>
      ${detectors === null ? nothing : html`<p class="state ${detectors === 0 ? 'bad' : 'soft'}">${icon(detectors === 0 ? 'error' : 'pulse')}${detectors === 0 ? t.noDetector : t.detectors(detectors)}</p>`}</div>
      ${streams.length === 0 ? nothing : html`<table class="table"><thead><tr><th scope="col">${t.stream}</th><th scope="col" class="num">${t.position}</th><th scope="col" class="num">${t.lag}</th><th scope="col">${t.state}</th></tr></thead><tbody>${streams.map(({ stream, position, lagMs: own, hole }) => html`<tr><td class="mono">${stream}</td><td class="num">${number(position)}</td><td class="num ${own > LATE_MS ? 'warn strong' : ''}">${duration(own)}</td><td>${hole === null ? nothing : html`<span class="state bad">${icon('warn')}${t.hole(hole)}</span>`}</td></tr>`)}</tbody></table>`}</section>`;
  }

  static override styles = [sheet, css`
    :host { display: grid; min-height: 0; background: var(--surface-sunken); }
    .flow { padding: 12px var(--space-4) 20px; display: grid; gap: 12px; align-content: start; } .scroll { outline-offset: -2px; }
    .mono { overflow-wrap: anywhere; }
  `];
}
