// Live news: one listener on the store, many browsers. What one may not see makes no message, not even an empty one. The end of a
// session ends its stream at once; every 20 s each stream shows that it lives and that its session still does.
import { PassThrough } from 'node:stream';
import type { LiveIncidents } from '../api.js';
import type { Log } from '../../core/process/log.js';
import type { Store, StoreNews } from '../../core/store/store.js';
import { sees, type Systems } from './deps.js';
import type { Asker } from './route.js';
import type { Sessions } from './sessions.js';

const HEARTBEAT_MS = 20_000, GATHER_MS = 250, WAITING_BYTES_MAX = 256 * 1024, STREAMS_OF_USER_MAX = 20;

interface Stream { readonly out: PassThrough; readonly session: string; asker: Asker; end(): void }

export class LiveNews {
  private readonly streams = new Set<Stream>();
  private readonly stopListening: () => void;
  private readonly heartbeat: NodeJS.Timeout;
  private gathered: { ids: Set<string>; opened: Set<string>; sources: boolean; rules: boolean } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly store: Pick<Store, 'incidents' | 'onNews'>, private readonly sessions: Sessions, private readonly systems: Systems, private readonly log: Log) {
    this.stopListening = store.onNews((news) => this.gather(news));
    this.heartbeat = setInterval(() => { void this.beat(); }, HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  /** A stream for a browser, or undefined where its user has too many already, in whatever sessions. */
  open(asker: Asker): PassThrough | undefined {
    if ([...this.streams].filter((one) => one.asker.user.id === asker.user.id).length >= STREAMS_OF_USER_MAX) return undefined;
    const out = new PassThrough();
    const stream: Stream = { out, asker, session: asker.session.id, end: () => { this.streams.delete(stream); forget(); out.end(); } };
    const forget = this.sessions.onEnd(asker.session, stream.end);
    this.streams.add(stream);
    out.on('close', stream.end).on('error', stream.end);
    out.write('retry: 3000\n: here\n\n');
    return out;
  }

  stop(): void {
    this.stopListening();
    clearInterval(this.heartbeat);
    clearTimeout(this.timer);
    for (const stream of [...this.streams]) stream.end();
  }

  get count(): number { return this.streams.size; }

  /** News of a quarter of a second go out together: a storm is not a thousand messages. */
  private gather(news: StoreNews): void {
    if (this.streams.size === 0) return;
    this.gathered ??= { ids: new Set(), opened: new Set(), sources: false, rules: false };
    switch (news.kind) {
      case 'incidents': for (const id of news.ids) this.gathered.ids.add(id); for (const id of news.opened) this.gathered.opened.add(id); break;
      case 'sources': case 'systems': this.gathered.sources = true; break;
      case 'rules': this.gathered.rules = true; break;
      default: news satisfies never;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.tell().catch((error: unknown) => this.log.warn({ err: error }, 'live news were not told'));
    }, GATHER_MS);
  }

  private async tell(): Promise<void> {
    const news = this.gathered;
    this.gathered = undefined;
    if (news === undefined) return;
    const incidents = (await Promise.all([...news.ids].map((id) => this.store.incidents.get(id)))).filter((one) => one !== undefined);
    const at = new Date().toISOString();
    for (const stream of [...this.streams]) {
      if (incidents.length > 0) {
        // Rights may have changed since the stream was opened.
        if (!(await this.refresh(stream))) continue;
        const ids = incidents.filter((incident) => sees(stream.asker.scope, incident)).map(({ id }) => id);
        const data: LiveIncidents = { ids, opened: ids.filter((id) => news.opened.has(id)), at };
        if (ids.length > 0) this.write(stream, `event: incidents\ndata: ${JSON.stringify(data)}\n\n`);
      }
      if (news.sources) this.write(stream, `event: sources\ndata: ${JSON.stringify({ at })}\n\n`);
      if (news.rules) this.write(stream, `event: rules\ndata: ${JSON.stringify({ at })}\n\n`);
    }
  }

  private async beat(): Promise<void> {
    for (const stream of [...this.streams]) {
      if (await this.refresh(stream).catch(() => true)) this.write(stream, ': here\n\n');
    }
  }

  /** Reads session and rights again; a stream whose session is over ends. */
  private async refresh(stream: Stream): Promise<boolean> {
    const now = await this.sessions.check(stream.session, false);
    if (now === undefined) { stream.end(); return false; }
    stream.asker = { ...stream.asker, user: now.user, session: now.session, scope: await this.systems.scopeOf(now.user) };
    return true;
  }

  /** A browser that does not read is let go; it comes back by itself. */
  private write(stream: Stream, text: string): void {
    if (stream.out.writableLength > WAITING_BYTES_MAX) stream.end();
    else if (!stream.out.writableEnded) stream.out.write(text);
  }
}
