// What no format knows, and descriptions of sources: the commonest templates among unrecognised events, so that an administrator sees what to
// describe next; a description tried on sample lines, which keeps nothing, and kept: then it reads lines within seconds.
import { z } from 'zod';
import { ConflictError } from '../../core/errors.js';
import { FORMATS_KEPT_MAX, FORMATS_SETTING, readKeptFormats, withKeptFormat } from '../../core/kept-formats.js';
import type { EventTemplates, FormatList, FormatTrial } from '../api.js';
import type { Deps } from './deps.js';
import { parseQuery } from '../../core/predicate/text.js';
import { createParseContext, parseLine } from '../../core/message/parse-line.js';
import { compileDescription } from '../../core/normalize/described/compile.js';
import { runTests } from '../../core/normalize/described/tests.js';
import { TemplateMiner } from '../../core/normalize/templates.js';
import { isError, ProblemError } from '../../core/problem.js';
import { parseBody } from './body.js';
import { integerOf, iso, textOf, timeOf } from './parameters.js';
import type { SignedRoute } from './route.js';
import { sayProblem } from './words/problem-words.js';

const LINES_MAX = 200, PAGE = 500;
export const trialShape = z.strictObject({ text: z.string().max(65_536), lines: z.array(z.string().max(16_384)).max(LINES_MAX) });

export const keptShape = z.strictObject({ version: z.number().int().min(0), text: z.string().max(65_536) });

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
      const body: FormatTrial = { problems: [...problems, ...(described === undefined ? [] : runTests(described, received))].map(({ code, message, params, line, column }) => ({ code, message: sayProblem({ code, message, ...(params === undefined ? {} : { params }) }, call.language), line, column })), rows };
      return { body };
    },
  },
  { method: 'GET', path: '/api/formats', roles: ['admin'], handle: async ({ deps }) => ({ body: await present(deps) }) },
  {
    method: 'PUT', path: '/api/formats/:name', roles: ['admin'],
    async handle(call) {
      const { deps, asker, params, body } = call, { version, text } = parseBody(keptShape, body), name = params['name'] ?? '';
      if (text !== '') {
        const { described, problems } = compileDescription(name, text), wrong = [...problems, ...(described === undefined ? [] : runTests(described, deps.clock.now()))];
        if (described === undefined || wrong.length > 0) throw new ProblemError(wrong);
        if (described.description.name !== name) throw new ProblemError([{ code: 'format.name', message: `expected format: ${name}, got ${described.description.name}`, severity: 'error', line: 1, column: 1 }]);
      }
      await inTurn(async () => {
        const before = readKeptFormats(await deps.store.settings.get(FORMATS_SETTING));
        if (before.version !== version) throw new ConflictError(String(before.version));
        if (text !== '' && before.of.length >= FORMATS_KEPT_MAX && !before.of.some((one) => one.name === name)) throw new ProblemError([{ code: 'format.many', message: `expected at most ${FORMATS_KEPT_MAX} descriptions`, severity: 'error' }]);
        await deps.store.settings.put(FORMATS_SETTING, withKeptFormat(before, { name, text, by: asker.user.id, at: deps.clock.now() }));
      });
      await deps.audit.did(call, 'system.format', name, { removed: text === '', text: text.slice(0, 2000) });
      return { body: await present(deps) };
    },
  },
];

async function present({ store }: Deps): Promise<FormatList> {
  const { version, of } = readKeptFormats(await store.settings.get(FORMATS_SETTING));
  return { version, items: of.map(({ name, text, by, at }) => ({ name, text, by, at: iso(at) })) };
}

/** The settings know no versions: between looking and writing nobody else comes. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work);
  last = turn.catch(() => undefined);
  return turn;
}
let last: Promise<unknown> = Promise.resolve();
