// `haidang user ...`, the same whether it comes through the running server's socket or straight to the store.
import { z } from 'zod';
import type { UserItem } from '../api.js';
import type { Control, ControlHandler } from '../../core/process/control.js';
import type { User } from '../../core/store/store.js';
import { ROLES, type Accounts, type By } from './accounts.js';
import { parseBody } from './body.js';

const role = z.enum(ROLES as [User['roles'][number], ...User['roles'][number][]]);
const shared = { name: z.string(), roles: z.array(role), tiers: z.array(z.number()), readsLogs: z.boolean(), language: z.enum(['vi', 'en']), password: z.string(), mustChangePassword: z.boolean() };
const add = z.strictObject({ username: z.string(), ...z.strictObject(shared).partial({ name: true, readsLogs: true, language: true, mustChangePassword: true }).shape });
const set = z.strictObject({ username: z.string(), ...z.strictObject({ ...shared, disabled: z.boolean() }).partial().shape });
const named = z.strictObject({ username: z.string() });
const BY: By = { kind: 'machine' };

/** A user as the command line prints it; the hash stays where it is. */
export type UserLine = Omit<UserItem, 'version'>;
const line = ({ id, name, roles, tiers, disabled, readsLogs, mustChangePassword, lastLogin }: User): UserLine => ({
  username: id, name, roles, tiers, disabled, readsLogs, mustChangePassword, lastLogin: lastLogin === undefined ? null : new Date(lastLogin).toISOString(),
});

export const userCommands = (accounts: Accounts): Readonly<Record<string, ControlHandler>> => ({
  'user.add': async (args) => line(await accounts.add(parseBody(add, args), BY)),
  'user.list': async () => (await accounts.list(BY)).map(line),
  'user.set': async (args) => {
    const { username, ...change } = parseBody(set, args);
    return line(await accounts.change(username, undefined, change, BY));
  },
  'user.remove': async (args) => { await accounts.remove(parseBody(named, args).username, BY); return {}; },
});

export function registerUserCommands(control: Control, accounts: Accounts): void {
  for (const [name, handler] of Object.entries(userCommands(accounts))) control.register(name, handler);
}
