// W3C extended logs whose columns the log itself names: `#Fields: date time c-ip cs-method cs-uri-stem sc-status ...` (IIS, its FTP and HTTP.sys logs,
// Exchange; ProxySG and Edge SWG, proxy-log.ts). The header is remembered for the lines of the same sender and program that follow; it may change in the middle of a file.
// Lines whose header was never seen are told by what their columns hold (proxy.ts). https://www.w3.org/TR/WD-logfile.html
import { isDigit, readIso, resolve } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { splitCsv } from '../csv.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';
import { isFtp, putForwarded, putFtp, putQuery } from './iis.js';
import { MAIN_COLUMNS, isProxyLog, mainColumns, putProxyLog } from './proxy-log.js';
import { putTarget } from './request.js';

const FIELDS = lookup<string>({
  'c-ip': 'source.ip', 'c-port': 'source.port', 's-ip': 'destination.ip', 's-port': 'destination.port', 'cs-method': 'http.request.method', 'cs-uri-query': 'url.query', 'sc-status': 'http.response.status_code', 'sc-bytes': 'http.response.body.bytes', 'cs-bytes': 'http.request.bytes',
  'cs(user-agent)': 'user_agent.original', 'cs(referer)': 'http.request.referrer', 'cs-version': 'http.version', 's-reason': 'event.reason', 's-computername': 'host.name', 'cs-host': 'url.domain', 'r-ip': 'destination.nat.ip',
});
const keyOf = (draft: Draft): string => `w3c\n${draft.source}\n${draft.getText('log.syslog.hostname') ?? ''}\n${draft.program}`;

function readW3c(draft: Draft): boolean {
  let names: readonly string[] | undefined, record: string | undefined, header = false;
  for (const line of draft.text.split(/\r?\n/, 200)) {
    if (line.startsWith('#')) { header = true; if (/^#Fields: /i.test(line)) names = line.slice(9).trim().split(/\s+/, 100); }
    else if (line !== '') { record = line; break; }
  }
  if (names !== undefined) draft.context?.columns.set(keyOf(draft), names);
  if (record === undefined) { if (!header) return false; draft.event['event.dataset'] = 'w3c.header'; return true; }
  names ??= draft.context?.columns.get(keyOf(draft));
  const tabs = record.includes('\t') && !record.includes(' '), cells = !tabs && record.includes('"') ? splitCsv(record, ' ') : record.split(tabs ? '\t' : ' ', 101);
  if (names?.length !== cells.length) names = mainColumns(cells);
  if (names === undefined) return false;
  const values = new Map(names.map((name, i) => [name.toLowerCase(), cells[i] as string]));
  const client = values.get('c-ip') ?? '-';
  if (client !== '-' && !isIp(client.replace(/%\w+$/, ''))) return false; // another log of the same sender
  if (isProxyLog(values)) { putTimes(draft, values); putProxyLog(draft, values); return true; }
  const stem = values.get('cs-uri-stem') ?? values.get('cs-uri');
  draft.put('event.dataset', stem === undefined ? 'w3c.log' : 'iis.access');
  putValues(draft, values, stem);
  return true;
}

/** A record's columns, by their names in small letters. */
export function putIisValues(draft: Draft, values: ReadonlyMap<string, string>): void { putValues(draft, values, values.get('cs-uri-stem') ?? values.get('cs-uri')); }
function putValues(draft: Draft, values: ReadonlyMap<string, string>, stem: string | undefined): void {
  for (const [name, value] of values) {
    draft.keep(`iis.access.${name}`, value);
    const field = FIELDS[name];
    if (field === undefined || value === '-') continue;
    const plain = field.endsWith('.ip') ? value.replace(/%\w+$/, '') : value;
    if (field.endsWith('.ip') && !isIp(plain)) continue;
    draft.put(field, field === 'user_agent.original' ? value.replaceAll('+', ' ') : field === 'http.version' ? value.replace(/^HTTP\//, '') : field === 'url.domain' ? value.replace(/:\d{1,5}$/, '') : plain);
  }
  const host = draft.getText('url.domain'), query = draft.getText('url.query');
  if (host !== undefined) draft.put('destination.domain', host);
  if (stem !== undefined && stem !== '-') putTarget(draft, stem);
  putQuery(draft, stem ?? '', query);
  const user = values.get('cs-username');
  if (user !== '-') putAccount(draft, 'user', user);
  putForwarded(draft, values.get('x-forwarded-for') ?? values.get('cs(x-forwarded-for)'));
  const taken = values.get('time-taken');
  if (taken !== undefined && /^\d{1,12}$/.test(taken)) draft.put('event.duration', Number(taken) * 1_000_000); // milliseconds
  putTimes(draft, values);
  putMeaning(draft, values, stem);
}

/** A web site's request, an FTP site's command, or what HTTP.sys turned away. */
function putMeaning(draft: Draft, values: ReadonlyMap<string, string>, stem: string | undefined): void {
  const status = Number(draft.get('http.response.status_code')), method = draft.getText('http.request.method');
  if (isFtp(method) || values.has('x-session') && method !== undefined) {
    const command = method as string;
    for (const field of ['http.request.method', 'http.response.status_code', 'url.original', 'url.path', 'url.extension', 'url.query']) delete draft.event[field];
    putFtp(draft, command, said(values, 'x-fullpath') ?? (stem === '-' ? undefined : stem), said(values, 'sc-status'));
  } else if (values.has('s-reason') || values.has('s-queuename')) {
    draft.put('event.dataset', 'iis.error');
    draft.put('url.original', stem);
    draft.act('web_error');
  } else if (method === undefined) draft.act('connection');
  else draft.act('http_request', status >= 400 ? 'failure' : status > 0 ? 'success' : undefined);
}
const said = (values: ReadonlyMap<string, string>, name: string): string | undefined => { const value = values.get(name); return value === undefined || value === '-' || value === '' ? undefined : value; };

function putTimes(draft: Draft, values: ReadonlyMap<string, string>): void {
  const day = values.get('date'), clock = values.get('time'), stamp = day === undefined || clock === undefined ? undefined : readIso(`${day} ${clock}`, 0);
  if (stamp !== undefined) draft.time = resolve(Number.isNaN(stamp.offset) ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone); // written in UTC
}

const looks = (draft: Draft): boolean => draft.head.charCodeAt(0) === 35 ? /^#(?:Software|Version|Date|Fields|Start-Date|Remark|Time Format): /.test(draft.head)
  : draft.head.charCodeAt(4) === 45 && isDigit(draft.head.charCodeAt(0)) && (MAIN_COLUMNS.test(draft.head) || draft.context?.columns.get(keyOf(draft)) !== undefined);
export const w3c: Format = { name: 'w3c.log', holds: ['^0', '^#'], detect: looks, read: readW3c };
