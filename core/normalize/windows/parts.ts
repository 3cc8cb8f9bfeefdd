// What the readers of Windows' events share: paths with their parts, accounts, numbers.
import type { Draft } from '../draft.js';

/** The event's data by name; undefined where it says nothing. */
export type Read = (key: string) => string | undefined;
export type Rows = readonly (readonly [key: string, field: string])[];

/** `Key > field | Other Key > field`. */
export const rows = (text: string): Rows => text.split(' | ').map((pair) => pair.split(' > ') as [string, string]);
/** Of several keys that mean one field the first that says something. */
export function putRows(draft: Draft, table: Rows, text: Read): void { for (const [key, field] of table) draft.fill(field, text(key)); }

/** The whole path, and its last part as the name. */
export function putProcess(draft: Draft, of: 'process' | 'process.parent', path: string | undefined): void {
  if (path === undefined) return;
  const { executable, name } = PROCESSES[of];
  draft.put(executable, path);
  draft.put(name, lastPart(path));
}
const PROCESSES = { process: { executable: 'process.executable', name: 'process.name' }, 'process.parent': { executable: 'process.parent.executable', name: 'process.parent.name' } } as const;
export const lastPart = (path: string): string => path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);

/** A file by its path, whose parts have fields of their own. */
export function putFile(draft: Draft, path: string | undefined): void {
  if (path === undefined) return;
  draft.put('file.path', path);
  const name = lastPart(path), dot = name.lastIndexOf('.');
  if (name === '' || name === path) return;
  draft.put('file.name', name);
  draft.put('file.directory', path.slice(0, path.length - name.length - 1));
  if (dot > 0 && name.length - dot <= EXTENSION_MAX) draft.put('file.extension', name.slice(dot + 1).toLowerCase());
}
const EXTENSION_MAX = 12;

/** `CORP\bob`, or a name alone. */
export function putUser(draft: Draft, user: string | undefined): void {
  if (user === undefined) return;
  const slash = user.indexOf('\\');
  draft.put('user.name', user.slice(slash + 1));
  if (slash > 0) draft.put('user.domain', user.slice(0, slash));
}

/** Decimal, or hexadecimal behind `0x`. */
export function number(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:0[xX][0-9a-fA-F]{1,12}|\d{1,15})$/.test(text)) return undefined;
  return Number(text);
}
