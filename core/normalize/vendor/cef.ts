// CEF: `CEF:0|vendor|product|version|class|name|severity|key=value key=value`. Header escapes \| \\, value escapes \= \\ \n; values hold
// spaces. Keys stay under cef.extensions.*, their labels too.
import { epochMillis, readTime, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import type { Format } from '../format.js';
import { ecsName, putAs, putCommon } from '../common-names.js';
import { splitAccount } from '../account.js';
import { protocolName } from '../net.js';
import { putHeaders, putRequest, putTarget } from '../web/request.js';
import { CEF_PRODUCTS } from './cef-products.js';
import { remembered } from '../keys.js';

const KEYS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, {
  src: 'source.ip', sourceAddress: 'source.ip', spt: 'source.port', sourcePort: 'source.port', shost: 'source.domain', smac: 'source.mac', suser: 'source.user.name', suid: 'source.user.id', sntdom: 'source.domain', dntdom: 'destination.domain', sproc: 'process.name', spid: 'process.pid',
  sourceTranslatedAddress: 'source.nat.ip', sourceTranslatedPort: 'source.nat.port', out: 'source.bytes', in: 'destination.bytes',
  dst: 'destination.ip', destinationAddress: 'destination.ip', dpt: 'destination.port', destinationPort: 'destination.port', dhost: 'destination.domain', dmac: 'destination.mac', duser: 'destination.user.name', duid: 'destination.user.id',
  destinationTranslatedAddress: 'destination.nat.ip', destinationTranslatedPort: 'destination.nat.port', destinationDnsDomain: 'destination.registered_domain', dproc: 'destination.process.name', dpid: 'destination.process.pid',
  proto: 'network.transport', app: 'network.protocol', act: 'event.action', reason: 'event.reason', fname: 'file.name', filePath: 'file.path', fsize: 'file.size', fileHash: 'file.hash.sha256',
  requestMethod: 'http.request.method', requestClientApplication: 'user_agent.original', requestContext: 'http.request.referrer', deviceProcessName: 'process.name', dvchost: 'observer.name', dvc: 'observer.ip', deviceExternalId: 'observer.serial_number',
  deviceInboundInterface: 'observer.ingress.interface.name', deviceOutboundInterface: 'observer.egress.interface.name', md5: 'file.hash.md5', sha1: 'file.hash.sha1', sha256: 'file.hash.sha256',
});

function readCef(draft: Draft): boolean {
  const start = draft.head.search(START);
  if (start < 0 && !UNTAGGED.test(draft.head)) return false;
  const { text } = draft;
  const head: string[] = [];
  let p = start < 0 ? 0 : start + 4, from = p;
  for (; p < text.length && head.length < 7; p++) {
    const c = text.charCodeAt(p);
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
  const own = CEF_PRODUCTS[(vendor ?? '').toLowerCase()], pairs = cefPairs(text.slice(from));
  for (const [key, value] of pairs) {
    const known = keyOf(key);
    draft.fill(known.native, value);
    if (known.fortinet !== undefined) {
      draft.fill(known.fortinet, value);
      if (known.fortinet === FORTINET_LOGID) draft.put('event.code', value);
    }
    if (key === 'request') { const [method] = value.split(' ', 1); if (method === undefined || !putRequest(draft, value)) putTarget(draft, value); continue; }
    const field = own?.keys?.[known.lower] ?? known.field;
    if (field === 'event.action') draft.put(field, value.toLowerCase());
    else if (field !== undefined) putAs(draft, field, value);
    else if (known.common !== undefined) putAs(draft, known.common, value);
  }
  putLabelled(draft, pairs, own?.labels);
  putWhole(draft, code ?? '', pairs);
  if (!draft.has('user.name')) draft.put('user.name', draft.get('source.user.name') ?? draft.get('destination.user.name'));
  putCefTime(draft, pairs);
  return true;
}
const SEVERITIES = lookup<number>({ unknown: 0, low: 3, medium: 6, high: 8, 'very-high': 10, 'very high': 10 });

/** Custom fields say their name in a field of their own: `cs4=notepad.exe -x cs4Label=ProcessCommandLine`. */
function putLabelled(draft: Draft, pairs: readonly (readonly [string, string])[], labels: Readonly<Record<string, string | undefined>> | undefined): void {
  const values = new Map(pairs);
  for (const [key, label] of pairs) {
    if (!key.endsWith('Label')) continue;
    const value = values.get(key.slice(0, -5));
    if (value === undefined || value === '' || value === 'N/A') continue;
    const name = label.replace(/^(?:[A-Z][A-Za-z]{0,3}|TMCM)_(?=[A-Z])/, '').trim().replace(/[\s-]+/g, '_').toLowerCase(), field = labels?.[name];
    if (field === 'http.request') { putRequest(draft, value.split(/\\r|\r|\n/, 1)[0] as string); putHeaders(draft, value); }
    else if (field === 'location') { if (value.includes('://')) putTarget(draft, value); else draft.fill('file.path', value); }
    else if (field === 'user.name') { const { name: user, domain } = splitAccount(value); draft.fill(field, user); draft.fill('user.domain', domain); }
    else if (field !== undefined) draft.fill(field, value);
    else putCommon(draft, name.slice(name.lastIndexOf('/') + 1), value);
  }
}

/** What follows from several fields: a whole path in the place of a name, who was meant, a mail's subject, a transport by its number. */
function putWhole(draft: Draft, code: string, pairs: readonly (readonly [string, string])[]): void {
  const name = draft.getText('file.name');
  if (name !== undefined && /^(?:[A-Za-z]:\\|\\\\|\/)./.test(name)) draft.fill('file.path', name);
  if (draft.has('source.user.name')) draft.fill('user.target.name', draft.get('destination.user.name'));
  if (code.startsWith('MS:')) draft.fill('email.subject', pairs.find(([key]) => key === 'msg')?.[1]); // content security: the message's subject
  const transport = draft.getText('network.transport');
  if (transport !== undefined) draft.put('network.transport', protocolName(transport.split(/[ /]/, 1)[0] as string));
}

/** What a relay leaves that took `CEF:` for a tag. */
const START = /CEF: ?\d{1,2}\|/;
const UNTAGGED = /^ ?[01]\|[^|]{1,100}\|[^|]{1,100}\|[^|]{0,100}\|/;
const FORTINET = /^(?:FTNTFGT|FortinetFortiGate|ad\.)(.{1,64})$/, FORTINET_LOGID = 'fortinet.firewall.logid';
/** What is known of a key: the name it is kept under, Fortinet's own key in it, the fields it means. */
const keyOf = remembered((key) => {
  const fortinet = FORTINET.exec(key)?.[1];
  return { native: `cef.extensions.${key}`, fortinet: fortinet === undefined ? undefined : `fortinet.firewall.${fortinet}`, lower: key.toLowerCase(), field: KEYS[key], common: ecsName(key) };
});
const TIMES = ['rt', 'deviceReceiptTime', 'FTNTFGTeventtime', 'FortinetFortiGateeventtime', 'start', 'startTime', 'end', 'art'];

function putCefTime(draft: Draft, pairs: readonly (readonly [string, string])[]): void {
  for (const wanted of TIMES) {
    const value = pairs.find(([key]) => key === wanted)?.[1];
    if (value === undefined || value === '') continue;
    const epoch = epochMillis(value);
    const stamp = epoch === undefined ? readTime(value, 0) : undefined;
    if (epoch !== undefined) draft.time = epoch;
    else if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
    else continue;
    return;
  }
}

/** A key is a run of name characters after a space and before an unescaped `=`; all between two keys is the value. */
export function cefPairs(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  let key = '', valueStart = 0, keyStart = 0, fresh = true;
  for (let p = 0; p < text.length && pairs.length < 1000; p++) {
    const c = text.charCodeAt(p);
    if (c === 92) { p++; fresh = false; continue; }
    if (c === 32 || c === 10 || c === 13 || c === 9) { keyStart = p + 1; fresh = true; continue; }
    if (c === 61) {
      if (fresh && p > keyStart) {
        if (key !== '') pairs.push([key, unquote(unescape(text.slice(valueStart, Math.max(valueStart, keyStart - 1)).trimEnd()))]);
        key = text.slice(keyStart, p);
        valueStart = p + 1;
      }
      fresh = false;
      continue;
    }
    if (!isKeyChar(c)) fresh = false;
  }
  if (key !== '') pairs.push([key, unquote(unescape(text.slice(valueStart).trimEnd()))]);
  return pairs;
}
const isKeyChar = (c: number): boolean => (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 46 || c === 45 || c === 91 || c === 93 || c === 58;

/** Some senders put quotes around a value; the standard knows none. */
const unquote = (text: string): string => (text.length > 1 && text.charCodeAt(0) === 34 && text.charCodeAt(text.length - 1) === 34 && text.indexOf('"', 1) === text.length - 1 ? text.slice(1, -1) : text);

function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  const path = WINDOWS_PATH.test(text); // written by a sender that escapes nothing: \n there begins a name
  return text.replace(/\\(.)/gs, (whole, c: string) => (c === 'n' && !path ? '\n' : c === 'r' && !path ? '\r' : c === '=' || c === '|' || c === '\\' ? c : whole));
}

const WINDOWS_PATH = /^[A-Za-z]:\\[^\\]/;

export const cef: Format = { name: 'cef.log', holds: ['CEF:', '^0|'], detect: ({ head }) => { const at = head.search(START); return at < 0 ? UNTAGGED.test(head) : at < 200; }, read: readCef };
