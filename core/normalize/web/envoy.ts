// Envoy's access log in its default form, and Istio's, which says more before the bytes and behind the upstream. Neither says a client's port but Istio's, and the default
// form knows a client only as the X-Forwarded-For names it.
//   [2026-02-17T06:40:03.123Z] "GET /a HTTP/1.1" 200 - 0 512 12 11 "203.0.113.9" "agent" "request-id" "dvc.example.vn" "192.0.2.8:8080"
// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string
import { readIso, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, splitEndpoint } from '../net.js';
import { putTarget } from './request.js';

const QUOTED = '"([^"]{0,2000})"';
const LINE = new RegExp(String.raw`^\[(\d{4}-\d\d-\d\dT[\d:.]{8,18}Z)\] "(\S{1,20}) (\S{1,4000}) (HTTP/[\d.]{1,3}|-)" (\d{1,3}) (\S{1,60}) (?:(\S{1,300}) \S{1,300} "[^"]{0,1000}" )?(\d{1,18}) (\d{1,18}) (\d{1,18}|-) (?:\d{1,18}|-) ${QUOTED} ${QUOTED} "([^"]{0,200})" "([^"]{0,300})" "([^"]{0,100})"(?: (\S{1,300}) (\S{1,100}) (\S{1,100}) (\S{1,100}) (\S{1,300}))?`);
const START = /^\[\d{4}-\d\d-\d\dT[\d:.]{8,18}Z\] "(?:[A-Z]{3,20}|-) \S/;

function readEnvoy(draft: Draft): boolean {
  const found = LINE.exec(draft.text.slice(0, 16_384));
  if (found === null) return false;
  const [, time = '', method = '', target = '', version = '', status = '', flags, details, received, sent, taken, forwarded = '', agent, id, authority = '', upstream = '', cluster, , local = '', remote = '', server] = found;
  const stamp = readIso(time, 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  if (method !== '-') { draft.put('http.request.method', method); putTarget(draft, target); draft.put('http.version', version.slice(5)); }
  if (Number(status) > 0) draft.put('http.response.status_code', status);
  draft.put('envoyproxy.response_flags', flags);
  draft.put('event.reason', details);
  draft.put('http.request.body.bytes', received); draft.put('http.response.body.bytes', sent);
  if (taken !== '-') draft.put('event.duration', Number(taken) * 1_000_000);
  draft.put('user_agent.original', agent);
  draft.put('http.request.id', id);
  const host = authority.replace(/:\d{1,5}$/, '');
  if (host !== '-') { draft.put('url.domain', host); if (!isIp(host)) draft.put('destination.domain', host); }
  putEnd(draft, 'destination.nat', upstream); putEnd(draft, 'destination', local); putEnd(draft, 'source', remote);
  draft.put('envoyproxy.upstream_cluster', cluster);
  draft.put('tls.client.server_name', server);
  const first = forwarded.split(',', 1)[0]?.trim() ?? '';
  if (isIp(first)) { if (!draft.has('source.ip')) draft.put('source.ip', first); else if (first !== draft.get('source.ip')) draft.put('network.forwarded_ip', first); }
  draft.put('service.name', 'envoy');
  if (method === '-') draft.act('connection'); else draft.act('http_request', Number(status) >= 400 || Number(status) === 0 ? 'failure' : 'success');
  return true;
}

function putEnd(draft: Draft, side: 'source' | 'destination' | 'destination.nat', place: string): void {
  const { host, port } = splitEndpoint(place);
  if (isIp(host)) { draft.put(`${side}.ip`, host); draft.put(`${side}.port`, port); }
}

export const envoy: Format = { name: 'envoyproxy.access', holds: ['^[0000-00-00'], detect: ({ head }) => START.test(head), read: readEnvoy };
