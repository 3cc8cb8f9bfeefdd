// The base of every page: it names itself to the shell, hears the place and the live stream, and leaves both when it goes.
import { live, type LiveMessage } from './live.js';
import { Part } from './part.js';
import { onPlace } from './router.js';

export interface PageHead {
  readonly title: string;
  /** Where the page hangs: "Hàng đợi / SC-2026-0001". */
  readonly above?: { readonly text: string; readonly href: string };
  readonly summary?: unknown;
}

export abstract class Page extends Part {
  private leaves: (() => void)[] = [];
  protected abstract head(): PageHead;
  /** The query changed while the page stayed. */
  protected placed(): void { this.requestUpdate(); }
  protected told(_message: LiveMessage): void { /* a page that shows nothing live */ }

  override connectedCallback(): void {
    super.connectedCallback();
    this.leaves = [onPlace(() => this.isConnected && this.placed()), live.listen((message) => this.told(message))];
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const leave of this.leaves) leave();
  }
  protected override updated(): void { this.fire('page-head', this.head()); }
}
