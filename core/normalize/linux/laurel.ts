// Laurel writes all records of one audit event as one JSON object, arguments as lists, numbers with their names in capitals beside them. Read into the
// fields that auditd's own records have, so that rules and searches know no difference; `auditd.log.record_type` lists the records.
//   {"ID":"1771310403.123:4567","SYSCALL":{"syscall":59,"pid":991,"SYSCALL":"execve","UID":"an"},"EXECVE":{"argc":2,"ARGV":["id","-a"]},"PATH":[{"name":"/usr/bin/id"}]}
// https://github.com/threathunters-io/laurel
import type { Value } from '../../event.js';
import { epochMillis } from '../../message/time.js';
import type { Draft } from '../draft.js';
import { putInitiated, textOf, type Flat, type JsonKind } from '../json-fields.js';
import { nativeNames } from '../native-names.js';
import { readPairs } from '../pairs.js';
import { putMeaning, putWholePath, SAYS_NOBODY } from './auditd.js';
import { actionOf } from './audit-types.js';

const NATIVE = nativeNames('auditd.log');
const ID = /^(\d{9,11}\.\d{1,6}):(\d{1,20})$/, RECORD = /^[A-Z][A-Z0-9_]{2,40}$/;
const TRANSLATED: readonly (readonly [name: string, field: string])[] = [['UID', 'user.name'], ['AUID', 'user.audit.name'], ['EUID', 'user.effective.name'], ['GID', 'user.group.name']];
/** These are read further than their keys. */
const OWN = new Set(['PATH', 'SOCKADDR', 'EXECVE', 'PROCTITLE', 'PARENT_INFO']);

export const laurel: JsonKind = {
  dataset: 'auditd.log',
  is: (flat) => ID.test(textOf(flat, 'ID') ?? ''),
  read(draft, flat) {
    const [, time = '', serial] = ID.exec(textOf(flat, 'ID') ?? '') ?? [], records = putRecords(draft, flat);
    draft.time = epochMillis(time) ?? draft.time;
    draft.put('auditd.log.sequence', Number(serial));
    const node = textOf(flat, 'NODE');
    if (node !== undefined) { draft.put('auditd.log.node', node); draft.put('host.name', node); }
    draft.put('auditd.log.record_type', records);
    draft.put('auditd.log.type', records);
    delete draft.event['process.name']; delete draft.event['process.pid']; // the header's is Laurel itself
    for (const type of records) if (!OWN.has(type)) putMeaning(draft, type);
    putArguments(draft, flat);
    putPath(draft, flat);
    putWholePath(draft);
    putSocket(draft, flat);
    if (draft.has('destination.ip') && textOf(flat, 'SYSCALL.SYSCALL') === 'connect') putInitiated(draft, true);
    draft.put('process.parent.name', textOf(flat, 'SYSCALL.PPID.comm') ?? textOf(flat, 'PARENT_INFO.comm'));
    draft.put('process.parent.executable', textOf(flat, 'SYSCALL.PPID.exe') ?? textOf(flat, 'PARENT_INFO.exe'));
    draft.put('process.parent.command_line', joined(flat, 'PARENT_INFO.ARGV'));
    draft.act(actionOf(draft, records.includes('EXECVE') ? 'EXECVE' : records[0] ?? ''));
    const result = draft.getText('auditd.log.res') ?? draft.getText('auditd.log.success') ?? draft.getText('auditd.log.result');
    if (result !== undefined) draft.put('event.outcome', result === 'yes' || result === 'success' || result === '1' ? 'success' : 'failure');
  },
};

/** Keeps the records' keys as auditd has them, the first of a name; their types in order. */
function putRecords(draft: Draft, flat: Flat): string[] {
  const records: string[] = [];
  for (const [key, value] of Object.entries(flat)) {
    const dot = key.indexOf('.'), type = key.slice(0, Math.max(dot, 0)), name = key.slice(dot + 1);
    if (!RECORD.test(type) || value === null || type === 'PARENT_INFO') continue;
    if (!records.includes(type)) records.push(type);
    if (name.startsWith('msg.')) { draft.fill(NATIVE(name.slice(4)), first(value)); continue; }
    if (name === 'msg' && typeof value === 'string') { for (const [inner, said] of readPairs(value.slice(0, 8192))) if (inner !== '') draft.fill(NATIVE(inner), said); continue; }
    const named = TRANSLATED.find(([own]) => own === name);
    if (named !== undefined && !OWN.has(type)) { if (!SAYS_NOBODY.has(String(value))) draft.fill(named[1], value); continue; }
    if (type === 'EXECVE' || name.includes('.')) continue;
    draft.fill(NATIVE(type === 'PROCTITLE' ? 'proctitle' : name), type === 'PROCTITLE' ? joined(flat, key) : type === 'PATH' ? value : first(value));
  }
  return records;
}
/** auditd's values are texts; of several records of a type the first says them. */
function first(value: Value): Value {
  const one = Array.isArray(value) ? value[0] as Value ?? null : value;
  return typeof one === 'number' || typeof one === 'boolean' ? String(one) : one;
}

function joined(flat: Flat, key: string): string | undefined {
  const value = Object.hasOwn(flat, key) ? flat[key] : undefined;
  return Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : undefined;
}

function putArguments(draft: Draft, flat: Flat): void {
  const list = flat['EXECVE.ARGV'], args = Array.isArray(list) ? list.map(String) : [];
  if (list === undefined) putNumbers(draft, flat['SYSCALL.ARGV']);
  for (const [i, arg] of args.slice(0, 2000).entries()) draft.put(NATIVE(`a${String(i)}`), arg);
  if (args.length > 0) draft.put('process.args', args);
  draft.put('process.command_line', joined(flat, 'EXECVE.ARGV') ?? joined(flat, 'EXECVE.ARGV_STR'));
  draft.put('process.title', joined(flat, 'PROCTITLE.ARGV') ?? joined(flat, 'PROCTITLE.proctitle'));
}

/** What a call was given, of which auditd says the first four in hexadecimal without the mark. */
function putNumbers(draft: Draft, given: Value | undefined): void {
  if (Array.isArray(given)) for (const [i, number] of given.slice(0, 4).entries()) if (typeof number === 'string') draft.fill(NATIVE(`a${String(i)}`), number.replace(/^0x/, ''));
}

/** What a call connected to: parted, as auditd names it (`{saddr_fam=inet laddr=203.0.113.9 lport=443}`), or the structure with its odd bytes as `%02`. */
function putSocket(draft: Draft, flat: Flat): void {
  const named = textOf(flat, 'SOCKADDR.SADDR') ?? '', raw = textOf(flat, 'SOCKADDR.saddr') ?? '';
  draft.put('destination.ip', textOf(flat, 'SOCKADDR.SADDR.addr') ?? /\bl?addr=([0-9a-fA-F.:]{3,45})/.exec(named)?.[1]);
  draft.put('destination.port', textOf(flat, 'SOCKADDR.SADDR.port') ?? /\bl?port=(\d{1,5})/.exec(named)?.[1]);
  const path = textOf(flat, 'SOCKADDR.SADDR.path') ?? /\bpath=([^\s}]{1,400})/.exec(named)?.[1];
  if (path !== undefined) draft.put('file.path', path);
  if (draft.has('destination.ip') || !raw.startsWith('%02%00')) return;
  const bytes = [...raw.slice(0, 48).matchAll(/%([0-9A-Fa-f]{2})|[^%]/g)].map(([char, hex]) => (hex === undefined ? char.charCodeAt(0) : parseInt(hex, 16)));
  if (bytes.length < 8) return;
  draft.put('destination.port', (bytes[2] as number) * 256 + (bytes[3] as number));
  draft.put('destination.ip', bytes.slice(4, 8).join('.'));
}

/** The file that was made or removed, else the first that was named by a call that runs no program. */
function putPath(draft: Draft, flat: Flat): void {
  const names = listOf(flat, 'PATH.name'), types = listOf(flat, 'PATH.nametype'), made = types.findIndex((type) => type === 'CREATE' || type === 'DELETE');
  const at = made >= 0 ? made : Object.hasOwn(flat, 'EXECVE.argc') ? -1 : types.findIndex((type) => type !== 'PARENT');
  if (at >= 0 && names.length === types.length && !draft.has('file.path')) draft.put('file.path', names[at]);
}
const listOf = (flat: Flat, key: string): readonly Value[] => { const value = flat[key]; return Array.isArray(value) ? value as Value[] : value === undefined ? [] : [value]; };
