// The base of every component: the shared sheet, the language, and typed events that leave shadow roots.
import { LitElement, type CSSResultGroup } from 'lit';
import { sheet } from '../styles/sheet.js';
import { onLanguage } from './locale.js';

export class Part extends LitElement {
  static override styles: CSSResultGroup = sheet;
  private leaveLanguage?: () => void;

  override connectedCallback(): void {
    super.connectedCallback();
    this.leaveLanguage = onLanguage(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leaveLanguage?.();
  }

  protected fire(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
