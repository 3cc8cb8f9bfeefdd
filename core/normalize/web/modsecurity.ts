// ModSecurity and Coraza: the serial audit log of several lines, cut in parts `--<boundary>-A--` ... `-Z--`; the same as JSON (version 2 and 3); and
// the tags that its messages carry in the error logs of Apache and nginx: `[id "942100"] [msg "SQL Injection"] [hostname "x"] [uri "/y"]`.
// https://github.com/owasp-modsecurity/ModSecurity/wiki (ModSecurity 2 Data Formats).
import { readDayMonth, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { has, keepAll, putAll, putJsonTime, textOf, type Flat, type JsonKind, type Names } from '../json-fields.js';
import { isIp } from '../net.js';
import { putHeaders, putRequest, putTarget } from './request.js';

const TEXT_MAX = 65_536;

/** The value of `[name "value"]`, of several the last: what an attacker typed stands in `data`, before the server's own. */
export function modsecurityTag(said: string, name: string): string | undefined {
  const at = said.lastIndexOf(`[${name} "`), end = said.indexOf('"]', at);
  return at < 0 || end < 0 ? undefined : said.slice(at + name.length + 3, end);
}

/** Which rule met, on which host and path; false when the text is none of ModSecurity's. */
export function putModsecurity(draft: Draft, said: string): boolean {
  if (!said.includes('ModSecurity') && !said.includes('[id "')) return false; // Coraza's have the same tags
  draft.put('rule.id', modsecurityTag(said, 'id'));
  draft.put('rule.name', modsecurityTag(said, 'msg'));
  draft.put('modsecurity.severity', modsecurityTag(said, 'severity'));
  return draft.has('rule.id');
}

/** The same in the message of a web server, and where it says the request went. */
export function readModsecurity(draft: Draft, said: string): void {
  if (said.includes('ModSecurity') && putModsecurity(draft, said)) putWhere(draft, said);
}
function putWhere(draft: Draft, said: string): void {
  const host = modsecurityTag(said, 'hostname');
  draft.fill('url.domain', host);
  draft.fill(host !== undefined && isIp(host) ? 'destination.ip' : 'destination.domain', host);
  if (!draft.has('url.original')) putTarget(draft, modsecurityTag(said, 'uri') ?? '');
}

const PART = /^-{2,3}[A-Za-z0-9]{4,32}-{1,3}([A-Z])--\s*$/;
const HEAD = /^\[(\d\d\/[A-Z][a-z]{2}\/\d{4}[^\]]{9,29})\] (\S{1,64}) ([0-9a-fA-F.:]{3,45}) (\d{1,5}) ([0-9a-fA-F.:]{3,45}) (\d{1,5})(?:\s|$)/;
/** A line of part H that names a rule; the parts of a record may come one line a message. */
const MET = /^(?:Message: |Apache-Error: \[file |(?:\[client "?[^\]"]{2,64}"?\] )?(?:ModSecurity|Coraza): (?:Warning|Access (?:denied|to phase)))/;
/** Coraza's own log says the client before the message, and of a request no more than the message does. */
const ALONE = /^\[client "?([^\]"]{2,64})"?\] Coraza: /;

function readSerial(draft: Draft): boolean {
  const parts = new Map<string, string[]>();
  let part = '';
  for (const line of draft.text.slice(0, TEXT_MAX).split(/\r?\n|#012/, 4000)) {
    const begins = line.startsWith('--') ? PART.exec(line) : null;
    if (begins !== null) { part = begins[1] as string; if (!parts.has(part)) parts.set(part, []); } else if (part !== '') parts.get(part)?.push(line);
  }
  if (parts.size === 0) { parts.set('A', [draft.head]); if (MET.test(draft.head)) parts.set('H', [draft.text.slice(0, TEXT_MAX)]); }
  const head = HEAD.exec(parts.get('A')?.[0] ?? '');
  if (head !== null) {
    const stamp = readDayMonth(head[1] as string, 0);
    if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
    draft.put('modsecurity.audit.unique_id', head[2]);
    draft.put('source.ip', head[3]); draft.put('source.port', head[4]); draft.put('destination.ip', head[5]); draft.put('destination.port', head[6]);
  }
  const [request = '', ...headers] = parts.get('B') ?? [];
  if (putRequest(draft, request)) { draft.act('http_request'); putHeaders(draft, headers.join('\n')); putHost(draft); }
  const answer = /^HTTP\/[\d.]{1,3} (\d{3})/.exec(parts.get('F')?.[0] ?? '');
  draft.put('http.response.status_code', answer?.[1]);
  const body = parts.get('C')?.join('\n').trim();
  if (body !== undefined && body !== '') draft.put('http.request.body.content', body.slice(0, 4096));
  const met = (parts.get('H') ?? []).filter((line) => line.startsWith('Message: ') || line.startsWith('ModSecurity: ') || ALONE.test(line)), chosen = met.find((line) => line.includes('[id "') && line.includes('[msg "') && !/Anomaly Score/.test(line)) ?? met[0];
  if (chosen !== undefined) { draft.put('event.reason', chosen.slice(chosen.indexOf(': ') + 2).split(' [file ', 1)[0]); putModsecurity(draft, chosen); draft.act('web_attack_detected', /Access denied/.test(met.join('\n')) ? 'failure' : undefined); }
  const alone = ALONE.exec(draft.head)?.[1];
  if (alone !== undefined && isIp(alone)) { draft.put('source.ip', alone); putWhere(draft, draft.text.slice(0, TEXT_MAX)); }
  draft.put('modsecurity.audit.messages', met.slice(0, 50).map((line) => line.slice(0, 1000)));
  if (!draft.has('event.action')) draft.act('http_request');
  return true;
}

/** `Host: x:8443` is a name and a port. */
function putHost(draft: Draft): void {
  const host = draft.getText('url.domain'), colon = host?.lastIndexOf(':') ?? -1;
  if (host === undefined) return;
  const name = colon > 0 && /^\d{1,5}$/.test(host.slice(colon + 1)) && !isIp(host) ? host.slice(0, colon) : host;
  draft.put('url.domain', name);
  if (!isIp(name)) draft.fill('destination.domain', name);
}

const JSON_NAMES: Names = [
  ['transaction.remote_address', 'source.ip'], ['transaction.client_ip', 'source.ip'], ['transaction.remote_port', 'source.port'], ['transaction.client_port', 'source.port'], ['transaction.local_address', 'destination.ip'], ['transaction.host_ip', 'destination.ip'], ['transaction.local_port', 'destination.port'], ['transaction.host_port', 'destination.port'],
  ['response.status', 'http.response.status_code'], ['transaction.response.http_code', 'http.response.status_code'], ['transaction.response.status', 'http.response.status_code'], ['transaction.request.method', 'http.request.method'], ['transaction.request.http_version', 'http.version'], ['transaction.messages.message', 'rule.name'], ['transaction.messages.details.ruleId', 'rule.id'], ['messages.message', 'rule.name'], ['messages.data.id', 'rule.id'], ['transaction.messages.data.id', 'rule.id'],
];
export const modsecurityJson: JsonKind = {
  dataset: 'modsecurity.auditlog',
  is: (flat) => has(flat, 'transaction.remote_address') || has(flat, 'transaction.client_ip'),
  read(draft, flat) {
    keepAll(draft, 'modsecurity.audit', flat);
    putJsonTime(draft, textOf(flat, 'transaction.time') ?? textOf(flat, 'transaction.time_stamp') ?? textOf(flat, 'transaction.timestamp'));
    putAll(draft, flat, JSON_NAMES);
    for (const [name, field] of HEADERS) draft.fill(field, header(flat, name));
    putHost(draft);
    const line = textOf(flat, 'request.request_line');
    if (line !== undefined) putRequest(draft, line); else putTarget(draft, textOf(flat, 'transaction.request.uri') ?? '');
    const messages = flat['audit_data.messages'], first = Array.isArray(messages) ? messages.map(String).find((one) => one.includes('[id "')) : undefined;
    if (first !== undefined) putModsecurity(draft, first);
    const stopped = textOf(flat, 'audit_data.action.intercepted') === 'true' || textOf(flat, 'transaction.is_interrupted') === 'true', status = Number(draft.get('http.response.status_code'));
    if (draft.has('rule.id') || draft.has('rule.name') || first !== undefined) draft.act('web_attack_detected', stopped ? 'failure' : undefined); else draft.act('http_request', status >= 400 ? 'failure' : status > 0 ? 'success' : undefined);
  },
};
const HEADERS = [['user-agent', 'user_agent.original'], ['host', 'url.domain'], ['referer', 'http.request.referrer']] as const;
/** A request's header, however it is spelled: over HTTP/2 names are small. */
function header(flat: Flat, name: string): string | undefined {
  for (const key of Object.keys(flat)) {
    const at = key.startsWith('request.headers.') ? 16 : key.startsWith('transaction.request.headers.') ? 28 : -1;
    if (at > 0 && key.length === at + name.length && key.slice(at).toLowerCase() === name) return textOf(flat, key);
  }
  return undefined;
}

export const modsecuritySerial: Format = { name: 'modsecurity.auditlog', holds: ['^--', '^[00/', '^Message: ', '^Apache-Error: [file ', '^ModSecurity: ', '] ModSecurity: ', 'Coraza: '], detect: ({ head }) => head.startsWith('--') ? /^-{2,3}[A-Za-z0-9]{4,32}-{1,3}[A-Z]--/.test(head) : HEAD.test(head) || MET.test(head) && head.includes('[id "'), read: readSerial };
