// The root: who is signed in, which page the path names, and what the rail counts. Without a session every path shows sign-in and
// keeps its address, so that a link from a mail leads where it says after signing in.
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Language, Overview, SessionInfo, Status } from '../api.js';
import { ApiError, get, patch, remove, send, whenSignedOut } from './client.js';
import { live } from './controllers/live.js';
import { setLanguage, words } from './controllers/locale.js';
import type { PageHead } from './controllers/page.js';
import { Part } from './controllers/part.js';
import { go, link, onPlace, place, startRouter } from './controllers/router.js';
import { home, setSession } from './controllers/session.js';
import { routePage } from './routes.js';
import { sheet } from './styles/sheet.js';
import './pages/page-signin.js';
import './parts/app-shell.js';

const STATUS_EVERY_MS = 5_000, OVERVIEW_EVERY_MS = 30_000, OVERVIEW_SOONEST_MS = 1_500;

@customElement('app-root')
export class AppRoot extends Part {
  @state() private who: SessionInfo | null | undefined;
  @state() private ended = false;
  @state() private head: PageHead = { title: '' };
  @state() private overview: Overview | undefined;
  @state() private overviewFailed: ApiError | undefined;
  @state() private status: Status | undefined;
  @state() private statusFailed: ApiError | undefined;
  @state() private liveLost = false;
  @state() private down: ApiError | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private statusTimer: ReturnType<typeof setInterval> | undefined;
  private soon: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    startRouter();
    onPlace(() => { if (!this.straighten()) this.requestUpdate(); });
    whenSignedOut(() => { if (this.who) { this.ended = true; this.leave(); } });
    live.listen((message) => {
      this.liveLost = message.kind === 'broken';
      this.soon ??= setTimeout(() => { this.soon = undefined; void this.loadOverview(); }, OVERVIEW_SOONEST_MS);
    });
    this.addEventListener('page-head', (event) => this.named((event as CustomEvent<PageHead>).detail));
    this.addEventListener('language-choose', (event) => void this.chooseLanguage((event as CustomEvent<Language>).detail));
    this.addEventListener('session-change', (event) => this.enter((event as CustomEvent<SessionInfo>).detail));
    this.addEventListener('retry', () => { void this.loadOverview(); void this.loadStatus(); });
    this.addEventListener('sign-out', () => void this.signOut());
    void this.ask();
  }

  private async ask(): Promise<void> {
    this.down = undefined;
    try {
      this.enter(await send<SessionInfo>('GET', '/api/session', undefined, { quiet401: true }));
    } catch (error) {
      const problem = ApiError.from(error);
      if (problem.status === 401) this.leave(); else { this.down = problem; this.leave(); }
    }
  }

  private enter(who: SessionInfo): void {
    setSession(who);
    setLanguage(who.language);
    this.ended = false;
    this.who = who;
    if (who.mustChangePassword) return;
    this.straighten();
    live.open();
    void this.loadOverview();
    clearInterval(this.timer);
    this.timer = setInterval(() => { if (!document.hidden) void this.loadOverview(); }, OVERVIEW_EVERY_MS);
    void this.loadStatus();
    clearInterval(this.statusTimer);
    this.statusTimer = setInterval(() => { if (!document.hidden) void this.loadStatus(); }, STATUS_EVERY_MS);
  }

  /** A path that names no page of its own leads to the one it means; true when the place changed. */
  private straighten(): boolean {
    if (!this.who || this.who.mustChangePassword) return false;
    const { path, query } = place(), to = path === '/' || path === '/signin' ? home() : /^\/incidents\/?$/.test(path) ? link('/queue', Object.fromEntries(query)) : undefined;
    if (to === undefined) return false;
    go(to, { replace: true });
    return true;
  }

  private leave(): void {
    setSession(null);
    this.who = null;
    this.overview = this.overviewFailed = this.status = this.statusFailed = undefined;
    clearInterval(this.timer);
    clearInterval(this.statusTimer);
    live.close();
  }

  private async signOut(): Promise<void> {
    await remove('/api/session').catch(() => undefined); // an ended session is signed out already
    this.ended = false;
    this.leave();
    go('/signin');
  }

  private async chooseLanguage(language: Language): Promise<void> {
    setLanguage(language);
    if (!this.who) return;
    this.who = await patch<SessionInfo>('/api/session', { language }).catch(() => this.who as SessionInfo); // the screen has it already
    if (this.who) setSession(this.who);
    // Names of systems and sentences about problems are the server's, in the language it knows of.
    live.resync();
  }

  private async loadOverview(): Promise<void> {
    if (!this.who) return;
    try {
      this.overview = await get<Overview>('/api/overview');
      this.overviewFailed = undefined;
    } catch (error) { this.overviewFailed = ApiError.from(error); } // the rail keeps what it knew
  }

  private async loadStatus(): Promise<void> {
    if (!this.who) return;
    const before = this.status?.store.state;
    try {
      this.status = await get<Status>('/api/status');
      this.statusFailed = undefined;
    } catch (error) { this.statusFailed = ApiError.from(error); }
    // What could not be read while the store was away is read anew.
    if (before === 'away' && this.status?.store.state !== 'away') live.resync();
  }

  private named(head: PageHead): void {
    this.head = head;
    const title = head.title === '' ? words().product : `${head.title} · ${words().product}`;
    if (document.title !== title) document.title = title;
  }

  override render() {
    if (this.who === undefined) return nothing;
    if (this.who === null || this.who.mustChangePassword) return html`<page-signin .who=${this.who} .ended=${this.ended} .down=${this.down}></page-signin>`;
    const { path, query } = place();
    return html`<app-shell .who=${this.who} .path=${path} .query=${query} .head=${this.head} .overview=${this.overview} .status=${this.status} .liveLost=${this.liveLost}>${routePage(path, { overview: this.overview, overviewFailed: this.overviewFailed, status: this.status, statusFailed: this.statusFailed })}</app-shell>`;
  }

  static override styles = [sheet, css`:host { height: 100%; }`];
}
