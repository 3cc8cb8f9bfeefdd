// What no format knows, and descriptions of sources: the commonest templates among unrecognised events, so that an administrator sees what to
// describe next, and a description tried on sample lines before it is kept in data/formats. Trying keeps nothing.
import { z } from 'zod';
import type { EventTemplates, FormatTrial } from '../api.js';
import { parseQuery } from '../../core/predicate/text.js';
import { createParseContext, parseLine } from '../../core/message/parse-line.js';
import { compileDescription } from '../../core/normalize/described/compile.js';
import { runTests } from '../../core/normalize/described/tests.js';
import { TemplateMiner } from '../../core/normalize/templates.js';
import { isError, ProblemError } from '../../core/problem.js';
import { parseBody } from './body.js';
import { integerOf, textOf, timeOf } from './parameters.js';
import type { SignedRoute } from './route.js';

const LINES_MAX = 200, PAGE = 500;
export const trialShape = z.strictObject({ text: z.string().max(65_536), lines: z.array(z.string().max(16_384)).max(LINES_MAX) });

export const formatRoutes: readonly SignedRoute[] = [
  {
    method: 'GET', path: '/api/events/templates', roles: ['log_reader'],
    async handle(call) {
      const { deps, asker, query } = call, most = integerOf(query, 'limit', 20, 1, 100), eventsMax = integerOf(query, 'events', 2000, 1, 10_000);
      const said = textOf(query, 'query') ?? '', { predicate, problems } = parseQuery(said === '' ? 'tags:unparsed' : `tags:unparsed AND (${said})`);
      if (problems.some(isError)) throw new ProblemError(problems.filter(isError));
      const search = { predicate, from: timeOf(query, 'from'), to: timeOf(query, 'to'), scope: asker.scope }, miner = new TemplateMiner();
      let read = 0, total = 0;
      for (let cursor: string | undefined; read < eventsMax;) {
        const page = await deps.store.events.search(search, { limit: Math.min(PAGE, eventsMax - read), cursor });
        for (const event of page.items) miner.add(String(event['message'] ?? ''));
        read += page.items.length;
        total = page.total;
        if (page.next === null || page.items.length === 0) break;
        cursor = page.next;
      }
      await deps.audit.read(call, 'event.search', 'events', { templates: true, ...(said === '' ? {} : { query: said.slice(0, 300) }) });
      const body: EventTemplates = { read, total, items: miner.top(most) };
      return { body };
    },
  },
  {
    method: 'POST', path: '/api/formats/try', roles: ['admin'],
    async handle(call) {
      const { text, lines } = parseBody(trialShape, call.body), { described, problems } = compileDescription('description', text);
      const received = call.deps.clock.now(), context = createParseContext(described === undefined ? [] : [described.format]);
      const rows = lines.map((raw) => { const { format, why, event } = parseLine({ raw, received, context }); return { format, why, event }; });
      const body: FormatTrial = { problems: [...problems, ...(described === undefined ? [] : runTests(described, received))].map(({ code, message, line, column }) => ({ code, message, line, column })), rows };
      return { body };
    },
  },
];
