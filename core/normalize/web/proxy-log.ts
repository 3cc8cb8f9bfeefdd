// Access logs of ProxySG, now Edge SWG, in the W3C extended form: by the columns its header names, or, where no header came, by those of its `main`
// format, which has the verdict (OBSERVED, PROXIED, DENIED) in the eighth or, since suppliers are logged, the twelfth column.
// https://techdocs.broadcom.com/us/en/symantec-security-software/web-and-network-security/edge-swg
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import { nativeNames } from '../native-names.js';
import { isIp } from '../net.js';
import { putTarget } from './request.js';

const START = 'date time time-taken c-ip cs-username cs-auth-group', SUPPLIER = 's-supplier-name s-supplier-ip s-supplier-country s-supplier-failures';
const REST = 'x-exception-id sc-filter-result cs-categories cs(Referer) sc-status s-action cs-method rs(Content-Type) cs-uri-scheme cs-host cs-uri-port cs-uri-path cs-uri-query cs-uri-extension cs(User-Agent) s-ip sc-bytes cs-bytes x-virus-id';
const MAIN = `${START} ${REST}`.split(' '), MAIN_WITH_SUPPLIER = `${START} ${SUPPLIER} ${REST}`.split(' ');

/** A line of the `main` format, by its look. */
export const MAIN_COLUMNS = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \d{1,10} [0-9a-fA-F.:]{3,45} .{1,400} (?:OBSERVED|PROXIED|DENIED) /;
/** The names of a line's columns, as far as the `main` format names them. */
export function mainColumns(cells: readonly string[]): readonly string[] | undefined {
  for (const names of [MAIN, MAIN_WITH_SUPPLIER]) if (cells.length >= names.length && /^(?:OBSERVED|PROXIED|DENIED)$/.test(cells[names.indexOf('sc-filter-result')] ?? '')) return names;
  return undefined;
}

type Values = ReadonlyMap<string, string>;
export const isProxyLog = (values: Values): boolean => values.has('sc-filter-result') || values.has('s-action') || values.has('cs-uri-scheme');

const NATIVE = nativeNames('proxysg.access');
const FIELDS = lookup<string>({
  'c-ip': 'source.ip', 'c-port': 'source.port', 'r-ip': 'destination.ip', 'cs-ip': 'destination.ip', 'cs-uri-address': 'destination.ip', 'r-port': 'destination.port', 'cs-uri-port': 'destination.port', 's-ip': 'observer.ip', 's-computername': 'observer.name', 'cs-method': 'http.request.method', 'sc-status': 'http.response.status_code',
  'sc-bytes': 'http.response.bytes', 'cs-bytes': 'http.request.bytes', 'cs(user-agent)': 'user_agent.original', 'cs(referer)': 'http.request.referrer', 'cs-host': 'url.domain', 'rs(content-type)': 'http.response.mime_type', 'x-virus-id': 'threat.name', 'x-exception-id': 'event.reason',
});

export function putProxyLog(draft: Draft, values: Values): void {
  const said = (name: string): string | undefined => { const value = values.get(name); return value === undefined || value === '' || value === '-' ? undefined : value; };
  draft.put('event.dataset', 'proxysg.access');
  draft.put('observer.vendor', 'Symantec');
  for (const [name, value] of values) {
    draft.keep(NATIVE(name), value);
    const field = FIELDS[name];
    if (field !== undefined && said(name) !== undefined && (!field.endsWith('.ip') || isIp(value))) draft.put(field, value);
  }
  const host = said('cs-host'), scheme = said('cs-uri-scheme'), port = said('cs-uri-port'), whole = said('cs-uri');
  if (host !== undefined) { draft.put('destination.domain', host); if (isIp(host)) draft.fill('destination.ip', host); }
  const standard = port === undefined || (scheme === 'http' && port === '80') || (scheme === 'https' && port === '443') || port === '0';
  if (whole !== undefined) putTarget(draft, whole);
  else if (host !== undefined && scheme !== undefined) putTarget(draft, `${scheme}://${host}${standard ? '' : `:${port}`}${said('cs-uri-path') ?? said('cs-uri-stem') ?? '/'}${queryOf(said('cs-uri-query'))}`);
  putAccount(draft, 'user', said('cs-username'));
  const taken = Number(said('time-taken'));
  if (Number.isFinite(taken)) draft.put('event.duration', taken * 1_000_000); // milliseconds
  draft.act('proxy_request', said('sc-filter-result') === 'DENIED' || Number(said('sc-status')) >= 400 ? 'failure' : 'success');
}
const queryOf = (query: string | undefined): string => (query === undefined ? '' : query.startsWith('?') ? query : `?${query}`);
