// Symantec Endpoint Protection Manager's external logging: parts between commas, most of them `Name: value`, some bare words whose place tells what they
// are. Risks, traffic, intrusion prevention, application control, scans, and what administrators did.
//   SymantecServer: Virus found,IP Address: 192.0.2.21,Computer name: MAY-AN,Risk name: EICAR Test String,...,Actual action: Quarantined
// https://knowledge.broadcom.com/external/article/155205 (External Logging settings and log event severity levels)
import { splitAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { remembered } from '../keys.js';
import { lookup } from '../lookup.js';
import { hashKind, macOf, protocolName } from '../net.js';
import { putTarget } from '../web/request.js';
import { isBlocked, putMachine } from './told.js';

const NAMED = /^\s?([A-Z][A-Za-z0-9() _-]{1,40}?): ?(.*)$/s;
const native = remembered((name) => `symantec_endpoint.${name.trim().toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/_$/, '')}`);
/** Names of which more than one stands for the same. */
const FIELDS = lookup<string>({
  'Local Port': 'local', 'Rule': 'rule.name', 'Risk name': 'threat.name', 'CIDS Signature ID': 'rule.id', 'CIDS Signature string': 'rule.name', 'Admin': 'user.name', 'File path': 'file.path', 'File size (bytes)': 'file.size', 'Application': 'process.executable', 'Category type': 'rule.category', 'Application name': 'file.name', 'Device ID': 'device.id', 'Server Name': 'observer.name', 'Server': 'observer.name', 'Event Description': 'event.reason', 'Actual action': 'event.reason', 'Downloaded by': 'process.parent.name', 'Web domain': 'url.domain',
});

function readSymantec(draft: Draft): boolean {
  const values = new Map<string, string>(), bare: string[] = [];
  let last = '';
  for (const part of draft.text.slice(0, 16_384).split(',', 200)) {
    const named = NAMED.exec(part);
    if (named === null) { if (last === 'Event Description' && !/^(?:Local|Remote|Inbound|Outbound)/.test(part)) values.set(last, `${values.get(last) ?? ''},${part}`); else bare.push(part.trim()); if (last !== 'Event Description') last = ''; continue; }
    last = named[1] as string;
    if (!values.has(last)) values.set(last, (named[2] as string).trim());
  }
  if (values.size < 2 && bare.length < 2) return false;
  const value = (...names: string[]): string | undefined => { for (const name of names) { const found = values.get(name); if (found !== undefined && found !== '') return found; } return undefined; };
  for (const [name, text] of values) if (text !== '') { draft.keep(native(name), text); const field = FIELDS[name]; if (field !== undefined && field !== 'local') draft.fill(field, text); }
  draft.put('observer.vendor', 'Symantec'); draft.put('observer.product', 'Endpoint Protection');
  for (const field of ['process.name', 'process.pid']) delete draft.event[field]; // the manager's own
  const ofSite = values.has('Site'), fromClient = !ofSite && /^[\w.-]{1,63}$/.test(bare[0] ?? '') && !KINDS.test(bare[0] ?? '');
  putMachine(draft, value('Computer name', 'Computer', 'Computer Name') ?? (fromClient ? bare[0] : undefined), value('IP Address', 'Local Host IP', 'Local Host', 'IP address'));
  const who = value('User Name', 'User1', 'User');
  if (who !== undefined && who !== 'none' && !draft.has('user.name')) { const { name, domain } = splitAccount(who); draft.put('user.name', name); draft.put('user.domain', domain ?? (values.has('Begin') && !values.has('Scan ID') ? value('Domain Name', 'Domain') : undefined)); }
  const executable = draft.getText('process.executable'), slash = executable === undefined ? -1 : Math.max(executable.lastIndexOf('/'), executable.lastIndexOf('\\'));
  if (executable !== undefined) { draft.put('process.name', executable.slice(slash + 1)); if (slash < 0) delete draft.event['process.executable']; }
  for (const name of ['Application hash', 'SHA-256', 'MD-5']) { const hash = value(name), kind = hash === undefined ? undefined : hashKind(hash); if (kind !== undefined) draft.put(`file.hash.${kind}`, hash?.toLowerCase()); }
  const url = value('Intrusion URL', 'Download site', 'URL');
  if (url !== undefined) putTarget(draft, url);
  putEnds(draft, bare, value);
  act(draft, bare, value, ofSite);
  return true;
}
const KINDS = /^(?:Virus found|Security risk found|SONAR|Risk |Compressed|Commercial|Potential risk|Forced|Scan|Blocked|Allowed|Continue)/;

/** The client is the side that its direction says. */
function putEnds(draft: Draft, bare: readonly string[], value: (...names: string[]) => string | undefined): void {
  if (value('Remote Host IP', 'Remote Host') === undefined && value('Local Port') === undefined) return;
  const inbound = bare.includes('Inbound'), [local, remote] = inbound ? ['destination', 'source'] as const : ['source', 'destination'] as const;
  for (const [side, name] of [[local, 'Local'], [remote, 'Remote']] as const) { draft.put(`${side}.ip`, value(`${name} Host IP`, `${name} Host`)); draft.put(`${side}.port`, value(`${name} Port`)); draft.put(`${side}.mac`, macOf(value(`${name} Host MAC`) ?? '')); draft.put(`${side}.domain`, value(`${name} Host Name`)); }
  if (inbound || bare.includes('Outbound')) draft.put('network.direction', inbound ? 'inbound' : 'outbound');
  const transport = bare.find((word) => /^(?:TCP|UDP|ICMP|ETHERNET|OTHERS)$/.test(word));
  if (transport === 'TCP' || transport === 'UDP' || transport === 'ICMP') draft.put('network.transport', protocolName(transport));
}

function act(draft: Draft, bare: readonly string[], value: (...names: string[]) => string | undefined, ofSite: boolean): void {
  const said = value('Event Description') ?? '', first = bare[0] ?? '', threat = draft.getText('threat.name');
  if (threat !== undefined) { draft.put('rule.name', threat); draft.act('malware_detected', /^(?:Left alone|.*failed)/i.test(value('Actual action') ?? '') ? 'failure' : undefined); draft.put('event.kind', 'alert'); return; }
  if (value('CIDS Signature ID', 'CIDS Signature string') !== undefined) { draft.act('intrusion_detected', isBlocked(said) ? 'failure' : undefined); draft.put('event.kind', 'alert'); return; }
  if (ofSite) {
    const text = `${said} ${bare.join(' ')}`;
    if (/log ?on failed|logon failed|authentication failed/i.test(text)) draft.act('login_failed'); else if (/log ?on succeeded|logged on/i.test(text)) draft.act('login'); else if (/log ?off|log out|logged out/i.test(text)) draft.act('logout'); else draft.act('config_changed');
    draft.fill('event.reason', bare.join(', '));
    return;
  }
  if (value('Scan ID') !== undefined) { draft.act('audit_record'); return; }
  if (value('Remote Host IP', 'Remote Host') !== undefined) { draft.act(isBlocked(value('Action') ?? bare.find((word) => word === 'Blocked')) ? 'connection_denied' : 'connection_allowed'); return; }
  const done = bare.find((word) => word === 'Blocked' || word === 'Allowed' || word === 'Continue' || word === 'Terminated'); // application and device control
  if (done !== undefined && value('Rule') !== undefined) {
    const at = bare.indexOf('No Module Name'), words = bare.slice(bare.indexOf(done));
    draft.put('file.path', at >= 0 ? bare[at + 1] : undefined);
    const caller = words.find((word) => /^[A-Za-z]:[\\/]/.test(word));
    if (caller !== undefined) { draft.put('process.executable', caller); draft.put('process.name', caller.slice(Math.max(caller.lastIndexOf('/'), caller.lastIndexOf('\\')) + 1)); draft.put('process.pid', words[words.indexOf(caller) - 1]); }
    if (done === 'Blocked' || done === 'Terminated') draft.act('access_denied'); else draft.act('audit_record');
    return;
  }
  draft.fill('event.reason', first);
  draft.act('audit_record');
}

export const symantec: Format = {
  name: 'symantec_endpoint.log', holds: [',IP Address: ', ',Local Host', ',Event Description: ', '^Scan ID: ', '^Site: ', ',Category: 0'], programs: ['symantecserver'],
  detect: ({ head }) => /^(?:Virus found|Security risk found|Potential risk found|Compressed File|SONAR),IP Address: |^[^\s,:"{]{1,63},(?:Event Description: |Local Host(?: IP)?: |Category: \d)|^Scan ID: \d+,|^Site: [^,]{1,100},Server(?: Name)?: /.test(head), read: readSymantec,
};
