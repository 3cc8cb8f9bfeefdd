// How a source's lines are read: the encoding and the time zone of one sender. Tried on its latest lines, which keeps nothing; kept with its
// system, from where collectors take it within seconds. Lines that came before stay as they were read.
import { z } from 'zod';
import { InvalidError, NotFoundError } from '../../core/errors.js';
import { READ_AS, trySample } from '../../core/message/reading.js';
import { createParseContext } from '../../core/message/parse-line.js';
import { ENCODINGS } from '../../core/message/encoding.js';
import { readKeptFormats, FORMATS_SETTING } from '../../core/kept-formats.js';
import { compileDescription } from '../../core/normalize/described/compile.js';
import { and, not, or, type Predicate } from '../../core/predicate/predicate.js';
import type { SenderReading, System } from '../../core/tier.js';
import type { ReadingTrial, SourceItem, SourceReading } from '../api.js';
import { parseBody } from './body.js';
import type { Deps } from './deps.js';
import { textOf } from './parameters.js';
import type { SignedCall, SignedRoute } from './route.js';
import { sourcesOf } from './source-routes.js';
import { zone } from './system-routes.js';

const LINES = 8, SENDERS_MAX = 1000;
const source = z.string().max(600);
export const readingTrialShape = z.strictObject({ source, encoding: z.enum(ENCODINGS), timezone: zone });
/** Null: as its system says. */
export const readingShape = z.strictObject({ source, version: z.number().int().min(1), encoding: z.enum(ENCODINGS).nullable(), timezone: zone.nullable() });

export const readingRoutes: readonly SignedRoute[] = [
  {
    method: 'GET', path: '/api/sources/reading', roles: ['analyst', 'admin', 'manager'],
    async handle(call) { const item = await find(call, textOf(call.query, 'source') ?? ''); return { body: present(item, await systemOf(call.deps, item)) }; },
  },
  {
    method: 'POST', path: '/api/sources/reading/try', roles: ['log_reader'],
    async handle(call) {
      const { encoding, timezone, source: name } = parseBody(readingTrialShape, call.body), { deps, asker: { scope } } = call, item = await find(call, name);
      const { items } = await deps.store.events.search({ predicate: sentBy(item), scope }, { limit: LINES });
      const kept = readKeptFormats(await deps.store.settings.get(FORMATS_SETTING)).of.flatMap(({ name: of, text }) => compileDescription(of, text).described?.format ?? []), context = createParseContext(kept);
      // In the order they came: a line may look back.
      const rows = [...items].reverse().map((event) => trySample(event, { encoding, timezone, source: item.sender, context })).reverse();
      await deps.audit.read(call, 'event.search', 'events', { reading: name.slice(0, 300) });
      const body: ReadingTrial = { rows };
      return { body };
    },
  },
  {
    method: 'PUT', path: '/api/sources/reading', roles: ['admin'],
    async handle(call) {
      const { deps } = call, { source: name, version, encoding, timezone } = parseBody(readingShape, call.body), item = await find(call, name), known = await systemOf(deps, item);
      if (known === undefined) throw new InvalidError('expected a sender that a system lists; list its address under a system first', 'source', 'reading.unassigned');
      const others = (known.senders ?? []).filter(({ sender }) => sender.toLowerCase() !== item.sender.toLowerCase());
      const own: SenderReading = { sender: item.sender, ...(timezone === null ? {} : { timezone }), ...(encoding === null ? {} : { encoding }) };
      const senders = encoding === null && timezone === null ? others : [...others, own].sort((a, b) => (a.sender < b.sender ? -1 : 1));
      if (senders.length > SENDERS_MAX) throw new InvalidError(`expected at most ${SENDERS_MAX} senders of a system with a reading of their own; set it for the system`, 'source', 'reading.many', { max: SENDERS_MAX });
      const { senders: _, ...rest } = known, kept = await deps.store.systems.put({ ...rest, ...(senders.length === 0 ? {} : { senders }) }, version);
      deps.systems.changed();
      await deps.audit.did(call, 'system.reading', item.name, { encoding, timezone, before: present(item, known).own });
      return { body: present(item, kept) };
    },
  },
];

/** A source that the asker may see. */
async function find({ deps, asker }: SignedCall, name: string): Promise<SourceItem> {
  const item = (await sourcesOf(deps, asker)).find((one) => one.name === name);
  if (item === undefined) throw new NotFoundError('no such source');
  return item;
}

const systemOf = async ({ store }: Deps, { system }: SourceItem): Promise<System | undefined> => store.systems.get(system);

function present({ name, system, systemName, sender, tier }: SourceItem, known: System | undefined): SourceReading {
  const own = known?.senders?.find((one) => one.sender.toLowerCase() === sender.toLowerCase());
  return {
    source: name, system, systemName, sender, tier, version: known?.version ?? null,
    own: { encoding: own?.encoding ?? null, timezone: own?.timezone ?? null }, otherwise: { encoding: known?.encoding ?? READ_AS.encoding, timezone: known?.timezone ?? READ_AS.timezone },
  };
}

/** Behind a relay the event names its sender; else its address is the sender. */
function sentBy({ system, sender }: SourceItem): Predicate {
  const is = (field: string, text: string): Predicate => ({ kind: 'string', path: [field], pattern: [{ kind: 'text', text }], cased: false });
  return and([is('haidang.system', system), or([is('haidang.sender', sender), and([is('log.source.address', sender), not({ kind: 'exists', path: ['haidang.sender'] })])])]);
}
