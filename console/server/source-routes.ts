// Log sources: what each sender sent, and who has gone silent.
import type { AccountTotal } from '../../core/account/account.js';
import { balanceOf } from '../../core/account/balance.js';
import type { SourceItem } from '../api.js';
import { pageOfAll, isoOrNull } from './parameters.js';
import { sees, type Deps } from './deps.js';
import { systemNameIn } from './present.js';
import type { Asker, SignedRoute } from './route.js';

export const sourceRoutes: readonly SignedRoute[] = [
  { method: 'GET', path: '/api/sources', roles: ['analyst', 'admin', 'manager'], handle: async ({ deps, asker, query }) => ({ body: pageOfAll(await sourcesOf(deps, asker), ({ name }) => name, query) }) },
];

/** Every sender the asker may see: what the store counted, with what the collector has under way. */
export async function sourcesOf(deps: Deps, { scope, user }: Asker): Promise<readonly SourceItem[]> {
  // The collector's counters first: what it has received by then, the store may have by the time it is asked, never the other way.
  const live = new Map((await deps.sources()).map((source) => [nameOf(source), source]));
  const rows = new Map((await deps.store.sources.list()).map((row) => [nameOf(row), row]));
  const totals = new Map<string, AccountTotal[]>();
  for (const one of await deps.store.accounts.totals({ scope })) totals.set(nameOf(one), [...totals.get(nameOf(one)) ?? [], one]);
  const systems = await deps.systems.byId(), policy = deps.policy(), now = deps.clock.now(), quiet = await deps.quiet();
  const items = [...new Set([...rows.keys(), ...live.keys()])].flatMap((name): SourceItem[] => {
    const row = rows.get(name), now_ = live.get(name), source = row ?? now_;
    if (source === undefined || !sees(scope, source)) return [];
    const system = systems.get(source.system), tier = system?.tier ?? source.tier, lastSeen = Math.max(row?.lastSeen ?? 0, now_?.lastSeen ?? 0);
    const silenceLimitMinutes = quiet.limitMinutes(source, policy.silenceMinutes(tier)), stored = row?.stored ?? 0, unparsed = row?.unparsed ?? 0, received = Math.max(now_?.received ?? 0, stored);
    return [{
      name, system: source.system, systemName: systemNameIn(user.language, source.system, system), sender: source.sender, tier,
      received, stored, evaluated: row?.evaluated ?? 0, underWay: received - stored, lost: Math.max(row?.lost ?? 0, now_?.lost ?? 0), missing: balanceOf(totals.get(name) ?? []).missing, parsed: stored - unparsed, unparsed,
      lastSeen: isoOrNull(lastSeen === 0 ? null : lastSeen), silent: now - lastSeen > silenceLimitMinutes * 60_000, silenceLimitMinutes,
    }];
  });
  return items.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** As everybody names a source: the same sender may belong to two systems by two listeners. A listener's own losses have no sender. */
export const nameOf = ({ system, sender }: { readonly system: string; readonly sender: string }): string => `${system === '' ? 'listener' : system}/${sender}`;
