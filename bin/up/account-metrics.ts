// The completeness account on /metrics, lifetime sums: by system, since senders may be many; a listener's own losses by listener.
import { Gauge, type Registry } from 'prom-client';
import type { AccountTotal } from '../../core/account/account.js';
import { balanceOf } from '../../core/account/balance.js';
import { EVERYTHING, type Store } from '../../core/store/store.js';

const STEPS = ['received', 'parsed', 'unparsed', 'stored', 'evaluated'] as const;

/** Returns how the figures are read anew. */
export function addAccountMetrics(registry: Registry, accounts: Pick<Store['accounts'], 'totals'>): () => Promise<void> {
  const messages = new Gauge({ name: 'haidang_account_messages', help: 'Messages that took each step, by system, since the first one', labelNames: ['system', 'step'], registers: [registry] });
  const lost = new Gauge({ name: 'haidang_account_lost_messages', help: 'Messages that did not, by system (or listener), cause and owner, since the first one', labelNames: ['system', 'cause', 'owner'], registers: [registry] });
  return async () => {
    const sources = new Map<string, AccountTotal[]>();
    for (const total of await accounts.totals({ scope: EVERYTHING })) sources.set(`${total.system}\0${total.sender}`, [...sources.get(`${total.system}\0${total.sender}`) ?? [], total]);
    messages.reset();
    lost.reset();
    for (const totals of sources.values()) {
      const [{ system, sender }] = totals as [AccountTotal], balance = balanceOf(totals), label = system === '' ? `listener/${sender}` : system;
      if (system !== '') for (const step of STEPS) messages.inc({ system: label, step }, balance[step]);
      for (const { cause, owner, count } of balance.gaps) if (count > 0) lost.inc({ system: label, cause, owner }, count);
    }
  };
}
