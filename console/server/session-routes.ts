// Signing in and out, one's own language and password.
import { z } from 'zod';
import type { SessionInfo } from '../api.js';
import { InvalidError } from '../../core/errors.js';
import { checkPassword, hashPassword } from '../../core/process/password.js';
import type { Session, User } from '../../core/store/store.js';
import { parseBody } from './body.js';
import type { Deps } from './deps.js';
import { iso } from './parameters.js';
import { RefusedError } from './refused.js';
import { readsLogs, type OpenRoute, type Route, type SignedRoute } from './route.js';
import { endOf } from './sessions.js';

export const credentials = z.strictObject({ username: z.string().min(1).max(256), password: z.string().min(1).max(1024) });
export const passwords = z.strictObject({ current: z.string().min(1).max(1024), next: z.string().min(1).max(1024) });
export const languageChoice = z.strictObject({ language: z.enum(['vi', 'en']) });

const signIn: OpenRoute = {
  method: 'POST', path: '/api/session', roles: 'anyone',
  async handle({ deps, body, address, token }) {
    const { username, password } = parseBody(credentials, body);
    const user = await deps.gate.signIn(username, password, address);
    // A token that came along is not taken over: whoever planted it must not share the new session.
    const before = token === undefined ? undefined : await deps.sessions.find(token);
    if (before !== undefined) await deps.sessions.close(before.session.id);
    const opened = await deps.sessions.open(user);
    const known = await rememberLogin(deps, user);
    await deps.audit.write(user.id, 'session.open', user.id, undefined, address);
    return { body: await present(deps, known, opened.session), token: opened.token };
  },
};

const ownSession: readonly SignedRoute[] = [
  { method: 'GET', path: '/api/session', roles: ['signed_in'], withoutStore: true, handle: async ({ deps, asker }) => ({ body: await present(deps, asker.user, asker.session) }) },
  {
    method: 'DELETE', path: '/api/session', roles: ['signed_in'],
    async handle(call) {
      await call.deps.sessions.close(call.asker.session.id);
      await call.deps.audit.did(call, 'session.close', call.asker.user.id);
      return { status: 204, token: null };
    },
  },
  {
    method: 'PATCH', path: '/api/session', roles: ['signed_in'],
    async handle({ deps, asker, body }) {
      const { language } = parseBody(languageChoice, body);
      const user = await deps.store.users.put({ ...asker.user, language }, asker.user.version);
      return { body: await present(deps, user, asker.session) };
    },
  },
  {
    method: 'POST', path: '/api/session/password', roles: ['signed_in'],
    async handle(call) {
      const { deps, asker, body, address } = call, { current, next } = parseBody(passwords, body);
      try { await deps.gate.confirm(asker.user, current, address); } catch (error) {
        throw error instanceof RefusedError && error.status === 401 ? new InvalidError('expected your present password', 'current', 'password.current') : error;
      }
      checkPassword(next, asker.user.id);
      if (next.normalize('NFC') === current.normalize('NFC')) throw new InvalidError('expected a password that differs from the present one', 'next', 'password.same');
      const user = await deps.store.users.put({ ...asker.user, passwordHash: await hashPassword(next), mustChangePassword: false }, asker.user.version);
      await deps.sessions.closeAllOf(user.id);
      const opened = await deps.sessions.open(user);
      await deps.audit.did(call, 'session.password', user.id);
      return { body: await present(deps, user, opened.session), token: opened.token };
    },
  },
];
export const sessionRoutes: readonly Route[] = [signIn, ...ownSession];

/** The time of the last sign-in; a change by an administrator at that very moment goes first. */
async function rememberLogin({ store, clock }: Deps, user: User): Promise<User> {
  return store.users.put({ ...user, lastLogin: clock.now() }, user.version).catch(() => user);
}

async function present({ systems, version }: Deps, user: User, session: Session): Promise<SessionInfo> {
  // Without the store it is not known; that is no reason to say nothing of who is signed in.
  const { systems: all } = await systems.registry().catch(() => ({ systems: [] }));
  return {
    username: user.id, name: user.name, roles: user.roles, tiers: user.tiers, language: user.language, mustChangePassword: user.mustChangePassword, readsLogs: readsLogs(user),
    demo: all.some(({ demo }) => demo === true), version, expires: iso(endOf(session)),
  };
}
