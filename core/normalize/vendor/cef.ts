// CEF: `CEF:0|vendor|product|version|class|name|severity|key=value key=value`. Header escapes \| \\, value escapes \= \\ \n; values hold
// spaces. Keys stay under cef.extensions.*, their labels too.
import { epochMillis, readZoned, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import type { Format } from '../format.js';
import { ecsName, putAs, putCommon } from '../common-names.js';
import { fillAccount, isNobody, splitAccount } from '../account.js';
import { putLogin } from '../login-members.js';
import { isIp, protocolName } from '../net.js';
import { putHeaders, putRequest, putSite, putTarget } from '../web/request.js';
import { CEF_PRODUCTS } from './cef-products.js';
import { remembered } from '../keys.js';
import { codeAt, codeInside } from '../../text.js';

const KEYS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, {
  src: 'source.ip', sourceAddress: 'source.ip', spt: 'source.port', sourcePort: 'source.port', shost: 'source.domain', smac: 'source.mac', suser: 'source.user.name', suid: 'source.user.id', sntdom: 'source.domain', dntdom: 'destination.domain', sproc: 'process.name', spid: 'process.pid',
  sourceTranslatedAddress: 'source.nat.ip', sourceTranslatedPort: 'source.nat.port', out: 'source.bytes', in: 'destination.bytes',
  dst: 'destination.ip', destinationAddress: 'destination.ip', dpt: 'destination.port', destinationPort: 'destination.port', dhost: 'destination.domain', dmac: 'destination.mac', duser: 'destination.user.name', duid: 'destination.user.id',
  destinationTranslatedAddress: 'destination.nat.ip', destinationTranslatedPort: 'destination.nat.port', destinationDnsDomain: 'destination.registered_domain', dproc: 'destination.process.name', dpid: 'destination.process.pid',
  proto: 'network.transport', app: 'network.protocol', act: 'event.action', reason: 'event.reason', fname: 'file.name', filePath: 'file.path', fsize: 'file.size', fileHash: 'file.hash.sha256',
  requestMethod: 'http.request.method', requestClientApplication: 'user_agent.original', requestContext: 'http.request.referrer', deviceProcessName: 'process.name', dvchost: 'observer.name', dvc: 'observer.ip', deviceExternalId: 'observer.serial_number',
  sourceHostName: 'source.domain', sourceMacAddress: 'source.mac', sourceUserName: 'source.user.name', sourceUserId: 'source.user.id', sourceProcessName: 'process.name', sourceProcessId: 'process.pid', destinationHostName: 'destination.domain', destinationMacAddress: 'destination.mac', destinationUserName: 'destination.user.name', destinationUserId: 'destination.user.id', destinationProcessName: 'destination.process.name', destinationProcessId: 'destination.process.pid',
  transportProtocol: 'network.transport', applicationProtocol: 'network.protocol', deviceAction: 'event.action', bytesIn: 'destination.bytes', bytesOut: 'source.bytes', deviceHostName: 'observer.name', deviceAddress: 'observer.ip',
  deviceInboundInterface: 'observer.ingress.interface.name', deviceOutboundInterface: 'observer.egress.interface.name', md5: 'file.hash.md5', sha1: 'file.hash.sha1', sha256: 'file.hash.sha256',
});

function readCef(draft: Draft): boolean {
  const start = draft.head.search(START);
  if (start < 0 && !UNTAGGED.test(draft.head)) return false;
  const { text } = draft;
  const head: string[] = [];
  let p = start < 0 ? 0 : start + 4, from = p;
  for (; p < text.length && head.length < 7; p++) {
    const c = codeInside(text, p);
    if (c === 92) p++;
    else if (c === 124) { head.push(unescape(text.slice(from, p))); from = p + 1; }
  }
  if (head.length < 3) return false;
  if (head[1] === '') head.splice(1, 1); // some exporters leave the vendor's place empty and begin after it
  const [, vendor, product, version, code, name, severity] = head;
  draft.put('observer.vendor', vendor);
  draft.put('observer.product', product);
  draft.put('observer.version', version);
  draft.put('event.code', code);
  draft.put('cef.name', name);
  draft.put('cef.severity', severity);
  draft.put('cef.device.vendor', vendor);
  draft.put('cef.device.product', product);
  draft.put('cef.device.event_class_id', code);
  if (severity !== undefined) { const level = SEVERITIES[severity.toLowerCase()] ?? Number(severity); if (Number.isFinite(level)) draft.put('event.severity', level); }
  const own = CEF_PRODUCTS[(vendor ?? '').toLowerCase()], pairs = cefPairs(text.slice(from)), times: (string | undefined)[] = [], labels: (readonly [labelled: string, label: string])[] = [], addresses: (readonly [side: string, value: string])[] = [];
  for (const [key, value] of pairs) {
    const known = keyOf(key);
    draft.keep(known.native, value);
    if (known.time >= 0) times[known.time] ??= value;
    if (known.labelled !== undefined) labels.push([known.labelled, value]);
    if (known.fortinet !== undefined) {
      draft.keep(known.fortinet, value);
      if (known.fortinet === FORTINET_LOGID) draft.put('event.code', value);
    }
    if (key === 'request') { const [method] = value.split(' ', 1); if (method === undefined || !putRequest(draft, value)) { if (value.includes('/')) putSite(draft, value); else putTarget(draft, value); } continue; }
    const field = own?.keys?.[known.lower] ?? known.field;
    if (field === 'event.action') draft.put(field, value.toLowerCase());
    else if ((field === 'source.user.name' || field === 'destination.user.name') && isNobody(value)) continue;
    else if ((field === 'source.domain' || field === 'destination.domain') && isIp(value)) addresses.push([field === 'source.domain' ? 'source' : 'destination', value]); // a host by its address
    else if (field === 'observer.ip' && !isIp(value)) draft.fill('observer.name', value);
    else if ((field === 'source.user.name' || field === 'destination.user.name') && vendor !== WHOLE_ACCOUNTS) putWho(draft, field === 'source.user.name' ? 'source.user' : 'destination.user', value);
    else if (field !== undefined) putAs(draft, field, value);
    else if (known.common !== undefined) putAs(draft, known.common, value);
  }
  putLabelled(draft, labels, pairs, own?.labels);
  for (const [side, value] of addresses) if (draft.has(`${side}.ip`)) draft.fill(`${side}.domain`, value); else draft.put(`${side}.ip`, value);
  if (vendor !== WHOLE_ACCOUNTS) draft.fill('network.direction', DIRECTIONS[(lastValue(pairs, 'deviceDirection') ?? '').toLowerCase()]);
  putWhole(draft, code ?? '', pairs);
  if (!draft.has('user.name')) {
    const who = draft.has('source.user.name') ? 'source.user' : 'destination.user';
    draft.put('user.name', draft.get(`${who}.name`)); draft.fill('user.domain', draft.get(`${who}.domain`));
  }
  own?.more?.(draft, { product: product ?? '', code: code ?? '', name: name ?? '', value: (key) => lastValue(pairs, key) });
  putLogin(draft, [['act', lastValue(pairs, 'act') ?? ''], ['act', name ?? ''], ['act', code ?? ''], ['result', lastValue(pairs, 'outcome') ?? '']]);
  putOutcome(draft, lastValue(pairs, 'outcome') ?? '');
  putCefTime(draft, times, own?.utc === true);
  return true;
}
/** How it ended, where the sender says it, or what it did about a connection. */
export function putOutcome(draft: Draft, said: string): void {
  if (/^succ/i.test(said)) draft.fill('event.outcome', 'success'); else if (/^fail/i.test(said)) draft.fill('event.outcome', 'failure');
  else draft.fill('event.outcome', OUTCOMES[said.toLowerCase()] ?? OUTCOMES[draft.getText('event.action') ?? '']);
}
const OUTCOMES = lookup<'success' | 'failure'>({ allow: 'success', allowed: 'success', accept: 'success', accepted: 'success', permit: 'success', permitted: 'success', pass: 'success', passed: 'success', deny: 'failure', denied: 'failure', block: 'failure', blocked: 'failure', drop: 'failure', dropped: 'failure', reject: 'failure', rejected: 'failure' });
/** As the standard writes it, and as words. */
const DIRECTIONS = lookup<string>({ 0: 'inbound', 1: 'outbound', inbound: 'inbound', outbound: 'outbound', in: 'inbound', out: 'outbound' });
/** Its consoles look an account up as it is written here, domain included. */
const WHOLE_ACCOUNTS = 'Trend Micro';
/** `CORP\\bob` is bob of CORP; an address of a mailbox stays whole. */
function putWho(draft: Draft, who: 'source.user' | 'destination.user', value: string): void {
  if (value.includes('\\') && !value.includes('@')) fillAccount(draft, who, value); else putAs(draft, `${who}.name`, value);
}
const SEVERITIES = lookup<number>({ unknown: 0, low: 3, medium: 6, high: 8, 'very-high': 10, 'very high': 10 });

/** Custom fields say their name in a field of their own: `cs4=notepad.exe -x cs4Label=ProcessCommandLine`. */
function putLabelled(draft: Draft, labels: readonly (readonly [labelled: string, label: string])[], pairs: readonly (readonly [string, string])[], meant: Readonly<Record<string, string | undefined>> | undefined): void {
  for (const [labelled, label] of labels) {
    const value = lastValue(pairs, labelled);
    if (value === undefined || value === '' || value === 'N/A') continue;
    const name = labelName(label), field = meant?.[name];
    if (field === 'http.request') { putRequest(draft, value.split(/\\r|\r|\n/, 1)[0] as string); putHeaders(draft, value); }
    else if (field === 'location') { if (value.includes('://')) putTarget(draft, value); else draft.fill('file.path', value); }
    else if (field === 'user.name') { const { name: user, domain } = splitAccount(value); draft.fill(field, user); draft.fill('user.domain', domain); }
    else if (field !== undefined) putAs(draft, field, value);
    else putCommon(draft, name.slice(name.lastIndexOf('/') + 1), value);
  }
}

const labelName = remembered((label) => label.replace(/^(?:[A-Z][A-Za-z]{0,3}|TMCM)_(?=[A-Z])/, '').trim().replace(/[\s-]+/g, '_').toLowerCase());
function lastValue(pairs: readonly (readonly [string, string])[], wanted: string): string | undefined {
  for (let i = pairs.length - 1; i >= 0; i--) { const [key, value] = pairs[i] as readonly [string, string]; if (key === wanted) return value; }
  return undefined;
}

/** What follows from several fields: a whole path in the place of a name, who was meant, a mail's subject, a transport by its number. */
function putWhole(draft: Draft, code: string, pairs: readonly (readonly [string, string])[]): void {
  const name = draft.getText('file.name');
  if (name !== undefined && /^(?:[A-Za-z]:\\|\\\\|\/)./.test(name)) { draft.fill('file.path', name); draft.put('file.name', name.slice(Math.max(name.lastIndexOf('\\'), name.lastIndexOf('/')) + 1)); }
  if (draft.has('source.user.name')) draft.fill('user.target.name', draft.get('destination.user.name'));
  if (code.startsWith('MS:')) draft.fill('email.subject', pairs.find(([key]) => key === 'msg')?.[1]); // content security: the message's subject
  const transport = draft.getText('network.transport');
  if (transport !== undefined) draft.put('network.transport', protocolName(transport.split(/[ /]/, 1)[0] as string));
}

/** What a relay leaves that took `CEF:` for a tag. */
const START = /CEF: ?\d{1,2}\|/;
const UNTAGGED = /^ ?[01]\|[^|]{1,100}\|[^|]{1,100}\|[^|]{0,100}\|/;
const FORTINET = /^(?:FTNTFGT|FortinetFortiGate|ad\.(?![A-Z]))(.{1,64})$/, FORTINET_LOGID = 'fortinet.firewall.logid';
const TIMES = ['rt', 'deviceReceiptTime', 'FTNTFGTeventtime', 'FortinetFortiGateeventtime', 'start', 'startTime', 'end', 'art'];
/** What is known of a key: the name it is kept under, Fortinet's own key in it, the fields it means, its place among the times, the key whose label it is. */
const keyOf = remembered((key) => {
  const fortinet = FORTINET.exec(key)?.[1];
  return {
    native: `cef.extensions.${key}`, fortinet: fortinet === undefined ? undefined : `fortinet.firewall.${fortinet}`, lower: key.toLowerCase(), field: KEYS[key], common: ecsName(key),
    time: TIMES.indexOf(key), labelled: key.endsWith('Label') ? key.slice(0, -5) : undefined,
  };
});

/** `times`: their values in the order of TIMES. */
function putCefTime(draft: Draft, times: readonly (string | undefined)[], utc: boolean): void {
  for (const value of times) {
    if (value === undefined || value === '') continue;
    const epoch = epochMillis(value);
    const stamp = epoch === undefined ? readZoned(value) : undefined;
    if (epoch !== undefined) draft.time = epoch;
    else if (stamp !== undefined) draft.time = resolve(utc && Number.isNaN(stamp.offset) ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone);
    else continue;
    return;
  }
}

/** A key is a run of name characters after a space and before an unescaped `=`; all between two keys is the value. */
export function cefPairs(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  let key = '', valueStart = 0;
  for (let at = text.indexOf('='); at >= 0 && pairs.length < 1000; at = text.indexOf('=', at + 1)) {
    const keyStart = keyBefore(text, at, valueStart);
    if (keyStart === at) continue;
    if (key !== '') pairs.push([key, unquote(unescape(text.slice(valueStart, Math.max(valueStart, keyStart - 1)).trimEnd()))]);
    key = text.slice(keyStart, at);
    valueStart = at + 1;
  }
  if (key !== '') pairs.push([key, unquote(unescape(text.slice(valueStart).trimEnd()))]);
  return pairs;
}

/** Where the key begins that ends at `end`, behind a gap that nothing escapes or at the text's beginning; `end` where none does. Looks back to `from` only. */
function keyBefore(text: string, end: number, from: number): number {
  let p = end;
  while (p > from && isKeyChar(codeInside(text, p - 1))) p--;
  if (p === 0) return p;
  const gap = codeInside(text, p - 1);
  if (gap !== 32 && gap !== 10 && gap !== 13 && gap !== 9) return end;
  let slashes = 0;
  while (codeAt(text, p - 2 - slashes) === 92) slashes++;
  return slashes % 2 === 0 ? p : end;
}
const isKeyChar = (c: number): boolean => (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 46 || c === 45 || c === 91 || c === 93 || c === 58;

/** Some senders put quotes around a value; the standard knows none. */
const unquote = (text: string): string => (text.length > 1 && codeInside(text, 0) === 34 && codeInside(text, text.length - 1) === 34 && text.indexOf('"', 1) === text.length - 1 ? text.slice(1, -1) : text);

function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  const path = WINDOWS_PATH.test(text); // written by a sender that escapes nothing: \n there begins a name
  return text.replace(/\\(.)/gs, (whole, c: string) => (c === 'n' && !path ? '\n' : c === 'r' && !path ? '\r' : c === '=' || c === '|' || c === '\\' ? c : whole));
}

const WINDOWS_PATH = /^[A-Za-z]:\\[^\\]/;

export const cef: Format = { name: 'cef.log', holds: ['CEF:', '^0|'], detect: ({ head }) => { const at = head.search(START); return at < 0 ? UNTAGGED.test(head) : at < 200 && !head.startsWith('{'); }, read: readCef };
