// The audit trail, for administrators and managers. Details are shown to those who have all the tiers the doer had.
import type { AuditItem } from '../api.js';
import type { AuditEntry } from '../../core/store/store.js';
import { iso, pageOf, presentPage, textOf, timeOf } from './parameters.js';
import type { SignedRoute } from './route.js';

export const auditRoutes: readonly SignedRoute[] = [{
  method: 'GET', path: '/api/audit', roles: ['admin', 'manager'],
  async handle({ deps, asker, query }) {
    const filter = { by: textOf(query, 'by'), action: textOf(query, 'action'), object: textOf(query, 'object'), from: timeOf(query, 'from'), to: timeOf(query, 'to') };
    const page = await deps.store.audit.list(filter, pageOf(query));
    return { body: presentPage(page, (entry) => present(entry, asker.user.tiers)) };
  },
}];

function present({ seq, at, by, action, object, details, address }: AuditEntry & { readonly seq: number }, tiers: readonly number[]): AuditItem {
  const of = [details?.['tiers'], details?.['tier']].flat().filter((one): one is number => typeof one === 'number');
  const shown = of.every((tier) => tiers.includes(tier));
  // What was done to an incident or an event names it: that goes with the details.
  return { seq, at: iso(at), by, action, object: shown || !/^(incident|event)\./.test(action) ? object : '', ...(shown && details !== undefined ? { details } : {}), ...(address === undefined ? {} : { address }) };
}
