// What single products mean by CEF's custom fields: the label a value carries (`cs4Label=query_name`), or where a product sends none, the
// key itself. By `Device Vendor`, lower-case; labels without case, spaces, and their table's prefix (`SLF_`, `CLF_` ...).
type Names = Readonly<Record<string, string | undefined>>;
export interface CefProduct {
  readonly labels?: Names;
  readonly keys?: Names;
}

export const CEF_PRODUCTS: Readonly<Record<string, CefProduct | undefined>> = Object.assign(Object.create(null) as Record<string, CefProduct>, {
  // Application firewall: cs1 is the profile that met the request.
  citrix: { keys: { cs1: 'rule.name', cs6: 'rule.category' } },
  f5: { keys: { host: 'url.domain', http_code: 'http.response.status_code' }, labels: { full_request: 'http.request', policy_name: 'rule.name', x_forwarded_for_header_value: 'network.forwarded_ip' } },
  // Apex Central and Deep Security; `dst` of an endpoint's own event is the endpoint.
  'trend micro': { labels: { ruleid: 'rule.name', rule: 'rule.name', filesource: 'file.path', infectionlocation: 'location', detectionname: 'threat.name', virusname: 'threat.name', 'incident_source_(ad_account)': 'user.name' }, keys: { tmcmlogdetectedip: 'host.ip', tmcmlogdetectedhost: 'host.name' } },
  fortinet: { labels: {} },
} satisfies Record<string, CefProduct>);
