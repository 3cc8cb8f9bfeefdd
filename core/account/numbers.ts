// The number a sender gave a message, where its kind of sender numbers them: Windows' EventRecordID (of each host and channel), the
// kernel's audit serial, PAN-OS' seqno (of each log type), RFC 5424's `meta sequenceId`, and Cisco's message counters. Pure.
import { read, type Event, type Value } from '../event.js';
import type { RunAccount } from './account.js';

/** Kinds of numberings: the first word of a numbering's name. */
export const NUMBERINGS = ['windows', 'auditd', 'panos', 'syslog', 'cisco'] as const;
export type NumberingKind = (typeof NUMBERINGS)[number];

export interface SenderNumber { readonly name: string; readonly number: number }

/** Undefined where it has none that can be followed. */
export function numberOf(event: Event): SenderNumber | undefined {
  const record = whole(read(event, 'winlog.record_id'));
  if (record !== undefined) return { name: nameOf('windows', text(event, 'winlog.computer_name') || hostOf(event), text(event, 'winlog.channel')), number: record };
  const serial = whole(read(event, 'auditd.log.sequence'));
  if (serial !== undefined) return { name: nameOf('auditd', hostOf(event)), number: serial };
  const seqno = whole(read(event, 'panw.panos.seqno'));
  if (seqno !== undefined) return { name: nameOf('panos', text(event, 'observer.serial_number') || hostOf(event), text(event, 'panw.panos.type')), number: seqno };
  const sequence = whole(read(event, 'log.syslog.structured_data.meta.sequenceId'));
  if (sequence !== undefined) return { name: nameOf('syslog', hostOf(event)), number: sequence };
  if (!text(event, 'event.dataset').startsWith('cisco.')) return undefined;
  const [, counter] = CISCO.exec(text(event, 'event.original').slice(0, 200)) ?? [], count = whole(counter);
  return count === undefined ? undefined : { name: nameOf('cisco', hostOf(event)), number: count };
}

/** `<189>000123: *Mar  1 ...`, `<190>2003970: 2003966: sw-01: ...` (the first counts what was sent), `<189>sw-01: 000123: ...`. */
const CISCO = /^<\d{1,3}>\s*(?:[A-Za-z][\w.-]*:?\s+)?(\d{1,10}): /;

const hostOf = (event: Event): string => text(event, 'host.name');
const nameOf = (kind: NumberingKind, ...parts: readonly string[]): string => [kind, ...parts].filter((part) => part !== '').join(' ').slice(0, 200);

/** The account of a run without the numberings of these kinds. */
export const withoutNumbers = (account: RunAccount, ignored: readonly NumberingKind[]): RunAccount =>
  ({ ...account, numbers: account.numbers.filter(({ name }) => !ignored.some((kind) => name === kind || name.startsWith(`${kind} `))) });

function text(event: Event, field: string): string {
  const value = read(event, field);
  return typeof value === 'string' ? value : '';
}

function whole(value: Value | undefined): number | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : undefined;
  return number !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
