// Barracuda CloudGen's event and web logs as JSON (Filebeat's and Logstash's streaming): short names of its own.
import type { Value } from '../../event.js';
import { epochMillis, readIso, resolve } from '../../message/time.js';
import { putAccount } from '../account.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import { keepAll, type JsonKind } from '../json-fields.js';
import { isIp } from '../net.js';
import { putTarget } from '../web/request.js';

const FIELDS: readonly (readonly [name: string, field: string])[] = [
  ['src_ip', 'source.ip'], ['source_ip', 'source.ip'], ['src_port', 'source.port'], ['source_port', 'source.port'], ['dst_ip', 'destination.ip'], ['destination_ip', 'destination.ip'], ['destination_port', 'destination.port'], ['dst_port', 'destination.port'], ['port', 'destination.port'],
  ['trans_proto', 'network.transport'], ['ip_proto', 'network.transport'], ['method', 'http.request.method'], ['status_code', 'http.response.status_code'], ['user_agent', 'user_agent.original'], ['fw_rule', 'rule.name'], ['rule', 'rule.name'], ['domain', 'url.domain'], ['size', 'http.response.body.bytes'], ['description', 'event.reason'],
];

export const barracudaJson: JsonKind = {
  dataset: 'barracuda_cloudgen_firewall.log',
  is: (flat) => Object.hasOwn(flat, 'traffic_type') && (Object.hasOwn(flat, 'fw_rule') || Object.hasOwn(flat, 'app_rule')) || flat['component'] === 'firewall' && Object.hasOwn(flat, 'trans_proto'),
  read(draft: Draft, flat: Readonly<Record<string, Value>>) {
    keepAll(draft, 'barracuda', flat);
    for (const [name, field] of FIELDS) { const value = Object.hasOwn(flat, name) ? flat[name] : undefined; if (value !== undefined && value !== null && !Array.isArray(value)) putAs(draft, field, value); }
    const user = typeof flat['user'] === 'string' ? flat['user'] : '';
    if (user !== '' && !isIp(user)) putAccount(draft, 'user', user);
    const url = flat['name'];
    if (typeof url === 'string' && url.includes('://')) putTarget(draft, url);
    const time = String(flat['timestamp'] ?? ''), stamp = readIso(time, 0), at = stamp === undefined ? epochMillis(time) : resolve(stamp, draft.received, draft.zone);
    if (at !== undefined) draft.time = at;
    draft.put('observer.vendor', 'Barracuda');
    const type = String(flat['type'] ?? ''), action = String(flat['operation'] ?? flat['action'] ?? '');
    draft.act(/virus|atd/i.test(type) ? 'malware_detected' : /ips/i.test(type) ? 'intrusion_detected' : /block|deny|drop/i.test(action) ? 'connection_denied' : 'connection_allowed');
  },
};
