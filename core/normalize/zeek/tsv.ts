// Zeek's tab-separated logs. The `#fields` line names the columns; it is remembered for the lines of the same sender and program that follow.
// Where it was never seen (a file tailed from its end, a syslog forwarder that drops comments) the columns are those of the log whose default
// layout fits what the cells hold. https://docs.zeek.org/en/master/log-formats.html
import type { Value } from '../../event.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp } from '../net.js';
import { putZeek } from './zeek.js';

interface Layout { readonly log: string; readonly names: readonly string[]; readonly types: string }

/** One letter a column: t time, u unique id, a address, p port, n number, b T or F, e transport, s anything. */
function layout(log: string, columns: string): Layout {
  const parts = columns.split(' ').map((part) => part.split(':'));
  return { log, names: parts.map(([name = '']) => name), types: parts.map(([, type]) => type ?? 's').join('') };
}
const ID = 'ts:t uid:u id.orig_h:a id.orig_p:p id.resp_h:a id.resp_p:p';
const FILE_TAIL = 'source depth:n analyzers mime_type filename duration:n local_orig:b is_orig:b seen_bytes:n total_bytes:n missing_bytes:n overflow_bytes:n timedout:b parent_fuid md5 sha1 sha256 extracted extracted_cutoff:b extracted_size:n';
/** Default columns, the longer and surer layouts of equal beginnings first. */
const LAYOUTS: readonly Layout[] = [
  layout('conn', `${ID} proto:e service duration:n orig_bytes:n resp_bytes:n conn_state local_orig:b local_resp:b missed_bytes:n history orig_pkts:n orig_ip_bytes:n resp_pkts:n resp_ip_bytes:n tunnel_parents`),
  layout('dns', `${ID} proto:e trans_id:n rtt:n query qclass:n qclass_name qtype:n qtype_name rcode:n rcode_name AA:b TC:b RD:b RA:b Z:n answers TTLs rejected:b`),
  layout('http', `${ID} trans_depth:n method host uri referrer version user_agent origin request_body_len:n response_body_len:n status_code:n status_msg info_code:n info_msg tags username password proxied orig_fuids orig_filenames orig_mime_types resp_fuids resp_filenames resp_mime_types`),
  layout('ssl', `${ID} version cipher curve server_name resumed:b last_alert next_protocol established:b cert_chain_fuids client_cert_chain_fuids subject issuer client_subject client_issuer`),
  layout('ssl', `${ID} version cipher curve server_name resumed:b last_alert next_protocol established:b ssl_history cert_chain_fps client_cert_chain_fps sni_matches_cert:b`),
  layout('files', `ts:t fuid:u uid:u id.orig_h:a id.orig_p:p id.resp_h:a id.resp_p:p ${FILE_TAIL}`),
  layout('files', `ts:t fuid:u tx_hosts:a rx_hosts:a conn_uids ${FILE_TAIL}`),
  layout('notice', `${ID} fuid file_mime_type file_desc proto:e note msg sub src:a dst:a p:p n:n peer_descr actions email_dest suppress_for:n`),
  layout('ssh', `${ID} version:n auth_success:b auth_attempts:n direction client server cipher_alg mac_alg compression_alg kex_alg host_key_alg host_key`),
  layout('smb_files', `${ID} fuid action path name size:n prev_name times.modified:t times.accessed:t times.created:t times.changed:t`),
  layout('kerberos', `${ID} request_type client service success:b error_msg from:t till:t cipher forwardable:b renewable:b client_cert_subject client_cert_fuid server_cert_subject server_cert_fuid`),
  layout('rdp', `${ID} cookie result security_protocol client_channels keyboard_layout client_build client_name client_dig_product_id desktop_width:n desktop_height:n requested_color_depth cert_type cert_count:n cert_permanent:b encryption_level encryption_method`),
  layout('smtp', `${ID} trans_depth:n helo mailfrom rcptto date from to cc reply_to msg_id in_reply_to subject x_originating_ip:a first_received second_received last_reply path user_agent tls:b fuids`),
  layout('ftp', `${ID} user password command arg mime_type file_size:n reply_code:n reply_msg data_channel.passive:b data_channel.orig_h:a data_channel.resp_h:a data_channel.resp_p:p fuid`),
  layout('ntlm', `${ID} username hostname domainname server_nb_computer_name server_dns_computer_name server_tree_name success:b`),
  layout('dce_rpc', `${ID} rtt:n named_pipe endpoint operation`),
  layout('radius', `${ID} username mac framed_addr:a tunnel_client connect_info reply_msg result ttl:n logged:b`),
  layout('smb_mapping', `${ID} path service native_file_system share_type`),
  layout('weird', `${ID} name addl notice:b peer source`),
  layout('snmp', `${ID} duration:n version community get_requests:n get_bulk_requests:n get_responses:n set_requests:n display_string up_since:t`),
  layout('sip', `${ID} trans_depth:n method uri date request_from request_to response_from response_to reply_to call_id seq subject request_path response_path user_agent status_code:n status_msg warning request_body_len:n response_body_len:n content_type`),
  layout('syslog', `${ID} proto:e facility severity message`),
  layout('tunnel', `${ID} tunnel_type action`),
  layout('x509', 'ts:t fingerprint certificate.version:n certificate.serial certificate.subject certificate.issuer certificate.not_valid_before:t certificate.not_valid_after:t certificate.key_alg certificate.sig_alg certificate.key_type certificate.key_length:n certificate.exponent certificate.curve san.dns san.uri san.email san.ip basic_constraints.ca:b basic_constraints.path_len:n'),
  layout('dhcp', 'ts:t uids:u client_addr:a server_addr:a mac:m host_name client_fqdn domain requested_addr:a assigned_addr:a lease_time:n client_message server_message msg_types duration:n'),
  layout('known_services', 'ts:t host:a port_num:p port_proto:e service'),
  layout('software', 'ts:t host:a host_p:p software_type name version.major:n version.minor:n version.minor2:n version.minor3:n version.addl unparsed_version'),
];
/** Columns that newer versions added behind the layout. */
const MORE_MAX = 6;

function fitsType(type: string, cell: string): boolean {
  if (cell === '-' || cell === '(empty)' || type === 's') return true;
  switch (type) {
    case 't': return TIME.test(cell);
    case 'u': return UNIQUE.test(cell);
    case 'a': return isIp(cell) || cell.includes(',') && isIp(cell.slice(0, cell.indexOf(',')));
    case 'p': return cell.length < 6 && DIGITS.test(cell);
    case 'n': return NUMBER.test(cell);
    case 'b': return cell === 'T' || cell === 'F';
    case 'e': return cell === 'tcp' || cell === 'udp' || cell === 'icmp' || cell === 'unknown_transport';
    default: return cell.length === 17 && cell.charCodeAt(2) === 58;
  }
}
const TIME = /^\d{8,11}\.\d{1,9}$/, UNIQUE = /^[CFD][A-Za-z0-9]{0,20}(?:,[CFD][A-Za-z0-9]{0,20}){0,30}$/, DIGITS = /^\d{1,5}$/, NUMBER = /^-?\d{1,20}(?:\.\d{1,9})?$/;

function fits({ types, names }: Layout, cells: readonly string[]): boolean {
  if (cells.length < Math.min(names.length, 6) || cells.length > names.length + MORE_MAX) return false;
  for (let i = 0; i < cells.length && i < types.length; i++) if (!fitsType(types.charAt(i), cells[i] as string)) return false;
  return true;
}

/** The default layout that fits: the named log's, else one of the same length, else one that newer versions made longer; else what all logs of connections begin with. */
function guess(cells: readonly string[], program: string): Layout | undefined {
  const named = /^(?:zeek|bro|corelight)[_-]?(\w{2,20})$/.exec(program)?.[1], fitting = LAYOUTS.filter((one) => fits(one, cells));
  const chosen = fitting.find(({ log }) => log === named) ?? fitting.find(({ names }) => names.length === cells.length) ?? fitting.find(({ names }) => cells.length > names.length);
  if (chosen !== undefined) return chosen;
  return cells.length >= 6 && fits(CONNECTION, cells.slice(0, 6)) ? { ...CONNECTION, log: named ?? 'unknown' } : undefined;
}
const CONNECTION = layout('unknown', ID);

function readTsv(draft: Draft): boolean {
  let columns: Layout | undefined, path = '', record: string | undefined;
  const lines = draft.text.split(/\r?\n/, 200), key = `${draft.source}\n${draft.getText('log.syslog.hostname') ?? ''}\n${draft.program}`;
  for (const line of lines) {
    if (line.startsWith('#path')) path = line.slice(6).trim();
    else if (line.startsWith('#fields')) columns = { log: path, names: line.slice(8).split('\t', 200), types: '' };
    else if (!line.startsWith('#') && line !== '' && record === undefined) record = line;
  }
  const known = draft.context?.columns;
  if (path !== '') known?.set(`path\n${key}`, [path]);
  if (columns !== undefined) known?.set(key, [columns.log, ...columns.names]);
  if (record === undefined) { // comments alone: what follows is of this log
    draft.put('zeek.path', path);
    draft.event['event.dataset'] = 'zeek.header';
    return true;
  }
  const cells = record.split('\t', 200), remembered = known?.get(key);
  if (columns === undefined && remembered !== undefined && remembered.length - 1 === cells.length) columns = { log: remembered[0] as string, names: remembered.slice(1), types: '' };
  columns ??= guess(cells, draft.program);
  if (columns === undefined) return false;
  const flat: Record<string, Value> = Object.create(null) as Record<string, Value>;
  columns.names.forEach((name, i) => {
    const cell = cells[i];
    if (cell !== undefined && cell !== '-' && cell !== '(empty)' && cell !== '' && name.length < 80) flat[name] = LISTS.has(name) && cell.includes(',') ? cell.split(',', 200) : unescape(cell);
  });
  const log = columns.log !== '' ? columns.log : known?.get(`path\n${key}`)?.[0] ?? logOf(columns.names);
  putZeek(draft, log.replace(/[^\w-]/g, '_').slice(0, 40), flat);
  return true;
}
const LISTS = new Set(['tx_hosts', 'rx_hosts', 'conn_uids', 'analyzers', 'answers', 'TTLs', 'rcptto', 'to', 'cc', 'path', 'tags', 'msg_types', 'san.dns', 'uids', 'resp_mime_types', 'orig_mime_types', 'resp_filenames', 'sources', 'actions']);
/** A header without a path: the layout that shares its columns names the log. */
function logOf(names: readonly string[]): string {
  const own = new Set(names);
  let best = 'conn', most = 0;
  for (const { log, names: theirs } of LAYOUTS) { const same = theirs.filter((name) => own.has(name)).length / theirs.length; if (same > most) { most = same; best = log; } }
  return best;
}
/** Bytes that would break the form stand as `\x09`. */
const unescape = (cell: string): string => cell.includes('\\x') ? cell.replace(/\\x([0-9a-fA-F]{2})/g, (whole, hex: string) => { const code = parseInt(hex, 16); return code < 128 ? String.fromCharCode(code) : whole; }) : cell;

const START = /^\d{8,11}\.\d{1,9}\t/;
const looks = (head: string): boolean => head.charCodeAt(0) === 35
  ? /^#(?:separator|fields|path|set_separator|empty_field|unset_field|open|close|types)[ \t]/.test(head) && !head.startsWith('#Fields')
  : START.test(head) && head.indexOf('\t', 20) > 0;
export const zeekTsv: Format = { name: 'zeek.tsv', holds: ['^#', '^00000000.', '^000000000.', '^0000000000.', '^00000000000.'], detect: ({ head }) => looks(head), read: readTsv };
