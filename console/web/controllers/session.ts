// Who is signed in. The root sets it; pages ask it only to hide what would be refused anyway: the server decides.
import type { RoleName, SessionInfo } from '../../api.js';

let current: SessionInfo | null = null;
export const session = (): SessionInfo | null => current;
export function setSession(next: SessionInfo | null): void { current = next; }

export const hasRole = (...roles: RoleName[]): boolean => current !== null && roles.some((role) => current?.roles.includes(role));
/** Whoever reads log content may decide on incidents. */
export const mayAct = (): boolean => current?.readsLogs ?? false;
/** The place a person's work begins. */
export const home = (): string => (hasRole('analyst') ? '/queue' : '/overview');
