// Barracuda. The web application firewall logs by place: `TR` traffic, `WF` attack, `NF` network, `AUDIT`, `SYS`. The CloudGen firewall logs
// `Info     FW1 Allow: LOUT|UDP|eth0|192.0.2.1|5000|00:...|198.51.100.2|53|dns||RULE|0|...` or the same as `type=FWD|proto=TCP|...`,
// and its services' sentences behind the same level and box name.
import { fillAccount, putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { putAs, putCommon } from '../common-names.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';
import { readSentence } from '../sentences.js';
import { putTarget } from '../web/request.js';

const METHOD = /^(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND)$/;

function readWaf(draft: Draft): boolean {
  const [kind, ...rest] = wordsOf(draft.text.slice(LED.exec(draft.head)?.[0].length ?? 0).slice(0, 16_384));
  const put = (...fields: readonly (readonly [field: string, at: number])[]): void => { for (const [field, at] of fields) draft.put(field, rest[at]); };
  if (kind === 'TR') {
    put(['destination.ip', 0], ['destination.port', 1], ['source.ip', 2], ['source.port', 3], ['http.request.method', 6], ['url.domain', 8], ['http.response.status_code', 10], ['http.response.body.bytes', 11]);
    draft.put('http.version', rest[9]?.replace('HTTP/', ''));
    putTarget(draft, /^(?:-|"-"|)$/.test(rest[24] ?? '') ? rest[23] ?? '' : `${rest[23] ?? ''}?${rest[24] ?? ''}`);
    put(['url.query', 24], ['http.request.referrer', 25], ['user_agent.original', 27]);
    putAccount(draft, 'user', rest[4] === '-' || rest[4] === '' ? rest[30] : rest[4]);
    draft.act('http_request');
  } else if (kind === 'WF') {
    const shift = isIp(rest[4] ?? '') ? 2 : 0; // the service's address and port stand there, or do not
    put(['rule.name', 1], ['source.ip', 2], ['source.port', 3]);
    if (shift > 0) put(['destination.ip', 4], ['destination.port', 5]);
    const method = rest.findIndex((word) => METHOD.test(word));
    if (method > 0) {
      put(['http.request.method', method]);
      const target = rest[method + 1] ?? '', slash = target.indexOf('/');
      putTarget(draft, slash > 0 && !target.includes('://') ? target.slice(slash) : target);
      if (slash > 0 && !target.includes('://')) draft.put('url.domain', target.slice(0, slash));
      const agent = rest[method + 4];
      if (rest[method + 2]?.startsWith('HTTP') === true && /^(?:\d|-$|"$)/.test(rest[method + 5] ?? '')) { putAccount(draft, 'user', rest[method + 7]); draft.put('http.request.referrer', rest[method + 8]); } // behind the proxy's address and port
      draft.put('user_agent.original', agent !== undefined && agent.length > 2 && /[A-Za-z]/.test(agent) ? agent : rest.find((word) => /^(?:Mozilla|curl|python|Java|Wget)/.test(word)));
    }
    const action = rest[6 + shift] ?? '';
    draft.act('web_attack_detected', /^(?:DENY|CLOAK|REDIRECT)/.test(action) ? 'failure' : action === 'LOG' ? 'success' : undefined);
  } else if (kind === 'NF') {
    put(['source.ip', 2], ['source.port', 3], ['destination.ip', 4], ['destination.port', 5], ['rule.name', 7]);
    draft.put('network.transport', rest[1]?.toLowerCase());
    draft.act(rest[6] === 'DENY' ? 'connection_denied' : 'connection_allowed');
  } else if (kind === 'AUDIT') {
    putAccount(draft, 'user', rest[0]);
    put(['source.ip', 2], ['source.port', 3]);
    const what = rest[4] ?? '';
    draft.act(what === 'LOGIN' ? 'login' : what === 'LOGOUT' ? 'logout' : what.includes('UNSUCCESSFUL') ? 'login_failed' : what === 'ADMIN_ACCESS_VIOLATION' ? 'access_denied' : what === 'SHUTDOWN' || what === 'REBOOT' ? 'system_stopped' : 'config_changed');
    if (what === 'CONFIG') draft.put('process.command_line', rest.slice(6, 12).filter((word) => word !== '' && word !== '-').join(' '));
  } else if (kind === 'SYS') readSystem(draft, rest);
  else return false;
  draft.put('observer.vendor', 'Barracuda');
  return true;
}

/** `SYS ADMIN_M ALER 51001 Account has been locked for user an because ...`: module, severity, number, words. */
function readSystem(draft: Draft, rest: readonly string[]): void {
  const said = rest.slice(3).join(' ');
  draft.put('event.code', rest[2]);
  draft.put('service.name', rest[0]);
  draft.put('event.reason', said);
  putAccount(draft, 'user', /\b(?:for|by) user (\S{1,128})/.exec(said)?.[1]);
  readSentence(draft, said);
  if (/account has been locked/i.test(said)) draft.act('user_locked');
  else if (/log-?in (?:attempt )?(?:failed|failure)|unsuccessful log-?in|failed to log ?in/i.test(said)) draft.act('login_failed');
}

/** Sixty at most, and no more are looked for: what opens a bracket and never closes it is sought to the end. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const found of text.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)) {
    words.push(found[1] ?? found[2] ?? found[3] ?? '');
    if (words.length === 60) break;
  }
  return words;
}

/** The time and the unit's name that its own format puts first, behind a relay's header. */
const LED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [+-]\d{4} {1,2}\S{1,64} /;

/** The firewall's activity log, in the order of its columns. */
const ACTIVITY = '_ network.transport observer.ingress.interface.name source.ip source.port source.mac destination.ip destination.port network.protocol observer.egress.interface.name rule.name event.reason source.nat.ip destination.nat.ip _ _ destination.bytes source.bytes _ _ user.name _ _ _ url.original'.split(' ');
const KEYS = lookup({ type: '_', proto: 'network.transport', rule: 'rule.name', info: 'event.reason', srcIF: 'observer.ingress.interface.name', dstIF: 'observer.egress.interface.name', srcNAT: 'source.nat.ip', dstNAT: 'destination.nat.ip', receivedBytes: 'destination.bytes', sentBytes: 'source.bytes', receivedPackets: 'destination.packets', sentPackets: 'source.packets', target: 'destination.domain', urlcat: 'rule.category', duration: '_', content: '_', protocol: '_', application: 'network.protocol', dstService: 'network.protocol' });

function readFirewall(draft: Draft): boolean {
  const [whole, level, box] = LEVELED.exec(draft.head) ?? [''];
  const rest = draft.text.slice(whole.length), said = rest.slice(0, SENTENCE_MAX);
  draft.put('log.level', level?.toLowerCase());
  draft.put('observer.name', box);
  draft.put('observer.vendor', 'Barracuda');
  draft.event['event.dataset'] = 'barracuda_cloudgen_firewall.log';
  const activity = /^(?:\[[^\]]{1,40}\] )?([A-Za-z]{3,20}): (?:type=)?[^\s|]{1,40}\|(?:proto=)?[A-Za-z0-9-]{1,20}\|/.exec(said);
  if (activity !== null) { readActivity(draft, activity[1] as string, rest.slice(rest.indexOf(': ') + 2)); return true; }
  const service = /^([\w.-]{2,40})(?:\[(\d{1,10})\])?: /.exec(said);
  if (service !== null) { draft.put('process.name', service[1]); draft.put('process.pid', service[2]); }
  draft.fill('process.pid', /\bprocess (\d{1,10})\b/.exec(said)?.[1]);
  const event = /(?:\(|\()[A-Z]\|\d{1,3}\|([\w-]{1,64})\|\d{1,3}\|([\w-]{1,64})\|(\d{1,8})\|/.exec(said);
  if (event !== null) { draft.put('service.name', event[1]); draft.put('event.code', event[3]); }
  const traffic = / \|?(?:[^|]{0,200}\|)?(TCP|UDP|ICMP) ([0-9a-fA-F.:]{3,51}) .{0,60}-> ([0-9a-fA-F.:]{3,51})/.exec(said);
  if (traffic !== null) { draft.put('network.transport', traffic[1]?.toLowerCase()); putAs(draft, 'source.ip', traffic[2] ?? ''); putAs(draft, 'destination.ip', traffic[3] ?? ''); }
  const session = /\[(?:\w{1,64})@([0-9a-fA-F.]{7,45})_(\d{1,5})\]/.exec(said) ?? /(?:^|\()([0-9a-fA-F.]{7,45}):(\d{1,5})(?= |\))/.exec(said);
  if (session !== null) { draft.fill('source.ip', session[1]); draft.fill('source.port', session[2]); }
  readPairsOf(draft, said);
  draft.fill('destination.ip', /to Control Center ([0-9a-fA-F.]{7,45})/.exec(said)?.[1]);
  draft.fill('file.path', /(?:Download File |File |\()((?:\/[\w.-]{1,100}){2,20})/.exec(said)?.[1]);
  fillAccount(draft, 'user', / box=\S{1,64} ([^\s|=]{1,128})\|/.exec(said)?.[1] ?? /Session ([^\s_]{1,64})_/.exec(said)?.[1]);
  readSentence(draft, said);
  if (/login succe(?:eded|ss)|Authentication Login|Accepted/i.test(said)) draft.act('login');
  else if (/login failed|Authentication Fail|denied/i.test(said)) draft.act('login_failed');
  else if (/SecurityEvent|IPS /.test(said)) draft.act('intrusion_detected');
  return true;
}

function readActivity(draft: Draft, operation: string, columns: string): void {
  const cells = columns.split('|', 40);
  const keyed = cells[0]?.startsWith('type=') === true;
  cells.forEach((cell, i) => {
    const equals = keyed ? cell.indexOf('=') : -1, key = keyed ? cell.slice(0, equals) : '', value = keyed ? cell.slice(equals + 1) : cell;
    const field = keyed ? KEYS[key] : ACTIVITY[i];
    if (keyed && value !== '') draft.fill(`barracuda.${key}`, value);
    if (value === '' || value === '0.0.0.0' || field === '_') return;
    if (key === 'user') putAccount(draft, 'user', value);
    else if (field === undefined) { if (keyed) putCommon(draft, key, value); }
    else if (field === 'user.name') putAccount(draft, 'user', value);
    else if (field === 'url.original') putTarget(draft, value);
    else putAs(draft, field, value);
  });
  const took = Number(draft.getText('barracuda.duration') ?? NaN);
  if (took > 0) draft.put('event.duration', took * 1e6);
  draft.act(/allow|detect/i.test(operation) ? 'connection_allowed' : /remove|terminate/i.test(operation) ? 'connection_ended' : 'connection_denied');
}

function readPairsOf(draft: Draft, said: string): void {
  for (const found of said.slice(0, 2000).matchAll(/\b(peer|user|src|dst|ip)=([^\s,|]{1,128})/g)) {
    const [, key, value = ''] = found;
    if (key === 'user') putAccount(draft, 'user', value); else putAs(draft, key === 'dst' ? 'destination.ip' : 'source.ip', value);
  }
}

/** Sentences are looked through by several forms: no further than this. */
const SENTENCE_MAX = 4000;
/** Level in a column of nine, then the box. Words that fill the column are also how sentences begin ("Internal Server Error: /login"): there the box must look like one. */
const LEVELED = /^(?:\S{1,80}: )?(Info|Notice|Warning|Error|Security|Fatal|Alert|Panic|Internal|Debug) {1,8}(\S{1,64}) /;
const COLUMN = /^(?:\S{1,80}: )?(?:Info {5}|Notice {3}|Warning {2}|Error {4}|Fatal {4}|Alert {4}|Panic {4})(?=\S)|^(?:\S{1,80}: )?(?:Security|Internal) (?=[\w-]{0,63}\d|[A-Z_-]{2,64} )/;

export const barracuda: Format = {
  name: 'barracuda.waf', holds: ['^TR ', '^WF ', '^NF ', '^SYS ', '^AUDIT ', ' TR ', ' WF ', ' NF ', ' SYS ', ' AUDIT '],
  detect: ({ head }) => /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [+-]\d{4} {1,2}\S{1,64} )?(?:TR [0-9a-fA-F.:]+ \d+ |WF [A-Z]{3,5} \S+ [0-9a-fA-F.:]+ \d+ |NF [A-Z]{3,5} \S+ [0-9a-fA-F.:]+ \d+ |SYS \S+ [A-Z]{3,5} \d+ |AUDIT \S+ \S+ )/.test(head),
  read: readWaf,
};
export const barracudaFirewall: Format = {
  name: 'barracuda_cloudgen_firewall.log', holds: ['Info     ', 'Notice   ', 'Warning  ', 'Error    ', 'Fatal    ', 'Alert    ', 'Panic    ', 'Security ', 'Internal ', '|proto='],
  detect: ({ head }) => COLUMN.test(head) && LEVELED.test(head) || head.includes('|proto=') && /\b[A-Z][a-zA-Z]{3,12}: type=[A-Z]{2,5}\|proto=[A-Z]/.test(head),
  read: readFirewall,
};
