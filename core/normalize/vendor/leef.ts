// LEEF: `LEEF:1.0|vendor|product|version|event|key=value<tab>key=value`; 2.0 names its own separator before the pairs, as a
// character or `0x5E`. Keys stay under leef.*.
import { epochMillis, readZoned, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { putLogin } from '../login-members.js';
import { isIp, macOf } from '../net.js';
import { isNobody, splitAccount } from '../account.js';
import { putCommon, putAs } from '../common-names.js';
import { isTimeForm, timeReader } from '../described/time-form.js';
import { remembered } from '../keys.js';
import { cefPairs, putOutcome } from './cef.js';
import { CEF_PRODUCTS } from './cef-products.js';
import { nativeNames } from '../native-names.js';
import { putSite } from '../web/request.js';

const NATIVE = nativeNames('leef');

const KEYS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, {
  srcPreNATPort: 'source.port', dstPreNATPort: 'destination.port', srcPackets: 'source.packets', dstPackets: 'destination.packets', identMAC: 'source.mac', identHostName: 'source.domain', in: 'destination.bytes', out: 'source.bytes', srcPreNAT: 'source.ip', srcPostNAT: 'source.nat.ip', dstPreNAT: 'destination.ip', dstPostNAT: 'destination.nat.ip', srcPostNATPort: 'source.nat.port', dstPostNATPort: 'destination.nat.port', usrName: 'user.name', domain: 'user.domain', identSrc: 'source.domain',
  act: 'event.action', action: 'event.action', suser: 'source.user.name', srcMAC: 'source.mac', dstMAC: 'destination.mac', dvchost: 'observer.name', srcBytes: 'source.bytes', dstBytes: 'destination.bytes', policy: 'rule.name', filePath: 'file.path', resource: 'url.original', url: 'url.original', request: 'url.original', accountName: 'user.name', sev: 'event.severity', question: 'dns.question.name', query_type: 'dns.question.type', op: 'http.request.method', dstname: 'url.domain', arg: 'url.path', in_if: 'observer.ingress.interface.name', out_if: 'observer.egress.interface.name', sent_bytes: 'source.bytes', rcvd_bytes: 'destination.bytes',
});

function readLeef(draft: Draft): boolean {
  const start = draft.head.indexOf('LEEF:');
  if (start < 0 && !UNTAGGED.test(draft.head)) return false;
  const parts = draft.text.slice(start < 0 ? 0 : start + 5).split('|');
  if (parts.length < 5) return false;
  const two = (parts[0] as string).startsWith('2');
  const [, vendor, product, version, code] = parts;
  draft.put('observer.vendor', vendor);
  draft.put('observer.product', product);
  draft.put('observer.version', version);
  draft.put('event.code', code);
  const named = two || PIPED.test(parts[5] ?? '') ? separatorOf(parts[5] ?? '') : undefined; // a sender of 1.0 may name one too
  const rest = parts.slice(named === undefined ? 5 : 6).join('|').replace(/^\|/, '');
  const separator = named ?? (rest.includes('\t') ? '\t' : rest.includes('\\t') ? '\\t' : rest.includes('#011') ? '#011' : BARRED.test(rest) ? '|' : undefined);
  const pairs = separator === undefined ? cefPairs(rest) : rest.split(separator).slice(0, 1000).map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return equals < 0 ? ['', ''] : [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
  });
  const own = CEF_PRODUCTS[(vendor ?? '').toLowerCase()], valueOf = (wanted: string): string | undefined => pairs.find(([key, value]) => key === wanted && value !== '')?.[1];
  for (const [key, value] of pairs) {
    if (key === '' || value === '') continue;
    draft.fill(NATIVE(key), value);
    const field = own?.keys?.[key.toLowerCase()] ?? KEYS[key];
    if (field === 'user.name' || field === 'source.user.name') { if (!isNobody(value)) { const { name, domain } = splitAccount(value); putAs(draft, field, name); if (domain !== undefined) draft.fill('user.domain', domain); } }
    else if (field === 'event.action') draft.fill(field, value.toLowerCase());
    else if (field === 'file.path') draft.fill(field, unescapedPath(value));
    else if (key === 'resource' && field === 'url.original' && !value.includes('/')) continue; // an asset's name
    else if (field !== undefined) putAs(draft, field, value); else putCommon(draft, key, value);
  }
  draft.fill('user.name', draft.get('source.user.name'));
  const target = draft.getText('url.original');
  if (target !== undefined) putSite(draft, target);
  readMessage(draft, valueOf('msg') ?? '');
  own?.more?.(draft, { product: product ?? '', code: code ?? '', name: valueOf('name') ?? '', value: valueOf });
  putLogin(draft, [['act', code ?? ''], ['act', valueOf('action') ?? valueOf('act') ?? ''], ['act', valueOf('name') ?? valueOf('eventName') ?? ''], ['result', valueOf('outcome') ?? valueOf('result') ?? valueOf('status') ?? '']]);
  putOutcome(draft, valueOf('outcome') ?? '');
  const time = valueOf('devTime');
  if (time !== undefined) {
    const form = valueOf('devTimeFormat') ?? '', read = DAY_FIRST.test(form) ? readerOf(form)?.(time, draft.received, draft.zone) : undefined;
    if (read !== undefined) { draft.time = read; return true; }
    const epoch = epochMillis(time), stamp = epoch === undefined ? readZoned(time) : undefined;
    if (epoch !== undefined) draft.time = epoch;
    else if (stamp !== undefined) draft.time = resolve(own?.utc === true && Number.isNaN(stamp.offset) ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone);
  }
  return true;
}
/** A month and a day in figures look alike: there the sender's own word on their order counts. */
const DAY_FIRST = /^dd?[/.-]MM?[/.-]/, readerOf = remembered((form) => (isTimeForm(form) ? timeReader(form) : null));
/** Some senders write each backslash twice. */
const unescapedPath = (path: string): string => (/^[A-Za-z]:\\\\/.test(path) ? path.replaceAll('\\\\', '\\') : path);

/** Sentences that name who and from where: `... user [bob@corp] from 192.0.2.1 was accepted`, `DHCPREQUEST for 192.0.2.5 from 00:...`. */
function readMessage(draft: Draft, text: string): void {
  const said = text.slice(0, 1000);
  const from = / from ([0-9a-fA-F.:]{3,45})(?: |$)/.exec(said)?.[1];
  if (from !== undefined && isIp(from)) draft.fill('source.ip', from);
  draft.fill('source.ip', /^DHCP\w+ (?:for|on|of) ([\d.]{7,15}) /.exec(said)?.[1]);
  const mac = / (?:from|to) ((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})/.exec(said)?.[1];
  if (mac !== undefined) draft.fill('source.mac', macOf(mac));
  const user = /[Uu]ser \[?([^\s@\]<]{1,128})/.exec(said)?.[1];
  if (user !== undefined && from !== undefined) draft.fill('user.name', user);
  if (/reject|fail/.test(said) && user !== undefined) draft.act('login_failed');
  else if (/accepted|logged in/.test(said) && user !== undefined) draft.act('login');
}

const BARRED = /^\w{1,40}=[^|\s]{0,200}\|\w{1,40}=/;
const PIPED = /^0?x[0-9A-Fa-f]{2}$/;
/** `^`, `x5E`, `0x5E`, or empty for a tab; undefined when the part is no separator but already pairs. */
function separatorOf(part: string): string | undefined {
  if (part === '') return '\t';
  const hex = /^0?x([0-9A-Fa-f]{1,4})$/.exec(part)?.[1];
  if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
  return part.length <= 2 && !part.includes('=') ? part : undefined;
}

/** What a relay leaves that took `LEEF:` for a tag. */
const UNTAGGED = /^ ?[12]\.0\|[^|]{1,100}\|[^|]{1,100}\|[^|]{0,100}\|[^|]{1,100}\|/;
export const leef: Format = { name: 'leef.log', holds: ['LEEF:', '^0.0|'], detect: ({ head }) => { const at = head.indexOf('LEEF:'); return at < 0 ? UNTAGGED.test(head) : at < 200 && head.includes('|') && !head.startsWith('{'); }, read: readLeef };
