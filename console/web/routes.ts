// Which page a path names. A page that the person's roles do not open is not found: the server would say the same.
import { html, type TemplateResult } from 'lit';
import type { Overview } from '../api.js';
import { hasRole, session } from './controllers/session.js';
import './pages/page-queue.js';
import './pages/page-events.js';
import './pages/page-incident.js';
import './pages/page-not-found.js';
import './pages/page-settings.js';

export function routePage(path: string, overview: Overview | undefined): TemplateResult {
  const [, section = '', id, ...rest] = path.split('/');
  const missing = html`<page-not-found></page-not-found>`;
  if (rest.length > 0) return missing;
  const key = decode(id);
  if (key === undefined) switch (section) {
    case '': case 'queue': return html`<page-queue .overview=${overview}></page-queue>`;
    case 'events': return html`<page-events></page-events>`;
    case 'settings': return html`<page-settings></page-settings>`;
    default: return missing;
  }
  switch (section) {
    case 'incidents': return html`<page-incident .incident=${key}></page-incident>`;
    default: return missing;
  }
}

function decode(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  try { return decodeURIComponent(text); } catch { return text; }
}
void hasRole; void session;
