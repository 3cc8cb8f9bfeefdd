// What a route is. app.ts checks session, rights, origin and body before it calls `handle`; a handler reads, asks, presents. The list
// of all routes is in routes.ts; the authorization matrix of the tests is walked over that list.
import type { Language } from '../api.js';
import type { Scope, Session, User } from '../../core/store/store.js';
import type { Deps } from './deps.js';

/**
 * `signed_in`: any session, also one that must first change its password. `log_reader`: an analyst, or an administrator who still
 * reads logs. A role alone never opens another role's routes.
 */
export type RouteRole = 'signed_in' | 'analyst' | 'admin' | 'manager' | 'log_reader';

/** Who asks, with what he may see. */
export interface Asker {
  readonly user: User;
  readonly session: Session;
  readonly scope: Scope;
  readonly readsLogs: boolean;
}
export interface Call {
  readonly deps: Deps;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly language: Language;
  /** Of the connection; what headers claim does not count. */
  readonly address: string;
  readonly token?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}
export interface SignedCall extends Call { readonly asker: Asker }

export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A new session's token, or null to take the cookie away. */
  readonly token?: string | null;
}
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
interface RouteName { readonly method: Method; readonly path: string }
export interface OpenRoute extends RouteName { readonly roles: 'anyone'; handle(call: Call): Promise<Reply> }
export interface SignedRoute extends RouteName {
  readonly roles: readonly RouteRole[];
  /** It shows nothing that the store keeps: while that does not answer, a session that was good a moment ago is enough. */
  readonly withoutStore?: true;
  handle(call: SignedCall): Promise<Reply>;
}
export type Route = OpenRoute | SignedRoute;

export const readsLogs = ({ roles, readsLogs: granted }: User): boolean => roles.includes('analyst') || (roles.includes('admin') && granted);

/** True when one of the route's roles is the user's. */
export function allows(roles: readonly RouteRole[], user: User): boolean {
  return roles.some((role) => (role === 'signed_in' ? true : role === 'log_reader' ? readsLogs(user) : user.roles.includes(role)));
}
