// Values of the site for rules with placeholders (`|expand`). A change is stored, written into the audit trail, then put in force: the
// rules that use the name are deployed anew, or are off while it has no value.
import { z } from 'zod';
import { ConflictError, NotFoundError } from '../../core/errors.js';
import { PLACEHOLDERS_SETTING, readPlaceholders, withPlaceholder } from '../../core/rule-placeholders.js';
import type { Placeholders } from '../api.js';
import { parseBody } from './body.js';
import type { Deps } from './deps.js';
import { iso } from './parameters.js';
import type { SignedRoute } from './route.js';

/** An empty list takes the site's values away: those of the configuration file hold again, or none. */
export const placeholderShape = z.strictObject({ version: z.number().int().min(0), values: z.array(z.string().min(1).max(1000)).max(2000) });

export const placeholderRoutes: readonly SignedRoute[] = [
  { method: 'GET', path: '/api/placeholders', roles: ['analyst', 'admin', 'manager'], handle: async ({ deps }) => ({ body: await present(deps) }) },
  {
    method: 'PUT', path: '/api/placeholders/:name', roles: ['admin'],
    async handle(call) {
      const { deps, asker, params, body } = call, { version, values } = parseBody(placeholderShape, body), known = deps.rules.placeholders().of.find(({ name }) => name === params['name']);
      if (known === undefined) throw new NotFoundError('no such placeholder');
      await inTurn(async () => {
        const before = readPlaceholders(await deps.store.settings.get(PLACEHOLDERS_SETTING));
        if (before.version !== version) throw new ConflictError(String(before.version));
        await deps.store.settings.put(PLACEHOLDERS_SETTING, withPlaceholder(before, { name: known.name, values: [...new Set(values)], by: asker.user.id, at: deps.clock.now() }));
      });
      await deps.audit.did(call, 'rule.placeholder', known.name, { before: known.values, after: values });
      await deps.rules.redeploy(asker.user.id);
      return { body: await present(deps) };
    },
  },
];

/** The settings know no versions: between looking and writing nobody else comes. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work);
  last = turn.catch(() => undefined);
  return turn;
}
let last: Promise<unknown> = Promise.resolve();

async function present({ rules, store }: Deps): Promise<Placeholders> {
  const { version } = readPlaceholders(await store.settings.get(PLACEHOLDERS_SETTING)), { of } = rules.placeholders(), byUid = new Map(rules.rules().map((rule) => [rule.id, rule]));
  return {
    version,
    items: of.map(({ name, values, from, rules: uids, by, at }) => ({
      name, values, from, rules: uids.map((id) => { const rule = byUid.get(id); return { id, title: rule?.title ?? id, ...(rule?.titleVi === undefined ? {} : { titleVi: rule.titleVi }) }; }),
      ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at: iso(at) }),
    })),
  };
}
