// NSD and Knot DNS: transfers, who may not have them, and the server's life; in their own files and through syslog.
//   [2026-02-17 13:40:03.149] nsd[991]: info: axfr for so.example.vn. from 203.0.113.9 refused, no acl matches
//   2026-02-17T13:40:03+0700 info: [so.example.vn.] AXFR, outgoing, remote 203.0.113.9@45017, started, serial 3
// https://nsd.docs.nlnetlabs.nl/ https://www.knot-dns.cz/docs/latest/html/reference.html#log-section
import { readIso } from '../message/time.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp } from './net.js';
import { applyRules, messageRules } from './rules.js';
import { readSentence } from './sentences.js';

const NSD = messageRules([
  ['axfr for {dns.question.name} from {source.ip} refused, {event.reason~}', 'access_denied'],
  ['axfr for {dns.question.name} from {source.ip}', 'dns_query'],
  ['ixfr for {dns.question.name} from {source.ip} refused, {event.reason~}', 'access_denied'],
  ['ixfr for {dns.question.name} from {source.ip}', 'dns_query'],
  ['notify for {dns.question.name} from {source.ip} refused, {event.reason~}', 'access_denied'],
  ['notify for {dns.question.name} from {source.ip}{*}'],
  ['nsd starting ({*}', 'service_started'], ['nsd started ({*}', 'service_started'],
  ['signal received, shutting down...', 'service_stopped'], ['signal received, reloading...', 'config_changed'],
]);
const NSD_LEAD = /^(?:\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?)\] nsd\[(\d{1,10})\]: )?(?:(error|warning|notice|info|debug): )?/, NSD_FILE = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\] nsd\[\d{1,10}\]: /;
function readNsd(draft: Draft): boolean {
  const lead = NSD_LEAD.exec(draft.head), stamp = lead?.[1] === undefined ? undefined : readIso(lead[1], 0), said = draft.head.slice(lead?.[0].length ?? 0).trimEnd();
  draft.timeFrom(stamp);
  draft.put('process.pid', lead?.[2]);
  draft.put('log.level', lead?.[3]);
  if (!applyRules(NSD, said, draft)) readSentence(draft, said);
  putZone(draft, draft.getText('dns.question.name'), /^([ai]xfr) for /.exec(said)?.[1]);
  return true;
}

const KNOT_LEAD = /^(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d:?\d\d) )?(debug|info|notice|warning|error|critical): (?:\[([^\]\s]{0,254}\.)\] )?/, KNOT_ZONE = /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d:?\d\d )?(?:debug|info|notice|warning|error|critical): \[[^\]\s]{0,254}\.\] \S/;
/** What of the server itself stands behind the level. */
const KNOT_LIFE = messageRules([
  ['Knot DNS {} starting', 'service_started'], ['server started{*}', 'service_started'], ['stopping server', 'service_stopped'], ['shutting down', 'service_stopped'], ['configuration reloaded', 'config_changed'], ["control, received command '{knot.command~}'", 'config_changed'],
]);
function readKnot(draft: Draft): boolean {
  const lead = KNOT_LEAD.exec(draft.head), stamp = lead?.[1] === undefined ? undefined : readIso(lead[1], 0), said = draft.head.slice(lead?.[0].length ?? 0).trimEnd();
  draft.timeFrom(stamp);
  draft.put('log.level', lead?.[2]);
  const remote = /\bremote ([0-9a-fA-F.:]{3,45})@(\d{1,5})/.exec(said), kind = /^([AI]XFR)\b/.exec(said)?.[1], asked = kind === undefined ? !/, outgoing,|^refresh\b/.test(said) : said.includes(', outgoing,'); // a zone that goes out was asked for, a message that comes in too
  putZone(draft, lead?.[3], kind);
  if (remote !== null && isIp(remote[1] as string)) { const side = asked ? 'source' : 'destination'; draft.put(`${side}.ip`, remote[1]); draft.put(`${side}.port`, remote[2]); }
  if (said.startsWith('ACL, denied')) { draft.put('event.reason', said.slice(0, 200)); draft.act('access_denied'); }
  else if (kind !== undefined) draft.act('dns_query', /, (?:failed|refused|denied)/.test(said) ? 'failure' : undefined);
  else if (!applyRules(KNOT_LIFE, said, draft) && remote === null) readSentence(draft, said);
  return true;
}

function putZone(draft: Draft, zone: string | undefined, kind: string | undefined): void {
  if (zone === undefined) return;
  draft.put('dns.question.name', zone.length > 1 ? zone.replace(/\.$/, '') : zone);
  draft.put('dns.question.type', kind?.toUpperCase());
  draft.put('network.protocol', 'dns');
}

export const nsd: Format = { name: 'nsd.log', holds: ['] nsd['], programs: ['nsd'], detect: ({ head }) => NSD_FILE.test(head), read: readNsd };
export const knot: Format = { name: 'knot.log', holds: [' info: [', ' notice: [', ' warning: [', ' error: [', ' debug: [', ' critical: [', '^info: [', '^notice: [', '^warning: [', '^error: [', '^debug: [', '^critical: ['], programs: ['knotd', 'kresd'], detect: ({ head }) => KNOT_ZONE.test(head), read: readKnot };
