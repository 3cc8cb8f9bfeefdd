// Zscaler Internet Access, as its Nanolog Streaming Service feeds a SIEM: names and values between tabs behind a time (the feed for Splunk and kin),
// `2026-02-17 13:40:03<tab>reason=Allowed<tab>event_id=7<tab>protocol=HTTPS<tab>action=Allowed<tab>...`, its firewall's `datetime=...<tab>user=...`, or
// JSON that says `"sourcetype":"zscalernss-web"`. https://help.zscaler.com/zia/nss-feed-output-format-web-logs, .../nss-feed-output-format-firewall-logs
import { readTime, resolve } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import type { JsonKind } from '../json-fields.js';
import { textOf } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { nativeNames } from '../native-names.js';
import { putTarget } from '../web/request.js';

const NATIVE = nativeNames('zscaler');
const FIELDS = lookup<string>({
  clientip: 'source.ip', cip: 'source.ip', csip: 'source.ip', clientpublicip: 'source.nat.ip', cintip: 'source.nat.ip', ssip: 'source.nat.ip', csport: 'source.port', ssport: 'source.nat.port', serverip: 'destination.ip', sip: 'destination.ip', cdip: 'destination.ip', cdport: 'destination.port', requestmethod: 'http.request.method', reqmethod: 'http.request.method',
  status: 'http.response.status_code', respcode: 'http.response.status_code', useragent: 'user_agent.original', ua: 'user_agent.original', refererurl: 'http.request.referrer', referer: 'http.request.referrer', requestsize: 'http.request.bytes', responsesize: 'http.response.bytes', reason: 'event.reason', threatname: 'threat.name', contenttype: 'http.response.mime_type',
  clt_sip: 'source.ip', srv_dip: 'destination.ip', srv_dport: 'destination.port', dns_req: 'dns.question.name', dns_reqtype: 'dns.question.type', sourceip: 'source.ip', destinationip: 'destination.ip', filename: 'file.name', filemd5: 'file.hash.md5', policy: 'rule.name', reqrulelabel: 'rule.name',
  protocol: 'network.protocol', proto: 'network.transport', nwsvc: 'network.protocol', rulelabel: 'rule.name', devicehostname: 'source.domain', inbytes: 'destination.bytes', outbytes: 'source.bytes',
});
const NOTHING = /^(?:|-|None|NA|N\/A|0\.0\.0\.0|unknown)$/i;

function put(draft: Draft, pairs: Iterable<readonly [key: string, value: string]>): void {
  const values = new Map<string, string>();
  for (const [key, value] of pairs) { draft.keep(NATIVE(key), value); if (!NOTHING.test(value)) values.set(key.toLowerCase(), value); }
  const feed = feedOf(values);
  draft.event['event.dataset'] = `zscaler.${feed}`;
  draft.put('observer.vendor', 'Zscaler');
  for (const [key, value] of values) { const field = FIELDS[key]; if (field !== undefined) draft.fill(field, field === 'network.protocol' || field === 'network.transport' ? value.toLowerCase() : value); }
  putAccount(draft, 'user', values.get('user') ?? values.get('login') ?? values.get('adminid'));
  const url = values.get('url') ?? values.get('eurl'), host = values.get('hostname') ?? values.get('host') ?? values.get('ehost');
  if (url !== undefined) putTarget(draft, url.includes('://') ? url : `${values.get('protocol')?.toLowerCase().startsWith('http') === true ? values.get('protocol')?.toLowerCase() : 'http'}://${url}`);
  if (host !== undefined) { draft.put('url.domain', host); draft.put('destination.domain', host); }
  const denied = /^(?:block|drop|reset|deny|caution)/i.test(values.get('action') ?? '');
  if (feed === 'firewall') draft.act(denied ? 'connection_denied' : 'connection_allowed', denied ? 'failure' : 'success');
  else if (feed === 'web') draft.act('proxy_request', denied ? 'failure' : 'success');
  else if (feed === 'dns') draft.act('dns_query', /BLOCK|DROP/i.test(`${values.get('reqaction') ?? ''} ${values.get('resaction') ?? ''}`) ? 'failure' : 'success');
  else if (feed === 'audit') draft.act('config_changed', values.get('result')?.toUpperCase() === 'SUCCESS' ? 'success' : values.has('result') ? 'failure' : undefined);
  const time = values.get('datetime') ?? values.get('time'), stamp = time === undefined ? undefined : readTime(time, 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
}

/** Told by what a feed has, or by its name: web, firewall, dns, tunnel, audit, casb, alert ... */
function feedOf(values: ReadonlyMap<string, string>): string {
  if (values.has('cdip') || values.has('csip')) return 'firewall';
  if (values.has('dns_req')) return 'dns';
  if (values.has('url') || values.has('eurl')) return 'web';
  return /^zscalernss-([a-z]{2,20})$/.exec(values.get('sourcetype') ?? '')?.[1] ?? 'web';
}

function readTabs(draft: Draft): boolean {
  const cells = draft.text.replace(/^"/, '').split('\t', 200), pairs: [string, string][] = [], time = /^\d{4}-/.test(cells[0] ?? '') ? cells.shift() : undefined;
  if (time !== undefined) pairs.push(['time', time]);
  for (const cell of cells) { const at = cell.indexOf('='); if (at > 0 && at < 60) pairs.push([cell.slice(0, at), cell.slice(at + 1)]); }
  if (pairs.length < 4) return false;
  put(draft, pairs);
  return true;
}

export const zscaler: Format = {
  name: 'zscaler.nss', holds: ['event_id=0', 'csip='],
  detect: ({ head }) => head.includes('\t') && (/^"?(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\t)?reason=[^\t]{0,100}\tevent_id=\d/.test(head) || /^"?datetime=[^\t]{8,40}\tuser=[^\t]{0,200}\t/.test(head) && head.includes('\tcsip=')),
  read: readTabs,
};

/** The feed for Splunk as JSON puts the members below `event`, which an HTTP event collector takes off. */
export const zscalerJson: JsonKind = {
  dataset: 'zscaler.web',
  is: (flat) => textOf(flat, 'sourcetype')?.startsWith('zscalernss-') ?? (textOf(flat, 'vendor') === 'Zscaler' && textOf(flat, 'product')?.startsWith('NSS') === true),
  read(draft, flat) { put(draft, Object.keys(flat).map((key) => [key.startsWith('event.') ? key.slice(6) : key, textOf(flat, key) ?? ''] as const)); },
};
