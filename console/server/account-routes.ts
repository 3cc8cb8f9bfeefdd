// The completeness account as the API tells it: per source and stretch of time, as a balance with every gap's cause and owner, and as
// strips to look at.
import { balanceOf, type Gap } from '../../core/account/balance.js';
import type { AccountTotal } from '../../core/account/account.js';
import { stretchesOf } from '../../core/account/strip.js';
import type { AccountFilter, Scope } from '../../core/store/store.js';
import type { AccountItem, BalanceItem, GapItem, List, StripItem, Strips } from '../api.js';
import { sees } from './deps.js';
import { integerOf, iso, pageOf, pageOfAll, presentPage, textOf, timeOf } from './parameters.js';
import { systemNameIn } from './present.js';
import type { Asker, RouteRole, SignedCall, SignedRoute } from './route.js';
import { nameOf, sourcesOf } from './source-routes.js';

const READERS: readonly RouteRole[] = ['analyst', 'admin', 'manager'], DAY_MS = 86_400_000, MINUTE_MS = 60_000, BUCKETS = 288;

export const accountRoutes: readonly SignedRoute[] = [
  {
    method: 'GET', path: '/api/sources/account', roles: READERS,
    async handle(call) {
      const filter = filterOf(call), page = await call.deps.store.accounts.list(filter.from === undefined && filter.to === undefined ? { ...filter, from: call.deps.clock.now() - DAY_MS } : filter, pageOf(call.query));
      return { body: presentPage(page, ({ start, span, system, sender, tier, received, parsed, unparsed, stored, evaluated, losses }): AccountItem => {
        const { gaps } = balanceOf([{ received, parsed, unparsed, stored, evaluated, own: 0, losses }]);
        return { start: iso(start), minutes: span / MINUTE_MS, name: nameOf({ system, sender }), system, sender, tier, received, parsed, unparsed, stored, evaluated, gaps: gaps.map(presentGap) };
      }) };
    },
  },
  { method: 'GET', path: '/api/sources/balance', roles: READERS, handle: async (call) => ({ body: pageOfAll(await balances(call, filterOf(call)), ({ name }) => name, call.query) satisfies List<BalanceItem> }) },
  { method: 'GET', path: '/api/sources/strips', roles: READERS, handle: async (call) => ({ body: await strips(call) }) },
];

/** A listener's losses belong to no unit. */
const scopeOf = ({ user, scope }: Asker): Scope => (user.units === undefined ? scope : { ...scope, hiddenSystems: [...scope.hiddenSystems, ''] });

/** `source=WEB/192.0.2.9`; of a listener `listener/syslog-udp`. */
function filterOf({ asker, query }: SignedCall): AccountFilter {
  const source = textOf(query, 'source'), slash = source?.indexOf('/') ?? -1, system = slash < 0 ? textOf(query, 'system') : source?.slice(0, slash);
  const from = timeOf(query, 'from'), to = timeOf(query, 'to');
  return {
    scope: scopeOf(asker), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }),
    ...(system === undefined ? {} : { system: system === LISTENER ? '' : system }), ...(source === undefined ? {} : { sender: source.slice(slash + 1) }),
  };
}
const LISTENER = 'listener';

/** Of every source that the asker may see. */
export async function balances({ deps, asker }: SignedCall, part: Omit<AccountFilter, 'scope'>): Promise<readonly BalanceItem[]> {
  // What is under way counts where the question reaches to now.
  const filter = { ...part, scope: scopeOf(asker) }, now = deps.clock.now(), live = (filter.to ?? now) >= now ? await deps.sources() : [], totals = new Map<string, AccountTotal[]>(), systems = await deps.systems.byId();
  for (const one of await deps.store.accounts.totals(filter)) totals.set(nameOf(one), [...totals.get(nameOf(one)) ?? [], one]);
  const stored = new Map((await deps.store.sources.list()).map((row) => [nameOf(row), row.stored]));
  for (const { system, sender, tier } of live) if (sees(asker.scope, { system, tier }) && (filter.system ?? system) === system && (filter.sender ?? sender) === sender && !totals.has(nameOf({ system, sender }))) totals.set(nameOf({ system, sender }), []);
  const underWay = new Map(live.map((one) => [nameOf(one), Math.max(0, one.received - (stored.get(nameOf(one)) ?? 0))]));
  const items = [...totals].flatMap(([name, parts]): BalanceItem[] => {
    const pending = underWay.get(name) ?? 0, source = parts[parts.length - 1] ?? live.find((one) => nameOf(one) === name);
    if (source === undefined || (parts.length === 0 && pending === 0)) return [];
    const { system, sender } = source, known = systems.get(system), { own: _, gaps, ...figures } = balanceOf(parts, pending);
    return [{ name, system, systemName: systemNameIn(asker.user.language, system, known), sender, tier: known?.tier ?? source.tier, ...figures, gaps: gaps.map(presentGap) }];
  });
  return items.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function strips(call: SignedCall): Promise<Strips> {
  const { deps, asker, query } = call, now = deps.clock.now(), to = Math.min(timeOf(query, 'to') ?? now, now), asked = timeOf(query, 'from') ?? to - DAY_MS, buckets = integerOf(query, 'buckets', BUCKETS, 1, 1440);
  const from = Math.floor(Math.min(asked, to) / MINUTE_MS) * MINUTE_MS, stepMs = Math.max(1, Math.ceil((to - from) / MINUTE_MS / buckets)) * MINUTE_MS;
  const bySource = new Map<string, { start: number; span: number; gap: boolean; received: number }[]>();
  for (const step of await deps.store.accounts.strips({ ...filterOf(call), from, to }, stepMs)) bySource.set(nameOf(step), [...bySource.get(nameOf(step)) ?? [], step]);
  const first = new Map((await deps.store.sources.list()).map((row) => [nameOf(row), row.firstSeen])), wanted = filterOf(call);
  const sources = (await sourcesOf(deps, asker)).filter(({ system, sender }) => (wanted.system ?? system) === system && (wanted.sender ?? sender) === sender);
  const items = sources.map(({ name, silenceLimitMinutes }): StripItem => ({
    name, stretches: stretchesOf((bySource.get(name) ?? []).sort((a, b) => a.start - b.start), { from, to, firstSeen: first.get(name) ?? to, silenceMs: silenceLimitMinutes * MINUTE_MS }).map((one) => ({ state: one.state, from: iso(one.from), to: iso(one.to) })),
  }));
  return { from: iso(from), to: iso(to), stepMinutes: stepMs / MINUTE_MS, ...pageOfAll(items, ({ name }) => name, query) };
}

const presentGap = ({ from, to, parts, ...gap }: Gap): GapItem => ({ ...gap, from: from === 0 ? null : iso(from), to: to === 0 ? null : iso(to), parts: parts.map(({ name, count, missing }) => ({ name, count, missing: missing.map(([a, b]): [number, number] => [a, b]) })) });
