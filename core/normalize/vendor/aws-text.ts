// Lines of AWS that are no JSON: flows of a VPC in the default layout (version 2), and requests to its load balancers.
//   2 111122223333 eni-0a1b2c3d 203.0.113.9 192.0.2.8 51122 22 6 10 840 1771310403 1771310463 REJECT OK
//   https 2026-02-17T06:40:03.123456Z app/lb/50dc 203.0.113.9:51122 192.0.2.8:80 0.000 0.001 0.000 200 200 34 366 "GET https://www.example.org:443/ HTTP/1.1" "curl/8" ...
// https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
import { readIso, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, protocolName, splitEndpoint } from '../net.js';
import { putRequest } from '../web/request.js';

const FLOW = /^[2-9] (\d{12}|unknown) (eni-[0-9a-f]{6,20}) (\S{2,45}) (\S{2,45}) (\d{1,5}) (\d{1,5}) (\d{1,3}) (\d{1,15}) (\d{1,18}) (\d{10}) (\d{10}) (ACCEPT|REJECT) (OK|NODATA|SKIPDATA)/;
function readFlow(draft: Draft): boolean {
  const found = FLOW.exec(draft.head);
  if (found === null) return false;
  const [, account, face, source, destination, sourcePort, destinationPort, protocol = '', packets, bytes, start, end, verdict] = found;
  draft.put('cloud.provider', 'aws'); draft.put('cloud.account.id', account); draft.put('observer.ingress.interface.name', face);
  draft.put('source.ip', source); draft.put('destination.ip', destination); draft.put('source.port', sourcePort); draft.put('destination.port', destinationPort);
  draft.put('network.transport', protocolName(protocol)); draft.put('network.packets', packets); draft.put('network.bytes', bytes);
  draft.put('event.start', new Date(Number(start) * 1000).toISOString()); draft.put('event.end', new Date(Number(end) * 1000).toISOString()); draft.put('event.duration', (Number(end) - Number(start)) * 1e9);
  draft.timeFrom(Number(end) * 1000);
  draft.act(verdict === 'ACCEPT' ? 'connection_allowed' : 'connection_denied');
  return true;
}
export const awsFlow: Format = { name: 'aws.vpcflow', holds: [' eni-'], detect: ({ head }) => FLOW.test(head), read: readFlow };

/** What stands before the client may have been read as a header. */
const REQUEST = /^(?:(?:(https?|h2|grpcs|wss?) )?(\d{4}-\d\d-\d\dT[\d:.]{8,15}Z) (\S{1,200}) )?(\d[\d.]{6,14}:\d{1,5}|\[?[0-9a-fA-F:]{2,45}\]?:\d{1,5}) (-|\d[\d.]{6,14}:\d{1,5}|\[?[0-9a-fA-F:]{2,45}\]?:\d{1,5}) (-?[\d.]{1,12}) (-?[\d.]{1,12}) (-?[\d.]{1,12}) (\d{3}|-) (\d{3}|-) (\d{1,18}) (\d{1,18}) "([^"]{1,8000})"(?: "([^"]{0,2000})")?(?: (\S{1,80}) (\S{1,40}))?/;
function readBalancer(draft: Draft): boolean {
  const found = REQUEST.exec(draft.text.slice(0, 16_384));
  if (found === null) return false;
  const [whole, named, time = '', lb, client = '', target = '', , took, , status, own, received, sent, request = '', agent, cipher, version] = found, stamp = readIso(time, 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  const asHeader = named === undefined && /^(?:https?|h2|grpcs|wss?)$/.test(draft.getText('host.name') ?? ''), scheme = named ?? (asHeader ? draft.getText('host.name') : undefined), balancer = lb ?? (asHeader ? draft.getText('process.name') : undefined);
  if (asHeader) for (const field of ['host.name', 'log.syslog.hostname', 'log.syslog.appname', 'process.name']) delete draft.event[field];
  draft.put('cloud.provider', 'aws'); draft.put('observer.name', balancer); draft.put('network.transport', 'tcp'); draft.put('network.protocol', scheme === 'https' || scheme === 'h2' ? 'https' : scheme === undefined ? undefined : 'http');
  for (const [side, text] of [['source', client], ['destination', target]] as const) { const { host, port } = splitEndpoint(text); if (isIp(host)) { draft.put(`${side}.ip`, host); draft.put(`${side}.port`, port); } }
  putRequest(draft, request);
  draft.put('http.response.status_code', status); draft.put('aws.elb.target_status_code', own); draft.put('http.request.bytes', received); draft.put('http.response.bytes', sent); draft.put('user_agent.original', agent);
  draft.put('tls.cipher', cipher); draft.put('tls.version', version?.replace(/^TLSv/, ''));
  if (Number(took) > 0) draft.put('event.duration', Math.round(Number(took) * 1e9));
  draft.put('aws.elb.trace_id', /"(Root=[^"]{1,200})"/.exec(draft.text.slice(whole.length, whole.length + 1000))?.[1]);
  draft.act('http_request', Number(status) >= 400 ? 'failure' : 'success');
  return true;
}
export const awsBalancer: Format = { name: 'aws.elb', holds: [' 0.000 ', ' 0.000000 ', ' -0 -0 -0 '], detect: ({ head }) => REQUEST.test(head), read: readBalancer };
