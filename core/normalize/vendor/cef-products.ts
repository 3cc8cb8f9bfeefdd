// What single products mean by CEF's custom fields: the label a value carries (`cs4Label=query_name`), or where a product sends none, the
// key itself. By `Device Vendor`, lower-case; labels without case, spaces, and their table's prefix (`SLF_`, `CLF_` ...).
import type { Draft } from '../draft.js';
import { lookup, type Lookup } from '../lookup.js';
import { mikrotik, readTopics } from './mikrotik.js';

export interface CefProduct {
  readonly labels?: Lookup<string>;
  readonly keys?: Lookup<string>;
  /** Reads the event's name and its `msg`, where that is a line of the product's own. */
  readonly more?: (draft: Draft, name: string, message: string) => void;
}

export const CEF_PRODUCTS: Lookup<CefProduct> = lookup<CefProduct>({
  // Application firewall: cs1 is the profile that met the request.
  citrix: { keys: lookup({ cs1: 'rule.name', cs6: 'rule.category' }) },
  f5: { keys: lookup({ host: 'url.domain', http_code: 'http.response.status_code' }), labels: lookup({ full_request: 'http.request', policy_name: 'rule.name', x_forwarded_for_header_value: 'network.forwarded_ip' }) },
  sonicwall: { keys: lookup({ cs1: 'rule.name', susr: 'source.user.name', snpt: 'source.nat.port', dnpt: 'destination.nat.port', snat: 'source.nat.ip', dnat: 'destination.nat.ip', arg: 'url.path', dstname: 'url.domain' }) },
  // RouterOS puts its topics into the name.
  mikrotik: { more: (draft, topics, message) => { draft.event['event.dataset'] = mikrotik.name; readTopics(draft, topics, message); } },
  // Apex Central and Deep Security.
  'trend micro': {
    labels: lookup({ ruleid: 'rule.name', rule: 'rule.name', filesource: 'file.path', infectionlocation: 'location', detectionname: 'threat.name', virusname: 'threat.name', 'incident_source_(ad_account)': 'user.name' }),
    keys: lookup({ tmcmlogdetectedip: 'host.ip', tmcmlogdetectedhost: 'host.name' }),
  },
});
