// One stream of server-sent events for the whole application. Listeners are told `resync` when the stream comes back after a
// break: what was missed is then read anew. While it is broken, `connected` is false and the shell says so.
import type { LiveIncidents } from '../../api.js';

export type LiveMessage = { readonly kind: 'incidents'; readonly incidents: LiveIncidents } | { readonly kind: 'sources' } | { readonly kind: 'rules' } | { readonly kind: 'resync' } | { readonly kind: 'broken' };
const RETRY_MS = 3_000;

class Live {
  connected = false;
  private source: EventSource | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wasBroken = false;
  private readonly listeners = new Set<(message: LiveMessage) => void>();

  listen(listener: (message: LiveMessage) => void): () => void {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  }

  open(): void {
    if (this.source) return;
    const source = this.source = new EventSource('/api/live');
    source.onopen = () => {
      this.connected = true;
      this.tell({ kind: 'resync' });
      this.wasBroken = false;
    };
    source.onerror = () => {
      this.connected = false;
      if (!this.wasBroken) { this.wasBroken = true; this.tell({ kind: 'broken' }); }
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      this.close();
      this.retry = setTimeout(() => this.open(), RETRY_MS);
    };
    source.addEventListener('incidents', (event) => {
      const incidents = readIncidents((event as MessageEvent<string>).data);
      if (incidents) this.tell({ kind: 'incidents', incidents });
    });
    source.addEventListener('sources', () => this.tell({ kind: 'sources' }));
    source.addEventListener('rules', () => this.tell({ kind: 'rules' }));
  }

  /** What the server says is to be read anew, as after a break. */
  resync(): void { this.tell({ kind: 'resync' }); }

  close(): void {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = undefined;
    this.connected = false;
  }

  private tell(message: LiveMessage): void { for (const listener of this.listeners) listener(message); }
}

function readIncidents(text: string): LiveIncidents | undefined {
  const data = JSON.parse(text) as Partial<LiveIncidents>;
  return Array.isArray(data.ids) && Array.isArray(data.opened) && typeof data.at === 'string' ? { ids: data.ids, opened: data.opened, at: data.at } : undefined;
}

export const live = new Live();
