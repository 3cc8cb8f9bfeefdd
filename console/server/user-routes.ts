// Users, for administrators; the rules of what may be given stand in accounts.ts.
import { z } from 'zod';
import type { UserItem } from '../api.js';
import type { User } from '../../core/store/store.js';
import { ROLES } from './accounts.js';
import { parseBody } from './body.js';
import { isoOrNull, pageOfAll } from './parameters.js';
import { readsLogs, type SignedRoute, type SignedCall } from './route.js';

const role = z.enum(ROLES as [User['roles'][number], ...User['roles'][number][]]);
const rights = { roles: z.array(role).min(1).max(3), tiers: z.array(z.number().int().min(1).max(5)).min(1).max(5) };
const language = z.enum(['vi', 'en']);
const password = z.string().min(1).max(1024);
export const newShape = z.strictObject({ username: z.string().min(1).max(64), name: z.string().max(120).optional(), ...rights, password, readsLogs: z.boolean().optional(), language: language.optional(), mustChangePassword: z.boolean().optional() });
export const changeShape = z.strictObject({
  version: z.number().int().min(1), name: z.string().max(120).optional(), roles: rights.roles.optional(), tiers: rights.tiers.optional(), disabled: z.boolean().optional(), readsLogs: z.boolean().optional(),
  language: language.optional(), password: password.optional(),
});
const by = ({ asker, address }: SignedCall) => ({ kind: 'user', user: asker.user, address }) as const;

export const userRoutes: readonly SignedRoute[] = [
  { method: 'GET', path: '/api/users', roles: ['admin'], handle: async (call) => ({ body: pageOfAll((await call.deps.accounts.list(by(call))).map(present), ({ username }) => username, call.query) }) },
  {
    method: 'POST', path: '/api/users', roles: ['admin'],
    // Whoever sets another's password knows it: it is for one use, unless said otherwise.
    async handle(call) { return { status: 201, body: present(await call.deps.accounts.add({ mustChangePassword: true, ...parseBody(newShape, call.body) }, by(call))) }; },
  },
  {
    method: 'PATCH', path: '/api/users/:name', roles: ['admin'],
    async handle(call) {
      const { version, ...change } = parseBody(changeShape, call.body);
      return { body: present(await call.deps.accounts.change(call.params['name'] ?? '', version, change, by(call))) };
    },
  },
  { method: 'DELETE', path: '/api/users/:name', roles: ['admin'], async handle(call) { await call.deps.accounts.remove(call.params['name'] ?? '', by(call)); return { status: 204 }; } },
];

const present = ({ id, version, name, roles, tiers, disabled, readsLogs: granted, mustChangePassword, lastLogin }: User): UserItem => ({
  username: id, version, name, roles, tiers, disabled, readsLogs: granted, mustChangePassword, lastLogin: isoOrNull(lastLogin),
});

/** Somebody who may be given incidents of a tier. */
export const mayHave = (user: User, tier: number): boolean => !user.disabled && readsLogs(user) && user.tiers.includes(tier);
