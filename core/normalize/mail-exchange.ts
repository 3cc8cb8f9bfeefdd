// Exchange's own logs, columns between commas: message tracking, the protocol logs of SMTP, POP and IMAP, HTTP proxy and kin. A `#Fields:` line before them names the columns
// and is remembered for the lines of the same sender; message tracking and SMTP, whose columns are fixed, are read without it.
// https://learn.microsoft.com/exchange/mail-flow/transport-logs/message-tracking https://learn.microsoft.com/exchange/mail-flow/connectors/protocol-logging
import { readIso, resolve } from '../message/time.js';
import { putAccount } from './account.js';
import type { Action } from './actions.js';
import { splitCsv } from './csv.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { lookup } from './lookup.js';
import { isIp, splitEndpoint } from './net.js';
import { putTarget } from './web/request.js';

const TRACKING = 'date-time client-ip client-hostname server-ip server-hostname source-context connector-id source event-id internal-message-id message-id network-message-id recipient-address recipient-status total-bytes recipient-count related-recipient-address reference message-subject sender-address return-path message-info directionality tenant-id original-client-ip original-server-ip custom-data transport-traffic-type log-id schema-version'.split(' ');
const SMTP = 'date-time connector-id session-id sequence-number local-endpoint remote-endpoint event data context'.split(' ');
/** Before 2016 a message had no id of the network. */
const TRACKING_OLD = TRACKING.filter((name) => name !== 'network-message-id');

type Columns = ReadonlyMap<string, string>;
const said = (columns: Columns, ...names: readonly string[]): string | undefined => names.map((name) => columns.get(name)).find((value) => value !== undefined && value !== '' && value !== '-');
const keyOf = (draft: Draft): string => `exchange\n${draft.source}\n${draft.getText('log.syslog.hostname') ?? ''}\n${draft.program}`;

function readExchange(draft: Draft): boolean {
  let names: readonly string[] | undefined, record: string | undefined;
  for (const line of draft.text.split(/\r?\n/, 50)) {
    if (line.startsWith('#Fields: ')) names = line.slice(9).trim().split(',', 200).map((name) => name.trim().toLowerCase());
    else if (line !== '' && !line.startsWith('#')) { record = line; break; }
  }
  if (names !== undefined) draft.context?.columns.set(keyOf(draft), names);
  draft.put('service.name', 'exchange');
  if (record === undefined) { draft.event['event.dataset'] = 'microsoft_exchange_server.header'; return true; }
  const cells = splitCsv(record, ',');
  names ??= fixedColumns(draft.head, cells) ?? draft.context?.columns.get(keyOf(draft));
  if (names === undefined || cells.length > names.length + 2) return false;
  const columns = new Map(names.map((name, i) => [name, cells[i] ?? '']));
  const stamp = readIso(said(columns, 'date-time', 'datetime') ?? '', 0);
  if (stamp !== undefined) draft.time = resolve(Number.isNaN(stamp.offset) ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone);
  const kind = columns.has('internal-message-id') ? 'messagetracking' : columns.has('remote-endpoint') ? 'smtp' : columns.has('urlstem') || columns.has('httpstatus') ? 'httpproxy' : 'log';
  draft.event['event.dataset'] = `microsoft_exchange_server.${kind}`;
  for (const [name, value] of columns) draft.keep(`microsoft.exchange.${name}`, value);
  if (kind === 'messagetracking') putTracking(draft, columns); else if (kind === 'smtp') putSmtp(draft, columns); else putHttp(draft, columns);
  return true;
}
function fixedColumns(head: string, cells: readonly string[]): readonly string[] | undefined {
  if (SMTP_LINE.test(head)) return SMTP;
  return !TRACKING_LINE.test(head) ? undefined : cells.length >= TRACKING.length - 1 || /^[0-9a-f]{8}-/.test(cells[11] ?? '') ? TRACKING : TRACKING_OLD;
}

const putIp = (draft: Draft, field: string, value: string | undefined): void => { const host = value?.replace(/%\d{1,10}$/, ''); if (host !== undefined && isIp(host)) draft.put(field, host); };

const EVENTS = lookup<Action>({ SEND: 'mail_sent', SENDEXTERNAL: 'mail_sent', DELIVER: 'mail_sent', FAIL: 'mail_rejected', BADMAIL: 'mail_rejected', DROP: 'mail_rejected', DEFER: 'mail_rejected', POISONMESSAGE: 'mail_rejected' });
function putTracking(draft: Draft, columns: Columns): void {
  putIp(draft, 'source.ip', said(columns, 'client-ip')); putIp(draft, 'destination.ip', said(columns, 'server-ip')); putIp(draft, 'network.forwarded_ip', said(columns, 'original-client-ip'));
  draft.put('source.domain', said(columns, 'client-hostname')); draft.put('destination.domain', said(columns, 'server-hostname'));
  draft.put('email.message_id', said(columns, 'message-id')?.replace(/^<|>$/g, ''));
  draft.put('email.to.address', said(columns, 'recipient-address')?.split(';', 1)[0]);
  draft.put('email.from.address', said(columns, 'sender-address', 'return-path'));
  draft.put('email.subject', said(columns, 'message-subject'));
  const direction = said(columns, 'directionality');
  draft.put('network.direction', direction === 'Incoming' ? 'inbound' : direction === 'Originating' ? 'outbound' : undefined);
  const event = said(columns, 'event-id') ?? '', status = said(columns, 'recipient-status');
  draft.put('event.code', event);
  draft.act(EVENTS[event] ?? 'mail');
  if (draft.get('event.outcome') === 'failure') draft.put('event.reason', status);
}

function putSmtp(draft: Draft, columns: Columns): void {
  const local = splitEndpoint(said(columns, 'local-endpoint') ?? ''), remote = splitEndpoint(said(columns, 'remote-endpoint') ?? ''), data = said(columns, 'data') ?? '', event = said(columns, 'event') ?? '';
  const sending = local.port !== undefined && remote.port !== undefined && Number(remote.port) < 1024 && Number(local.port) > 1024 || /(?:Outbound|Send|Internet)/.test(said(columns, 'connector-id')?.split('\\').at(-1) ?? '') && Number(local.port) > 1024; // a send connector's own end is the client
  const [client, server] = sending ? [local, remote] : [remote, local];
  putIp(draft, 'source.ip', client.host); draft.put('source.port', client.port); putIp(draft, 'destination.ip', server.host); draft.put('destination.port', server.port);
  draft.put('network.protocol', 'smtp'); draft.put('network.transport', 'tcp');
  const mail = /^(MAIL FROM|RCPT TO):\s?<([^>]{1,320})>/i.exec(data);
  if (mail !== null) draft.put(mail[1]?.toUpperCase() === 'MAIL FROM' ? 'email.from.address' : 'email.to.address', mail[2]);
  if (/^5\d\d |^4\d\d /.test(data)) draft.put('event.reason', data);
  if (/^535 /.test(data)) draft.act('login_failed');
  else if (event === '+') draft.act('connection'); else if (event === '-') draft.act('connection_ended');
  else draft.act('mail', /^[45]\d\d /.test(data) ? 'failure' : undefined);
}

function putHttp(draft: Draft, columns: Columns): void {
  putIp(draft, 'source.ip', said(columns, 'clientipaddress', 'clientip', 'client-ip')?.split(',', 1)[0]?.trim()); putIp(draft, 'destination.ip', said(columns, 'targetserver'));
  draft.put('host.name', said(columns, 'serverhostname'));
  putAccount(draft, 'user', said(columns, 'authenticateduser', 'user', 'mailbox'));
  draft.put('http.request.method', said(columns, 'method', 'httpmethod'));
  const stem = said(columns, 'urlstem'), query = said(columns, 'urlquery')?.replace(/^\?/, '');
  putTarget(draft, stem === undefined ? '' : query === undefined ? stem : `${stem}?${query}`);
  draft.put('url.domain', said(columns, 'urlhost'));
  draft.put('http.response.status_code', said(columns, 'httpstatus'));
  draft.put('user_agent.original', said(columns, 'useragent'));
  draft.put('event.reason', said(columns, 'errorcode'));
  const taken = Number(said(columns, 'totalrequesttime')), status = Number(draft.get('http.response.status_code'));
  if (Number.isFinite(taken)) draft.put('event.duration', taken * 1_000_000);
  if (draft.has('http.request.method')) draft.act('http_request', status >= 400 ? 'failure' : status > 0 ? 'success' : undefined);
}

const TRACKING_LINE = /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z,[0-9a-fA-F.:%]{0,60},[^,]{0,255},[0-9a-fA-F.:%]{0,60},[^,]{0,255},(?:"[^"]{0,500}"|[^,"]{0,500}),[^,]{0,255},[A-Z]{2,30},[A-Z]{3,40},/;
const SMTP_LINE = /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z,[^,]{0,255},[0-9A-F]{6,20},\d{1,10},[^,]{0,60}:\d{1,5},[^,]{0,60}:\d{1,5},[-+<>*],/;
const HEADER = /^#(?:Software: Microsoft Exchange|Fields: (?:date-time|DateTime),)/i;
export const exchange: Format = {
  name: 'microsoft_exchange_server.log', holds: ['^#', '^0000-00-00T00:00:00'],
  detect: (draft) => draft.head.charCodeAt(0) === 35 ? HEADER.test(draft.head) : draft.head.charCodeAt(10) === 84 && (SMTP_LINE.test(draft.head) || TRACKING_LINE.test(draft.head) || draft.head.includes(',', 19) && draft.context?.columns.get(keyOf(draft)) !== undefined), read: readExchange,
};
