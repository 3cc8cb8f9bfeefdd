// Gateways in front of sites and people: Cloudflare's requests, rules, administrators and names asked, packets that Azure's network security groups let through, Sophos Firewall as JSON.
import { has, listOf, putAnswers, textOf, type Flat } from '../json-fields.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import type { Action } from '../actions.js';
import { putTarget } from '../web/request.js';
import { means, type Product } from './product.js';

// --- Cloudflare: https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/ --------------------------------------------------------------
const REQUEST = means(`
  source.ip: ClientIP
  source.port: ClientSrcPort
  source.geo.country_iso_code: ClientCountry
  destination.ip: OriginIP
  http.request.method: ClientRequestMethod
  http.request.referrer: ClientRequestReferer ClientRefererHost
  http.request.bytes: ClientRequestBytes
  http.response.status_code: EdgeResponseStatus
  http.response.bytes: EdgeResponseBytes
  http.request.id: RayID
  user_agent.original: ClientRequestUserAgent
  network.protocol: ClientRequestScheme
  tls.version: ClientSSLProtocol
  tls.cipher: ClientSSLCipher
  rule.id: SecurityRuleID RuleID
  rule.name: SecurityRuleDescription Description`);
const target = (draft: Draft, flat: Flat): void => {
  const host = textOf(flat, 'ClientRequestHost'), uri = textOf(flat, 'ClientRequestURI') ?? `${textOf(flat, 'ClientRequestPath') ?? ''}${textOf(flat, 'ClientRequestQuery') ?? ''}`;
  if (uri !== '') putTarget(draft, uri);
  draft.put('url.domain', host?.replace(/:\d{1,5}$/, ''));
  draft.put('http.version', /HTTP\/([\d.]{1,3})/.exec(textOf(flat, 'ClientRequestProtocol') ?? '')?.[1]);
};
const STOPS = /^(?:block|drop|challenge|jschallenge|managed_?challenge|connectionclose|challengefailed)/i;
const cloudflareHttp: Product = {
  dataset: 'cloudflare.http', maker: 'Cloudflare / CDN', marks: ['ClientRequestHost'],
  is: (flat) => has(flat, 'ClientIP', 'ClientRequestHost') && (has(flat, 'EdgeStartTimestamp') || has(flat, 'EdgeResponseStatus')) && !has(flat, 'Source', 'Action'),
  time: ['EdgeStartTimestamp', 'EdgeEndTimestamp'], names: REQUEST,
  more(draft, flat) {
    target(draft, flat);
    const blocked = STOPS.test(textOf(flat, 'SecurityAction') ?? textOf(flat, 'FirewallMatchesActions') ?? '');
    draft.act(blocked ? 'web_attack_detected' : 'http_request', blocked ? 'failure' : Number(textOf(flat, 'EdgeResponseStatus')) >= 400 ? 'failure' : 'success');
  },
};
const cloudflareFirewall: Product = {
  dataset: 'cloudflare.firewall', maker: 'Cloudflare / WAF', marks: ['ClientIP'],
  is: (flat) => has(flat, 'ClientIP', 'Action', 'Source') && (has(flat, 'RayID') || has(flat, 'RuleID')),
  time: ['Datetime'], names: REQUEST,
  more(draft, flat) {
    target(draft, flat);
    draft.put('rule.category', textOf(flat, 'Source'));
    draft.act('web_attack_detected', STOPS.test(textOf(flat, 'Action') ?? '') ? 'failure' : 'success');
  },
};
const cloudflareAudit: Product = {
  dataset: 'cloudflare.audit', maker: 'Cloudflare / Audit', marks: ['ActorEmail', 'ActorID'],
  is: (flat) => has(flat, 'ActionType', 'When') && (has(flat, 'ActorEmail') || has(flat, 'ActorID')),
  time: ['When'], names: means('source.ip: ActorIP\nuser.name: ActorEmail\nuser.id: ActorID\nevent.code: ActionType\norganization.id: OwnerID'),
  more(draft, flat) {
    const result = flat['ActionResult'], outcome = result === true ? 'success' as const : result === false ? 'failure' as const : undefined, type = textOf(flat, 'ActionType') ?? '';
    const action: Action = /^log(?:in|on)/i.test(type) ? outcome === 'failure' ? 'login_failed' : 'login' : /^log(?:out|off)/i.test(type) ? 'logout' : 'config_changed';
    draft.act(action, outcome);
  },
};
const cloudflareDns: Product = {
  dataset: 'cloudflare.gateway_dns', maker: 'Cloudflare / Gateway', marks: ['QueryName'],
  is: (flat) => has(flat, 'QueryName') && (has(flat, 'ResolverDecision') || has(flat, 'SrcIP')),
  time: ['Datetime', 'Timestamp'],
  names: means('source.ip: SrcIP SourceIP\nsource.port: SrcPort\ndestination.ip: DstIP\ndestination.port: DstPort\nuser.name: Email\nuser.id: UserID\nsource.domain: DeviceName\ndns.question.name: QueryName\ndns.question.type: QueryTypeName\nnetwork.transport: Protocol\nrule.name: PolicyName Policy\nrule.id: PolicyID\nrule.category: QueryCategoryNames'),
  more(draft, flat) {
    const code = RCODES[textOf(flat, 'RCode') ?? textOf(flat, 'ResponseCode') ?? ''];
    draft.put('dns.response_code', code); draft.put('network.protocol', 'dns'); draft.put('event.reason', textOf(flat, 'ResolverDecision'));
    draft.act('dns_query', /^block/i.test(textOf(flat, 'ResolverDecision') ?? '') ? 'failure' : undefined);
  },
};
/** BlueCat's DNS Edge: a query and its answer, a dot behind the name. */
const bluecatEdge: Product = {
  dataset: 'bluecat.edge', maker: 'BlueCat / DNS Edge', marks: ['questionType'],
  is: (flat) => has(flat, 'question', 'questionType', 'sourceAddress') && (has(flat, 'actionTaken') || has(flat, 'siteId')),
  time: ['time', 'timestamp'], names: means('source.ip: sourceAddress\nsource.port: sourcePort\ndns.question.type: questionType\nnetwork.transport: questionProtocol\ndns.response_code: response\nrule.name: matchedPolicies.name'),
  more(draft, flat) {
    draft.put('dns.question.name', textOf(flat, 'question')?.replace(/\.$/, '')); draft.put('network.protocol', 'dns');
    putAnswers(draft, flat['answers.rData']);
    draft.act('dns_query', /block|redirect/i.test(textOf(flat, 'actionTaken') ?? '') ? 'failure' : undefined);
  },
};
const RCODES = lookup<string>({ 0: 'NOERROR', 1: 'FORMERR', 2: 'SERVFAIL', 3: 'NXDOMAIN', 4: 'NOTIMP', 5: 'REFUSED' });

// --- Azure's network security groups: of many flows in one message, the first is read: https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview ---
const nsgFlow: Product = {
  dataset: 'azure.nsgflow', maker: 'Microsoft / Azure', marks: ['properties.flows.flows.flowTuples'],
  is: (flat) => textOf(flat, 'category') === 'NetworkSecurityGroupFlowEvent' && has(flat, 'properties.flows.flows.flowTuples'),
  time: ['time'], names: means('rule.name: properties.flows.rule'),
  more(draft, flat) {
    const tuples = listOf(flat['properties.flows.flows.flowTuples']), [, source, destination, sourcePort, destinationPort, transport, way, verdict, , sentPackets, sentBytes, packets, bytes] = (tuples[0] ?? '').split(',');
    draft.put('cloud.provider', 'azure'); draft.put('azure.flows', tuples.length);
    for (const [field, value] of [['source.ip', source], ['destination.ip', destination], ['source.port', sourcePort], ['destination.port', destinationPort], ['source.packets', sentPackets], ['source.bytes', sentBytes], ['destination.packets', packets], ['destination.bytes', bytes]] as const) draft.put(field, value);
    draft.put('network.transport', transport === 'T' ? 'tcp' : transport === 'U' ? 'udp' : undefined); draft.put('network.direction', way === 'I' ? 'inbound' : way === 'O' ? 'outbound' : undefined);
    draft.act(verdict === 'D' ? 'connection_denied' : 'connection_allowed');
  },
};

// --- AdGuard Home's query log, querylog.json: https://github.com/AdguardTeam/AdGuardHome/wiki/Configuration#querylog ---------------------------
const adGuardHome: Product = {
  dataset: 'adguardhome.querylog', maker: 'AdGuard / AdGuard Home', marks: ['QH'],
  is: (flat) => has(flat, 'QH', 'QT', 'IP'),
  time: ['T'],
  names: means('source.ip: IP\ndns.question.name: QH\ndns.question.type: QT\ndns.question.class: QC\nevent.duration: Elapsed\nrule.name: Result.Rules.Text Result.Rule'),
  more: (draft, flat) => { draft.act('dns_query', textOf(flat, 'Result.IsFiltered') === 'true' ? 'failure' : 'success'); },
};

// --- goflow2: NetFlow, IPFIX and sFlow as JSON: https://github.com/netsampler/goflow2/blob/main/docs/protocols.md -----------------------------
const goflow: Product = {
  dataset: 'goflow2.flow', maker: 'NetSampler / goflow2', marks: ['time_received_ns'],
  is: (flat) => has(flat, 'time_received_ns', 'src_addr', 'dst_addr'),
  time: ['time_flow_start_ns', 'time_received_ns'],
  names: means('source.ip: src_addr\nsource.port: src_port\nsource.mac: src_mac\ndestination.ip: dst_addr\ndestination.port: dst_port\ndestination.mac: dst_mac\nnetwork.bytes: bytes\nnetwork.packets: packets\nobserver.ip: sampler_address'),
  more(draft, flat) { draft.put('network.transport', textOf(flat, 'proto')?.toLowerCase()); draft.act('connection'); },
};

export const GATEWAYS: readonly Product[] = [cloudflareFirewall, cloudflareHttp, cloudflareAudit, cloudflareDns, bluecatEdge, nsgFlow, adGuardHome, goflow];
