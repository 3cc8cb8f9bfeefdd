// Which page a path names. A page that the person's roles do not open is not found: the server would say the same.
import { html, type TemplateResult } from 'lit';
import type { Overview, Status } from '../api.js';
import type { ApiError } from './client.js';
import { hasRole, home } from './controllers/session.js';
import './pages/page-audit.js';
import './pages/page-compliance.js';
import './pages/page-events.js';
import './pages/page-incident.js';
import './pages/page-not-found.js';
import './pages/page-overview.js';
import './pages/page-queue.js';
import './pages/page-rule.js';
import './pages/page-rules.js';
import './pages/page-settings.js';
import './pages/page-source.js';
import './pages/page-sources.js';
import './pages/page-status.js';
import './pages/page-unknown.js';
import './pages/page-systems.js';
import './pages/page-users.js';

const missing = (): TemplateResult => html`<page-not-found></page-not-found>`;

/** What the root knows and pages show; why it could not be read anew. */
export interface Known { readonly overview: Overview | undefined; readonly overviewFailed: ApiError | undefined; readonly status: Status | undefined; readonly statusFailed: ApiError | undefined }

export function routePage(path: string, known: Known): TemplateResult {
  const [section = '', id, ...rest] = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  if (section === 'sources' && id !== undefined && rest.length === 1) return html`<page-source source=${`${decode(id)}/${decode(rest[0] ?? '')}`}></page-source>`;
  if (rest.length > 0) return missing();
  return id === undefined || id === '' ? list(section === '' || section === 'signin' ? home().slice(1) : section, known) : one(section, decode(id));
}

function list(section: string, { overview, overviewFailed, status, statusFailed }: Known): TemplateResult {
  switch (section) {
    case 'overview': return html`<page-overview .overview=${overview} .failed=${overviewFailed}></page-overview>`;
    case 'queue': return html`<page-queue .overview=${overview}></page-queue>`;
    case 'status': return html`<page-status .status=${status} .failed=${statusFailed}></page-status>`;
    case 'events': return html`<page-events></page-events>`;
    case 'systems': return html`<page-systems></page-systems>`;
    case 'sources': return html`<page-sources></page-sources>`;
    case 'rules': return html`<page-rules></page-rules>`;
    case 'users': return hasRole('admin') ? html`<page-users></page-users>` : missing();
    case 'audit': return hasRole('admin', 'manager') ? html`<page-audit></page-audit>` : missing();
    case 'compliance': return hasRole('admin', 'manager') ? html`<page-compliance></page-compliance>` : missing();
    case 'settings': return html`<page-settings></page-settings>`;
    default: return missing();
  }
}

function one(section: string, id: string): TemplateResult {
  switch (section) {
    case 'incidents': return html`<page-incident .incident=${id}></page-incident>`;
    case 'sources': return id === 'unknown' ? html`<page-unknown></page-unknown>` : missing();
    case 'rules': return html`<page-rule .rule=${id}></page-rule>`;
    default: return missing();
  }
}

function decode(text: string): string {
  try { return decodeURIComponent(text); } catch { return text; }
}
