// Users as administrators keep them: added, changed, removed. The API, the control socket and the command line all come through here,
// so that each rule holds whoever asks: nobody gives more than he has, nobody widens his own rights, and one administrator stays.
import { ConflictError, ForbiddenError, InvalidError, NotFoundError } from '../../core/errors.js';
import type { Clock } from '../../core/process/clock.js';
import { checkPassword, hashPassword } from '../../core/process/password.js';
import type { Role, Store, User } from '../../core/store/store.js';

export const ROLES: readonly Role[] = ['analyst', 'admin', 'manager'];
export interface NewUser {
  readonly username: string;
  readonly name?: string;
  readonly roles: readonly Role[];
  readonly tiers: readonly number[];
  readonly password: string;
  readonly readsLogs?: boolean;
  readonly language?: 'vi' | 'en';
  readonly mustChangePassword?: boolean;
}
export interface UserChange {
  readonly name?: string;
  readonly roles?: readonly Role[];
  readonly tiers?: readonly number[];
  readonly disabled?: boolean;
  readonly readsLogs?: boolean;
  readonly language?: 'vi' | 'en';
  readonly password?: string;
  readonly mustChangePassword?: boolean;
}
/** Who asks: a signed-in administrator, or somebody on the machine itself, who has the data anyway. */
export type By = { readonly kind: 'user'; readonly user: User; readonly address?: string } | { readonly kind: 'machine' };
interface EndsSessions { closeAllOf(user: string): Promise<void> }

export class Accounts {
  constructor(private readonly store: Pick<Store, 'users' | 'audit' | 'sessions'>, private readonly clock: Clock, private readonly sessions: EndsSessions) {}

  async list(by: By): Promise<readonly User[]> {
    return (await this.store.users.list()).filter((user) => this.sees(by, user));
  }

  async get(id: string, by: By): Promise<User> {
    const user = await this.store.users.get(id.toLowerCase());
    if (user === undefined || !this.sees(by, user)) throw new NotFoundError(`no user ${id}`);
    return user;
  }

  async add(input: NewUser, by: By): Promise<User> {
    const id = input.username.toLowerCase();
    if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id)) throw new InvalidError('expected a user name of 1 to 64 letters, digits, dots, - or _, beginning with a letter or digit', 'username', 'user.name_form');
    checkRights(input.roles, input.tiers);
    this.checkGives(by, input.tiers);
    checkPassword(input.password, id);
    const user: Omit<User, 'version'> = {
      id, name: clean(input.name ?? input.username), roles: [...input.roles], tiers: [...input.tiers].sort(), passwordHash: await hashPassword(input.password), mustChangePassword: input.mustChangePassword ?? false,
      disabled: false, readsLogs: input.readsLogs ?? false, language: input.language ?? 'vi', created: this.clock.now(),
    };
    const kept = await this.store.users.put(user, 0).catch((error: unknown) => { throw error instanceof ConflictError ? new ConflictError(`there is a user ${id} already`, 'user.exists', { name: id }) : error; });
    await this.audit(by, 'user.add', id, { roles: kept.roles, tiers: kept.tiers, readsLogs: kept.readsLogs });
    return kept;
  }

  async change(id: string, seen: number | undefined, change: UserChange, by: By): Promise<User> {
    const user = await this.get(id, by);
    const roles = change.roles ?? user.roles, tiers = change.tiers ?? user.tiers;
    checkRights(roles, tiers);
    this.checkGives(by, tiers);
    if (by.kind === 'user' && by.user.id === user.id) {
      const widens = roles.some((role) => !user.roles.includes(role)) || tiers.some((tier) => !user.tiers.includes(tier)) || (change.readsLogs === true && !user.readsLogs);
      if (widens) throw new ForbiddenError('expected another administrator to widen your own rights', 'user.widen_self');
    }
    if (change.password !== undefined) checkPassword(change.password, user.id);
    const { password, ...rest } = change;
    const next: User = {
      ...user, ...rest, name: change.name === undefined ? user.name : clean(change.name), roles: [...roles], tiers: [...tiers].sort(),
      ...(password === undefined ? {} : { passwordHash: await hashPassword(password), mustChangePassword: change.mustChangePassword ?? by.kind === 'user' }),
    };
    await this.checkOneAdminStays(user, next);
    const kept = await this.store.users.put(next, seen ?? user.version);
    const changed = Object.fromEntries(Object.entries(rest).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(user[key as keyof User])));
    await this.audit(by, kept.disabled && !user.disabled ? 'user.disable' : 'user.change', user.id, { ...changed, ...(password === undefined ? {} : { password: 'set' }) });
    if (password !== undefined || kept.disabled) await this.sessions.closeAllOf(user.id);
    return kept;
  }

  async remove(id: string, by: By): Promise<void> {
    const user = await this.get(id, by);
    if (by.kind === 'user' && by.user.id === user.id) throw new ForbiddenError('expected another administrator to remove you', 'user.remove_self');
    await this.checkOneAdminStays(user, { ...user, disabled: true });
    await this.store.users.remove(user.id);
    await this.audit(by, 'user.remove', user.id, { roles: user.roles, tiers: user.tiers });
    await this.sessions.closeAllOf(user.id);
  }

  // An administrator of tiers 1-3 neither sees nor touches who has tier 4: he could otherwise make himself that person.
  private sees(by: By, user: User): boolean {
    return by.kind === 'machine' || user.tiers.every((tier) => by.user.tiers.includes(tier));
  }
  private checkGives(by: By, tiers: readonly number[]): void {
    const over = by.kind === 'machine' ? [] : tiers.filter((tier) => !by.user.tiers.includes(tier));
    if (over.length > 0) throw new ForbiddenError(`expected tiers that you have yourself, got ${over.join(', ')}`, 'tiers.beyond_own', { tiers: over.join(', ') });
  }
  private async checkOneAdminStays(before: User, after: User): Promise<void> {
    const isAdmin = (user: User): boolean => user.roles.includes('admin') && !user.disabled;
    if (!isAdmin(before) || isAdmin(after)) return;
    const others = (await this.store.users.list()).filter((user) => user.id !== before.id && isAdmin(user));
    if (others.length === 0) throw new InvalidError('expected at least one other administrator to stay', 'roles', 'user.last_admin');
  }
  private audit(by: By, action: string, object: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    return this.store.audit.append({ at: this.clock.now(), by: by.kind === 'user' ? by.user.id : 'machine', action, object, details, ...(by.kind === 'user' && by.address !== undefined ? { address: by.address } : {}) });
  }
}

function checkRights(roles: readonly Role[], tiers: readonly number[]): void {
  if (roles.length === 0 || roles.some((role) => !ROLES.includes(role)) || new Set(roles).size !== roles.length) throw new InvalidError(`expected one or more of ${ROLES.join(', ')}, got ${roles.join(', ') || 'none'}`, 'roles', 'roles.wrong');
  if (tiers.length === 0 || tiers.some((tier) => ![1, 2, 3, 4, 5].includes(tier)) || new Set(tiers).size !== tiers.length) throw new InvalidError(`expected one or more tiers from 1 to 5, got ${tiers.join(', ') || 'none'}`, 'tiers', 'tiers.wrong');
}
function clean(name: string): string {
  const text = name.normalize('NFC').replace(/[\p{Cc}\p{Cf}]/gu, ' ').trim();
  if (text === '' || text.length > 120) throw new InvalidError('expected a name of 1 to 120 characters', 'name', 'user.display_name', { max: 120 });
  return text;
}

/** `1-3,5` -> [1, 2, 3, 5]. Throws InvalidError. */
export function parseTiers(text: string): readonly number[] {
  const tiers = text.split(',').flatMap((part) => {
    const match = /^\s*([1-5])(?:\s*-\s*([1-5]))?\s*$/.exec(part);
    const from = Number(match?.[1]), to = Number(match?.[2] ?? match?.[1]);
    if (match === null || to < from) throw new InvalidError(`expected tiers such as 1-3 or 2,4, got ${JSON.stringify(text)}`, 'tiers', 'tiers.wrong');
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return [...new Set(tiers)].sort();
}
/** `analyst,manager` -> roles. Throws InvalidError. */
export function parseRoles(text: string): readonly Role[] {
  return text.split(',').map((part) => {
    const role = ROLES.find((one) => one === part.trim());
    if (role === undefined) throw new InvalidError(`expected one of ${ROLES.join(', ')}, got ${JSON.stringify(part)}`, 'roles', 'roles.wrong');
    return role;
  });
}
