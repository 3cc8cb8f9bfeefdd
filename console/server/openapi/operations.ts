// What each route takes and answers, for the API's description. Methods, paths and roles come from the table of routes; a route without
// an entry here, or an entry without a route, fails a test.
import type { z } from 'zod';
import { keptShape, trialShape } from '../format-routes.js';
import { changeShape as incidentChange } from '../incident-routes.js';
import { placeholderShape } from '../placeholder-routes.js';
import { readingShape, readingTrialShape } from '../reading-routes.js';
import { releaseShape } from '../retention-routes.js';
import { shape as ruleChange } from '../rule-routes.js';
import { credentials, languageChoice, passwords } from '../session-routes.js';
import { shape as systemShape } from '../system-routes.js';
import { changeShape as userChange, newShape as newUser } from '../user-routes.js';
import type { ShapeName } from './shapes.js';

type Json = Readonly<Record<string, unknown>>;
export interface Parameter { readonly name: string; readonly schema: Json; readonly description?: string; readonly required?: true }
export interface Operation {
  readonly summary: string;
  readonly query?: readonly Parameter[];
  readonly body?: z.ZodType;
  /** Status and what comes with it: a shape, a content type with bytes or text, or nothing. */
  readonly answer: { readonly status: 200 | 201 | 204; readonly shape?: ShapeName; readonly types?: readonly string[] };
  /** Refusals beside those that every route of its kind has. */
  readonly refusals?: readonly number[];
}

const text = (name: string, description?: string): Parameter => ({ name, schema: { type: 'string' }, ...(description === undefined ? {} : { description }) });
const number = (name: string, minimum: number, maximum: number, otherwise: number): Parameter => ({ name, schema: { type: 'integer', minimum, maximum, default: otherwise } });
const oneOf = (name: string, values: readonly string[]): Parameter => ({ name, schema: { type: 'string', enum: values } });
const someOf = (name: string, values: readonly string[]): Parameter => ({ name, schema: { type: 'string', pattern: `^(${values.join('|')})(,(${values.join('|')}))*$` }, description: `One or more of ${values.join(', ')}, joined by commas` });
const PAGE = [number('limit', 1, 500, 50), text('cursor', '`next` of the page before')], SPAN = [text('from', 'ISO time'), text('to', 'ISO time, left out')], MONTH = [text('month', '`2026-12`; without it, the month that runs'), text('cutoff', '`2026-12-14`: ends the month after that day')];
const QUERY = text('query', 'The search bar\'s language: words, field:value, AND, OR, NOT, brackets, *, >='), BUCKETS = number('buckets', 1, 500, 60);
const SOURCE = text('source', '`<system>/<sender>`, or `listener/<name>`'), SYSTEM = text('system', 'Id of a system');
const SEVERITY = ['informational', 'low', 'medium', 'high', 'critical'], STATUS = ['new', 'assigned', 'resolved', 'closed'];

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /api/session': { summary: 'Sign in: the answer sets the session\'s cookie', body: credentials, answer: { status: 200, shape: 'Session' }, refusals: [401, 429] },
  'GET /api/session': { summary: 'Who is signed in', answer: { status: 200, shape: 'Session' } },
  'DELETE /api/session': { summary: 'Sign out', answer: { status: 204 } },
  'PATCH /api/session': { summary: 'One\'s own language', body: languageChoice, answer: { status: 200, shape: 'Session' }, refusals: [409] },
  'POST /api/session/password': { summary: 'One\'s own password; ends every other session', body: passwords, answer: { status: 200, shape: 'Session' }, refusals: [409, 429] },
  'GET /api/status': { summary: 'Whether the store answers, how far evaluation is behind, how long spools last; answered while the store is away', answer: { status: 200, shape: 'Status' } },
  'POST /api/retention/release': { summary: 'Say that the clock is right: what is due by it may go, once', body: releaseShape, answer: { status: 204 } },
  'GET /api/overview': { summary: 'Open work per level, silent sources, the last 24 hours', answer: { status: 200, shape: 'Overview' } },
  'GET /api/incidents': {
    summary: 'Incidents, filtered, sorted, paged', answer: { status: 200, shape: 'IncidentList' },
    query: [someOf('tier', ['1', '2', '3', '4', '5']), someOf('status', STATUS), someOf('severity', SEVERITY), text('system', 'Ids, joined by commas'), text('assignee', 'A user name, `none` or `me`'), text('rule', 'Id of a rule'), ...SPAN, text('q', 'Words; case and marks ignored'), oneOf('sort', ['urgency', 'newest', 'oldest', 'severity', 'updated']), ...PAGE],
  },
  'GET /api/incidents/histogram': { summary: 'Alerts over time, and when rules changed', query: [...SPAN, BUCKETS], answer: { status: 200, shape: 'AlertHistogram' } },
  'GET /api/incidents/:id': { summary: 'One incident with its timeline and newest alerts', answer: { status: 200, shape: 'IncidentFull' } },
  'GET /api/incidents/:id/alerts': { summary: 'Its alerts, newest first, each with its proof', query: PAGE, answer: { status: 200, shape: 'AlertList' } },
  'POST /api/incidents/:id/changes': { summary: 'Assign, note, resolve, close, reopen, from the version seen; 409 holds the present version in `detail`', body: incidentChange, answer: { status: 200, shape: 'IncidentFull' }, refusals: [409] },
  'GET /api/assignees': { summary: 'Who may be given incidents of the asker\'s levels', answer: { status: 200, shape: 'Assignees' } },
  'GET /api/events': { summary: 'Events, newest first', query: [QUERY, ...SPAN, ...PAGE], answer: { status: 200, shape: 'EventList' } },
  'GET /api/events/histogram': { summary: 'Events over time', query: [QUERY, ...SPAN, BUCKETS], answer: { status: 200, shape: 'EventHistogram' } },
  'GET /api/events/facets': { summary: 'Frequent values of a field', query: [QUERY, ...SPAN, { ...text('field'), required: true }, number('limit', 1, 500, 10)], answer: { status: 200, shape: 'Facets' } },
  'GET /api/events/templates': { summary: 'The commonest templates of events that no format knows', query: [QUERY, ...SPAN, number('limit', 1, 100, 20), number('events', 1, 10_000, 2000)], answer: { status: 200, shape: 'EventTemplates' } },
  'POST /api/formats/try': { summary: 'Try the description of a source on sample lines; nothing is kept', body: trialShape, answer: { status: 200, shape: 'FormatTrial' } },
  'GET /api/formats': { summary: 'Descriptions of sources kept in the console', answer: { status: 200, shape: 'FormatList' } },
  'PUT /api/formats/:name': { summary: 'Keep the description of a source with its tests, or take it away with an empty text; in force within seconds', body: keptShape, answer: { status: 200, shape: 'FormatList' }, refusals: [409] },
  'GET /api/events/:id': { summary: 'One event', answer: { status: 200, shape: 'Event' } },
  'GET /api/fields': { summary: 'Fields with their types and names', answer: { status: 200, shape: 'Fields' } },
  'GET /api/sources': { summary: 'What each sender sent, and who is silent', query: PAGE, answer: { status: 200, shape: 'SourceList' } },
  'GET /api/sources/account': { summary: 'The completeness account by source and minute; what is older by hour, then by day', query: [SOURCE, SYSTEM, ...SPAN, ...PAGE], answer: { status: 200, shape: 'AccountList' } },
  'GET /api/sources/balance': { summary: 'Each source\'s balance over a time, every gap with cause and owner', query: [SOURCE, SYSTEM, ...SPAN, ...PAGE], answer: { status: 200, shape: 'BalanceList' } },
  'GET /api/sources/strips': { summary: 'When each source was complete, had a gap, or was silent', query: [SOURCE, SYSTEM, ...SPAN, number('buckets', 1, 1440, 288), ...PAGE], answer: { status: 200, shape: 'Strips' } },
  'GET /api/sources/reading': { summary: 'With which encoding and time zone a source is read', query: [{ ...SOURCE, required: true }], answer: { status: 200, shape: 'SourceReading' }, refusals: [404] },
  'POST /api/sources/reading/try': { summary: 'Its latest lines, read with another encoding and time zone; nothing is kept', body: readingTrialShape, answer: { status: 200, shape: 'ReadingTrial' }, refusals: [404] },
  'PUT /api/sources/reading': { summary: 'Set them for one source, from the version of its system that was seen; null: as the system says; in force within seconds for lines that then come', body: readingShape, answer: { status: 200, shape: 'SourceReading' }, refusals: [404, 409] },
  'GET /api/systems': { summary: 'Systems by level', query: PAGE, answer: { status: 200, shape: 'SystemList' } },
  'PUT /api/systems/:id': { summary: 'Add (version 0) or change a system', body: systemShape, answer: { status: 200, shape: 'System' }, refusals: [409] },
  'GET /api/rules': { summary: 'Rules with their state and hits', query: [text('state', 'States, joined by commas'), text('q', 'Words'), ...PAGE], answer: { status: 200, shape: 'RuleList' } },
  'GET /api/rules/problems': { summary: 'Rule files that did not load', answer: { status: 200, shape: 'RuleProblems' } },
  'GET /api/rules/:id': { summary: 'One rule with its text, problems and exceptions', answer: { status: 200, shape: 'RuleFull' } },
  'PATCH /api/rules/:id': { summary: 'Turn on or off, threshold, exceptions; in force at once', body: ruleChange, answer: { status: 200, shape: 'RuleFull' }, refusals: [409] },
  'GET /api/placeholders': { summary: 'Values for rules with placeholders, and who uses them', answer: { status: 200, shape: 'Placeholders' } },
  'PUT /api/placeholders/:name': { summary: 'The site\'s values for a placeholder; an empty list takes them away; in force at once', body: placeholderShape, answer: { status: 200, shape: 'Placeholders' }, refusals: [409] },
  'GET /api/users': { summary: 'Users', query: PAGE, answer: { status: 200, shape: 'UserList' } },
  'POST /api/users': { summary: 'Add a user', body: newUser, answer: { status: 201, shape: 'User' }, refusals: [409] },
  'PATCH /api/users/:name': { summary: 'Change, lock or give a new password', body: userChange, answer: { status: 200, shape: 'User' }, refusals: [409] },
  'DELETE /api/users/:name': { summary: 'Remove a user', answer: { status: 204 }, refusals: [400] },
  'GET /api/audit': { summary: 'Who did what', query: [text('by'), text('action'), text('object'), ...SPAN, ...PAGE], answer: { status: 200, shape: 'AuditList' } },
  'GET /api/compliance': { summary: 'A month\'s compliance', query: MONTH, answer: { status: 200, shape: 'Compliance' } },
  'GET /api/compliance/report': { summary: 'The same as a file', query: [...MONTH, oneOf('format', ['pdf', 'csv']), oneOf('language', ['vi', 'en'])], answer: { status: 200, types: ['application/pdf', 'text/csv'] } },
  'GET /api/openapi.json': { summary: 'This description', answer: { status: 200, types: ['application/json'] } },
  'GET /api/live': { summary: 'Server-sent events: `incidents` {ids, opened, at}, `sources` {at}, `rules` {at}; a comment every 20 s', answer: { status: 200, types: ['text/event-stream'] }, refusals: [429] },
  'GET /healthz': { summary: 'Ready to answer', answer: { status: 200, shape: 'Health' } },
  'GET /metrics': { summary: 'Figures for Prometheus; from this machine, or for an administrator', answer: { status: 200, types: ['text/plain'] }, refusals: [401] },
};
