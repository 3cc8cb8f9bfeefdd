// The registry, as ECS parts it: hive, key and value of a path, and what was written there.
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';

/** How the hives are written, by the first part of a path. */
const HIVES = lookup({ HKLM: 'HKLM', HKU: 'HKU', HKCR: 'HKCR', HKCU: 'HKCU', HKCC: 'HKCC', HKEY_LOCAL_MACHINE: 'HKLM', HKEY_USERS: 'HKU', HKEY_CLASSES_ROOT: 'HKCR', HKEY_CURRENT_USER: 'HKCU', HKEY_CURRENT_CONFIG: 'HKCC', MACHINE: 'HKLM', USER: 'HKU' });

/** `HKLM\SOFTWARE\App\Run`, `\REGISTRY\MACHINE\SOFTWARE\App`; the last part is a value where `holdsValue` says so, else `value` names it. */
export function putRegistry(draft: Draft, path: string | undefined, holdsValue: boolean, value?: string): void {
  if (path === undefined) return;
  draft.put('registry.path', path);
  const plain = path.replace(/^\\REGISTRY\\/i, ''), first = plain.indexOf('\\'), hive = HIVES[(first < 0 ? plain : plain.slice(0, first)).toUpperCase()], last = plain.lastIndexOf('\\');
  draft.put('registry.value', value);
  if (hive === undefined) return;
  draft.put('registry.hive', hive);
  if (first < 0) return;
  draft.put('registry.key', plain.slice(first + 1, holdsValue && last > first ? last : undefined));
  if (holdsValue && last > first) draft.put('registry.value', plain.slice(last + 1));
}

/** `DWORD (0x00000001)`, `QWORD (0x00000001-0x00000000)`, `Binary Data`, or the text itself. */
export function putRegistryData(draft: Draft, details: string | undefined): void {
  if (details === undefined || details === '(Empty)') return;
  const found = /^([DQ]WORD) \((?:(0x[0-9a-f]{8})-)?(0x[0-9a-f]{8})\)$/i.exec(details);
  if (found !== null) {
    const [, kind = '', high = '0', low = '0'] = found;
    draft.put('registry.data.type', `REG_${kind}`);
    draft.put('registry.data.strings', [String(BigInt(high) * 0x100000000n + BigInt(low))]);
  } else if (details === 'Binary Data') draft.put('registry.data.type', 'REG_BINARY');
  else draft.put('registry.data.strings', [details]);
}
