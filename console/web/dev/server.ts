// A small server for working on the application without the product: it serves dist/web under the console's security policy and
// answers the API from `data.ts`. Its tests drive it as a person would.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createReadStream, existsSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { passwordChars, PASSWORD_CHARS_MIN } from '../../../core/password-rule.js';
import type { ChangeRequest, IncidentFull, LiveIncidents, Overview, SeverityName, TimelineEntry } from '../../api.js';
import { balances, strips } from './account.js';
import { another, makeData, type Data } from './data.js';
import { keepReading, readingOf, tryReading } from './reading.js';

const POLICY = "default-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'";
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const OPEN = ['new', 'assigned'];
export const PASSWORD = 'mat-khau-mau-1';

export interface DevServer { readonly url: string; readonly data: Data; openIncident(title: string): IncidentFull; touch(id: string, by: string): void; keptElsewhere(source: string): void; tellRules(): void; requests: string[]; close(): Promise<void> }

export async function startDevServer({ web, port = 0, hostile = false }: { readonly web: string; readonly port?: number; readonly hostile?: boolean }): Promise<DevServer> {
  const data = makeData({ hostile }), streams = new Set<ServerResponse>(), requests: string[] = [];
  const session = { ...data.session };
  const tell = (message: LiveIncidents): void => { for (const stream of streams) stream.write(`event: incidents\ndata: ${JSON.stringify(message)}\n\n`); };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    response.setHeader('content-security-policy', POLICY);
    requests.push(`${request.method} ${url.pathname}${url.search}`);
    if (!url.pathname.startsWith('/api/')) { serveFile(web, url.pathname, response); return; }
    void answer(request, url, response).catch((error: unknown) => problem(response, 500, String(error)));
  });

  async function answer(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    const path = url.pathname.slice(5).split('/').map(decodeURIComponent), { method = 'GET' } = request, query = url.searchParams, body = method === 'GET' || method === 'DELETE' ? {} : await readBody(request);
    const json = (value: unknown): void => { response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value)); };
    const list = (items: readonly unknown[]): void => { const from = Number(query.get('cursor') ?? 0), limit = Number(query.get('limit') ?? 50), to = from + limit; json({ items: items.slice(from, to), next: to < items.length ? String(to) : null, total: items.length }); };
    const lost = (): void => problem(response, 404, 'Không có nội dung này');
    const readingAnswer = (tried: boolean): void => {
      const reading = readingOf(data, String(query.get('source') ?? body.source));
      if (reading === undefined) return lost();
      if (tried) return json(tryReading(data, reading, body));
      if (method === 'PUT' && body.version !== reading.version) return problem(response, 409, 'Người khác vừa đổi');
      return json(method === 'PUT' ? keepReading(data, reading, body) : reading);
    };
    const signedIn = (request.headers.cookie ?? '').includes('dev=1');
    if (path[0] === 'session') {
      if (method === 'POST' && path[1] === 'password') { if (passwordChars(String(body.next)) < PASSWORD_CHARS_MIN) return problem(response, 400, 'Mật khẩu quá ngắn'); return json(session); }
      if (method === 'POST') { if (body.password !== PASSWORD) return problem(response, 401, 'Tên đăng nhập hoặc mật khẩu không đúng'); response.setHeader('set-cookie', 'dev=1; HttpOnly; Path=/'); return json(session); }
      if (method === 'DELETE') { response.setHeader('set-cookie', 'dev=; Max-Age=0; Path=/'); response.writeHead(204).end(); return; }
      if (!signedIn) return problem(response, 401, 'Chưa đăng nhập');
      if (method === 'PATCH') Object.assign(session, { language: body.language });
      return json(session);
    }
    if (!signedIn) return problem(response, 401, 'Chưa đăng nhập');
    switch (path[0]) {
      case 'status': return json(data.status);
      case 'overview': return json(overview(data));
      case 'live': response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).write(': hello\n\n'); streams.add(response); request.on('close', () => streams.delete(response)); return;
      case 'incidents': {
        if (path[1] === undefined) return list(filtered(data, query));
        if (path[1] === 'histogram') return json({ intervalMs: 900_000, buckets: Array.from({ length: 96 }, (_, n) => ({ start: new Date(Date.now() - (96 - n) * 900_000).toISOString(), counts: { low: 6 + n * 7 % 9, medium: n % 5, high: n % 7 === 0 ? 3 : 1, critical: n % 19 === 0 ? 2 : 0 } })), deployments: [{ at: new Date(Date.now() - 6 * 3_600_000).toISOString(), n: 14, by: 'ca-a' }] });
        const found = data.incidents.find(({ id }) => id === path[1]);
        if (!found) return lost();
        if (path[2] === 'alerts') return list(found.alerts);
        if (path[2] === 'changes') {
          if (body.version !== found.version) return problem(response, 409, 'Người khác vừa đổi', String(found.version));
          const next = changed(found, body.change as ChangeRequest, session.username);
          data.incidents = data.incidents.map((one) => (one.id === next.id ? next : one));
          tell({ ids: [next.id], opened: [], at: new Date().toISOString() });
          return json(next);
        }
        return json(found);
      }
      case 'assignees': return json({ items: data.users.map(({ username, name }) => ({ username, name })) });
      case 'systems': if (method === 'PUT') return json({ ...data.systems.find(({ id }) => id === path[1]), ...body }); return list(data.systems);
      case 'sources': if (path[1] === 'reading') return readingAnswer(path[2] === 'try'); return path[1] === 'strips' ? json(strips(data, query.get('source'))) : path[1] === 'balance' ? list(balances(data, query)) : list(data.sources);
      case 'fields': return json({ items: ['source.ip', 'user.name', 'host.name', 'event.outcome', 'haidang.system', 'http.response.status_code', 'process.name'].map((name) => ({ name, type: 'keyword', vi: `Trường ${name}`, en: `Field ${name}` })) });
      case 'rules': {
        if (path[1] === 'problems') return json({ items: data.problems });
        if (path[1] === undefined) return list(data.rules);
        const found = data.rules.find(({ id }) => id === path[1]);
        if (!found) return lost();
        if (method === 'PATCH') Object.assign(found, 'enabled' in body ? { enabled: body.enabled, state: body.enabled === true ? 'alive' : 'disabled' } : {}, { version: found.version + 1 });
        return json(found);
      }
      case 'placeholders': {
        const { version, items } = data.placeholders;
        if (method === 'PUT' && body.version !== version) return problem(response, 409, 'Người khác vừa đổi', String(version));
        if (method === 'PUT') data.placeholders = { version: version + 1, items: items.map((item) => (item.name === path[1] ? { ...item, values: body.values as string[], from: 'site' } : item)) };
        return json(data.placeholders);
      }
      case 'users': {
        if (method === 'POST') { const user = { ...body, version: 1, disabled: false, lastLogin: null, mustChangePassword: true } as never; data.users.push(user); return json(user); }
        if (method === 'PATCH') { const user = data.users.find(({ username }) => username === path[1]); if (!user) return lost(); Object.assign(user, body, { version: user.version + 1 }); return json(user); }
        return list(data.users);
      }
      case 'audit': return list(data.audit);
      case 'compliance': {
        if (path[1] !== 'report') return json({ ...data.compliance, month: query.get('month') ?? data.compliance.month });
        response.writeHead(200, { 'content-type': query.get('format') === 'pdf' ? 'application/pdf' : 'text/csv', 'content-disposition': `attachment; filename="bao-cao.${query.get('format') ?? ''}"` }).end(query.get('format') === 'pdf' ? '%PDF-1.7' : '\uFEFFa;b'); return;
      }
      case 'events': {
        const text = query.get('query') ?? '', at = text.indexOf('/33');
        if (at >= 0) { response.writeHead(400, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ type: 'about:blank', title: 'Truy vấn có lỗi', status: 400, problems: [{ code: 'query.network', message: 'expected a prefix of 0 to 32, got 33', column: at + 2 }] })); return; }
        if (path[1] === 'histogram') { const to = Date.parse(query.get('to') ?? new Date().toISOString()), from = query.get('from') === null ? to - 86_400_000 : Date.parse(query.get('from') as string), step = Math.max(1, (to - from) / 60); return json({ intervalMs: step, from: new Date(from).toISOString(), to: new Date(to).toISOString(), buckets: Array.from({ length: 60 }, (_, n) => ({ start: new Date(from + n * step).toISOString(), count: 30 + n * 13 % 37 })) }); }
        if (path[1] === 'facets') { const field = query.get('field') ?? ''; const counts = new Map<string, number>(); for (const event of data.events) { const value = event[field]; if (value !== undefined) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1); } return json({ field, items: [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count).slice(0, 6) }); }
        if (path[1] === 'templates') return json({ read: data.events.length, total: data.events.length, items: data.events.slice(0, 8).map((event, at) => ({ text: String(event['message'] ?? '').slice(0, 200), count: 40 - at, example: String(event['event.original'] ?? event['message'] ?? '').slice(0, 500) })) });
        return list(text.includes('khong-co') ? [] : data.events);
      }
      case 'formats': return path[1] === 'try' ? json({ problems: [{ code: 'format.test', message: 'Phép thử: user.name lẽ ra là “an”, đang là “binh”', line: 9, column: 5 }], rows: [{ format: 'acme.gate', why: '', event: data.events[0] ?? {} }, { format: null, why: '', event: {} }] }) : json({ version: 1, items: [{ name: 'acme.gate', text: 'format: acme.gate\n', by: 'u1', at: new Date().toISOString() }] });
      default: return lost();
    }
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`, data, requests,
    openIncident(title) { const incident = another(data, title); data.incidents = [incident, ...data.incidents]; tell({ ids: [incident.id], opened: [incident.id], at: incident.created }); return incident; },
    touch(id, by) { data.incidents = data.incidents.map((one) => (one.id === id ? changed(one, { kind: 'noted', text: 'Đã gọi đơn vị vận hành' }, by) : one)); },
    keptElsewhere(source) { const reading = readingOf(data, source); if (reading) keepReading(data, reading, { encoding: 'big5', timezone: null }); },
    tellRules() { for (const stream of streams) stream.write('event: rules\ndata: {}\n\n'); },
    async close() { for (const stream of streams) stream.end(); server.closeAllConnections(); await new Promise((resolve) => server.close(resolve)); },
  };
}

function changed(incident: IncidentFull, change: ChangeRequest, by: string): IncidentFull {
  const at = new Date().toISOString(), entry = { ...change, id: `t${incident.timeline.length + 1}-${at}`, at, by } as TimelineEntry, next = { ...incident, version: incident.version + 1, timeline: [...incident.timeline, entry] };
  switch (change.kind) {
    case 'assigned': return { ...next, assignee: change.assignee, status: change.assignee === null ? 'new' : 'assigned' };
    case 'noted': return next;
    case 'resolved': return { ...next, status: 'resolved', resolvedAt: at, due: null };
    case 'closed': return { ...next, status: 'closed', verdict: change.verdict, closedAt: at, due: null };
    case 'reopened': return { ...next, status: incident.assignee === null ? 'new' : 'assigned', verdict: null };
  }
}

function filtered({ incidents }: Data, query: URLSearchParams): IncidentFull[] {
  const among = (name: string, value: string): boolean => { const wanted = query.get(name); return wanted === null || wanted.split(',').includes(value); };
  const assignee = query.get('assignee'), text = query.get('q')?.toLowerCase();
  const order: readonly SeverityName[] = ['critical', 'high', 'medium', 'low', 'informational'];
  return incidents.filter((one) => among('status', one.status) && among('severity', one.severity) && among('tier', String(one.tier)) && among('system', one.system) && (assignee === null || (assignee === 'none' ? one.assignee === null : one.assignee === (assignee === 'me' ? 'ca-a' : assignee))) && (text === undefined || `${one.title} ${one.titleVi}`.toLowerCase().includes(text)))
    .sort((a, b) => (query.get('sort') === 'newest' ? b.created.localeCompare(a.created) : query.get('sort') === 'severity' ? order.indexOf(a.severity) - order.indexOf(b.severity) : (a.due?.at ?? 'z').localeCompare(b.due?.at ?? 'z')));
}

function overview({ incidents, sources, systems }: Data): Overview {
  const open = incidents.filter(({ status }) => OPEN.includes(status)), now = Date.now();
  return {
    now: new Date(now).toISOString(),
    tiers: [5, 4, 3, 2, 1].map((tier) => {
      const own = open.filter((one) => one.tier === tier), of = (severity: SeverityName): number => own.filter((one) => one.severity === severity).length;
      return { tier, systems: systems.filter((one) => one.tier === tier).length, open: own.length, bySeverity: { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low'), informational: 0 }, unassigned: own.filter(({ assignee }) => assignee === null).length, overdue: own.filter(({ due }) => due !== null && Date.parse(due.at) < now).length, nextDue: own.flatMap(({ due }) => (due && Date.parse(due.at) >= now ? [due.at] : [])).sort()[0] ?? null, silent: sources.filter((one) => one.tier === tier && one.silent).length };
    }),
    unassigned: open.filter(({ assignee }) => assignee === null).slice(0, 5), silentSources: sources.filter(({ silent }) => silent), received24h: 14_208_545, evaluated24h: 14_208_545, lost24h: 214, missing24h: 0,
    perHour: Array.from({ length: 24 }, (_, n) => ({ start: new Date(now - (24 - n) * 3_600_000).toISOString(), count: n === 17 ? 0 : 400_000 + n * 131_071 % 300_000 })), ruleSet: { n: 14, rules: 214, broken: 1, inForceStreams: 2, streams: 2 },
  };
}

function problem(response: ServerResponse, status: number, title: string, detail?: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ type: 'about:blank', title, status, detail }));
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 0 ? {} : JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
}

function serveFile(web: string, path: string, response: ServerResponse): void {
  const file = join(web, normalize(path)), found = path !== '/' && file.startsWith(web) && existsSync(file) && extname(file) !== '';
  if (!found && extname(path) !== '' && !path.startsWith('/sources/')) { response.writeHead(404).end(); return; }
  response.writeHead(200, { 'content-type': TYPES[extname(found ? file : 'x.html')] ?? 'application/octet-stream' });
  createReadStream(found ? file : join(web, 'index.html')).pipe(response);
}
