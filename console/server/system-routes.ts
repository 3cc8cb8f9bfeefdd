// Systems by tier: the registry with each system's dossier. Administrators change it; who sees a system must have its tier.
import { z } from 'zod';
import type { SystemItem } from '../api.js';
import { ForbiddenError, InvalidError, NotFoundError } from '../../core/errors.js';
import { parseNetwork } from '../../core/ip.js';
import type { System, Tier } from '../../core/tier.js';
import { UNASSIGNED } from '../../core/tier.js';
import { parseBody } from './body.js';
import { isoOrNull, pageOfAll } from './parameters.js';
import type { SignedCall, SignedRoute } from './route.js';
import { sourcesOf } from './source-routes.js';
import { ENCODINGS } from '../../core/message/encoding.js';

const line = z.string().trim().min(1).max(300);
const day = z.string().refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)), { error: 'expected a day of the calendar such as 2026-12-14', params: { code: 'system.day' } });
const network = z.string().refine((text) => parseNetwork(text) !== undefined, { error: 'expected an address or a network such as 10.1.0.0/16, without host bits', params: { code: 'system.network' } });
export const zone = z.string().max(64).refine((name) => { try { new Intl.DateTimeFormat('en', { timeZone: name }); return true; } catch { return false; } }, { error: 'expected a time zone name such as Asia/Ho_Chi_Minh', params: { code: 'system.zone' } });
export const dossier = z.strictObject({
  stage: z.enum(['draft', 'sent', 'appraised', 'approved']), criterion: z.string().max(1000), owner: z.string().max(300), operator: z.string().max(300),
  sentDate: day.optional(), appraisedDate: day.optional(), approvedDate: day.optional(), decision: z.string().max(300).optional(), approvedBy: z.string().max(300).optional(), regulationDate: day.optional(),
  expectedApproval: day.optional(), expectedDeployment: day.optional(),
  plan: z.array(z.strictObject({ id: z.string().min(1).max(64), title: line, titleEn: z.string().max(300).optional(), cite: z.string().max(300), done: z.boolean(), date: day.optional() })).max(500),
}).refine(({ stage, approvedDate, decision }) => stage !== 'approved' || (approvedDate !== undefined && decision !== undefined), { error: 'expected the decision and its date of an approved level', path: ['approvedDate'], params: { code: 'system.decision' } });
export const shape = z.object({
  version: z.number().int().min(0), name: line, nameEn: z.string().max(300).optional(), tier: z.number().int().min(1).max(5), unit: z.string().max(300), timezone: zone.optional(), encoding: z.enum(ENCODINGS).optional(),
  senders: z.array(z.strictObject({ sender: z.string().min(1).max(255), timezone: zone.optional(), encoding: z.enum(ENCODINGS).optional() })).max(1000).optional(),
  match: z.array(z.strictObject({ listener: z.string().max(64).optional(), certificate: z.string().max(300).optional(), address: network, host: z.string().max(255).optional() })).max(1000),
  dossier: dossier.optional(), countedInNoShare: z.boolean().optional(), retired: day.optional(),
});

export const systemRoutes: readonly SignedRoute[] = [
  { method: 'GET', path: '/api/systems', roles: ['analyst', 'admin', 'manager'], handle: async (call) => ({ body: pageOfAll(await present(call, await visible(call)), ({ id }) => id, call.query) }) },
  {
    method: 'PUT', path: '/api/systems/:id', roles: ['admin'],
    async handle(call) {
      const { deps, asker, params, body } = call, id = params['id'] ?? '';
      if (!/^[A-Za-z0-9_-]{1,32}$/.test(id) || id === UNASSIGNED) throw new InvalidError('expected 1 to 32 letters, digits, _ or - as the system\'s id', 'id', 'system.id_form');
      const { version, ...given } = parseBody(shape, body), known = await deps.store.systems.get(id);
      if (known !== undefined && !asker.scope.tiers.includes(known.tier)) throw new NotFoundError('no such system');
      if (known === undefined && version !== 0) throw new NotFoundError('no such system');
      if (!asker.scope.tiers.includes(given.tier)) throw new ForbiddenError(`expected a tier that you have yourself, got ${given.tier}`, 'tiers.beyond_own', { tiers: given.tier });
      const next: Omit<System, 'version'> = {
        ...(known?.demo === true ? { demo: true } : {}), countedInNoShare: known?.countedInNoShare, encoding: known?.encoding, senders: known?.senders, dossier: known?.dossier, retired: known?.retired,
        ...defined(given), id, tier: given.tier as Tier, name: given.name, unit: given.unit, match: given.match,
      };
      const kept = await deps.store.systems.put(next, version);
      deps.systems.changed();
      const changed = Object.keys(given).filter((key) => JSON.stringify(known?.[key as keyof System]) !== JSON.stringify(kept[key as keyof System]));
      const raised = known !== undefined && known.tier !== kept.tier ? { tierBefore: known.tier } : {};
      await deps.audit.did(call, known === undefined ? 'system.add' : 'system.change', id, { changed, tier: kept.tier, ...raised });
      return { body: (await present(call, [kept]))[0] };
    },
  },
];

// Absent members leave what was there; a form that does not know of a member does not take it away.
const defined = <T extends object>(given: T): Partial<T> => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;

export async function visible({ deps, asker: { scope } }: SignedCall): Promise<readonly System[]> {
  const { systems } = await deps.systems.registry();
  return systems.filter(({ id, tier }) => scope.tiers.includes(tier) && !scope.hiddenSystems.includes(id)).sort((a, b) => b.tier - a.tier || (a.id < b.id ? -1 : 1));
}

async function present({ deps, asker }: SignedCall, systems: readonly System[]): Promise<readonly SystemItem[]> {
  const open = new Map<string, number>(), seen = new Map<string, string>();
  for (const { system, status, count } of await deps.store.incidents.openCounts(asker.scope)) if (status !== 'resolved') open.set(system, (open.get(system) ?? 0) + count);
  for (const { system, lastSeen } of await sourcesOf(deps, asker)) if (lastSeen !== null && lastSeen > (seen.get(system) ?? '')) seen.set(system, lastSeen);
  return systems.map(({ id, version, name, nameEn, tier, unit, timezone, encoding, senders, match, dossier: kept, demo, countedInNoShare, retired }) => ({
    id, version, name, nameEn, tier, unit, timezone, ...(encoding === undefined ? {} : { encoding }), ...(senders === undefined ? {} : { senders }), match, dossier: kept, demo: demo === true, countedInNoShare: countedInNoShare === true, openIncidents: open.get(id) ?? 0,
    lastSeen: seen.get(id) ?? isoOrNull(null), ...(retired === undefined ? {} : { retired }),
  }));
}
