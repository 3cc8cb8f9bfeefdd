// IIS without a #Fields line: the W3C extended columns, told by what they hold, of its web and FTP sites and of HTTP.sys' error log, and IIS' own
// comma-separated form. Under a #Fields line they are read by name (w3c.ts). https://learn.microsoft.com/windows/win32/http/w3c-logging
// https://learn.microsoft.com/windows/win32/http/iis-logging
import { readIso, readSlashed, resolve } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { isIp, splitEndpoint } from '../net.js';
import { putTarget } from './request.js';

const METHODS = new Set(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'CONNECT', 'TRACE', 'PROPFIND', 'SEARCH', 'MKCOL', 'MOVE', 'COPY', 'LOCK', 'UNLOCK', 'PROPPATCH', 'RPC_IN_DATA', 'RPC_OUT_DATA', 'DEBUG']);
type Stamp = ReturnType<typeof readIso>;

/** `date time [sitename computer] s-ip METHOD stem query port user c-ip [version] agent [cookie] [referer] [host] status substatus win32 [bytes ...] time [forwarded]`. */
function readIis(draft: Draft): boolean {
  const words = draft.text.trimEnd().split(' ', 40), stamp = readIso(`${words[0] ?? ''} ${words[1] ?? ''}`, 0);
  if (HTTP_ERR.test(draft.head)) return readHttpErr(draft, words, stamp);
  if (FTP.test(draft.head)) return readFtp(draft, words, stamp);
  const at = words.findIndex((word, i) => i >= 2 && i < 7 && METHODS.has(word));
  if (stamp === undefined || at < 0 || words.length < at + 8) return false;
  putUtc(draft, stamp);
  putAddress(draft, 'destination.ip', words[at - 1]);
  const [site, computer] = words.slice(2, at - 1);
  if (site?.startsWith('W3SVC') === true) { draft.put('iis.access.site_name', site); draft.fill('host.name', computer); }
  draft.put('http.request.method', words[at]);
  const stem = words[at + 1] ?? '', query = words[at + 2] ?? '-';
  putTarget(draft, stem);
  putQuery(draft, stem, query);
  draft.put('destination.port', words[at + 3]);
  putAccount(draft, 'user', words[at + 4]);
  putAddress(draft, 'source.ip', words[at + 5]);
  let p = at + 6;
  if (words[p]?.startsWith('HTTP/') === true) { draft.put('http.version', (words[p] as string).slice(5)); p++; }
  draft.put('user_agent.original', words[p]?.replaceAll('+', ' '));
  let status = -1;
  for (let i = p + 1; i < words.length - 2 && status < 0; i++) if (/^[1-5]\d\d$/.test(words[i] ?? '') && /^\d{1,3}$/.test(words[i + 1] ?? '') && /^\d{1,10}$/.test(words[i + 2] ?? '')) status = i;
  if (status > 0) putStatus(draft, words, p, status);
  draft.put('http.request.referrer', words.slice(p + 1).find((word) => /^https?:\/\//.test(word)));
  draft.act('http_request', Number(words[status]) >= 400 ? 'failure' : 'success');
  return true;
}

/** IIS logs a page and its query apart; rules ask for both together. */
export function putQuery(draft: Draft, stem: string, query: string | undefined): void {
  if (query === undefined || query === '' || query === '-') return;
  draft.put('url.query', query);
  draft.put('iis.access.uri', `${stem}?${query}`);
}

function putStatus(draft: Draft, words: readonly string[], agent: number, status: number): void {
  draft.put('http.response.status_code', words[status]);
  draft.put('iis.access.sub_status', words[status + 1]); draft.put('iis.access.win32_status', words[status + 2]);
  for (const word of words.slice(agent + 1, status)) {
    if (word.startsWith('http://') || word.startsWith('https://')) draft.put('http.request.referrer', word);
    else if (/^[A-Za-z0-9._-]+(?::\d+)?$/.test(word) && word !== '-') { const host = word.replace(/:\d+$/, ''); draft.put('url.domain', host); draft.put('destination.domain', host); }
  }
  const rest = words.slice(status + 3), numbers = rest.findIndex((word) => !/^\d{1,15}$/.test(word)), counted = numbers < 0 ? rest.length : numbers;
  if (counted >= 3) { draft.put('http.response.body.bytes', rest[0]); draft.put('http.request.bytes', rest[1]); }
  if (counted === 1 || counted === 3) draft.put('event.duration', Number(rest[counted - 1]) * 1_000_000);
  putForwarded(draft, rest[counted]);
}

/** X-Forwarded-For as IIS writes it: `203.0.113.9:51122,+192.0.2.1`; the first is whom the first proxy saw. */
export function putForwarded(draft: Draft, text: string | undefined): void {
  const { host } = splitEndpoint(text?.split(',', 1)[0]?.replace(/^\+/, '') ?? '');
  if (isIp(host)) draft.put('network.forwarded_ip', host);
}
function putAddress(draft: Draft, field: string, word: string | undefined): void {
  const address = word?.replace(/%\w+$/, '') ?? '';
  if (isIp(address)) draft.put(field, address);
}
/** IIS writes UTC. */
function putUtc(draft: Draft, stamp: NonNullable<Stamp>): void { draft.time = resolve(Number.isNaN(stamp.offset) ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone); }

/** HTTP.sys' error log: `date time c-ip c-port s-ip s-port version method uri [stream] status site reason queue`. */
function readHttpErr(draft: Draft, words: readonly string[], stamp: Stamp): boolean {
  if (stamp !== undefined) putUtc(draft, stamp);
  const [, , client, clientPort, server, serverPort, version = '', method, uri = ''] = words;
  putAddress(draft, 'source.ip', client); draft.put('source.port', clientPort); putAddress(draft, 'destination.ip', server); draft.put('destination.port', serverPort);
  draft.put('http.version', version.slice(5));
  draft.put('http.request.method', method);
  putTarget(draft, uri);
  draft.put('event.reason', words.slice(10, -1).find((word) => /^[A-Z][A-Za-z_/]{2,40}$/.test(word)));
  draft.put('http.response.status_code', words.slice(9, 11).find((word) => /^[1-5]\d\d$/.test(word)));
  draft.put('event.dataset', 'iis.error');
  draft.act('web_error');
  return true;
}

// --- FTP ------------------------------------------------------------------------------------------------------------------------
const FTP_ACTIONS = lookup<Action>({ PASS: 'login', STOR: 'file_uploaded', STOU: 'file_uploaded', APPE: 'file_uploaded', RETR: 'file_downloaded', DELE: 'file_deleted', RMD: 'file_deleted', XRMD: 'file_deleted', MKD: 'file_created', XMKD: 'file_created', RNFR: 'file_changed', RNTO: 'file_changed', QUIT: 'logout', CONTROLCHANNELOPENED: 'connection', CONTROLCHANNELCLOSED: 'connection_ended' });
const FTP_COMMAND = /^(?:\[\d{1,10}\])?((?:USER|PASS|ACCT|CWD|XCWD|CDUP|PWD|XPWD|STOR|STOU|RETR|APPE|DELE|MKD|XMKD|RMD|XRMD|RNFR|RNTO|LIST|NLST|MLSD|MLST|SIZE|MDTM|PASV|EPSV|PORT|EPRT|TYPE|MODE|STRU|REST|ABOR|SYST|STAT|HELP|NOOP|FEAT|OPTS|SITE|AUTH|PBSZ|PROT|CCC|HOST|LANG|QUIT)|(?:Control|Data)Channel(?:Opened|Closed))$/;
export const isFtp = (method: string | undefined): boolean => method !== undefined && FTP_COMMAND.test(method);

/** What an FTP command was, and what became of it. */
export function putFtp(draft: Draft, method: string, path: string | undefined, status: string | undefined): void {
  const command = FTP_COMMAND.exec(method)?.[1] ?? method, action = FTP_ACTIONS[command.toUpperCase()], code = Number(status), failed = code >= 400;
  draft.put('event.dataset', 'iis.ftp');
  draft.put('network.protocol', 'ftp');
  draft.put('ftp.command', command);
  draft.put('event.code', status);
  if (action?.startsWith('file_') === true) draft.put('file.path', path);
  draft.act(action === 'login' ? failed ? 'login_failed' : 'login' : action ?? 'connection', code > 0 ? failed ? 'failure' : 'success' : undefined);
}

/** `date time c-ip user s-ip s-port COMMAND stem status win32 substatus session fullpath`. */
const FTP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [0-9a-fA-F.:]{3,45} \S{1,256} [0-9a-fA-F.:]{3,45} \d{1,5} (?:[A-Z]{3,5}|(?:Control|Data)Channel(?:Opened|Closed)) \S/;
function readFtp(draft: Draft, words: readonly string[], stamp: Stamp): boolean {
  const [, , client, user, server, port, method = '', stem, status, , , , whole] = words;
  if (!isFtp(method)) return false;
  if (stamp !== undefined) putUtc(draft, stamp);
  putAddress(draft, 'source.ip', client); putAddress(draft, 'destination.ip', server); draft.put('destination.port', port);
  putAccount(draft, 'user', user);
  putFtp(draft, method, whole ?? stem, status);
  return true;
}

// --- IIS' own form: `c-ip, user, date, time, service, computer, s-ip, ms, received, sent, status, win32, METHOD, target, query,` -------------
const COMMAS = /^[0-9a-fA-F.:]{3,45}, [^,]{1,256}, \d{1,2}\/\d{1,2}\/\d{2,4}, \d{1,2}:\d\d:\d\d, [A-Z0-9]{2,8}SVC\d{0,10}, /;
function readCommas(draft: Draft): boolean {
  const [client, user, date = '', time = '', , computer, server, taken, received, sent, status, , method = '', target = '', query] = draft.text.split(', ', 20).map((cell) => cell.replace(/,\s*$/, ''));
  const stamp = readSlashed(`${date.replace(/\/(\d\d)$/, '/20$1')} ${time}`, 0);
  draft.timeFrom(stamp); // written in local time
  putAddress(draft, 'source.ip', client); putAddress(draft, 'destination.ip', server);
  putAccount(draft, 'user', user);
  draft.put('host.name', computer);
  draft.put('event.duration', Number(taken) * 1_000_000);
  if (isFtp(method)) { putFtp(draft, method, target, status); return true; }
  draft.put('http.request.bytes', received); draft.put('http.response.body.bytes', sent); draft.put('http.response.status_code', status);
  draft.put('http.request.method', method);
  putTarget(draft, target);
  putQuery(draft, target, query?.trimEnd());
  draft.act('http_request', Number(status) >= 400 ? 'failure' : 'success');
  return true;
}

const HTTP_ERR = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S{3,45} \d{1,5} \S{3,45} \d{1,5} (?:HTTP\/\d|- - - )/;
const W3C = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:\S{1,64} ){0,3}\S{2,64} (?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND|SEARCH|RPC_IN_DATA|RPC_OUT_DATA|DEBUG|MKCOL|MOVE|COPY|LOCK|UNLOCK) \S/;
export const iis: Format = { name: 'iis.access', holds: ['^0000-00-00 00:00:00 '], detect: ({ head }) => W3C.test(head) || HTTP_ERR.test(head) || FTP.test(head), read: readIis };
export const iisCommas: Format = { name: 'iis.access', holds: ['SVC'], detect: ({ head }) => COMMAS.test(head), read: readCommas };
