// Counts over time, brushable: drag or click chooses a span, which is fired as `brush` {from, to}. Critical stands on the horizon
// line, so that it can be compared. The same span can be typed elsewhere; the chart is never the only way.
import { css, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { SeverityName } from '../../api.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import { date, dateTime, duration, number, shortTime, time } from '../words/format.js';

export interface Bar { readonly start: string; readonly count?: number; readonly counts?: Partial<Record<SeverityName, number>> }
export interface Flag { readonly at: string; readonly text: string }
const STACK: readonly SeverityName[] = ['critical', 'high', 'medium', 'low', 'informational'];
const AXIS = 15, LABEL_EVERY_PX = 100, MINUTE_MS = 60_000, HOUR_MS = 3_600_000, DAY_MS = 86_400_000, ZONE_MS = 7 * HOUR_MS;
/** Steps between labels: round times where people are. */
const STEPS = [1_000, 5_000, 15_000, 30_000, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS, DAY_MS, 2 * DAY_MS, 7 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS, 365 * DAY_MS];

@customElement('histogram-bars')
export class HistogramBars extends Part {
  @property({ attribute: false }) bars: readonly Bar[] = [];
  @property({ attribute: false }) intervalMs = 0;
  @property({ attribute: false }) flags: readonly Flag[] = [];
  @property() label = '';
  /** The chosen span, shaded. */
  @property({ attribute: false }) from: string | null = null;
  @property({ attribute: false }) to: string | null = null;
  @state() private width = 600;
  @state() private height = 40;
  @state() private drag: { a: number; b: number } | undefined;
  private readonly sizes = new ResizeObserver(([entry]) => {
    if (!entry) return;
    this.width = Math.max(120, Math.floor(entry.contentRect.width));
    this.height = Math.max(24, Math.floor(entry.contentRect.height) - AXIS);
  });

  override connectedCallback(): void { super.connectedCallback(); this.sizes.observe(this); }
  override disconnectedCallback(): void { super.disconnectedCallback(); this.sizes.disconnect(); }

  private get start(): number { return Date.parse(this.bars[0]?.start ?? ''); }
  private get spanMs(): number { return Math.max(1, this.bars.length * this.intervalMs); }
  private x(at: string | number): number { return ((typeof at === 'number' ? at : Date.parse(at)) - this.start) / this.spanMs * this.width; }

  private down(event: PointerEvent): void {
    if (event.button !== 0 || this.bars.length === 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.drag = { a: event.offsetX, b: event.offsetX };
  }
  private move(event: PointerEvent): void { if (this.drag) this.drag = { a: this.drag.a, b: Math.min(this.width, Math.max(0, event.offsetX)) }; }
  private up(): void {
    if (!this.drag) return;
    const [low, high] = [Math.min(this.drag.a, this.drag.b), Math.max(this.drag.a, this.drag.b)], step = this.width / this.bars.length;
    this.drag = undefined;
    const first = Math.floor(low / step), last = Math.max(first + 1, Math.ceil(high / step));
    this.fire('brush', { from: new Date(this.start + first * this.intervalMs).toISOString(), to: new Date(this.start + last * this.intervalMs).toISOString() });
  }

  override render() {
    const { bars, width, height } = this, total = bars.reduce((sum, bar) => sum + size(bar), 0), most = Math.max(1, ...bars.map(size));
    if (bars.length === 0) return html`<svg width=${width} height=${height + AXIS} role="img" aria-label=${this.label}>${svg`<line class="horizon" x1="0" x2=${width} y1=${height - 0.5} y2=${height - 0.5}/>`}</svg>`;
    const step = width / bars.length, gap = step > 5 ? 1 : 0;
    return html`<svg width=${width} height=${height + AXIS} role="img" aria-label="${this.label}: ${number(total)}, ${dateTime(this.start)} – ${dateTime(this.start + this.spanMs)}" @pointerdown=${this.down} @pointermove=${this.move} @pointerup=${this.up} @pointercancel=${() => { this.drag = undefined; }}>
      ${this.shade()}
      ${bars.map((bar, index) => svg`<g><title>${`${dateTime(bar.start)}: ${number(size(bar))}`}</title><rect class="all" x=${index * step} y="0" width=${step} height=${height}/>${stack(bar, most, height).map(({ kind, y, tall }) => svg`<rect class=${kind} x=${index * step} y=${y} width=${Math.max(1, step - gap)} height=${tall}/>`)}</g>`)}
      ${svg`<line class="horizon" x1="0" x2=${width} y1=${height - 0.5} y2=${height - 0.5}/>`}
      ${this.flags.map(({ at, text }) => svg`<g class="flag"><title>${text}</title><path d="M${this.x(at).toFixed(1)} ${height}V2h6l-1.500 2.500 1.500 2.500h-6"/></g>`)}
      ${this.axis()}</svg>`;
  }

  private shade() {
    const span = this.drag ? [Math.min(this.drag.a, this.drag.b), Math.max(this.drag.a, this.drag.b)] as const : this.from !== null || this.to !== null ? [this.from === null ? 0 : this.x(this.from), this.to === null ? this.width : this.x(this.to)] as const : undefined;
    if (!span) return nothing;
    const low = Math.max(0, span[0]), high = Math.min(this.width, span[1]);
    if (high <= low) return nothing;
    return svg`<rect class="brush" x=${low} y="0" width=${high - low} height=${this.height}/>${[low, high].map((x) => svg`<line class="edge" x1=${x} x2=${x} y1="0" y2=${this.height}/>`)}`;
  }

  private axis() {
    const end = this.start + this.spanMs, room = Math.max(2, this.width / LABEL_EVERY_PX), step = STEPS.find((one) => this.spanMs / one <= room) ?? this.spanMs / room;
    const labels = [];
    for (let at = Math.ceil((this.start + ZONE_MS) / step) * step - ZONE_MS; at < end; at += step) {
      const x = this.x(at), edge = Math.min(x, this.width - x);
      if (edge > 18) labels.push(svg`<text x=${x} y=${this.height + 12} text-anchor="middle">${step >= DAY_MS ? date(at).slice(0, 5) : shortTime(at) === '00:00' ? date(at).slice(0, 5) : step < 60_000 ? time(at) : shortTime(at)}</text>`);
    }
    return labels;
  }

  static override styles = [sheet, css`
    :host { height: calc(var(--histogram-height) + 15px); overflow: hidden; touch-action: pan-y; }
    svg { display: block; cursor: crosshair; user-select: none; overflow: visible; }
    .all { fill: transparent; } g:hover > .all { fill: var(--line); fill-opacity: 0.5; }
    .critical { fill: var(--bar-critical); } .high { fill: var(--bar-high); } .medium { fill: var(--bar-medium); } .low, .informational, .plain { fill: var(--bar-low); }
    .horizon { stroke: var(--line-strong); }
    .brush { fill: var(--accent); fill-opacity: 0.12; } .edge { stroke: var(--accent); stroke-width: 1.500; }
    .flag { stroke: var(--text-soft); fill: var(--text-soft); stroke-width: 1; }
    text { font: var(--type-mark) var(--font-text); fill: var(--text-faint); }
  `];
}

/** Every bucket of the span: a server leaves empty ones out, but blank must mean that nothing happened, at its place. */
export function fillBars(bars: readonly Bar[], intervalMs: number, from: string | number, to: string | number): Bar[] {
  const ends = [from, to].map((at) => (typeof at === 'number' ? at : Date.parse(at))) as [number, number], known = bars[0] === undefined ? ends[0] : Date.parse(bars[0].start);
  if (intervalMs <= 0 || ends.some(Number.isNaN)) return [...bars];
  const phase = ((known % intervalMs) + intervalMs) % intervalMs, first = Math.floor((Math.min(ends[0], known) - phase) / intervalMs) * intervalMs + phase, byIndex = new Map(bars.map((bar) => [Math.round((Date.parse(bar.start) - first) / intervalMs), bar]));
  const count = Math.min(BARS_MAX, Math.max(1, Math.ceil((ends[1] - first) / intervalMs)));
  return Array.from({ length: count }, (_, index) => byIndex.get(index) ?? { start: new Date(first + index * intervalMs).toISOString(), count: 0 });
}
const BARS_MAX = 2_000;

const size = ({ count, counts }: Bar): number => count ?? Object.values(counts ?? {}).reduce((sum, one) => sum + one, 0);
function stack(bar: Bar, most: number, height: number): { kind: string; y: number; tall: number }[] {
  if (!bar.counts) { const tall = bar.count ? Math.max(1, bar.count / most * (height - 2)) : 0; return [{ kind: 'plain', y: height - tall, tall }]; }
  let y = height;
  return STACK.flatMap((kind) => {
    const count = bar.counts?.[kind] ?? 0;
    if (count === 0) return [];
    const tall = Math.max(1, count / most * (height - 2));
    y -= tall;
    return [{ kind, y, tall }];
  });
}
/** `15 ph`, for "per ..." labels. */
export const intervalText = (ms: number): string => (ms === 0 ? words().none : duration(ms));
