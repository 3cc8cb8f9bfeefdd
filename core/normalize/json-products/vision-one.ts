// Trend Vision One beside the alerts of its workbench (endpoints.ts): what its models observed on endpoints, what its sensors and protection detected,
// who did what in its console. https://automation.trendmicro.com/xdr/api-v3 (Observed Attack Techniques, Search, Audit Logs)
import type { Draft } from '../draft.js';
import { has, listOf, putList, textOf, type Flat } from '../json-fields.js';
import { isBlocked } from '../vendor/told.js';
import { putSite } from '../web/request.js';
import { means, outcomeOf, severityOf, type Product } from './product.js';

/** What telemetry and detections call things, in both under the same names. */
const TOLD = `
    host.name: endpointHostName endpoint.endpointName
    host.ip: endpointIp endpoint.ips
    host.id: endpointGuid endpoint.agentGuid
    process.executable: processFilePath
    process.name: processName
    process.pid: processPid
    process.command_line: processCmd
    process.hash.md5: processFileHashMd5
    process.hash.sha1: processFileHashSha1
    process.hash.sha256: processFileHashSha256
    process.parent.executable: parentFilePath
    process.parent.command_line: parentCmd
    process.parent.pid: parentPid
    user.name: processUser suser logonUser
    user.domain: processUserDomain
    source.ip: src
    source.port: spt
    destination.ip: dst objectIp
    destination.port: dpt objectPort
    destination.domain: dhost hostName
    network.transport: proto
    registry.path: objectRegistryKeyHandle`;
const under = (prefix: string): string => TOLD.trim().split('\n').map((line) => { const [field = '', members = ''] = line.split(': '); return `${field}: ${members.split(' ').flatMap((one) => [prefix + one, one]).join(' ')}`; }).join('\n');

const observed: Product = {
  dataset: 'trendmicro_vision_one.observed', maker: 'Trend Micro / Vision One', marks: ['detectedDateTime'], alert: true,
  is: (flat) => has(flat, 'detectedDateTime', 'filters.name'),
  time: ['detectedDateTime', 'detail.eventTime'],
  names: means(`rule.name: filters.name\nrule.id: filters.id\nrule.description: filters.description\n${under('detail.')}`),
  more(draft, flat) {
    for (const [member, field] of [['filters.mitreTacticIds', 'threat.tactic.id'], ['filters.mitreTechniqueIds', 'threat.technique.id']] as const) putList(draft, field, [...new Set(listOf(flat[member]))]);
    draft.put('event.severity', severityOf(textOf(flat, 'filters.riskLevel')));
    putRest(draft, flat, 'detail.');
    draft.act('intrusion_detected');
  },
};

const detected: Product = {
  dataset: 'trendmicro_vision_one.detection', maker: 'Trend Micro / Vision One', marks: ['endpointHostName', 'endpointGuid', 'productCode'], alert: true,
  is: (flat) => has(flat, 'eventName', 'eventId') && (has(flat, 'endpointHostName') || has(flat, 'endpointGuid') || has(flat, 'productCode')),
  time: ['eventTimeDT', 'eventTime'],
  names: means(`event.code: eventId\nrule.name: ruleName malName\nthreat.name: malName\nfile.name: fileName\nfile.hash.sha256: fileHashSha256 fileHash\nfile.size: fileSize\nevent.severity: severity\n${under('')}`),
  more(draft, flat) {
    putRest(draft, flat, '');
    draft.act(/WEB_REPUTATION|WEB_THREAT|URL_FILTERING|WEB_SECURITY/.test(textOf(flat, 'eventName') ?? '') ? 'proxy_request' : draft.has('threat.name') ? 'malware_detected' : 'intrusion_detected', isBlocked(textOf(flat, 'act')) ? 'failure' : undefined);
  },
};

function putRest(draft: Draft, flat: Flat, prefix: string): void {
  const path = draft.getText('process.executable'), page = textOf(flat, `${prefix}request`), kind = textOf(flat, `${prefix}eventId`) ?? '';
  if (path !== undefined) draft.fill('process.name', path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1));
  if (page !== undefined) putSite(draft, page);
  if (kind === '2' || kind === 'TELEMETRY_FILE') draft.put('file.path', textOf(flat, `${prefix}objectFilePath`)); // of other events it is what was run
}

const audit: Product = {
  dataset: 'trendmicro_vision_one.audit', maker: 'Trend Micro / Vision One', marks: ['loggedDateTime'],
  is: (flat) => has(flat, 'loggedDateTime', 'activity'),
  time: ['loggedDateTime'], names: means('user.name: loggedUser\nuser.roles: loggedRole\nevent.reason: activity\nsource.ip: details.client_ip details.ip'),
  more(draft, flat) {
    const did = textOf(flat, 'activity') ?? '', result = textOf(flat, 'result') ?? '', outcome = /^unsucc/i.test(result) ? 'failure' : outcomeOf(result);
    draft.act(/^(?:log|sign)(?:ged|ed)? ?(?:on|in)\b/i.test(did) ? outcome === 'failure' ? 'login_failed' : 'login' : /^(?:log|sign)(?:ged|ed)? ?(?:off|out)\b/i.test(did) ? 'logout' : 'config_changed', outcome);
  },
};

export const VISION_ONE: readonly Product[] = [observed, detected, audit];
